"""A mail is taken back before it has left: the ticket is what it was. Pure, like ticket.py."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.article import Article
from chalicelib.history import plain
from chalicelib.queues import Queue
from chalicelib.ticket import OPEN, STATE_TYPES, Ticket, into_state
from chalicelib.ticket_time import reminder_at

WAITING = ("state", "pending_until")
PEOPLE = ("doubt", "participants", "aside")
TONGUE = ("language", "language_guessed")
REPLY = ("last_reply_seq", "last_reply_by")


def remembered(before: Ticket, after: Ticket) -> dict[str, list[Any]]:
    """What a mail that may be taken back has made of its ticket: by field what it was, and what it became."""
    both = {
        name: [plain(getattr(each, name)) for each in (before, after)] for name in (*WAITING, *PEOPLE, *TONGUE, *REPLY)
    }
    return {name: values for name, values in both.items() if values[0] != values[1]}


def taken_back(ticket: Ticket, said: Article, queue: Queue, now: datetime) -> Ticket:
    """The ticket as it was before `said`, but for what has become of it since."""
    if ticket.article_count == said.seq:
        ticket = without_those(ticket, said.changed)
    if ticket.last_reply_seq == said.seq:
        ticket = replace(ticket, **{name: said.changed[name][0] for name in REPLY if name in said.changed})
    since = [name for name in WAITING if name in said.changed and plain(getattr(ticket, name)) != said.changed[name][1]]
    if since or not said.changed.keys() & set(WAITING):
        return replace(ticket, changed=now)
    return waiting_as_before(ticket, said.changed, queue, now)


def without_those(ticket: Ticket, changed: Mapping[str, Any]) -> Ticket:
    """Whom nobody has written to has not been let in, to a doubtful customer nobody has answered, and nothing was said."""
    was = {name: changed[name][0] for name in (*PEOPLE, *TONGUE) if name in changed}
    fields: dict[str, Any] = {name: frozenset(kept) if isinstance(kept, list) else kept for name, kept in was.items()}
    return replace(ticket, **fields)


def waiting_as_before(ticket: Ticket, changed: Mapping[str, Any], queue: Queue, now: datetime) -> Ticket:
    """A ticket left waiting for an answer that nobody was sent would be closed in silence."""
    state = str(changed["state"][0]) if "state" in changed else ticket.state
    until = as_time(changed["pending_until"][0]) if "pending_until" in changed else ticket.pending_until
    if STATE_TYPES[state].startswith("pending") and (until is None or until <= now):
        return into_state(ticket, OPEN, None, now)  # the time has passed meanwhile, and nobody was told
    after = into_state(ticket, state, until, now)
    reminder = reminder_at(after, queue)
    # What was due before has been sent before.
    return replace(after, reminded=reminder is not None and reminder <= now)


def as_time(kept: object) -> datetime | None:
    return datetime.fromisoformat(str(kept)) if kept else None
