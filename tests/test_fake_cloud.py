"""Cognito and SES of the fake cloud are as strict as the real ones where moto is not."""

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from dev import cognito, people, ses
from dev.cloud import Cloud
from dev.template import REGION

PASSWORD = "ann-desk-2026"


@pytest.fixture
def ann(one_cloud: Cloud) -> Any:
    """Ann before she signs in, at Cognito's own door."""
    one_cloud.empty()
    people.settle(one_cloud.domain, one_cloud.user_pool)
    return Guest(one_cloud)


class Guest:
    def __init__(self, cloud: Cloud) -> None:
        self.client = boto3.client("cognito-idp", region_name=REGION)
        self.pool, self.app = cloud.user_pool, cloud.user_pool_client

    def start(self, password: str = PASSWORD, login: str = "ann") -> Any:
        parameters = {"USERNAME": login, "PASSWORD": password}
        return self.client.admin_initiate_auth(
            UserPoolId=self.pool, ClientId=self.app, AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters=parameters
        )

    def enrol(self) -> str:
        """The secret of a second factor, proved and switched on."""
        token = self.start()["AuthenticationResult"]["AccessToken"]
        secret: str = self.client.associate_software_token(AccessToken=token)["SecretCode"]
        # Of the step before, so that the tests may use the present one.
        self.client.verify_software_token(AccessToken=token, UserCode=cognito.totp(secret, cognito.time.time() - 30))
        wanted = {"Enabled": True, "PreferredMfa": True}
        self.client.admin_set_user_mfa_preference(UserPoolId=self.pool, Username="ann", SoftwareTokenMfaSettings=wanted)
        return secret

    def answer(self, code: str, challenge: str = "SOFTWARE_TOKEN_MFA", login: str = "ann") -> Any:
        responses = {"USERNAME": login, "SOFTWARE_TOKEN_MFA_CODE": code, "NEW_PASSWORD": "long enough 2026"}
        return self.client.admin_respond_to_auth_challenge(
            UserPoolId=self.pool, ClientId=self.app, ChallengeName=challenge, Session=self.start()["Session"],
            ChallengeResponses=responses,
        )  # fmt: skip


