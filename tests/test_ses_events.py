"""SES tells what became of a mail: the same as a report by mail, as a note for the agents, once however often it comes."""

from collections.abc import Callable

import pytest

from chalicelib import desk_merge, feedback, outbox, store, table
from chalicelib.store import Whole
from chalicelib.ticket import OPEN
from dev.cloud import Cloud
from tests.cast import ANN, CARLA, DAY, HOUR, MONDAY
from tests.crashes import meanwhile
from tests.posting import mail
from tests.test_postmaster import only_ticket, tickets
from tests.test_undelivered import delivery, last, mark, replied

__all__ = ["replied"]  # a fixture
pytestmark = pytest.mark.usefixtures("cloud")


def event(kind: str, cloud: Cloud, **more: object) -> dict[str, object]:
    sent = cloud.outbox[-1]
    part = {
        "Bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [
                {"emailAddress": CARLA.email, "status": "5.1.1", "diagnosticCode": "smtp; 550 Nobody"}
            ],
        },
        "Complaint": {"complainedRecipients": [{"emailAddress": CARLA.email}], "complaintFeedbackType": "abuse"},
        "DeliveryDelay": {"delayedRecipients": [{"emailAddress": CARLA.email, "status": "4.4.1"}]},
    }.get(kind, {})
    word = kind[0].lower() + kind[1:]
    tags = {name: [value] for name, value in sent.tags.items()}
    return {"eventType": kind, "mail": {"messageId": sent.id, "tags": tags}, word: part | more}


def test_an_event_of_ses_does_the_same_with_a_note(replied: Whole, cloud: Cloud) -> None:
    feedback.hear(event("Bounce", cloud), MONDAY)
    assert delivery(replied.ticket.number)[0] == "bounced"
    assert (last().kind, last().visible, only_ticket().ticket.state) == ("note", False, OPEN)
    assert f"{CARLA.email}: 5.1.1 smtp; 550 Nobody" in last().text
    assert mark()


def test_events_come_twice_and_in_any_order(replied: Whole, cloud: Cloud) -> None:
    for kind in ("Bounce", "Send", "Bounce", "DeliveryDelay", "Delivery", "Bounce"):
        feedback.hear(event(kind, cloud), MONDAY)
    assert delivery(replied.ticket.number)[0] == "bounced"
    assert len(only_ticket().articles) == 4


def test_a_complaint_marks_the_address(replied: Whole, cloud: Cloud) -> None:
    feedback.hear(event("Complaint", cloud), MONDAY)
    assert isinstance(found := mark(), dict) and found["kind"] == "complaint"
    assert only_ticket().ticket.state == "pending auto close+"


def test_a_full_mailbox_is_no_mark_but_the_letter_did_not_arrive(replied: Whole, cloud: Cloud) -> None:
    feedback.hear(event("Bounce", cloud, bounceType="Transient"), MONDAY)
    assert (mark(), only_ticket().ticket.state) == (None, OPEN)


def test_a_suppressed_address_is_said_to_be_so(replied: Whole, cloud: Cloud) -> None:
    feedback.hear(event("Bounce", cloud, bounceSubType="OnAccountSuppressionList"), MONDAY)
    assert "SES did not try" in delivery(replied.ticket.number)[1]


def test_a_delivery_event_of_a_merged_ticket_reaches_the_survivor(
    replied: Whole, take_in: Callable[..., None], cloud: Cloud
) -> None:
    told = event("Delivery", cloud)
    take_in(mail("The scanner scans nothing.", "Scanner", message_id="<s@customer.example>"), "in/2")
    kept = next(each.ticket.number for each in tickets() if each.ticket.number != replied.ticket.number)
    desk_merge.merge(replied.ticket.number, kept, ANN, MONDAY)
    feedback.hear(told, MONDAY + DAY)
    states = [
        article.delivery.state for article in store.whole(kept).articles if article.kind == "reply" and article.delivery
    ]
    assert states == ["delivered"]
    assert outbox.unsent() == []


def test_a_bounce_that_is_told_while_the_ticket_is_merged_is_not_lost(
    replied: Whole, take_in: Callable[..., None], cloud: Cloud
) -> None:
    told = event("Bounce", cloud)
    take_in(mail("The scanner scans nothing.", "Scanner", message_id="<s@customer.example>"), "in/2")
    kept = next(each.ticket.number for each in tickets() if each.ticket.number != replied.ticket.number)
    with meanwhile(lambda: desk_merge.merge(replied.ticket.number, kept, ANN, MONDAY), "Query"):
        feedback.hear(told, MONDAY)
    assert [article.report.kind for article in store.whole(kept).articles if article.report] == ["bounce"]


def test_an_event_that_is_repeated_late_marks_nobody_again(
    replied: Whole, take_in: Callable[..., None], cloud: Cloud
) -> None:
    told = event("Bounce", cloud)
    feedback.hear(told, MONDAY)
    take_in(mail("I am back, with a third matter.", "Back", message_id="<y@customer.example>"), "in/5")
    feedback.hear(told, MONDAY + HOUR)
    assert mark() is None


def test_an_old_bounce_that_is_repeated_says_nothing_of_the_second_sending(replied: Whole, cloud: Cloud) -> None:
    number, told = replied.ticket.number, event("Bounce", cloud)
    feedback.hear(told, MONDAY)
    table.transact([outbox.again(number, 3, "ann", MONDAY + HOUR)])
    feedback.hear(told, MONDAY + HOUR)
    assert delivery(number)[0] == "due"


def test_what_ses_rejects_is_told_to_the_agents_and_marks_nobody(replied: Whole, cloud: Cloud) -> None:
    told = event("Reject", cloud, reason="Bad content")
    told["mail"]["destination"] = [CARLA.email]  # type: ignore[index]
    for _ in range(2):
        feedback.hear(told, MONDAY)
    assert delivery(replied.ticket.number) == ("failed", f"{CARLA.email}: Bad content")
    assert (last().kind, len(only_ticket().articles), only_ticket().ticket.state) == ("note", 4, OPEN)
    assert mark() is None
