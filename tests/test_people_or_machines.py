"""What a person writes is never taken for a machine's, and what a machine writes does not act like a person."""

from collections.abc import Callable
from email import message_from_bytes

import pytest

from chalicelib import config, desk, store, table, threads
from chalicelib.article import Address
from chalicelib.composing import Saying
from chalicelib.store import Whole
from chalicelib.ticket import CLOSED, OPEN
from dev.cloud import Cloud
from tests.cast import ANN, MONDAY
from tests.posting import mail
from tests.test_postmaster import only_ticket, tickets
from tests.test_undelivered import by_id, delivery, last, mark, replied, report

__all__ = ["replied"]
pytestmark = pytest.mark.usefixtures("cloud")
PASTED = """When I write to your other address, I get this back:

Reporting-MTA: dns; mx.customer.example
Final-Recipient: rfc822; carla@customer.example
Action: failed
Status: 5.1.1
"""
IN_WORDS = "Your message could not be delivered.\n\n<carla@customer.example>: 550 5.1.1 User unknown\n"
EVES_DAEMON = Address("mailer-daemon@evil.example", "Mailer-Daemon")


@pytest.fixture
def closed(replied: Whole) -> str:
    number = replied.ticket.number
    desk.change(number, ANN, store.ticket(number).version, {"state": CLOSED}, MONDAY)
    return number


def answering(cloud: Cloud) -> dict[str, str]:
    """The headers of an answer to the last mail that left."""
    sent = message_from_bytes(cloud.outbox[-1].raw)
    return {"References": " ".join(str(sent["References"]).split())}


def signed(number: str) -> str:
    return threads.reply_address("support@desk.localhost", number, config.config().secret)


# -- people


@pytest.mark.parametrize("more", [{}, {"Return-Path": "<>"}, {"Auto-Submitted": "auto-generated"}])
def test_carla_who_quotes_a_bounce_is_read_by_all_and_opens_her_ticket(
    more: dict[str, str], closed: str, take_in: Callable[..., None], cloud: Cloud
) -> None:
    take_in(mail(PASTED, "Re: The printer", message_id="<2@c>", headers=answering(cloud) | more), "in/2")
    assert (last().sender, last().visible, last().report) == ("customer", True, None)
    assert delivery(closed)[0] == "sent"
    assert only_ticket().ticket.state == (CLOSED if more else OPEN)  # what bears the mark of a program opens nothing


@pytest.mark.parametrize(
    "sender", [Address("postmaster@customer.example"), Address("it@customer.example", "System Administrator")]
)
def test_who_looks_after_the_mail_opens_his_ticket_again(
    sender: Address, take_in: Callable[..., None], cloud: Cloud
) -> None:
    take_in(mail("Printing fails.", "Error when printing", sender))
    number = only_ticket().ticket.number
    epoch = desk.lock(number, ANN, False, MONDAY).epoch
    desk.say(number, ANN, Saying("reply", "Done.", epoch=epoch, seen=1, next_state=CLOSED), MONDAY)
    said = "Not done: mail to carla@customer.example could not be delivered."
    take_in(mail(said, "Re: Error when printing", sender, message_id="<2@c>", headers=answering(cloud)), "in/2")
    assert (last().sender, last().visible, last().automatic, last().report) == ("customer", True, False, None)
    assert only_ticket().ticket.state == OPEN


def test_a_first_letter_about_trouble_with_mail_gets_a_number(take_in: Callable[..., None], cloud: Cloud) -> None:
    for n, sender in enumerate((Address("sysadmin@customer.example"), Address("anna@bounce.example", "Anna"))):
        take_in(mail(f"Mail {n}: {PASTED}", "Our order is delayed", sender, message_id=f"<{n}@c>"), f"in/{n}")
    assert len(cloud.outbox) == 2


# -- reports whose only proof is the token


def test_a_report_in_words_with_the_token_alone_is_for_agents_to_judge(
    closed: str, take_in: Callable[..., None]
) -> None:
    take_in(mail(IN_WORDS, "Undelivered Mail", EVES_DAEMON, to=signed(closed), message_id="<b@e>"), "in/b")
    assert (only_ticket().ticket.state, delivery(closed)[0], mark()) == (CLOSED, "sent", None)
    assert (last().sender, last().visible) == ("system", False)


