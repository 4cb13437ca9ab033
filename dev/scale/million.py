"""Ten million tickets: what they weigh, and what takes how long with so many, from the items that one ticket left behind."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.search import indexing
from dev.dynamodb_units import STORED_EXTRA, Index, Raw, item_size
from dev.scale.facts import parameter, time_out, value
from dev.scale.limits import AWS, DESIGN, SET, Limit, reading
from dev.scale.traffic import MIX, NEW, s

TICKETS = 10_000_000
GB = 2**30
HOURS = 3600


@dataclass(frozen=True)
class Weight:
    """Of one ticket at the end of its life: items of the table, bytes in the table and in each index; bytes of a list row."""

    items: int
    table: int
    indexes: dict[str, int]
    row: int
    letters: int
    letter: float


def weight(left: list[Raw], indexes: list[Index], letters: dict[str, int]) -> Weight:
    """`left`: all items of one ticket; `letters`: bytes of stored letters by key. Tens of bytes: zlib is not everywhere the same."""
    rows = {index.name: [item_size(row) for item in left if (row := index.row(item)) is not None] for index in indexes}
    return Weight(
        items=len(left),
        table=round(sum(item_size(item) + STORED_EXTRA for item in left), -2),
        indexes={name: round(sum(sizes) + STORED_EXTRA * len(sizes), -1) for name, sizes in rows.items()},
        row=round(max(rows["list"]), -1),
        letters=sum(item["sk"]["S"].startswith("A#") for item in left),
        letter=sum(letters.values()) / len(letters),
    )


def sizes(of: Weight, tickets: int = TICKETS) -> Iterator[tuple[str, str]]:
    """What so many weigh; none of these has a limit."""
    yield "items in the table, of one ticket and of all", f"{of.items}, {tickets * of.items / 1e6:.0f} million"
    yield "the table, of one ticket and of all", f"{of.table / 1024:.1f} KB, {tickets * of.table / GB:.0f} GB"
    for name, held in of.indexes.items():
        yield f"the index `{name}`", f"{held} bytes, {tickets * held / GB:.1f} GB"
    mails = MIX_MAILS * tickets
    yield (
        "letters in the bucket, as these (small) letters are",
        f"{mails * of.letter / GB:.0f} GB in {mails / 1e6:.0f} million",
    )


MIX_MAILS = 1 / sum(MIX[name] for name in NEW)  # letters that come in for each ticket
FIRST_TIMERS = MIX[s.FIRST] / sum(MIX[name] for name in NEW)  # customers for each ticket


def limits(of: Weight, customer: int, tickets: int = TICKETS) -> list[Limit]:
    """The fullest first. `customer`: bytes of the item by which the desk knows one."""
    found = [*search(of, tickets), *nights(of, tickets), *pages(of, customer, tickets), *tools(of, tickets)]
    return sorted(found, key=lambda each: (-each.share, each.key))


def search(of: Weight, tickets: int) -> Iterator[Limit]:
    """Twice what it weighs: the new files come before the old ones go."""
    held = 2 * tickets * of.letters * value("index, bytes for a letter") / 2**20
    disk = parameter("IndexDisk")
    yield Limit("index on the disk of a function", held, disk["Default"], "MB", SET)
    yield Limit("index on the largest disk", held, disk["MaxValue"], "MB", AWS)
    report = value("reports over a million tickets") * tickets / 1e6
    yield Limit("a report over all", report, time_out("api_handler"), "s", DESIGN)


def nights(of: Weight, tickets: int) -> Iterator[Limit]:
    """The night reads every row and asks the index for each version; the facts of months that changed come after."""
    rows = reading(tickets, of.row)
    compared = rows + tickets / 500 * value("a question for 500 versions")
    yield Limit("the night compares all", compared, time_out("sweep_index"), "s", DESIGN)
    month = tickets / value("months of ten million tickets")
    facts = rows + month * (value("Query") + value("CPU to index a ticket"))
    yield Limit("facts for Athena, one month changed", facts, time_out("sweep_index"), "s", DESIGN)


def pages(of: Weight, customer: int, tickets: int) -> Iterator[Limit]:
    """Customers stand in one partition, and whoever looks for one reads them all: as fast as pages come, and one partition gives."""
    known = tickets * FIRST_TIMERS
    taken = max(reading(known, customer), known * customer / 4096 / value("reads of a partition"))
    yield Limit("a customer is looked for", taken, time_out("api_handler"), "s", DESIGN)
    yield Limit("closed tickets, a page of 50", reading(51, of.row), time_out("api_handler"), "s", DESIGN)


def tools(of: Weight, tickets: int) -> Iterator[Limit]:
    """On the administrator's machine: nothing ends them but patience, which is taken for a day."""
    read = tickets * of.table / 2**20 * value("a page of a query")
    letters = tickets * MIX_MAILS * (value("HeadObject") + value("GetObject"))
    anew = tickets * (value("Query") + value("CPU to index a ticket"))
    anew += tickets / indexing.AT_ONCE * value("a batch of the index")
    yield Limit("./desk export", (read + letters) / HOURS, 24, "hours", DESIGN)
    yield Limit("./desk reindex", anew / HOURS, 24, "hours", DESIGN)
