"""The ticket: one matter of one customer, its states, and every rule for changing one.

A rule is a function from ticket to ticket. It reads nothing, sends nothing, knows no clock. States, state types and
lock semantics are OTRS's; where the desk does better, docs/decisions/0002-better-than-otrs.md says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib import wire
from chalicelib.article import AGENT, CUSTOMER, SYSTEM, Address, Article
from chalicelib.errors import Refused
from chalicelib.queues import Queue
from chalicelib.ticket_lock import Lock, held_by_another, locked, runs_out, taken, unlock

NEW, OPEN = "new", "open"
PENDING_REMINDER = "pending reminder"
PENDING_CLOSE, PENDING_FAIL = "pending auto close+", "pending auto close-"
CLOSED, CLOSED_UNSUCCESSFUL = "closed successful", "closed unsuccessful"
MERGED, REMOVED = "merged", "removed"

STATE_TYPES = {
    NEW: "new",
    OPEN: "open",
    PENDING_REMINDER: "pending reminder",
    PENDING_CLOSE: "pending auto",
    PENDING_FAIL: "pending auto",
    CLOSED: "closed",
    CLOSED_UNSUCCESSFUL: "closed",
    MERGED: "merged",
    REMOVED: "removed",
}
AFTER_PENDING = {PENDING_CLOSE: CLOSED, PENDING_FAIL: CLOSED_UNSUCCESSFUL}
ENDED = {"closed", "merged", "removed"}  # state types that leave the list of open tickets
SETTABLE = {state for state, kind in STATE_TYPES.items() if kind not in ("merged", "removed")}

PRIORITIES = range(1, 6)  # 1 very low ... 5 very high
LAST_THREAD = 10  # ids of the customer's mails that our answers refer to


@dataclass(frozen=True)
class Link:
    """What this ticket has to do with the other one, `number`; with `back` it is the other that says it of this one.

    `kind`: normal, parent (this goes on from it), child, follow-up (this may belong to it), waiting (the same, and its
    writer, proven, waits for approval), asked-before (this asks the same again), same-mail, merged (back: it is in this
    one now). `email`: who wrote the other one, for links back, and `doubt` whether he may be somebody else.
    """

    number: str
    kind: str
    back: bool = False
    email: str = ""
    doubt: str = ""


@dataclass(frozen=True)
class Ticket:
    """`queue` is the queue's id, `version` counts saves, `epoch` takings of the lock, `article_count` is the last seq.

    `participants` are the mail addresses that may join, those `aside` only agents have asked; `pending_until` belongs to the pending states; `reminded` is
    set once its reminder went out (to the agents, or to the customer before an auto close). `news_seq` is the last
    article that agents have to read: the customer's, or a reminder of the desk's; `last_reply_seq` the last answer, by whom it
    says `last_reply_by`. `answer_to` is the customer's
    Reply-To, `thread` the ids of his last mails, for the References of ours, `thread_index` that of his Outlook, `auto_at`
    the last automatic answer. A merged ticket leads to `merged_into`, where its article n is now n + `merged_from_seq`;
    `moving`: some of them are still on their way. `doubt`: that the customer has written it (article.FORGED, UNPROVEN), until
    he goes on with it or an agent answers him. `language_guessed`: nothing has told it yet, it is the queue's. `owned_since`: the
    epoch of the lock that made its holder the owner.
    """

    number: str
    title: str
    queue: str
    customer: Address
    created: datetime
    changed: datetime
    state: str = NEW
    priority: int = 3
    language: str = "en"
    language_guessed: bool = False
    owner: str | None = None
    previous_owner: str | None = None
    responsible: str | None = None
    lock: Lock | None = None
    epoch: int = 0
    owned_since: int = 0
    version: int = 0
    pending_until: datetime | None = None
    reminded: bool = False
    closed_at: datetime | None = None
    article_count: int = 0
    last_customer_seq: int = 0
    last_reply_seq: int = 0
    last_reply_by: str | None = None
    news_seq: int = 0
    doubt: str = ""
    last_sender: str = CUSTOMER
    last_agent_at: datetime | None = None
    participants: frozenset[str] = frozenset()
    aside: frozenset[str] = frozenset()
    answer_to: Address | None = None
    thread: tuple[str, ...] = ()
    thread_index: str = ""
    auto_at: datetime | None = None
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    service: str | None = None
    sla: str | None = None
    time_units: float = 0
    links: tuple[Link, ...] = ()
    merged_into: str | None = None
    merged_from_seq: int = 0
    moving: bool = False

    @property
    def asks(self) -> str:
        """Whose matter it is: all that people fill in on a site comes from one address, which nobody reads."""
        filled_in = self.answer_to if wire.nobody_reads(self.customer.email) else None
        return (filled_in or self.customer).email

    @property
    def state_type(self) -> str:
        return STATE_TYPES[self.state]

    @property
    def ended(self) -> bool:
        return self.state_type in ENDED

    @property
    def closed(self) -> bool:
        return self.state_type == "closed"


# -- opening and continuing


def open_new(
    number: str,
    title: str,
    queue: Queue,
    customer: Address,
    now: datetime,
    language: str | None = None,
    doubt: str = "",
) -> Ticket:
    return Ticket(
        number=number,
        title=title.strip(),
        queue=queue.id,
        customer=customer,
        created=now,
        changed=now,
        priority=queue.priority,
        language=language or queue.language,
        language_guessed=language is None,
        doubt=doubt,
        participants=frozenset({customer.email} if customer.email else ()),
    )


def said(ticket: Ticket, article: Article) -> Ticket:
    """The ticket with one more article, whatever it was; `article.seq` must be the next one."""
    ticket = replace(ticket, article_count=article.seq, time_units=ticket.time_units + article.time_units)
    answers = article.visible and not article.automatic  # a note of absence is read, and is nobody's answer
    if article.sender == CUSTOMER and answers:
        ticket = replace(ticket, last_customer_seq=article.seq)
    if article.kind == "reply" and answers:
        ticket = replace(ticket, last_reply_seq=article.seq, last_reply_by=article.by)
    letter_of_nobody = article.sender == SYSTEM and (article.kind == "mail" or not article.visible)
    if article.sender == CUSTOMER or letter_of_nobody:
        ticket = replace(ticket, news_seq=article.seq)
    if article.kind == "auto":
        ticket = replace(ticket, auto_at=article.at)
    if article.sender == AGENT and article.visible:
        ticket = replace(ticket, last_agent_at=article.at)
    if article.sender != SYSTEM and answers:
        ticket = replace(ticket, last_sender=article.sender)
    return replace(ticket, changed=article.at)


def follow_up(
    ticket: Ticket, queue: Queue, now: datetime, keep_state: bool = False, owner_away: bool = False
) -> Ticket:
    """The customer goes on: the ticket opens again, unless it is new or the letter came from a machine (`keep_state`).

    The lock of an owner who is away is released; a queue may lock a closed ticket to its old owner again (OTRS
    PostMaster/FollowUp). A held lock runs anew when the customer answers the agent (OTRS unlock timer).
    """
    if keep_state:
        return ticket
    if owner_away:
        ticket = unlock(ticket, now)
    elif ticket.closed and queue.lock_after_follow_up and ticket.owner:
        ticket = taken(ticket, ticket.owner, queue, now)
    elif ticket.lock and ticket.last_sender == AGENT:
        ticket = replace(ticket, lock=replace(ticket.lock, until=runs_out(queue, now)))
    if ticket.state_type == "new":
        return ticket
    return into_state(ticket, OPEN, None, now)


def spoken(ticket: Ticket, language: str | None) -> Ticket:
    """The first words of either side by which a language can be told (`language`) decide in which one the ticket is answered."""
    if language is None or not ticket.language_guessed:
        return ticket
    return replace(ticket, language=language, language_guessed=False)


def known_to(ticket: Ticket, email: str) -> Ticket:
    """Whoever reads the mailbox `email` knows of the ticket: he has gone on with it, or was answered in it."""
    return replace(ticket, doubt="") if email == ticket.customer.email else ticket


# -- answering


def answered(
    ticket: Ticket,
    queue: Queue,
    now: datetime,
    state: str | None,
    until: datetime | None,
    leaves: datetime | None = None,
) -> Ticket:
    """After an agent's reply: the given state, else the queue's; the lock is renewed unless the ticket ends.

    The queue's days begin when the letter leaves, which may be later.
    """
    state = state or queue.state_after_reply
    if leaves and leaves > now and until is None and STATE_TYPES.get(state, "").startswith("pending"):
        until = leaves + timedelta(days=queue.auto_close_days)
    ticket = into_state(ticket, state, until, now, queue)
    if ticket.lock is None:
        return ticket
    return replace(ticket, lock=replace(ticket.lock, until=runs_out(queue, now)))


# -- states and fields


def into_state(ticket: Ticket, state: str, until: datetime | None, now: datetime, queue: Queue | None = None) -> Ticket:
    """In `state`; a pending state without `until` comes due after the queue's days. Ending a ticket frees its lock."""
    if state not in STATE_TYPES:
        raise Refused(f"There is no state “{state}”.", code="malformed")
    if STATE_TYPES[state].startswith("pending"):
        until = until or (now + timedelta(days=queue.auto_close_days) if queue else None)
        if until is None or until <= now:
            raise Refused("A pending state needs a time in the future.", code="malformed")
    else:
        until = None
    ends = STATE_TYPES[state] in ENDED
    closed_at = (ticket.closed_at if ticket.ended else now) if ends else None
    after = replace(ticket, state=state, pending_until=until, reminded=False, closed_at=closed_at, changed=now)
    return unlock(after, now) if ends else after


def change(ticket: Ticket, by: str, changes: Mapping[str, object], queue: Queue, now: datetime) -> Ticket:
    """Fields set by an agent. Queue, state, priority and pending time need the lock to be free or `by`'s."""
    if ticket.state_type in ("merged", "removed"):
        raise Refused(f"This ticket is {ticket.state} and cannot be changed.")
    if changes.keys() & {"queue", "state", "priority", "pending_until"} and held_by_another(ticket, by, now):
        raise locked(ticket)
    plain = {name: value for name, value in changes.items() if name not in ("state", "pending_until")}
    after = replace(ticket, changed=now, **plain)  # type: ignore[arg-type]
    if "owner" in plain and after.lock and after.lock.agent != after.owner:
        after = unlock(after, now)
    if "state" in changes or "pending_until" in changes:
        state = changes.get("state") or ticket.state
        until = changes.get("pending_until")
        if state not in SETTABLE:
            raise Refused(f"A ticket cannot be set to “{state}” by hand.")
        if until and not STATE_TYPES[str(state)].startswith("pending"):
            raise Refused("Only a pending state has a time.", code="malformed")
        after = into_state(after, str(state), until, now, queue)  # type: ignore[arg-type]
    return after
