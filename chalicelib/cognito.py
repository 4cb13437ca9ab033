"""Cognito, which keeps the agents' passwords and second factors. The browser never talks to it. Only here is its client."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.errors import Refused
from chalicelib.settings import settings

# Whoever asks is wrong: the password, the code, the login.
WRONG = {
    "NotAuthorizedException",
    "UserNotFoundException",
    "UserNotConfirmedException",
    "CodeMismatchException",
    "ExpiredCodeException",
    "EnableSoftwareTokenMFAException",
    "PasswordResetRequiredException",
    "InvalidParameterException",
}


@cache
def client() -> Any:
    settled = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 3})
    return boto3.client("cognito-idp", config=settled)


def asked(operation: str, **parameters: Any) -> dict[str, Any] | None:
    """Cognito's answer; None where it says that who asks is wrong. Raises Refused where he may try again otherwise."""
    try:
        answer: dict[str, Any] = getattr(client(), operation)(**parameters)
        return answer
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "InvalidPasswordException":
            words = error.response["Error"].get("Message", "").partition(": ")[2]
            raise Refused(f"This password is too weak. {words}".strip(), code="weak_password") from error
        if code in ("TooManyRequestsException", "LimitExceededException", "TooManyFailedAttemptsException"):
            raise Refused("Too many attempts; please wait a little.", code="too_many") from error
        if code in WRONG:
            return None
        raise


def pool() -> dict[str, str]:
    return {"UserPoolId": settings().user_pool}


def pool_and_client() -> dict[str, str]:
    return pool() | {"ClientId": settings().user_pool_client}


def authenticate(login: str, password: str) -> dict[str, Any] | None:
    """Cognito's answer: tokens or a challenge; None for a wrong password or an unknown login."""
    parameters = {"USERNAME": login, "PASSWORD": password}
    return asked(
        "admin_initiate_auth", AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters=parameters, **pool_and_client()
    )


def create(login: str, password: str) -> bool:
    """A user who has to choose a password of his own; we write the mail. False where there is one already."""
    try:
        client().admin_create_user(Username=login, TemporaryPassword=password, MessageAction="SUPPRESS", **pool())
    except ClientError as error:
        if error.response["Error"]["Code"] == "UsernameExistsException":
            return False
        raise
    return True
