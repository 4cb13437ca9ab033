"""A ticket has gone to another queue, and its people write there: ids of mails are known in the queue that they came to."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib import config, desk, store
from chalicelib.article import Address
from dev.cloud import Cloud
from tests.cast import ADA, BILLING, CARLA, EVE, MONDAY
from tests.crashes import crash_at
from tests.posting import mail
from tests.test_postmaster import kinds, only_ticket, tickets

pytestmark = pytest.mark.usefixtures("cloud")
TakeIn = Callable[..., None]
MOVED = "<first@customer.example>"


@pytest.fixture
def moved(take_in: TakeIn) -> str:
    """Carla's ticket, which Ada has put from Support into Billing."""
    take_in(mail(), "in/1")
    number = only_ticket().ticket.number
    return move(number, BILLING.name)


def move(number: str, queue: str) -> str:
    desk.change(number, ADA, store.whole(number).ticket.version, {"queue": queue}, MONDAY)
    return number


def to_billing(text: str, message_id: str, answers: str = MOVED, subject: str = "Re: fire", **more: object) -> bytes:
    """A mail to Billing's plain address, which knows nothing but the ids of other mails."""
    headers = {"References": answers}
    return mail(text, subject, to=BILLING.address, message_id=message_id, headers=headers, **more)  # type: ignore[arg-type]


def test_who_writes_to_the_queue_that_his_ticket_has_gone_to_goes_on_with_it(moved: str, take_in: TakeIn) -> None:
    take_in(to_billing("And the bill?", "<2@customer.example>"), "in/2")
    take_in(to_billing("And now?", "<3@customer.example>", answers="<2@customer.example>"), "in/3")
    assert kinds(only_ticket()).count("mail") == 3


def test_the_ids_of_a_queue_that_is_used_no_more_are_known_too(moved: str, take_in: TakeIn) -> None:
    support = config.config().queues["support"]
    config.put_queue(replace(support, valid=False))
    take_in(to_billing("And the bill?", "<2@customer.example>"), "in/2")
    assert kinds(only_ticket()).count("mail") == 2


def test_what_is_still_in_the_other_queue_is_another_matter(take_in: TakeIn) -> None:
    take_in(mail(), "in/1")
    take_in(to_billing("And the bill?", "<2@customer.example>"), "in/2")
    assert [each.ticket.queue for each in tickets()] == ["support", "billing"]


def test_the_ticket_that_a_mail_to_two_queues_has_here_comes_before_the_one_that_came_here(take_in: TakeIn) -> None:
    both = f"support@desk.localhost, {BILLING.address}"
    take_in(mail(to=both).replace(f" for <{both}>".encode(), b""), "in/1")
    support, billing = (
        next(each.ticket.number for each in tickets() if each.ticket.queue == queue) for queue in ("support", "billing")
    )
    move(support, BILLING.name)
    take_in(to_billing("And the bill?", "<2@customer.example>"), "in/2")
    assert [kinds(store.whole(number)).count("mail") for number in (support, billing)] == [1, 2]


@pytest.mark.parametrize("who", [{"sender": EVE}, {"sender": CARLA, "verdict": "FAIL"}])
def test_who_may_not_join_does_not_by_writing_there(who: dict[str, object], moved: str, take_in: TakeIn) -> None:
    take_in(to_billing("And the bill?", "<2@evil.example>", **who), "in/2")
    assert kinds(store.whole(moved)).count("mail") == 1


def test_a_forward_to_the_other_queue_is_a_new_matter(moved: str, take_in: TakeIn) -> None:
    take_in(to_billing("And this?", "<2@customer.example>", subject="Fwd: fire"), "in/2")
    assert kinds(store.whole(moved)).count("mail") == 1


def test_a_letter_that_goes_on_with_nothing_is_not_looked_for_elsewhere(cloud: Cloud, take_in: TakeIn) -> None:
    config.config()
    with crash_at(0, False) as made:
        take_in(mail(), "in/1")
    first = made.count("BatchGetItem")
    with crash_at(0, False) as made:
        take_in(to_billing("And?", "<2@x.example>", answers="<1@x.example>", sender=Address("dan@x.example")), "in/2")
    assert (first, made.count("BatchGetItem")) == (1, 2)


def test_a_long_thread_in_a_desk_of_many_queues_is_one_more_read(moved: str, take_in: TakeIn) -> None:
    support = config.config().queues["support"]
    for n in range(30):
        config.put_queue(replace(support, id=f"q{n}", name=f"Q{n}", address=f"q{n}@d.example"))
    ids = " ".join([MOVED, *(f"<lost{n}@customer.example>" for n in range(30))])
    config.config()
    with crash_at(0, False) as made:
        take_in(to_billing("And the bill?", "<2@customer.example>", answers=ids), "in/2")
    assert made.count("BatchGetItem") == 2
    assert kinds(only_ticket()).count("mail") == 2
