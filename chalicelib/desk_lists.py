"""What an agent looks through: queues with their counts, lists of tickets, customers."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib import access, lists, outbox, records, store, table
from chalicelib.access import Agent
from chalicelib.article import Article
from chalicelib.config import config
from chalicelib.errors import NotFound, Refused
from chalicelib.lists import Row
from chalicelib.packing import instant
from chalicelib.queues import Queue
from chalicelib.store import article_key
from chalicelib.ticket import ENDED, STATE_TYPES, Ticket

SORTS = (
    "number title queue state priority owner responsible lock customer created changed pending_until due unread "
    "article_count tags version time_units"
).split()


@dataclass(frozen=True)
class Wanted:
    """Which rows, in which order. `queues` are full names, `states` states or `open`-like groups (see STATE_GROUPS).

    `owner`: a login, `me` or `none`; `lock`: `locked`, `free` or `mine`; `sort` a field, with `-` before it descending;
    `after` is the (value, number) of the last row of the page before, or the place of a closed one.
    """

    queues: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    owner: str | None = None
    lock: str | None = None
    priority: int | None = None
    tag: str | None = None
    customer: str | None = None
    changed_since: datetime | None = None
    sort: str = "-created"
    limit: int = 50
    after: tuple[Any, str] | None = None


@dataclass(frozen=True)
class Page:
    """`next` goes into Wanted.after, None where the list ends."""

    rows: list[Row]
    next: tuple[Any, str] | None


STATE_GROUPS = {
    "closed": tuple(state for state, kind in STATE_TYPES.items() if kind == "closed"),
    "pending": tuple(state for state, kind in STATE_TYPES.items() if kind.startswith("pending")),
}


# -- queues


def queues(by: Agent, now: datetime) -> dict[str, Any]:
    """`{"queues": [(queue, counts)], "as_of": ...}` of the queues that `by` may see, in the order of their names."""
    every = config().queues
    summed = lists.summary(every, now)
    mine = sorted((queue for queue in every.values() if shown(queue, by)), key=lambda queue: queue.name)
    return {
        "queues": [(queue, counts(summed["queues"].get(queue.id, {}), by)) for queue in mine],
        "as_of": summed["at"],
    }


def shown(queue: Queue, by: Agent) -> bool:
    return queue.valid and access.may_read(by, queue.id)


def counts(found: dict[str, Any], by: Agent) -> dict[str, int]:
    named = {name: int(found.get(name, 0)) for name in ("new", "open", "pending", "locked")}
    return named | {"mine": int(found.get("owners", {}).get(by.login, 0)), "escalated": 0}


# -- tickets


def tickets(by: Agent, wanted: Wanted, now: datetime) -> Page:
    """Without states all open ones. Raises Refused for what cannot be listed."""
    states = expanded(wanted.states)
    ended = {state for state in states if STATE_TYPES[state] in ENDED}
    if ended and ended != states:
        raise Refused("Closed and open tickets are listed together by search alone.", code="malformed")
    piles = wanted_queues(by, wanted)
    if ended and not wanted.customer:
        return closed(by, piles, states, wanted, now)
    rows = lists.customer_rows(wanted.customer) if wanted.customer else lists.open_rows(queue.id for queue in piles)
    allowed = {queue.id for queue in piles}
    states = states or {state for state, kind in STATE_TYPES.items() if kind not in ENDED}
    rows = [row for row in rows if row["queue"] in allowed and row["state"] in states]
    return page(marked(by, chosen(rows, by, wanted, now)), wanted)


def expanded(states: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for state in states:
        if state not in STATE_TYPES and state not in STATE_GROUPS:
            raise Refused(f"There is no state “{state}”.", code="malformed")
        found.update(STATE_GROUPS.get(state, (state,)))
    return found


def wanted_queues(by: Agent, wanted: Wanted) -> list[Queue]:
    """Those named, else all that `by` may read. One that is not there and one that is not hers look the same."""
    mine = [queue for queue in config().queues.values() if access.may_read(by, queue.id)]
    if not wanted.queues:
        return mine
    named = [queue for queue in mine if queue.name in wanted.queues]
    if len(named) < len(set(wanted.queues)):
        raise NotFound("There is no such queue here.")
    return named


def closed(by: Agent, piles: list[Queue], states: set[str], wanted: Wanted, now: datetime) -> Page:
    """By closing date only, the last first: closed tickets are too many to be sorted in memory."""
    if wanted.sort not in ("-closed_at", "-created"):
        raise Refused("The table knows closed tickets by the day of closing alone.", code="malformed")
    below = str(wanted.after[0]) if wanted.after else None
    found: list[Row] = []
    more = True
    while more and len(found) <= wanted.limit:
        parts = [lists.closed_rows(queue.id, wanted.limit + 1, below) for queue in piles]
        more = any(len(part) > wanted.limit for part in parts)
        # Only down to where each queue was read: below that another queue's rows may be missing still.
        floor = max((lists.closed_place(part[-1]) for part in parts if len(part) > wanted.limit), default="")
        rows = [row for part in parts for row in part if lists.closed_place(row) >= floor]
        found += [row for row in chosen(rows, by, wanted, now) if row["state"] in states]
        below = floor
    found.sort(key=lists.closed_place, reverse=True)
    rows = found[: wanted.limit]
    return Page(marked(by, rows), (lists.closed_place(rows[-1]), "") if len(found) > wanted.limit else None)


def chosen(rows: list[Row], by: Agent, wanted: Wanted, now: datetime) -> list[Row]:
    tests: list[Callable[[Row], bool]] = []
    if wanted.owner:
        owner = {"me": by.login, "none": None}.get(wanted.owner, wanted.owner)
        tests.append(lambda row: row["owner"] == owner)
    if wanted.lock:
        tests.append(lambda row: lock_fits(row, str(wanted.lock), by, now))
    if wanted.priority:
        tests.append(lambda row: bool(row["priority"] == wanted.priority))
    if wanted.tag:
        tests.append(lambda row: wanted.tag in row["tags"])
    if wanted.customer:
        tests.append(lambda row: bool(row["customer"]["email"] == wanted.customer))
    if wanted.changed_since:
        since = instant(wanted.changed_since)
        tests.append(lambda row: bool(row["changed"] > since))
    return [row for row in rows if all(test(row) for test in tests)]


def lock_fits(row: Row, lock: str, by: Agent, now: datetime) -> bool:
    held = row["lock"]
    held = held if held and (held.get("until") or "~") > instant(now) else None
    return {"free": held is None, "locked": held is not None, "mine": bool(held and held["agent"] == by.login)}[lock]


def marked(by: Agent, rows: list[Row]) -> list[Row]:
    """With `unread`: there is something in the ticket that `by` has not had on the screen."""
    seen = records.seen(by.login)
    return [row | {"unread": row["news_seq"] > seen.get(row["number"], 0)} for row in rows]


def page(rows: list[Row], wanted: Wanted) -> Page:
    """Sorted by the field, then by number, so that a page begins exactly where the last one ended."""
    descending, name = wanted.sort.startswith("-"), wanted.sort.lstrip("-")
    if name not in SORTS:
        raise Refused(f"There is nothing to sort by called “{name}”.", code="malformed")
    names = {queue.id: queue.name for queue in config().queues.values()}
    ordered = sorted(((value_of(row, name, names), row["number"], row) for row in rows), key=lambda each: each[:2])
    if descending:
        ordered.reverse()
    if wanted.after:
        last = (tuple(wanted.after[0]), wanted.after[1])
        ordered = [each for each in ordered if (each[:2] < last if descending else each[:2] > last)]
    cut = ordered[: wanted.limit]
    following = (cut[-1][0], cut[-1][1]) if len(ordered) > wanted.limit else None
    return Page([row for _, _, row in cut], following)


def value_of(row: Row, name: str, names: dict[str, str]) -> tuple[bool, Any]:
    """What a field sorts by; nothing comes after everything."""
    value = row.get(name)
    if name == "queue":
        value = names.get(row["queue"], "")
    elif name == "customer":
        value = f"{value.get('name', '')} {value['email']}".strip().casefold() if value else None
    elif name in ("owner", "responsible"):
        value = value and called(value)
    elif name == "lock":
        value = value and called(value["agent"])
    elif name == "tags":
        value = " ".join(value or ()) or None
    elif isinstance(value, str):
        value = value.casefold()
    return (value is None, "" if value is None else value)


def called(login: str) -> str:
    """Lists show people by their names."""
    known = config().agents.get(login)
    return known.name if known and known.name else login


# -- mails that have not arrived


def outbox_of(by: Agent) -> list[tuple[Ticket, Article]]:
    """Mails that wait to leave or did not arrive, of tickets that are still worked on in the queues `by` may read."""
    wanted = outbox.unsent()
    keys = [(f"T#{number}", name) for number, seq in wanted for name in ("#", article_key(seq))]
    found = table.get_many(keys)
    pairs = [(found.get((f"T#{number}", "#")), found.get((f"T#{number}", article_key(seq)))) for number, seq in wanted]
    mails = [(store.ticket_of(ticket), store.article_of(article)) for ticket, article in pairs if ticket and article]
    return [(ticket, article) for ticket, article in mails if not ticket.ended and access.may_read(by, ticket.queue)]


# -- customers


def customers(by: Agent, text: str) -> list[dict[str, Any]]:
    """Those whose name or address has `text` in it, at most 50."""
    words = text.casefold()
    found = (known(item) for item in table.query("CUSTOMERS"))
    fitting = [each for each in found if words in f"{each['name']} {each['email']}".casefold()]
    return sorted(fitting, key=lambda each: (each["name"].casefold(), each["email"]))[:50]


def known(item: table.Item) -> dict[str, Any]:
    """A customer as he is kept; `undeliverable` tells why mail does not reach him."""
    mark = json.loads(str(item["undeliverable"])) if "undeliverable" in item else None
    return {"email": str(item["sk"]), "name": str(item["name"]), "undeliverable": mark}


def customer(by: Agent, email: str) -> tuple[dict[str, Any], list[Row]]:
    """The customer and those of his tickets that `by` may read. Raises NotFound."""
    item = table.get("CUSTOMERS", email.lower())
    if item is None:
        raise NotFound("There is no customer with this address.")
    rows = [row for row in lists.customer_rows(email.lower()) if access.may_read(by, row["queue"])]
    return known(item), marked(by, rows)
