"""A mail arrives: it becomes an article on the right ticket, once, and whoever wrote it hears the ticket's number.

read the mail, one read of the table, one transaction, one answer. What is still in `in/` is what is not yet safe.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib import (
    auto_response,
    files,
    follow_up,
    incoming,
    numbers,
    outbox,
    outgoing,
    records,
    store,
    table,
    ticket,
)
from chalicelib.article import CUSTOMER, EMAIL, SYSTEM, Address, Article, StoredFile
from chalicelib.config import Config, config
from chalicelib.errors import NotFound
from chalicelib.follow_up import Clue, Outcome
from chalicelib.incoming import Mail, NotMail
from chalicelib.packing import instant
from chalicelib.queues import Queue
from chalicelib.settings import settings
from chalicelib.table import Item, Key, Write
from chalicelib.ticket import Link, Ticket

SET_UP = "in/AMAZON_SES_SETUP_NOTIFICATION"  # written by SES once, when the receipt rule is made
LAST_THREAD = 10  # ids of the customer's mails that our answers refer to


@dataclass(frozen=True)
class Letter:
    """A mail on its way into one queue: its name (the object's below `in/`) and its files, which are safe already."""

    name: str
    mail: Mail
    queue: Queue
    files: tuple[StoredFile, ...]


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
    for queue in piles(mail, config()):
        take(Letter(name, mail, queue, ()), key, now)
    return files.delete(key)


def fail(key: str, reason: str, size: int, now: datetime) -> None:
    """Where agents see it and can try again; the list first, so that the object is never without its row."""
    name = key.removeprefix("in/")
    records.put_failed(name, reason, size, now)
    files.move(key, f"failed/{name}")


def piles(mail: Mail, setup: Config) -> list[Queue]:
    """The queues that get the mail: spam goes to Junk, mail that names no queue to the default one."""
    junk = setup.queues.get("junk")
    if mail.verdicts.spam == "fail" and junk:
        return [junk]
    return follow_up.addressed(mail, setup.queues.values()) or [setup.default_queue]


def own_key(letter: Letter) -> Key:
    """The same Message-ID over another content is another mail: ids are the sender's to choose (dedupe poisoning).

    A mail with neither id nor date has no identity but the object that it lies in: “Thanks!” may well be said twice.
    """
    mail = letter.mail
    identity = mail.message_id or ("" if mail.date else letter.name)
    return outbox.message_key(f"{identity}|{mail.digest}", letter.queue.id)


def take(letter: Letter, key: str, now: datetime) -> None:
    """One queue's share of a mail."""
    stored: list[StoredFile] = []

    def story() -> None:
        seen = look(letter)
        if own_key(letter) in seen:
            return  # the same mail again: everything has been done, its answer is in the outbox
        if not stored:
            stored.extend(put_away(letter, key))
        enter(replace(letter, files=tuple(stored)), seen, now)

    table.insist(story)


def look(letter: Letter) -> dict[Key, Item]:
    """Everything that decides about the mail, in one read."""
    wanted = [own_key(letter), id_key(letter), same_key(letter), customer_key(letter)]
    for clue in clues_of(letter):
        wanted += [ticket_key(clue.number)] if clue.number else message_keys(clue, letter.queue)
    return table.get_many(wanted)


def clues_of(letter: Letter) -> list[Clue]:
    return follow_up.clues(letter.mail, config().secret, settings().hook)


def message_keys(clue: Clue, queue: Queue) -> list[Key]:
    return [outbox.message_key(clue.message_id or "", where) for where in (queue.id, "*")]


def id_key(letter: Letter) -> Key:
    return outbox.message_key(letter.mail.message_id or letter.mail.digest, letter.queue.id)


def same_key(letter: Letter) -> Key:
    return f"SAME#{follow_up.same_letter(letter.mail, letter.queue)}", "SAME"


def customer_key(letter: Letter) -> Key:
    return "CUSTOMERS", letter.mail.sender.email if letter.mail.sender else "-"


def ticket_key(number: str) -> Key:
    return f"T#{number}", "#"


def put_away(letter: Letter, key: str) -> list[StoredFile]:
    """The raw mail and its files, before the transaction that mentions them; named so that doing it again is harmless."""
    files.copy(key, f"mail/{letter.name}")
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
    for clue in clues_of(letter):
        candidate = pointed_at(clue, letter, seen)
        if candidate and follow_up.may_join(candidate, letter.mail, clue.proven):
            return candidate, None
        possible = possible or candidate
    return None, possible


def pointed_at(clue: Clue, letter: Letter, seen: dict[Key, Item]) -> Ticket | None:
    """A dead clue is None and never stops the search."""
    number = clue.number or next(
        (str(seen[key]["number"]) for key in message_keys(clue, letter.queue) if key in seen), None
    )
    if number is None:
        return None
    # A second read, for a mail that only ids lead to: which ticket they belong to was in the first.
    item = seen.get(ticket_key(number)) or (table.get(*ticket_key(number)) if clue.message_id else None)
    return store.ticket_of(item) if item else None


def same_ticket(letter: Letter, seen: dict[Key, Item], now: datetime) -> Ticket | None:
    """The ticket that the impatient customer has for this very letter already."""
    item = seen.get(same_key(letter))
    if item is None or str(item["ends"]) <= instant(now):
        return None
    found = table.get(*ticket_key(str(item["number"])))
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
    opened = remembering(opened, mail)
    also = [
        own_write(letter, number),
        *id_write(letter, number, 1, seen, now),
        Write(
            {"pk": same_key(letter)[0], "sk": "SAME", "number": number, **same_ends(queue, now)},
            condition="attribute_not_exists(pk) OR ends <= :now",
            values={":now": instant(now)},
        ),
    ]
    if mail.sender and customer_key(letter) not in seen:
        also.append(Write({"pk": "CUSTOMERS", "sk": customer.email, "name": customer.name}, condition=""))
    finish(None, opened, letter, outcome, also, now)


def same_ends(queue: Queue, now: datetime) -> dict[str, str | int]:
    ends = now + timedelta(hours=queue.same_letter_hours)
    return {"ends": instant(ends), "ttl": int(ends.timestamp()) + records.DAY}


def append(letter: Letter, seen: dict[Key, Item], found: Ticket, outcome: Outcome, now: datetime) -> None:
    queue, mail = config().queues[found.queue], letter.mail
    after = found
    if outcome == Outcome.FOLLOW_UP or outcome == Outcome.SAME_LETTER and mail.authenticated:
        owner = config().agents.get(found.owner or "")
        away = owner is None or owner.out_of_office or not owner.valid if found.owner else False
        after = ticket.follow_up(found, queue, now, keep_state=mail.automatic, owner_away=away)
    seq = found.article_count + 1
    also = [own_write(letter, found.number), *id_write(letter, found.number, seq, seen, now)]
    finish(found, remembering(after, mail), letter, outcome, also, now)


def remembering(opened: Ticket, mail: Mail) -> Ticket:
    """What our answers need to thread in the customer's program, and where he wants them."""
    thread = tuple(dict.fromkeys([*opened.thread, *([mail.message_id] if mail.message_id else [])]))[-LAST_THREAD:]
    answer_to = mail.reply_to[0] if mail.reply_to and not mail.automatic else opened.answer_to
    return replace(opened, thread=thread, answer_to=answer_to)


def own_write(letter: Letter, number: str) -> Write:
    pk, sk = own_key(letter)
    return Write({"pk": pk, "sk": sk, "number": number})


def id_write(letter: Letter, number: str, seq: int, seen: dict[Key, Item], now: datetime) -> list[Write]:
    """The customer's own id, so that his colleague's answer to it finds the ticket. The first mail of an id keeps it."""
    if not letter.mail.message_id or id_key(letter) in seen:
        return []
    return [Write(outbox.message_item(letter.mail.message_id, number, seq, now, letter.queue.id))]


def finish(
    before: Ticket | None, after: Ticket, letter: Letter, outcome: Outcome, also: list[Write], now: datetime
) -> None:
    """The mail's article, the automatic answer that is due, one transaction, and the answer leaves."""
    said = [letter_article(letter, after.article_count + 1, now)]
    after = ticket.said(after, said[0])
    queue = config().queues[after.queue]
    answer = auto_response.due(outcome, after, letter.mail, queue, config().addresses, settings().hook, now)
    if answer:
        said.append(answer)
        after = ticket.said(after, answer)
    saved = store.save(before, after, said, by=history_name(letter.mail), now=now, also=also)
    if answer:
        outgoing.deliver(saved, answer, queue, now)


def history_name(mail: Mail) -> str:
    return "customer" if mail.sender else "system"


def letter_article(letter: Letter, seq: int, now: datetime) -> Article:
    mail = letter.mail
    attached = letter.files
    if mail.broken:
        attached = (*attached, StoredFile(f"mail/{letter.name}", "mail.eml", "message/rfc822", 0))
    return Article(
        seq=seq,
        kind="mail",
        channel=EMAIL,
        sender=CUSTOMER if mail.sender else SYSTEM,
        sent_from=mail.sender or Address(""),
        to=mail.to,
        cc=mail.cc,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        fold=mail.fold,
        blocked=mail.blocked,
        at=now,
        attachments=attached,
        automatic=mail.automatic,
        message_id=mail.message_id,
        references=mail.references,
        mail_key=f"mail/{letter.name}",
    )
