"""`./desk export DIR`: everything that the desk knows, as JSON lines and files that need no Otklik to be read.

    manifest.json           what this is, and how much
    tickets/202611/N.jsonl  one ticket: itself, its articles, history, links, drafts, a line each
    other/00.jsonl ...      settings, customers, ids of mails, what could not be read
    objects.jsonl           the files below: key, size, type, sha256
    objects/mail/X.eml      mails as they came; objects/files/... attachments; objects/bodies/... very long texts

Sessions, counters and answers to requests are left out: they mean nothing elsewhere. The settings hold the secret that signs the
addresses in customers' mailboxes, so the folder is for its owner alone. Streaming, and told again it goes on where it was.
"""

import argparse
import base64
import hashlib
import json
import os
import re
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import files, table
from chalicelib.packing import expanded, squeezed
from chalicelib.settings import settings
from chalicelib.store import dumped
from dev.at_hand import HOME, NoDesk, desk_at
from dev.aws import inside
from dev.aws.account import Stopped, account, add_place
from dev.progress import Progress

FORMAT = "otklik-export/1"
PASSING = ("S#", "SO#", "R#", "I#", "QS", "OPS", "DIRTY")  # what means nothing elsewhere
AREAS = ("mail/", "files/", "bodies/", "failed/", "in/", "quarantine/")
LETTERS = ("mail/", "failed/", "in/")  # these are mails, and called so
PIECE = 1024 * 1024

Raw = dict[str, dict[str, Any]]  # an item as DynamoDB sends it


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="./desk export", description="Writes everything that the desk knows into DIR."
    )
    parser.add_argument("to", type=Path, metavar="DIR")
    parser.add_argument("--data", type=Path, default=HOME, metavar="DIR", help="where the desk keeps everything")
    add_place(parser, "a desk in your AWS account instead, e.g. prod")
    parser.add_argument("--kept", action="store_true", help="what the last desk of that stage has left when it went")
    asked = parser.parse_args(arguments)
    if asked.kept and not asked.stage:
        parser.error("--kept needs --stage")
    try:
        with opened(asked):
            told = export(asked.to)
    except (NoDesk, Stopped, BotoCoreError, ClientError) as error:
        sys.exit(str(error))
    print(f"{told['tickets']} tickets, {told['items']} other items and {told['objects']} files are in {asked.to}.")
    return 0


def opened(asked: argparse.Namespace) -> AbstractContextManager[Any]:
    if not asked.stage:
        return desk_at(asked.data)
    to = account(asked.stage, asked.region)
    return inside.what_was_kept(to) if asked.kept else inside.desk_of(to)


def export(to: Path) -> dict[str, Any]:
    """Answers the manifest. Goes on where an earlier export into the same folder was interrupted."""
    to.mkdir(parents=True, exist_ok=True)
    os.chmod(to, 0o700)
    progress = Progress(to / "progress.json", "Exporting")
    items(to, progress)
    for shard in sorted((to / "other").glob("*.jsonl")):
        tidy(shard)
    objects(to, progress)
    manifest = {
        "format": FORMAT,
        "domain": settings().domain,
        "tickets": sum(1 for _ in (to / "tickets").rglob("*.jsonl")),
        "items": sum(lines_in(shard) for shard in (to / "other").glob("*.jsonl")),
        "objects": lines_in(to / "objects.jsonl"),
    }
    (to / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    progress.done()
    return manifest


def lines_in(file: Path) -> int:
    with file.open("rb") as opened:
        return sum(1 for _ in opened)


# -- items


def items(to: Path, progress: Progress) -> None:
    """All of the table, by partition; a partition is written whole."""
    for folder in ("tickets", "other"):
        (to / folder).mkdir(exist_ok=True)
    start = progress.get("item")
    if start == "all":
        return
    for partition in partitions(start):
        write(to, partition)
        last = partition[-1]
        progress.set("item", {"pk": last["pk"], "sk": last["sk"]})
    progress.set("item", "all")


def partitions(start: Any) -> Iterator[list[Raw]]:
    """Scan gives the items of a partition in a row, in the order of their sort keys."""
    request: dict[str, Any] = {"TableName": settings().table, "ConsistentRead": True}
    if start:
        request["ExclusiveStartKey"] = start
    kept: list[Raw] = []
    for page in table.client().get_paginator("scan").paginate(**request):
        for item in page["Items"]:
            if kept and kept[0]["pk"] != item["pk"]:
                yield kept
                kept = []
            kept.append(item)
    if kept:
        yield kept


def write(to: Path, partition: list[Raw]) -> None:
    pk = partition[0]["pk"]["S"]
    lines = sorted(line_of(item) for item in partition)
    if pk.startswith(PASSING):
        return
    if pk.startswith("T#"):
        number = pk[2:]
        folder = to / "tickets" / number[:6]
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.jsonl").write_text("".join(lines), encoding="utf-8")
    else:
        # Shards by a hash of the name: small enough to be sorted, however large the desk is.
        shard = to / "other" / f"{zlib.crc32(pk.encode()) % 256:02x}.jsonl"
        with shard.open("a", encoding="utf-8") as file:
            file.writelines(lines)


def tidy(shard: Path) -> None:
    """Sorted, and without what an interrupted export wrote twice."""
    with shard.open(encoding="utf-8") as file:
        lines = sorted(set(file))
    shard.write_text("".join(lines), encoding="utf-8")


def line_of(item: Raw) -> str:
    readable = {name: readable_value(value) for name, value in sorted(item.items())}
    ordered = {"pk": readable.pop("pk"), "sk": readable.pop("sk"), **readable}
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":")) + "\n"


