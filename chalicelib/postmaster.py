"""A mail arrives: it becomes an article on the right ticket, once, and whoever wrote it hears the ticket's number.

read the mail, one read of the table, one transaction, one answer. What is still in `in/` is what is not yet safe.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from chalicelib import (
    auto_response,
    files,
    follow_up,
    history,
    incoming,
    letters,
    log,
    merging,
    numbers,
    outgoing,
    records,
    store,
    table,
    taking_part,
    ticket,
    undelivered,
    whose_ticket,
)
from chalicelib.article import SAME_LETTER, SYSTEM, Address, StoredFile
from chalicelib.config import Config, config
from chalicelib.errors import Conflict, NotFound
from chalicelib.follow_up import Outcome
from chalicelib.incoming import Mail, NotMail
from chalicelib.letters import Letter
from chalicelib.queues import Queue
from chalicelib.reports import Report
from chalicelib.settings import settings
from chalicelib.table import Write
from chalicelib.ticket import Link, Ticket
from chalicelib.whose_ticket import Seen

SET_UP = "in/AMAZON_SES_SETUP_NOTIFICATION"  # written by SES once, when the receipt rule is made


class Overtaken(Exception):
    """Another function has the same mail in hand and was faster: the object is where it belongs already."""


def take_in(key: str, now: datetime) -> None:
    """The object `in/<name>`. Doing it again, at any point, does no harm."""
    if key == SET_UP:
        return files.delete(key)
    try:
        raw = files.read(key)
    except NotFound:
        return None  # taken in by an earlier event
    try:
        mail = incoming.parse(raw)
    except NotMail as reason:
        return fail(key, str(reason), len(raw), now)
    name = key.removeprefix("in/")
    try:
        for queue in piles(mail, config()):
            take(Letter(name, mail, queue, ()), key, now)
    except Overtaken:
        return None
    return files.delete(key)


def fail(key: str, reason: str, size: int, now: datetime) -> None:
    """Where agents see it and can try again; the list first, so that the object is never without its row."""
    log.measure(MailsFailed=1)
    name = key.removeprefix("in/")
    records.put_failed(name, reason, size, now)
    with suppress(NotFound):  # another function was faster
        files.move(key, f"failed/{name}")


def piles(mail: Mail, setup: Config) -> list[Queue]:
    """The queues that get the mail: spam goes to Junk, mail that names no queue to the default one."""
    junk = setup.queues.get("junk")
    if mail.verdicts.spam == "fail" and junk:
        return [junk]
    return follow_up.addressed(mail, setup.queues.values()) or [setup.default_queue]


def take(letter: Letter, key: str, now: datetime) -> str:
    """One queue's share of a mail; the number of the ticket that has it."""
    stored: list[StoredFile] = []

    def story() -> str:
        seen = whose_ticket.look(letter)
        known = seen.get(letters.own_key(letter))
        if known:
            log.measure(Duplicates=1)
            return str(known["number"])  # the same mail again: all has been done, its answer is in the outbox
        beside = whose_ticket.beside(letter, seen)
        here = next((each.number for each in beside if each.queue == letter.queue.id), None)
        if here:
            return here  # it goes on with a ticket that was moved here from another queue
        if not stored:
            stored.extend(put_away(letter, key))
        return enter(replace(letter, files=tuple(stored)), seen, beside, now)

    return table.insist(story)


def put_away(letter: Letter, key: str) -> list[StoredFile]:
    """The raw mail and its files, before the transaction that mentions them; named so that doing it again is harmless."""
    try:
        if key != f"mail/{letter.name}":
            files.copy(key, f"mail/{letter.name}")
    except NotFound:
        raise Overtaken from None
    infected = letters.infected(letter.mail)
    folder = "quarantine" if infected else "files"  # where nothing of the desk may read
    stored = []
    for n, part in enumerate(letter.mail.attachments, 1):
        place = f"{folder}/{letter.name}/{n}"
        files.put(place, part.content, part.content_type)
        size = len(part.content)
        stored.append(StoredFile(place, part.filename, part.content_type, size, part.inline, part.content_id, infected))
    return stored


