"""Somebody looks for something: what was typed, within what may be seen, in the desk's own rows.

The engine only points at tickets and articles; what is shown of them is read from the table, and asked for its rights again:
an index is always a little late.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib import access, lists, records, store, table
from chalicelib.access import Agent, Customer
from chalicelib.article import CUSTOMER, Article
from chalicelib.config import config
from chalicelib.lists import Row
from chalicelib.search import by_rows, clauses, query, schema
from chalicelib.search.clauses import All, Clause, Is, Not, asks_text
from chalicelib.search.documents import ARTICLE, NOBODY, TICKET
from chalicelib.search.engine import RELEVANCE, Away, Hit, Hits
from chalicelib.search.engines import engine
from chalicelib.search.query import Problem
from chalicelib.settings import settings
from chalicelib.store import article_key
from chalicelib.ticket import STATE_TYPES, Ticket

BEGINNING = 180  # characters of an article that is shown where no words of it were asked for
LETTER = 2000  # characters of a first letter that say what a ticket is about
MOST_LETTERS = 10_000  # with a word in them, by which tickets are told from others
MOST_SUGGESTED = 10

Allowed = Callable[[Ticket], bool]


@dataclass(frozen=True)
class Result:
    """One ticket; `article` is what fits best, `snippet` its part as HTML with <b> around the words."""

    row: Row
    article: int | None
    snippet: str


@dataclass(frozen=True)
class Found:
    """`total` tickets, `exact` or about; `more` where the next page begins. With `away` (away, warming) the engine could not
    be asked, and only titles, customers and fields of open tickets were looked through."""

    results: Sequence[Result]
    total: int = 0
    exact: bool = True
    more: int | None = None
    problems: tuple[Problem, ...] = ()
    away: str | None = None


# -- agents


def search(by: Agent, typed: str, sort: str, start: int, size: int, now: datetime) -> Found:
    """A page of what fits, beginning with ticket `start`."""
    asked = query.read(typed, now.astimezone(ZoneInfo(settings().zone)))
    if asked.problems or asked.clause is None:
        return Found((), problems=asked.problems)
    clause = named(asked.clause, by)
    kind = ARTICLE if asks_text(clause) else TICKET
    within = All((Is("kind", (kind,)), readable(by)))
    try:
        hits = wanted(clause, within, schema.AGENT_TEXT, sort, start + size + 1)
        return page(hits, clause, schema.AGENT_TEXT, start, size, lambda each: access.may_read(by, each.queue), by)
    except Away as away:
        return by_fields(by, clause, sort, start, size, "warming" if away.warming else "away")


def listed(by: Agent, chosen: Sequence[Clause], sort: str, start: int, size: int) -> Found:
    """Open and closed tickets alike, by any column. Raises Away."""
    clause = named(All(tuple(chosen)), by)
    hits = engine().find(All((Is("kind", (TICKET,)), readable(by), clause)), {}, sort, start + size + 1)
    return page(hits, clause, {}, start, size, lambda each: access.may_read(by, each.queue), by)


def readable(by: Agent) -> Clause:
    """The queues that `by` may read; with none of them nothing is found."""
    return Is("queue", tuple(sorted(queue for queue in config().queues if access.may_read(by, queue))))


def named(clause: Clause, by: Agent) -> Clause:
    """With the desk's ids for the names that people type. A queue that is not there and a foreign one look the same."""
    if isinstance(clause, (All, clauses.Any)):
        return type(clause)(tuple(named(each, by) for each in clause.of))
    if isinstance(clause, Not):
        return Not(named(clause.what, by))
    if isinstance(clause, Is) and clause.field == "queue":
        return Is("queue", tuple(queue for name in clause.values for queue in queues_named(str(name), by)))
    if isinstance(clause, Is) and clause.field == "owner":
        return Is("owner", tuple(login for name in clause.values for login in agents_called(str(name), by)))
    return clause


def queues_named(name: str, by: Agent) -> list[str]:
    """The queue of that name, in full or its last part, and those below it."""
    wanted = name.casefold()
    mine = [queue for queue in config().queues.values() if access.may_read(by, queue.id)]
    return [queue.id for queue in mine if fits(queue.name.casefold(), wanted)]


