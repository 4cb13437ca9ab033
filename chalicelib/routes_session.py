"""Signing in and out: agents by password and second factor, customers by a code sent to their mailbox."""

from typing import Any

from chalice.app import Blueprint

from chalicelib import accounts, counter, desk_lists, doors, log, records, sessions, shown
from chalicelib.access import Agent
from chalicelib.config import config
from chalicelib.doors import AGENT, CUSTOMER, NOBODY, Asked, Door, Reply
from chalicelib.errors import Refused
from chalicelib.sessions import Challenge, Signed

blueprint = Blueprint(__name__)
door = Door(blueprint, NOBODY)

CODES_FROM_ONE_PLACE = 100  # an hour


# -- agents


@door("POST", "/session", body="SignIn", answer="SignedIn")
def sign_in(asked: Asked) -> Reply:
    """Sign in. A second factor or a first password answers a challenge."""
    return entered(asked, sessions.sign_in(asked.body.login, asked.body.password, asked.address, asked.real))


@door("POST", "/session/challenge", body="ChallengeAnswer", answer="SignedIn")
def answer_challenge(asked: Asked) -> Reply:
    """The new password or the code that a sign-in asked for."""
    body = asked.body
    came = sessions.answer_challenge(body.session, body.password, body.code, asked.address, asked.real)
    return entered(asked, came)


def entered(asked: Asked, came: Signed | Challenge) -> Reply:
    if isinstance(came, Challenge):
        return Reply({"challenge": came.challenge, "session": came.session})
    sessions.sign_out("agent", asked.tokens.get("otklik_agent"))  # the one that this cookie takes the place of
    log.event("signed_in", agent=came.agent.login)
    return Reply({"agent": myself(came.agent)}, headers=doors.cookie("agent", came.token))


def myself(by: Agent) -> dict[str, Any]:
    mine = sorted(queue.name for queue in config().queues.values() if desk_lists.shown(queue, by))
    return shown.me(by, mine)


@door("GET", "/session", who=AGENT, answer="Me")
def who_am_i(asked: Asked) -> dict[str, Any]:
    """Who am I, and which queues may I see?"""
    return myself(asked.by)


@door("DELETE", "/session", answer="Done")
def sign_out(asked: Asked) -> Reply:
    """Sign out; does no harm to whoever is out already."""
    sessions.sign_out("agent", asked.tokens.get("otklik_agent"))
    return Reply({"done": True}, headers=doors.cookie("agent", None))


@door("POST", "/session/forgotten", body="Forgotten", answer="Done", status=202)
def forgotten(asked: Asked) -> dict[str, Any]:
    """A code goes to the agent's mailbox, if there is such an agent."""
    accounts.forgotten(asked.body.login, asked.real)
    return {"done": True}


@door("PUT", "/session/forgotten", body="Reset", answer="Done")
def reset(asked: Asked) -> dict[str, Any]:
    """A new password by the code that came by mail. Ends all sessions of the agent."""
    accounts.reset(asked.body.login, asked.body.code, asked.body.password, asked.real)
    return {"done": True}


@door("POST", "/session/factor", who=AGENT, body="Factor", answer="FactorShown")
def factor(asked: Asked) -> dict[str, Any]:
    """Enrol a second factor (the password; then session and code), or remove it (password and code)."""
    body, by = asked.body, asked.by
    if body.remove and body.password and body.code:
        accounts.remove_factor(by, body.password, body.code, asked.address, asked.real)
        return {"enabled": False}
    if body.session and body.code:
        accounts.finish_factor(by, body.session, body.code, asked.address, asked.real)
        return {"enabled": True}
    if body.remove or not body.password:
        raise Refused(
            "To enrol, give the password, then session and code; to remove, password and code.",
            code="malformed",
            fields={"password": "is needed"} if not body.password else {"code": "is needed"},
        )
    begun = accounts.begin_factor(by, body.password, asked.address, asked.real)
    return {"enabled": False, "session": begun.session, "secret": begun.secret, "uri": begun.uri}


# -- customers


@door("POST", "/portal/session", body="AskCode", answer="Done", status=202)
def ask_code(asked: Asked) -> dict[str, Any]:
    """A one-time code goes to that mailbox. Always the same answer."""
    place = sessions.failure_keys("", asked.address)["address"]
    if records.counter(f"codes#{place}", CODES_FROM_ONE_PLACE, asked.real, 3600):
        counter.ask_code(asked.body.email, asked.body.language, asked.real)
    return {"done": True}


@door("PUT", "/portal/session", body="Prove", answer="CustomerShown")
def prove(asked: Asked) -> Reply:
    """The code proves the mailbox."""
    email, code = asked.body.email, asked.body.code.replace(" ", "")
    sessions.check_failures(email, asked.address, asked.real)
    try:
        customer = counter.prove(email, code, asked.real)
    except Refused:
        sessions.failed(email, asked.address, asked.real)
        raise
    sessions.sign_out("customer", asked.tokens.get("otklik_portal"))
    token = sessions.admit(customer, asked.real)
    return Reply({"customer": shown_customer(customer.name, customer.email)}, headers=doors.cookie("customer", token))


@door("GET", "/portal/session", who=CUSTOMER, answer="CustomerShown")
def which_customer(asked: Asked) -> dict[str, Any]:
    """Whose mailbox is proven?"""
    return {"customer": shown_customer(asked.by.name, asked.by.email)}


@door("DELETE", "/portal/session", answer="Done")
def leave(asked: Asked) -> Reply:
    """Sign out."""
    sessions.sign_out("customer", asked.tokens.get("otklik_portal"))
    return Reply({"done": True}, headers=doors.cookie("customer", None))


def shown_customer(name: str, email: str) -> dict[str, str]:
    return {"name": name, "email": email}
