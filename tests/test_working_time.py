"""Working time, against an oracle that walks minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.working_time import Calendar, after

OFFICE = Calendar("Europe/Berlin", {day: ((9 * 60, 17 * 60),) for day in range(5)})
FRIDAY_AFTERNOON = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # four o'clock in Berlin

weeks = st.dictionaries(
    st.integers(0, 6),
    st.lists(st.integers(0, 1440), min_size=2, max_size=4, unique=True)
    .filter(lambda minutes: len(minutes) % 2 == 0)
    .map(lambda minutes: tuple(zip(sorted(minutes)[::2], sorted(minutes)[1::2], strict=True))),
    min_size=1,
)
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
starts = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)


def test_without_a_calendar_the_desk_works_round_the_clock() -> None:
    assert after(FRIDAY_AFTERNOON, timedelta(hours=2), None) == FRIDAY_AFTERNOON + timedelta(hours=2)


def test_two_hours_from_friday_four_oclock_end_on_monday_at_ten() -> None:
    assert after(FRIDAY_AFTERNOON, timedelta(hours=2), OFFICE) == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_nobody_works_on_a_holiday() -> None:
    off = Calendar(OFFICE.zone, OFFICE.hours, frozenset({date(2026, 11, 23)}))
    assert after(FRIDAY_AFTERNOON, timedelta(hours=2), off) == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_a_calendar_without_working_time_never_gets_there() -> None:
    assert after(FRIDAY_AFTERNOON, timedelta(hours=1), Calendar("UTC")) is None


def test_the_night_of_the_clock_change_has_an_hour_less() -> None:
    nights = Calendar("Europe/Berlin", {day: ((0, 1440),) for day in range(7)})
    saturday = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)  # midnight in Berlin, the clocks go forward at two
    assert after(saturday, timedelta(hours=23), nights) == saturday + timedelta(hours=23)


@settings(max_examples=40, deadline=None)
@given(weeks, zones, starts, st.integers(1, 300))
def test_working_time_is_what_a_clock_watcher_counts(
    hours: dict[int, tuple[tuple[int, int], ...]], zone: str, start: datetime, minutes: int
) -> None:
    calendar = Calendar(zone, hours)
    end = after(start, timedelta(minutes=minutes), calendar)
    if end is None:
        return
    assert end - start > timedelta()
    if end - start < timedelta(days=15):
        assert watched(start, end, calendar) == minutes


def watched(start: datetime, end: datetime, calendar: Calendar) -> int:
    zone, count, moment = ZoneInfo(calendar.zone), 0, start
    while moment < end:
        local = moment.astimezone(zone)
        minute = local.hour * 60 + local.minute
        count += any(opens <= minute < closes for opens, closes in calendar.hours.get(local.weekday(), ()))
        moment += timedelta(minutes=1)
    return count


@settings(max_examples=60, deadline=None)
@given(weeks, zones, starts, st.integers(1, 600), st.integers(1, 600))
def test_work_done_in_two_steps_is_the_same_work(
    hours: dict[int, tuple[tuple[int, int], ...]], zone: str, start: datetime, first: int, second: int
) -> None:
    calendar = Calendar(zone, hours)
    half = after(start, timedelta(minutes=first), calendar)
    if half is not None:
        whole = after(start, timedelta(minutes=first + second), calendar)
        assert after(half, timedelta(minutes=second), calendar) == whole