def agents_called(name: str, by: Agent) -> list[str]:
    """By login or by any of their names; who is nobody here may have been an agent once."""
    if name in ("me", "я"):
        return [by.login]
    if name in ("none", "нет"):
        return [NOBODY]
    agents = config().agents
    called = [each.login for each in agents.values() if name in (full := each.name.casefold(), *full.split())]
    return [name] if name in agents or not called else called


def fits(name: str, wanted: str) -> bool:
    return name == wanted or name.startswith(f"{wanted}::") or name.endswith(f"::{wanted}")


# -- customers


def of_customer(by: Customer, typed: str, start: int, size: int, now: datetime) -> Found:
    """The same among his own tickets, in what he may see of them."""
    asked = query.read(typed, now.astimezone(ZoneInfo(settings().zone)))
    if asked.problems or asked.clause is None:
        return Found((), problems=asked.problems)
    clause = public(asked.clause)
    within = All((Is("kind", (ARTICLE,)), Is("customer", (by.email,)), Is("visible", (1,))))
    try:
        hits = wanted(clause, within, schema.CUSTOMER_TEXT, RELEVANCE, start + size + 1)
        return page(hits, clause, schema.CUSTOMER_TEXT, start, size, lambda each: access.is_own(by, each), by)
    except Away as away:
        return Found((), away="warming" if away.warming else "away")


def public(clause: Clause) -> Clause:
    """What only agents know cannot be asked for: not even whether something fits must tell of it."""
    if isinstance(clause, (All, clauses.Any)):
        return type(clause)(tuple(public(each) for each in clause.of))
    if isinstance(clause, Not):
        return Not(public(clause.what))
    field = clause.field
    known = field in ("", "state", "created", "changed", "closed", "number", "title", "files") or clause == Is(
        "has", ("attachment",)
    )
    return clause if known else clauses.NOTHING


# -- asking the engine


def wanted(clause: Clause, within: Clause, text: Mapping[str, float], sort: str, limit: int) -> Hits:
    """Documents are letters, but people look for tickets: what must not be said may not be said in any letter of it, and
    words that must be said may be spread over several, where too few letters have them all. Those are questions of their own.
    """
    parts = clause.of if isinstance(clause, All) else (clause,)
    parts = tuple(
        without(each.what, within, text) if isinstance(each, Not) and asks_text(each) else each for each in parts
    )
    hits = engine().find(All((within, *parts)), text, sort, limit)
    spoken = [each for each in parts if asks_text(each)]
    if len(spoken) < 2 or len(hits.hits) >= limit:
        return hits
    having = [set(engine().tickets(All((within, each)), text, MOST_LETTERS)) for each in spoken]
    spread = set.intersection(*having)
    if len(spread) <= len(hits.hits):
        return hits
    others = [each for each in parts if not asks_text(each)]
    return engine().find(
        All((within, *others, Is("ticket", tuple(spread)), clauses.Any(tuple(spoken)))), text, sort, limit
    )


def without(said: Clause, within: Clause, text: Mapping[str, float]) -> Clause:
    having = engine().tickets(All((within, said)), text, MOST_LETTERS)
    return Not(clauses.Any((Is("ticket", tuple(having)), said)))


# -- from hits to rows


def page(
    hits: Hits, clause: Clause, text: Mapping[str, float], start: int, size: int, allowed: Allowed, by: Agent | Customer
) -> Found:
    """Tickets and articles in one read; what has changed hands since it was indexed is left out, and not counted."""
    chosen = hits.hits[start : start + size]
    keys = [(f"T#{hit.number}", name) for hit in chosen for name in names_of(hit)]
    found = table.get_many(keys) if keys else {}
    shown = [(hit, found[key]) for hit in chosen if (key := (f"T#{hit.number}", "#")) in found]
    shown = [(hit, item) for hit, item in shown if may_see(store.ticket_of(item), allowed)]
    said = [said_at(found, hit, by) for hit, _ in shown]
    marked = snippets(clause, text, said)
    rows = [lists.row_of(item) for _, item in shown]
    seen = records.seen(by.login) if isinstance(by, Agent) else {}
    results = [
        Result(
            row | {"unread": row["news_seq"] > seen.get(row["number"], 0)}, article.seq if article else None, snippet
        )
        for row, article, snippet in zip(rows, said, marked, strict=True)
    ]
    more = start + size if len(hits.hits) > start + size else None
    return Found(results, hits.total - len(chosen) + len(shown), hits.exact, more)


