"""The lock of a ticket: who works on it, until when, and who may not. Pure, like ticket.py; its semantics are OTRS's."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib import working_time
from chalicelib.errors import Conflict, Refused
from chalicelib.queues import Queue

if TYPE_CHECKING:
    from chalicelib.ticket import Ticket


@dataclass(frozen=True)
class Lock:
    """Only `agent` writes until `until` (None: for ever). Each taking has a higher `epoch`."""

    agent: str
    epoch: int
    since: datetime
    until: datetime | None


def lock(ticket: "Ticket", by: str, queue: Queue, now: datetime, takeover: bool = False) -> "Ticket":
    """Taken by `by`, or renewed where it is theirs already: then the epoch stays. The holder becomes the owner."""
    if ticket.ended and ticket.state_type != "closed":
        raise Refused(f"This ticket is {ticket.state}; nobody can work on it.")
    if ticket.lock and ticket.lock.agent == by:
        return replace(ticket, lock=replace(ticket.lock, until=runs_out(queue, now)), changed=now)
    if held_by_another(ticket, by, now) and not takeover:
        raise locked(ticket)
    return taken(ticket, by, queue, now)


def taken(ticket: "Ticket", by: str, queue: Queue, now: datetime) -> "Ticket":
    epoch = ticket.epoch + 1
    held = Lock(agent=by, epoch=epoch, since=now, until=runs_out(queue, now))
    after = replace(ticket, lock=held, epoch=epoch, changed=now)
    if ticket.owner == by:
        return after
    return replace(after, owner=by, previous_owner=ticket.owner, owned_since=epoch)


def unlock(ticket: "Ticket", now: datetime) -> "Ticket":
    return replace(ticket, lock=None, changed=now) if ticket.lock else ticket


def release(ticket: "Ticket", by: str, now: datetime, takeover: bool = False) -> "Ticket":
    """Unlocked by hand: one's own lock, or with `takeover` another's."""
    if held_by_another(ticket, by, now) and not takeover:
        raise locked(ticket)
    return unlock(ticket, now)


def unused(ticket: "Ticket", by: str, epoch: int) -> bool:
    """`by` holds the lock of `epoch` and has said nothing to the customer since it was taken: who answered keeps it (OTRS)."""
    held = ticket.lock
    if held is None or (held.agent, held.epoch) != (by, epoch):
        return False
    return ticket.last_agent_at is None or ticket.last_agent_at < held.since


def give_back(ticket: "Ticket", now: datetime) -> "Ticket":
    """As if the lock had never been taken: whoever owned the ticket before owns it again (OTRS's "Undo")."""
    held = ticket.lock
    if held and held.epoch == ticket.owned_since and held.agent == ticket.owner:
        ticket = replace(ticket, owner=ticket.previous_owner, previous_owner=None)
    return unlock(ticket, now)


def runs_out(queue: Queue, now: datetime) -> datetime | None:
    if not queue.unlock_minutes:
        return None
    return working_time.after(now, timedelta(minutes=queue.unlock_minutes), queue.calendar)


def held_by_another(ticket: "Ticket", by: str, now: datetime) -> bool:
    held = ticket.lock
    return held is not None and held.agent != by and (held.until is None or now < held.until)


def locked(ticket: "Ticket") -> Conflict:
    holder = ticket.lock.agent if ticket.lock else "nobody"
    return Conflict(f"Ticket {ticket.number} is locked by {holder}.", "locked", lock=ticket.lock, ticket=ticket)


def may_answer(ticket: "Ticket", by: str, epoch: int, seen: int, mind_own: bool = False) -> None:
    """Raises Conflict unless `by` still holds the lock of `epoch` and has seen the last letter and the last answer.

    `seen` is the last article on the screen. An answer of one's own is no news, nor is what came before it: it was not sent
    past another's. With `mind_own` it is, where another window of hers may have sent it. A lock that ran out but that nobody
    else took still counts: the epoch, not the clock, keeps two answers apart.
    """
    if ticket.lock is None or ticket.lock.agent != by or ticket.lock.epoch != epoch:
        raise Conflict("The lock of this ticket is no longer yours; nothing was sent.", "lock_lost", ticket=ticket)
    if seen < ticket.last_customer_seq:
        raise Conflict("The customer has written again since you opened this ticket.", "newer_article", ticket=ticket)
    if seen < ticket.last_reply_seq and (mind_own or ticket.last_reply_by != by):
        who = "You have" if ticket.last_reply_by == by else "A colleague has"
        raise Conflict(f"{who} answered since you opened this ticket.", "newer_article", ticket=ticket)
