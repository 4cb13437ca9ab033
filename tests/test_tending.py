"""What time does, once each, however often the minute's sweep runs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import config, desk, desk_lists, files, outbox, postmaster, store, table, tending
from chalicelib.article import SENT, UNKNOWN
from chalicelib.composing import Saying
from chalicelib.desk_lists import Wanted
from dev.cloud import Cloud
from tests.cast import ANN, BEN, DAY, HOUR, MONDAY
from tests.crashes import crash_at
from tests.posting import mail

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def number(take_in: Callable[..., None], cloud: Cloud) -> str:
    take_in(mail())
    cloud.outbox.clear()
    (row,) = desk_lists.tickets(ANN, Wanted(), MONDAY).rows
    return str(row["number"])


def answer(number: str, **fields: object) -> None:
    epoch = desk.lock(number, ANN, False, MONDAY).epoch
    desk.say(number, ANN, Saying("reply", "Use water.", epoch=epoch, seen=1, **fields), MONDAY)  # type: ignore[arg-type]


def state(number: str) -> str:
    return store.ticket(number).state


def test_a_ticket_that_waits_is_closed_after_the_queues_days(number: str) -> None:
    answer(number)
    tending.tick(MONDAY + 7 * DAY - HOUR)
    assert state(number) == "pending auto close+"
    tending.tick(MONDAY + 7 * DAY)
    assert state(number) == "closed successful"


def test_carlas_letter_stops_the_closing(number: str, take_in: Callable[..., None]) -> None:
    answer(number)
    take_in(
        mail("Still burning", "Re: fire", message_id="<2@c>", headers={"References": "<first@customer.example>"}),
        "in/2",
    )
    tending.tick(MONDAY + 8 * DAY)
    assert state(number) == "open"


def test_carla_is_reminded_once_before_her_ticket_closes(number: str, cloud: Cloud) -> None:
    config.put_queue(replace(config.config().queues["support"], reminder_days=2))
    answer(number)
    cloud.outbox.clear()
    for minutes in range(3):
        tending.tick(MONDAY + 5 * DAY + timedelta(minutes=minutes))
    assert [sent.to for sent in cloud.outbox] == [("carla@customer.example",)]
    tending.tick(MONDAY + 7 * DAY)
    assert state(number) == "closed successful"


def test_a_note_of_absence_does_not_spare_her_the_reminder(
    number: str, cloud: Cloud, take_in: Callable[..., None]
) -> None:
    config.put_queue(replace(config.config().queues["support"], reminder_days=2))
    answer(number)
    away = {"References": "<first@customer.example>", "Auto-Submitted": "auto-replied"}
    take_in(mail("I am away until Friday.", "Out of office: fire", message_id="<2@c>", headers=away), "in/2")
    cloud.outbox.clear()
    tending.tick(MONDAY + 5 * DAY)
    assert [sent.to for sent in cloud.outbox] == [("carla@customer.example",)]


def test_once_an_hour_the_age_of_the_backup_is_measured(cloud: Cloud) -> None:
    assert table.restorable(MONDAY) is None
    wanted = {"PointInTimeRecoveryEnabled": True}
    table.client().update_continuous_backups(TableName=cloud.table, PointInTimeRecoverySpecification=wanted)
    age = table.restorable(datetime.now(UTC))
    assert age is not None and abs(age) < 3600
    for minute, calls in ((0, ["DescribeContinuousBackups"]), (5, [])):
        with crash_at(0, False) as made:
            tending.look_at_backup(MONDAY.replace(minute=minute))
        assert made == calls
    wanted = {"PointInTimeRecoveryEnabled": False}
    table.client().update_continuous_backups(TableName=cloud.table, PointInTimeRecoverySpecification=wanted)


def test_a_pending_reminder_makes_the_ticket_unread(number: str) -> None:
    desk.show(number, ANN, MONDAY)
    version = store.ticket(number).version
    desk.change(number, ANN, version, {"state": "pending reminder", "pending_until": MONDAY + DAY}, MONDAY)
    tending.tick(MONDAY + DAY)
    tending.tick(MONDAY + 3 * DAY)
    found = store.whole(number)
    assert [article.kind for article in found.articles] == ["mail", "auto", "note"]
    assert desk_lists.tickets(ANN, Wanted(), MONDAY).rows[0]["unread"]


def test_a_forgotten_lock_is_released_and_the_history_says_so(number: str) -> None:
    desk.lock(number, ANN, False, MONDAY)
    tending.tick(MONDAY + 2 * HOUR)
    found = store.whole(number)
    assert found.ticket.lock is None
    assert (found.history[-1].type, found.history[-1].by) == ("Unlock", "system")


def test_a_lock_that_ran_out_need_not_wait_for_the_sweep(number: str) -> None:
    desk.lock(number, ANN, False, MONDAY)
    taken = desk.lock(number, BEN, False, MONDAY + 3 * HOUR)
    assert taken.lock and taken.lock.agent == "ben"


def test_a_mail_whose_sender_never_came_back_is_unknown(number: str, cloud: Cloud) -> None:
    answer(number, send_after=MONDAY + HOUR)
    outbox.claim(number, 3, MONDAY + HOUR)
    tending.tick(MONDAY + HOUR + timedelta(minutes=4))
    assert delivery(number) == "sending"
    tending.tick(MONDAY + HOUR + timedelta(minutes=6))
    assert delivery(number) == UNKNOWN
    assert cloud.outbox == []


def test_a_mail_that_nobody_sent_is_sent_by_the_sweep(number: str, cloud: Cloud) -> None:
    answer(number, send_after=MONDAY + HOUR)
    tending.tick(MONDAY + HOUR)
    assert delivery(number) == SENT
    assert len(cloud.outbox) == 1


def delivery(number: str) -> str:
    found = store.article(number, 3)
    assert found and found.delivery
    return found.delivery.state


def test_mail_that_the_events_forgot_is_found(cloud: Cloud) -> None:
    files.put("in/forgotten", mail(), "message/rfc822")
    later = datetime.now(UTC) + timedelta(minutes=6)
    assert tending.forgotten(later - timedelta(minutes=3)) == []
    for key in tending.forgotten(later):
        postmaster.take_in(key, later)
    assert len(desk_lists.tickets(ANN, Wanted(), MONDAY).rows) == 1
