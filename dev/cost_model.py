"""From what is measured to a month's bill: how many tickets, agents and hours, at the prices of dev/prices.json.

What is assumed stands below by its name, and in docs/cost.md. Tiers are the first ones, without any free tier.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.log import NAMESPACE
from dev.cost_measure import FEW, MANY, Measured
from dev.cost_meter import Units
from dev.cost_stories import Story
from dev.cost_units import traces
from dev.template import template

ROOT = Path(__file__).parent.parent
LIST = json.loads((Path(__file__).parent / "prices.json").read_text())
PRICES: dict[str, dict[str, Any]] = LIST["prices"]
VOLUMES = (200, 2_000, 20_000, 200_000)  # tickets a month

# -- what is assumed

TICKETS_AN_AGENT = 200  # a month: ten a day
TEAM = 10  # agents who share a queue, at the most: nobody looks through the tickets of more
DAYS, HOURS = 21, 8  # that an agent works, with the desk in front of her
OPEN_DAYS = 9  # that a ticket stands in the list: two until it is answered, the queue's seven until it closes
WITH_FILE = 0.1  # of the tickets
AGE = 12  # months after which the month is looked at: nothing has been thrown away
MONTH_HOURS = 730
LATENCY = {"dynamodb": 0.008, "s3": 0.03, "sesv2": 0.1, "cognito-idp": 0.15}  # seconds that a call is waited for
FULL_CPU = (
    1769  # MB with which a function has one whole processor (AWS Lambda Developer Guide, configuration-memory.html)
)
POLLERS = 5  # long polls of 20 seconds by which Lambda waits at each queue (Developer Guide, services-sqs-scaling.html)

WORK_SECONDS = DAYS * HOURS * 3600
MONTH_SECONDS = MONTH_HOURS * 3600
# How often the browser asks while its page is in front: web/src/desk (refetchInterval); half of the time a list is, half a ticket.
POLLS = {
    "the list is polled": WORK_SECONDS / 2 / 15,
    "the ticket is polled": WORK_SECONDS / 2 / 5,
    "the failed mails are polled": WORK_SECONDS / 60,
    "the configuration is read": WORK_SECONDS / 60,
    "an agent signs in": DAYS,
}
COUNTS = WORK_SECONDS / 20  # of the counts beside the queues, an agent and month
COUNTED = WORK_SECONDS / 5  # of them counted anew in a month at the most, for all agents (lists.FRESH)
CLOCK = {
    "a minute passes": MONTH_HOURS * 60,
    "mail is looked for": MONTH_HOURS * 6,
    "the backup is looked at": MONTH_HOURS,
}


# -- one story


@dataclass(frozen=True)
class Machine:
    """A function: its memory in MB, and the GB of disk that are paid for."""

    memory: int
    disk: float

    def seconds(self, story: Story, ms: float) -> float:
        """Our own work takes longer where a function has a part of a processor only; waiting does not."""
        share = min(1.0, self.memory / FULL_CPU)
        return ms / 1000 / share + sum(LATENCY[service] * times for service, times in story.asked.items())


def machines() -> dict[str, Machine]:
    declared = json.loads((ROOT / ".chalice" / "config.json").read_text())["stages"]["prod"]["lambda_functions"]
    disk = template()["Parameters"]["IndexDisk"]["Default"] / 1024 - 0.5
    found = {name: Machine(each["lambda_memory_size"], 0) for name, each in declared.items()}
    return found | {name: Machine(found[name].memory, disk) for name in ("api_handler", "index", "sweep_index")}


MACHINES = machines()


@dataclass(frozen=True)
class Told:
    """What was measured, with the milliseconds of CPU time that were recorded for each story."""

    measured: Measured
    ms: Mapping[str, float]

    def units(self, story: Story, name: str = "") -> Units:
        """With the function's time, which belongs to no single call."""
        units = Counter(story.units)
        if story.function:
            machine = MACHINES[story.function]
            seconds = machine.seconds(story, self.ms[name or story.name])
            units["lambda gb-second"] += machine.memory / 1024 * seconds
            units["lambda disk gb-second"] += machine.disk * seconds
        return units

    def at(self, name: str, open_tickets: float) -> Units:
        """With so many tickets open: on the straight line through what was measured with FEW and MANY."""
        few, many = (self.units(self.measured.by_open[n][name], f"{name}, {n} open") for n in (FEW, MANY))
        steps = max(0.0, (open_tickets - FEW) / (MANY - FEW))
        return Counter({unit: few[unit] + max(0.0, many[unit] - few[unit]) * steps for unit in few | many})

    def life(self) -> Units:
        """One ticket, a part of which has a file."""
        plain = summed(self.units(story) for story in self.measured.plain)
        filed = summed(self.units(story) for story in self.measured.filed)
        return plus((plain, 1 - WITH_FILE), (filed, WITH_FILE))


def summed(several: Iterable[Units]) -> Units:
    return plus(*((each, 1) for each in several))


def plus(*parts: tuple[Units, float]) -> Units:
    total: Units = Counter()
    for units, times in parts:
        for name, count in units.items():
            total[name] += count * times
    return total


