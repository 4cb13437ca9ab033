"""What every report is made of: a period, what the index is asked, and a table with the questions behind its figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib import access
from chalicelib.access import Agent
from chalicelib.config import config
from chalicelib.errors import NotFound
from chalicelib.search.clauses import All, Between, Clause, Is
from chalicelib.search.documents import EPOCH
from chalicelib.search.engines import engine


@dataclass(frozen=True)
class Period:
    """From and to which day, both included; `queues` are the ids of those that are counted."""

    first: date
    last: date
    queues: tuple[str, ...]

    @property
    def days(self) -> tuple[int, int]:
        """As the index counts them, the end excluded."""
        return self.first.toordinal() - EPOCH, self.last.toordinal() - EPOCH + 1

    @property
    def before(self) -> "Period":
        """As long, and just before."""
        length = self.last - self.first + timedelta(days=1)
        return Period(self.first - length, self.first - timedelta(days=1), self.queues)


@dataclass(frozen=True)
class Column:
    """`kind`: text, day, queue, agent, tag, count, seconds (working time), minutes, money, share (of 1), hour (0-167), age."""

    name: str
    kind: str


@dataclass(frozen=True)
class Table:
    """`rows` of values by `columns`; `finds` beside each the question that finds its tickets, None where there is none.

    `about`: medians and percentiles of many tickets are estimates (1 % or so). `currency` of money.
    """

    columns: tuple[Column, ...]
    rows: Sequence[tuple[Any, ...]]
    finds: Sequence[tuple[str | None, ...]] = ()
    about: bool = False
    currency: str = ""


@dataclass(frozen=True)
class Asked:
    by: Agent
    period: Period
    now: datetime
    by_queue: bool = False
    names: dict[str, str] = field(default_factory=dict)  # of queues, by id


def chosen(by: Agent, names: Sequence[str]) -> tuple[str, ...]:
    mine = [queue for queue in config().queues.values() if access.may_read(by, queue.id)]
    found = [queue.id for queue in mine if not names or queue.name in names]
    if names and len(found) < len(set(names)):
        raise NotFound("There is no such queue here.")
    return tuple(found)


# -- asking the index


def count(kind: int, period: Period, *clauses: Clause, **aggregations: Any) -> dict[str, Any]:
    """The answers by the names of the aggregations."""
    return engine().aggregate(All((Is("kind", (kind,)), Is("queue", period.queues), *clauses)), aggregations)


def within(name: str, period: Period) -> Clause:
    return Between(name, *period.days)


def total(kind: int, period: Period, *clauses: Clause) -> int:
    return int(count(kind, period, *clauses, n={"value_count": {"field": "ticket"}})["n"]["value"])


def by_day(name: str, more: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"histogram": {"field": name, "interval": 1}} | ({"aggs": more} if more else {})


def terms(name: str, size: int, **more: Any) -> dict[str, Any]:
    return {"terms": {"field": name, "size": size}} | ({"aggs": more} if more else {})


def days_of(answer: dict[str, Any]) -> dict[int, int]:
    return {int(each["key"]): int(each["doc_count"]) for each in answer["buckets"]}


# -- questions that lead to the tickets


def quoted(name: str, value: str) -> str:
    return f'{name}:"{value}"' if " " in value or "," in value else f"{name}:{value}"


def span_of(period: Period) -> str:
    return f"created:{period.first.isoformat()}..{period.last.isoformat()}"


def scope_of(asked: Asked) -> str:
    """Nothing where all the queues of the asker are counted."""
    if len(asked.period.queues) == len(chosen(asked.by, ())):
        return ""
    return f' queue:"{",".join(asked.names[queue] for queue in asked.period.queues)}"'
