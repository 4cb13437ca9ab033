"""A queue that takes no answers to closed tickets says so to whoever writes one; where it cannot, an agent sees it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib import config, outbox, seeds, store
from chalicelib.queues import REJECT
from dev.cloud import Cloud
from tests.posting import mail
from tests.test_postmaster import close, tickets

pytestmark = pytest.mark.usefixtures("cloud")
TakeIn = Callable[..., None]


@pytest.fixture
def closed(take_in: TakeIn) -> list[str]:
    """Carla's two tickets, in a queue that rejects answers to them."""
    support = config.config().queues["support"]
    config.put_queue(replace(support, follow_up=REJECT, auto_responses=dict(seeds.TEXTS)))
    take_in(mail(), "in/1")
    take_in(mail("My invoice is wrong.", "Invoice", message_id="<2@customer.example>"), "in/2")
    numbers = [each.ticket.number for each in tickets()]
    for number in numbers:
        close(number)
    return numbers


def answer(number: str, n: int) -> bytes:
    return mail(f"It is not over ({n}).", f"Re: [Ticket#{number}]", message_id=f"<a{n}@customer.example>")


def test_who_answers_two_closed_tickets_within_an_hour_is_told_once_and_ann_sees_that_the_other_was_not_told(
    closed: list[str], take_in: TakeIn, cloud: Cloud
) -> None:
    cloud.outbox.clear()
    for n, number in enumerate(closed):
        take_in(answer(number, n), f"in/a{n}")
    rejections = [store.whole(number).articles[-1] for number in closed]
    assert [each.subkind for each in rejections] == ["auto reject", "auto reject"]
    assert [each.delivery and each.delivery.state for each in rejections] == ["sent", "failed"]
    assert len(cloud.outbox) == 1
    assert outbox.unsent() == [(closed[1], rejections[1].seq)]
