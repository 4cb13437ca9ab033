"""Ticket numbers, ours and OTRS's."""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib import numbers
from chalicelib.settings import GENERATORS
from tests.cast import DAY, MONDAY


def counting() -> Callable[[str], int]:
    """Counts for each name on its own, as records.next_number does."""
    counters: Counter[str] = Counter()

    def count(name: str) -> int:
        counters[name] += 1
        return counters[name]

    return count


def make(kind: str, counter: Callable[[str], int] | None = None, days: int = 0) -> str:
    return numbers.make(kind, MONDAY + days * DAY, counter or counting(), "10")


def test_ours_is_a_day_and_seven_digits() -> None:
    assert len(make("Damm")) == 15 and make("Damm").startswith("20261123")


def test_ours_asks_no_counter() -> None:
    def refuses(_: str) -> int:
        raise AssertionError

    make("Damm", refuses)
    make("Random", refuses)


def test_ours_hardly_ever_repeats() -> None:
    assert len({make("Damm") for _ in range(200)}) > 195


BASES = some.text("0123456789", min_size=2, max_size=20)


@given(BASES)
def test_a_check_digit_makes_the_rest_come_out_even(base: str) -> None:
    assert numbers.damm(numbers.damm(base))[-1] == "0"


@given(BASES, some.data())
def test_a_wrong_digit_is_noticed(base: str, data: some.DataObject) -> None:
    right = numbers.damm(base)
    place = data.draw(some.integers(0, len(right) - 1))
    wrong = data.draw(some.sampled_from([digit for digit in "0123456789" if digit != right[place]]))
    assert numbers.damm(right[:place] + wrong + right[place + 1 :])[-1] != "0"


@given(BASES, some.data())
def test_swapped_neighbours_are_noticed(base: str, data: some.DataObject) -> None:
    right = numbers.damm(base)
    place = data.draw(some.integers(0, len(right) - 2))
    swapped = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    assert swapped == right or numbers.damm(swapped)[-1] != "0"


def test_the_digit_is_damms() -> None:
    assert numbers.damm("572") == "5724"  # the usual example of the algorithm


# -- OTRS's


def test_auto_increment_is_the_systems_id_and_a_counter() -> None:
    counter = counting()
    assert [make("AutoIncrement", counter) for _ in range(2)] == ["1000001", "1000002"]
    assert numbers.make("AutoIncrement", MONDAY, lambda _: 138, "10") == "1000138"


def test_date_starts_anew_each_day() -> None:
    counter = counting()
    assert [make("Date", counter), make("Date", counter), make("Date", counter, days=1)] == [
        "20261123101", "20261123102", "20261124101",
    ]  # fmt: skip


def test_date_checksum_ends_in_its_check_digit() -> None:
    assert numbers.weighted_digit("200206231010001") == "1"  # the example in OTRS's own source
    number = make("DateChecksum")
    assert number[:-1] == "202611231000001" and number[-1] == numbers.weighted_digit(number[:-1])


def test_a_checksum_of_ten_counts_as_one() -> None:
    assert numbers.weighted_digit("0") == "1"


def test_random_is_the_systems_id_and_ten_digits() -> None:
    assert len(make("Random")) == 12 and make("Random").startswith("10")


@pytest.mark.parametrize("kind", GENERATORS)
def test_whatever_is_made_may_stand_in_a_key(kind: str) -> None:
    assert numbers.looks_valid(make(kind))


@pytest.mark.parametrize("number", ["", "1" * 41, "12#A", "../1", "１２３", "12\n", "-1", "1.0", "٣"])
def test_what_is_no_number_is_noticed(number: str) -> None:
    assert not numbers.looks_valid(number)
