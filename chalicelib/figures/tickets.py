"""What came in, was closed and is open; how long customers waited; when they write; how it ended."""

from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.figures.asked import (
    Asked,
    Column,
    Period,
    Table,
    by_day,
    count,
    days_of,
    quoted,
    scope_of,
    span_of,
    terms,
    total,
    within,
)
from chalicelib.search.clauses import Between, Is
from chalicelib.search.documents import EPOCH, TICKET
from chalicelib.settings import settings

MOST_QUEUES = 500
AGES = (1, 3, 7, 30)  # days
OPEN = ("new", "open", "pending reminder", "pending auto close+", "pending auto close-")


# -- what came in, what was closed, what is open


def days(asked: Asked) -> Table:
    """Each day, and each queue of it where asked: in, closed, and open at its end."""
    if asked.by_queue:
        each = [(asked.names[queue], of_days(asked, (queue,))) for queue in asked.period.queues]
        rows = [(day, name, *figures) for name, table in each for day, *figures in table]
        rows.sort(key=lambda row: (row[0], row[1]))
        columns = (Column("day", "day"), Column("queue", "queue"), *COUNTS)
        finds = [(None, None, *finds_of(row[0], f" {quoted('queue', row[1])}")) for row in rows]
        return Table(columns, [tuple(row) for row in rows], finds)
    found = of_days(asked, asked.period.queues)
    scope = scope_of(asked)
    return Table((Column("day", "day"), *COUNTS), found, [(None, *finds_of(row[0], scope)) for row in found])


COUNTS = (Column("in", "count"), Column("closed", "count"), Column("open", "count"))


def of_days(asked: Asked, queues: tuple[str, ...]) -> list[tuple[Any, ...]]:
    period = Period(asked.period.first, asked.period.last, queues)
    begin, end = period.days
    came = days_of(count(TICKET, period, within("created_day", period), n=by_day("created_day"))["n"])
    went = days_of(count(TICKET, period, within("closed_day", period), n=by_day("closed_day"))["n"])
    still = total(TICKET, period, Between("created_day", None, begin)) - total(
        TICKET, period, Between("closed_day", None, begin)
    )
    rows = []
    for day in range(begin, end):
        still += came.get(day, 0) - went.get(day, 0)
        rows.append((date.fromordinal(day + EPOCH).isoformat(), came.get(day, 0), went.get(day, 0), still))
    return rows


def finds_of(day: str, scope: str) -> tuple[str | None, ...]:
    return f"created:{day}{scope}", f"closed:{day}{scope}", None


def backlog(asked: Asked) -> Table:
    """What is open now, by its age and queue."""
    today = asked.now.astimezone(ZoneInfo(settings().zone)).date().toordinal() - EPOCH
    bounds = [None, *(today - days + 1 for days in reversed(AGES)), None]
    ranges = [
        {name: value for name, value in (("from", low), ("to", high)) if value is not None}
        for low, high in pairwise(bounds)
    ]
    told = count(
        TICKET,
        asked.period,
        Is("state", OPEN),
        n=terms("queue", MOST_QUEUES, ages={"range": {"field": "created_day", "ranges": ranges}}),
    )
    found = {
        each["key"]: [int(part["doc_count"]) for part in each["ages"]["buckets"] if "from" in part or "to" in part]
        for each in told["n"]["buckets"]
    }
    rows = [(asked.names.get(queue, queue), *reversed(ages), sum(ages)) for queue, ages in found.items()]
    names = ["under_1", *(f"under_{days}" for days in AGES[1:]), f"over_{AGES[-1]}"]
    columns = (Column("queue", "queue"), *(Column(name, "age") for name in names), Column("open", "count"))
    spans = [age_of(today, low, high) for low, high in zip((0, *AGES), (*AGES, None), strict=True)]
    finds = [
        (None, *(f"state:open,pending {span} {quoted('queue', row[0])}" for span in (*spans, "")))
        for row in sorted(rows)
    ]
    return Table(columns, sorted(rows), [tuple(each and " ".join(each.split()) for each in row) for row in finds])


