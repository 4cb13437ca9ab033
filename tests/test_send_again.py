"""A mail of which nobody knows whether it left, or that did not arrive: an agent decides, and the desk does it once."""

from collections.abc import Callable

import pytest

from chalicelib import desk, desk_sent, outbox, store
from chalicelib.article import FAILED, SENT, UNKNOWN
from chalicelib.composing import Saying
from chalicelib.errors import Conflict, NotFound
from dev.cloud import Cloud
from tests.cast import ANN, MONDAY
from tests.client import signed_in
from tests.crashes import Crash, crash_at
from tests.posting import mail
from tests.test_postmaster import only_ticket

LATER = MONDAY + outbox.CLAIM * 2


@pytest.fixture
def lost(cloud: Cloud, take_in: Callable[..., None]) -> tuple[str, int]:
    """Ann's reply left, and the function died before it could say so."""
    take_in(mail())
    number = only_ticket().ticket.number
    epoch = desk.lock(number, ANN, False, MONDAY).epoch
    with crash_at(4, after=True), pytest.raises(Crash):  # read, save, claim, send
        desk.say(number, ANN, Saying("reply", "Use water.", epoch=epoch, seen=1), MONDAY)
    seq = store.ticket(number).article_count
    outbox.abandoned(number, seq, LATER)
    return number, seq


def state(number: str, seq: int) -> str:
    article = store.article(number, seq)
    assert article and article.delivery
    return article.delivery.state


def test_ann_sends_it_again_and_the_history_says_so(lost: tuple[str, int], cloud: Cloud) -> None:
    assert state(*lost) == UNKNOWN
    before = len(cloud.outbox)
    assert desk_sent.send_again(*lost, ANN, LATER).delivery.state == SENT  # type: ignore[union-attr]
    assert len(cloud.outbox) == before + 1
    assert [event.detail["article"] for event in only_ticket().history if event.type == "EmailResend"] == [lost[1]]


def test_what_has_arrived_is_not_sent_again(lost: tuple[str, int]) -> None:
    desk_sent.send_again(*lost, ANN, LATER)
    with pytest.raises(Conflict, match="sent"):
        desk_sent.send_again(*lost, ANN, LATER)


def test_an_automatic_answer_is_never_sent_again(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail())
    number = only_ticket().ticket.number
    with pytest.raises(NotFound):
        desk_sent.send_again(number, 2, ANN, LATER)


def test_two_clicks_are_one_mail(lost: tuple[str, int], cloud: Cloud) -> None:
    number, seq = lost
    before = len(cloud.outbox)
    headers = {"Idempotency-Key": "k"}
    ann = signed_in(ANN)
    answers = [ann.send("POST", f"/tickets/{number}/articles/{seq}/delivery", None, headers) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    assert len(cloud.outbox) == before + 1


def test_what_ses_refused_may_be_tried_again(lost: tuple[str, int]) -> None:
    number, seq = lost
    outbox.told(number, seq, FAILED, "Bad content", "x", LATER)
    assert desk_sent.send_again(number, seq, ANN, LATER).delivery.state == SENT  # type: ignore[union-attr]
