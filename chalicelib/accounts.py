"""Agents' accounts: a forgotten password, second factors, the first password of somebody new. Kept by Cognito, in our words.

The code for a forgotten password is ours, not Cognito's: it leaves as all mail does and works the same on a laptop.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib import cognito, outgoing, records, sessions, wording
from chalicelib.access import Agent
from chalicelib.article import Address
from chalicelib.config import config
from chalicelib.errors import Refused
from chalicelib.queues import Queue
from chalicelib.settings import settings

CODE_SECONDS = 900
CODE_TRIES = 5
CODES_AN_HOUR = 5


# -- a forgotten password


def forgotten(login: str, now: datetime) -> None:
    """A code goes to the agent's mailbox. Says nothing about whether there is such an agent."""
    agent = config().agents.get(login.strip().lower())
    if agent is None or not agent.valid or not records.counter(f"forgot#{agent.login}", CODES_AN_HOUR, now, 3600):
        return
    code = f"{secrets.randbelow(10**8):08d}"
    records.put_session(f"reset#{agent.login}", {"code": code_hash(agent.login, code)}, now, CODE_SECONDS)
    subject, text = wording.chosen(wording.PASSWORD, agent.language, code=code)
    outgoing.send_plain(Address(agent.email, agent.name), subject, text, desk_queue())


def reset(login: str, code: str, password: str, now: datetime) -> None:
    """The new password, and all of the agent's sessions end. Raises Refused."""
    login = login.strip().lower()
    name = f"reset#{login}"
    kept = records.session(name, now)
    wrong = Refused("This code is not valid (any more). Ask for a new one.", code="not_signed_in")
    if kept is None or not records.counter(f"try#{name}#{kept['ends']}", CODE_TRIES, now, 86400):
        raise wrong
    agent = config().agents.get(login)
    right = hmac.compare_digest(kept["code"], code_hash(login, code.replace(" ", "")))
    if not right or agent is None or not agent.valid or not records.drop_session(name):
        raise wrong
    try:
        set_password(login, password)
    except Refused:
        # The code was right: a better password may still be given for it.
        records.put_session(name, {"code": kept["code"]}, now, max(1, kept["ends"] - int(now.timestamp())))
        raise
    sessions.end_all("agent", login)


def set_password(login: str, password: str) -> None:
    done = cognito.asked("admin_set_user_password", Username=login, Password=password, Permanent=True, **cognito.pool())
    if done is None:
        raise Refused("This account has no password yet; please ask your administrator.")


def code_hash(login: str, code: str) -> str:
    return hmac.new(config().secret, f"reset\n{login}\n{code}".encode(errors="replace"), hashlib.sha256).hexdigest()


# -- second factors


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator is fed with: `secret` (base32) or `uri`; `session` comes back with the first code."""

    session: str
    secret: str
    uri: str


def begin_factor(agent: Agent, password: str, address: str, now: datetime) -> Enrolment:
    answer = confirmed(agent, password, address, now)
    if "AuthenticationResult" not in answer:
        raise Refused("There is a second factor already; remove it first.")
    access = answer["AuthenticationResult"]["AccessToken"]
    secret = cognito.client().associate_software_token(AccessToken=access)["SecretCode"]
    session = sessions.remember("factor", {"login": agent.login, "access": access}, now, CODE_SECONDS)
    return Enrolment(session, secret, f"otpauth://totp/Otklik:{agent.login}?secret={secret}&issuer=Otklik")


def finish_factor(agent: Agent, session: str, code: str, address: str, now: datetime) -> None:
    kept = sessions.recall("factor", session, now)
    if kept is None or kept["login"] != agent.login:
        raise Refused("This has taken too long; please begin anew.", code="not_allowed")
    sessions.check_failures(agent.login, address, now)
    verified = cognito.asked("verify_software_token", AccessToken=kept["access"], UserCode=code.replace(" ", ""))
    if verified is None or verified.get("Status") != "SUCCESS":
        sessions.failed(agent.login, address, now)
        raise Refused("This code is wrong.", code="not_allowed")
    prefer_factor(agent.login, True)
    sessions.drop("factor", session)


def remove_factor(agent: Agent, password: str, code: str, address: str, now: datetime) -> None:
    answer = confirmed(agent, password, address, now)
    if answer.get("ChallengeName") == "SOFTWARE_TOKEN_MFA":
        responses = {"USERNAME": agent.login, "SOFTWARE_TOKEN_MFA_CODE": code.replace(" ", "")}
        proof = cognito.asked(
            "admin_respond_to_auth_challenge",
            ChallengeName="SOFTWARE_TOKEN_MFA",
            ChallengeResponses=responses,
            Session=answer["Session"],
            **cognito.pool_and_client(),
        )
        if proof is None:
            sessions.failed(agent.login, address, now)
            raise Refused("This code is wrong.", code="not_allowed")
    prefer_factor(agent.login, False)


def confirmed(agent: Agent, password: str, address: str, now: datetime) -> dict[str, Any]:
    """Who sits at an open session may not be its owner: factors change with the password only."""
    sessions.check_failures(agent.login, address, now)
    answer = cognito.authenticate(agent.login, password)
    if answer is None:
        sessions.failed(agent.login, address, now)
        raise Refused("The password is wrong.", code="not_allowed")
    return answer


def prefer_factor(login: str, enabled: bool) -> None:
    preference = {"Enabled": enabled, "PreferredMfa": enabled}
    cognito.client().admin_set_user_mfa_preference(
        Username=login, SoftwareTokenMfaSettings=preference, **cognito.pool()
    )


# -- new agents


def invite(agent: Agent) -> bool:
    """The account of an agent who has none yet, and a mail with a first password. False where there is one."""
    password = f"{secrets.token_urlsafe(12)}-aZ7"
    if not cognito.create(agent.login, password):
        return False
    values = {"name": agent.name, "login": agent.login, "password": password, "origin": settings().origin}
    subject, text = wording.chosen(wording.WELCOME, agent.language, **values)
    outgoing.send_plain(Address(agent.email, agent.name), subject, text, desk_queue())
    return True


def desk_queue() -> Queue:
    """In whose name the desk writes to its own people."""
    found = config().queues.get("support")
    return found if found and found.valid else config().default_queue
