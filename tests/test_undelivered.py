"""Mails that came back: joined to the very article, the address marked, the agents told; and nobody can make it up."""

from collections.abc import Callable

import pytest

from chalicelib import config, desk, desk_merge, feedback, outbox, store, table, threads
from chalicelib.article import Article
from chalicelib.composing import Saying
from chalicelib.store import Whole
from chalicelib.ticket import CLOSED, OPEN
from dev.cloud import Cloud
from tests.cast import ANN, CARLA, DAY, EVE, HOUR, MONDAY
from tests.client import signed_in
from tests.crashes import meanwhile
from tests.posting import mail
from tests.test_postmaster import only_ticket, tickets

pytestmark = pytest.mark.usefixtures("cloud")
DAEMON = "MAILER-DAEMON@mx.customer.example"


@pytest.fixture
def replied(cloud: Cloud, take_in: Callable[..., None]) -> Whole:
    """Ann has answered Carla; the ticket waits for the customer."""
    take_in(mail())
    number = only_ticket().ticket.number
    epoch = desk.lock(number, ANN, False, MONDAY).epoch
    desk.say(number, ANN, Saying("reply", "Use water.", epoch=epoch, seen=1), MONDAY)
    desk.unlock(number, ANN, False, MONDAY)
    return store.whole(number)


def ses_id(cloud: Cloud) -> str:
    return f"{cloud.outbox[-1].id}@eu-west-1.amazonses.com"


def report(of: str, status: str = "5.1.1", action: str = "failed", who: str = CARLA.email, name: str = "r1") -> bytes:
    """A delivery status notification (RFC 3464) about the mail of that id."""
    block, _, _ = mail(sender=EVE, name=name).partition(b"From:")
    return (
        block
        + f"""From: {DAEMON}
To: support@desk.localhost
Subject: Undelivered Mail Returned to Sender
Message-ID: <{name}@mx.customer.example>
Date: Mon, 23 Nov 2026 10:00:00 +0000
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.example

Final-Recipient: rfc822; {who}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} No such user here

--b
Content-Type: text/rfc822-headers

{of}
--b--
""".encode()
    )


def by_id(cloud: Cloud) -> str:
    return f"Message-ID: <{ses_id(cloud)}>"


def delivery(number: str, seq: int = 3) -> tuple[str, str]:
    article = store.article(number, seq)
    assert article and article.delivery
    return article.delivery.state, article.delivery.detail


def last() -> Article:
    return max(only_ticket().articles, key=lambda article: article.seq)


def mark(email: str = CARLA.email) -> object:
    return signed_in(ANN).get(f"/customers/{email}").json["undeliverable"]


