"""The environment, read once: what is missing has its default, what is wrong is refused by its name."""

import pytest

from chalicelib.settings import read

NEEDED = {"OTKLIK_TABLE": "t", "OTKLIK_BUCKET": "b", "OTKLIK_DOMAIN": "desk.example"}


def test_the_desks_own_caps_have_defaults_and_can_be_set() -> None:
    assert (read(NEEDED).answers_an_hour, read(NEEDED).closings_a_day) == (1000, 500)
    found = read(NEEDED | {"OTKLIK_ANSWERS_AN_HOUR": "20000", "OTKLIK_CLOSINGS_A_DAY": "0"})
    assert (found.answers_an_hour, found.closings_a_day) == (20_000, 0)


@pytest.mark.parametrize("wrong", ["many", "-1", "1.5", "1e9"])
def test_a_cap_that_is_no_number_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="OTKLIK_CLOSINGS_A_DAY"):
        read(NEEDED | {"OTKLIK_CLOSINGS_A_DAY": wrong})
