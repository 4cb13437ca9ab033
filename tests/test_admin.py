"""The administrator sets the desk up, and cannot break it."""

from dataclasses import replace

import pytest

from chalicelib import admin, config
from chalicelib.access import Agent
from chalicelib.errors import Refused
from tests.cast import ADA, ANN, BILLING, SUPPORT

pytestmark = pytest.mark.usefixtures("cloud")


def test_a_queue_that_was_made_is_there_for_everybody() -> None:
    admin.put_queue(replace(BILLING, id="sales", name="Sales", address="Sales@desk.localhost"), ADA)
    assert config.config().queue_at("sales@desk.localhost")


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "../x"},
        {"id": "new", "name": "Support"},
        {"id": "new", "name": "New", "address": "support@desk.localhost"},
        {"id": "raw", "name": "Raw", "address": "raw@desk.localhost", "valid": False},
    ],
)
def test_a_queue_that_would_break_the_desk_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        admin.put_queue(replace(BILLING, **{"id": "new", "address": "free@desk.localhost", **wrong}), ADA)  # type: ignore[arg-type]


def test_only_an_administrator_sets_up() -> None:
    for story in (
        lambda: admin.queues(ANN),
        lambda: admin.put_queue(SUPPORT, ANN),
        lambda: admin.agents(ANN),
        lambda: admin.put_agent(ANN, ANN),
    ):
        with pytest.raises(Refused):
            story()


def test_an_agent_needs_rights_in_queues_that_exist() -> None:
    with pytest.raises(Refused):
        admin.put_agent(Agent("tim", "Tim", "tim@desk.localhost", rights={"nowhere": "read"}), ADA)


def test_ada_cannot_lock_herself_out() -> None:
    for change in ({"valid": False}, {"role": "agent"}):
        with pytest.raises(Refused):
            admin.put_agent(replace(ADA, **change), ADA)  # type: ignore[arg-type]
