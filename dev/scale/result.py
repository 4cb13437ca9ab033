"""All that one run of `./desk simulate` has found."""

from collections.abc import Mapping
from dataclasses import dataclass

from dev.cloud import Cloud
from dev.dynamodb_units import Index, item_size
from dev.scale import distribution, million, stories
from dev.scale.distribution import Spread
from dev.scale.facts import concurrency
from dev.scale.keys import Template, template
from dev.scale.limits import Scene, seconds
from dev.scale.stories import FIRST, FOLLOW_UP, Recorded
from dev.scale.traffic import LOOP, MIX, run, waits

LETTERS, SHORTEST, LONGEST = 3000, 6, 300  # so many letters make a mean; seconds of a run


@dataclass(frozen=True)
class Result:
    """`generators`: for each kind of number its spread over shards and partitions, and how many a day has."""

    seed: int
    scenes: list[Scene]
    weight: million.Weight
    customer: int
    generators: dict[str, tuple[Spread, Spread, float]]


def simulated(cloud: Cloud, indexes: list[Index], rates: list[float], seconds: int | None, seed: int) -> Result:
    """`seconds`: None for as many as the rate needs."""
    recorded = stories.recorded(cloud, seed)
    templates = {name: template(told, indexes) for name, told in recorded.told.items()}
    templates[LOOP] = templates[FOLLOW_UP]
    weight = million.weight(recorded.left, indexes, recorded.objects)
    kinds = {
        kind: (*distribution.spreads(kind, seed), distribution.numbers_a_day(kind, seed)) for kind in distribution.KINDS
    }
    scenes = [scene(rate, seconds, seed, templates, weight.row, kinds["Damm"][2]) for rate in rates]
    return Result(seed, scenes, weight, customer_size(recorded), kinds)


def scene(
    rate: float, seconds: int | None, seed: int, templates: Mapping[str, Template], row: int, of_day: float
) -> Scene:
    long = seconds or min(LONGEST, max(SHORTEST, round(LETTERS / rate)))
    return Scene(rate, run(templates, rate, long, seed, MIX), templates, row, of_day)


def customer_size(recorded: Recorded) -> int:
    """Bytes of the item by which the desk knows a customer."""
    changes = [change for call in recorded.told[FIRST][0].calls for change in call.changes]
    return next(item_size(each.after) for each in changes if each.key[0] == "CUSTOMERS" and each.after)


def splits(templates: Mapping[str, Template], place: str, pk: str) -> str:
    """By the sort keys under which a partition is written."""
    found = {
        each.sk
        for of in templates.values()
        for each in of.touches
        if each.units and (each.place, each.pk) == (place, pk)
    }
    if not any("{" in sk for sk in found) and len(found) == 1:
        return "no: one item"
    if all(sk.startswith("{time}") for sk in found):
        return "hardly: what is new comes at its end"
    return "yes"


@dataclass(frozen=True)
class Waiting:
    """`waits`: seconds that half of the letters and 99 of 100 wait at most; `most`: letters a second that the functions take."""

    functions: int
    most: float
    waits: tuple[str, str]
    hour: str


def waiting(of: Scene) -> Waiting:
    """Letters come as in the run; what is behind after an hour follows from what the functions take."""
    work = [(moment, seconds(of.templates[name])) for moment, name in of.heat.letters]
    functions = concurrency("TakeIn")
    found = sorted(waits(work, functions))
    most = functions * len(work) / sum(each for _, each in work)
    behind = max(0.0, of.rate - most) * 3600
    hour = f"{behind:,.0f} letters wait; the last one for {behind / most / 60:,.0f} minutes" if behind else "none waits"
    told = [f"{found[int(len(found) * part)]:.2f}" for part in (0.5, 0.99)]
    return Waiting(functions, most, ("grows", "grows") if behind else (told[0], told[1]), hour)
