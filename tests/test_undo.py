"""A reply that was held back for some seconds: it is taken back, or it leaves when they are over."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import config, counter, desk, desk_merge, desk_sent, seeds, store, tending
from chalicelib.article import CANCELLED, DUE, FORGED, SENT, Address
from chalicelib.composing import NewTicket, Saying
from chalicelib.errors import Conflict, NotFound
from chalicelib.search import documents
from dev.cloud import Cloud
from tests.cast import ANN, BEN, CARLA, CARLA_HERSELF, DAY, HOUR, MONDAY, OLGA
from tests.client import signed_in
from tests.posting import mail
from tests.test_postmaster import only_ticket, tickets

SOON = MONDAY + timedelta(minutes=5)
TEN = timedelta(seconds=10)
DAVE = Address("dave@supplier.example", "Dave")


@pytest.fixture
def number(take_in: Callable[..., None], cloud: Cloud) -> str:
    """Carla's ticket in Support, whose letters are held for ten seconds."""
    take_in(mail())
    cloud.outbox.clear()
    config.put_queue(replace(config.config().queues["support"], undo_seconds=10))
    return only_ticket().ticket.number


def says(number: str, **fields: object) -> int:
    """Ann's reply from the desk, which offers to take it back."""
    epoch = desk.lock(number, ANN, False, SOON).epoch
    seen = store.ticket(number).last_customer_seq
    said = {"kind": "reply", "hold": True} | fields
    saying = Saying(text="Use water.", epoch=epoch, seen=seen, **said)  # type: ignore[arg-type]
    return desk.say(number, ANN, saying, SOON)[1].seq


def state(number: str, seq: int) -> str:
    article = store.article(number, seq)
    assert article and article.delivery
    return article.delivery.state


def waiting(number: str) -> tuple[str, object]:
    found = store.ticket(number)
    return found.state, found.pending_until


# -- how long it is held


def test_a_new_desk_holds_replies_for_five_seconds() -> None:
    assert {queue.undo_seconds for queue in seeds.queues("desk.localhost")} == {5}


def test_anns_reply_waits_for_ten_seconds(number: str, cloud: Cloud) -> None:
    article = store.article(number, says(number))
    assert article and article.delivery and article.delivery.not_before == SOON + TEN
    assert cloud.outbox == []


def test_a_script_that_does_not_offer_undo_sends_at_once(number: str, cloud: Cloud) -> None:
    assert state(number, says(number, hold=False)) == SENT


def test_where_the_queue_holds_nothing_a_reply_leaves_at_once(number: str, cloud: Cloud) -> None:
    config.put_queue(replace(config.config().queues["support"], undo_seconds=0))
    assert state(number, says(number)) == SENT


def test_an_automatic_answer_is_never_held(number: str, cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail("A second fire.", "Another", message_id="<2@customer.example>"), "in/2")
    assert len(cloud.outbox) == 1


def test_a_letter_that_opens_a_ticket_can_be_taken_back_too(number: str, cloud: Cloud) -> None:
    opened, _ = desk.open_ticket(ANN, NewTicket("email", "Support", CARLA, "Order", "Ready.", hold=True), SOON)
    assert desk_sent.undo(opened.number, 1, ANN, SOON).delivery.state == CANCELLED  # type: ignore[union-attr]
    assert cloud.outbox == []


# -- how it leaves


def test_the_browser_comes_back_when_the_seconds_are_over_and_it_leaves(number: str, cloud: Cloud) -> None:
    seq = says(number)
    assert desk_sent.leave(number, seq, ANN, SOON + TEN).delivery.state == SENT  # type: ignore[union-attr]
    assert desk_sent.leave(number, seq, ANN, SOON + TEN).delivery.state == SENT  # type: ignore[union-attr]
    tending.tick(SOON + HOUR)
    assert len(cloud.outbox) == 1


def test_nobody_can_hurry_it(number: str, cloud: Cloud) -> None:
    seq = says(number)
    assert desk_sent.leave(number, seq, ANN, SOON + timedelta(seconds=9)).delivery.state == DUE  # type: ignore[union-attr]
    assert cloud.outbox == []


def test_where_the_browser_is_gone_the_minute_sends_it(number: str, cloud: Cloud) -> None:
    says(number)
    tending.tick(SOON + timedelta(minutes=1))
    assert len(cloud.outbox) == 1