def test_a_domain_that_disowns_the_report_is_not_believed(closed: str, take_in: Callable[..., None]) -> None:
    forged = report("Subject: x").replace(b"support@desk.localhost", signed(closed).encode())
    take_in(forged.replace(b"dmarc=PASS", b"dmarc=fail"), "in/b")
    assert (only_ticket().ticket.state, delivery(closed)[0], mark()) == (CLOSED, "sent", None)


def test_a_report_in_words_that_quotes_the_very_letter_is_believed(
    closed: str, take_in: Callable[..., None], cloud: Cloud
) -> None:
    quoting = f"{IN_WORDS}\n--- Original message follows.\n\n{by_id(cloud)}\nSubject: Re: The printer\n"
    take_in(mail(quoting, "Undelivered Mail", EVES_DAEMON, message_id="<b@e>", verdict="NONE"), "in/b")
    assert (only_ticket().ticket.state, delivery(closed)[0]) == (OPEN, "bounced")


def test_a_report_that_names_nobody_settles_nothing(closed: str, take_in: Callable[..., None], cloud: Cloud) -> None:
    nameless = report(by_id(cloud)).replace(b"Final-Recipient: rfc822; carla@customer.example\n", b"")
    take_in(nameless, "in/b")
    assert (only_ticket().ticket.state, delivery(closed)[0], len(tickets())) == (CLOSED, "sent", 1)


def test_a_mail_that_was_led_on_says_why_it_did_not_arrive_there(
    closed: str, take_in: Callable[..., None], cloud: Cloud
) -> None:
    take_in(report(by_id(cloud), "5.2.2", who="carla@home.example"), "in/b")
    assert delivery(closed) == ("bounced", "carla@home.example: 550 5.2.2 No such user here")
    assert (mark(), table.get("CUSTOMERS", "carla@home.example")) == (None, None)


# -- notes of those who are away


@pytest.mark.parametrize(
    "subject",
    [
        "Автоответчик не работает",
        "Automatic reply does not work in Outlook",
        "Auto: Motor springt nicht an",
        "Out of office assistant broken",
        "Poza biurem nie działa VPN",
        "Mimo kancelář",
        "Fuori ufficio: chi chiamo?",
        "Ben is out of the office, who helps me?",
    ],
)
def test_who_asks_about_such_notes_is_a_person(subject: str, take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail("Please help me with this.", subject))
    assert (last().kind, len(cloud.outbox)) == ("auto", 1)


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: {}",
        "Réponse automatique : {}",
        "Odpowiedź automatyczna: x",
        "自動応答: x",
        "自动回复：x",
        "Abwesend: {}",
        "Auto: {}",
        "Fuori ufficio: {}",
        "Ausencia de la oficina",
        "Mimo kancelář",
        "Yahoo! Auto Response",
        "Carla Clark is out of the office (back on Monday)",
        "Carla Clark ist außer Haus.",
    ],
)
def test_a_note_without_the_mark_of_a_program_opens_nothing(
    subject: str, closed: str, take_in: Callable[..., None], cloud: Cloud
) -> None:
    sent = str(message_from_bytes(cloud.outbox[-1].raw)["Subject"])
    take_in(mail("Back soon.", subject.format(sent), message_id="<2@c>", headers=answering(cloud)), "in/2")
    assert (only_ticket().ticket.state, last().automatic) == (CLOSED, True)


@pytest.mark.parametrize("subject", ["Сидоров в отпуске, пишите мне", "Ben Brook is away, so I write"])
def test_who_writes_for_somebody_who_is_away_is_heard(
    subject: str, closed: str, take_in: Callable[..., None], cloud: Cloud
) -> None:
    take_in(mail("It still burns.", subject, message_id="<2@c>", headers=answering(cloud)), "in/2")
    assert only_ticket().ticket.state == OPEN


def test_yandex_marks_its_notes_in_a_header_of_its_own(closed: str, take_in: Callable[..., None], cloud: Cloud) -> None:
    more = answering(cloud) | {"X-Yandex-Autoreply": "yes"}
    take_in(mail("Back soon.", "Re: The printer", message_id="<2@c>", headers=more), "in/2")
    assert only_ticket().ticket.state == CLOSED


def test_carla_who_answers_in_a_thread_about_such_notes_is_heard(
    closed: str, take_in: Callable[..., None], cloud: Cloud
) -> None:
    said = "Re: Out of office: who helps me?"
    take_in(mail("Still nobody helps me.", said, message_id="<2@c>", headers=answering(cloud)), "in/2")
    assert only_ticket().ticket.state == OPEN
