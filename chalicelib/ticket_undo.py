"""A reply is taken back before it has left: the ticket is what it was. Pure, like ticket.py."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.article import Article
from chalicelib.history import Event, plain
from chalicelib.queues import Queue
from chalicelib.ticket import OPEN, STATE_TYPES, Ticket, into_state
from chalicelib.ticket_time import reminder_at

CHANGED = ("state", "pending_until")


def taken_back(ticket: Ticket, said: Article, history: Iterable[Event], queue: Queue, now: datetime) -> Ticket:
    """State and pending time as they were before `said`, unless somebody has set them since.

    A ticket left waiting for an answer that nobody was sent would be closed in silence.
    """
    by_it = {event.name: event for event in history if (event.at, event.by) == (said.at, said.by)}
    by_it = {name: event for name, event in by_it.items() if name in CHANGED}
    if not by_it or any(plain(getattr(ticket, name)) != event.new for name, event in by_it.items()):
        return replace(ticket, changed=now)
    state = str(by_it["state"].old) if "state" in by_it else ticket.state
    until = as_time(by_it["pending_until"].old) if "pending_until" in by_it else ticket.pending_until
    if STATE_TYPES[state].startswith("pending") and (until is None or until <= now):
        return into_state(ticket, OPEN, None, now)  # the time has passed meanwhile, and nobody was told
    after = into_state(ticket, state, until, now)
    reminder = reminder_at(after, queue)
    # What was due before has been sent before.
    return replace(after, reminded=reminder is not None and reminder <= now)


def as_time(kept: object) -> datetime | None:
    return datetime.fromisoformat(str(kept)) if kept else None
