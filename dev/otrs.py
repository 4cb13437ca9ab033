"""Tickets of OTRS, Znuny or OTOBO come into the desk, with their old numbers, articles, files and dates.

The source is what the GenericInterface answers to TicketGet with AllArticles, Attachments and DynamicFields: one JSON file, JSON
lines, or a folder of them. Queues, agents and states are found by their names; what this desk does not know is said in the report.
"""

import base64
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib import files, html_text, mail_headers, outbox, safe_html, store, table, ticket, visible_reply
from chalicelib.article import AGENT, CUSTOMER, EMAIL, NOTE, PHONE, SYSTEM, WEB, Address, Article, StoredFile
from chalicelib.config import config
from chalicelib.queues import Queue
from chalicelib.table import Write
from chalicelib.ticket import CLOSED, OPEN, PRIORITIES, STATE_TYPES, Ticket
from dev.progress import Progress

AT_ONCE = 20  # articles of one transaction, each with the id of its mail
LONGEST = 900_000  # characters of an article's text; a body may be as large in S3
CHANNELS = {
    "1": EMAIL,
    "2": PHONE,
    "3": NOTE,
    "email": EMAIL,
    "phone": PHONE,
    "internal": NOTE,
    "webrequest": WEB,
    "note": NOTE,
}
KINDS = {(EMAIL, AGENT): "reply", (EMAIL, CUSTOMER): "mail", (EMAIL, SYSTEM): "auto"}
STATES = {"new": "new", "open": OPEN, "closed": CLOSED, "pending reminder": "pending reminder", "pending auto": "pending auto close+",
          "merged": "merged", "removed": "removed"}  # fmt: skip


class NoExport(Exception):
    """The sentence says what was expected."""


@dataclass
class Report:
    """`done` counts tickets by what became of them; `unknown` counts names that this desk does not know."""

    done: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)


def bring_in(source: Path, queue: Queue, progress: Progress, now: datetime) -> Report:
    """`queue` takes tickets whose own is not known here. Told again it goes on; nothing is doubled."""
    report = Report()
    for told in tickets(source):
        report.done[one(told, queue, report, now)] += 1
        progress.step()
    return report


# -- what OTRS tells


def tickets(source: Path) -> Iterator[dict[str, Any]]:
    """Raises NoExport."""
    parts = sorted(source.rglob("*.json*")) if source.is_dir() else [source]
    found = False
    for part in parts:
        for told in documents(part):
            for each in told.get("Ticket", [told]):
                if not isinstance(each, dict) or "TicketNumber" not in each:
                    raise NoExport(f"{part} holds something that is no ticket of OTRS (there is no TicketNumber).")
                found = True
                yield each
    if not found:
        raise NoExport(f"There is no ticket of OTRS in {source}.")


def documents(part: Path) -> Iterator[dict[str, Any]]:
    """A file is one JSON document or one on each line."""
    try:
        text = part.read_text(encoding="utf-8")
        whole = json.loads(text) if text.lstrip()[:1] == "[" or "\n{" not in text.strip() else None
        for each in (
            whole
            if isinstance(whole, list)
            else [whole]
            if whole
            else map(json.loads, filter(str.strip, text.splitlines()))
        ):
            yield each if isinstance(each, dict) else {"Ticket": [each]}
    except (OSError, ValueError) as error:
        raise NoExport(f"{part} cannot be read as JSON: {error}") from error


def moment(text: Any) -> datetime | None:
    """OTRS writes UTC since version 6; before, the server's own time, which nobody wrote down."""
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
    except ValueError:
        return None


# -- a ticket


def one(told: dict[str, Any], otherwise: Queue, report: Report, now: datetime) -> str:
    number = str(told["TicketNumber"])
    if not re.fullmatch(r"[0-9]{1,40}", number):
        return "left out: the number has other characters than digits"
    known = table.get(f"T#{number}", "#")
    before = store.ticket_of(known) if known else None
    if before and before.fields.get("otrs") != str(told.get("TicketID", number)):
        return "left out: there is a ticket with this number already"
    articles = sorted(told.get("Article", []), key=lambda each: int(each.get("ArticleID", 0)))
    if before and before.article_count >= len(articles) + 1:
        return "there already"
    queue = queue_of(told, otherwise, report)
    shape = shape_of(told, number, queue, articles, report, now)
    save(before, shape, queue, articles, now)
    return "tickets"


