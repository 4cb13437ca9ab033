"""An old mailbox comes into the desk: mbox, Maildir or a folder of .eml, in the order in which it was written.

Letters of customers go the way of all mail, with their own dates, and nobody is answered. What the firm's people wrote (from an
address of the desk, of an agent, or one named with --own) becomes an agent's answer. Who the sender says he is, is believed: the mailbox was theirs.
"""

import hashlib
import mailbox
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chalicelib import (
    files,
    incoming,
    letters,
    lists,
    mail_headers,
    numbers,
    postmaster,
    records,
    store,
    table,
    ticket,
    whose_ticket,
)
from chalicelib.article import AGENT, Address
from chalicelib.config import config
from chalicelib.follow_up import addressed
from chalicelib.letters import Letter
from chalicelib.mail import Mail, NotMail, Verdicts
from chalicelib.queues import Queue
from chalicelib.settings import settings
from chalicelib.table import Write
from chalicelib.ticket import CLOSED, Ticket
from dev.progress import Progress

BELIEVED = Verdicts(dmarc="pass", dmarc_aligned=True)
DATE = re.compile(rb"(?im)^date:[ \t]*(.*(?:\r?\n[ \t].*)*)")
HEAD = 65536  # bytes in which the Date of a mail is looked for
OLD = "old-"  # begins the names of mails that were brought here
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


class NoMailbox(Exception):
    """The sentence says what was expected."""


@dataclass(frozen=True)
class Wishes:
    """`queue` takes mail that names none of ours; tickets that were quiet for `open_days` are closed; `own` wrote answers."""

    queue: Queue
    open_days: int
    own: Collection[str] = ()


def bring_in(source: Path, wishes: Wishes, progress: Progress, now: datetime) -> Counter[str]:
    """What became of the letters, by kind. Told again it goes on where it was; what is there already is not doubled."""
    box = opened(source)
    order = sorted(box, key=lambda each: (each[0], each[1]))
    progress.total = len(order)
    report: Counter[str] = Counter(progress.get("report") or {})
    for place, (_, _, read) in enumerate(order):
        if place < (progress.get("place") or 0):
            continue
        report[one(read(), wishes, now)] += 1
        progress.reached["report"] = report
        progress.set("place", place + 1)
    progress.keep()
    report["tickets closed, because they were quiet"] = close_quiet(wishes, now)
    progress.done()
    return report


# -- mailboxes

Found = tuple[datetime, str, Callable[[], bytes]]  # when it was written, its name, and how to read it


def opened(source: Path) -> list[Found]:
    """Raises NoMailbox."""
    if (source / "cur").is_dir():
        return list(entries(mailbox.Maildir(source, create=False)))
    if source.is_dir():
        mails = sorted(source.rglob("*.eml"))
        if not mails:
            raise NoMailbox(f"{source} is neither a Maildir nor a folder with .eml files.")
        return [(date_of(each.read_bytes()[:HEAD]), str(each), each.read_bytes) for each in mails]
    if not source.exists():
        raise NoMailbox(f"There is no {source}.")
    with source.open("rb") as file:
        if not file.read(5) == b"From ":
            raise NoMailbox(f"{source} is no mbox: it does not begin with “From ”.")
    return list(entries(mailbox.mbox(source, create=False)))


def entries(box: mailbox.Mailbox) -> Iterator[Found]:  # type: ignore[type-arg]
    for key in box.iterkeys():
        with box.get_file(key) as file:  # type: ignore[attr-defined]
            head = file.read(HEAD)

        def read(key: str = key) -> bytes:
            return unquoted(box.get_bytes(key))

        yield date_of(head), f"{key:>09}", read


def unquoted(raw: bytes) -> bytes:
    """mbox puts a > before lines that begin with “From ”."""
    return re.sub(rb"(?m)^>(>*From )", rb"\1", raw)


def date_of(head: bytes) -> datetime:
    found = DATE.search(head.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0])
    return (mail_headers.date_of(found[1]) if found else None) or LONG_AGO


# -- one letter


