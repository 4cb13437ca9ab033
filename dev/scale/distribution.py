"""How evenly keys spread: shards and partitions over the numbers of each generator, and how many numbers a day has."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from random import Random

from chalicelib import numbers
from chalicelib.store import SHARDS, shard
from dev.scale.stories import drawn

DAY = datetime(2026, 11, 23, tzinfo=UTC)
KINDS = ("Damm", "AutoIncrement", "Date", "DateChecksum", "Random")
DRAWN = 10_000
PARTITIONS = 16  # of a table that has grown
LUCK = {SHARDS - 1: 24.3, PARTITIONS - 1: 37.7}  # chi-square above which one in a thousand fair draws lies


@dataclass(frozen=True)
class Spread:
    """`chi` over `places`, and the fullest place as a multiple of the mean."""

    chi: float
    fullest: float
    places: int

    @property
    def fair(self) -> bool:
        return self.chi <= LUCK[self.places - 1]


def spread(keys: Iterable[int], places: int) -> Spread:
    found = Counter(keys)
    mean = sum(found.values()) / places
    chi = sum((found[place] - mean) ** 2 / mean for place in range(places))
    return Spread(chi, max(found.values()) / mean, places)


def made(kind: str, many: int, seed: int) -> list[str]:
    """Numbers of one day, by the desk's own generator."""
    counts: dict[str, count[int]] = {}
    counter: Callable[[str], int] = lambda name: next(counts.setdefault(name, count(1)))  # noqa: E731
    with drawn(Random(f"{kind} {seed}")):
        return [numbers.make(kind, DAY, counter, "10") for _ in range(many)]


def spreads(kind: str, seed: int) -> tuple[Spread, Spread]:
    """(over the shards of timers and mails, over partitions of the table)."""
    found = made(kind, DRAWN, seed)
    return spread(map(shard, found), SHARDS), spread((partition(f"T#{each}", PARTITIONS) for each in found), PARTITIONS)


def partition(key: str, of: int) -> int:
    """DynamoDB's own hash is not published; MD5 stands in for it."""
    return int(hashlib.md5(key.encode()).hexdigest(), 16) % of


def numbers_a_day(kind: str, seed: int, many: int = 80_000) -> float:
    """How many there are, from how often the same is drawn twice (the birthday's rule); none twice: endless."""
    same = many - len(set(made(kind, many, seed)))
    return many * many / 2 / same if same else float("inf")