def test_a_letter_that_waits_for_the_customers_silence_is_left_to_the_minute(number: str, cloud: Cloud) -> None:
    seq = says(number, send_after=SOON + HOUR, unless_answered=True)
    assert desk_sent.leave(number, seq, ANN, SOON + DAY).delivery.state == DUE  # type: ignore[union-attr]


def test_olga_sends_nothing_of_support(number: str) -> None:
    seq = says(number)
    with pytest.raises(NotFound):
        desk_sent.leave(number, seq, OLGA, SOON + TEN)


def test_what_is_no_mail_does_not_leave(number: str) -> None:
    with pytest.raises(NotFound):
        desk_sent.leave(number, 1, ANN, SOON)


def test_the_door_holds_a_reply_and_lets_it_go(number: str, cloud: Cloud) -> None:
    ann = signed_in(ANN)
    epoch = ann.put(f"/tickets/{number}/lock", {}).json["epoch"]
    reply = {"kind": "reply", "text": "Use water.", "epoch": epoch, "seen": 1, "hold": True}
    said = ann.post(f"/tickets/{number}/articles", reply).json
    assert said["delivery"]["state"] == "due"
    answer = ann.put(f"/tickets/{number}/articles/{said['id']}/delivery")
    assert (answer.status, answer.json["delivery"]["state"], cloud.outbox) == (200, "due", [])


# -- taken back


def test_the_ticket_is_what_it_was(number: str, cloud: Cloud) -> None:
    before = waiting(number)
    seq = says(number)
    assert waiting(number) == ("pending auto close+", SOON + 7 * DAY)
    desk_sent.undo(number, seq, ANN, SOON)
    assert waiting(number) == before == ("new", None)


def test_a_ticket_that_the_reply_closed_is_open_again(number: str) -> None:
    desk.change(number, ANN, store.ticket(number).version, {"state": "open"}, MONDAY)
    desk_sent.undo(number, says(number, next_state="closed successful"), ANN, SOON)
    found = store.ticket(number)
    assert (found.state, found.closed_at) == ("open", None)


def test_the_time_of_a_reminder_comes_back(number: str) -> None:
    later = {"state": "pending reminder", "pending_until": MONDAY + DAY}
    desk.change(number, ANN, store.ticket(number).version, later, MONDAY)
    desk_sent.undo(number, says(number), ANN, SOON)
    assert waiting(number) == ("pending reminder", MONDAY + DAY)


def test_a_reminder_that_has_passed_meanwhile_leaves_the_ticket_open(number: str) -> None:
    later = {"state": "pending reminder", "pending_until": SOON + TEN}
    desk.change(number, ANN, store.ticket(number).version, later, MONDAY)
    seq = says(number, send_after=SOON + DAY)
    desk_sent.undo(number, seq, ANN, SOON + HOUR)
    assert waiting(number) == ("open", None)


def test_what_somebody_has_set_since_stays(number: str) -> None:
    seq = says(number)
    desk.change(number, ANN, store.ticket(number).version, {"state": "open"}, SOON + TEN)
    desk_sent.undo(number, seq, ANN, SOON)
    assert waiting(number) == ("open", None)


def test_carlas_own_letter_has_opened_the_ticket_and_undo_does_not_close_it(
    number: str, take_in: Callable[..., None]
) -> None:
    seq = says(number)
    take_in(mail("It is out.", f"Re: [Ticket#{number}]", message_id="<2@customer.example>"), "in/2")
    desk_sent.undo(number, seq, ANN, SOON)
    assert waiting(number) == ("open", None)


def test_a_reminder_that_carla_has_had_is_not_sent_twice(number: str, cloud: Cloud) -> None:
    config.put_queue(replace(config.config().queues["support"], undo_seconds=10, reminder_days=2))
    says(number, hold=False)
    tending.tick(SOON + 6 * DAY)
    epoch = desk.lock(number, ANN, False, SOON + 6 * DAY).epoch
    saying = Saying("reply", "Well?", epoch=epoch, seen=1, hold=True)
    cloud.outbox.clear()
    _, article = desk.say(number, ANN, saying, SOON + 6 * DAY)
    desk_sent.undo(number, article.seq, ANN, SOON + 6 * DAY)
    tending.tick(SOON + 6 * DAY)
    assert (waiting(number), cloud.outbox) == (("pending auto close+", SOON + 7 * DAY), [])


