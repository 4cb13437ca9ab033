"""A mail arrives: it becomes an article on the right ticket, once, and whoever wrote it hears the ticket's number.

read the mail, one read of the table, one transaction, one answer. What is still in `in/` is what is not yet safe.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from chalicelib import (
    auto_response,
    files,
    follow_up,
    incoming,
    letters,
    numbers,
    outgoing,
    records,
    store,
    table,
    ticket,
)
from chalicelib.article import Address, StoredFile
from chalicelib.config import Config, config
from chalicelib.errors import NotFound
from chalicelib.follow_up import Clue, Outcome
from chalicelib.incoming import Mail, NotMail
from chalicelib.letters import Letter
from chalicelib.packing import instant
from chalicelib.queues import Queue
from chalicelib.settings import settings
from chalicelib.table import Item, Key, Write
from chalicelib.ticket import Link, Ticket

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


def take(letter: Letter, key: str, now: datetime) -> None:
    """One queue's share of a mail."""
    stored: list[StoredFile] = []

    def story() -> None:
        seen = look(letter)
        if letters.own_key(letter) in seen:
            return  # the same mail again: everything has been done, its answer is in the outbox
        if not stored:
            stored.extend(put_away(letter, key))
        enter(replace(letter, files=tuple(stored)), seen, now)

    table.insist(story)


def look(letter: Letter) -> dict[Key, Item]:
    """Everything that decides about the mail, in one read."""
    wanted = [letters.own_key(letter), letters.id_key(letter), letters.same_key(letter), letters.customer_key(letter)]
    for clue in letters.clues_of(letter):
        wanted += [letters.ticket_key(clue.number)] if clue.number else letters.message_keys(clue, letter.queue)
    return table.get_many(wanted)


def put_away(letter: Letter, key: str) -> list[StoredFile]:
    """The raw mail and its files, before the transaction that mentions them; named so that doing it again is harmless."""
    try:
        files.copy(key, f"mail/{letter.name}")
    except NotFound:
        raise Overtaken from None
    stored = []
    for n, part in enumerate(letter.mail.attachments, 1):
        place = f"files/{letter.name}/{n}"
        files.put(place, part.content, part.content_type)
        stored.append(
            StoredFile(place, part.filename, part.content_type, len(part.content), part.inline, part.content_id)
        )
    return stored


# -- whose ticket


def enter(letter: Letter, seen: dict[Key, Item], now: datetime) -> None:
    found, stranger_at = continued(letter, seen)
    if found is None:
        same = same_ticket(letter, seen, now)
        if same:
            return append(letter, seen, same, Outcome.SAME_LETTER, now)
        return open_ticket(letter, seen, Outcome.NEW_TICKET, stranger_at, now)
    queue = config().queues[found.queue]
    outcome = follow_up.outcome(found, queue)
    if outcome == Outcome.NEW_AFTER_CLOSED:
        return open_ticket(letter, seen, outcome, found, now)
    return append(letter, seen, found, outcome, now)


def continued(letter: Letter, seen: dict[Key, Item]) -> tuple[Ticket | None, Ticket | None]:
    """The ticket that the mail joins, and, where it joins none, the first one that it may have meant."""
    possible = None
    for clue in letters.clues_of(letter):
        candidate = pointed_at(clue, letter, seen)
        if candidate and follow_up.may_join(candidate, letter.mail, clue.proven):
            return candidate, None
        possible = possible or candidate
    return None, possible


def pointed_at(clue: Clue, letter: Letter, seen: dict[Key, Item]) -> Ticket | None:
    """A dead clue is None and never stops the search."""
    number = clue.number or next(
        (str(seen[key]["number"]) for key in letters.message_keys(clue, letter.queue) if key in seen), None
    )
    if number is None:
        return None
    # A second read, for a mail that only ids lead to: which ticket they belong to was in the first.
    item = seen.get(letters.ticket_key(number)) or (table.get(*letters.ticket_key(number)) if clue.message_id else None)
    return store.ticket_of(item) if item else None


def same_ticket(letter: Letter, seen: dict[Key, Item], now: datetime) -> Ticket | None:
    """The ticket that the impatient customer has for this very letter already."""
    item = seen.get(letters.same_key(letter))
    if item is None or str(item["ends"]) <= instant(now):
        return None
    found = table.get(*letters.ticket_key(str(item["number"])))
    return store.ticket_of(found) if found else None


# -- what is saved


def open_ticket(letter: Letter, seen: dict[Key, Item], outcome: Outcome, linked: Ticket | None, now: datetime) -> None:
    mail, queue = letter.mail, letter.queue
    number = numbers.make(settings().numbers, now, records.next_number, settings().system_id)
    customer = mail.sender or Address("")
    opened = ticket.open_new(number, mail.subject, queue, customer, now, mail.language)
    if linked:
        kind = "follow-up" if outcome == Outcome.NEW_TICKET else "parent"
        opened = replace(opened, links=(Link(linked.number, kind),))
    opened = letters.remembering(opened, mail)
    also = [
        letters.own_write(letter, number),
        *letters.id_write(letter, number, 1, seen, now),
        Write(
            {"pk": letters.same_key(letter)[0], "sk": "SAME", "number": number, **letters.same_ends(queue, now)},
            condition="attribute_not_exists(pk) OR ends <= :now",
            values={":now": instant(now)},
        ),
    ]
    if mail.sender and letters.customer_key(letter) not in seen:
        also.append(Write({"pk": "CUSTOMERS", "sk": customer.email, "name": customer.name}, condition=""))
    finish(None, opened, letter, outcome, also, now)


def append(letter: Letter, seen: dict[Key, Item], found: Ticket, outcome: Outcome, now: datetime) -> None:
    queue, mail = config().queues[found.queue], letter.mail
    after = found
    if outcome == Outcome.FOLLOW_UP or outcome == Outcome.SAME_LETTER and mail.authenticated:
        away = config().is_away(found.owner)
        after = ticket.follow_up(found, queue, now, keep_state=mail.automatic, owner_away=away)
    seq = found.article_count + 1
    also = [letters.own_write(letter, found.number), *letters.id_write(letter, found.number, seq, seen, now)]
    finish(found, letters.remembering(after, mail), letter, outcome, also, now)


def finish(
    before: Ticket | None, after: Ticket, letter: Letter, outcome: Outcome, also: list[Write], now: datetime
) -> None:
    """The mail's article, the automatic answer that is due, one transaction, and the answer leaves."""
    said = [letters.letter_article(letter, after.article_count + 1, now)]
    after = ticket.said(after, said[0])
    queue = config().queues[after.queue]
    answer = auto_response.due(outcome, after, letter.mail, queue, config().addresses, settings().hook, now)
    if answer:
        said.append(answer)
        after = ticket.said(after, answer)
    saved = store.save(before, after, said, by=letters.history_name(letter.mail), now=now, also=also)
    if answer:
        outgoing.deliver(saved, answer, queue, now)
