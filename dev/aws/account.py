"""Whose account, which region, which stage; and how the tools talk to the person who waits."""

import argparse
import os
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

# Throttled calls are repeated by botocore itself, with growing pauses; what still fails is told to whoever waits.
PATIENT = Config(retries={"mode": "standard", "total_max_attempts": 8}, connect_timeout=10)
WHO = "AWS does not know who you are. Set AWS_PROFILE, or sign in with `aws sso login`."


class Stopped(Exception):
    """Something that a person has to look at, in words for him. The same command goes on from here later."""


@dataclass(frozen=True)
class Account:
    """One stage of a desk. `sleep` waits between two looks; the clients are made once each."""

    stage: str
    region: str
    sleep: Callable[[float], None] = time.sleep
    clients: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)

    def client(self, service: str, region: str = "") -> Any:
        key = (service, region or self.region)
        if key not in self.clients:
            self.clients[key] = boto3.client(service, region_name=key[1], config=PATIENT)
        return self.clients[key]

    @cached_property
    def id(self) -> str:
        try:
            return str(self.client("sts").get_caller_identity()["Account"])
        except (BotoCoreError, ClientError) as error:
            raise Stopped(f"{error}\n{WHO}") from error

    @property
    def stack(self) -> str:
        return f"otklik-{self.stage}"

    @property
    def shelf(self) -> str:
        """The bucket of the releases."""
        return f"{self.stack}-releases-{self.id}-{self.region}"


def account(stage: str, region: str | None) -> Account:
    """Raises Stopped where no region is known."""
    if os.environ.get("AWS_ACCESS_KEY_ID") == "laptop":  # dev/cloud.py's, which would go before any profile
        os.environ.pop("AWS_ACCESS_KEY_ID")
        os.environ.pop("AWS_SECRET_ACCESS_KEY", None)
    found = region or boto3.Session().region_name
    if not found:
        raise Stopped("Say in which region: --region eu-west-1, or set AWS_REGION.")
    return Account(stage, str(found))


def add_place(
    parser: argparse.ArgumentParser, help: str = "its name among several, e.g. prod or test", **how: Any
) -> None:
    """--stage and --region, the same in every tool."""
    parser.add_argument("--stage", type=stage_name, help=help, **how)
    parser.add_argument("--region", help="where it is, e.g. eu-west-1; without it that of your AWS profile")


def stage_name(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,15}", text):
        raise argparse.ArgumentTypeError("small letters, digits and hyphens, at most 16")
    return text


def now() -> datetime:
    return datetime.now(UTC)


def tell(text: str = "") -> None:
    print(text, flush=True)


def progress(text: str) -> None:
    """A line that grows by a dot, on stderr, while something lasts."""
    sys.stderr.write(text)
    sys.stderr.flush()


def code_of(error: ClientError) -> str:
    return str(error.response["Error"].get("Code", ""))
