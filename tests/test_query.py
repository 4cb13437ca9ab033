"""What is typed into the search box, before any engine is asked."""

import pytest

from chalicelib.search import by_rows, query
from chalicelib.search.clauses import All, Clause, Is, Not, Phrase, Words
from tests.cast import MONDAY

PENDING = ("pending reminder", "pending auto close+", "pending auto close-")
CLOSED = ("closed successful", "closed unsuccessful")


def asked(typed: str) -> Clause:
    found = query.read(typed, MONDAY)
    assert found.problems == ()
    assert isinstance(found.clause, All)
    (clause,) = found.clause.of
    return clause


@pytest.mark.parametrize("typed", ["«оплата дважды»", "“оплата дважды”", "„оплата дважды“", '"оплата дважды'])
def test_a_phrase_may_stand_in_any_quotes(typed: str) -> None:
    assert asked(typed) == Phrase("оплата дважды")


@pytest.mark.parametrize(
    ("typed", "states"),
    [
        ("Новая", ("new",)),
        ("новые", ("new",)),
        ("открыта", ("new", "open")),
        ("ждёт", PENDING),
        ("ждет", PENDING),
        ("ожидание", PENDING),
        ("Напоминание", PENDING),
        ("закрыта", CLOSED),
        ("закрыто,новое", (*CLOSED, "new")),
        ("closed", CLOSED),
        ('"pending reminder"', ("pending reminder",)),
    ],
)
def test_states_are_called_as_the_screen_calls_them(typed: str, states: tuple[str, ...]) -> None:
    assert asked(f"состояние:{typed}") == Is("state", states)


def test_a_state_that_is_none_is_told() -> None:
    assert [each.kind for each in query.read("state:sleepy state:спит", MONDAY).problems] == ["state", "state"]


def test_a_number_is_asked_for_alone_however_its_subject_marks_it() -> None:
    assert asked("[Ticket#202611231234567]") == asked("Ticket#202611231234567") == Words("202611231234567")
    assert asked("-[Ticket#202611231234567]") == Not(Words("202611231234567"))
    assert asked("Bug#123") == Phrase("Bug#123")


def test_without_the_index_too_ё_is_е() -> None:
    row = {"title": "Отчёт", "number": "1", "customer": {"name": "Пётр", "email": "p@x"}, "owner": None, "tags": []}
    assert all(by_rows.fits(Words(typed), row) for typed in ("отчет", "ОТЧЁТ", "петр"))
    assert not by_rows.fits(Words("отчеты"), row)
