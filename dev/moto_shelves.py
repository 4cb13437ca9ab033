"""Partitions in order: what a query of moto's DynamoDB reads instead of the whole table.

Each table has one shelf for each partition of itself and of its global indexes. A shelf knows its places sorted, so
that a query costs by the items that it returns. moto's own dictionary stays the truth; shelves follow every change and are
made anew from it where they are missing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import RESULT_SIZE_LIMIT, SecondaryIndex, Table

Place = tuple[tuple[str, Any], ...]  # the sort keys, each with its type: numbers and strings never meet in a comparison
AFTER_ALL = ("~", None)  # sorts behind every typed key; None is never compared, because no type is "~"


class Page(NamedTuple):
    """The part of a query that bounds it."""

    comparison: str | None
    values: list[DynamoType]
    limit: int | None
    start: Place | None
    forward: bool


class Shelf:
    """The items of one partition in the order of their sort key. What the index shows of an item, and its size in bytes,
    is made when somebody first reads it."""

    def __init__(self, index: SecondaryIndex | None = None) -> None:
        self.index = index
        self.places: list[Place] = []
        self.items: dict[Place, Item] = {}
        self.shown: dict[Place, tuple[Item, int]] = {}

    def put(self, place: Place, item: Item) -> None:
        if place not in self.items:
            insort(self.places, place)
        self.items[place] = item
        self.shown.pop(place, None)

    def drop(self, place: Place) -> None:
        if self.items.pop(place, None):
            del self.places[bisect_left(self.places, place)]
            self.shown.pop(place, None)

    def at(self, place: Place) -> tuple[Item, int]:
        found = self.shown.get(place)
        if found is None:
            item = self.items[place]
            item = projected(self.index, item) if self.index else item
            found = self.shown[place] = (item, item.size())
        return found

    def read(self, page: Page) -> tuple[list[Item], bool]:
        """The items of the page, and whether the partition has more behind them (as moto answers, within the key
        condition or not)."""
        low, high = self.bounds(page)
        steps = range(low, high) if page.forward else range(high - 1, low - 1, -1)
        found: list[Item] = []
        size = 0
        for step in steps:
            item, its_size = self.at(self.places[step])
            if len(found) == page.limit or size + its_size > RESULT_SIZE_LIMIT:
                return found, True
            found.append(item)
            size += its_size
        rest = len(self.places) - high if page.forward else low
        return found, len(found) == page.limit and rest > 0

    def bounds(self, page: Page) -> tuple[int, int]:
        low, high = self.matching(page.comparison, page.values)
        if page.start is None:
            return low, high
        if page.forward:
            return max(low, bisect_right(self.places, page.start)), high
        return low, min(high, bisect_left(self.places, page.start))

    def matching(self, comparison: str | None, values: list[DynamoType]) -> tuple[int, int]:
        """Which places fulfil a condition on the sort key."""
        if comparison is None:
            return 0, len(self.places)
        first = bisect_left(self.places, (key(values[0]),))
        if comparison == "BEGINS_WITH":
            return first, self.end_of_prefix(values[0].value, first)
        behind = bisect_left(self.places, (key(values[-1]), AFTER_ALL))
        return {
            "=": (first, behind),
            "<": (0, first),
            "<=": (0, behind),
            ">": (behind, len(self.places)),
            ">=": (first, len(self.places)),
            "BETWEEN": (first, max(first, behind)),
        }[comparison]

    def end_of_prefix(self, prefix: str, first: int) -> int:
        def past(place: Place) -> bool:
            return place[0][0] != "S" or not place[0][1].startswith(prefix)

        return bisect_left(self.places, True, lo=first, key=past)


class Shelves:
    """All partitions of one table and of its global indexes that have one hash key and at most one range key."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.indexes = [index for index in table.global_indexes if simple(index.schema)]
        self.by_index: dict[str | None, dict[tuple[str, Any], Shelf]] = {None: {}}
        self.by_index |= {index.name: {} for index in self.indexes}
        for item in every(table):
            self.put(item)

    def put(self, item: Item) -> None:
        for index, partition, place in self.homes(item):
            shelves = self.by_index[index and index.name]
            if partition not in shelves:
                shelves[partition] = Shelf(index)
            shelves[partition].put(place, item)

    def drop(self, item: Item) -> None:
        for index, partition, place in self.homes(item):
            shelves = self.by_index[index and index.name]
            if partition in shelves:
                shelves[partition].drop(place)
                if not shelves[partition].places:
                    del shelves[partition]

    def homes(self, item: Item) -> Iterator[tuple[SecondaryIndex | None, tuple[str, Any], Place]]:
        """(index, partition, place) for each shelf where the item stands."""
        assert item.range_key is not None
        own = (key(item.hash_key), key(item.range_key))
        yield None, own[0], own[1:]
        for index in self.indexes:
            names = index.schema_key_attrs
            if all(name in item.attrs and item.attrs[name].type in ("S", "N", "B") for name in names):
                partition, *ranges = (key(item.attrs[name]) for name in names)
                yield index, partition, (*ranges, *own)

    def shelf(self, index: str | None, partition: DynamoType) -> Shelf:
        return self.by_index[index].get(key(partition)) or Shelf()


def shelves(table: Table) -> Shelves:
    """Those of the table, made anew where its indexes are others than before."""
    found: Shelves | None = table.__dict__.get("_shelves")
    names = [index.name for index in table.global_indexes if simple(index.schema)]
    if found is None or found.table is not table or [index.name for index in found.indexes] != names:
        found = table.__dict__["_shelves"] = Shelves(table)
    return found


def forget(table: Table) -> None:
    table.__dict__.pop("_shelves", None)


def simple(schema: list[dict[str, str]]) -> bool:
    return [key["KeyType"] for key in schema] in (["HASH"], ["HASH", "RANGE"])


def projected(index: SecondaryIndex, item: Item) -> Item:
    """What the index holds of the item. Shallow: whoever changes an item takes it off its shelves before."""
    kind = index.projection.get("ProjectionType", "ALL")
    if kind == "ALL":
        return item
    wanted = {*index.table_key_attrs, *index.schema_key_attrs}
    if kind == "INCLUDE":
        wanted |= set(index.projection.get("NonKeyAttributes", []))
    return less(item, wanted)


stock_project = Item.project


def project(self: Item, projection_expressions: list[list[str]]) -> Item:
    """Whole attributes need not be taken apart and put together again."""
    if any(len(path) != 1 for path in projection_expressions):
        return stock_project(self, projection_expressions)
    return less(self, {path[0] for path in projection_expressions})


def less(item: Item, names: Collection[str]) -> Item:
    shown = Item(item.hash_key, item.range_key, {})
    # Past LimitedSizeDict's own setter, which weighs the whole item again for each attribute.
    attrs = LimitedSizeDict()
    dict.update(attrs, {name: value for name, value in item.attrs.items() if name in names})
    shown.attrs = attrs
    return shown


def key(value: DynamoType) -> tuple[str, Any]:
    return value.type, value.cast_value


def every(table: Table) -> Iterator[Item]:
    """All items of a table with a sort key, in no order."""
    for partition in list(table.items.values()):
        yield from list(partition.values())
