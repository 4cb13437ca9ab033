"""Tickets and what was said in them: one partition a ticket, one transaction a story.

`save` takes the ticket as it was and as it shall be: the version condition comes from the first, the history from both.
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chalicelib import files, history, table
from chalicelib.access import no_ticket
from chalicelib.article import DUE, SENDING, TROUBLE, Article, Delivery
from chalicelib.config import config
from chalicelib.errors import NotFound
from chalicelib.history import Event
from chalicelib.packing import expanded, instant, pack, squeezed, unpack
from chalicelib.table import Item, Write
from chalicelib.ticket import Link, Ticket
from chalicelib.ticket_merge import MOST_HOPS
from chalicelib.ticket_time import due_at

SHARDS = 8
MOST_LINKS = 100  # of other tickets to one, the last ones: a flood of forged follow-ups must not bury it
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
    """A ticket with everything in it, articles and history oldest first; `links` are its own and those of others to it.

    `linked` are the other tickets, by number, so far as they were read.
    """

    ticket: Ticket
    articles: tuple[Article, ...]
    history: tuple[Event, ...]
    drafts: tuple[Draft, ...]
    links: tuple[Link, ...] = ()
    linked: Mapping[str, Ticket] = field(default_factory=dict)


# -- reading


def ticket(number: str) -> Ticket:
    """Raises NotFound."""
    item = table.get(f"T#{number}", "#")
    if item is None:
        raise no_ticket(number)
    return ticket_of(item)


def tickets(numbers: Iterable[str]) -> dict[str, Ticket]:
    """Those that exist, in one read for up to 100."""
    found = table.get_many((f"T#{number}", "#") for number in numbers)
    return {other.number: other for other in map(ticket_of, found.values())}


def ticket_of(item: Item) -> Ticket:
    row = json.loads(expanded(item["row"]))  # type: ignore[arg-type]
    packed = row | json.loads(str(item["rest"])) | {"version": int(item["v"])}
    return unpack(Ticket, packed)


def whole(number: str) -> Whole:
    """One query. Raises NotFound."""
    items = {str(item["sk"]): item for item in table.query(f"T#{number}")}
    if "#" not in items:
        raise no_ticket(number)
    found = ticket_of(items["#"])
    articles = [article_of(item) for name, item in items.items() if name.startswith("A#")]
    events = [event for name, item in items.items() if name.startswith("H#") for event in events_of(item)]
    back = [link_of(item) for name, item in items.items() if name.startswith("L#")]
    return Whole(
        ticket=found,
        # What came by a merge has higher numbers than what was said after it was written.
        articles=tuple(sorted(articles, key=lambda each: (each.at, each.seq))),
        history=tuple(sorted(events, key=lambda each: each.at)),
        drafts=tuple(draft_of(item) for name, item in items.items() if name.startswith("D#")),
        links=(*found.links, *back[-MOST_LINKS:]),
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


def survivor(found: Ticket) -> Ticket | None:
    """The ticket that it was merged into in the end, itself where it was not; None for an endless chain."""
    for _ in range(MOST_HOPS):
        if found.merged_into is None:
            return found
        found = ticket(found.merged_into)
    return None


def place_of(number: str, seq: int) -> tuple[str, int]:
    """Where article `seq` of the ticket is now: merging moves and renumbers. Raises NotFound."""
    for _ in range(MOST_HOPS):
        found = ticket(number)
        if found.merged_into is None:
            break
        number, seq = found.merged_into, seq + found.merged_from_seq
    return number, seq


def article_of(item: Item) -> Article:
    body = zlib.decompress(item["z"]) if "z" in item else files.read(str(item["body"]))  # type: ignore[arg-type]
    packed = json.loads(str(item["h"])) | json.loads(body)
    if "delivery" in item:
        packed["delivery"] = json.loads(str(item["delivery"])) | {"state": item["state"], "attempts": item["attempts"]}
    return unpack(Article, packed)


def events_of(item: Item) -> list[Event]:
    return [unpack(Event, packed) for packed in json.loads(str(item["events"]))]


def link_of(item: Item) -> Link:
    _, number, kind = str(item["sk"]).split("#", 2)
    return Link(number, kind, back=True, email=str(item["email"]), doubt=str(item.get("doubt", "")))


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
    after, writes = step(before, after, tuple(said), by, now)
    if once:
        writes.append(Write(once_item(once, after, now), name="once"))
    table.transact(writes + list(also))
    return after


def step(
    before: Ticket | None, after: Ticket, said: tuple[Article, ...], by: str, now: datetime
) -> tuple[Ticket, list[Write]]:
    """The ticket with its new version, and what the step writes: ticket, articles, history."""
    after = replace(after, version=after.version + 1)
    writes = [ticket_write(before, after)]
    writes += [Write(article_item(after.number, article)) for article in said]
    events = history.between(before, after, said, by, now)
    if events:
        writes.append(Write(events_item(after, events)))
    return after, writes


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
    row |= {"doubt": ticket.doubt} if ticket.doubt else {}  # of nearly no ticket: no byte in the others' rows
    rest = {name: value for name, value in packed.items() if name not in row and name != "version"}
    opened = f"{instant(ticket.created)}#{ticket.number}"
    # Open lists are sorted by the day of opening: it never changes, so an update costs one index write, not two.
    place = (f"K#{ticket.queue}", f"{instant(ticket.closed_at)}#{ticket.number}") if ticket.closed_at else None
    lp, ls = place or (f"O#{ticket.queue}", opened)
    item: Item = {"pk": f"T#{ticket.number}", "sk": "#", "v": ticket.version, "lp": lp, "ls": ls}
    item |= {"row": squeezed(dumped(row)), "rest": dumped(rest)}
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
    """What is still due or under way stands in the outbox, and what somebody has to look at (a moved article may be that)."""
    if delivery.state not in (DUE, SENDING, *TROUBLE):
        return {}
    letter = "F" if delivery.state in TROUBLE else "X"
    when = instant(delivery.not_before or delivery.at)
    return {"dp": f"{letter}#{shard(number)}", "ds": f"{when}#{number}#{seq}"}


def events_item(ticket: Ticket, events: Iterable[Event], name: str = "") -> Item:
    """`name` tells several of one version apart."""
    return {"pk": f"T#{ticket.number}", "sk": f"H#{ticket.version:08d}{name}", "events": dumped(pack(list(events)))}


def told(before: Ticket, event: Event) -> Write:
    """An event that no field of the ticket tells, in the step after `before`."""
    return Write(events_item(replace(before, version=before.version + 1), [event], f"#{event.type}"))


def link_back(number: str, link: Link, now: datetime) -> Write:
    """What another ticket says of this one, beside it: neither its version nor anybody's work on it is touched."""
    item: Item = {"pk": f"T#{number}", "sk": f"L#{link.number}#{link.kind}", "email": link.email, "at": instant(now)}
    return Write(item | ({"doubt": link.doubt} if link.doubt else {}), condition="")


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
