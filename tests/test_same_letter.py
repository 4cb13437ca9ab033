"""The impatient customer writes once more; and who only seems to: another person's form, another error, a matter that is over."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib import config, store
from chalicelib.queues import NEW_TICKET, REJECT
from dev.cloud import Cloud
from tests.cast import EVE
from tests.posting import mail
from tests.test_postmaster import close, kinds, only_ticket, tickets

pytestmark = pytest.mark.usefixtures("cloud")
TakeIn = Callable[..., None]
SECOND = {"message_id": "<second@customer.example>"}


def twice(take_in: TakeIn, one: str, other: str, subject: str = "Printer", **more: object) -> int:
    """How many tickets there are."""
    take_in(mail(one, subject, **more), "in/1")  # type: ignore[arg-type]
    take_in(mail(other, subject, **SECOND, **more), "in/2")  # type: ignore[arg-type]
    return len(tickets())


@pytest.mark.parametrize(
    "handed_on",
    [
        "Please look.\n\n-- \nCarla\n\n-------- Forwarded Message --------\nSubject: Bill\nFrom: Ann <a@b.example>\n\nBill no. {n}",
        "Please look.\n\n-- \nCarla\n> Bill no. {n}",
        "Please look.\n\nSent from my iPhone\nCode {n}",
    ],
)
@pytest.mark.parametrize("subject", ["Fwd: Bill", "Bill"])
def test_what_differs_below_a_signature_is_another_letter(handed_on: str, subject: str, take_in: TakeIn) -> None:
    assert twice(take_in, handed_on.format(n=1), handed_on.format(n=2), subject) == 2


# -- the same


@pytest.mark.parametrize(
    "again",
    [
        "please help: the PRINTER is on fire",
        "Please help, the printer is on fire!!!",
        "Please help,\nthe printer is on\nfire",
        "Please help, the printer is on fire\n\n-- \nCarla Conti\nCustomer Ltd",
        "Please help, the printer is on fire\n\nSent from my iPhone",
    ],
)
def test_the_same_words_again_are_the_same_letter(again: str, take_in: TakeIn) -> None:
    assert twice(take_in, "Please help, the printer is on fire.", again) == 1


# -- not the same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Please unlock these devices.\nThanks,\nHP 1234-5678", "Please unlock these devices.\nThanks,\nDell 99"),
        ("The display shows:\n> Fatal error 7", "The display shows:\n> Paper jam in tray 2"),
        (
            "Please add to the phone book:\n\nIvan Petrov\nTel: +7 495 1234567\nivan@firm.example",
            "Please add to the phone book:\n\nMaria Orlova\nTel: +7 495 7654321\nmaria@firm.example",
        ),
        ("+", "-"),
        ("👍", "👎"),
        ("Please transfer 5", "Please transfer -5"),
        ("That makes 10 $", "That makes 10 €"),
    ],
)
def test_what_differs_by_a_sign_or_below_the_fold_is_another_letter(one: str, other: str, take_in: TakeIn) -> None:
    assert twice(take_in, one, other) == 2


def test_two_letters_without_a_word_are_not_the_same(take_in: TakeIn) -> None:
    take_in(mail(" ", "Scan", files=(("a.pdf", b"one"),)), "in/1")
    take_in(mail(" ", "Scan", files=(("a.pdf", b"two"),), **SECOND), "in/2")  # type: ignore[arg-type]
    for n in (3, 4):
        picture = mail(f'<img src="https://shop.example/{n}.png">', "Look", message_id=f"<{n}@x>")
        take_in(picture.replace(b"text/plain", b"text/html"), f"in/{n}")
    assert len(tickets()) == 4


def test_a_contact_form_writes_for_everybody(take_in: TakeIn, cloud: Cloud) -> None:
    for n, person in enumerate(("anna@a.example", "bert@b.example")):
        take_in(mail("Please call me back.", "Contact", message_id=f"<{n}@x>", headers={"Reply-To": person}), f"in/{n}")
    assert [each.ticket.answer_to.email for each in tickets() if each.ticket.answer_to] == [
        "anna@a.example",
        "bert@b.example",
    ]
    assert [sent.to for sent in cloud.outbox] == [("anna@a.example",), ("bert@b.example",)]


# -- what was closed meanwhile


def test_the_same_again_opens_a_ticket_that_was_closed(take_in: TakeIn) -> None:
    take_in(mail(), "in/1")
    close(only_ticket().ticket.number)
    take_in(mail(**SECOND), "in/2")  # type: ignore[arg-type]
    assert only_ticket().ticket.state == "open"


@pytest.mark.parametrize(
    ("option", "states"), [(NEW_TICKET, ["closed successful", "new"]), (REJECT, ["closed successful"])]
)
def test_the_queues_word_on_closed_tickets_holds_for_the_same_letter_too(
    option: str, states: list[str], take_in: TakeIn
) -> None:
    config.put_queue(replace(config.config().queues["support"], follow_up=option))
    take_in(mail(), "in/1")
    close(only_ticket().ticket.number)
    take_in(mail(**SECOND), "in/2")  # type: ignore[arg-type]
    assert [each.ticket.state for each in tickets()] == states


@pytest.mark.parametrize("more", [{"verdict": "NONE"}, {"headers": {"Auto-Submitted": "auto-generated"}}])
def test_who_may_not_open_what_is_closed_gets_a_ticket_for_what_has_happened_again(
    more: dict[str, object], take_in: TakeIn
) -> None:
    take_in(mail("The disk is full", "ALERT", **more), "in/1")  # type: ignore[arg-type]
    close(only_ticket().ticket.number)
    take_in(mail("The disk is full", "ALERT", **SECOND, **more), "in/2")  # type: ignore[arg-type]
    assert [each.ticket.state for each in tickets()] == ["closed successful", "new"]
    take_in(mail("The disk is full", "ALERT", message_id="<3@x>", **more), "in/3")  # type: ignore[arg-type]
    assert [kinds(each).count("mail") for each in tickets()] == [1, 2]


# -- notes and forwards


@pytest.mark.parametrize("option", [NEW_TICKET, REJECT])
@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Content-Type": "multipart/report; report-type=disposition-notification; boundary=x"},
    ],
)
def test_a_programs_answer_stays_where_it_belongs_whatever_the_queue_does_with_letters(
    headers: dict[str, str], option: str, take_in: TakeIn, cloud: Cloud
) -> None:
    config.put_queue(replace(config.config().queues["support"], follow_up=option))
    take_in(mail(), "in/1")
    number = only_ticket().ticket.number
    close(number)
    cloud.outbox.clear()
    raw = mail(
        "I am away.",
        "Automatic reply: printer",
        message_id="<2@x>",
        headers={"In-Reply-To": "<first@customer.example>"},
    )
    lines = "".join(f"{name}: {value}\n" for name, value in headers.items()).encode()
    at = raw.index(b"From: ")
    take_in(raw[:at] + lines + raw[at:], "in/2")
    found = store.whole(number)
    assert (found.ticket.state, kinds(found).count("mail")) == ("closed successful", 2)
    assert len(tickets()) == 1 and cloud.outbox == []


@pytest.mark.parametrize("prefix", ["转发: ", "転送: ", "Переслано: ", "Fwd：", "İLT: ", "[EXTERN] WG: ", "RV: "])
def test_a_forward_is_a_new_matter_in_every_language(prefix: str, take_in: TakeIn) -> None:
    take_in(mail(), "in/1")
    number = only_ticket().ticket.number
    answer = mail("See below, another thing.", f"{prefix}[Ticket#{number}] Printer", **SECOND)  # type: ignore[arg-type]
    take_in(answer, "in/2")
    assert len(tickets()) == 2


def test_eves_letter_with_carlas_words_is_eves(take_in: TakeIn) -> None:
    take_in(mail(), "in/1")
    take_in(mail(sender=EVE, **SECOND), "in/2")  # type: ignore[arg-type]
    assert len(tickets()) == 2