def test_a_bounce_joins_the_article_that_bounced(replied: Whole, take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(report(by_id(cloud)), "in/r")
    number = replied.ticket.number
    assert delivery(number) == ("bounced", f"{CARLA.email}: 550 5.1.1 No such user here")
    assert last().report and last().report.of == 3  # type: ignore[union-attr]
    assert (last().kind, last().sender, last().visible) == ("mail", "system", False)
    assert len(cloud.outbox) == 2


def test_the_customer_never_got_it_so_the_ticket_is_open_again(
    replied: Whole, take_in: Callable[..., None], cloud: Cloud
) -> None:
    assert replied.ticket.state == "pending auto close+"
    take_in(report(by_id(cloud)), "in/r")
    found = only_ticket().ticket
    assert (found.state, found.news_seq) == (OPEN, 4)


def test_a_closed_ticket_comes_back_too(replied: Whole, take_in: Callable[..., None], cloud: Cloud) -> None:
    desk.change(replied.ticket.number, ANN, store.ticket(replied.ticket.number).version, {"state": CLOSED}, MONDAY)
    take_in(report(by_id(cloud)), "in/r")
    assert only_ticket().ticket.state == OPEN


def test_a_delay_changes_nothing_but_what_the_article_says(
    replied: Whole, take_in: Callable[..., None], cloud: Cloud
) -> None:
    take_in(report(by_id(cloud), "4.4.1", "delayed"), "in/r")
    assert delivery(replied.ticket.number)[0] == "delayed"
    assert only_ticket().ticket.state == "pending auto close+"
    assert mark() is None


def test_the_address_is_marked_until_its_owner_writes_again(
    replied: Whole, take_in: Callable[..., None], cloud: Cloud
) -> None:
    take_in(report(by_id(cloud)), "in/r")
    found = mark()
    assert isinstance(found, dict) and (found["kind"], found["status"], found["permanent"]) == ("bounce", "5.1.1", True)
    unproven = mail("Another matter altogether.", "Else", message_id="<x@customer.example>", verdict="FAIL")
    take_in(unproven, "in/4")
    assert (mark() is None, len(cloud.outbox)) == (False, 2)
    take_in(mail("I am back, with a third matter.", "Back", message_id="<y@customer.example>"), "in/5")
    assert (mark(), len(cloud.outbox)) == (None, 3)


@pytest.mark.parametrize("clue", ["own id", "signed reference"])
def test_our_signature_finds_the_article_without_sess_id(
    clue: str, replied: Whole, take_in: Callable[..., None]
) -> None:
    number, secret = replied.ticket.number, config.config().secret
    own = f"Message-ID: <a.{number}.3.{threads.token(number, secret)}@desk.localhost>"
    reference = f"Message-ID: <unknown@x>\nReferences: {threads.reference(number, secret, 'desk.localhost')}"
    take_in(report(own if clue == "own id" else reference), "in/r")
    assert delivery(number)[0] == "bounced"


def test_our_signature_in_the_recipients_address_finds_the_article(
    replied: Whole, take_in: Callable[..., None]
) -> None:
    support, number = "support@desk.localhost", replied.ticket.number
    signed = threads.reply_address(support, number, config.config().secret)
    take_in(report("Subject: whatever").replace(support.encode(), signed.encode()), "in/r")
    assert (delivery(number)[0], len(tickets())) == ("bounced", 1)


def test_eve_cannot_report_what_she_does_not_know(replied: Whole, take_in: Callable[..., None]) -> None:
    number = replied.ticket.number
    address = f"support+{number}.aaaaaaaaaaaaaaaa@desk.localhost".encode()
    take_in(report("Subject: x", name="to").replace(b"support@desk.localhost", address), "in/to")
    forged = [
        f"Message-ID: <a.{number}.3.aaaaaaaaaaaaaaaa@desk.localhost>",
        f"Message-ID: <x@y>\nReferences: <t.{number}.aaaaaaaaaaaaaaaa@desk.localhost>",
        f"Message-ID: <first@customer.example>\nSubject: [Ticket#{number}]",
    ]
    for n, of in enumerate(forged):
        take_in(report(of, name=f"f{n}"), f"in/f{n}")
    assert delivery(number)[0] == "sent"
    assert len(store.whole(number).articles) == 3
    assert mark() is None


def test_a_report_marks_only_who_was_written_to(replied: Whole, take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(report(by_id(cloud), who="boss@customer.example"), "in/r")
    assert table.get("CUSTOMERS", "boss@customer.example") is None
    assert last().report and last().report.recipients == ()  # type: ignore[union-attr]


def test_the_same_report_twice_is_told_once(replied: Whole, take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(report(by_id(cloud)), "in/r")
    take_in(report(by_id(cloud)), "in/s")
    assert len(only_ticket().articles) == 4


def test_a_report_about_nothing_of_ours_is_a_ticket_without_an_answer(
    take_in: Callable[..., None], cloud: Cloud
) -> None:
    take_in(report("Message-ID: <x@y>"), "in/r")
    assert [article.kind for article in only_ticket().articles] == ["mail"]
    assert cloud.outbox == []


def test_a_bounce_of_an_automatic_answer_opens_nothing(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail())
    number = only_ticket().ticket.number
    desk.change(number, ANN, store.ticket(number).version, {"state": CLOSED}, MONDAY)
    take_in(report(by_id(cloud)), "in/r")
    assert (only_ticket().ticket.state, delivery(number, 2)[0]) == (CLOSED, "bounced")


def test_a_report_follows_its_article_into_the_ticket_that_it_was_merged_into(
    replied: Whole, take_in: Callable[..., None], cloud: Cloud
) -> None:
    of = by_id(cloud)
    take_in(mail("The scanner scans nothing.", "Scanner", message_id="<s@customer.example>"), "in/2")
    kept = next(each.ticket.number for each in tickets() if each.ticket.number != replied.ticket.number)
    desk_merge.merge(replied.ticket.number, kept, ANN, MONDAY)
    take_in(report(of), "in/r")
    (told,) = [article.report for article in store.whole(kept).articles if article.report]
    assert told.of and delivery(kept, told.of)[0] == "bounced"


# -- told by SES


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
