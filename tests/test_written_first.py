"""Tickets that agents open: a call that was written down, a letter that the desk writes first."""

from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from chalicelib import config, desk, desk_lists, desk_sent, store, tending
from chalicelib.article import Address
from chalicelib.composing import NewTicket
from chalicelib.errors import Refused
from chalicelib.ticket import Ticket
from dev.cloud import Cloud
from tests.cast import ANN, BEN, CARLA, DAY, HOUR, MONDAY
from tests.client import PHONE, signed_in

pytestmark = pytest.mark.usefixtures("cloud")

IVAN = Address("ivan@customer.example", "Ivan")


def opens(channel: str = "email", customer: Address = CARLA, **fields: Any) -> Ticket:
    new = NewTicket(channel, "Support", customer, "Your order", "It is ready.", **fields)
    return desk.open_ticket(ANN, new, MONDAY)[0]


def sent(cloud: Cloud) -> Any:
    (mail,) = cloud.outbox
    return message_from_bytes(mail.raw, policy=policy.default)


def test_a_first_letter_goes_to_others_too_who_may_join_from_then_on(cloud: Cloud) -> None:
    opened = opens(cc=(IVAN,))
    assert (sent(cloud)["to"], sent(cloud)["cc"]) == ("Carla <carla@customer.example>", "Ivan <ivan@customer.example>")
    assert store.ticket(opened.number).participants == {CARLA.email, IVAN.email}
    assert store.ticket(opened.number).aside == frozenset()


def test_a_colleague_in_the_copy_of_a_first_letter_is_asked_aside() -> None:
    assert store.ticket(opens(cc=(Address(BEN.email),)).number).aside == {BEN.email}


def test_nobody_is_sent_a_copy_of_a_call(cloud: Cloud) -> None:
    opened = opens("phone", cc=(IVAN,), send_after=MONDAY + HOUR)
    assert store.ticket(opened.number).participants == {CARLA.email}
    tending.tick(MONDAY + DAY)
    assert cloud.outbox == []


def test_a_first_letter_leaves_when_it_shall(cloud: Cloud) -> None:
    opens(send_after=MONDAY + HOUR)
    tending.tick(MONDAY + timedelta(minutes=59))
    assert cloud.outbox == []
    tending.tick(MONDAY + timedelta(minutes=61))
    assert len(cloud.outbox) == 1


def test_a_ticket_waits_from_the_moment_its_first_letter_leaves() -> None:
    days = config.config().queues["support"].auto_close_days * DAY
    waiting = opens(send_after=MONDAY + 30 * DAY, state="pending auto close+")
    assert waiting.pending_until == MONDAY + 30 * DAY + days
    assert waiting.changed == MONDAY
    assert opens(send_after=MONDAY - DAY, state="pending auto close+").pending_until == MONDAY + days


def test_who_was_never_written_to_may_not_join() -> None:
    opened = opens(cc=(IVAN,), hold=True)
    desk_sent.undo(opened.number, 1, ANN, MONDAY)
    assert store.ticket(opened.number).participants == {CARLA.email}


@pytest.mark.parametrize("channel", ["email", "phone"])
@pytest.mark.parametrize("address", ["support@desk.localhost", "support+t1@desk.localhost", "billing@desk.localhost"])
def test_the_desk_is_no_customer_of_its_own(channel: str, address: str, cloud: Cloud) -> None:
    with pytest.raises(Refused, match="an address of this desk"):
        opens(channel, Address(address))
    assert cloud.outbox == []


def test_who_leaves_the_name_out_does_not_take_it_from_the_customer() -> None:
    opens("phone")
    opens("phone", Address(CARLA.email))
    assert desk_lists.customers(ANN, CARLA.email)[0]["name"] == "Carla"
    opens("phone", Address(CARLA.email, "Carla Jones"))
    assert desk_lists.customers(ANN, CARLA.email)[0]["name"] == "Carla Jones"


def test_who_was_not_known_has_no_name_until_somebody_gives_one() -> None:
    opens("phone", Address(IVAN.email))
    assert desk_lists.customers(ANN, IVAN.email)[0]["name"] == ""


def test_the_api_takes_copies_and_a_time_and_tells_why_it_refuses(cloud: Cloud) -> None:
    ann = signed_in(ANN)
    letter = PHONE | {"channel": "email", "cc": [{"email": IVAN.email}], "send_after": "2026-11-30T09:00:00Z"}
    (article,) = ann.post("/tickets", letter).json["articles"]
    assert [each["email"] for each in article["cc"]] == [IVAN.email]
    assert article["delivery"]["not_before"] == "2026-11-30T09:00:00Z"
    own = ann.post("/tickets", PHONE | {"customer": {"email": "support@desk.localhost"}})
    assert (own.status, own.json["code"], own.json["why"]) == (400, "malformed", "own_address")
    assert cloud.outbox == []
