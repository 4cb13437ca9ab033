"""What time does: reminders, auto close, locks that run out, mails that were not sent, mails that were left behind.

Runs every minute, at least once, maybe twice at once: every write asks whether things are still as they were read.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from chalicelib import (
    auto_response,
    files,
    log,
    merging,
    notes,
    outbox,
    outgoing,
    records,
    store,
    table,
    ticket,
    ticket_time,
    undelivered,
    wording,
)
from chalicelib.article import DUE, SENDING, Article
from chalicelib.config import config
from chalicelib.errors import NotFound
from chalicelib.queues import Queue
from chalicelib.settings import settings
from chalicelib.store import Whole
from chalicelib.ticket import Ticket

DAY = timedelta(days=1)
FORGOTTEN = timedelta(minutes=5)  # a mail that lies in `in/` for so long has been forgotten by the events


def tick(now: datetime) -> dict[str, int]:
    """Everything that is due; how many tickets and mails it was. One that fails does not stop the others."""
    timers, mails = outbox.due_tickets(now), outbox.due_articles(now)
    log.measure(TimerLag=lag(timers, now), OutboxAge=lag(mails, now), Timers=len(timers), MailsDue=len(mails))
    due: list[Callable[[], None]] = [partial(tend, number, now) for _, number in timers]
    due += [partial(send, number, seq, now) for _, number, seq in mails]
    failed = [error for each in due if (error := attempt(each))]
    if failed:
        raise ExceptionGroup("Some of what was due could not be done; the next minute tries again.", failed)
    return {"done": len(due)}


def look_at_backup(now: datetime) -> None:
    """Once an hour: an alarm waits for what is measured here, and for silence."""
    if now.minute == 0 and (age := table.restorable(now)) is not None:
        log.measure(BackupAge=age)


def lag(due: Sequence[tuple[Any, ...]], now: datetime) -> float:
    """Seconds for which the oldest of them has been due."""
    return max((now - each[0]).total_seconds() for each in due) if due else 0


def attempt(story: Callable[[], None]) -> Exception | None:
    try:
        story()
    except Exception as error:  # whatever it is, the others must have their turn; tick raises it in the end
        return error
    return None


def tend(number: str, now: datetime) -> None:
    """One ticket: its lock runs out, its reminder comes up, it closes; a merge that was interrupted goes on."""

    def story() -> None:
        found = store.whole(number)
        if found.ticket.moving:
            merging.move_rest(number, now)
        before, queue = found.ticket, config().queues[found.ticket.queue]
        after = ticket_time.time_passed(before, queue, now, last_draft(found))
        if after == before:
            return
        if closes(before, after) and not records.counter("closings", settings().closings_a_day, now, records.DAY):
            log.event("closing_held_back", ticket=number)
            after = replace(before, pending_until=now + DAY, changed=now)
        said = [reminder(after, queue, now)] if after.reminded and not before.reminded else []
        for article in said:
            after = ticket.said(after, article)
        after = store.save(before, after, said, now=now)
        for article in said:
            if article.delivery:
                outgoing.deliver(after, article, queue, now)

    table.insist(story)


def closes(before: Ticket, after: Ticket) -> bool:
    return after.closed and not before.closed


def last_draft(found: Whole) -> datetime | None:
    """When the holder of the lock last typed."""
    holder = found.ticket.lock.agent if found.ticket.lock else None
    return max((draft.at for draft in found.drafts if draft.agent == holder), default=None)


def reminder(after: Ticket, queue: Queue, now: datetime) -> Article:
    """To the agents as a note; to the customer, whose ticket is about to be closed, as a mail."""
    if after.state != ticket.PENDING_REMINDER:
        said = auto_response.reminder(after, queue, settings().hook, now)
        unreachable = said.to and undelivered.is_marked(said.to[0].email)
        return replace(said, to=(), delivery=None) if unreachable else said
    text = wording.REMINDER.get(queue.language, wording.REMINDER["en"])
    return notes.note(after.article_count + 1, queue, after.title, text, now)


def send(number: str, seq: int, now: datetime) -> None:
    """A mail whose time has come, or whose sender never came back."""
    try:
        found, article = store.ticket_and_article(number, seq)
    except NotFound:
        return
    state = article.delivery.state if article.delivery else None
    if article.stays(found.last_customer_seq):
        outbox.stop(number, seq, "the customer's own letter", now)
    elif state == DUE:
        outgoing.deliver(found, article, config().queues[found.queue], now)
    elif state == SENDING:
        log.measure(SendUnknown=1)
        outbox.abandoned(number, seq, now)


def forgotten(now: datetime) -> list[str]:
    """Objects in `in/` whose event was lost, the oldest first: the bucket is the truth, not the event."""
    waiting = sorted(files.waiting_in())
    log.measure(OldestMailAge=(now - waiting[0][0]).total_seconds() if waiting else 0)
    return [key for since, key in waiting if since < now - FORGOTTEN]
