"""What time does to a ticket: a pending time comes, a customer is reminded, a lock runs out. Pure, like ticket.py."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.article import AGENT
from chalicelib.queues import Queue
from chalicelib.ticket import AFTER_PENDING, PENDING_REMINDER, Ticket, into_state
from chalicelib.ticket_lock import unlock

WRITING = timedelta(minutes=15)  # whoever saved a draft this recently is still at it


def due_at(ticket: Ticket, queue: Queue) -> datetime | None:
    """When time next has something to do here: a pending time, the reminder before it, the end of the lock; a merge, at once."""
    if ticket.moving:
        return ticket.changed
    moments = [pending_due(ticket), reminder_at(ticket, queue), ticket.lock.until if ticket.lock else None]
    return min((moment for moment in moments if moment), default=None)


def pending_due(ticket: Ticket) -> datetime | None:
    """The pending time, unless it is a reminder that has come up already."""
    return None if ticket.state == PENDING_REMINDER and ticket.reminded else ticket.pending_until


def reminder_at(ticket: Ticket, queue: Queue) -> datetime | None:
    """When the customer is reminded that his ticket is about to be closed."""
    waiting = ticket.state_type == "pending auto" and ticket.last_sender == AGENT
    if not waiting or ticket.reminded or not queue.reminder_days or ticket.pending_until is None:
        return None
    return ticket.pending_until - timedelta(days=queue.reminder_days)


def time_passed(ticket: Ticket, queue: Queue, now: datetime, drafted: datetime | None = None) -> Ticket:
    """Everything that is due by `now` has happened; doing it twice does no harm. `drafted`: the holder's last draft."""
    writing = ticket.lock is not None and drafted is not None and now < drafted + WRITING
    reminder, pending = reminder_at(ticket, queue), pending_due(ticket)
    if ticket.lock and ticket.lock.until and ticket.lock.until <= now:
        ticket = unlock(ticket, now)
    if pending is None or pending > now:
        return replace(ticket, reminded=True, changed=now) if reminder and reminder <= now else ticket
    if ticket.state == PENDING_REMINDER:
        return replace(ticket, reminded=True, changed=now)
    if writing:
        return replace(ticket, pending_until=now + WRITING, changed=now)
    return into_state(ticket, AFTER_PENDING[ticket.state], None, now)
