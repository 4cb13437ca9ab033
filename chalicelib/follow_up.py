"""Which ticket a mail continues, and with what authority. A clue finds a ticket; only authority lets the sender join it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib import threads
from chalicelib.mail import Mail
from chalicelib.queues import NEW_TICKET, REJECT, Queue
from chalicelib.ticket import Ticket

LONG = 200  # articles: whoever has written so much knows the number, or two machines are talking
LAST_IDS = 20  # of a long thread only the newest ids are looked up, and its first
MOST_NUMBERS = 10  # of other systems in one subject: each is read, and written in the ticket's transaction

# Prefixes of a forwarded mail's subject: what it quotes is not what it is about.
# A gateway may have put its own mark before it: [EXTERN] WG: ...
FORWARD = re.compile(rf"\s*(\[[^\W\d_][^\W\d_ -]{{1,20}}\]\s*)?({threads.FORWARDS})\s*(\[\d+\])?[:：]", re.IGNORECASE)


class Outcome(StrEnum):
    """What taking in a mail leads to."""

    NEW_TICKET = "new ticket"
    FOLLOW_UP = "follow-up"
    NEW_AFTER_CLOSED = "new after closed"
    REJECTED = "rejected"
    SAME_LETTER = "same letter"


@dataclass(frozen=True)
class Clue:
    """Points to a ticket, by its number, by the id of a mail in it, or by a number of somebody else's (`external`).

    `proven` clues carry our signature. What a forward quotes only `hints`: it joins nothing.
    """

    number: str | None = None
    message_id: str | None = None
    external: str | None = None
    proven: bool = False
    hints: bool = False


def clues(mail: Mail, secret: bytes, hook: str, patterns: Iterable[str] = ()) -> list[Clue]:
    """In the order in which they are believed: signed addresses and references, ids (the newest first), the subject.

    `patterns` are those of the queue for numbers of other systems.

    A forward is a new matter unless the address says otherwise that it was sent to (complaint: zammad#4965): programs leave the
    references of the forwarded mail in it, ours too.
    """
    addresses = (*recipients(mail), *mail.delivered_to, *(each.email for each in (*mail.to, *mail.cc)))
    ids = list(dict.fromkeys([*mail.in_reply_to, *reversed(mail.references)]))
    found = proven([threads.read_token(each) for each in addresses], secret)
    further = proven([threads.read_reference(each) for each in ids], secret)
    further += [Clue(message_id=each) for each in [*ids[: LAST_IDS - 1], *ids[LAST_IDS - 1 :][-1:]]]  # the root, too
    further += [Clue(number=number) for number in threads.number_in(mail.subject, hook)]
    for named, digits in external_numbers(mail.subject, patterns):
        # A desk that was moved here keeps its numbers: then the digits themselves are a ticket's.
        further += [Clue(external=named), Clue(number=digits)]
    if FORWARD.match(mail.subject):
        further = [replace(each, hints=True) for each in further]
    return list(dict.fromkeys([*found, *further]))


def proven(told: Iterable[tuple[str, str] | None], secret: bytes) -> list[Clue]:
    return [Clue(number=n, proven=True) for n, token in filter(None, told) if threads.valid(n, token, secret)]


def external_numbers(subject: str, patterns: Iterable[str]) -> list[tuple[str, str]]:
    """Numbers of other systems in the subject, each as it is named (`inc 4711`) and bare; a pattern is `INC {}`."""
    found = []
    for pattern in patterns:
        before, _, after = pattern.partition("{}")
        digits = rf"(?<!\w){re.escape(before)}([0-9]{{2,20}}){re.escape(after)}(?![0-9])"
        found += [(pattern.casefold().replace("{}", each), each) for each in re.findall(digits, subject, re.IGNORECASE)]
    return list(dict.fromkeys(found))[:MOST_NUMBERS]


def recipients(mail: Mail) -> tuple[str, ...]:
    return (mail.verdicts.recipient,) if mail.verdicts.recipient else ()


def may_join(ticket: Ticket, mail: Mail, proven: bool) -> bool:
    """A participant, and authenticated or with a valid token. Everybody else gets a ticket of his own."""
    sender = mail.sender.email if mail.sender else ""
    return sender in ticket.participants and (proven or mail.authenticated) and ticket.state != "removed"


def outcome(ticket: Ticket, queue: Queue, is_note: bool = False) -> Outcome:
    """What a follow-up on this ticket leads to; the queue's option matters only when it is closed (OTRS).

    `is_note`: a program's answer to what we have sent; it is kept beside that and asks for nothing.
    """
    if is_note:
        return Outcome.FOLLOW_UP
    untold = ticket.article_count > LONG  # no automatic answer would say that it is rejected: nobody would ever read it
    if ticket.closed and queue.follow_up == REJECT and not untold:
        return Outcome.REJECTED
    if ticket.closed and queue.follow_up in (NEW_TICKET, REJECT):
        return Outcome.NEW_AFTER_CLOSED
    return Outcome.FOLLOW_UP


def is_note(mail: Mail) -> bool:
    """An out-of-office note, a read receipt, whatever a program answers to what we have sent."""
    submitted, kind = (mail.headers.get(name, "").lower() for name in ("auto-submitted", "content-type"))
    return mail.out_of_office or submitted.startswith("auto-replied") or "disposition-notification" in kind


def addressed(mail: Mail, queues: Iterable[Queue]) -> list[Queue]:
    """The queues that the mail was written to; none where it names none of ours.

    SES's own word comes first: what the sender wrote into To may be anything.
    """
    return behind(recipients(mail), queues) or written_to(mail, queues)


def written_to(mail: Mail, queues: Iterable[Queue]) -> list[Queue]:
    """The queues that its headers name, whichever of them this copy of it came for."""
    return behind((*mail.delivered_to, *(each.email for each in (*mail.to, *mail.cc))), queues)


def behind(addresses: Iterable[str], queues: Iterable[Queue]) -> list[Queue]:
    by_address = {queue.address: queue for queue in queues if queue.valid and queue.address}
    found = [by_address[bare] for each in addresses if (bare := without_plus(each)) in by_address]
    return list({queue.id: queue for queue in found}.values())


def without_plus(address: str) -> str:
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
