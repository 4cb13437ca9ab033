"""`./desk reparse [NUMBER]`: reads stored mails again after the reader has improved; what agents did stays as it is."""

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib import rereading
from chalicelib.errors import NotFound
from dev.at_hand import HOME, NoDesk, desk_at
from dev.export import partitions
from dev.progress import Progress


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./desk reparse", description="Reads stored mails again.")
    parser.add_argument("number", nargs="?", help="of one ticket; all where it is left out")
    parser.add_argument("--data", type=Path, default=HOME, metavar="DIR", help="where the desk keeps everything")
    asked = parser.parse_args(arguments)
    try:
        counts = reread(asked.data, asked.number)
    except (NoDesk, NotFound) as error:
        sys.exit(str(error))
    print(
        f"{counts['read']} mails read, {counts['changed']} read otherwise than before, {counts['failed']} could not be read."
    )
    return 0


def reread(data: Path, number: str | None) -> Counter[str]:
    """In the running desk where there is one, else in what it has left."""
    running = data / "running.json"
    if running.exists():
        address = json.loads(running.read_text())["web"]
        try:
            numbers = [number] if number else ask(address, {})["numbers"]
        except urllib.error.URLError:
            pass  # it was killed, and its note was left behind
        else:
            return each(data, numbers, lambda one: Counter(ask(address, {"number": one})))
    with desk_at(data):
        now = datetime.now(UTC)
        return each(data, [number] if number else numbers_here(), lambda one: rereading.reread(one, now))


def ask(address: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{address}/dev/reparse", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=600) as answer:
        told: dict[str, Any] = json.load(answer)
        return told


def numbers_here() -> list[str]:
    names = (partition[0]["pk"]["S"] for partition in partitions(None))
    return sorted(name[2:] for name in names if name.startswith("T#"))


def each(data: Path, numbers: list[str], verb: Any) -> Counter[str]:
    """One ticket after the other; interrupted, it goes on where it was."""
    progress = Progress(data / "reparse.json", "Tickets", len(numbers))
    counts: Counter[str] = Counter()
    for number in numbers:
        if len(numbers) > 1 and number <= (progress.get("number") or ""):
            continue
        counts += verb(number)
        progress.set("number", number)
    progress.done()
    return counts


def answered(body: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What the running desk answers. Raises NotFound."""
    number = body.get("number")
    return dict(rereading.reread(str(number), now)) if number else {"numbers": numbers_here()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