def age_of(today: int, low: int, high: int | None) -> str:
    """Tickets that are from `low` up to below `high` days old."""
    newest = date.fromordinal(today - low + EPOCH).isoformat()
    return (
        f"created:..{newest}"
        if high is None
        else f"created:{date.fromordinal(today - high + 1 + EPOCH).isoformat()}..{newest}"
    )


# -- how long customers wait


MEASURES = ("first_response", "update", "solution")


def times(asked: Asked) -> Table:
    """Working time until the first answer, the longest wait for an answer, and until it was closed; by queue and in all."""
    parts = {name: {"percentiles": {"field": name, "percents": [50, 90]}} for name in MEASURES}
    numbers = {f"{name}_n": {"value_count": {"field": name}} for name in MEASURES}
    here = within("created_day", asked.period)
    told = count(TICKET, asked.period, here, n=terms("queue", MOST_QUEUES, **parts, **numbers), **parts)
    queues = told["n"]["buckets"]
    rows = sorted((asked.names.get(each["key"], each["key"]), *measured(each, [each])) for each in queues)
    columns = [Column("queue", "queue")]
    for name in MEASURES:
        columns += [
            Column(f"{name}_count", "count"),
            Column(f"{name}_median", "seconds"),
            Column(f"{name}_90", "seconds"),
        ]
    every = [("", *measured(told, queues))] if rows else []
    span = span_of(asked.period)
    finds = [
        (None, *[f"{span} {quoted('queue', row[0])}" if row[0] else span + scope_of(asked)] * 9) for row in rows + every
    ]
    return Table(tuple(columns), rows + every, finds, about=True)


def measured(bucket: dict[str, Any], counted: list[dict[str, Any]]) -> list[float | int | None]:
    """Counts are those of the queues together: to count them once more would cost as much as the percentiles."""
    found: list[float | int | None] = []
    for name in MEASURES:
        number, values = sum(int(each[f"{name}_n"]["value"]) for each in counted), bucket[name]["values"]
        middle, high = (values.get(each) for each in ("50.0", "90.0"))
        found += [number, *(round(each) if number and each is not None else None for each in (middle, high))]
    return found


def hours(asked: Asked) -> Table:
    """When letters come: each hour of the week."""
    found = days_of(count(TICKET, asked.period, within("created_day", asked.period), n=by_day("created_hour"))["n"])
    return Table((Column("hour", "hour"), Column("in", "count")), [(hour, found.get(hour, 0)) for hour in range(168)])


def outcomes(asked: Asked) -> Table:
    """Of what came in: opened again, closed by time alone, letters that said the same once more, merged."""
    once = {"ranges": [{"from": 1}]}
    told = count(
        TICKET,
        asked.period,
        within("created_day", asked.period),
        every={"value_count": {"field": "ticket"}},
        reopened={"range": {"field": "reopened", **once}},
        ended={
            "range": {"field": "closed_day", **once},
            "aggs": {"by_time": {"range": {"field": "auto_closed", **once}}},
        },
        same_letters={"sum": {"field": "same_letters"}},
        merged={"sum": {"field": "merged"}},
    )
    every, again, closed = int(told["every"]["value"]), open_ended(told["reopened"]), open_ended(told["ended"])
    ended = int(closed["doc_count"])
    by_time = int(open_ended(closed["by_time"])["doc_count"]) if "by_time" in closed else 0
    find = span_of(asked.period) + scope_of(asked)
    rows = [
        ("in", every, None, find), ("closed", ended, share(ended, every), f"{find} state:closed"), ("reopened", int(again["doc_count"]), share(int(again["doc_count"]), every), None),
        ("auto_closed", by_time, share(by_time, ended), None),
        ("same_letters", int(told["same_letters"]["value"]), None, None), ("merged", int(told["merged"]["value"]), None, None),
    ]  # fmt: skip
    columns = (Column("what", "outcome"), Column("count", "count"), Column("share", "share"))
    return Table(columns, [row[:3] for row in rows], [(None, row[3], None) for row in rows])


def open_ended(answer: dict[str, Any]) -> dict[str, Any]:
    """The part of a range without an end; engines may tell what lies before it, too."""
    return next((each for each in answer["buckets"] if "from" in each and "to" not in each), {"doc_count": 0})


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
