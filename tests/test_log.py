"""The log: one line of JSON for each event, measured where somebody collects it, and never a customer's words."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chalicelib import log, settings, tending
from dev.cloud import Cloud
from tests.cast import CARLA, MONDAY
from tests.posting import mail

ROOT = Path(__file__).parent.parent


@pytest.fixture
def lambdas(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in Lambda, where CloudWatch reads along."""
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "otklik-take-in")
    settings.settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.settings.cache_clear()


def lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in captured.readouterr().err.splitlines()]


def test_a_measurement_is_in_the_form_that_cloudwatch_reads(lambdas: None, capsys: pytest.CaptureFixture[str]) -> None:
    log.measure(Mails=1, TimerLag=2.5)
    (line,) = lines(capsys)
    (declared,) = line["_aws"]["CloudWatchMetrics"]  # type: ignore[index]
    assert declared["Namespace"] == "Otklik"
    assert declared["Metrics"] == [{"Name": "Mails", "Unit": "Count"}, {"Name": "TimerLag", "Unit": "Seconds"}]
    assert (line["Mails"], line["TimerLag"], line["Desk"]) == (1, 2.5, settings.settings().table)


def test_the_laptop_measures_nothing(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    log.measure(Mails=1)
    assert lines(capsys) == []


def test_taking_in_a_mail_tells_nothing_of_what_it_says(
    lambdas: None, take_in: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    take_in(mail(), "in/1")
    take_in(mail(), "in/2")
    take_in(b"noise", "in/3")
    told = capsys.readouterr().err
    assert all(name in told for name in ("NewTickets", "Duplicates", "MailsFailed", "MailsSent"))
    assert not [word for word in (CARLA.email, "Carla", "printer", "smoke", "customer.example") if word in told]


def test_every_minute_tells_how_late_things_are(lambdas: None, capsys: pytest.CaptureFixture[str]) -> None:
    tending.tick(MONDAY)
    tending.forgotten(MONDAY)
    told = {name for line in lines(capsys) for name in line}
    assert {"TimerLag", "OutboxAge", "OldestMailAge"} <= told


def test_every_alarm_of_our_own_watches_something_that_is_measured() -> None:
    alarms = json.loads((ROOT / "infra" / "alarms.json").read_text())["Resources"].values()
    own = [each["Properties"]["MetricName"] for each in alarms if each["Properties"].get("Namespace") == log.NAMESPACE]
    source = "".join(path.read_text() for path in (ROOT / "chalicelib").glob("*.py"))
    assert len(own) >= 5
    assert [name for name in own if name not in source] == []


def test_the_dashboard_shows_only_what_is_measured() -> None:
    resources = json.loads((ROOT / "infra" / "alarms.json").read_text())["Resources"]
    body = json.loads(resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])
    shown = [
        metric[1]
        for widget in body["widgets"]
        for metric in widget["properties"]["metrics"]
        if metric[0] == log.NAMESPACE
    ]
    source = "".join(path.read_text() for path in (ROOT / "chalicelib").glob("*.py"))
    assert len(shown) > 10
    assert [name for name in shown if name not in source] == []
