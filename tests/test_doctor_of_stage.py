"""`./desk doctor --stage`: what AWS knows of a desk that is stuck, said in words, each with what to do."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dev.aws import operate, release
from dev.aws.account import Account
from dev.aws.release import Deployed
from dev.cloud import Cloud
from tests.fake_stack import RULE, FakeStack, answered

Answers = dict[str, dict[str, Callable[[Any], Any]]]
PHYSICAL = {"Alarms": "arn:aws:sns:eu-west-1:123456789012:alarms", "MailDead": "dead", "SesEventDead": "dead"}


def always(answer: Any) -> Callable[[Any], Any]:
    return lambda asked: answer


def there(status: str) -> dict[str, Callable[[Any], Any]]:
    return FakeStack(PHYSICAL, status, parameters={"Domain": "help.example.com"}).operations()


def well() -> Answers:
    """A desk of which there is nothing to say."""
    seen = {
        "VerifiedForSendingStatus": True,
        "DkimAttributes": {"Status": "SUCCESS"},
        "MailFromAttributes": {"MailFromDomainStatus": "SUCCESS"},
    }
    account = {"ProductionAccessEnabled": True, "SendingEnabled": True}
    return {
        "cloudformation": there("UPDATE_COMPLETE"),
        "cloudwatch": {"DescribeAlarms": always({"MetricAlarms": []})},
        "sqs": {"GetQueueAttributes": always({"Attributes": {"ApproximateNumberOfMessages": "0"}})},
        "sns": {"ListSubscriptionsByTopic": heard("arn:aws:sns:eu-west-1:123456789012:alarms:1")},
        "ses": {"DescribeActiveReceiptRuleSet": always({"Rules": [RULE]})},
        "sesv2": {"GetEmailIdentity": always(seen), "GetAccount": always(account)},
    }


def heard(*by: str) -> Callable[[Any], Any]:
    return always({"Subscriptions": [{"SubscriptionArn": each} for each in by]})


def sends(**told: Any) -> Answers:
    return {"sesv2": {"GetAccount": always({"ProductionAccessEnabled": True, "SendingEnabled": True} | told)}}


@pytest.fixture
def to(cloud: Cloud) -> Account:
    return Account("prod", "eu-west-1", sleep=lambda seconds: None)


@pytest.fixture
def doctor(to: Account) -> Iterator[Callable[[Answers], list[str]]]:
    undoing: list[Callable[[], None]] = []

    def say(ill: Answers) -> list[str]:
        for service, answers in well().items():
            undoing.append(answered(to.client(service), service, answers | ill.get(service, {})))
        return [f"{each.what} {each.advice}" for each in operate.findings(to)]

    yield say
    for undo in undoing:
        undo()


def test_of_a_desk_that_is_well_nothing_is_said(doctor: Callable[[Answers], list[str]]) -> None:
    assert doctor({}) == []


ILL: list[tuple[Answers, str]] = [
    ({"cloudformation": there("UPDATE_ROLLBACK_FAILED")}, "half changed"),
    ({"cloudwatch": {"DescribeAlarms": always({"MetricAlarms": [{"AlarmDescription": "It rings.", "StateValue": "ALARM"}]})}}, "It rings."),
    ({"sqs": {"GetQueueAttributes": always({"Attributes": {"ApproximateNumberOfMessages": "3"}})}}, "./desk redrive --stage prod"),
    ({"sns": {"ListSubscriptionsByTopic": heard()}}, "--alarms ADDRESS"),
    ({"sns": {"ListSubscriptionsByTopic": heard("PendingConfirmation")}}, "Follow the link"),
    ({"ses": {"DescribeActiveReceiptRuleSet": always({})}}, "not among the active ones"),
    ({"ses": {"DescribeActiveReceiptRuleSet": always({"Rules": [RULE | {"Name": "billing"}]})}}, "not among the active ones"),
    ({"ses": {"DescribeActiveReceiptRuleSet": always({"Rules": [RULE | {"Enabled": False}]})}}, "switched off"),
    (sends(ProductionAccessEnabled=False), "sandbox"),
    (sends(SendingEnabled=False), "paused"),
    (sends(SendQuota={"Max24HourSend": 1000.0, "SentLast24Hours": 900.0}), "900 of the 1000 mails"),
    ({"sesv2": {"GetEmailIdentity": always({"DkimAttributes": {"Status": "PENDING"}})}}, "three CNAME records"),
]  # fmt: skip


@pytest.mark.parametrize(("ill", "said"), ILL, ids=[said for _, said in ILL])
def test_each_illness_is_said_with_its_cure(
    ill: Answers, said: str, doctor: Callable[[Answers], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert any(said in each for each in doctor(ill))


@pytest.mark.parametrize("most", [-1.0, 50000.0])
def test_who_may_send_far_more_is_not_bothered(most: float, doctor: Callable[[Answers], list[str]]) -> None:
    assert doctor(sends(SendQuota={"Max24HourSend": most, "SentLast24Hours": 900.0})) == []


def test_a_deployment_that_was_broken_off_is_remembered(to: Account, doctor: Callable[[Answers], list[str]]) -> None:
    release.make_shelf(to)
    release.remember(to, Deployed(), Deployed("one", (), "two"))
    told = doctor({})
    to.client("s3").delete_object(Bucket=to.shelf, Key="deployed.json")
    assert [each for each in told if "did not come to its end" in each]
