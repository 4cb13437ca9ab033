"""The stack in a real account, as CloudFormation answers: changed only where it must be, from whatever state it was left in."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError
from botocore.stub import ANY, Stubber

from dev.aws import stack
from dev.aws.account import Account, Stopped
from dev.aws.deploy import answered
from tests.cast import MONDAY

URL = "https://shelf.s3.eu-west-1.amazonaws.com/releases/1/template.json"
TEMPLATE = {"Parameters": {"Domain": {"Type": "String"}, "LogDays": {"Type": "Number", "Default": 30}}, "Resources": {}}
GIVEN = {"Domain": "help.example.com"}
PARAMETERS = [
    {"ParameterKey": "Domain", "ParameterValue": "help.example.com"},
    {"ParameterKey": "LogDays", "ParameterValue": "30"},
]

ASKED = {
    "StackName": "otklik-prod",
    "ChangeSetName": ANY,
    "TemplateURL": URL,
    "Capabilities": ["CAPABILITY_IAM"],
    "Parameters": PARAMETERS,
    "Tags": ANY,
}


@pytest.fixture
def to() -> Account:
    return Account("prod", "eu-west-1", sleep=lambda seconds: None)


@pytest.fixture
def told(to: Account) -> Iterator[Stubber]:
    """CloudFormation, which answers what the test has laid out, in that order and nothing else."""
    with Stubber(to.client("cloudformation")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def is_(status: str, told: Stubber, times: int = 1, **more: Any) -> None:
    found = {"StackName": "otklik-prod", "StackStatus": status, "CreationTime": MONDAY, "Parameters": PARAMETERS} | more
    for _ in range(times):
        told.add_response("describe_stacks", {"Stacks": [found]})


def is_none(told: Stubber) -> None:
    told.add_client_error("describe_stacks", "ValidationError", "Stack with id otklik-prod does not exist")


def is_proposed(told: Stubber, *changes: dict[str, Any], kind: str = "UPDATE") -> None:
    told.add_response("create_change_set", {"Id": "c", "StackId": "s"}, ASKED | {"ChangeSetType": kind})
    answer = {
        "Status": "CREATE_COMPLETE",
        "Changes": [{"Type": "Resource", "ResourceChange": each} for each in changes],
    }
    told.add_response("describe_change_set", {"Status": "CREATE_IN_PROGRESS"})
    told.add_response("describe_change_set", answer)
    told.add_response("describe_change_set", answer)


def change(
    name: str = "Tick", kind: str = "AWS::Lambda::Function", action: str = "Modify", replaces: str = "False"
) -> dict[str, Any]:
    return {"Action": action, "LogicalResourceId": name, "ResourceType": kind, "Replacement": replaces}


def bring(to: Account, dry: bool = False) -> bool:
    return stack.bring(to, URL, TEMPLATE, GIVEN, dry)


def test_a_desk_that_is_as_it_should_be_gets_no_change_set(to: Account, told: Stubber) -> None:
    is_("UPDATE_COMPLETE", told)
    told.add_response("get_template", {"TemplateBody": json.dumps(TEMPLATE)})
    assert bring(to) is False


def test_what_cloudformation_finds_unchanged_is_withdrawn(to: Account, told: Stubber) -> None:
    is_("UPDATE_COMPLETE", told)
    told.add_response("get_template", {"TemplateBody": "{}"})
    told.add_response("create_change_set", {"Id": "c", "StackId": "s"})
    told.add_response(
        "describe_change_set", {"Status": "FAILED", "StatusReason": "The submitted information didn't contain changes."}
    )
    told.add_response("delete_change_set", {})
    assert bring(to) is False


def test_a_first_deployment_creates(to: Account, told: Stubber) -> None:
    is_none(told)
    is_proposed(told, change(action="Add"), kind="CREATE")
    told.add_response("execute_change_set", {})
    is_("CREATE_IN_PROGRESS", told, times=3)
    is_("CREATE_COMPLETE", told)
    assert bring(to) is True


def test_a_dry_run_shows_and_withdraws(to: Account, told: Stubber, capsys: pytest.CaptureFixture[str]) -> None:
    is_("CREATE_COMPLETE", told)
    told.add_response("get_template", {"TemplateBody": "{}"})
    is_proposed(told, change("Tick"))
    told.add_response("delete_change_set", {})
    assert bring(to, dry=True) is True
    assert "Modify  Tick" in capsys.readouterr().out


@pytest.mark.parametrize("status", ["UPDATE_ROLLBACK_FAILED", "UPDATE_IN_PROGRESS"])
def test_a_dry_run_sets_nothing_right(status: str, to: Account, told: Stubber) -> None:
    is_(status, told)
    with pytest.raises(Stopped, match=f"{status}; a dry run touches nothing"):
        bring(to, dry=True)


@pytest.mark.parametrize("lost", [change("Table", "AWS::DynamoDB::Table", replaces="True"),
                                  change("Bucket", "AWS::S3::Bucket", action="Remove"),
                                  change("UserPool", "AWS::Cognito::UserPool", replaces="Conditional")])  # fmt: skip
def test_nothing_that_keeps_what_was_said_is_ever_replaced(lost: dict[str, Any], to: Account, told: Stubber) -> None:
    is_("CREATE_COMPLETE", told)
    told.add_response("get_template", {"TemplateBody": "{}"})
    is_proposed(told, change(), lost)
    told.add_response("delete_change_set", {})
    with pytest.raises(Stopped, match=f"empty {lost['LogicalResourceId']}; nothing was changed"):
        bring(to)


def test_an_update_that_fails_says_what_failed_first(to: Account, told: Stubber) -> None:
    is_("CREATE_COMPLETE", told)
    told.add_response("get_template", {"TemplateBody": "{}"})
    is_proposed(told, change())
    told.add_response("execute_change_set", {})
    is_("UPDATE_ROLLBACK_COMPLETE", told)
    events = [
        ("Site", "UPDATE_FAILED", "Resource update cancelled"),
        ("Tick", "UPDATE_FAILED", "No such zip"),
        ("Tick", "UPDATE_IN_PROGRESS", ""),
    ]
    told.add_response("describe_stack_events", {"StackEvents": [
        {"StackId": "s", "EventId": str(n), "StackName": "otklik-prod", "Timestamp": MONDAY, "LogicalResourceId": name,
         "ResourceStatus": status, "ResourceStatusReason": why} for n, (name, status, why) in enumerate(events)]})  # fmt: skip
    with pytest.raises(Stopped, match="Tick: No such zip") as stopped:
        bring(to)
    assert "cancelled" not in str(stopped.value)


def test_what_is_under_way_is_waited_for(to: Account, told: Stubber) -> None:
    is_("UPDATE_IN_PROGRESS", told, times=4)
    is_("UPDATE_COMPLETE", told)
    told.add_response("get_template", {"TemplateBody": json.dumps(TEMPLATE)})
    assert bring(to) is False


def test_an_update_that_could_not_be_undone_is_undone_again(to: Account, told: Stubber) -> None:
    is_("UPDATE_ROLLBACK_FAILED", told)
    told.add_response("continue_update_rollback", {})
    is_("UPDATE_ROLLBACK_COMPLETE", told)
    is_proposed(told, change())
    told.add_response("execute_change_set", {})
    is_("UPDATE_COMPLETE", told)
    assert bring(to) is True


@pytest.mark.parametrize("left", ["ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS", "ROLLBACK_FAILED"])
def test_a_first_deployment_that_failed_is_cleared_and_begun_again(left: str, to: Account, told: Stubber) -> None:
    is_(left, told)
    told.add_response("delete_stack", {})
    is_none(told)
    is_proposed(told, change(action="Add"), kind="CREATE")
    told.add_response("execute_change_set", {})
    is_("CREATE_COMPLETE", told)
    assert bring(to) is True


@pytest.mark.parametrize("status", ["", "DELETE_COMPLETE", *stack.HALF])
def test_a_stack_that_is_half_there_gives_a_new_desk_no_settings(status: str) -> None:
    assert not stack.Stack(status).exists and stack.Stack("UPDATE_ROLLBACK_COMPLETE").exists


def test_settings_that_are_not_given_stay_and_those_of_another_template_go() -> None:
    present = stack.Stack("CREATE_COMPLETE", (("LogDays", "90"), ("Old", "1"), ("Domain", "old.example.com")))
    assert stack.parameters(TEMPLATE, present, GIVEN) == {"Domain": "help.example.com", "LogDays": "90"}
    assert stack.parameters(TEMPLATE, stack.Stack(), GIVEN) == {"Domain": "help.example.com", "LogDays": "30"}


def test_a_throttled_call_is_made_again_and_what_stays_throttled_is_said(
    to: Account, told: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    assert to.client("cloudformation").meta.config.retries == {"mode": "standard", "total_max_attempts": 8}
    told.add_client_error("describe_stacks", "Throttling", "Rate exceeded")
    assert answered(lambda: bool(bring(to)) and 0) == 1
    assert "Rate exceeded" in capsys.readouterr().out


def test_who_is_unknown_to_aws_is_told_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    def act() -> int:
        raise NoCredentialsError

    assert answered(act) == 1
    assert "AWS_PROFILE" in capsys.readouterr().out
