"""Tickets and what was said in them: one partition a ticket, one transaction a story.

`save` takes the ticket as it was and as it shall be: the version condition comes from the first, the history from both.
"""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib import files, history, table
from chalicelib.access import no_ticket
from chalicelib.article import DUE, SENDING, Article, Delivery
from chalicelib.config import config
from chalicelib.errors import NotFound
from chalicelib.history import Event
from chalicelib.packing import instant, pack, unpack
from chalicelib.table import Item, Write
from chalicelib.ticket import Ticket
from chalicelib.ticket_time import due_at

SHARDS = 8
LARGEST_BODY = 200_000  # bytes of a compressed body that still goes into an item of 400 KB at most
ROW = (
    "number title queue state priority owner responsible lock customer created changed pending_until closed_at due "
    "article_count last_customer_seq news_seq tags version time_units"
).split()


@dataclass(frozen=True)
class Draft:
    """What an agent has not said yet. `body` is whatever the composer wants to have back."""

    agent: str
    kind: str
    at: datetime
    body: dict[str, Any]


@dataclass(frozen=True)
class Once:
    """A request that must act only once: its key, and what was asked (a hash of the body)."""

    actor: str
    key: str
    asked: str


@dataclass(frozen=True)
class Whole:
    """A ticket with everything in it, articles and history oldest first."""

    ticket: Ticket
    articles: tuple[Article, ...]
    history: tuple[Event, ...]
    drafts: tuple[Draft, ...]


# -- reading


def ticket(number: str) -> Ticket:
    """Raises NotFound."""
    item = table.get(f"T#{number}", "#")
    if item is None:
        raise no_ticket(number)
    return ticket_of(item)


def ticket_of(item: Item) -> Ticket:
    packed = json.loads(str(item["row"])) | json.loads(str(item["rest"])) | {"version": int(item["v"])}
    return unpack(Ticket, packed)


def whole(number: str) -> Whole:
    """One query. Raises NotFound."""
    items = {str(item["sk"]): item for item in table.query(f"T#{number}")}
    if "#" not in items:
        raise no_ticket(number)
    return Whole(
        ticket=ticket_of(items["#"]),
        articles=tuple(article_of(item) for name, item in items.items() if name.startswith("A#")),
        history=tuple(event for name, item in items.items() if name.startswith("H#") for event in events_of(item)),
        drafts=tuple(draft_of(item) for name, item in items.items() if name.startswith("D#")),
    )


def article(number: str, seq: int) -> Article | None:
    item = table.get(f"T#{number}", article_key(seq))
    return article_of(item) if item else None


def ticket_and_article(number: str, seq: int) -> tuple[Ticket, Article]:
    """Both in one read. Raises NotFound."""
    key = f"T#{number}"
    found = table.get_many([(key, "#"), (key, article_key(seq))])
    if len(found) < 2:
        raise no_ticket(number) if (key, "#") not in found else NotFound("There is no such article.")
    return ticket_of(found[key, "#"]), article_of(found[key, article_key(seq)])


def article_of(item: Item) -> Article:
    body = zlib.decompress(item["z"]) if "z" in item else files.read(str(item["body"]))  # type: ignore[arg-type]
    packed = json.loads(str(item["h"])) | json.loads(body)
    if "delivery" in item:
        packed["delivery"] = json.loads(str(item["delivery"])) | {"state": item["state"], "attempts": item["attempts"]}
    return unpack(Article, packed)


def events_of(item: Item) -> list[Event]:
    return [unpack(Event, packed) for packed in json.loads(str(item["events"]))]


def draft_of(item: Item) -> Draft:
    _, agent, kind = str(item["sk"]).split("#", 2)
    return Draft(agent, kind, datetime.fromisoformat(str(item["at"])), json.loads(str(item["body"])))


# -- saving


def save(
    before: Ticket | None,
    after: Ticket,
    said: Iterable[Article] = (),
    *,
    by: str = history.SYSTEM,
    now: datetime,
    also: Iterable[Write] = (),
    once: Once | None = None,
) -> Ticket:
    """The one transaction of a story; answers the ticket as it now is, with its new version.

    Raises table.Changed where the ticket is no longer `before`, and table.Taken(name) where one of `also` exists
    already (`once` is named "once").
    """
    articles = tuple(said)
    after = replace(after, version=after.version + 1)
    events = history.between(before, after, articles, by, now)
    writes = [ticket_write(before, after)]
    writes += [Write(article_item(after.number, article)) for article in articles]
    if events:
        writes.append(Write(events_item(after, events)))
    if once:
        writes.append(Write(once_item(once, after, now), name="once"))
    table.transact(writes + list(also))
    return after