def queue_of(told: dict[str, Any], otherwise: Queue, report: Report) -> Queue:
    name = str(told.get("Queue", ""))
    found = config().queue_named(name)
    if found is None:
        report.unknown[f"queue {name}: its tickets are in {otherwise.name}"] += 1
    return found or otherwise


def shape_of(
    told: dict[str, Any], number: str, queue: Queue, articles: list[dict[str, Any]], report: Report, now: datetime
) -> Ticket:
    """The ticket as it is at the end, but for what its articles add."""
    created = moment(told.get("Created")) or now
    opened = ticket.open_new(number, str(told.get("Title", "")), queue, customer_of(told, articles), created)
    state = state_of(told, report)
    due = str(told.get("RealTillTimeNotUsed") or told.get("PendingTime") or "0")
    until = datetime.fromtimestamp(int(due), UTC) if due.isdigit() and int(due) else None
    if STATE_TYPES[state].startswith("pending") and (until is None or until <= now):
        state, until = OPEN, None  # its time is over: somebody has to look
    priority = str(told.get("PriorityID", ""))[:1] or str(told.get("Priority", "3"))[:1]
    ended = STATE_TYPES[state] in ticket.ENDED
    return replace(
        opened,
        state=state,
        pending_until=until if STATE_TYPES[state].startswith("pending") else None,
        closed_at=(moment(told.get("Closed")) or moment(told.get("Changed")) or created) if ended else None,
        priority=int(priority) if priority.isdigit() and int(priority) in PRIORITIES else 3,
        owner=login_of(told.get("Owner"), report),
        responsible=login_of(told.get("Responsible"), report),
        fields=fields_of(told, number),
    )


def customer_of(told: dict[str, Any], articles: list[dict[str, Any]]) -> Address:
    """Who wrote first; else OTRS's own customer, where that is an address."""
    written = (each.get("From", "") for each in articles if str(each.get("SenderType", "")).lower() == CUSTOMER)
    named = str(told.get("CustomerUserID") or told.get("CustomerUser") or "")
    found = [*people(next(written, "")), *(people(named) if "@" in named else [])]
    return found[0] if found else Address("", named)


def state_of(told: dict[str, Any], report: Report) -> str:
    name = str(told.get("State", "")).lower()
    if name in STATE_TYPES:
        return name
    report.unknown[f"state {name}"] += 1
    return STATES.get(str(told.get("StateType", "")).lower(), OPEN)


def login_of(name: Any, report: Report) -> str | None:
    login = str(name or "").lower()
    if not login or login == "root@localhost":
        return None
    if login not in config().agents:
        report.unknown[f"agent {login}"] += 1
        return None
    return login


def fields_of(told: dict[str, Any], number: str) -> dict[str, str]:
    """Dynamic fields; `otrs` is the id there, by which the ticket is known when the import is told again."""
    dynamic = told.get("DynamicField") or []
    found = {
        str(each.get("Name")): each.get("Value") for each in dynamic if isinstance(each, dict) and each.get("Value")
    }
    texts = {
        name: ", ".join(map(str, value)) if isinstance(value, list) else str(value) for name, value in found.items()
    }
    return {**texts, "otrs": str(told.get("TicketID", number))}


def save(before: Ticket | None, shape: Ticket, queue: Queue, articles: list[dict[str, Any]], now: datetime) -> None:
    """In steps of some articles; a note at the end says where the ticket came from, and that it is whole."""
    first = before.article_count if before else 0
    said = [article_of(each, shape, seq) for seq, each in enumerate(articles[first:], first + 1)]
    said.append(note(shape, len(articles) + 1, now))
    for at in range(0, len(said), AT_ONCE):
        chunk = said[at : at + AT_ONCE]
        after = before or shape
        for article in chunk:
            after = ticket.said(after, article)
        last = max((each.at for each in chunk if each.at < now), default=after.created)  # the closing note is of today
        after = replace(after, changed=last)
        also = [] if before else customer_write(shape)
        before = store.save(before, after, chunk, now=now, also=[*also, *ids(chunk, shape.number, queue, now)])


def customer_write(shape: Ticket) -> list[Write]:
    email = shape.customer.email
    return [Write({"pk": "CUSTOMERS", "sk": email, "name": shape.customer.name}, condition="")] if email else []