# -- whose ticket


def enter(letter: Letter, seen: Seen, beside: list[Ticket], now: datetime) -> str:
    """The number of the ticket that has the letter now."""
    if letter.mail.report and (number := returned(letter, letter.mail.report, seen, beside, now)):
        return number
    found = whose_ticket.belongs(letter, seen, [each.number for each in beside])
    same = whose_ticket.same_letter(letter, seen, now) if found.joins is None else None
    if same and not same.closed:
        log.measure(SameLetters=1)
        return append(letter, seen, same, Outcome.SAME_LETTER, now, known_to_each_other(same, beside, now))
    # What was settled and is said again has happened again; a ticket of his own is safe with whoever may not open the old one.
    again = same if letter.mail.authenticated and not letter.mail.automatic else None
    goes_on = found.joins or again
    if goes_on is None:
        links = [found.possible] if found.possible else []
        return open_ticket(letter, seen, Outcome.NEW_TICKET, links, beside, now)
    joins, also = united(goes_on, found.half, now)
    outcome = follow_up.outcome(joins, config().queues[joins.queue], follow_up.is_note(letter.mail))
    if outcome == Outcome.NEW_AFTER_CLOSED:
        return open_ticket(letter, seen, outcome, [Link(joins.number, "parent")], beside, now)
    return append(letter, seen, joins, outcome, now, [*also, *known_to_each_other(joins, beside, now)])


def known_to_each_other(found: Ticket, beside: list[Ticket], now: datetime) -> list[Write]:
    """The tickets of one mail to several queues."""
    pairs = [(found, other) for other in beside] + [(other, found) for other in beside]
    return [store.link_back(one.number, link_from(other, "same-mail"), now) for one, other in pairs]


def returned(letter: Letter, report: Report, seen: Seen, beside: list[Ticket], now: datetime) -> str | None:
    """A report about a mail of ours goes to that mail; None where it is about none that we know."""
    place = undelivered.about(letter.mail, report, seen)
    if place is None:
        return None
    number, seq = place
    number, shift = store.place_of(number, 0)
    found = store.whole(number)  # a further read: which of its mails it was decides what follows
    if undelivered.is_persons(letter.mail, report, found.ticket):
        return enter(replace(letter, mail=undelivered.as_persons(letter.mail)), seen, beside, now)
    of = undelivered.original(found, seq and seq + shift, report)
    if found.ticket.merged_into or seq and of is None:
        raise table.Changed  # it is just being merged, or still on its way there: later it is where it belongs
    if of is None:
        return None
    told = undelivered.reported(report, of)
    after = found.ticket
    if undelivered.is_believed(letter.mail, report, told, seq is not None, seen):
        undelivered.settle(number, of, told, now, detail=undelivered.reason(report, told))
        after = undelivered.noticed(after, of, report.kind, now)
    said = letters.letter_article(letter, found.ticket.article_count + 1, now)
    said = replace(said, sender=SYSTEM, visible=False, report=told)
    after = ticket.said(after, said)
    store.save(found.ticket, after, [said], now=now, also=[letters.own_write(letter, number)])
    return number


def united(joins: Ticket, half: Ticket | None, now: datetime) -> tuple[Ticket, list[Write]]:
    """Two halves of a thread become one before the letter that shows it is entered; else both are told of each other."""
    if half is None:
        return joins, []
    if whose_ticket.may_unite(joins, half, now):
        with suppress(Conflict):  # a mail of it is leaving just now: an agent may merge them
            return merging.merge(store.whole(half.number), store.whole(joins.number), history.SYSTEM, now), []
    pairs = ((joins, half), (half, joins))
    return joins, [store.link_back(one.number, link_from(other, "normal"), now) for one, other in pairs]


def link_from(ticket: Ticket, kind: str) -> Link:
    return Link(ticket.number, kind, back=True, email=ticket.customer.email, doubt=ticket.doubt)


# -- what is saved


