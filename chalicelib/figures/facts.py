"""The facts of tickets in the bucket, a gzipped CSV for each month of opening: for Athena, spreadsheets and whatever comes later.

    facts/tickets/month=2026-11/tickets.csv.gz

Behind a setting. In the night those months are written anew in which a ticket has changed since the night before.
"""

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib import files, lists, log, store
from chalicelib.config import config
from chalicelib.errors import NotFound
from chalicelib.figures import sheet
from chalicelib.lists import Row
from chalicelib.packing import instant
from chalicelib.search import documents
from chalicelib.settings import settings
from chalicelib.ticket import STATE_TYPES

COLUMNS = (
    "number", "queue", "state", "owner", "customer", "company", "tags", "priority", "created", "changed", "closed", "first_response_seconds",
    "longest_wait_seconds", "solution_seconds", "reopened", "auto_closed", "same_letters", "merged", "articles", "minutes",
)  # fmt: skip
OVERLAP = timedelta(hours=26)  # a night may begin late, and what changes meanwhile belongs to both


def export(now: datetime, everything: bool = False) -> int:
    """How many months were written; none where the setting is off. Told again it writes the same."""
    if not config().rates.export:
        return 0
    months: dict[str, list[Row]] = defaultdict(list)
    for row in rows():
        months[row["created"][:7]].append(row)
    since = instant(now - OVERLAP)
    changed = [month for month, some in months.items() if everything or any(row["changed"] >= since for row in some)]
    for month in changed:
        put(month, sorted(row["number"] for row in months[month]))
    log.event("facts_exported", months=len(changed))
    return len(changed)


def rows() -> Iterable[Row]:
    for queue in config().queues:
        yield from (row for row in (*lists.open_rows([queue]), *lists.closed_rows(queue, None)) if row["state"] in KEPT)


KEPT = {state for state, kind in STATE_TYPES.items() if kind not in ("merged", "removed")}


def put(month: str, numbers: Iterable[str]) -> None:
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(COLUMNS)
    for number in numbers:
        try:
            lines.writerow([sheet.cell(value) for value in facts(number)])
        except NotFound:
            continue  # gone since it was listed
    data = gzip.compress(written.getvalue().encode(), mtime=0)
    files.put(f"facts/tickets/month={month}/tickets.csv.gz", data, "application/gzip")


def facts(number: str) -> list[Any]:
    """One row in the order of COLUMNS, from the same document that reports count. Raises NotFound."""
    whole = store.whole(number)
    found, queue = whole.ticket, config().queues[whole.ticket.queue]
    made = documents.of(found, whole.articles, whole.history, queue, ZoneInfo(settings().zone), {})
    told = next((each for each in made if each["kind"] == documents.TICKET), None)
    if told is None:
        raise NotFound("This ticket has been merged.")
    moments = (instant(moment) if moment else None for moment in (found.created, found.changed, found.closed_at))
    counts = (
        "first_response",
        "update",
        "solution",
        "reopened",
        "auto_closed",
        "same_letters",
        "merged",
        "article_count",
        "time_units",
    )
    return [
        number, queue.name, found.state, found.owner, found.customer.email, told.get("company"), " ".join(found.tags), found.priority, *moments,
        *(told.get(name) for name in counts),
    ]  # fmt: skip
