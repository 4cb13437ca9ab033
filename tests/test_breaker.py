"""The breaker: a desk that has answered a thousand times in an hour falls silent, whatever it was that made it talk."""

import zlib

from chalicelib import config, records
from chalicelib.settings import settings
from dev.bench import EveryTicket, Meter
from dev.cloud import Cloud
from tests.cast import CARLA, DAY, HOUR, MONDAY
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
