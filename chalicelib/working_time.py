"""Working time: calendars with a time zone and holidays, and what time it is after so much work."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST = timedelta(days=3660)  # a calendar without any working time must not search for ever


@dataclass(frozen=True)
class Calendar:
    """`hours` by weekday (0 is Monday): pairs of (start, end) minutes of the day, ascending; `holidays` are days off."""

    zone: str
    hours: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()


def after(start: datetime, work: timedelta, calendar: Calendar | None) -> datetime | None:
    """The moment at which `work` has been done since `start`; None where the calendar never gets there.

    Without a calendar the desk works round the clock.
    """
    if calendar is None:
        return start + work
    left = work
    for opens, closes in shifts(start, calendar):
        begins = max(opens, start)
        if closes - begins >= left:
            return begins + left
        left -= max(closes - begins, timedelta())
    return None


def shifts(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """The working intervals that end after `start`, in UTC, so that a change of the clocks neither adds nor loses work."""
    zone = ZoneInfo(calendar.zone)
    utc = ZoneInfo("UTC")
    day = start.astimezone(zone).date() - timedelta(days=1)
    last = day + LONGEST
    while day < last:
        if day not in calendar.holidays:
            for opens, closes in calendar.hours.get(day.weekday(), ()):
                ends = moment(day, closes, zone).astimezone(utc)
                if ends > start:
                    yield moment(day, opens, zone).astimezone(utc), ends
        day += timedelta(days=1)


def moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """`minutes` after midnight by the wall clock; 1440 is the next midnight."""
    return datetime.combine(day + timedelta(days=minutes // 1440), time(minutes // 60 % 24, minutes % 60), zone)


def between(start: datetime, end: datetime, calendar: Calendar | None) -> timedelta:
    """How much working time lies between the two; none where `end` is the earlier one."""
    if end <= start:
        return timedelta()
    if calendar is None:
        return end - start
    done = timedelta()
    for opens, closes in shifts(start, calendar):
        if opens >= end:
            break
        done += min(closes, end) - max(opens, start)
    return done
