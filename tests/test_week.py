"""Figures that come by themselves: the week by mail, and facts in the bucket."""

import csv
import gzip
import io
import struct
import zlib
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

import app
from chalicelib import config, desk_lists, store
from chalicelib.config import Rates
from chalicelib.desk_lists import Wanted
from chalicelib.figures import facts, letter, picture
from chalicelib.search import indexing
from dev.cloud import Cloud
from tests.cast import ADA, CARLA, DAY, MONDAY
from tests.posting import mail

NEXT_MONDAY = MONDAY.replace(hour=letter.HOUR) + 7 * DAY


@pytest.fixture
def number(take_in: Callable[..., None], cloud: Cloud) -> str:
    take_in(mail())
    cloud.outbox.clear()
    (row,) = desk_lists.tickets(ADA, Wanted(), MONDAY).rows
    indexing.follow([row["number"]], MONDAY)
    return str(row["number"])


def test_the_week_is_told_on_monday_morning_once_and_to_each_apart(number: str, cloud: Cloud) -> None:
    config.put_rates(Rates(mail_to=("boss@firma.example", "owner@firma.example"), mail_language="ru"))
    assert letter.due(NEXT_MONDAY)
    assert not letter.due(NEXT_MONDAY + timedelta(minutes=59))
    assert [list(sent.to) for sent in cloud.outbox] == [["boss@firma.example"], ["owner@firma.example"]]
    message = message_from_bytes(cloud.outbox[0].raw, policy=policy.default)
    assert message["Subject"] == "Неделя поддержки: пришло 1, закрыто 0, открыто 1"
    assert message["To"] == "boss@firma.example"
    assert message["Auto-Submitted"] == "auto-generated"
    html = message.get_body(("html",)).get_content()
    assert "cid:week@otklik" in html
    assert "2026-11-23" in html
    (image,) = (part for part in message.walk() if part.get_content_type() == "image/png")
    assert image.get_content()[:8] == b"\x89PNG\r\n\x1a\n"
    assert "2026-11-23\t1\t0\t1" in message.get_body(("plain",)).get_content()


def test_no_week_is_told_where_nobody_wants_it_or_on_another_day(number: str, cloud: Cloud) -> None:
    assert not letter.due(NEXT_MONDAY)
    config.put_rates(Rates(mail_to=("boss@firma.example",)))
    assert not letter.due(NEXT_MONDAY + DAY)
    assert not letter.due(NEXT_MONDAY.replace(hour=letter.HOUR + 1))
    assert cloud.outbox == []


def test_the_facts_of_the_months_that_changed_go_into_the_bucket(number: str, cloud: Cloud) -> None:
    assert facts.export(MONDAY) == 0
    config.put_rates(Rates(export=True))
    assert facts.export(MONDAY) == 1
    (key,) = cloud.objects("facts/")
    assert key == "facts/tickets/month=2026-11/tickets.csv.gz"
    first = rows(cloud, key)
    assert [(row["number"], row["customer"], row["queue"], row["articles"]) for row in first] == [
        (number, CARLA.email, "Support", "2")
    ]
    assert facts.export(MONDAY + 3 * DAY) == 0
    assert facts.export(MONDAY + 3 * DAY, everything=True) == 1
    assert rows(cloud, key) == first


def rows(cloud: Cloud, key: str) -> list[dict[str, str]]:
    data = cloud.s3.get_object(Bucket=cloud.bucket, Key=key)["Body"].read()
    return list(csv.DictReader(io.StringIO(gzip.decompress(data).decode())))


def test_the_hour_that_sweeps_the_index_does_all_of_it(
    number: str, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.put_rates(Rates(export=True, mail_to=("boss@firma.example",)))
    event = dict.fromkeys(("version", "id", "account", "region", "detail-type", "source", "time"), "") | {
        "detail": {},
        "resources": [],
    }
    monkeypatch.setattr(app, "clock", lambda: NEXT_MONDAY)
    app.sweep_index(event, None)
    assert len(cloud.outbox) == 1
    assert cloud.objects("facts/") == []
    night = store.ticket(number).changed.replace(hour=indexing.NIGHT) + DAY
    monkeypatch.setattr(app, "clock", lambda: night)
    app.sweep_index(event, None)
    assert cloud.objects("facts/")


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), max_size=60))
def test_the_picture_is_a_png_of_its_size(groups: list[tuple[int, int]]) -> None:
    data = picture.bars(groups)
    width, height = struct.unpack(">II", data[16:24])
    length = struct.unpack(">I", data[33:37])[0]
    assert (width, height) == (640, picture.HEIGHT)
    assert len(zlib.decompress(data[41 : 41 + length])) == height * (1 + 3 * width)
