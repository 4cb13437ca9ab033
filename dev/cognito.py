"""Cognito's doors that moto leaves open, closed: second factors, forgotten passwords, SRP.

moto takes any code of an authenticator, any code for a forgotten password and any SRP proof. Here a code must be right
(RFC 6238, 30 seconds, six digits, one step of tolerance, never twice), and a forgotten password's code comes by mail.
"""

import base64
import hashlib
import hmac
import secrets
import struct
import time
from collections.abc import Callable
from typing import Any

from moto.cognitoidp import models
from moto.cognitoidp.exceptions import (
    CodeMismatchException,
    ExpiredCodeException,
    NotAuthorizedError,
    UserNotFoundError,
)

Backend = models.CognitoIdpBackend
STEP = 30
FORGOTTEN_SECONDS = 3600
mailers: list[Callable[[str, str], None]] = []  # (address, code): who brings the code of a forgotten password

stock_associate = Backend.associate_software_token
stock_verify = Backend.verify_software_token
stock_respond = Backend.respond_to_auth_challenge
stock_forgot = Backend.forgot_password
stock_confirm = Backend.confirm_forgot_password
stock_admin_start = Backend.admin_initiate_auth
stock_start = Backend.initiate_auth


def code_at(secret: str, step: int) -> str:
    """RFC 4226 5.3 over RFC 6238's counter."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1)
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def totp(secret: str, now: float | None = None) -> str:
    """What an authenticator shows: for tests and for whoever tries it by hand."""
    return code_at(secret, int((time.time() if now is None else now) // STEP))


def check(user: Any, secret: str, code: str) -> None:
    """Raises CodeMismatchException."""
    now = int(time.time() // STEP)
    for step in (now - 1, now, now + 1):
        if step > getattr(user, "last_step", 0) and hmac.compare_digest(code_at(secret, step), code):
            user.last_step = step
            return
    raise CodeMismatchException("Invalid code received for user")


def owner(backend: Any, access_token: str | None, session: str | None) -> Any:
    """The user behind a token or a session; None where stock moto finds the words for the refusal."""
    if session and session in backend.sessions:
        username, pool = backend.sessions[session]
        return pool._get_user(username)
    for pool in backend.user_pools.values():
        if access_token in pool.access_tokens:
            return pool._get_user(pool.access_tokens[access_token][1])
    return None


def associate(self: Any, access_token: str, session: str) -> dict[str, str]:
    answer = stock_associate(self, access_token, session)
    user = owner(self, access_token, session)
    user.totp_pending = base64.b32encode(secrets.token_bytes(20)).decode()
    return answer | {"SecretCode": user.totp_pending}


def verify(self: Any, access_token: str, session: str, user_code: str, friendly_device_name: str) -> dict[str, str]:
    user = owner(self, access_token, session)
    if user is not None:
        pending = getattr(user, "totp_pending", None)
        if not pending:
            raise CodeMismatchException("Invalid code received for user")
        check(user, pending, user_code)
        user.totp_secret, user.totp_pending = pending, None
    return stock_verify(self, access_token, session, user_code, friendly_device_name)


def respond(self: Any, session: str, client_id: str, challenge_name: str, challenge_responses: Any) -> Any:
    if challenge_name in ("PASSWORD_VERIFIER", "MFA_SETUP", "SMS_MFA", "CUSTOM_CHALLENGE"):
        raise NotAuthorizedError(f"{challenge_name} is not played on the laptop.")
    if challenge_name not in ("SOFTWARE_TOKEN_MFA", "NEW_PASSWORD_REQUIRED") or session not in self.sessions:
        raise NotAuthorizedError("Invalid session for the user.")
    user = owner(self, None, session)
    # The session is the user's who began it: whoever names another has none.
    if self.sessions[session][1]._get_user(challenge_responses.get("USERNAME")) is not user:
        raise NotAuthorizedError("Invalid session for the user.")
    waits_for_password = user.status in ("FORCE_CHANGE_PASSWORD", "RESET_REQUIRED")
    if waits_for_password != (challenge_name == "NEW_PASSWORD_REQUIRED"):
        raise NotAuthorizedError("Invalid session for the user.")
    if challenge_name == "SOFTWARE_TOKEN_MFA":
        check(user, user.totp_secret, str(challenge_responses.get("SOFTWARE_TOKEN_MFA_CODE", "")))
    return stock_respond(self, session, client_id, challenge_name, challenge_responses)


def forgot(self: Any, client_id: str, username: str) -> Any:
    _, answer = stock_forgot(self, client_id, username)
    pool = next(pool for pool in self.user_pools.values() if client_id in pool.clients)
    user = pool._get_user(username)
    if user:
        user.confirmation_code = f"{secrets.randbelow(1_000_000):06}"
        user.confirmation_until = time.time() + FORGOTTEN_SECONDS
        for mailer in mailers:
            mailer(user.attribute_lookup.get("email", ""), user.confirmation_code)
    return None, answer


def confirm(self: Any, client_id: str, username: str, password: str, confirmation_code: str) -> None:
    pool = next((pool for pool in self.user_pools.values() if client_id in pool.clients), None)
    user = pool._get_user(username) if pool else None
    if pool is not None and user is not None:
        if time.time() > getattr(user, "confirmation_until", 0):
            raise ExpiredCodeException("Invalid code provided, please request a code again.")
        if not hmac.compare_digest(str(user.confirmation_code), confirmation_code):
            user.confirmation_until -= FORGOTTEN_SECONDS / 5  # five wrong guesses and the code is gone
            raise CodeMismatchException("Invalid verification code provided, please try again.")
        self._validate_password(pool.id, password)
        user.status = models.UserStatus.CONFIRMED
    return stock_confirm(self, client_id, username, password, confirmation_code)


def admin_start(self: Any, user_pool_id: str, client_id: str, auth_flow: str, auth_parameters: Any) -> Any:
    """As a client with PreventUserExistenceErrors: nobody learns which logins exist."""
    try:
        return stock_admin_start(self, user_pool_id, client_id, auth_flow, auth_parameters)
    except UserNotFoundError as error:
        raise NotAuthorizedError("Incorrect username or password.") from error


def start(self: Any, client_id: str, auth_flow: str, auth_parameters: Any) -> Any:
    if auth_flow == "USER_SRP_AUTH":
        raise NotAuthorizedError("SRP is not played on the laptop: moto would take any proof.")
    return stock_start(self, client_id, auth_flow, auth_parameters)


def install() -> None:
    for name, ours in {
        "associate_software_token": associate,
        "verify_software_token": verify,
        "respond_to_auth_challenge": respond,
        "forgot_password": forgot,
        "confirm_forgot_password": confirm,
        "admin_initiate_auth": admin_start,
        "initiate_auth": start,
    }.items():
        setattr(Backend, name, ours)


install()
