"""The breaker: a desk that has answered a thousand times in an hour falls silent, whatever it was that made it talk."""

import zlib
from collections.abc import Iterator

import pytest

from chalicelib import checkup, config, records
from chalicelib.settings import settings
from dev.bench import EveryTicket, Meter
from dev.cloud import Cloud
from tests.cast import CARLA, DAY, EVE, HOUR, MONDAY
from tests.crashes import crash_at


def test_above_the_desks_own_cap_there_is_silence_until_the_hour_is_over(cloud: Cloud) -> None:
    counted = [str(n) for n in range(3000) if zlib.crc32(str(n).encode()) % records.COUNTED == 0]
    most = settings().answers_an_hour // records.COUNTED
    answered = [
        records.may_answer(number, f"c{number}@c{number}.example", False, MONDAY) for number in counted[: most + 5]
    ]
    assert answered == [True] * most + [False] * 5
    assert not records.may_answer("1", "another@d.example", False, MONDAY)  # one that is not counted itself
    assert records.may_answer("1", "another@d.example", False, MONDAY + HOUR)


def test_the_breaker_costs_nothing_for_nine_of_ten(cloud: Cloud) -> None:
    config.config()
    with crash_at(0, False) as made:
        records.may_answer("1", CARLA.email, False, MONDAY)
    assert made == ["UpdateItem"]


def test_the_breaker_does_not_shorten_what_an_administrator_has_decided(cloud: Cloud) -> None:
    config.stop_answers(MONDAY + DAY)
    config.stop_answers(MONDAY + HOUR)
    assert config.config().answers_stopped(MONDAY + 2 * HOUR)


def test_the_bench_leaves_out_the_count_that_one_ticket_in_ten_costs(cloud: Cloud) -> None:
    config.config()
    sampled = next(str(n) for n in range(3000) if zlib.crc32(str(n).encode()) % records.COUNTED == 0)
    with Meter().reading() as all_of_them, EveryTicket().reading() as usual:
        assert records.may_answer(sampled, CARLA.email, False, MONDAY)
    assert (all_of_them.calls, usual.calls) == (["UpdateItem", "UpdateItem"], ["UpdateItem"])


def sampled(count: int) -> list[str]:
    """Numbers of tickets that the breaker counts."""
    return [str(n) for n in range(count * 20) if zlib.crc32(str(n).encode()) % records.COUNTED == 0][:count]


MOST, SHARE = 8, 6


@pytest.fixture
def small(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A desk that answers eighty times an hour, of which eight are counted."""
    monkeypatch.setenv("OTKLIK_ANSWERS_AN_HOUR", str(MOST * records.COUNTED))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize(("wary", "answered"), [(True, 3), (False, 40)])
def test_a_thousand_letters_of_one_mailbox_silence_nobody_else(wary: bool, answered: int, small: None) -> None:
    left = [records.may_answer(number, EVE.email, wary, MONDAY) for number in map(str, range(200))]
    assert left.count(True) == answered
    assert records.may_answer(sampled(1)[0], CARLA.email, False, MONDAY)


def test_forged_senders_by_the_thousand_are_silenced_and_who_proves_himself_is_answered(small: None) -> None:
    left = [records.may_answer(n, f"a@forged{n}.example", True, MONDAY) for n in sampled(SHARE + 5)]
    assert left == [True] * SHARE + [False] * 5
    assert not records.may_answer("1", "b@forged.example", True, MONDAY)  # one that is not counted itself
    assert records.may_answer("1", CARLA.email, False, MONDAY)
    assert records.may_answer("1", "b@forged.example", True, MONDAY + HOUR)


def test_a_domain_of_a_thousand_mailboxes_is_silenced_alone(small: None) -> None:
    left = [records.may_answer(n, f"m{n}@evil.example", False, MONDAY) for n in sampled(SHARE + 5)]
    assert left == [True] * SHARE + [False] * 5
    assert not records.may_answer("1", "another@evil.example", False, MONDAY)
    assert records.may_answer("1", CARLA.email, False, MONDAY)
    found = [each.what for each in checkup.set_up(MONDAY)]
    assert any("everybody at evil.example" in each for each in found)
    assert not any("evil.example" in each.what for each in checkup.set_up(MONDAY + HOUR))


def test_silence_that_an_administrator_ends_does_not_come_back_with_the_next_answer(small: None) -> None:
    for n in sampled(SHARE + 1):
        records.may_answer(n, f"m{n}@evil.example", False, MONDAY)
    records.end_silence(MONDAY)
    assert records.may_answer(sampled(1)[0], "another@evil.example", False, MONDAY)
    assert config.config().silent_crowds == {}
