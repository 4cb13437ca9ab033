"""Who is signed in. Passwords and second factors are Cognito's business, sessions are ours: opaque, revocable, in the table.

A cookie holds a random token, the table its hash. Agents' rights are read from the configuration at each request, so that
whoever is made invalid is out at once. Sessions run on real time, not on the desk's clock. Moments are named `now` as ever.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib import cognito, log, records, table
from chalicelib.access import Agent, Customer
from chalicelib.config import config
from chalicelib.errors import Refused

IDLE = 12 * 3600  # seconds without a request after which a session ends
LONGEST = 7 * 86400  # seconds after which one has to sign in again in any case
RENEWED = 3600  # a session is written at most once an hour
CHALLENGE_SECONDS = 180  # Cognito's own sessions last three minutes
WINDOW = 900  # seconds over which failures are counted
FAILURES = {"login and address": 10, "login": 100, "address": 50}
# The first keeps one guesser out, and the other two keep out many addresses and many logins; a guesser elsewhere does not
# lock the owner of the login out before Cognito would.


@dataclass(frozen=True)
class Signed:
    """Signed in: `token` goes into the cookie and is kept nowhere."""

    agent: Agent
    token: str


@dataclass(frozen=True)
class Challenge:
    """What Cognito asks for before it lets in; `session` is our name for where we are in the conversation."""

    challenge: str
    session: str


# -- signing in


def sign_in(login: str, password: str, address: str, now: datetime) -> Signed | Challenge:
    """Raises Refused: `not_signed_in`, or `too_many` after too many failures. `address` is where the request came from."""
    login = login.strip().lower()
    check_failures(login, address, now)
    answer = cognito.authenticate(login, password)
    if answer is None:
        raise failed(login, address, now)
    return admitted(login, answer, address, now)


def admitted(login: str, answer: dict[str, Any], address: str, now: datetime) -> Signed | Challenge:
    agent = config().agents.get(login)
    if agent is None or not agent.valid:
        raise failed(login, address, now)
    name = answer.get("ChallengeName")
    if name is None:
        return Signed(agent, begin("agent", {"login": login}, now, login))
    if name not in ("NEW_PASSWORD_REQUIRED", "SOFTWARE_TOKEN_MFA"):
        raise Refused("This account cannot sign in here; please tell your administrator.", code="not_signed_in")
    kept = {"login": login, "challenge": name, "cognito": answer["Session"]}
    return Challenge(name, remember("challenge", kept, now, CHALLENGE_SECONDS))


def answer_challenge(
    session: str, password: str | None, code: str | None, address: str, now: datetime
) -> Signed | Challenge:
    """A first password of one's own, or the code of the authenticator. Another challenge may follow."""
    kept = recall("challenge", session, now)
    if kept is None:
        raise Refused("This sign-in has taken too long; please begin anew.", code="not_signed_in")
    login, name = kept["login"], kept["challenge"]
    check_failures(login, address, now)
    responses = {"USERNAME": login}
    if name == "NEW_PASSWORD_REQUIRED":
        responses["NEW_PASSWORD"] = needed(password, "password")
    else:
        responses["SOFTWARE_TOKEN_MFA_CODE"] = needed(code, "code").replace(" ", "")
    answer = cognito.asked(
        "admin_respond_to_auth_challenge",
        ChallengeName=name,
        ChallengeResponses=responses,
        Session=kept["cognito"],
        **cognito.pool_and_client(),
    )
    if answer is None:
        raise failed(login, address, now)
    drop("challenge", session)
    return admitted(login, answer, address, now)


def needed(value: str | None, name: str) -> str:
    if not value:
        raise Refused(f"This step needs a {name}.", code="malformed", fields={name: "is needed"})
    return value


# -- sessions


def begin(kind: str, value: dict[str, Any], now: datetime, owner: str) -> str:
    """A new session for `owner` (a login, a mail address), kept under the hash of the token that is answered."""
    token = secrets.token_urlsafe(32)
    name = hashed(kind, token)
    records.put_session(name, value | {"since": int(now.timestamp())}, now, IDLE)
    # So that all sessions of somebody can be ended together; expires by itself.
    table.put({"pk": f"SO#{kind}#{owner}", "sk": name, "ttl": int(now.timestamp()) + LONGEST + 86400})
    return token


