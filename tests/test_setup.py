"""The administrator sets the desk up over HTTP: what is named changes, what is not stays, and nonsense changes nothing."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib import config
from dev.cloud import Cloud
from tests.cast import ADA, ANN, BEN
from tests.client import is_refusal, signed_in

pytestmark = pytest.mark.usefixtures("cloud")


def test_a_queue_is_made_and_changed() -> None:
    ada = signed_in(ADA)
    made = ada.put(
        "/admin/queues/returns", {"name": "Returns", "address": "Returns@desk.localhost", "unlock_minutes": None}
    )
    assert (made.status, made.json["address"], made.json["unlock_minutes"]) == (200, "returns@desk.localhost", None)
    hours = {"zone": "Europe/Moscow", "hours": {"0": [[540, 1080]]}, "holidays": ["2027-01-01"]}
    changed = ada.put("/admin/queues/Returns", made.json | {"calendar": hours, "follow_up": "reject"})
    assert changed.json == made.json | {"calendar": hours, "follow_up": "reject"}
    assert ada.get("/admin/queues/returns").json == changed.json
    assert "Returns" in [queue["name"] for queue in ada.get("/queues").json["queues"]]


@pytest.mark.parametrize(
    "body",
    [{}, {"name": "N"}, {"name": "N", "address": "x"}, {"name": None, "address": "n@desk.localhost"},
     {"name": "N", "address": "n@desk.localhost", "calendar": {"zone": "../../etc/passwd"}},
     {"name": "N", "address": "n@desk.localhost", "calendar": {"zone": "UTC", "hours": {"0": [[600, 500]]}}},
     {"name": "N", "address": "n@desk.localhost", "follow_up": "maybe"}, {"name": "N", "address": "n@desk.localhost", "id": "x"},
     {"name": "N", "address": "n@desk.localhost", "unlock_minutes": -1}, {"name": "N\nB", "address": "n@desk.localhost"}],
)  # fmt: skip
def test_a_queue_that_makes_no_sense_is_not_made(body: dict[str, Any]) -> None:
    assert is_refusal(signed_in(ADA).put("/admin/queues/new", body), 400, "malformed")
    assert "new" not in config.config().queues


def test_an_agent_keeps_what_is_not_named(cloud: Cloud) -> None:
    ada = signed_in(ADA)
    assert ada.put("/admin/agents/ann", {"rights": {"Billing": "read"}}).json["rights"] == {"Billing": "read"}
    assert config.config().agents["ann"] == replace(ANN, rights={"billing": "read"})


def test_everybody_is_called_by_his_name_also_who_works_elsewhere_or_has_left() -> None:
    config.put_agent(replace(BEN, valid=False))
    people = signed_in(ANN).get("/queues").json["people"]
    assert {each["login"]: each["name"] for each in people} == {
        "ada": "Ada Adler",
        "ann": "Ann Archer",
        "ben": "Ben Brooks",
        "olga": "Olga Orlova",
    }


def test_the_last_word_about_oneself_is_not_ones_own() -> None:
    assert signed_in(ADA).put("/admin/agents/ada", {"role": "agent"}).status == 422
