"""Mails that came back: joined to the very article, the address marked, the agents told; and nobody can make it up."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib import config, counter, desk, desk_merge, store, table, tending, threads
from chalicelib.article import Address, Article
from chalicelib.composing import Saying
from chalicelib.store import Whole
from chalicelib.ticket import CLOSED, OPEN
from dev.cloud import Cloud
from tests.cast import ANN, CARLA, DAY, EVE, MONDAY
from tests.client import signed_in
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


def test_carla_who_has_typed_a_code_from_her_mailbox_has_one(
    replied: Whole, take_in: Callable[..., None], cloud: Cloud
) -> None:
    take_in(report(by_id(cloud)), "in/r")
    counter.ask_code(CARLA.email, "en", MONDAY)
    code = re.search(r"\b\d{6}\b", cloud.outbox[-1].raw.decode())
    assert mark() and code
    counter.prove(CARLA.email, code[0], MONDAY)
    assert mark() is None


def test_nobody_is_reminded_where_mail_does_not_arrive(
    replied: Whole, take_in: Callable[..., None], cloud: Cloud
) -> None:
    config.put_queue(replace(config.config().queues["support"], reminder_days=2))
    take_in(report(by_id(cloud)), "in/r")
    number = replied.ticket.number
    until = {"state": "pending auto close+", "pending_until": MONDAY + 7 * DAY}
    desk.change(number, ANN, store.ticket(number).version, until, MONDAY)
    cloud.outbox.clear()
    tending.tick(MONDAY + 5 * DAY)
    assert (last().kind, last().delivery, cloud.outbox) == ("reminder", None, [])


def test_a_reply_to_that_is_marked_gets_no_automatic_answer(
    replied: Whole, take_in: Callable[..., None], cloud: Cloud
) -> None:
    take_in(report(by_id(cloud)), "in/r")
    cloud.outbox.clear()
    dmitri = Address("dmitri@other.example")
    take_in(mail("Mine", "Mine", dmitri, message_id="<d@other.example>", headers={"Reply-To": CARLA.email}), "in/4")
    assert cloud.outbox == []