def signed_in(token: str | None, now: datetime) -> Agent:
    """Raises Refused(not_signed_in)."""
    kept = current("agent", token, now)
    agent = config().agents.get(kept["login"]) if kept else None
    if agent is None or not agent.valid:
        raise not_signed_in()
    return agent


def proven(token: str | None, now: datetime) -> Customer:
    """The customer of a portal session. Raises Refused(not_signed_in)."""
    kept = current("customer", token, now)
    if kept is None:
        raise not_signed_in()
    return Customer(kept["email"], kept["name"])


def current(kind: str, token: str | None, now: datetime) -> dict[str, Any] | None:
    """The session behind the token, longer by now; None where there is none (any more)."""
    if not token:
        return None
    name = hashed(kind, token)
    kept = records.session(name, now)
    if kept is None or kept["since"] + LONGEST < now.timestamp():
        return None
    if kept["ends"] - now.timestamp() < IDLE - RENEWED:
        prolong(name, now)
    return kept


def prolong(name: str, now: datetime) -> None:
    """Conditional: a session that was ended a moment ago must not come back."""
    end = int(now.timestamp()) + IDLE
    table.update(
        f"S#{name}",
        "S",
        "SET #ends = :ends, #ttl = :ttl",
        {":ends": end, ":ttl": end + 86400},
        condition="attribute_exists(pk)",
        names={"#ends": "ends", "#ttl": "ttl"},
    )


def admit(customer: Customer, now: datetime) -> str:
    """The token of a portal session for whoever has just proven the mailbox."""
    return begin("customer", {"email": customer.email, "name": customer.name}, now, customer.email)


def sign_out(kind: str, token: str | None) -> None:
    if token:
        drop(kind, token)


def end_all(kind: str, owner: str) -> None:
    for item in table.query(f"SO#{kind}#{owner}"):
        records.drop_session(str(item["sk"]))
        table.delete(f"SO#{kind}#{owner}", str(item["sk"]))


def remember(kind: str, value: dict[str, Any], now: datetime, seconds: int) -> str:
    token = secrets.token_urlsafe(32)
    records.put_session(hashed(kind, token), value, now, seconds)
    return token


def recall(kind: str, token: str, now: datetime) -> dict[str, Any] | None:
    return records.session(hashed(kind, token), now)


def drop(kind: str, token: str) -> bool:
    return records.drop_session(hashed(kind, token))


def hashed(kind: str, token: str) -> str:
    """`kind` is part of the name: an agent's token opens no portal, and a portal's no desk."""
    return f"{kind}#{hashlib.sha256(token.encode(errors='replace')).hexdigest()}"


def not_signed_in() -> Refused:
    return Refused("Please sign in.", code="not_signed_in")


# -- failures


def check_failures(login: str, address: str, now: datetime) -> None:
    """Only failures count: whoever signs in rightly may do so as often as he likes."""
    for name, key in failure_keys(login, address).items():
        if records.counted(key, now, WINDOW) >= FAILURES[name]:
            raise Refused("Too many failures; please wait a quarter of an hour.", code="too_many")


def failed(login: str, address: str, now: datetime) -> Refused:
    # Unknown logins are not told: people type their password in the wrong field.
    log.event("sign_in_failed", agent=login if login in config().agents else None)
    for name, key in failure_keys(login, address).items():
        records.counter(key, FAILURES[name], now, WINDOW)
    return Refused("Login, password or code is wrong.", code="not_signed_in")


def failure_keys(login: str, address: str) -> dict[str, str]:
    who, where = (hashlib.sha256(each.encode(errors="replace")).hexdigest()[:24] for each in (login, address))
    return {"login and address": f"fail#{who}#{where}", "login": f"fail#{who}", "address": f"fail#@{where}"}
