"""Administration: queues and agents. Nothing is deleted, only made invalid."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from chalice.app import Blueprint

from chalicelib import accounts, admin, cursors, log, sessions, shown
from chalicelib.access import Agent
from chalicelib.config import config
from chalicelib.doors import ADMIN, Asked, Door
from chalicelib.errors import NotFound, Refused
from chalicelib.queues import Queue, Template
from chalicelib.working_time import Calendar

blueprint = Blueprint(__name__)
door = Door(blueprint, ADMIN)

LATER = {"roles", "templates", "auto-responses", "slas", "calendars", "filters", "jobs", "fields", "settings"}


# -- queues


@door("GET", "/admin/queues", query="Listed", answer="QueuesShown")
def queues(asked: Asked) -> dict[str, Any]:
    """All queues, also the invalid ones."""
    every = admin.queues(asked.by)
    page, following = cursors.cut(every, lambda queue: queue.id, "queues", asked.query.limit, asked.query.cursor)
    return {"queues": [shown.queue(queue) for queue in page], "next": following}


@door("GET", "/admin/queues/{queue}", answer="QueueShown")
def queue(asked: Asked) -> dict[str, Any]:
    """One queue, by its id or its full name."""
    return shown.queue(admin.queue(queue_id(asked.values["queue"]), asked.by))


def queue_id(word: str) -> str:
    named = config().queue_named(word)
    return named.id if named and word not in config().queues else word


@door("PUT", "/admin/queues/{queue}", body="QueueSet", answer="QueueShown")
def put_queue(asked: Asked) -> dict[str, Any]:
    """Makes or changes a queue; what is not named stays. A new one needs name and address."""
    name, body = queue_id(asked.values["queue"]), asked.body
    if body.id not in (None, name):
        raise malformed("A queue's id never changes.", "id")
    changes = {each: getattr(body, each) for each in body.model_fields_set - {"id"}}
    if wrong := next((each for each, value in changes.items() if value is None and each not in MAY_BE_NULL), None):
        raise malformed(f"{wrong} cannot be empty.", wrong)
    changes |= {each: WRAPPED[each](changes[each]) for each in WRAPPED.keys() & changes.keys() if changes[each]}
    put = admin.put_queue(replace(before(name, changes), **changes), asked.by)
    log.event("queue_put", queue=name, by=asked.by.login, fields=sorted(changes))
    return shown.queue(put)


MAY_BE_NULL = {"unlock_minutes", "reminder_days", "calendar"}


def before(name: str, changes: dict[str, Any]) -> Queue:
    known = config().queues.get(name)
    if known:
        return known
    for needed in ("name", "address"):
        if needed not in changes:
            raise malformed(f"A new queue needs a {needed}.", needed)
    return Queue(name, changes["name"], changes["address"])


def responses(given: dict[str, dict[str, Any]]) -> dict[str, dict[str, Template]]:
    return {
        occasion: {language: Template(each.subject, each.text) for language, each in texts.items()}
        for occasion, texts in given.items()
    }


def calendar(given: Any) -> Calendar:
    try:
        ZoneInfo(given.zone)
    except (ValueError, OSError, KeyError):
        raise malformed("There is no such time zone.", "calendar.zone") from None
    for spans in given.hours.values():
        ends = [minute for span in spans for minute in span]
        if ends != sorted(set(ends)):
            raise malformed("The hours of a day are ascending pairs of minutes.", "calendar.hours")
    return Calendar(given.zone, {int(day): spans for day, spans in given.hours.items()}, frozenset(given.holidays))


WRAPPED: dict[str, Any] = {"auto_responses": responses, "calendar": calendar}


def malformed(message: str, field: str) -> Refused:
    return Refused(message, code="malformed", fields={field: message})


# -- agents


@door("GET", "/admin/agents", query="Listed", answer="AgentsShown")
def agents(asked: Asked) -> dict[str, Any]:
    """All agents, also the invalid ones."""
    every = admin.agents(asked.by)
    page, following = cursors.cut(every, lambda agent: agent.login, "agents", asked.query.limit, asked.query.cursor)
    return {"agents": [shown.agent(agent, config().queues) for agent in page], "next": following}


@door("GET", "/admin/agents/{login}", answer="AgentShown")
def agent(asked: Asked) -> dict[str, Any]:
    """One agent."""
    return shown.agent(admin.agent(asked.values["login"], asked.by), config().queues)


@door("PUT", "/admin/agents/{login}", body="AgentSet", answer="AgentShown")
def put_agent(asked: Asked) -> dict[str, Any]:
    """Makes or changes an agent. A new one gets a mail with a first password; an invalid one is signed out at once."""
    login, body = asked.values["login"], asked.body
    if body.login not in (None, login):
        raise malformed("A login never changes.", "login")
    changes = {each: getattr(body, each) for each in body.model_fields_set - {"login"}}
    if wrong := next((each for each, value in changes.items() if value is None), None):
        raise malformed(f"{wrong} cannot be empty.", wrong)
    if "rights" in changes:
        changes["rights"] = {queue_id(name): right for name, right in changes["rights"].items()}
    new = replace(agent_before(login, changes), **changes)
    admin.put_agent(new, asked.by)
    log.event("agent_put", agent=login, by=asked.by.login, fields=sorted(changes))
    if new.valid:
        # Asked each time, not only for new ones: whoever has no account yet, maybe for a mishap, gets one.
        accounts.invite(new)
    else:
        sessions.end_all("agent", login)
    return shown.agent(new, config().queues)


def agent_before(login: str, changes: dict[str, Any]) -> Agent:
    known = config().agents.get(login)
    if known:
        return known
    for needed in ("name", "email"):
        if needed not in changes:
            raise malformed(f"A new agent needs a {needed}.", needed)
    return Agent(login, changes["name"], changes["email"])


# -- not built yet


@door("GET", "/admin/{section}", query="Anything")
def section(asked: Asked) -> None:
    """Not built yet."""
    raise later(asked)


@door("GET", "/admin/{section}/{item}", query="Anything")
def item(asked: Asked) -> None:
    """Not built yet."""
    raise later(asked)


@door("PUT", "/admin/{section}/{item}")
def put_item(asked: Asked) -> None:
    """Not built yet."""
    raise later(asked)


def later(asked: Asked) -> Exception:
    if asked.values["section"] not in LATER:
        return NotFound("There is no such page.")
    return Refused(f"The {asked.values['section']} cannot be set up yet.", code="not_built")
