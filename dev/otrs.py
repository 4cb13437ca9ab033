"""Tickets of OTRS, Znuny or OTOBO come into the desk, with their old numbers, articles, files and dates.

The source is what the GenericInterface answers to TicketGet with AllArticles, Attachments and DynamicFields: one JSON file, JSON
lines, or a folder of them. Queues, agents and states are found by their names; what this desk does not know is said in the report.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib import outbox, store, table, ticket
from chalicelib.article import CUSTOMER, Address, Article
from chalicelib.config import config
from chalicelib.queues import Queue
from chalicelib.table import Write
from chalicelib.ticket import CLOSED, OPEN, PRIORITIES, STATE_TYPES, Ticket
from dev.otrs_articles import article_of, moment, note, people
from dev.progress import Progress

AT_ONCE = 20  # articles of one transaction, each with the id of its mail
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
    if before and (before.merged_into or before.article_count >= len(articles) + 1):
        return "there already"
    if before and is_whole(before, now):
        return "left out: it has more articles there than when it was brought here"
    queue = queue_of(told, otherwise, report)
    shape = shape_of(told, number, queue, articles, report, now)
    save(before, shape, queue, articles, now)
    return "tickets"


def is_whole(before: Ticket, now: datetime) -> bool:
    """Whether it was brought here to its end: articles are told apart by their place only, so that none can be added."""
    closing = note(before, 0, now).text
    return any(article.text == closing for article in store.whole(before.number).articles)


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
