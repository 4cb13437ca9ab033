"""Closing by itself: held back where too many would close in a day, and never done over a newer letter."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from chalicelib import checkup, desk, lists, outbox, records, store, tending
from chalicelib.composing import NewTicket, Saying
from chalicelib.settings import settings
from chalicelib.ticket import CLOSED, OPEN
from dev.cloud import Cloud
from tests.cast import ANN, CARLA, DAY, MONDAY
from tests.posting import mail
from tests.test_postmaster import only_ticket

WEEK = MONDAY + 8 * DAY


@pytest.fixture
def waiting(cloud: Cloud) -> str:
    """A ticket that waits for Carla."""
    call = NewTicket("phone", "Support", CARLA, "Printer", "It burns.", state="pending auto close+")
    return desk.open_ticket(ANN, call, MONDAY)[0].number


@pytest.fixture
def crowded(waiting: str) -> Iterator[str]:
    """As many as a day may close have closed already."""
    for _ in range(settings().closings_a_day):
        records.counter("closings", settings().closings_a_day, WEEK, records.DAY)
    yield waiting


def test_a_ticket_closes_after_the_queues_days(waiting: str) -> None:
    tending.tick(WEEK)
    assert store.ticket(waiting).state == CLOSED


def test_above_the_days_cap_it_waits_for_another_day(crowded: str) -> None:
    tending.tick(WEEK)
    found = store.ticket(crowded)
    assert (found.state, found.pending_until) == ("pending auto close+", WEEK + DAY)
    assert outbox.due_tickets(WEEK) == []
    tending.tick(WEEK + DAY)
    assert store.ticket(crowded).state == CLOSED


def test_a_newer_letter_keeps_it_open(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail())
    number = only_ticket().ticket.number
    epoch = desk.lock(number, ANN, False, MONDAY).epoch
    desk.say(number, ANN, Saying("reply", "Use water.", epoch=epoch, seen=1), MONDAY)
    take_in(mail("It still burns.", f"Re: [Ticket#{number}]", message_id="<2@customer.example>"), "in/2")
    tending.tick(WEEK)
    assert store.ticket(number).state == OPEN


@pytest.mark.parametrize("skew", [timedelta(minutes=-5), timedelta(0), timedelta(minutes=5)])
def test_a_clock_that_is_off_closes_it_once_and_never_before_its_time(skew: timedelta, waiting: str) -> None:
    due = store.ticket(waiting).pending_until
    assert due
    for step in range(-10, 11):
        tending.tick(due + step * timedelta(minutes=1) + skew)
        closed = store.ticket(waiting).state == CLOSED
        assert closed == (step * timedelta(minutes=1) + skew >= timedelta(0)) or closed and step > 0
    closings = [event for event in store.whole(waiting).history if event.new == CLOSED]
    assert len(closings) == 1


def test_the_doctor_tells_when_many_will_close(waiting: str, cloud: Cloud) -> None:
    for n in range(checkup.MANY_CLOSINGS):
        call = NewTicket("phone", "Support", CARLA, f"Printer {n}", "It burns.", state="pending auto close+")
        desk.open_ticket(ANN, call, MONDAY)
    assert "101 tickets close by themselves" in " ".join(each.what for each in checkup.examine(WEEK - 2 * DAY, MONDAY))
    assert len(lists.open_rows(["support"])) == 101