def readable_value(value: dict[str, Any]) -> Any:
    """Texts and whole numbers as they are; what is packed into them is unpacked where packing it again gives the same bytes."""
    kind, content = next(iter(value.items()))
    if kind == "N":
        return int(content) if re.fullmatch(r"-?(0|[1-9]\d*)", content) else {"$n": content}
    if kind == "B":
        return readable_bytes(bytes(content))
    if kind == "S" and content[:1] in ("{", "["):
        found = loaded(content)
        return content if found is None else {"$json": found}
    return content if kind == "S" else {f"${kind}": content}


def readable_bytes(content: bytes) -> Any:
    try:
        text = zlib.decompress(content).decode()
    except (zlib.error, UnicodeDecodeError):
        text = ""
    found = loaded(text) if text and zlib.compress(text.encode()) == content else None
    if found is None and (row := readable_row(content)) is not None:
        return {"$row": row}
    return {"$b64": base64.b64encode(content).decode()} if found is None else {"$packed": found}


def readable_row(content: bytes) -> Any:
    """Of a list (packing.squeezed); None where it is none."""
    try:
        text = expanded(content)
    except (zlib.error, UnicodeDecodeError):
        return None
    return loaded(text) if squeezed(text) == content else None


def loaded(text: str) -> Any:
    """The value of which `dumped` makes this very text; None where there is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if dumped(found) == text else None


# -- objects


def objects(to: Path, progress: Progress) -> None:
    if progress.get("objects") == "all":
        return
    rows = [object_row(to, each, progress) for each in stored()]
    rows.sort(key=lambda row: str(row["key"]))
    (to / "objects.jsonl").write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )
    progress.set("objects", "all")


def stored() -> Iterable[dict[str, Any]]:
    paginator = files.client().get_paginator("list_objects_v2")
    for area in AREAS:
        for page in paginator.paginate(Bucket=settings().bucket, Prefix=area):
            yield from page.get("Contents", [])


def object_row(to: Path, listed: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Fetches the object, unless it is there already."""
    key = str(listed["Key"])
    place = to / path_of(key)
    head = files.client().head_object(Bucket=settings().bucket, Key=key)
    if not place.exists() or place.stat().st_size != listed["Size"]:
        fetch(key, place)
    progress.step()
    return {"key": key, "size": listed["Size"], "type": head["ContentType"], "sha256": digest(place)}


def fetch(key: str, place: Path) -> None:
    """In pieces, and under its name only when it is whole."""
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(place.name + ".part")
    body = files.client().get_object(Bucket=settings().bucket, Key=key)["Body"]
    with part.open("wb") as file:
        for piece in body.iter_chunks(PIECE):
            file.write(piece)
    part.replace(place)


def path_of(key: str) -> str:
    """Where an object lies in the export. Whatever a key is made of, it cannot lead out of the folder."""
    safe = "/".join(
        quote(part, safe="").replace(".", "%2E") if set(part) <= {"."} else quote(part, safe="")
        for part in key.split("/")
    )
    return f"objects/{safe}" + (".eml" if key.startswith(LETTERS) else "")


def digest(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
