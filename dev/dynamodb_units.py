"""What DynamoDB counts: bytes of an item, units of a write or a read, and what a write costs in each index. Pure.

Items are as DynamoDB sends them ({"pk": {"S": "T#1"}}). Sources: the Developer Guide's “DynamoDB item sizes and formats”
(CapacityUnitCalculations), “Read and write operations”, “Global secondary indexes: storage and write considerations”.
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Raw = Mapping[str, Mapping[str, Any]]

WRITE_BLOCK, READ_BLOCK = 1024, 4096  # bytes of one unit
STORED_EXTRA = 100  # bytes that the bill adds to each stored item, in the table and in each index


def item_size(item: Raw) -> int:
    """Bytes: the names of the attributes and their values."""
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def value_size(value: Mapping[str, Any]) -> int:
    [(kind, held)] = value.items()
    return SIZES[kind](held)


def number_size(number: str) -> int:
    """A byte for each two significant digits and one more; another one for a minus."""
    digits = number.lstrip("-").lower().partition("e")[0].replace(".", "").strip("0")
    return (len(digits) + 1) // 2 + 1 + number.startswith("-")


SIZES: dict[str, Any] = {
    "S": lambda held: len(held.encode()),
    "B": lambda held: len(base64.b64decode(held) if isinstance(held, str) else held),
    "N": number_size,
    "BOOL": lambda held: 1,
    "NULL": lambda held: 1,
    "L": lambda held: 3 + sum(1 + value_size(each) for each in held),
    "M": lambda held: 3 + sum(1 + len(name.encode()) + value_size(each) for name, each in held.items()),
    "SS": lambda held: sum(len(each.encode()) for each in held),
    "NS": lambda held: sum(number_size(each) for each in held),
    "BS": lambda held: sum(len(each) for each in held),
}


def write_units(size: int, transactional: bool = False) -> int:
    """One for each KB that is begun, twice that in a transaction. A refused condition costs the same; nothing costs one."""
    return max(1, -(-size // WRITE_BLOCK)) * (2 if transactional else 1)


def read_units(size: int, consistent: bool = False) -> float:
    """One for each 4 KB that are begun, half of that where the answer may be a moment old."""
    return max(1, -(-size // READ_BLOCK)) * (1.0 if consistent else 0.5)


@dataclass(frozen=True)
class Index:
    """A global secondary index: the names of its keys, and of what else it holds; `all`: everything."""

    name: str
    pk: str
    sk: str
    held: frozenset[str] = frozenset()
    all: bool = False

    def row(self, item: Raw | None) -> Raw | None:
        """The item as the index holds it; None where it does not."""
        if item is None or self.pk not in item or self.sk not in item:
            return None
        own = {"pk", "sk", self.pk, self.sk} | self.held
        return item if self.all else {name: value for name, value in item.items() if name in own}


def indexes(table: Mapping[str, Any]) -> list[Index]:
    """Those of a table's Properties in the template."""
    found = []
    for each in table["GlobalSecondaryIndexes"]:
        keys = {part["KeyType"]: part["AttributeName"] for part in each["KeySchema"]}
        shown = each["Projection"]
        held = frozenset(shown.get("NonKeyAttributes", ()))
        found.append(Index(each["IndexName"], keys["HASH"], keys["RANGE"], held, all=shown["ProjectionType"] == "ALL"))
    return found


def index_writes(index: Index, before: Raw | None, after: Raw | None) -> Iterator[tuple[Raw, int]]:
    """(row, units) of each write that a change of the item makes in the index; nothing where its row stays as it is.

    Another key is a deletion and a new row. Whether AWS counts these twice in a transaction is not stated; they count once here.
    """
    old, new = index.row(before), index.row(after)
    if old == new:
        return
    moved = old and new and any(old[name] != new[name] for name in (index.pk, index.sk))
    if old and new and not moved:
        yield new, write_units(max(item_size(old), item_size(new)))
        return
    yield from ((row, write_units(item_size(row))) for row in (old, new) if row)
