"""Recorded stories as templates: which partitions a story touches, for how many units, under keys that are drawn anew.

A part of a key is a name (`{number}`, `{customer}`, `{shard}`) or it is shared by all. Whatever differs between the two casts
without having a name stops the simulation: a new kind of key must be understood before anything is said about it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dev.dynamodb_units import Index, Raw, index_writes, item_size, write_units
from dev.scale.recording import MAILS, OBJECTS, Call, Change
from dev.scale.stories import Told

TABLE = "table"
SHARDED = ("D", "X", "F")  # letters of the due index behind which a shard stands
COUNTERS = "R"
SHAPES = {
    "{time}": re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z"),
    "{unique}": re.compile(r"[0-9a-f]{16,64}"),  # hashes: of a Message-ID, a letter, an Idempotency-Key
}


class UnknownKey(Exception):
    """A part of a key that changes from one telling to the next and belongs to nobody known."""


@dataclass(frozen=True)
class Touch:
    """`units` written to (or `reads` read from) one partition of `place`, the table or an index. `transaction`: which of the
    story's, 0 for none."""

    place: str
    pk: str
    sk: str
    units: int = 0
    reads: float = 0
    transaction: int = 0


@dataclass(frozen=True)
class Template:
    """A story as it happens again and again. `objects`: S3 calls by (prefix, read | write); `calls`: all, by operation."""

    name: str
    touches: tuple[Touch, ...]
    calls: tuple[str, ...]
    objects: tuple[tuple[tuple[str, str], int], ...]
    mails: int

    @property
    def units(self) -> int:
        return sum(each.units for each in self.touches)


def template(told: list[Told], indexes: Iterable[Index]) -> Template:
    """Raises UnknownKey where two casts do not tell the same story."""
    first, *others = (tuple(touches(each, indexes)) for each in told)
    for other in others:
        for one, another in zip(first, other, strict=True):
            if (one.place, one.pk, one.sk) != (another.place, another.pk, another.sk):
                raise UnknownKey(f"{told[0].name}: {one.place} {one.pk} | {one.sk} is not {another.pk} | {another.sk}")
    calls = told[0].calls
    asked = Counter((each.prefix, OBJECTS[each.operation]) for each in calls if each.operation in OBJECTS)
    mails = sum(each.operation in MAILS for each in calls)
    return Template(told[0].name, first, tuple(each.operation for each in calls), tuple(sorted(asked.items())), mails)


def touches(told: Told, indexes: Iterable[Index]) -> Iterator[Touch]:
    for n, call in enumerate(told.calls, 1):
        for change in call.changes:
            yield from written(change, call, n, told.names, indexes)
        for pk, units in call.reads:
            yield Touch(call.place, named(pk, told.names), "", reads=units)


def written(change: Change, call: Call, n: int, names: dict[str, str], indexes: Iterable[Index]) -> Iterator[Touch]:
    size = max(item_size(each) if each else 0 for each in (change.before, change.after))
    pk, sk = (named(part, names) for part in change.key)
    units = write_units(size, call.transactional)
    yield Touch(TABLE, pk, sk, units, transaction=n if call.transactional else 0)
    for index in indexes:
        for row, cost in index_writes(index, change.before, change.after):
            yield Touch(index.name, named(text(row, index.pk), names), named(text(row, index.sk), names), cost)


def text(row: Raw, name: str) -> Any:
    return row[name]["S"]


def named(key: str, names: dict[str, str]) -> str:
    """`D#5` -> `D#{shard}`, `T#202611231234567` -> `T#{number}`, `R#closings#20788` -> `R#closings#{window}`."""
    first, *rest = key.split("#")
    if first in SHARDED and len(rest) == 1 and rest[0].isdigit():
        return f"{first}#{{shard}}"
    if first == COUNTERS and rest and rest[-1].isdigit():
        rest[-1] = "{window}"  # of time: all counters of an hour or a day have the same
    return "#".join(part if part == "{window}" else part_named(part, names) for part in (first, *rest))


def part_named(part: str, names: dict[str, str]) -> str:
    if part in names:
        return f"{{{names[part]}}}"
    return next((name for name, shape in SHAPES.items() if shape.fullmatch(part)), part)