def open_ticket(
    letter: Letter, seen: Seen, outcome: Outcome, links: list[Link], beside: list[Ticket], now: datetime
) -> str:
    mail, queue = letter.mail, letter.queue
    number = numbers.make(settings().numbers, now, records.next_number, settings().system_id)
    customer = mail.sender or Address("")
    doubt = letters.doubt(letter, False) if outcome == Outcome.NEW_TICKET else ""  # else he went on with one of his
    opened = ticket.open_new(number, mail.subject, queue, customer, now, mail.language, doubt)
    links = [*links, *(Link(each.number, "same-mail") for each in beside)]
    before = whose_ticket.asked_before(letter, seen, now) if outcome == Outcome.NEW_TICKET else None
    if before and before not in [link.number for link in links]:
        links.append(Link(before, "asked-before"))
    opened = letters.remembering(replace(opened, links=tuple(links)), mail)
    also = [
        *letters.id_writes(letter, number, 1, seen, now),
        *letters.expecting_writes(letter, number, seen, now),
        letters.same_write(letter, number, seen, now),
        *letters.copy_checks(letter, seen),
        *(store.link_back(link.number, link_from(opened, link.kind), now) for link in links),
    ]
    if mail.sender and letters.customer_key(letter) not in seen:
        also.append(Write({"pk": "CUSTOMERS", "sk": customer.email, "name": customer.name}, condition=""))
    return finish(None, opened, letter, seen, outcome, also, now)


def append(
    letter: Letter, seen: Seen, found: Ticket, outcome: Outcome, now: datetime, also: Sequence[Write] = ()
) -> str:
    queue, mail = config().queues[found.queue], letter.mail
    after = found
    if outcome == Outcome.FOLLOW_UP or outcome == Outcome.SAME_LETTER and mail.authenticated:
        away = config().is_away(found.owner)
        after = ticket.follow_up(found, queue, now, keep_state=mail.automatic, owner_away=away)
    if outcome != Outcome.SAME_LETTER and mail.sender and not mail.automatic:  # a machine answers unread
        after = ticket.known_to(after, mail.sender.email)
    ids = letters.id_writes(letter, found.number, found.article_count + 1, seen, now)
    ids += letters.copy_checks(letter, seen)
    return finish(found, letters.remembering(after, mail), letter, seen, outcome, [*ids, *also], now)


def finish(
    before: Ticket | None, after: Ticket, letter: Letter, seen: Seen, outcome: Outcome, also: list[Write], now: datetime
) -> str:
    """The mail's article, the automatic answer that is due, one transaction, and the answer leaves."""
    also = [letters.own_write(letter, after.number), *letters.external_writes(letter, after.number, seen), *also]
    written = letters.letter_article(letter, after.article_count + 1, now)
    doubt = letters.doubt(letter, outcome not in (Outcome.NEW_TICKET, Outcome.SAME_LETTER))
    written = replace(written, visible=not taking_part.is_aside(after, letter.mail), doubt=doubt)
    said = [replace(written, subkind=SAME_LETTER) if outcome == Outcome.SAME_LETTER else written]
    after = ticket.said(after, said[0])
    after = ticket.spoken(after, letter.mail.language) if written.visible and not letter.mail.automatic else after
    queue = config().queues[after.queue]
    known, own = seen.get(letters.customer_key(letter), {}), config().addresses
    marked = "undeliverable" in known
    if marked and letter.mail.authenticated and letter.mail.sender:
        also, marked = [*also, undelivered.unmark(letter.mail.sender.email)], False  # he writes: the mailbox lives
    answer = (
        None
        if letter.old or marked
        else auto_response.due(outcome, after, letter.mail, queue, own, settings().hook, now)
    )
    if answer and letter.mail.sender and answer.to[0].email != letter.mail.sender.email:
        # A Reply-To is rare: only then is one more address looked up.
        answer = None if undelivered.is_marked(answer.to[0].email) else answer
    if answer:
        said.append(answer)
        after = ticket.said(after, answer)
    log.measure(**{"Mails": 1, "FollowUps" if before else "NewTickets": 1})
    saved = store.save(before, after, said, by=letters.history_name(letter.mail), now=now, also=also)
    if answer:
        outgoing.deliver(saved, answer, queue, now)
    return after.number
