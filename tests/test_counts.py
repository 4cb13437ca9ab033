"""The counts beside the queues: one counts for all, and the more there is to count, the more seldom."""

from datetime import timedelta

from chalicelib import desk, lists
from chalicelib.composing import NewTicket
from dev.cloud import Cloud
from tests.cast import ANN, CARLA, MONDAY

SECOND = timedelta(seconds=1)


def opened(title: str) -> None:
    desk.open_ticket(ANN, NewTicket("phone", "Support", CARLA, title, "It burns."), MONDAY)


def shown(after: int) -> int:
    """Open tickets of Support, as somebody sees them so many seconds later."""
    return int(lists.summary(["support"], MONDAY + after * SECOND)["queues"]["support"]["open"])


def test_a_new_ticket_is_counted_within_seconds(cloud: Cloud) -> None:
    opened("Printer")
    assert shown(0) == 1
    opened("Screen")
    assert [shown(4), shown(6)] == [1, 2]


def test_who_counts_counts_for_all_others(cloud: Cloud) -> None:
    opened("Printer")
    shown(0)
    opened("Screen")
    assert lists.lease(MONDAY + 6 * SECOND, lists.FRESH)
    assert shown(7) == 1
    assert shown(12) == 2  # he never came back


def test_many_open_tickets_are_counted_more_seldom() -> None:
    def span(*rows: int) -> float:
        counted = [{"new": each, "open": each, "pending": each} for each in rows]
        return lists.fresh_for(counted).total_seconds()

    assert [span(), span(1, 2), span(8000)] == [5, 5, 5]
    assert span(100_000, 100_000) == 120
