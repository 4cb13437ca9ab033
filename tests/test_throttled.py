"""AWS is busy: a call is made again as often as botocore's standard mode says, and what lasts is told in a sentence.

At the wire, below botocore's retries, of which only the pauses are left out.
"""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from botocore.retries import standard

from dev.aws.account import Account
from dev.aws.deploy import answered
from dev.cloud import Cloud

QUERY = b"<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"
S3 = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate</Message></Error>"
JSON = b'{"__type": "TooManyRequestsException", "message": "Rate exceeded"}'
DYNAMODB = b'{"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "Rate exceeded"}'
ATTEMPTS = 8

Call = Callable[[Account], Any]
# One call for each way in which AWS speaks (CloudFormation's is that of SES's rules); moto answers in the end.
CALLS: dict[str, tuple[str, Call, int, bytes]] = {
    "the shelf": ("s3", lambda to: to.client("s3").list_buckets(), 503, S3),
    "the rules": ("ses", lambda to: to.client("ses").list_receipt_rule_sets(), 400, QUERY),
    "the identity": ("sesv2", lambda to: to.client("sesv2").list_email_identities(), 429, JSON),
    "the functions": ("lambda", lambda to: to.client("lambda").list_functions(), 429, JSON),
    "the table": ("dynamodb", lambda to: to.client("dynamodb").list_tables(), 400, DYNAMODB),
    "the accounts": ("cognito-idp", lambda to: to.client("cognito-idp").list_user_pools(MaxResults=1), 400, JSON),
}


class Body:
    def __init__(self, content: bytes) -> None:
        self.content = content

    def stream(self, *_: Any, **__: Any) -> Any:
        yield self.content


def busy(to: Account, service: str, times: int, status: int, content: bytes) -> list[int]:
    """The first so many answers are that AWS is busy. Counts the requests that were sent."""
    sent: list[int] = []
    client = to.client(service)

    def send(**_: Any) -> AWSResponse | None:
        sent.append(1)
        return AWSResponse("", status, {}, Body(content)) if len(sent) <= times else None

    client.meta.events.register_first(f"before-send.{client.meta.service_model.service_id.hyphenize()}", send)
    without_pauses(client, service)
    return sent


def without_pauses(client: Any, service: str) -> None:
    handler = standard.register_retry_handler(client, ATTEMPTS)
    name = client.meta.service_model.service_id.hyphenize()
    client.meta.events.unregister(f"needs-retry.{name}", unique_id=f"retry-config-{name}")
    client.meta.events.register(
        f"needs-retry.{name}", lambda **told: None if handler.needs_retry(**told) is None else 0
    )


@pytest.fixture
def to(cloud: Cloud) -> Account:
    return Account("prod", "eu-west-1", sleep=lambda seconds: None)


@pytest.mark.parametrize("what", CALLS)
def test_a_call_that_is_throttled_twice_is_made_a_third_time(what: str, to: Account) -> None:
    service, call, status, content = CALLS[what]
    sent = busy(to, service, 2, status, content)
    call(to)
    assert len(sent) == 3


@pytest.mark.parametrize("what", CALLS)
def test_what_stays_throttled_is_told_in_a_sentence(what: str, to: Account, capsys: pytest.CaptureFixture[str]) -> None:
    service, call, status, content = CALLS[what]
    sent = busy(to, service, 99, status, content)
    with pytest.raises(ClientError):
        call(to)
    assert len(sent) == ATTEMPTS
    sent.clear()
    assert answered(lambda: bool(call(to)) and 0) == 1
    said = capsys.readouterr().out
    assert "AWS says:" in said and "the same command goes on from here" in said
