"""The fleet: nothing is lost and nothing done twice, though the desk dies and is throttled all the time."""

from typing import Any

import pytest

from dev import fleet, fleet_account
from dev.cloud import Cloud


def sailed(cloud: Cloud, mails: int, seed: int) -> dict[str, Any]:
    account = fleet.sail(cloud, mails, seed)
    assert fleet_account.kept(account), account
    assert account["articles"] + account["failed"] >= mails
    return account


def test_two_hundred_letters_survive_the_storm(cloud: Cloud) -> None:
    account = sailed(cloud, 200, seed=3)
    assert account["crashes"] > 30
    assert account["throttles"] > 30


@pytest.mark.long
def test_a_thousand_letters_survive_the_storm(cloud: Cloud) -> None:
    assert sailed(cloud, 1000, seed=7)["replies"] > 100


def test_a_broken_promise_is_seen() -> None:
    good = {"lost": 0, "duplicate_tickets": 0, "duplicate_articles": 0, "duplicate_auto_replies": 0}
    known = {"duplicate_replies": 1, "injected_unknowable": 1}
    assert fleet_account.kept(good | known)
    assert not fleet_account.kept(good | known | {"lost": 1})
    assert not fleet_account.kept(good | known | {"injected_unknowable": 0})
