"""Tells the stories on the fake cloud and keeps what they cost: calls and units here, CPU time beside (`--cpu`, dev/cost_cpu.json).

CPU time is measured with the cloud in another process, and recorded: it differs each time, calls and units do not.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from chalicelib import config
from dev import people
from dev.bench import cloud_elsewhere
from dev.bench_mails import letter
from dev.cloud import Cloud, fake_cloud
from dev.cost_stories import FIRST, Desk, Story, configuration, crowd, idle, life, polls, steadily
from dev.cost_units import stored

CPU = Path(__file__).parent / "cost_cpu.json"
FEW, MANY = 30, 300  # open tickets, with which lists and sweeps are measured; between and beyond in a straight line
LIVES = 5  # over which CPU time is measured
MONTH = timedelta(days=31)


@dataclass(frozen=True)
class Kept:
    """Bytes that stay after a ticket's life: in the table and in its indexes, in the bucket for good and for a month."""

    table: int
    indexes: int
    bucket: int
    bucket_month: int


@dataclass(frozen=True)
class Measured:
    """`plain` and `filed` are a ticket's life, in order; `silent` a letter while answers are stopped; `by_open` what agents and the
    clock cause, with so many tickets open."""

    plain: list[Story]
    filed: list[Story]
    kept_plain: Kept
    kept_filed: Kept
    silent: list[Story]
    by_open: dict[int, dict[str, Story]]


def measured() -> Measured:
    with fake_cloud() as cloud:
        people.settle(cloud.domain, cloud.user_pool)
        desk = Desk()
        with steadily(desk):
            return told(desk, lambda: weight(cloud, desk))


def told(desk: Desk, weigh: Callable[[], Kept]) -> Measured:
    """The second life is the one that counts: in the first one the index is made, and the customer known."""
    desk.sign_in("ann")
    life(desk, 800_000, False)
    plain, kept_plain = of(desk, weigh, lambda: life(desk, 800_100, False))
    filed, kept_filed = of(desk, weigh, lambda: life(desk, 800_200, True))
    desk.told.clear()
    desk.letter("a letter, answered automatically", letter(800_300))
    number = str(desk.ask(FIRST, "GET", "/tickets")["tickets"][0]["number"])
    by_open = {FEW: at(desk, number, 1, FEW), MANY: at(desk, number, FEW, MANY)}
    with silence(desk):
        silent, _ = of(desk, weigh, lambda: desk.letter("a letter, not answered", letter(800_400)))
    return Measured(plain, filed, kept_plain, kept_filed, silent, by_open)


def of(desk: Desk, weigh: Callable[[], Kept], act: Callable[[], object]) -> tuple[list[Story], Kept]:
    desk.told.clear()
    before = weigh()
    act()
    after = weigh()
    kept = Kept(*(getattr(after, name) - getattr(before, name) for name in Kept.__dataclass_fields__))
    return list(desk.told), kept


def at(desk: Desk, number: str, so_far: int, many: int) -> dict[str, Story]:
    """What is asked and done while `many` tickets are open; the index knows them all before."""
    crowd(number, many - so_far, so_far)
    idle(desk)
    desk.told.clear()
    polls(desk, number)
    idle(desk)
    configuration(desk)
    return {story.name: story for story in desk.told if story.name != FIRST}


@contextmanager
def silence(desk: Desk) -> Iterator[None]:
    config.stop_answers(desk.now + timedelta(days=1))
    yield
    config.allow_answers()


def weight(cloud: Cloud, desk: Desk) -> Kept:
    """What lies there now and will lie there in a month."""
    end = (desk.now + MONTH).timestamp()
    sizes = [stored(item) for item in cloud.items() if int(item.get("ttl", {"N": "9" * 12})["N"]) > end]
    table, indexes = (sum(each) for each in zip(*sizes, strict=True))
    for_good = sum(desk.kept[folder] for folder in ("mail", "files", "bodies"))
    return Kept(table, indexes, for_good, desk.kept["in"] + desk.kept["index"])


# -- CPU time


def measure_cpu() -> None:
    """Milliseconds of each story, the median of several; the names of dev/cost_measure.by_open with their number."""
    with cloud_elsewhere():
        desk = Desk(measures=False)
        with steadily(desk):
            seconds = timed(desk)
    record = {
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
        "ms": {name: round(each * 1000, 1) for name, each in sorted(seconds.items())},
    }
    CPU.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")


def timed(desk: Desk) -> dict[str, float]:
    nothing = Kept(0, 0, 0, 0)
    found = told(desk, lambda: nothing)
    stories = [*found.silent]
    for n in range(LIVES):
        desk.told.clear()
        life(desk, 810_000 + 10 * n, n == LIVES - 1)
        stories += desk.told
    seconds = medians(stories)
    for many, named in found.by_open.items():
        seconds |= {f"{name}, {many} open": story.cpu for name, story in named.items()}
    return seconds


def medians(stories: Iterable[Story]) -> dict[str, float]:
    by_name: dict[str, list[float]] = {}
    for story in stories:
        by_name.setdefault(story.name, []).append(story.cpu)
    return {name: median(each) for name, each in by_name.items()}


def recorded() -> tuple[str, dict[str, float]]:
    """When CPU time was measured, and the milliseconds of each story."""
    told = json.loads(CPU.read_text())
    return told["measured"], told["ms"]