def refused(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def test_the_vectors_of_the_rfc() -> None:
    # RFC 6238, appendix B, SHA-1, cut to six digits.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [cognito.totp(secret, moment) for moment in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]


def test_the_right_code_signs_in(ann: Guest) -> None:
    secret = ann.enrol()
    assert "AccessToken" in ann.answer(cognito.totp(secret))["AuthenticationResult"]


def test_a_wrong_code_does_not(ann: Guest) -> None:
    secret = ann.enrol()
    wrong = f"{(int(cognito.totp(secret)) + 1) % 10**6:06}"
    with pytest.raises(ClientError) as error:
        ann.answer(wrong)
    assert refused(error) == "CodeMismatchException"


def test_a_code_works_once(ann: Guest) -> None:
    code = cognito.totp(ann.enrol())
    ann.answer(code)
    with pytest.raises(ClientError) as error:
        ann.answer(code)
    assert refused(error) == "CodeMismatchException"


def test_a_new_password_cannot_be_chosen_instead_of_the_code(ann: Guest) -> None:
    ann.enrol()
    with pytest.raises(ClientError) as error:
        ann.answer("", challenge="NEW_PASSWORD_REQUIRED")
    assert refused(error) == "NotAuthorizedException"


def test_ann_s_session_does_not_sign_ben_in(ann: Guest) -> None:
    code = cognito.totp(ann.enrol())
    with pytest.raises(ClientError) as error:
        ann.answer(code, login="ben")
    assert refused(error) == "NotAuthorizedException"


def test_a_factor_that_was_not_proved_is_not_switched_on(ann: Guest) -> None:
    token = ann.start()["AuthenticationResult"]["AccessToken"]
    ann.client.associate_software_token(AccessToken=token)
    with pytest.raises(ClientError) as error:
        ann.client.verify_software_token(AccessToken=token, UserCode="123456")
    assert refused(error) == "CodeMismatchException"


@pytest.mark.parametrize(("login", "password"), [("ann", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_an_unknown_login_are_refused_alike(ann: Guest, login: str, password: str) -> None:
    with pytest.raises(ClientError) as error:
        ann.start(password, login)
    assert refused(error) == "NotAuthorizedException"


# -- mail out


def send(raw: bytes, to: list[str] | None = None, sender: str = "support@desk.localhost", **more: Any) -> str:
    answer = boto3.client("sesv2", region_name=REGION).send_email(
        FromEmailAddress=sender, Destination={"ToAddresses": to or ["carla@example.com"]},
        Content={"Raw": {"Data": raw}}, **more,
    )  # fmt: skip
    return str(answer["MessageId"])


LETTER = b"From: support@desk.localhost\r\nMessage-ID: <mine@desk>\r\nDate: long ago\r\nBcc: x@y.z\r\nSubject: Hello\r\n\r\nHi\r\n"


def test_message_id_and_date_are_those_of_ses(one_cloud: Cloud) -> None:
    one_cloud.empty()
    own = send(LETTER)
    (sent,) = one_cloud.outbox
    assert f"Message-ID: <{own}@eu-west-1.amazonses.com>\r\n".encode() in sent.raw
    assert b"mine@desk" not in sent.raw and b"long ago" not in sent.raw


def test_nobody_sees_who_got_a_blind_copy(one_cloud: Cloud) -> None:
    one_cloud.empty()
    send(LETTER)
    assert b"x@y.z" not in one_cloud.outbox[0].raw


@pytest.mark.parametrize(
    ("raw", "to", "sender"),
    [
        (LETTER, ["a@b.example"], "support@elsewhere.example"),
        (LETTER, [f"a{number}@b.example" for number in range(51)], "support@desk.localhost"),
        (LETTER + b"x" * ses.LARGEST, ["a@b.example"], "support@desk.localhost"),
        (
            b"From: support@desk.localhost\r\nContent-Type: application/x; name=a.EXE\r\n"
            b"Content-Disposition: attachment; filename=a.EXE\r\n\r\nMZ\r\n",
            ["a@b.example"],
            "support@desk.localhost",
        ),
    ],
    ids=["not our domain", "too many recipients", "too large", "a program"],
)
def test_what_ses_does_not_send_does_not_leave(one_cloud: Cloud, raw: bytes, to: list[str], sender: str) -> None:
    one_cloud.empty()
    with pytest.raises(ClientError):
        send(raw, to, sender)
    assert one_cloud.outbox == []


def test_ses_tells_what_became_of_a_mail(one_cloud: Cloud) -> None:
    one_cloud.empty()
    name = one_cloud.environment["OTKLIK_CONFIGURATION_SET"]
    send(LETTER, ConfigurationSetName=name, EmailTags=[{"Name": "outbox", "Value": "7-1"}])
    one_cloud.tell(one_cloud.outbox[0], "Bounce", bounceType="Permanent")
    told: list[Any] = []
    one_cloud.run_events(ses_events=lambda event, _: told.append(json.loads(event["Records"][0]["body"])))
    (event,) = told
    assert (event["eventType"], event["mail"]["tags"], event["bounce"]["bounceType"]) == (
        "Bounce",
        {"outbox": ["7-1"]},
        "Permanent",
    )


# -- queues


def fail(event: Any, context: Any) -> None:
    raise ValueError("not today")


def test_what_a_handler_drops_comes_again_and_is_put_away_in_the_end(one_cloud: Cloud) -> None:
    one_cloud.empty()
    one_cloud.deliver_mail(b"x")
    for _ in range(5):
        assert one_cloud.run_events(quiet=True, take_in=fail) == 1
        assert one_cloud.run_events(quiet=True, take_in=fail) == 0, "invisible until its time-out has passed"
        one_cloud.show_again()
    assert one_cloud.run_events(quiet=True, take_in=fail) == 0
    assert len(one_cloud.dead_letters()) == 1
