"""The owner's questions: what came in, how long customers waited, what it was about, who carried the load, what it cost.

Every answer is a table of figures with the question that leads to the tickets behind each of them. Counted from the facts in the
search index, within the queues of whoever asks.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.access import Agent
from chalicelib.config import config
from chalicelib.errors import NotFound, Refused
from chalicelib.figures import people, tickets
from chalicelib.figures.asked import Asked, Period, Table, chosen
from chalicelib.settings import settings

LONGEST = 3660  # days of a report

REPORTS: dict[str, Callable[[Asked], Table]] = {
    "days": tickets.days,
    "backlog": tickets.backlog,
    "times": tickets.times,
    "hours": tickets.hours,
    "outcomes": tickets.outcomes,
    "topics": people.topics,
    "customers": people.customers,
    "work": people.work,
}


def report(
    name: str, by: Agent, first: date | None, last: date | None, queues: Sequence[str], by_queue: bool, now: datetime
) -> tuple[Period, Table]:
    """The period that is reported, 30 days up to today where nothing is said, and its figures.

    Raises NotFound for a report or queue that is not there, Refused for a period that cannot be, Away.
    """
    if name not in REPORTS:
        raise NotFound("There is no such report.")
    today = now.astimezone(ZoneInfo(settings().zone)).date()
    last = last or max(today, first or today)
    period = Period(first or last - timedelta(days=29), last, chosen(by, queues))
    if period.first > period.last or (period.last - period.first).days > LONGEST:
        raise Refused(
            "A report begins before it ends, and is of ten years at most.",
            code="malformed",
            fields={"from": "is after to"},
        )
    names = {queue.id: queue.name for queue in config().queues.values()}
    return period, REPORTS[name](Asked(by, period, now, by_queue, names))