def ids(chunk: Iterable[Article], number: str, queue: Queue, now: datetime) -> list[Write]:
    """By which answers to its mails find the ticket."""
    items = {
        each.message_id: outbox.message_item(each.message_id, number, each.seq, now, queue.id)
        for each in chunk
        if each.message_id
    }
    return [Write(item, condition="") for item in items.values()]


# -- an article


def article_of(told: dict[str, Any], of: Ticket, seq: int) -> Article:
    sender = str(told.get("SenderType", SYSTEM)).lower()
    sender = sender if sender in (AGENT, CUSTOMER) else SYSTEM
    channel = channel_of(told)
    text, page = words_of(told)
    kind = KINDS.get((channel, sender)) or {PHONE: "phone", WEB: "web"}.get(channel, "note")
    login = str(told.get("CreateBy") or "")
    return Article(
        seq=seq,
        kind=kind,
        channel=channel,
        sender=sender,
        sent_from=next(iter(people(told.get("From", ""))), Address("", str(told.get("From", "")))),
        to=people(told.get("To", "")),
        cc=people(told.get("Cc", "")),
        subject=str(told.get("Subject", "")),
        text=text,
        html=page,
        fold=visible_reply.split(text[:40_000]).fold,
        visible=visible(told),
        attachments=tuple(attached(told, of.number, seq)),
        by=login if login in config().agents else None,
        time_units=float(told.get("TimeUnit") or 0),
        at=moment(told.get("CreateTime") or told.get("Created")) or of.created,
        message_id=next(iter(mail_headers.message_ids(str(told.get("MessageID", "")).encode())), None),
    )


def channel_of(told: dict[str, Any]) -> str:
    """OTRS 6 has channels, older ones types such as email-external and note-internal."""
    named = str(
        told.get("CommunicationChannel") or told.get("CommunicationChannelID") or told.get("ArticleType") or "email"
    )
    return CHANNELS.get(named.lower().partition("-")[0], EMAIL)


def visible(told: dict[str, Any]) -> bool:
    if "IsVisibleForCustomer" in told:
        return str(told["IsVisibleForCustomer"]) == "1"
    return not str(told.get("ArticleType", "")).endswith(("-internal", "-int", "-report"))


def words_of(told: dict[str, Any]) -> tuple[str, str | None]:
    """Text and safe HTML. OTRS keeps a mail's HTML as its first attachment, called file-1 or file-2."""
    body = str(told.get("Body", ""))[:LONGEST]
    if "html" in str(told.get("MimeType") or told.get("ContentType") or ""):
        return html_text.text_of(body), safe_html.sanitised(body)[0]
    page = next((each for each in told.get("Attachment") or [] if is_body(each)), None)
    html = base64.b64decode(page.get("Content", "")).decode(errors="replace") if page else ""
    return body, safe_html.sanitised(html)[0] if html else None


def is_body(told: dict[str, Any]) -> bool:
    page = str(told.get("ContentType", "")).startswith("text/html")
    return page and bool(re.fullmatch(r"file-[12](\.html?)?", str(told.get("Filename", ""))))


def attached(told: dict[str, Any], number: str, seq: int) -> Iterator[StoredFile]:
    for n, each in enumerate(told.get("Attachment") or [], 1):
        if is_body(each):
            continue
        content = base64.b64decode(each.get("Content", ""))
        kind = str(each.get("ContentType", "application/octet-stream")).partition(";")[0] or "application/octet-stream"
        key = f"files/otrs-{number}/{seq}-{n}"
        files.put(key, content, kind)
        shown = str(each.get("Disposition", "")) == "inline" and bool(each.get("ContentID"))
        cid = str(each.get("ContentID") or "").strip("<>") or None
        yield StoredFile(key, str(each.get("Filename") or "file"), kind, len(content), shown, cid)


def people(text: Any) -> tuple[Address, ...]:
    return mail_headers.addresses(str(text or "").encode(), "utf-8")


def note(of: Ticket, seq: int, now: datetime) -> Article:
    queue = config().queues[of.queue]
    words = f"Imported from OTRS, where this was ticket {of.number} (id {of.fields['otrs']})."
    return Article(seq, "note", NOTE, SYSTEM, Address(queue.address, queue.name), of.title, words, now, visible=False)
