"""A mail for later, that shall not leave when the customer writes first."""

from collections.abc import Callable

import pytest

from chalicelib import desk, store, tending
from chalicelib.composing import Saying
from dev.cloud import Cloud
from tests.cast import ANN, DAY, MONDAY
from tests.client import signed_in
from tests.posting import mail
from tests.test_postmaster import only_ticket


@pytest.fixture
def number(cloud: Cloud, take_in: Callable[..., None]) -> str:
    """Ann asks tomorrow whether it has helped, unless Carla says so herself."""
    take_in(mail())
    found = only_ticket().ticket.number
    epoch = desk.lock(found, ANN, False, MONDAY).epoch
    later = Saying("reply", "Did it help?", epoch=epoch, seen=1, send_after=MONDAY + DAY, unless_answered=True)
    desk.say(found, ANN, later, MONDAY)
    return found


def state(number: str) -> tuple[str, str]:
    article = store.article(number, 3)
    assert article and article.delivery
    return article.delivery.state, article.delivery.detail


def test_it_stays_when_carla_was_faster(number: str, cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail("It did.", f"Re: [Ticket#{number}]", message_id="<2@customer.example>"), "in/2")
    tending.tick(MONDAY + 2 * DAY)
    assert state(number) == ("cancelled", "stopped by the customer's own letter")
    assert len(cloud.outbox) == 1


def test_the_outbox_says_that_it_stays_from_the_moment_she_has_written(
    number: str, take_in: Callable[..., None]
) -> None:
    assert stays() == [False]
    take_in(mail("It did.", f"Re: [Ticket#{number}]", message_id="<2@customer.example>"), "in/2")
    assert stays() == [True]


def stays() -> list[bool]:
    return [each["stays"] for each in signed_in(ANN).get("/outbox").json["mails"]]


def test_it_leaves_when_she_is_silent(number: str, cloud: Cloud) -> None:
    tending.tick(MONDAY + 2 * DAY)
    assert state(number)[0] == "sent"


def test_the_ticket_does_not_close_before_the_letter_has_been_read(number: str) -> None:
    found = store.ticket(number)
    assert (found.state, found.pending_until) == ("pending auto close+", MONDAY + 8 * DAY)


def test_an_out_of_office_note_is_no_answer(number: str, cloud: Cloud, take_in: Callable[..., None]) -> None:
    away = {"Auto-Submitted": "auto-replied"}
    take_in(mail("I am away.", f"Re: [Ticket#{number}]", message_id="<2@customer.example>", headers=away), "in/2")
    tending.tick(MONDAY + 2 * DAY)
    assert state(number)[0] == "sent"
