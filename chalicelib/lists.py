"""Lists of tickets as rows: a queue's open ones are read whole and sorted in memory, so that any column sorts right."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib import table
from chalicelib.packing import expanded, instant

Row = dict[str, Any]  # the fields of store.ROW

FRESH = timedelta(seconds=5)  # for how long a queue's counts are shown before somebody counts again
OFTEN = 25_000  # open tickets that may be counted that often; the counts of more may be older, so that counting costs no more


def open_rows(queues: Iterable[str]) -> list[Row]:
    """One query for each queue, in the order of opening."""
    return [row_of(item) for queue in queues for item in table.query(f"O#{queue}", index="list", only="row")]


def closed_rows(queue: str, limit: int | None, below: str | None = None) -> list[Row]:
    """The last ones first; `below` is the place of the row after which to go on."""
    found = table.query(f"K#{queue}", index="list", below=below, newest_first=True, limit=limit, only="row")
    return [row_of(item) for item in found]


def customer_rows(email: str) -> list[Row]:
    """All tickets of a customer, the newest first."""
    return [row_of(item) for item in table.query(f"C#{email}", index="customer", newest_first=True, only="row")]


def row_of(item: table.Item) -> Row:
    row: Row = json.loads(expanded(item["row"]))  # type: ignore[arg-type]
    return row


def closed_place(row: Row) -> str:
    return f"{row['closed_at']}#{row['number']}"


# -- counts


def summary(queues: Iterable[str], now: datetime) -> dict[str, Any]:
    """Counts by queue id, as old as `fresh_for` allows: `{"at": ..., "queues": {id: {new, open, pending, locked, owners}}}`.

    Whoever finds them stale counts anew, under a lease; others are shown the old ones meanwhile. Nothing drifts,
    because nothing is added up from events.
    """
    item = table.get("QS", "QS")
    found: dict[str, Any] | None = json.loads(str(item["doc"])) if item and "doc" in item else None
    span = fresh_for(found["queues"].values()) if found else FRESH
    fresh = found is not None and abs(now - datetime.fromisoformat(found["at"])) < span
    if found is not None and (fresh or not lease(now, span)):
        return found
    counted = {"at": instant(now), "queues": {queue: counts(open_rows([queue]), now) for queue in queues}}
    table.put({"pk": "QS", "sk": "QS", "doc": json.dumps(counted), "lease": ""})
    return counted


def fresh_for(counted: Iterable[Mapping[str, Any]]) -> timedelta:
    """How long the counts are good for: with a hundred thousand open tickets 20 seconds."""
    rows = sum(int(each["new"]) + int(each["open"]) + int(each["pending"]) for each in counted)
    return FRESH * max(1, rows / OFTEN)


def lease(now: datetime, span: timedelta) -> bool:
    """For the one who counts; runs out after `span`, in case he never comes back."""
    return table.update(
        "QS",
        "QS",
        "SET lease = :until",
        {":until": instant(now + span), ":now": instant(now)},
        condition="attribute_not_exists(lease) OR lease < :now",
    )


def counts(rows: list[Row], now: datetime) -> dict[str, Any]:
    moment = instant(now)
    locked = [row for row in rows if row["lock"] and (row["lock"].get("until") or "~") > moment]
    return {
        "new": sum(row["state"] == "new" for row in rows),
        "open": sum(row["state"] == "open" for row in rows),
        "pending": sum(row["state"].startswith("pending") for row in rows),
        "locked": len(locked),
        "owners": Counter(row["owner"] for row in rows if row["owner"]),
    }