def ticket_write(before: Ticket | None, after: Ticket) -> Write:
    item = ticket_item(after)
    if before is None:
        return Write(item)  # a number that is taken already: the story told again draws another
    return Write(item, condition="v = :v", values={":v": before.version})


def ticket_item(ticket: Ticket) -> Item:
    packed = pack(ticket)
    due = due_at(ticket, config().queues[ticket.queue])
    row = {name: packed.get(name, getattr(ticket, name, None)) for name in ROW} | {"due": instant(due) if due else None}
    row["tags"] = list(ticket.tags)
    rest = {name: value for name, value in packed.items() if name not in row and name != "version"}
    opened = f"{instant(ticket.created)}#{ticket.number}"
    # Open lists are sorted by the day of opening: it never changes, so an update costs one index write, not two.
    place = (f"K#{ticket.queue}", f"{instant(ticket.closed_at)}#{ticket.number}") if ticket.closed_at else None
    lp, ls = place or (f"O#{ticket.queue}", opened)
    item: Item = {"pk": f"T#{ticket.number}", "sk": "#", "v": ticket.version, "lp": lp, "ls": ls}
    item |= {"row": dumped(row), "rest": dumped(rest)}
    if ticket.customer.email:
        item |= {"cp": f"C#{ticket.customer.email}", "cs": opened}
    if due:
        item |= {"dp": f"D#{shard(ticket.number)}", "ds": f"{instant(due)}#{ticket.number}"}
    return item


def article_item(number: str, article: Article) -> Item:
    packed = pack(article)
    body = {name: packed.pop(name) for name in ("text", "html") if name in packed}
    delivery = packed.pop("delivery", None)
    item: Item = {"pk": f"T#{number}", "sk": article_key(article.seq), "h": dumped(packed)}
    compressed = zlib.compress(dumped(body).encode())
    if len(compressed) <= LARGEST_BODY:
        item["z"] = compressed
    else:
        item["body"] = files.put_body(dumped(body).encode())
    if article.delivery:
        item |= delivery_attributes(article.delivery, delivery) | outbox_place(number, article.seq, article.delivery)
    return item


def delivery_attributes(delivery: Delivery, packed: dict[str, Any]) -> Item:
    """State and attempts stand alone, because conditional writes ask for them."""
    return {"state": delivery.state, "attempts": delivery.attempts, "delivery": dumped(packed)}


def outbox_place(number: str, seq: int, delivery: Delivery) -> Item:
    """Only what is still due or under way stands in the outbox."""
    if delivery.state not in (DUE, SENDING):
        return {}
    when = instant(delivery.not_before or delivery.at)
    return {"dp": f"X#{shard(number)}", "ds": f"{when}#{number}#{seq}"}


def events_item(ticket: Ticket, events: list[Event]) -> Item:
    return {"pk": f"T#{ticket.number}", "sk": f"H#{ticket.version:08d}", "events": dumped(pack(events))}


def once_item(once: Once, ticket: Ticket, now: datetime) -> Item:
    return {
        "pk": f"I#{once.actor}#{once.key}",
        "sk": "I",
        "asked": once.asked,
        "number": ticket.number,
        "at": instant(now),
        "ttl": int(now.timestamp()) + 2 * 86400,
    }


def article_key(seq: int) -> str:
    return f"A#{seq:06d}"


def shard(number: str) -> int:
    return zlib.crc32(number.encode()) % SHARDS


def dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# -- drafts


def put_draft(number: str, draft: Draft) -> None:
    table.put(
        {
            "pk": f"T#{number}",
            "sk": f"D#{draft.agent}#{draft.kind}",
            "at": instant(draft.at),
            "body": dumped(draft.body),
            "ttl": int(draft.at.timestamp()) + 90 * 86400,
        }
    )


def drop_draft(number: str, agent: str, kind: str) -> None:
    table.delete(f"T#{number}", f"D#{agent}#{kind}")