def one(raw: bytes, wishes: Wishes, now: datetime) -> str:
    """What became of it, in words."""
    name = f"{OLD}{hashlib.sha256(raw).hexdigest()[:32]}"
    try:
        mail = replace(incoming.parse(raw), verdicts=BELIEVED)
    except NotMail as reason:
        files.put(f"failed/{name}", raw, "message/rfc822")
        records.put_failed(name, str(reason), len(raw), now)
        return "unreadable, listed among the failed mails"
    queue = next(iter(addressed(mail, config().queues.values())), wishes.queue)
    letter = Letter(name, mail, queue, (), old=True)
    if letters.own_key(letter) in table.get_many([letters.own_key(letter)]):
        return "there already"
    files.put(f"mail/{name}", raw, "message/rfc822")
    at = min(mail.date or now, now)
    if is_own(mail, wishes):
        return answer(letter, at)
    before = known(letter)
    number = postmaster.take(letter, f"mail/{name}", at)
    return "follow-ups" if before and store.ticket(number).article_count > 1 else "new tickets"


def known(letter: Letter) -> bool:
    """Whether it can be a follow-up at all."""
    seen = whose_ticket.look(letter)
    return bool(whose_ticket.belongs(letter, seen, ()).joins or letters.same_key(letter) in seen)


def is_own(mail: Mail, wishes: Wishes) -> bool:
    sender = mail.sender.email if mail.sender else ""
    return sender in config().addresses or sender in wishes.own or agent_at(sender) is not None


def agent_at(email: str) -> str | None:
    return next((agent.login for agent in config().agents.values() if agent.email == email and email), None)


def answer(letter: Letter, at: datetime) -> str:
    """What one of ours has written, on the ticket that it answers; without one it opens a ticket of its receiver."""
    seen = whose_ticket.look(letter)
    stored = postmaster.put_away(letter, f"mail/{letter.name}")
    letter = replace(letter, files=tuple(stored))
    clues = [clue for clue in letters.clues_of(letter) if not clue.hints]
    found = (whose_ticket.pointed_at(clue, letter, seen) for clue in clues)
    before = next((each for each in found if each), None)
    mail, queue = letter.mail, letter.queue
    if before is None:
        number = numbers.make(settings().numbers, at, records.next_number, settings().system_id)
        outside = (each for each in (*mail.to, *mail.cc) if each.email not in config().addresses)
        opened = ticket.open_new(number, mail.subject, queue, next(outside, Address("")), at, mail.language)
        opened = ticket.into_state(opened, ticket.OPEN, None, at)
    else:
        opened = before
    article = replace(
        letters.letter_article(letter, opened.article_count + 1, at),
        kind="reply",
        sender=AGENT,
        by=agent_at(mail.sender.email if mail.sender else ""),
    )
    after = ticket.said(opened, article)
    also = [letters.own_write(letter, after.number), *letters.id_writes(letter, after.number, article.seq, seen, at)]
    store.save(before, after, [article], now=at, also=[*also, *customer_write(after)])
    return "answers"


def customer_write(opened: Ticket) -> list[Write]:
    email = opened.customer.email
    return [Write({"pk": "CUSTOMERS", "sk": email, "name": opened.customer.name}, condition="")] if email else []


# -- afterwards


def close_quiet(wishes: Wishes, now: datetime) -> int:
    """Tickets in which nothing has been said for long, before it was brought here, are over; a letter opens them again."""
    closed = 0
    quiet = [
        row for row in lists.open_rows(config().queues) if quiet_since(row, now - timedelta(days=wishes.open_days))
    ]
    for row in quiet:
        found = store.whole(row["number"])
        if (found.articles[-1].mail_key or "").startswith(f"mail/{OLD}"):
            said = found.articles[-1].at
            with suppress(table.Changed):  # somebody is at work on it: then it is not over
                store.save(found.ticket, ticket.into_state(found.ticket, CLOSED, None, said), now=said)
                closed += 1
    return closed


def quiet_since(row: lists.Row, moment: datetime) -> bool:
    return datetime.fromisoformat(row["changed"]) < moment