# -- a month


@dataclass(frozen=True)
class Desk:
    """An install, by its tickets a month."""

    tickets: int

    @property
    def agents(self) -> int:
        return math.ceil(self.tickets / TICKETS_AN_AGENT)

    @property
    def open(self) -> float:
        return self.tickets * OPEN_DAYS / 30

    @property
    def open_in_team(self) -> float:
        return self.open * min(1, TEAM / self.agents)


DESKS = [Desk(tickets) for tickets in VOLUMES]


def month(told: Told, desk: Desk) -> dict[str, Units]:
    """What is billed, by its reason."""
    parts = {
        "the tickets": plus((told.life(), desk.tickets)),
        "agents who look": looking(told, desk),
        "what runs by the clock": by_the_clock(told, desk),
        "what stands there": standing(told, desk),
        "what is kept": kept(told, desk),
    }
    called = parts["the tickets"]["lambda request"] + parts["what runs by the clock"]["lambda request"]
    asked = parts["the tickets"]["api request"]
    parts["the tickets"]["trace"] = traces(called - asked, MONTH_SECONDS)
    looked = parts["agents who look"]["api request"]
    parts["agents who look"]["trace"] = traces(asked + looked, WORK_SECONDS)
    return parts


def looking(told: Told, desk: Desk) -> Units:
    each = plus(*((told.at(name, desk.open_in_team), times) for name, times in POLLS.items()))
    counts = COUNTS * desk.agents
    anew = min(counts, COUNTED)
    return plus(
        (each, desk.agents),
        (told.at("the counts are polled", desk.open), counts - anew),
        (told.at("the counts are counted anew", desk.open), anew),
        (Counter({"agent": 1}), desk.agents),
    )


def by_the_clock(told: Told, desk: Desk) -> Units:
    """The hour looks at the open tickets, once a night at all that there ever were."""
    nights = 30
    hours = (told.at("an hour passes", desk.open), MONTH_HOURS - nights)
    night = (told.at("an hour passes", desk.open + desk.tickets * AGE), nights)
    return plus(hours, night, *((told.at(name, desk.open), times) for name, times in CLOCK.items()))


def standing(told: Told, desk: Desk) -> Units:
    """Paid by the month, whether anything happens or not; metrics as if each hour had some."""
    fixed = {"alarm": alarm_metrics(), "dashboard": 1, "metric": len(metrics(told.measured))}
    return plus((Counter(fixed), 1), (Counter({"sqs request": 2 * POLLERS * 3 * MONTH_HOURS * 60}), 1))


def alarm_metrics() -> int:
    """One for each alarm; three for one that compares with what is usual (the metric and its band's two edges)."""
    return sum(3 if "ThresholdMetricId" in each["Properties"] else 1 for each in alarmed())


def alarmed() -> list[dict[str, Any]]:
    return [each for each in template()["Resources"].values() if each.get("Type") == "AWS::CloudWatch::Alarm"]


def usual(measured: Measured) -> list[Story]:
    """What happens to every desk, so without a flood."""
    by_open = [story for named in measured.by_open.values() for story in named.values()]
    return [*measured.plain, *measured.filed, *by_open]


def metrics(measured: Measured) -> set[str]:
    """What was measured, and what an alarm misses where nobody has (the backup's age, of which the fake cloud knows none)."""
    alarms = [each["Properties"] for each in alarmed()]
    missed = {
        each["MetricName"]
        for each in alarms
        if each["TreatMissingData"] == "breaching" and each["Namespace"] == NAMESPACE
    }
    return {name for story in usual(measured) for name in story.metrics} | missed


def kept(told: Told, desk: Desk) -> Units:
    """After AGE months. The index has some 600 bytes for a letter (docs/bench.md), and a ticket five letters and answers."""
    plain, filed = told.measured.kept_plain, told.measured.kept_filed
    share = {name: getattr(plain, name) * (1 - WITH_FILE) + getattr(filed, name) * WITH_FILE for name in vars(plain)}
    every = desk.tickets * AGE
    return Counter(
        {
            "ddb byte-month": round((share["table"] + share["indexes"]) * every),
            "ddb backup byte-month": round(share["table"] * every),
            "s3 byte-month": round((share["bucket"] + 5 * 600) * every + share["bucket_month"] * desk.tickets),
        }
    )


# -- money


def dollars(units: Units) -> float:
    return sum(price_of(name) * count for name, count in units.items())


def price_of(unit: str) -> float:
    """Raises KeyError for a unit that has no price."""
    return float(PRICES[unit]["dollars"] / PRICES[unit]["per"])


def by_service(units: Units) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, count in units.items():
        service = PRICES[name]["service"]
        found[service] = found.get(service, 0) + price_of(name) * count
    return found


def services() -> list[str]:
    return list(dict.fromkeys(price["service"] for price in PRICES.values()))


def given(units: Units) -> float:
    """What the part of the free tier that does not end would take away."""
    return sum(min(count, PRICES[name].get("free", 0)) * price_of(name) for name, count in units.items())