def names_of(hit: Hit) -> list[str]:
    return ["#"] if hit.seq is None else ["#", article_key(hit.seq)]


def may_see(found: Ticket, allowed: Allowed) -> bool:
    return allowed(found) and STATE_TYPES[found.state] not in ("merged", "removed")


def said_at(found: Mapping[table.Key, table.Item], hit: Hit, by: Agent | Customer) -> Article | None:
    item = found.get((f"T#{hit.number}", article_key(hit.seq))) if hit.seq is not None else None
    said = store.article_of(item) if item else None
    return said if said and (isinstance(by, Agent) or access.shown_to_customer(said)) else None


def snippets(clause: Clause, text: Mapping[str, float], said: Sequence[Article | None]) -> list[str]:
    """Where the words are in the letter; its beginning, where they are in the title or the files."""
    texts = [each.text if each else "" for each in said]
    found = engine().snippets(clause, text, texts) if any(texts) else [""] * len(texts)
    return [snippet or beginning(each) for snippet, each in zip(found, texts, strict=True)]


def beginning(text: str) -> str:
    cut = " ".join(text[: 4 * BEGINNING].split())[:BEGINNING]
    return cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# -- without the engine


def by_fields(by: Agent, clause: Clause, sort: str, start: int, size: int, away: str) -> Found:
    """Open tickets by what their rows tell: less than was asked for, and said so."""
    mine = [queue for queue in config().queues if access.may_read(by, queue)]
    rows = [row for row in lists.open_rows(mine) if by_rows.fits(clause, row)]
    rows.sort(key=lambda row: by_rows.order(row, sort), reverse=sort.startswith("-") or sort == RELEVANCE)
    seen = records.seen(by.login)
    cut = [row | {"unread": row["news_seq"] > seen.get(row["number"], 0)} for row in rows[start : start + size]]
    more = start + size if len(rows) > start + size else None
    return Found([Result(row, None, "") for row in cut], len(rows), True, more, away=away)


# -- beside a ticket, and while typing


def similar(number: str, by: Agent, limit: int) -> list[Row]:
    """Tickets that speak of the same things as this one, among those that `by` may read. Raises NotFound; none if away."""
    whole = store.whole(number)
    access.check_read(by, whole.ticket)
    letter = next((said.text for said in whole.articles if said.sender == CUSTOMER), "")
    words = f"{whole.ticket.title}\n{letter[:LETTER]}"
    within = All((Is("kind", (ARTICLE,)), readable(by), Not(Is("number", (number,)))))
    try:
        hits = engine().similar(words, within, limit)
    except Away:
        return []
    found = table.get_many((f"T#{hit.number}", "#") for hit in hits) if hits else {}
    items = [found[key] for hit in hits if (key := (f"T#{hit.number}", "#")) in found]
    return [
        lists.row_of(item)
        for item in items
        if may_see(store.ticket_of(item), lambda each: access.may_read(by, each.queue))
    ]


def suggest(by: Agent, prefix: str, field: str) -> list[str]:
    """How what is being typed may go on, from what `by` may see alone."""
    begin = prefix.strip().casefold()
    mine = [queue for queue in config().queues.values() if access.may_read(by, queue.id)]
    if field == "queue":
        return sorted(queue.name for queue in mine if begin in queue.name.casefold())[:MOST_SUGGESTED]
    if field == "owner":
        able = [each for each in config().agents.values() if any(access.may_read(each, queue.id) for queue in mine)]
        fitting = [each.login for each in able if each.login.startswith(begin) or begin in each.name.casefold()]
        return ["me", "none", *sorted(fitting)][:MOST_SUGGESTED] if not begin else sorted(fitting)[:MOST_SUGGESTED]
    if field == "state":
        return [name for name in ("new", "open", "pending", "closed") if name.startswith(begin)]
    if len(begin) < query.SHORTEST_PREFIX and field != "tag":
        return []
    terms = {
        "terms": {
            "field": {"tag": "tag", "customer": "customer"}.get(field, "topic"),
            "size": MOST_SUGGESTED,
            "include": re.escape(begin.replace("ё", "е") if field == "text" else begin) + ".*",  # as topics are kept
        }
    }
    try:
        told: dict[str, Any] = engine().aggregate(All((Is("kind", (TICKET,)), readable(by))), {"found": terms})
    except Away:
        return []
    return [str(each["key"]) for each in told["found"]["buckets"]]
