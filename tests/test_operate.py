"""Looking after a deployed desk: what is stuck is said, dead letters go back, automatic answers can be stopped at once."""

import json
import os
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from chalicelib import config, records
from dev.aws import inside, kept, operate, undo
from dev.aws.account import Account, Stopped, account, now
from dev.cloud import Cloud
from tests.cast import CARLA, HOUR, MONDAY
from tests.fake_stack import answered


@pytest.fixture
def to(cloud: Cloud) -> Account:
    return Account("prod", "eu-west-1", sleep=lambda seconds: None)


@pytest.fixture
def dead(to: Account) -> Iterator[str]:
    """Two mails lie among the dead letters. The stack is told of, the queues are real."""
    client = to.client("sqs")
    urls = {
        name: client.create_queue(QueueName=f"prod-{name}")["QueueUrl"] for name in ("MailDead", "SesEventDead", "Mail")
    }
    arn = client.get_queue_attributes(QueueUrl=urls["MailDead"], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})
    client.set_queue_attributes(QueueUrl=urls["Mail"], Attributes={"RedrivePolicy": policy})
    for _ in range(2):
        client.send_message(QueueUrl=urls["MailDead"], MessageBody="{}")
    made = to.client("cloudformation")
    made.meta.events.register_first(
        "before-call.cloudformation.DescribeStackResource",
        lambda params, **_: (
            Answer(),
            {"StackResourceDetail": {"PhysicalResourceId": urls[params["body"]["LogicalResourceId"]]}},
        ),
    )
    yield urls["MailDead"]
    for url in urls.values():
        client.delete_queue(QueueUrl=url)


class Answer:
    status_code = 200


def test_dead_letters_are_counted(to: Account, dead: str) -> None:
    assert (operate.depth(to, "MailDead"), operate.depth(to, "SesEventDead")) == (2, 0)


@pytest.mark.parametrize(("under_way", "started"), [("COMPLETED", 1), ("RUNNING", 0)])
def test_a_redrive_starts_once_and_only_where_something_is_dead(
    under_way: str, started: int, to: Account, dead: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[Any] = []
    tasks = {"Results": [{"Status": under_way}]}
    moves = {"StartMessageMoveTask": lambda each: asked.append(each) or {}, "ListMessageMoveTasks": lambda each: tasks}
    undo = answered(to.client("sqs"), "sqs", moves)
    assert operate.redriven(to) == 0
    undo()
    assert [each["SourceArn"].rpartition(":")[2] for each in asked] == ["prod-MailDead"] * started
    assert "2 mails that could not be taken in: on their way again." in capsys.readouterr().out


def test_alarms_speak_in_their_own_words(to: Account) -> None:
    client = boto3.client("cloudwatch", region_name="eu-west-1")
    for name, state in (("otklik-prod-MailLate", "ALARM"), ("otklik-prod-Fine", "OK"), ("others-Late", "ALARM")):
        client.put_metric_alarm(AlarmName=name, AlarmDescription=f"{name} rings.", ComparisonOperator="GreaterThanThreshold",
                                EvaluationPeriods=1, MetricName="x", Namespace="y", Period=60, Statistic="Sum", Threshold=1)  # fmt: skip
        client.set_alarm_state(AlarmName=name, StateValue=state, StateReason="test")
    assert operate.ringing(to) == ["otklik-prod-MailLate rings."]
    client.delete_alarms(AlarmNames=["otklik-prod-MailLate", "otklik-prod-Fine", "others-Late"])


@pytest.fixture
def there(to: Account, cloud: Cloud) -> Iterator[None]:
    """A stack whose API function knows the fake cloud's names."""
    with Stubber(to.client("cloudformation")) as stack, Stubber(to.client("lambda")) as functions:
        outputs = [{"OutputKey": "APIHandlerName", "OutputValue": "api"}]
        found = {
            "StackName": "otklik-prod",
            "StackStatus": "UPDATE_COMPLETE",
            "CreationTime": MONDAY,
            "Outputs": outputs,
        }
        for _ in range(2):
            stack.add_response("describe_stacks", {"Stacks": [found]}, {"StackName": ANY})
            variables = {name: value for name, value in cloud.environment.items() if value}
            functions.add_response(
                "get_function_configuration", {"Environment": {"Variables": variables}}, {"FunctionName": "api"}
            )
        yield


@pytest.mark.usefixtures("there")
def test_automatic_answers_stop_at_once_and_leave_again(to: Account) -> None:
    operate.answers(to, "off", 2)
    assert not records.may_answer("1", CARLA.email, False, now())
    operate.answers(to, "on", 24)
    assert records.may_answer("1", CARLA.email, False, now())


@pytest.mark.usefixtures("there")
def test_a_tool_leaves_no_trace_of_the_stage_behind(to: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTKLIK_HOOK", "Mine#")
    with inside.desk_of(to):
        pass
    assert os.environ["OTKLIK_HOOK"] == "Mine#"


def test_the_laptops_key_never_goes_before_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "laptop")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "laptop")
    account("prod", "eu-west-1")
    assert "AWS_ACCESS_KEY_ID" not in os.environ and "AWS_SECRET_ACCESS_KEY" not in os.environ
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAMINE")
    account("prod", "eu-west-1")
    assert os.environ["AWS_ACCESS_KEY_ID"] == "AKIAMINE"


def test_silence_that_an_administrator_ends_is_over(cloud: Cloud) -> None:
    config.stop_answers(MONDAY + HOUR)
    config.allow_answers()
    assert not config.config().answers_stopped(MONDAY)


@pytest.mark.parametrize("wrong", [{"yes": "test", "data_too": ""}, {"yes": "prod", "data_too": "other.example"}])
def test_a_desk_is_not_taken_away_by_a_slip_of_the_hand(wrong: dict[str, str], to: Account) -> None:
    with Stubber(to.client("cloudformation")) as told:
        parameters = [{"ParameterKey": "Domain", "ParameterValue": "help.example.com"}]
        found = {
            "StackName": "otklik-prod",
            "StackStatus": "CREATE_COMPLETE",
            "CreationTime": MONDAY,
            "Parameters": parameters,
        }
        told.add_response("describe_stacks", {"Stacks": [found]})
        with pytest.raises(Stopped, match="othing was done"):
            undo.gone(to, **wrong)


def test_every_version_of_every_object_goes_when_it_shall(to: Account) -> None:
    client = to.client("s3")
    client.create_bucket(Bucket="gone", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    client.put_bucket_versioning(Bucket="gone", VersioningConfiguration={"Status": "Enabled"})
    for _ in range(2):
        client.put_object(Bucket="gone", Key="a", Body=b"x")
    client.delete_object(Bucket="gone", Key="a")
    kept.empty(to, "gone")
    client.delete_bucket(Bucket="gone")
    kept.empty(to, "gone")
