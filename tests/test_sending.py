"""A mail leaves once; what SES refuses is tried again or told, what it never answered is unknown."""

from dataclasses import replace

import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber

from chalicelib import desk_lists, outbox, outgoing, store, ticket
from chalicelib.access import Agent
from chalicelib.article import DUE, FAILED, SENT, UNKNOWN, Address, Article, Delivery
from dev.cloud import Cloud
from tests.cast import ANN, CARLA, DAY, HOUR, MONDAY, OLGA, SUPPORT, letter


def reply(**fields: object) -> Article:
    said = Article(
        seq=2,
        kind="reply",
        channel="email",
        sender="agent",
        sent_from=Address(SUPPORT.address, "Support"),
        to=(CARLA,),
        subject="[Ticket#1] Re: Fire",
        text="Use water.\n",
        at=MONDAY,
        references=("first@customer.example",),
        delivery=Delivery(DUE, MONDAY),
    )
    return replace(said, **fields)  # type: ignore[arg-type]


@pytest.fixture
def saved(cloud: Cloud) -> ticket.Ticket:
    opened = ticket.open_new("1", "Fire", SUPPORT, CARLA, MONDAY)
    opened = ticket.said(ticket.said(opened, letter(1)), reply())
    return store.save(None, opened, [letter(1), reply()], by="ann", now=MONDAY)


def state() -> str:
    found = store.article("1", 2)
    assert found and found.delivery
    return found.delivery.state


def test_a_mail_leaves_once_however_often_it_is_delivered(saved: ticket.Ticket, cloud: Cloud) -> None:
    for _ in range(3):
        outgoing.deliver(saved, reply(), SUPPORT, MONDAY)
    assert (state(), len(cloud.outbox)) == (SENT, 1)


@pytest.mark.parametrize(
    ("code", "after"), [("TooManyRequestsException", DUE), ("MessageRejected", FAILED), ("BadRequestException", FAILED)]
)
def test_what_ses_refuses(code: str, after: str, saved: ticket.Ticket) -> None:
    with Stubber(outgoing.client()) as ses:
        ses.add_client_error("send_email", code, "no", expected_params=None)
        said = outgoing.deliver(saved, reply(), SUPPORT, MONDAY)
    assert state() == after
    assert said.delivery and said.delivery.state == after


def test_a_throttled_mail_is_due_again_later(saved: ticket.Ticket) -> None:
    with Stubber(outgoing.client()) as ses:
        ses.add_client_error("send_email", "TooManyRequestsException")
        outgoing.deliver(saved, reply(), SUPPORT, MONDAY)
    assert outbox.due_articles(MONDAY) == []
    assert outbox.due_articles(MONDAY + HOUR) == [(MONDAY + 2 * outgoing.WAIT, "1", 2)]


def test_a_lost_answer_is_unknown_and_never_sent_again(saved: ticket.Ticket, cloud: Cloud) -> None:
    def lost(**_: object) -> None:
        raise ReadTimeoutError(endpoint_url="ses")

    events = outgoing.client().meta.events
    events.register("before-call.sesv2.SendEmail", lost)
    try:
        outgoing.deliver(saved, reply(), SUPPORT, MONDAY)
    finally:
        events.unregister("before-call.sesv2.SendEmail", lost)
    assert state() == UNKNOWN
    assert outbox.due_articles(MONDAY + DAY) == []


def listed(by: Agent = ANN) -> list[str]:
    return [said.delivery.state for _, said in desk_lists.outbox_of(by) if said.delivery]


def test_the_outbox_shows_what_waits_and_what_did_not_arrive(saved: ticket.Ticket) -> None:
    assert listed() == [DUE]
    with Stubber(outgoing.client()) as ses:
        ses.add_client_error("send_email", "MessageRejected", "no")
        outgoing.deliver(saved, reply(), SUPPORT, MONDAY)
    assert listed() == [FAILED]
    assert listed(OLGA) == []


def test_a_mail_that_left_is_not_in_the_outbox_until_it_bounces(saved: ticket.Ticket) -> None:
    outgoing.deliver(saved, reply(), SUPPORT, MONDAY)
    assert listed() == []
    outbox.told("1", 2, "bounced", "no such user", "id", MONDAY)
    assert listed() == ["bounced"]
    assert outbox.due_articles(MONDAY + DAY) == []