def test_whom_ann_would_have_written_to_is_not_let_in(number: str) -> None:
    seq = says(number, kind="forward", to=(DAVE,))
    assert DAVE.email in store.ticket(number).participants & store.ticket(number).aside
    desk_sent.undo(number, seq, ANN, SOON)
    found = store.ticket(number)
    assert (found.participants, found.aside) == ({CARLA.email}, frozenset())


def test_who_is_in_copy_stays_where_something_was_said_since(number: str) -> None:
    seq = says(number, cc=(DAVE,))
    desk.say(number, BEN, Saying("note", "Dave has called."), SOON)
    desk_sent.undo(number, seq, ANN, SOON)
    assert DAVE.email in store.ticket(number).participants


def test_a_doubtful_customer_is_doubtful_again(number: str) -> None:
    before = store.ticket(number)
    store.save(before, replace(before, doubt=FORGED), now=MONDAY)
    seq = says(number)
    assert store.ticket(number).doubt == ""
    desk_sent.undo(number, seq, ANN, SOON)
    assert store.ticket(number).doubt == FORGED


def test_in_another_ticket_undo_stops_the_mail_alone(number: str, take_in: Callable[..., None]) -> None:
    take_in(mail("Smoke, too.", "Smoke", message_id="<2@customer.example>"), "in/2")
    other = next(each.ticket.number for each in tickets() if each.ticket.number != number)
    seq = says(number)
    desk_merge.merge(number, other, ANN, SOON)
    kept = store.ticket(other)
    moved = next(each.seq for each in store.whole(other).articles if each.kind == "reply")
    assert desk_sent.undo(other, moved, ANN, SOON).delivery.state == CANCELLED  # type: ignore[union-attr]
    assert (waiting(other), seq) == ((kept.state, kept.pending_until), 3)


def test_ben_may_stop_anns_reply_and_the_letter_says_who_did(number: str) -> None:
    stopped = desk_sent.undo(number, says(number), BEN, SOON)
    assert stopped == store.article(number, stopped.seq)
    assert stopped.delivery and stopped.delivery.detail == "stopped by ben"


def test_two_clicks_stop_it_once(number: str, cloud: Cloud) -> None:
    seq = says(number)
    assert desk_sent.undo(number, seq, ANN, SOON) == desk_sent.undo(number, seq, ANN, SOON + TEN)


def test_what_has_left_is_not_taken_back_and_the_ticket_stays(number: str) -> None:
    seq = says(number)
    desk_sent.leave(number, seq, ANN, SOON + TEN)
    with pytest.raises(Conflict):
        desk_sent.undo(number, seq, ANN, SOON + TEN)
    assert waiting(number)[0] == "pending auto close+"


# -- and what Carla sees of it


def words(number: str) -> list[str]:
    return [article.text for article in counter.show(number, CARLA_HERSELF)[1] if article.kind == "reply"]


def test_carla_does_not_read_in_the_portal_what_has_not_left(number: str) -> None:
    seq = says(number)
    assert words(number) == []
    desk_sent.leave(number, seq, ANN, SOON + TEN)
    assert len(words(number)) == 1


def test_nor_ever_what_was_stopped(number: str) -> None:
    desk_sent.undo(number, says(number), ANN, SOON)
    tending.tick(SOON + HOUR)
    assert words(number) == []


def test_what_was_stopped_is_no_answer_in_the_figures(number: str) -> None:
    seq = says(number)
    assert documents.first_answer(store.whole(number).articles) == SOON
    desk_sent.undo(number, seq, ANN, SOON)
    assert documents.first_answer(store.whole(number).articles) is None


def test_an_answer_that_was_taken_back_stands_in_nobodys_way(number: str) -> None:
    seq = says(number)
    desk.say(number, BEN, Saying("note", "Too early."), SOON)
    desk_sent.undo(number, seq, ANN, SOON)
    assert (store.ticket(number).last_reply_seq, store.ticket(number).last_reply_by) == (0, None)
    epoch = desk.lock(number, BEN, True, SOON).epoch
    desk.say(number, BEN, Saying("reply", "Use sand.", epoch=epoch, seen=1), SOON)
