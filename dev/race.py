"""Several processes, many threads in each, race for the lock of one ticket and for one closing: `python -m dev.race`.

The cloud is a process of its own, as AWS is. Prints one line of JSON; the exit code is 1 when there was not exactly one winner.
"""

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib import config, desk, store, tending
from chalicelib.access import Agent
from chalicelib.article import Address
from chalicelib.composing import NewTicket
from chalicelib.errors import Conflict
from dev.bench import ROOT, cloud_elsewhere

PROCESSES, THREADS = 4, 12
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CALL = NewTicket("phone", "Support", Address("carla@customer.example", "Carla"), "Printer", "It burns.")


def main(rounds: str = "3") -> int:
    with cloud_elsewhere():
        found = [one_round() for _ in range(int(rounds))]
    print(json.dumps({"rounds": len(found), "wrong": [each for each in found if each != (1, 1, 1)]}))
    return int(any(each != (1, 1, 1) for each in found))


def one_round() -> tuple[int, int, int]:
    """How many got the lock, in how many epochs, and how often the ticket was closed."""
    ann = config.config().agents["ann"]
    number = desk.open_ticket(ann, CALL, NOW)[0].number
    winners = sum(raced(number, "lock"))
    epoch = store.ticket(number).epoch
    held = store.ticket(number)
    desk.unlock(number, ann, True, NOW)
    desk.change(number, ann, held.version + 1, {"state": "pending auto close+"}, NOW)
    raced(number, "close")
    closings = [event for event in store.whole(number).history if event.new == "closed successful"]
    return winners, epoch, len(closings)


def raced(number: str, deed: str) -> list[int]:
    """What each process counts, all begun at one word."""
    command = [sys.executable, "-m", "dev.race", "runner", number, deed]
    runners = [
        subprocess.Popen([*command, str(n)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for n in range(PROCESSES)
    ]
    for each in runners:
        assert each.stdout and each.stdout.readline() == "ready\n"
    for each in runners:
        assert each.stdin
        each.stdin.write("go\n")
        each.stdin.flush()
    return [int(each.communicate()[0]) for each in runners]


def runner(number: str, deed: str, process: str) -> int:
    config.config()
    print("ready", flush=True)
    sys.stdin.readline()
    gate = threading.Barrier(THREADS)

    def run(n: int) -> int:
        gate.wait()
        return locked(number, f"{process}-{n}") if deed == "lock" else closed(number)

    with ThreadPoolExecutor(THREADS) as pool:
        print(sum(pool.map(run, range(THREADS))))
    return 0


def locked(number: str, name: str) -> int:
    agent = Agent(f"agent{name}", name, f"{name}@desk.localhost", rights={"support": "write"})
    try:
        desk.lock(number, agent, False, NOW)
    except Conflict:
        return 0
    return 1


def closed(number: str) -> int:
    tending.tend(number, NOW + timedelta(days=8))
    return 1


def arguments(given: list[str]) -> Any:
    return runner(*given[1:]) if given[:1] == ["runner"] else main(*given)


if __name__ == "__main__":
    sys.exit(arguments(sys.argv[1:]))
