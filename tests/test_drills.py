"""Drills: a bad deployment and its dead letters, a desk that is killed in mid-intake."""

import smtplib
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

import app
from chalicelib import postmaster, records, tending
from dev import messages
from dev.cloud import Cloud
from tests.cast import MONDAY
from tests.desk_client import Desk, eventually, letter, running_desk
from tests.posting import mail
from tests.test_postmaster import kinds, tickets

LETTERS = 60


class BadDeployment(Exception):
    """Whatever it is, it fails every mail."""


def failing(event: Any, context: Any) -> None:
    raise BadDeployment


def test_a_bad_deployment_loses_nothing_and_what_it_left_is_taken_in_once(cloud: Cloud) -> None:
    for n in range(5):
        cloud.deliver_mail(
            mail(f"Matter {n} cannot wait", f"Matter {n}", message_id=f"<{n}@customer.example>"), f"in/{n}"
        )
    for _ in range(10):  # more often than a notice is tried
        cloud.run_events(quiet=True, take_in=failing)
        cloud.show_again()
    assert len(cloud.dead_letters()) == 5
    assert (len(cloud.objects("in/")), tickets(), records.failed_mails()) == (5, [], [])
    # The old version is back. First the redrive of the dead letters, then the sweep, which finds nothing left.
    for body in cloud.dead_letters():
        messages.send(cloud.mail_queue, body)
    cloud.run_events()
    app.sweep()
    assert [kinds(each) for each in tickets()] == [["mail", "auto"]] * 5
    assert (cloud.objects("in/"), len(cloud.outbox)) == ([], 5)


def test_the_sweep_alone_finds_what_the_dead_letters_were_about(cloud: Cloud) -> None:
    cloud.deliver_mail(mail(), "in/1")
    cloud.forget_messages()
    for key in tending.forgotten(datetime.now(UTC) + 2 * tending.FORGOTTEN):
        postmaster.take_in(key, MONDAY)
    assert [kinds(each) for each in tickets()] == [["mail", "auto"]]


@pytest.mark.long
def test_a_desk_killed_in_mid_intake_has_every_letter_once_when_they_are_sent_again(tmp_path: Path) -> None:
    """A mail server that has lost its connection sends again what was not confirmed, and in doubt what was."""
    with running_desk(tmp_path) as first:
        sending = Thread(target=send_until_it_dies, args=(first,))
        sending.start()
        eventually(lambda: list((tmp_path / "objects").rglob("*"))[5:])
        first.process.kill()
        first.process.wait()
        sending.join()
    with running_desk(tmp_path) as second:
        send_all(second)
        ann = second.agent("ann")
        eventually(lambda: len(listed(ann)) >= LETTERS, 60)
        found = listed(ann)
        assert sorted(row["title"] for row in found) == sorted(f"Drill {n:03d}" for n in range(LETTERS))
        for row in found[:20]:
            articles = ann.get(f"/api/tickets/{row['number']}")[1]["articles"]
            assert [article["kind"] for article in articles].count("mail") == 1


def send_until_it_dies(desk: Desk) -> None:
    with suppress(OSError, smtplib.SMTPException):
        send_all(desk)


def send_all(desk: Desk) -> None:
    host, _, port = desk.told["smtp"].partition(":")
    with smtplib.SMTP(host, int(port)) as smtp:
        for n in range(LETTERS):
            sender = f"customer{n}@drill.example"
            message = letter(f"Letter number {n}", f"Drill {n:03d}", sender, Message_ID=f"<{n}@drill.example>")
            smtp.send_message(message, sender, ["support@desk.localhost"])


def listed(browser: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = browser.get("/api/tickets?limit=200")[1]["tickets"]
    return found
