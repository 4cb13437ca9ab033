"""Seconds of traffic: stories happen at random moments (Poisson), under keys drawn anew, and their units add up by partition.

Queues are not equally popular, customers are Zipf's, one of them is a mail loop in one ticket. Everything comes from the seed.
"""

import heapq
import math
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from random import Random

from chalicelib import numbers
from chalicelib.store import shard
from dev.scale import stories as s
from dev.scale.keys import Template, Touch

# How often each story happens for each mail that comes in. 60 of 100 letters open a ticket (as in `./desk fleet`), a ticket is
# opened four times, answered twice (aws-and-data-design.md 2.7), and closed by an agent or by itself, half and half.
LOOP, LOOPING = "letter of a mail loop", "202611230000017"
MIX: dict[str, float] = {
    s.FIRST: 0.3,
    s.KNOWN: 0.3,
    s.FOLLOW_UP: 0.39,
    LOOP: 0.01,  # 10 of them a second at 1,000 mails a second, all into one ticket
    s.OPENED: 2.4,
    s.LOCKED: 1.2,
    s.DRAFTED: 3.6,
    s.REPLIED: 1.2,
    s.SENT: 1.8,
    s.DELIVERED: 1.8,
    s.CLOSED: 0.3,
    s.BY_ITSELF: 0.3,
    s.RAN_OUT: 0.06,
}
NEW = (s.FIRST, s.KNOWN)
MAILS = (*NEW, s.FOLLOW_UP, LOOP)
SAVES = (*MAILS, s.LOCKED, s.REPLIED, s.CLOSED, s.BY_ITSELF, s.RAN_OUT)  # stories that save a ticket
QUEUES = {"support": 0.7, "billing": 0.15, "sales": 0.1, "returns": 0.05}
CUSTOMERS = 20_000
AGENTS_A_MAIL = 20  # agents for each mail a second; each holds a few tickets
CONFLICT = 0.02  # seconds that a transaction takes: two within that time on one item, and one is told again (assumed)


@dataclass
class Heat:
    """What a run adds up. `written` and `read`: units by (place, template of the partition), then by (partition, second)."""

    seconds: int
    events: Counter[str] = field(default_factory=Counter)
    written: dict[tuple[str, str], Counter[tuple[str, int]]] = field(default_factory=lambda: defaultdict(Counter))
    read: dict[tuple[str, str], Counter[tuple[str, int]]] = field(default_factory=lambda: defaultdict(Counter))
    items: dict[str, list[tuple[float, str]]] = field(default_factory=lambda: defaultdict(list))
    letters: list[tuple[float, str]] = field(default_factory=list)

    def total(self) -> int:
        return sum(sum(each.values()) for each in self.written.values())

    def a_second(self, place: str) -> float:
        """Units written to the table or an index, mean."""
        return sum(sum(each.values()) for (where, _), each in self.written.items() if where == place) / self.seconds


@dataclass(frozen=True)
class Hot:
    """The hottest partition of one kind: units a second, mean and in its worst second."""

    place: str
    template: str
    key: str
    mean: float
    peak: int


def hottest(heat: Heat, of: Mapping[tuple[str, str], Counter[tuple[str, int]]]) -> list[Hot]:
    """One for each kind of partition, the hottest kind first."""
    found = []
    for (place, template), units in of.items():
        sums: Counter[str] = Counter()
        for (key, _), each in units.items():
            sums[key] += each
        key = min(sums, key=lambda each: (-sums[each], each))
        peak = max(each for (name, _), each in units.items() if name == key)
        found.append(Hot(place, template, key, sums[key] / heat.seconds, peak))
    return sorted(found, key=lambda each: (-each.mean, each.place, each.template))


