"""Fifty at once on one lock, one reply, one merge, one auto close: exactly one wins, and nobody gets a 500.

Twenty rounds everyday; OTKLIK_ROUNDS=200 for more.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib import config, desk, store, tending
from chalicelib.access import Agent
from chalicelib.composing import NewTicket, Saying
from chalicelib.ticket import Ticket
from dev.cloud import Cloud
from tests.cast import ANN, CARLA, MONDAY
from tests.client import signed_in

ROOT = Path(__file__).parent.parent
ROUNDS = int(os.environ.get("OTKLIK_ROUNDS", "20"))
FIFTY = 50
rounds = pytest.mark.parametrize("_round", range(ROUNDS))


@pytest.fixture(scope="module")
def crowd() -> list[Agent]:
    return [Agent(f"agent{n}", f"Agent {n}", f"a{n}@desk.localhost", rights={"support": "write"}) for n in range(FIFTY)]


def opened(title: str = "Printer") -> Ticket:
    return desk.open_ticket(ANN, NewTicket("phone", "Support", CARLA, title, "It burns."), MONDAY)[0]


def at_once(deeds: list[Callable[[], Any]]) -> list[Any]:
    """All of them begin when the last is ready."""
    gate = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        gate.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


@rounds
def test_one_of_fifty_agents_gets_the_lock(_round: int, cloud: Cloud, crowd: list[Agent]) -> None:
    for agent in crowd:
        config.put_agent(agent)
    number = opened().number
    browsers = [signed_in(agent) for agent in crowd]
    answers = at_once([lambda each=each: each.put(f"/tickets/{number}/lock", {}) for each in browsers])  # type: ignore[misc]
    statuses = sorted(answer.status for answer in answers)
    assert statuses == [200] + [409] * (FIFTY - 1)
    winner = next(answer.json for answer in answers if answer.status == 200)
    found = store.ticket(number)
    assert found.lock and (found.lock.agent, found.epoch) == (winner["agent"], 1)


@rounds
def test_fifty_clicks_are_one_reply(_round: int, cloud: Cloud) -> None:
    number = opened().number
    ann = signed_in(ANN)
    epoch = ann.put(f"/tickets/{number}/lock", {}).json["epoch"]
    reply = {"kind": "reply", "text": "Use water.", "epoch": epoch, "seen": 1}
    key = {"Idempotency-Key": "a-click"}
    answers = at_once([lambda: ann.send("POST", f"/tickets/{number}/articles", reply, key)] * FIFTY)
    assert {answer.status for answer in answers} <= {201, 409}
    assert len({answer.json["id"] for answer in answers if answer.status == 201}) == 1
    assert [article.kind for article in store.whole(number).articles] == ["phone", "reply"]
    assert len(cloud.outbox) == 1


@rounds
def test_two_tickets_are_merged_one_way_only(_round: int, cloud: Cloud) -> None:
    one, other = opened("Printer").number, opened("Scanner").number
    ann = signed_in(ANN)
    ways = [(one, other), (other, one)] * (FIFTY // 2)
    merges = [lambda way=way: ann.post(f"/tickets/{way[0]}/merge", {"into": way[1]}) for way in ways]
    answers = at_once(merges)  # type: ignore[arg-type]
    assert {answer.status for answer in answers} <= {200, 400, 409}
    assert [answer.status for answer in answers].count(200) == 1
    survivors = [found for number in (one, other) if not (found := store.whole(number)).ticket.merged_into]
    assert [article.kind for article in survivors[0].articles] == ["phone", "phone"]
    assert len(survivors) == 1


@rounds
def test_fifty_ticks_close_a_ticket_once(_round: int, cloud: Cloud) -> None:
    number = opened().number
    held = desk.lock(number, ANN, False, MONDAY)
    desk.say(number, ANN, Saying("reply", "Use water.", epoch=held.epoch, seen=1), MONDAY)
    due = MONDAY + timedelta(days=8)
    at_once([lambda: tending.tend(number, due)] * FIFTY)
    closings = [event for event in store.whole(number).history if event.new == "closed successful"]
    assert len(closings) == 1


@rounds
def test_a_reply_and_a_takeover_are_never_both_too_late(_round: int, cloud: Cloud, crowd: list[Agent]) -> None:
    """Whoever has lost the lock sends nothing; whoever has it not taken from her does."""
    config.put_agent(crowd[0])
    number = opened().number
    ann, other = signed_in(ANN), signed_in(crowd[0])
    epoch = ann.put(f"/tickets/{number}/lock", {}).json["epoch"]
    reply = {"kind": "reply", "text": "Use water.", "epoch": epoch, "seen": 1}
    said, taken = at_once(
        [
            lambda: ann.post(f"/tickets/{number}/articles", reply),
            lambda: other.put(f"/tickets/{number}/lock", {"takeover": True}),
        ]
    )
    assert (said.status in (201, 409), taken.status) == (True, 200)
    assert len(cloud.outbox) == (said.status == 201)


@pytest.mark.long
def test_several_processes_race_for_one_lock_and_one_closing() -> None:
    command = [sys.executable, "-m", "dev.race", "3"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert json.loads(told.stdout) == {"rounds": 3, "wrong": []}, told.stderr
