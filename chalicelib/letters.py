"""A mail on its way into one queue: under which names the table knows it, and the article that it becomes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib import follow_up, outbox, records
from chalicelib.article import CUSTOMER, EMAIL, SYSTEM, Address, Article, StoredFile
from chalicelib.config import config
from chalicelib.follow_up import Clue
from chalicelib.mail import Mail
from chalicelib.packing import instant
from chalicelib.queues import Queue
from chalicelib.settings import settings
from chalicelib.table import Item, Key, Write
from chalicelib.ticket import Ticket

LAST_THREAD = 10  # ids of the customer's mails that our answers refer to


@dataclass(frozen=True)
class Letter:
    """A mail on its way into one queue: its name (the object's below `in/`) and its files, which are safe already."""

    name: str
    mail: Mail
    queue: Queue
    files: tuple[StoredFile, ...]


# -- names


def own_key(letter: Letter) -> Key:
    """The same Message-ID over another content is another mail: ids are the sender's to choose (dedupe poisoning).

    A mail with neither id nor date has no identity but the object that it lies in: “Thanks!” may well be said twice.
    """
    mail = letter.mail
    identity = mail.message_id or ("" if mail.date else letter.name)
    return outbox.message_key(f"{identity}|{mail.digest}", letter.queue.id)


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


# -- what is written


def own_write(letter: Letter, number: str) -> Write:
    pk, sk = own_key(letter)
    return Write({"pk": pk, "sk": sk, "number": number})


def id_write(letter: Letter, number: str, seq: int, seen: dict[Key, Item], now: datetime) -> list[Write]:
    """The customer's own id, so that his colleague's answer to it finds the ticket. The first mail of an id keeps it."""
    if not letter.mail.message_id or id_key(letter) in seen:
        return []
    return [Write(outbox.message_item(letter.mail.message_id, number, seq, now, letter.queue.id))]


def same_ends(queue: Queue, now: datetime) -> dict[str, str | int]:
    ends = now + timedelta(hours=queue.same_letter_hours)
    return {"ends": instant(ends), "ttl": int(ends.timestamp()) + records.DAY}


def remembering(opened: Ticket, mail: Mail) -> Ticket:
    """What our answers need to thread in the customer's program, and where he wants them."""
    thread = tuple(dict.fromkeys([*opened.thread, *([mail.message_id] if mail.message_id else [])]))[-LAST_THREAD:]
    # Only of somebody who is who he says he is: else our answers could be led to anybody.
    believed = mail.authenticated and not mail.automatic
    answer_to = mail.reply_to[0] if mail.reply_to and believed else opened.answer_to
    return replace(opened, thread=thread, answer_to=answer_to)


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