@dataclass
class Draws:
    """Where the keys of an event come from."""

    chance: Random
    rate: float
    count: int = 0
    earlier: str = "202611230000025"  # the ticket before, for what a story tells another one

    def __post_init__(self) -> None:
        self.shares = list(accumulate(1 / (n + 1) for n in range(CUSTOMERS)))
        self.piles, self.weights = list(QUEUES), list(accumulate(QUEUES.values()))
        self.agents = max(2, int(self.rate * AGENTS_A_MAIL))

    def event(self, name: str) -> dict[str, str]:
        self.count += 1
        customer, number = f"customer{self.customer()}@firm.example", self.number()
        if name == s.FIRST:
            customer = f"new{self.count}@firm.example"
        queue = self.piles[bisect(self.weights, self.chance.random() * self.weights[-1])]
        if name == LOOP:
            customer, number, queue = "loop@machine.example", LOOPING, "support"
        other, self.earlier = self.earlier, number
        return {
            "number": number,
            "other": other,
            "customer": customer,
            "domain": customer.partition("@")[2],
            "sender": f"{customer}/{queue}",
            "queue": queue,
            "agent": f"agent{self.chance.randrange(self.agents)}",
            "shard": str(shard(number)),
            "unique": str(self.count),
            "time": "now",
            "window": "now",
        }

    def customer(self) -> int:
        return bisect(self.shares, self.chance.random() * self.shares[-1])

    def number(self) -> str:
        """Made by the desk's own rule; that two are the same is another matter (distribution.py)."""
        return numbers.damm(f"20261123{self.chance.randrange(10**6):06d}")


def run(templates: Mapping[str, Template], rate: float, seconds: int, seed: int, mix: Mapping[str, float]) -> Heat:
    """`rate` mails a second, and all that they bring about."""
    heat, chance = Heat(seconds), Random(f"{seed} {rate}")
    draws = Draws(chance, rate)
    for second in range(seconds):
        for name, share in mix.items():
            for _ in range(poisson(chance, rate * share)):
                happen(heat, name, templates[name].touches, draws.event(name), second, chance.random())
    return heat


def happen(heat: Heat, name: str, touches: tuple[Touch, ...], keys: dict[str, str], second: int, part: float) -> None:
    heat.events[name] += 1
    if name in MAILS:
        heat.letters.append((second + part, name))
    for each in touches:
        pk = each.pk.format_map(keys)
        if each.units:
            heat.written[each.place, each.pk][pk, second] += each.units
        if each.reads:
            heat.read[each.place, each.pk][pk, second] += each.reads  # type: ignore[assignment]
        if each.transaction and (name == LOOP or shared(each)):
            item = f"{pk} | {each.sk.format_map(keys)}"
            heat.items[item].append((second + part, keys["number"]))


def shared(touch: Touch) -> bool:
    """May another ticket's transaction name the same item? Not where its key has a name of its own."""
    key = touch.pk + touch.sk
    return "{number}" not in key and "{unique}" not in key


def poisson(chance: Random, mean: float) -> int:
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    count, left = 0, chance.expovariate(1.0)
    while left < mean:
        count, left = count + 1, left + chance.expovariate(1.0)
    return count


def conflicts(heat: Heat) -> dict[str, tuple[int, int]]:
    """{item: (transactions, of them within CONFLICT of the one before)} of items that more than one transaction wanted."""
    found = {}
    for item, moments in heat.items.items():
        times = sorted(moment for moment, _ in moments)
        if len(times) > 1:
            close = sum(later - earlier < CONFLICT for earlier, later in pairwise(times))
            found[item] = (len(times), close)
    return found


def shared_between_tickets(heat: Heat) -> list[str]:
    """Items that transactions of several tickets write: invariant 6 says that there are none but a customer's own."""
    return sorted(item for item, moments in heat.items.items() if len({number for _, number in moments}) > 1)


# -- functions that take letters in


def waits(letters: Iterable[tuple[float, float]], functions: int) -> list[float]:
    """How long each letter waits for one of the `functions`; `letters` are (moment, seconds of work)."""
    free = [0.0] * functions
    waited = []
    for moment, work in sorted(letters):
        begins = max(moment, heapq.heappop(free))
        waited.append(begins - moment)
        heapq.heappush(free, begins + work)
    return waited
