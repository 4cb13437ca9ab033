"""`./desk doctor [--data DIR]`: what is stuck, in plain words, and what to do. Exit code 1 when somebody waits because of it."""

import argparse
import json
import sys
import urllib.request
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib import checkup
from dev.at_hand import HOME, NoDesk, desk_at


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./desk doctor", description="What is stuck, and what to do about it.")
    parser.add_argument("--data", type=Path, default=HOME, metavar="DIR", help="where the desk keeps everything")
    try:
        findings = found(parser.parse_args(arguments).data)
    except NoDesk as error:
        sys.exit(str(error))
    for finding in findings:
        print(f"{'!' if finding['urgent'] else '-'} {finding['what']}\n  {finding['advice']}")
    if not findings:
        print("Nothing is stuck.")
    return int(any(finding["urgent"] for finding in findings))


def found(data: Path) -> list[dict[str, Any]]:
    """Of the running desk where there is one, else of what it has left."""
    running = data / "running.json"
    if running.exists():
        address = json.loads(running.read_text())["web"]
        try:
            with urllib.request.urlopen(f"{address}/dev/doctor", timeout=60) as answer:
                told: list[dict[str, Any]] = json.load(answer)["findings"]
                return told
        except OSError:
            pass  # it was killed, and its note was left behind
    with desk_at(data):
        return told_now(datetime.now(UTC))


def told_now(now: datetime) -> list[dict[str, Any]]:
    return [asdict(finding) for finding in checkup.examine(now, datetime.now(UTC))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
