"""What AWS bills for a call, by its own rules. Nothing here asks anybody; the prices of the units stand in dev/prices.json.

DynamoDB's own rules, with their sources: dev/dynamodb_units.py.
"""

from collections.abc import Iterable

from dev.dynamodb_units import STORED_EXTRA, Raw, index_writes, indexes, item_size, read_units, write_units
from dev.template import template

KB = 1024  # DynamoDB's and SES's kilobyte alike
Item = Raw  # as it is on the wire: {"pk": {"S": "T#1"}, ...}
CHUNK = 256 * KB  # of incoming mail; SES counts full ones alone
INDEXES = indexes(template()["Resources"]["Table"]["Properties"])


# -- the table


def size(item: Item | None) -> int:
    return item_size(item) if item else 0


def stored(item: Item) -> tuple[int, int]:
    """Bytes that are paid for each month: in the table, and in its indexes."""
    rows = [index.row(item) for index in INDEXES]
    return size(item) + STORED_EXTRA, sum(size(row) + STORED_EXTRA for row in rows if row)


def written(before: Item | None, after: Item | None, transaction: bool = False) -> int:
    """Write request units of one item, of the larger of what it was and is."""
    return write_units(max(size(before), size(after)), transaction)


def indexed(before: Item | None, after: Item | None) -> int:
    """Write request units in all indexes."""
    return sum(units for index in INDEXES for _, units in index_writes(index, before, after))


def read(sizes: Iterable[int], consistent: bool) -> float:
    """Read request units of a query, or of one item: of all that it reads together."""
    return read_units(sum(sizes), consistent)


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
