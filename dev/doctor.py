"""`./desk doctor [--data DIR]`: what is stuck, in plain words, and what to do. Exit code 1 when somebody waits because of it."""

import argparse
import json
import sys
import urllib.request
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import checkup
from dev.at_hand import HOME, NoDesk, desk_at
from dev.aws.account import add_place


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./desk doctor", description="What is stuck, and what to do about it.")
    parser.add_argument("--data", type=Path, default=HOME, metavar="DIR", help="where the desk keeps everything")
    add_place(parser, "a desk in your AWS account instead, e.g. prod")
    given = parser.parse_args(arguments)
    try:
        findings = deployed(given.stage, given.region) if given.stage else found(given.data)
    except NoDesk as error:
        sys.exit(str(error))
    for finding in findings:
        print(f"{'!' if finding['urgent'] else '-'} {finding['what']}\n  {finding['advice']}")
    if not findings:
        print("Nothing is stuck.")
    return int(any(finding["urgent"] for finding in findings))


def deployed(stage: str, region: str | None) -> list[dict[str, Any]]:
    """Of a desk in AWS. Raises NoDesk."""
    from dev.aws import account, operate

    try:
        return [asdict(finding) for finding in operate.checked(account.account(stage, region))]
    except (account.Stopped, ClientError, BotoCoreError) as error:
        raise NoDesk(str(error)) from error


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
