"""Two tickets become one, as OTRS merges: the survivor has everything, the merged one leads to it. Pure, like ticket.py."""

from dataclasses import replace
from datetime import datetime

from chalicelib.article import CUSTOMER
from chalicelib.errors import Conflict, Refused
from chalicelib.queues import Queue
from chalicelib.ticket import LAST_THREAD, MERGED, OPEN, Link, Ticket, into_state
from chalicelib.ticket_lock import held_by_another, locked

MOST_HOPS = 10  # of a chain of merges (OTRS follows as many)


def may_merge(lost: Ticket, kept: Ticket, by: str, now: datetime) -> None:
    """Raises Refused for what cannot be merged, Conflict(locked) where somebody else works on either of them."""
    if lost.number == kept.number:
        raise Refused("A ticket cannot be merged into itself.", code="malformed")
    for each in (lost, kept):
        if each.merged_into:
            raise Refused(f"Ticket {each.number} has been merged into {each.merged_into} already.", code="malformed")
        if each.state == "removed":
            raise Refused(f"Ticket {each.number} has been removed.", code="malformed")
        if held_by_another(each, by, now):
            raise locked(each)


def under_way(ticket: Ticket) -> Conflict:
    return Conflict(
        "A mail of this ticket is leaving just now; please try again in a moment.", "changed", ticket=ticket
    )


def absorbed(kept: Ticket, lost: Ticket, queue: Queue, now: datetime) -> Ticket:
    """The survivor, with what the other one had. Articles of the other follow its own: n becomes n + its article_count.

    An open letter opens the survivor, as it would have had it come here at once.
    """
    shift = kept.article_count
    known = {link.number for link in kept.links} | {kept.number}
    both = sorted((kept, lost), key=lambda each: each.created)
    same_customer = kept.asks == lost.asks
    after = replace(
        kept,
        article_count=shift + lost.article_count,
        last_customer_seq=later(kept.last_customer_seq, lost.last_customer_seq, shift),
        last_reply_seq=later(kept.last_reply_seq, lost.last_reply_seq, shift),
        last_reply_by=who_replied(kept, lost),
        news_seq=later(kept.news_seq, lost.news_seq, shift),
        last_sender=CUSTOMER if CUSTOMER in (kept.last_sender, lost.last_sender) else kept.last_sender,
        last_agent_at=max(filter(None, (kept.last_agent_at, lost.last_agent_at)), default=None),
        language=lost.language if kept.language_guessed else kept.language,
        language_guessed=kept.language_guessed and lost.language_guessed,
        doubt="" if same_customer and not lost.doubt else kept.doubt,
        participants=kept.participants | lost.participants,
        aside=(kept.aside | lost.aside) - heard(kept) - heard(lost),
        answer_to=kept.answer_to or (lost.answer_to if same_customer else None),
        thread=united(*(each.thread for each in both))[-LAST_THREAD:] if same_customer else kept.thread,
        tags=united(kept.tags, lost.tags),
        fields={**lost.fields, **kept.fields},
        time_units=kept.time_units + lost.time_units,
        links=(
            *(link for link in kept.links if link.number != lost.number),
            *(link for link in lost.links if link.number not in known),
            Link(lost.number, "merged", back=True, email=lost.customer.email),
        ),
        changed=now,
    )
    wakes = lost.state_type in ("new", "open") and kept.state_type not in ("new", "open")
    return into_state(after, OPEN, None, now, queue) if wakes else after


def heard(ticket: Ticket) -> frozenset[str]:
    """Whose letters the customer may read."""
    return ticket.participants - ticket.aside


def given_up(lost: Ticket, kept: Ticket, moving: bool, now: datetime) -> Ticket:
    """The merged one; `kept` is the survivor as it was before. `moving`: not all articles go over in one step."""
    after = into_state(lost, MERGED, None, now)
    return replace(after, merged_into=kept.number, merged_from_seq=kept.article_count, moving=moving, time_units=0)


def who_replied(*both: Ticket) -> str | None:
    """Answers of several people together are nobody's own."""
    writers = {each.last_reply_by for each in both if each.last_reply_seq}
    return writers.pop() if len(writers) == 1 else None


def later(own: int, others: int, shift: int) -> int:
    return shift + others if others else own


def united(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
