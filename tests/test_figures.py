"""The owner's questions: what came in, how long customers waited, what it was about, who worked, what it cost."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import access, config, desk, desk_lists, store
from chalicelib.access import Agent
from chalicelib.article import Address
from chalicelib.composing import Saying
from chalicelib.config import Rates
from chalicelib.desk_lists import Wanted
from chalicelib.errors import NotFound, Refused
from chalicelib.figures import report, sheet
from chalicelib.figures.asked import Table
from chalicelib.search import engines, indexing, searching
from chalicelib.search.engine import Engine
from dev.cloud import Cloud
from tests.cast import ADA, ANN, CARLA, DAY, EVE, HOUR, MONDAY, OLGA
from tests.posting import mail

TODAY = MONDAY + timedelta(hours=9)


@pytest.fixture
def numbers(take_in: Callable[..., None], cloud: Cloud, engine: Engine) -> dict[str, str]:
    """Carla's printer is answered after an hour and closed after two days; Eve's invoice waits in Billing."""
    take_in(mail(), "in/1")
    take_in(mail("Where is my invoice?", "Invoice missing", EVE, "billing@desk.localhost", "<3@x>"), "in/3")
    rows = desk_lists.tickets(ADA, Wanted(sort="created"), MONDAY).rows
    printer, invoice = (row["number"] for row in rows)
    epoch = desk.lock(printer, ANN, False, MONDAY + HOUR).epoch
    said = Saying(kind="reply", text="Use water.", to=(CARLA,), epoch=epoch, seen=1, time_units=30)
    desk.say(printer, ANN, said, MONDAY + HOUR)
    desk.change(printer, ANN, store.ticket(printer).version, {"tags": ["Hardware"]}, MONDAY + HOUR)
    desk.change(printer, ANN, store.ticket(printer).version, {"state": "closed successful"}, MONDAY + 2 * DAY)
    indexing.follow([printer, invoice], MONDAY)
    return {"printer": printer, "invoice": invoice}


def table(
    name: str,
    by: Agent = ADA,
    first: date | None = None,
    last: date | None = None,
    queues: tuple[str, ...] = (),
    **more: Any,
) -> Table:
    engines.engine().forget()
    return report.report(name, by, first or date(2026, 11, 22), last or date(2026, 11, 26), queues, more.get("by_queue", False), MONDAY + 3 * DAY)[1]  # fmt: skip


def test_each_day_tells_what_came_in_what_was_closed_and_what_is_open(numbers: dict[str, str]) -> None:
    assert table("days").rows == [
        ("2026-11-22", 0, 0, 0), ("2026-11-23", 2, 0, 2), ("2026-11-24", 0, 0, 2), ("2026-11-25", 0, 1, 1), ("2026-11-26", 0, 0, 1),
    ]  # fmt: skip
    assert table("days", first=date(2026, 11, 25)).rows == [("2026-11-25", 0, 1, 1), ("2026-11-26", 0, 0, 1)]
    both = table("days", first=date(2026, 11, 23), last=date(2026, 11, 23), by_queue=True)
    assert [row for row in both.rows if row[2]] == [
        ("2026-11-23", "Billing", 1, 0, 1),
        ("2026-11-23", "Support", 1, 0, 1),
    ]


def test_a_number_leads_to_the_tickets_behind_it(numbers: dict[str, str]) -> None:
    """Every search that a report gives finds as many tickets as the figure says."""
    checked = 0
    for name in report.REPORTS:
        for by_queue in (False, True):
            made = table(name, by_queue=by_queue)
            for row, finds in zip(made.rows, made.finds, strict=False):
                for column, value, find in zip(made.columns, row, finds, strict=True):
                    if find and column.kind in ("count", "age"):
                        found = searching.search(ADA, find, "-created", 0, 20, MONDAY + 3 * DAY)
                        assert not found.problems, find
                        if name != "times":
                            assert found.total == value, (name, column.name, find)
                            checked += 1
    assert checked > 20


def test_waiting_is_told_by_queue_and_in_all(numbers: dict[str, str]) -> None:
    made = table("times")
    named = [dict(zip((column.name for column in made.columns), row, strict=True)) for row in made.rows]
    assert [row["queue"] for row in named] == ["Billing", "Support", ""]
    assert named[0]["first_response_count"] == 0
    assert named[0]["first_response_median"] is None
    for row in named[1:]:
        assert row["first_response_count"] == 1
        assert row["first_response_median"] == pytest.approx(3600, rel=0.02)
        assert row["solution_90"] == pytest.approx(2 * 86400, rel=0.02)


def test_the_backlog_has_an_age(numbers: dict[str, str]) -> None:
    made = table("backlog")
    assert [column.name for column in made.columns] == [
        "queue",
        "under_1",
        "under_3",
        "under_7",
        "under_30",
        "over_30",
        "open",
    ]
    assert made.rows == [("Billing", 0, 0, 1, 0, 0, 1)]


def test_work_is_told_by_who_did_it_and_what_it_cost(numbers: dict[str, str]) -> None:
    config.put_rates(Rates("EUR", 50, {"ann": 80}))
    made = table("work")
    assert ("agent", "Ann Archer", 1, 30, 40.0) in made.rows
    assert ("queue", "Support", 1, 30, 40.0) in made.rows
    assert ("customer", CARLA.email, 1, 30, 40.0) in made.rows
    assert ("tag", "hardware", 1, 30, 40.0) in made.rows
    assert made.currency == "EUR"
    assert all(len(row) == 4 for row in table("work", ANN).rows)  # what it costs is the owner's business


def test_topics_are_tags_and_words_that_rose(numbers: dict[str, str], take_in: Callable[..., None]) -> None:
    for n in range(4):
        take_in(mail(f"{n}", f"Refund number {n}", Address(f"c{n}@x.example"), message_id=f"<r{n}@x>"), f"in/r{n}")
    indexing.sweep(MONDAY)
    rows = table("topics").rows
    assert ("tag", "hardware", 1, 0) in rows
    assert ("word", "refund", 4, 0) in rows
    assert not [row for row in rows if row[1] in ("invoice", "printer")]  # one letter is no topic


def test_customers_and_companies_are_counted(numbers: dict[str, str]) -> None:
    rows = table("customers").rows
    assert ("customer", CARLA.email, 1, 30) in rows
    assert ("company", "evil.example", 1, 0) in rows


def test_letters_that_came_twice_and_tickets_that_time_closed_are_counted(
    numbers: dict[str, str], take_in: Callable[..., None]
) -> None:
    take_in(mail("Where is my invoice?", "Invoice missing", EVE, "billing@desk.localhost", "<again@x>"), "in/4")
    invoice = numbers["invoice"]
    before = store.ticket(invoice)
    later = MONDAY + HOUR
    before = store.save(before, replace(before, state="closed successful", closed_at=later), now=later)
    before = store.save(before, replace(before, state="open", closed_at=None), now=later + HOUR)
    store.save(before, replace(before, state="closed successful", closed_at=later + 2 * HOUR), now=later + 2 * HOUR)
    indexing.sweep(MONDAY)
    figures = {row[0]: row[1:] for row in table("outcomes").rows}
    assert figures == {"in": (2, None), "closed": (2, 1.0), "reopened": (1, 0.5), "auto_closed": (1, 0.5),
                       "same_letters": (1, None), "merged": (0, None)}  # fmt: skip


def test_nobody_counts_what_she_may_not_see(numbers: dict[str, str]) -> None:
    assert [row[1:] for row in table("days", ANN, first=date(2026, 11, 23), last=date(2026, 11, 23)).rows] == [
        (1, 0, 1)
    ]
    assert "evil.example" not in str([table(name, ANN).rows for name in report.REPORTS])
    assert "Ann" not in str(table("work", OLGA).rows)
    with pytest.raises(NotFound):
        table("days", ANN, queues=("Billing",))
    nobody = replace(ANN, rights={})
    assert all(not any(value for value in row[1:] if isinstance(value, int)) for row in table("days", nobody).rows)
    assert access.may_read(nobody, "support") is False


def test_the_hours_are_those_of_the_desk(numbers: dict[str, str]) -> None:
    rows = dict(table("hours").rows)
    assert rows[9] == 2  # Monday at nine, in UTC
    assert sum(rows.values()) == 2


def test_a_report_that_cannot_be_is_refused(numbers: dict[str, str]) -> None:
    with pytest.raises(Refused):
        table("days", first=date(2026, 11, 27))
    with pytest.raises(Refused):
        table("days", first=date(1990, 1, 1))
    with pytest.raises(NotFound):
        table("horoscope")


@given(st.lists(st.lists(st.one_of(st.none(), st.integers(), st.text()), min_size=1), max_size=5))
def test_a_sheet_can_be_read_back_and_runs_nothing(rows: list[list[Any]]) -> None:
    text = sheet.text(["a"], rows)
    read = list(csv.reader(io.StringIO(text.removeprefix(sheet.MARK), newline="")))[1:]
    assert text.startswith(sheet.MARK)
    for row, got in zip(rows, read, strict=False):
        for value, cell in zip(row, got, strict=False):
            assert not (isinstance(value, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"))
