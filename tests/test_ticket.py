"""The rules of the ticket, as pure functions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import ticket, ticket_lock, ticket_time
from chalicelib.errors import Conflict, Refused
from chalicelib.ticket import CLOSED, CLOSED_UNSUCCESSFUL, NEW, OPEN, PENDING_CLOSE, PENDING_FAIL, PENDING_REMINDER
from tests.cast import DAY, HOUR, MONDAY, SUPPORT, answer, carlas_ticket, letter


def test_a_new_ticket_is_new_and_has_no_owner() -> None:
    opened = carlas_ticket()
    assert (opened.state, opened.owner, opened.lock, opened.last_customer_seq) == (NEW, None, None, 1)


def test_a_closed_ticket_opens_again_when_carla_writes() -> None:
    closed = carlas_ticket(state=CLOSED, closed_at=MONDAY)
    opened = ticket.follow_up(closed, SUPPORT, MONDAY + DAY)
    assert (opened.state, opened.closed_at) == (OPEN, None)


def test_a_pending_ticket_opens_when_carla_writes() -> None:
    waiting = carlas_ticket(state=PENDING_CLOSE, pending_until=MONDAY + DAY)
    opened = ticket.follow_up(waiting, SUPPORT, MONDAY)
    assert (opened.state, opened.pending_until) == (OPEN, None)


def test_a_new_ticket_stays_new_when_carla_writes_again() -> None:
    assert ticket.follow_up(carlas_ticket(), SUPPORT, MONDAY).state == NEW


def test_an_out_of_office_note_opens_nothing() -> None:
    closed = carlas_ticket(state=CLOSED, closed_at=MONDAY)
    assert ticket.follow_up(closed, SUPPORT, MONDAY, keep_state=True) == closed


def test_a_queue_may_lock_a_closed_ticket_to_its_old_owner() -> None:
    closed = carlas_ticket(state=CLOSED, closed_at=MONDAY, owner="ann")
    opened = ticket.follow_up(closed, replace(SUPPORT, lock_after_follow_up=True), MONDAY)
    assert opened.lock and opened.lock.agent == "ann"


def test_the_lock_of_an_owner_who_is_away_is_released() -> None:
    held = ticket_lock.lock(carlas_ticket(), "ann", SUPPORT, MONDAY)
    assert ticket.follow_up(held, SUPPORT, MONDAY, owner_away=True).lock is None


def test_the_lock_makes_its_holder_the_owner() -> None:
    held = ticket_lock.lock(carlas_ticket(owner="ben"), "ann", SUPPORT, MONDAY)
    assert (held.owner, held.previous_owner) == ("ann", "ben")


def test_ben_cannot_lock_what_ann_holds() -> None:
    held = ticket_lock.lock(carlas_ticket(), "ann", SUPPORT, MONDAY)
    with pytest.raises(Conflict) as refused:
        ticket_lock.lock(held, "ben", SUPPORT, MONDAY + HOUR)
    assert refused.value.reason == "locked"


def test_renewing_keeps_the_epoch_and_moves_the_end() -> None:
    held = ticket_lock.lock(carlas_ticket(), "ann", SUPPORT, MONDAY)
    renewed = ticket_lock.lock(held, "ann", SUPPORT, MONDAY + HOUR)
    assert renewed.epoch == held.epoch
    assert renewed.lock and renewed.lock.until == MONDAY + 3 * HOUR


def test_taking_over_raises_the_epoch() -> None:
    held = ticket_lock.lock(carlas_ticket(), "ann", SUPPORT, MONDAY)
    taken = ticket_lock.lock(held, "ben", SUPPORT, MONDAY, takeover=True)
    assert taken.lock and (taken.lock.agent, taken.epoch) == ("ben", held.epoch + 1)


def test_a_lock_that_ran_out_can_be_taken_by_anybody() -> None:
    held = ticket_lock.lock(carlas_ticket(), "ann", SUPPORT, MONDAY)
    taken = ticket_lock.lock(held, "ben", SUPPORT, MONDAY + 3 * HOUR)
    assert taken.lock and (taken.lock.agent, taken.lock.epoch) == ("ben", 2)


def test_whoever_lost_the_lock_cannot_answer() -> None:
    held = ticket_lock.lock(carlas_ticket(), "ann", SUPPORT, MONDAY)
    taken = ticket_lock.lock(held, "ben", SUPPORT, MONDAY, takeover=True)
    with pytest.raises(Conflict) as refused:
        ticket_lock.may_answer(taken, "ann", held.epoch, 1)
    assert refused.value.reason == "lock_lost"


def test_an_old_epoch_does_not_answer_even_for_its_holder() -> None:
    held = ticket_lock.lock(carlas_ticket(), "ann", SUPPORT, MONDAY)
    again = ticket_lock.lock(ticket_lock.unlock(held, MONDAY), "ann", SUPPORT, MONDAY)
    with pytest.raises(Conflict):
        ticket_lock.may_answer(again, "ann", held.epoch, 1)


def test_a_lock_that_ran_out_but_was_not_taken_still_answers() -> None:
    held = ticket_lock.lock(carlas_ticket(), "ann", SUPPORT, MONDAY)
    ticket_lock.may_answer(held, "ann", held.epoch, 1)


def test_nobody_answers_past_a_newer_letter() -> None:
    held = ticket.said(ticket_lock.lock(carlas_ticket(), "ann", SUPPORT, MONDAY), letter(2))
    with pytest.raises(Conflict) as refused:
        ticket_lock.may_answer(held, "ann", held.epoch, 1)
    assert refused.value.reason == "newer_article"


def test_after_an_answer_the_ticket_waits_for_the_queues_days() -> None:
    waiting = ticket.answered(carlas_ticket(), SUPPORT, MONDAY, None, None)
    assert (waiting.state, waiting.pending_until) == (PENDING_CLOSE, MONDAY + 7 * DAY)


@pytest.mark.parametrize("state", [CLOSED, CLOSED_UNSUCCESSFUL])
def test_closing_frees_the_lock_and_keeps_the_owner(state: str) -> None:
    held = ticket_lock.lock(carlas_ticket(), "ann", SUPPORT, MONDAY)
    closed = ticket.answered(held, SUPPORT, MONDAY + HOUR, state, None)
    assert (closed.lock, closed.owner, closed.closed_at) == (None, "ann", MONDAY + HOUR)


def test_a_pending_time_in_the_past_is_refused() -> None:
    with pytest.raises(Refused):
        ticket.into_state(carlas_ticket(), PENDING_REMINDER, MONDAY - DAY, MONDAY)


def test_ben_cannot_close_what_ann_holds_but_can_make_ada_responsible() -> None:
    held = ticket_lock.lock(carlas_ticket(), "ann", SUPPORT, MONDAY)
    with pytest.raises(Conflict):
        ticket.change(held, "ben", {"state": CLOSED}, SUPPORT, MONDAY)
    assert ticket.change(held, "ben", {"responsible": "ada"}, SUPPORT, MONDAY).responsible == "ada"


def test_merged_is_not_a_state_to_set_by_hand() -> None:
    with pytest.raises(Refused):
        ticket.change(carlas_ticket(), "ann", {"state": "merged"}, SUPPORT, MONDAY)


def test_another_owner_frees_the_lock_of_the_old_one() -> None:
    held = ticket_lock.lock(carlas_ticket(), "ann", SUPPORT, MONDAY)
    assert ticket.change(held, "ann", {"owner": "ben"}, SUPPORT, MONDAY).lock is None


# -- time


def waiting_ticket() -> ticket.Ticket:
    said = ticket.said(carlas_ticket(), answer(2))
    return ticket.answered(said, SUPPORT, MONDAY, None, None)


@pytest.mark.parametrize(("state", "closed"), [(PENDING_CLOSE, CLOSED), (PENDING_FAIL, CLOSED_UNSUCCESSFUL)])
def test_a_waiting_ticket_closes_as_its_state_says(state: str, closed: str) -> None:
    waiting = replace(waiting_ticket(), state=state)
    assert ticket_time.time_passed(waiting, SUPPORT, MONDAY + 7 * DAY).state == closed
    assert ticket_time.time_passed(waiting, SUPPORT, MONDAY + 6 * DAY) == waiting


def test_closing_by_time_frees_the_lock() -> None:
    held = ticket_lock.lock(waiting_ticket(), "ann", replace(SUPPORT, unlock_minutes=None), MONDAY)
    assert ticket_time.time_passed(held, SUPPORT, MONDAY + 7 * DAY).lock is None


def test_a_ticket_is_not_closed_under_the_hands_of_its_holder() -> None:
    held = ticket_lock.lock(waiting_ticket(), "ann", replace(SUPPORT, unlock_minutes=None), MONDAY)
    now = MONDAY + 7 * DAY
    after = ticket_time.time_passed(held, SUPPORT, now, drafted=now - timedelta(minutes=5))
    assert (after.state, after.pending_until) == (PENDING_CLOSE, now + timedelta(minutes=15))


def test_the_customer_is_reminded_once_before_the_ticket_closes() -> None:
    reminding = replace(SUPPORT, reminder_days=2)
    reminded = ticket_time.time_passed(waiting_ticket(), reminding, MONDAY + 5 * DAY)
    assert reminded.reminded
    assert ticket_time.time_passed(reminded, reminding, MONDAY + 5 * DAY) == reminded
    assert ticket_time.due_at(reminded, reminding) == MONDAY + 7 * DAY


def test_a_pending_reminder_comes_up_once_and_the_ticket_stays_pending() -> None:
    pending = ticket.into_state(carlas_ticket(), PENDING_REMINDER, MONDAY + DAY, MONDAY)
    reminded = ticket_time.time_passed(pending, SUPPORT, MONDAY + DAY)
    assert (reminded.state, reminded.reminded) == (PENDING_REMINDER, True)
    assert ticket_time.due_at(reminded, SUPPORT) is None


def test_a_forgotten_lock_is_released() -> None:
    held = ticket_lock.lock(carlas_ticket(), "ann", SUPPORT, MONDAY)
    assert ticket_time.due_at(held, SUPPORT) == MONDAY + 2 * HOUR
    assert ticket_time.time_passed(held, SUPPORT, MONDAY + 2 * HOUR).lock is None


def test_time_that_passed_twice_does_no_harm() -> None:
    once = ticket_time.time_passed(waiting_ticket(), SUPPORT, MONDAY + 8 * DAY)
    assert ticket_time.time_passed(once, SUPPORT, MONDAY + 8 * DAY) == once
