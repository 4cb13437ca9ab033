"""The table on disk: a snapshot, and a journal of every commit since.

`snapshot-<n>` holds all that happened before `journal-<n>`. A commit is one line, so that a transaction is there whole or
not at all. Loading takes the newest snapshot that is complete, then its journal; what is older is removed.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table

from dev import lines, moto_safe, moto_shelves

TIDY = 32 * 1024 * 1024  # bytes of a journal after which a start makes a new snapshot


class Journal:
    """Follows one table from `load` to `close`."""

    def __init__(self, folder: Path, table: Table) -> None:
        self.folder, self.table = folder, table
        self.generation = 0
        self.lines: lines.Lines | None = None

    def load(self) -> None:
        """Fills the table with what was there, then writes down what happens to it."""
        with moto_safe.lock:
            self.generation = max(generations(self.folder), default=0)
            if self.generation and not self.replay(self.path("snapshot")):
                raise OSError(f"{self.path('snapshot')} is damaged; `--reset` starts anew, without what was there.")
            self.replay(self.path("journal"))
            self.sweep()
            moto_shelves.forget(self.table)
            self.lines = lines.Lines(self.path("journal"))
            if self.lines.size() > TIDY:
                self.tidy()
            moto_safe.listeners.append(self.hear)

    def path(self, kind: str, generation: int | None = None) -> Path:
        return self.folder / f"{kind}-{self.generation if generation is None else generation}"

    def replay(self, path: Path) -> bool:
        """Whether it ended as a snapshot does."""
        commit: dict[str, Any] = {}
        for commit in lines.read(path):
            for pk, sk, attributes in commit.get("changes", ()):
                place(self.table, pk, sk, attributes)
        return "complete" in commit

    def sweep(self) -> None:
        """Removes what a process left that was killed while it tidied."""
        for path in [*self.folder.glob("snapshot-*"), *self.folder.glob("journal-*")]:
            if path not in (self.path("snapshot"), self.path("journal")):
                path.unlink()

    def hear(self, commit: list[moto_safe.Change]) -> None:
        changes = [change_of(before, after) for table, before, after in commit if table.name == self.table.name]
        if changes and self.lines:
            self.lines.append({"changes": changes}, default=DynamoType.to_json)

    def sync(self) -> None:
        if self.lines:
            self.lines.sync()

    def tidy(self) -> None:
        """A new snapshot, and an empty journal after it. The old ones go only when the new ones are safe."""
        assert self.lines
        old, new = self.generation, self.generation + 1
        data = b"".join(self.snapshot())
        lines.write_whole(self.path("snapshot", new), data)
        self.lines.close()
        self.generation = new
        self.lines = lines.Lines(self.path("journal"))
        for kind in ("snapshot", "journal"):
            self.path(kind, old).unlink(missing_ok=True)

    def snapshot(self) -> Iterator[bytes]:
        for item in moto_shelves.every(self.table):
            yield lines.packed({"changes": [change_of(None, item)]}, DynamoType.to_json)
        yield lines.packed({"complete": True})

    def close(self) -> None:
        with moto_safe.lock:
            moto_safe.listeners.remove(self.hear)
            if self.lines:
                self.lines.close()


def generations(folder: Path) -> list[int]:
    return [int(path.name.split("-")[1]) for path in folder.glob("snapshot-*") if path.name.split("-")[1].isdigit()]


def change_of(before: Item | None, after: Item | None) -> list[Any]:
    """[pk, sk, attributes or null], each value as DynamoDB's JSON."""
    some = after or before
    assert some and some.range_key
    return [some.hash_key, some.range_key, after.attrs if after else None]


def place(table: Table, pk: dict[str, str], sk: dict[str, str], attributes: dict[str, Any] | None) -> None:
    at = (DynamoType(pk), DynamoType(sk))
    if attributes is None:
        moto_safe.restore(table, at, None)
        return
    # Past the checks of Item: they cost the square of an item's size, and all of it has passed them once.
    item = Item(at[0], at[1], {})
    attrs = LimitedSizeDict()
    dict.update(attrs, {name: DynamoType(value) for name, value in attributes.items()})
    item.attrs = attrs
    table.items[at[0]][at[1]] = item


def wipe(folder: Path) -> None:
    for kind in ("snapshot", "journal"):
        for path in folder.glob(f"{kind}-*"):
            os.unlink(path)
