"""What wakes the desk: notices of mail, minutes that pass, news of mails that left; and that all of it asks one clock."""

import json
import re
import runpy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chalice.app import SQSEvent

import app
from chalicelib import desk_lists, doors, postmaster, store
from chalicelib.desk_lists import Wanted
from dev.cloud import Cloud, Context
from dev.package import ROOT
from tests.cast import ANN, MONDAY
from tests.client import signed_in
from tests.posting import mail


def notice(*bodies: dict[str, Any]) -> SQSEvent:
    return SQSEvent({"Records": [{"body": json.dumps(body), "receiptHandle": "1"} for body in bodies]}, Context())


def passing_minute() -> None:
    event = {word: "" for word in ("version", "id", "account", "region", "detail-type", "source", "time")}
    app.tick(event | {"detail": {}, "resources": []}, Context())


def rows() -> list[dict[str, Any]]:
    return desk_lists.tickets(ANN, Wanted(), MONDAY).rows


@pytest.fixture
def later() -> Iterator[timedelta]:
    """The desk's clock goes three days ahead, as `./desk clock +3d` makes it."""
    usual, ahead = app.clock, timedelta(days=3)
    app.clock = lambda: datetime.now(UTC) + ahead
    yield ahead
    app.clock = usual


def test_a_mail_in_the_bucket_becomes_a_ticket(cloud: Cloud) -> None:
    cloud.deliver_mail(mail())
    cloud.run_events()
    assert [row["title"] for row in rows()] == ["The printer is on fire"]
    assert cloud.objects("in/") == []


def test_a_function_that_answers_no_requests_brings_in_no_routes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_HANDLER", "app.take_in")
    its = runpy.run_path(str(ROOT / "app.py"), run_name="app")
    assert its["app"].routes == {}
    assert set(app.app.routes) >= {"/health", "/tickets/{number}"}


def test_keys_come_encoded_and_the_test_notice_tells_of_none() -> None:
    records = [{"s3": {"object": {"key": "in/a+b%2Bc%C3%A9"}}}]
    assert app.keys_in({"Records": records}) == ["in/a b+cé"]
    assert app.keys_in({"Service": "Amazon S3", "Event": "s3:TestEvent"}) == []


def test_what_became_of_a_mail_is_seen_at_its_article(cloud: Cloud) -> None:
    cloud.deliver_mail(mail())
    cloud.run_events()
    number = rows()[0]["number"]
    sent = store.whole(number).articles[1].delivery
    assert sent and sent.message_id
    told = {"eventType": "Bounce", "mail": {"messageId": sent.message_id, "tags": {"outbox": [f"{number}-2"]}}}
    app.ses_events(notice({"Type": "Notification", "Message": json.dumps(told)}).to_dict(), Context())
    after = store.whole(number).articles[1].delivery
    assert after and after.state == "bounced"


def test_news_that_is_about_nothing_of_ours_does_no_harm(cloud: Cloud) -> None:
    app.ses_events(
        notice({"eventType": "Open"}, {"eventType": "Bounce", "mail": {"messageId": "x"}}).to_dict(), Context()
    )


def test_a_forgotten_mail_is_taken_in_and_one_that_fails_does_not_stop_it(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    for key in ("in/one", "in/two"):
        cloud.deliver_mail(mail(message_id=f"<{key}@customer.example>", subject=key), key)
        cloud_object(cloud, key).last_modified = datetime.now(UTC) - timedelta(hours=1)
    cloud.forget_messages()
    usual = postmaster.take_in
    monkeypatch.setattr(postmaster, "take_in", lambda key, now: usual(key, now) if key == "in/two" else 1 / 0)
    app.sweep()
    assert [row["title"] for row in rows()] == ["in/two"]
    assert json.loads(capsys.readouterr().err) == {"event": "forgotten_mail_failed", "error": "ZeroDivisionError"}


def cloud_object(cloud: Cloud, key: str) -> Any:
    from moto.s3.models import s3_backends

    from dev.template import ACCOUNT

    return s3_backends[ACCOUNT]["aws"].buckets[cloud.bucket].keys[key]


def test_the_clock_that_the_laptop_shifts_is_the_desks_everywhere(cloud: Cloud, later: timedelta) -> None:
    asked = signed_in(ANN).get("/queues")
    assert asked.status == 200  # sessions run on real time
    shown = datetime.fromisoformat(asked.json["as_of"])
    assert shown > datetime.now(UTC) + later - timedelta(minutes=1)
    assert abs(doors.clock() - app.clock()) < timedelta(minutes=1)


def test_a_minute_without_work_passes_quietly(cloud: Cloud) -> None:
    passing_minute()


def test_the_app_tells_its_version(cloud: Cloud) -> None:
    from tests.client import Client

    told = Client().get("/health").json
    assert told["status"] == "ok" and re.fullmatch(r"\d+\.\d+\.\d+", told["version"])
