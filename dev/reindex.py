"""`./desk reindex`: makes the search index anew, beside the live one, and then puts it in its place."""

import argparse
import json
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dev.at_hand import HOME, NoDesk, desk_at
from dev.aws import inside
from dev.aws.account import Stopped, account, add_place


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./desk reindex", description="Makes the search index anew.")
    parser.add_argument("--data", type=Path, default=HOME, metavar="DIR", help="where the desk keeps everything")
    add_place(parser, "a desk in your AWS account instead, e.g. prod")
    asked = parser.parse_args(arguments)
    try:
        count = rebuilt(asked)
    except (NoDesk, Stopped, BotoCoreError, ClientError) as error:
        sys.exit(str(error))
    print(f"{count} tickets are in the new index, and it is in use.")
    return 0


def rebuilt(asked: argparse.Namespace) -> int:
    """In the running desk where there is one, else in what it has left."""
    if asked.stage:
        with inside.desk_of(account(asked.stage, asked.region)):
            return here()
    running = asked.data / "running.json"
    if running.exists():
        try:
            return int(ask(json.loads(running.read_text())["web"])["tickets"])
        except urllib.error.URLError:
            pass  # it was killed, and its note was left behind
    with desk_at(asked.data):
        return here()


def ask(address: str) -> dict[str, Any]:
    request = urllib.request.Request(f"{address}/dev/reindex", b"{}", {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=3600) as answer:
        told: dict[str, Any] = json.load(answer)
        return told


def here() -> int:
    from chalicelib.search import indexing

    return indexing.rebuild(datetime.now(UTC), lambda done: print(f"\r{done} tickets", end="", file=sys.stderr))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
