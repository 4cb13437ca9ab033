"""The index follows the table: a record of the stream says only which ticket changed, the ticket itself says the rest."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TypeVar
from zoneinfo import ZoneInfo

from chalicelib import lists, log, store, table
from chalicelib.config import config
from chalicelib.errors import NotFound
from chalicelib.lists import Row
from chalicelib.packing import instant
from chalicelib.search import documents, inside
from chalicelib.search.documents import Document
from chalicelib.search.engine import Engine
from chalicelib.search.engines import engine
from chalicelib.settings import settings
from chalicelib.ticket import STATE_TYPES

AT_ONCE = 100  # tickets: what is in memory, and what is done again when another writer was faster
DIRTY = "DIRTY"  # the partition of tickets that could not be indexed
ROUNDS = 5  # of catching up with what agents do while an index is made
RECENT = 200  # closed tickets of a queue, the last ones, that the hourly look compares
T = TypeVar("T")
NIGHT = 3  # the hour in which everything is compared
GONE = ("merged", "removed")


def follow(numbers: Iterable[str], now: datetime) -> int:
    """Brings the index up to these tickets; how many there were."""
    wanted = list(dict.fromkeys(numbers))
    for several in chunks(wanted, AT_ONCE):
        table.insist(lambda several=several: engine().replace(made(several, now)))  # type: ignore[misc]
    return len(wanted)


def made(numbers: Iterable[str], now: datetime) -> dict[str, list[Document]]:
    """All documents of each ticket, as it is now. One that cannot be read is put aside, the others go on."""
    found = {}
    for number in numbers:
        try:
            found[number] = documents_of(number)
        except Exception as error:
            log.event("not_indexed", ticket=number, error=type(error).__name__)
            table.put({"pk": DIRTY, "sk": number, "at": instant(now), "error": type(error).__name__})
    return found


def documents_of(number: str) -> list[Document]:
    try:
        whole = store.whole(number)
    except NotFound:
        return []
    found, queue = whole.ticket, config().queues[whole.ticket.queue]
    texts = inside.texts(file for said in whole.articles for file in said.attachments)
    return documents.of(found, whole.articles, whole.history, queue, ZoneInfo(settings().zone), texts)


# -- what the stream has not told


def look_after(now: datetime) -> bool:
    """Once an hour; in the night, of which it tells, all tickets are compared, and the bucket is tidied."""
    night = now.astimezone(ZoneInfo(settings().zone)).hour == NIGHT
    sweep(now, everything=night)
    if night:
        engine().tidy(now)
    return night


def sweep(now: datetime, everything: bool = False) -> int:
    """Indexes the tickets of which the index knows another version than the table, and those put aside; how many.

    Each hour the open ones and those closed last, `everything` in the night. Raises Away.
    """
    done = 0
    for several in chunks(rows(everything), 500):
        done += follow(stale(several, engine()), now)
    aside = [str(item["sk"]) for item in table.query(DIRTY)]
    for number in aside:
        table.delete(DIRTY, number)  # first: what fails again is put aside again
    done += follow(aside, now)
    log.measure(IndexBehind=done)
    return done


def rebuild(now: datetime, tell: Callable[[int], None]) -> int:
    """The whole index anew, beside the live one, which answers meanwhile; how many tickets it has.

    Interrupted, it is begun again; the live one stays as it is. `tell` hears how many are done. For other versions of the
    index, for another engine, and where much has been deleted.
    """
    fresh, done = engine().beside(), 0
    for several in chunks((row["number"] for row in rows(everything=True)), AT_ONCE):
        fresh.replace(made(several, now))
        done += len(several)
        tell(done)
    fresh.replace({})  # also a desk without tickets has an index
    for _ in range(ROUNDS):  # what was saved meanwhile; the last moments are found by the sweep below
        late = [number for several in chunks(rows(everything=True), 500) for number in stale(several, fresh)]
        for several in chunks(late, AT_ONCE):
            fresh.replace(made(several, now))
        if not late:
            break
    fresh.take_over()
    engine().forget()
    sweep(now, everything=True)
    return done


def rows(everything: bool) -> Iterator[Row]:
    for queue in config().queues:
        yield from lists.open_rows([queue])
        yield from lists.closed_rows(queue, None if everything else RECENT)


def stale(several: list[Row], of: Engine) -> list[str]:
    known = of.versions([row["number"] for row in several])
    return [row["number"] for row in several if known.get(row["number"], 0) != version(row)]


def version(row: Row) -> int:
    """What the index should know of; it knows nothing of what was merged away."""
    return 0 if STATE_TYPES[row["state"]] in GONE else int(row["version"])


def chunks(things: Iterable[T], size: int) -> Iterator[list[T]]:
    several = iter(things)
    while chunk := list(islice(several, size)):
        yield chunk
