"""The doctor: what is stuck is said in words, and a healthy desk is left in peace."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib import checkup, config, desk, outbox, records
from chalicelib.access import Agent
from chalicelib.composing import Saying
from dev import doctor
from dev.at_hand import NoDesk
from dev.cloud import Cloud
from tests.cast import ANN, DAY, MONDAY, OLGA
from tests.crashes import Crash, crash_at
from tests.posting import mail
from tests.test_postmaster import only_ticket


def words(now: datetime = MONDAY, wall: datetime = MONDAY) -> str:
    return " ".join(finding.what for finding in checkup.examine(now, wall))


def test_a_healthy_desk_is_left_in_peace(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail())
    assert checkup.examine(MONDAY, MONDAY) == []


def test_a_mail_that_nobody_takes_in_is_named(cloud: Cloud) -> None:
    cloud.deliver_mail(mail(), "in/stuck")
    put = datetime.now(UTC)
    assert "in/stuck" not in words(wall=put + timedelta(minutes=14))
    assert "in/stuck" in words(wall=put + timedelta(minutes=16))


def test_mails_that_could_not_be_read_are_no_emergency(cloud: Cloud) -> None:
    records.put_failed("noise", "The mail is empty.", 3, MONDAY)
    (finding,) = checkup.examine(MONDAY, MONDAY)
    assert "The mail is empty." in finding.what
    assert not finding.urgent


def test_a_mail_of_which_nobody_knows_is_an_agents_to_decide(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail())
    number = only_ticket().ticket.number
    epoch = desk.lock(number, ANN, False, MONDAY).epoch
    with crash_at(4, after=True), pytest.raises(Crash):
        desk.say(number, ANN, Saying("reply", "Use water.", epoch=epoch, seen=1), MONDAY)
    assert "should have left" in words(MONDAY + timedelta(hours=1))
    outbox.abandoned(number, 3, MONDAY)
    assert f"nobody knows whether they left: {number}" in words(MONDAY + timedelta(hours=1))


def test_a_timer_that_did_not_fire_is_named(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail())
    number = only_ticket().ticket.number
    desk.lock(number, ANN, False, MONDAY)
    assert number in words(MONDAY + DAY)


def test_tickets_where_nobody_works_are_named(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail(to="nobody@desk.localhost"))
    assert "queue Raw" in words()
    config.put_agent(Agent("rex", "Rex", "rex@desk.localhost", rights={"raw": "write"}))
    assert "queue Raw" not in words()


def test_a_desk_without_an_administrator_is_named(cloud: Cloud) -> None:
    config.put_agent(Agent("ada", "Ada", "ada@desk.localhost", role="admin", valid=False))
    assert "no administrator" in words()
    assert {ANN.login, OLGA.login} <= config.config().agents.keys()


def test_a_folder_without_a_desk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoDesk, match="no desk"):
        doctor.found(tmp_path)
