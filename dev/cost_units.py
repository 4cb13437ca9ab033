"""What AWS bills for a call, by its own rules. Nothing here asks anybody; the prices of the units stand in dev/prices.json.

Sources, as their stored copies read in November 2026: the DynamoDB Developer Guide, "DynamoDB item sizes and formats"
(CapacityUnitCalculations.html), "DynamoDB read and write operations" (read-write-operations.html) and "Using Global Secondary
Indexes" (GSI.html); aws.amazon.com/dynamodb/pricing/on-demand.
"""

import base64
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dev.template import template

KB = 1024  # DynamoDB's and SES's kilobyte alike
Item = Mapping[str, Mapping[str, Any]]  # as it is on the wire: {"pk": {"S": "T#1"}, ...}
OVERHEAD = 100  # bytes that DynamoDB stores beside each item, in the table and in each index
CHUNK = 256 * KB  # of incoming mail; SES counts full ones alone


# -- sizes


def size(item: Item | None) -> int:
    """Bytes of an item: the names of its attributes and their values. 0 for none."""
    return sum(len(name.encode()) + value_size(value) for name, value in (item or {}).items())


def value_size(value: Mapping[str, Any]) -> int:
    """Text in UTF-8, bytes as they are, one byte for two digits of a number and one more. The desk keeps nothing else."""
    [(kind, given)] = value.items()
    if kind == "S":
        return len(given.encode())
    if kind == "B":
        return len(base64.b64decode(given) if isinstance(given, str) else given)
    if kind == "N":
        digits = "".join(map(str, Decimal(given).as_tuple().digits)).strip("0")
        return math.ceil(len(digits) / 2) + 1
    raise ValueError(f"How large a value of type {kind} is, dev/cost_units.py does not know.")


def stored(item: Item) -> tuple[int, int]:
    """Bytes that are paid for each month: in the table, and in its indexes."""
    shown = [size(each) + OVERHEAD for index in INDEXES if (each := index.shows(item))]
    return size(item) + OVERHEAD, sum(shown)


# -- writing


def written(before: Item | None, after: Item | None, transaction: bool = False) -> int:
    """Write request units of one item: a KB of the larger of what it was and is, at least one, twice in a transaction."""
    units = max(1, math.ceil(max(size(before), size(after)) / KB))
    return units * (2 if transaction else 1)


@dataclass(frozen=True)
class Index:
    """A global secondary index: its two keys, and what it shows beside all keys."""

    keys: tuple[str, str]
    more: tuple[str, ...]

    def shows(self, item: Item | None) -> Item | None:
        """The item's entry; None where it has none, because an index knows only items that have its keys."""
        if item is None or not all(key in item for key in self.keys):
            return None
        return {name: item[name] for name in ("pk", "sk", *self.keys, *self.more) if name in item}

    def written(self, before: Item | None, after: Item | None) -> int:
        """One write for an entry that comes, goes or changes; two where its key changes; none where it stays as it is."""
        old, new = self.shows(before), self.shows(after)
        if old == new:
            return 0
        if old and new and all(old[key] == new[key] for key in self.keys):
            return math.ceil(max(size(old), size(new)) / KB)
        return sum(math.ceil(size(each) / KB) for each in (old, new) if each)


def declared() -> tuple[Index, ...]:
    """The indexes of the table in infra/resources.json."""
    indexes = template()["Resources"]["Table"]["Properties"]["GlobalSecondaryIndexes"]
    return tuple(
        Index(
            tuple(key["AttributeName"] for key in each["KeySchema"]),
            tuple(each["Projection"].get("NonKeyAttributes", ())),
        )
        for each in indexes
    )


INDEXES = declared()


def indexed(before: Item | None, after: Item | None) -> int:
    """Write request units in all indexes. Once also in a transaction: AWS does not say that it were twice."""
    return sum(index.written(before, after) for index in INDEXES)


# -- reading


def read(sizes: Iterable[int], consistent: bool) -> float:
    """Read request units of a query, or of one item: 4 KB of all that it reads together, at least one; half where it need not be
    consistent."""
    units = max(1, math.ceil(sum(sizes) / (4 * KB)))
    return units if consistent else units / 2


def read_each(sizes: Iterable[int], consistent: bool) -> float:
    """Of a BatchGetItem, which rounds each item; one that is not there has no bytes and costs a unit as well."""
    return sum(read([each], consistent) for each in sizes)


# -- mail


def chunks(length: int) -> int:
    """Full chunks of an incoming mail of so many bytes."""
    return length // CHUNK


# -- tracing


def traces(requests: float, seconds: float) -> float:
    """How many of a month's requests X-Ray records, where work is spread over so many seconds: by its default rule the first
    in each second, and one in twenty of the others (AWS X-Ray Developer Guide, xray-console-sampling.html)."""
    first = min(requests, seconds)
    return first + (requests - first) / 20
