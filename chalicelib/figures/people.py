"""What it is about, who asks most, who carries the load, and what that costs."""

from collections.abc import Iterable
from typing import Any

from chalicelib.access import ADMIN
from chalicelib.config import config
from chalicelib.figures.asked import Asked, Column, Table, count, quoted, scope_of, span_of, terms, within
from chalicelib.search.clauses import Is
from chalicelib.search.documents import TICKET, WORK

MOST = 20  # rows of a list of the most frequent
MOST_WORDS = 400  # that are compared with the period before
MOST_NAMES = 500
BUSY = 300  # customers whose working time is compared
FEWEST = 3  # letters before a word is a topic


# -- what it is about, and for whom


def topics(asked: Asked) -> Table:
    """The tags, and the words of subjects that have become more frequent than in the period before."""
    here, then = asked.period, asked.period.before
    told = count(TICKET, here, within("created_day", here), tags=terms("tag", MOST), words=terms("topic", MOST_WORDS))
    old = count(
        TICKET, then, within("created_day", then), tags=terms("tag", 5 * MOST), words=terms("topic", 5 * MOST_WORDS)
    )
    tags, words = counted(told["tags"]), counted(told["words"])
    tags_then, words_then = counted(old["tags"]), counted(old["words"])
    risen = [
        (word, n, words_then.get(word, 0)) for word, n in words.items() if n >= FEWEST and n > words_then.get(word, 0)
    ]
    # By how much more than before one would expect, so that neither rare nor always frequent words come first.
    risen.sort(key=lambda each: ((each[1] - each[2]) / (each[2] + 5) ** 0.5, each[1]), reverse=True)
    rows = [("tag", tag, n, tags_then.get(tag, 0)) for tag, n in tags.items()] + [
        ("word", *each) for each in risen[:MOST]
    ]
    columns = (Column("what", "topic"), Column("topic", "text"), Column("count", "count"), Column("before", "count"))
    spans = span_of(here) + scope_of(asked), span_of(then) + scope_of(asked)
    finds = [
        (None, None, *(f"{quoted('tag' if row[0] == 'tag' else 'subject', row[1])} {span}" for span in spans))
        for row in rows
    ]
    return Table(columns, rows, finds)


def counted(answer: dict[str, Any]) -> dict[str, int]:
    return {str(each["key"]): int(each["doc_count"]) for each in answer["buckets"]}


def customers(asked: Asked) -> Table:
    """Who writes most: customers and companies, with the working time that they took."""
    here = asked.period
    told = count(
        TICKET, here, within("created_day", here), customer=terms("customer", MOST), company=terms("company", MOST)
    )
    took = {kind: minutes_of(asked, kind, counted(told[kind])) for kind in ("customer", "company")}
    rows, finds = [], []
    for kind in ("customer", "company"):
        minutes = took[kind]
        for name, n in counted(told[kind]).items():
            rows.append((kind, name, n, minutes.get(name, 0)))
            find = f"{quoted('customer', name)} {span_of(here)}{scope_of(asked)}"
            finds.append((None, None, find, None))
    columns = (Column("what", "who"), Column("name", "text"), Column("count", "count"), Column("minutes", "minutes"))
    return Table(columns, rows, finds)


MINUTES = {"sum": {"field": "minutes"}}


def minutes_of(asked: Asked, kind: str, names: Iterable[str]) -> dict[str, int]:
    """Of these alone: to add up everybody's would take the longer the more customers there are."""
    wanted = Is(kind, tuple(names))
    told = count(WORK, asked.period, within("day", asked.period), wanted, n=terms(kind, MOST, m=MINUTES))
    return {str(each["key"]): round(each["m"]["value"]) for each in told["n"]["buckets"]}


# -- work


def work(asked: Asked) -> Table:
    """Working time by agent, queue, customer and tag; administrators see what it costs.

    Of the customers those with the most articles are compared: to add up everybody's minutes takes half a second of a million.
    """
    here = within("day", asked.period)
    who = terms("agent", MOST_NAMES, m=MINUTES)
    parts = {name: terms(name, MOST_NAMES, m=MINUTES, who=who) for name in ("queue", "tag")}
    told = count(WORK, asked.period, here, customer=terms("customer", BUSY), **parts)
    told["agent"] = {"buckets": agents(told["queue"]["buckets"])}
    busy = Is("customer", tuple(counted(told["customer"])))
    told["customer"] = count(WORK, asked.period, here, busy, n=terms("customer", BUSY, m=MINUTES, who=who))["n"]
    rows = []
    for kind in ("agent", "queue", "customer", "tag"):
        found = [
            (kind, named(asked, kind, str(each["key"])), int(each["doc_count"]), round(each["m"]["value"]), cost(each))
            for each in told[kind]["buckets"]
        ]
        found.sort(key=lambda row: (-row[3], -row[2], row[1]))
        rows += found[: MOST_NAMES if kind in ("agent", "queue") else MOST]
    columns = (Column("what", "who"), Column("name", "text"), Column("articles", "count"), Column("minutes", "minutes"))
    if asked.by.role == ADMIN:
        return Table((*columns, Column("cost", "money")), rows, currency=config().rates.currency)
    return Table(columns, [row[:4] for row in rows])


def agents(queues: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What they did in all queues: added up here, for to count it once more takes as long as the queues did."""
    found: dict[str, dict[str, Any]] = {}
    for part in (part for queue in queues for part in queue["who"]["buckets"]):
        one = found.setdefault(str(part["key"]), {"key": part["key"], "doc_count": 0, "m": {"value": 0}})
        one["doc_count"] += part["doc_count"]
        one["m"]["value"] += part["m"]["value"]
    return list(found.values())


def named(asked: Asked, kind: str, key: str) -> str:
    if kind == "queue":
        return asked.names.get(key, key)
    agent = config().agents.get(key) if kind == "agent" else None
    return agent.name if agent else key


def cost(bucket: dict[str, Any]) -> float:
    rates = config().rates
    parts = bucket["who"]["buckets"] if "who" in bucket else [bucket]
    return float(round(sum(part["m"]["value"] / 60 * rates.of(str(part["key"])) for part in parts), 2))
