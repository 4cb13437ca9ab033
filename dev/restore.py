"""`./desk import DIR`: what `./desk export` wrote, into an empty desk. Exported again, it is the same byte for byte.

Told again after an interruption it goes on; into a desk that has tickets of its own it puts nothing. Agents' passwords are not
in an export: they ask for new ones with “Forgot your password?”.
"""

import base64
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chalicelib import config, files, table
from chalicelib.packing import squeezed
from chalicelib.settings import settings
from chalicelib.store import dumped
from dev.export import FORMAT, Raw, digest, path_of
from dev.progress import Progress

BATCH = 25  # items of one BatchWriteItem


class Refused(Exception):
    """The sentence says why nothing was imported."""


def restore(source: Path, progress: Progress) -> dict[str, Any]:
    """Answers the manifest of what was imported. Raises Refused."""
    manifest = checked(source)
    if not progress.get("begun") and any_ticket():
        raise Refused("This desk has tickets already; an export goes into an empty one.")
    progress.set("begun", "all")
    items(source, progress)
    objects(source, progress)
    config.forget()
    progress.done()
    return manifest


def checked(source: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((source / "manifest.json").read_text())
    except (OSError, ValueError):
        raise Refused(f"{source} is no complete export: there is no manifest.json in it.") from None
    if manifest.get("format") != FORMAT:
        raise Refused(f"This export is in the format {manifest.get('format')!r}; this desk reads {FORMAT!r}.")
    return manifest


def any_ticket() -> bool:
    pages = table.client().get_paginator("scan").paginate(TableName=settings().table, ProjectionExpression="pk")
    return any(item["pk"]["S"].startswith("T#") for page in pages for item in page["Items"])


# -- items


def items(source: Path, progress: Progress) -> None:
    """By file, in the order of their names, so that it is known how far it came."""
    reached = progress.get("file") or ""
    for file in [*sorted((source / "other").glob("*.jsonl")), *sorted((source / "tickets").rglob("*.jsonl"))]:
        name = f"{file.parent != source / 'other':d}{file.relative_to(source)}"
        if name <= reached:
            continue
        for batch in batches(file):
            put(batch)
        progress.set("file", name)
    progress.keep()


def batches(file: Path) -> Iterator[list[Raw]]:
    batch: list[Raw] = []
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            batch.append(item_of(json.loads(line)))
            if len(batch) == BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def put(batch: list[Raw]) -> None:
    """Also what the table had no room for at first."""
    left: Any = {settings().table: [{"PutRequest": {"Item": item}} for item in batch]}
    while left:
        left = table.client().batch_write_item(RequestItems=left).get("UnprocessedItems")


def item_of(line: dict[str, Any]) -> Raw:
    return {name: typed(value) for name, value in line.items()}


def typed(value: Any) -> dict[str, Any]:
    """The opposite of export.readable_value."""
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, int):
        return {"N": str(value)}
    kind, content = next(iter(value.items()))
    if kind == "$json":
        return {"S": dumped(content)}
    if kind == "$packed":
        return {"B": zlib.compress(dumped(content).encode())}
    if kind == "$row":
        return {"B": squeezed(dumped(content))}
    if kind == "$b64":
        return {"B": base64.b64decode(content)}
    return {"N": content} if kind == "$n" else {kind[1:]: content}


# -- objects


def objects(source: Path, progress: Progress) -> None:
    """Each is compared with what was exported before it is put."""
    reached = progress.get("object") or ""
    with (source / "objects.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["key"] <= reached:
                continue
            place = source / path_of(row["key"])
            if digest(place) != row["sha256"]:
                raise Refused(f"{place} is not what was exported; the import has stopped before it.")
            with place.open("rb") as body:
                files.client().upload_fileobj(body, settings().bucket, row["key"], {"ContentType": row["type"]})
            progress.set("object", row["key"])
