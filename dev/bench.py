"""`./desk bench`: what the desk costs, printed and recorded in docs/bench.md.

AWS calls are counted and CPU time is split at botocore's one door. The cloud is another process: its work is not the desk's.
Measure on a quiet machine; the figures of a busy one are up to twice as high.
"""

import io
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dev import bench_reader
from dev.emulator import for_this_machine

ROOT = Path(__file__).parent.parent
RECORD = ROOT / "docs" / "bench.md"
REAL = "## Real mails"
BELOW = "<!-- What stands below is written by hand, and kept. -->"
SECOND = timedelta(seconds=1)
MAILS, WARM = 200, 20


@dataclass(frozen=True)
class Figure:
    """`target` is the most that is wanted; None: only to know."""

    what: str
    value: float
    target: float | None = None
    unit: str = ""

    @property
    def line(self) -> str:
        value = f"{self.value:.2f}" if self.value % 1 else f"{self.value:.0f}"
        wanted = "" if self.target is None else f"<= {self.target:g}"
        verdict = "" if self.target is None else ("yes" if self.value <= self.target else "**no**")
        return f"| {self.what} | {value} {self.unit} | {wanted} | {verdict} |".replace("  ", " ")


def main() -> int:
    if sys.argv[1:2] == ["search"]:
        from dev import bench_search

        return bench_search.main(sys.argv[2:])
    figures = [*imports(), *reading()]
    with cloud_elsewhere():
        figures += stories()
        figures += mails()
    text = recorded(figures)
    RECORD.write_text(text)
    print(text)
    return 0


def recorded(figures: list[Figure]) -> str:
    head = f"""# What the desk costs

Written by `./desk bench` on {datetime.now(UTC):%d %b %Y}: Python {platform.python_version()}, {os.cpu_count()} cores,
the fake cloud in another process. Targets are those of the plan; nothing here is asserted by a test.

| what | measured | target | reached |
|---|---|---|---|
"""
    old = RECORD.read_text() if RECORD.exists() else ""
    below = old[old.index(BELOW) :] if BELOW in old else BELOW
    before = old.partition(REAL)[2].partition(BELOW)[0].strip()
    table = bench_reader.table() or before  # the real mails are not everywhere
    return head + "\n".join(each.line for each in figures) + f"\n\n{REAL}\n\n{table}\n\n{below}"


def reading() -> list[Figure]:
    told = bench_reader.costs()
    return [
        Figure("reading a mail below 1 MB, CPU, median", told["p50"], 5, "ms"),
        Figure("the same, 99th percentile", told["p99"], 60, "ms"),
        Figure(f"reading a mail of {told['size']:.0f} MB", told["large"], 3, "s"),
        Figure("memory of the process that does so", told["memory"], 512, "MB"),
    ]


# -- cold start and size


def imports() -> list[Figure]:
    """CPU time in a fresh process for each, in turns; the fastest of each, which the rest of the machine disturbed least.

    The package as it is deployed (but for this machine's processor), whose bytecode is in it, beside the SDK with its own.
    """
    from dev import package

    package.package()
    code = (package.BUILD / "deployment.zip").read_bytes()
    codes = {
        "boto3": ("import boto3", "app.app"),
        "app": ("import app", "app.app"),
        "mail": ("import app; from chalicelib import postmaster", "app.take_in"),
    }
    times: dict[str, list[float]] = {name: [] for name in codes}
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(io.BytesIO(for_this_machine(code, {}))).extractall(folder)
        for _ in range(10):
            for name, asked in codes.items():
                times[name].append(import_seconds(folder, *asked))
    bare, own, mail = (min(taken) * 1000 for taken in times.values())
    return [
        Figure("deployment.zip, without boto3", len(code) / 1e6, 12, "MB"),
        Figure("import of boto3 alone", round(bare), unit="ms"),
        Figure("start of the API's function, all that it imports", round(own), unit="ms"),
        Figure("the same, as a multiple", own / bare, 1.8),
        Figure("start of the function that takes mail in", round(mail), unit="ms"),
        Figure("the same, as a multiple", mail / bare, 1.5),
    ]


def import_seconds(folder: str, code: str, handler: str) -> float:
    code = f"import time; began = time.process_time(); {code}; print(time.process_time() - began)"
    # The first time leaves the SDK's bytecode where it is installed.
    here = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    asked = {"env": here | {"PYTHONPATH": folder, "_HANDLER": handler}, "cwd": "/"}
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, **asked).stdout)


# -- the cloud, and what is asked of it


@contextmanager
def cloud_elsewhere() -> Iterator[None]:
    command = [sys.executable, "-m", "dev.bench_cloud"]
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=surroundings, text=True) as cloud:
        try:
            assert cloud.stdout
            told = json.loads(cloud.stdout.readline())
            keys = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_REGION": "eu-west-1"}
            keys |= {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ENDPOINT_URL": told["address"]}
            os.environ.update(told["environment"] | keys)
            yield
        finally:
            cloud.terminate()


Door = Callable[[Any, str, Any], Any]  # of a client, an operation and its parameters


class Meter:
    """Stands at the door through which every call of every botocore client goes."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.seconds = 0.0

    @contextmanager
    def reading(self) -> Iterator["Meter"]:
        from botocore.client import BaseClient

        stock = BaseClient._make_api_call
        meter = self

        def counted(self: Any, operation: str, parameters: Any) -> Any:
            began = time.process_time()
            try:
                return meter.through(stock, self, operation, parameters)
            finally:
                meter.seconds += time.process_time() - began
                meter.count(operation, parameters)

        BaseClient._make_api_call = counted
        try:
            yield self
        finally:
            BaseClient._make_api_call = stock

    def through(self, door: Door, client: Any, operation: str, parameters: Any) -> Any:
        """One call. Who wants to know more of it than its name takes the place of this."""
        return door(client, operation, parameters)

    def count(self, operation: str, _parameters: Any) -> None:
        self.calls.append(operation)


class EveryTicket(Meter):
    """Leaves out what one ticket in ten costs more, by its number: each run would tell other figures."""

    def count(self, operation: str, parameters: Any) -> None:
        if not is_sampled(parameters):
            super().count(operation, parameters)


def is_sampled(parameters: Any) -> bool:
    """Whether this call counts for the breaker of automatic answers (records.desk_may_answer)."""
    key = parameters.get("Key")  # of an object it is text
    return isinstance(key, dict) and re.fullmatch(r"R#answers#\d+", key["pk"]["S"]) is not None


def calls(what: str, target: float | None, act: Any, *arguments: Any) -> tuple[Figure, Any]:
    with EveryTicket().reading() as meter:
        answer = act(*arguments)
    return Figure(f"AWS calls: {what}<br><small>{', '.join(meter.calls)}</small>", len(meter.calls), target), answer


def stories() -> Iterator[Figure]:
    """Each once, the second time it happens in a container: configuration and clients are there."""
    from chalicelib import desk, desk_lists, postmaster
    from chalicelib.composing import Saying
    from chalicelib.config import config
    from dev.bench_mails import letter, put

    ann, ada = (config().agents[login] for login in ("ann", "ada"))
    now = datetime.now(UTC)
    postmaster.take_in(put(letter(900_000)), now)
    yield calls("new ticket by mail", 9, postmaster.take_in, put(letter(900_001)), now)[0]
    yield calls(
        "new ticket by mail of a customer who has asked nearly the same before",
        11,
        postmaster.take_in,
        put(letter(900_004, sender=900_001)),
        now,
    )[0]
    yield calls("new ticket by mail, a file", 10, postmaster.take_in, put(letter(900_002, files=1)), now + SECOND)[0]
    number = newest(ann, now)  # which is why it came a second later
    yield calls("follow-up by mail", 9, postmaster.take_in, put(letter(900_003, number=number, sender=900_002)), now)[0]
    yield calls("open a ticket", 2, desk.show, number, ann, now)[0]
    yield calls("list of one queue", 2, desk_lists.tickets, ann, desk_lists.Wanted(), now)[0]
    wanted = desk_lists.Wanted()
    yield calls(
        f"list of {len(config().queues)} queues", 1 + len(config().queues), desk_lists.tickets, ada, wanted, now
    )[0]
    figure, locked = calls("lock", 3, desk.lock, number, ann, False, now)
    yield figure
    saying = Saying("reply", "Pull the plug.", epoch=locked.epoch, seen=locked.article_count)
    yield calls("reply", 6, desk.say, number, ann, saying, now)[0]


def newest(by: Any, now: datetime) -> str:
    from chalicelib import desk_lists

    page = desk_lists.tickets(by, desk_lists.Wanted(), now)
    return str(page.rows[0]["number"])


# -- what a mail costs


def mails() -> list[Figure]:
    from chalicelib import postmaster
    from dev.bench_mails import letter, put

    keys = [put(letter(n, files=n % 4 == 0)) for n in range(WARM + MAILS)]
    # A minute apart for the desk: it sends only so many automatic answers in a minute, and what is held back costs less.
    times = [datetime.now(UTC) + timedelta(minutes=n) for n in range(len(keys))]
    for key, now in zip(keys[:WARM], times, strict=False):
        postmaster.take_in(key, now)
    with Meter().reading() as meter:
        began, begun = time.process_time(), time.perf_counter()
        for key, now in zip(keys[WARM:], times[WARM:], strict=True):
            postmaster.take_in(key, now)
        whole, wall = time.process_time() - began, time.perf_counter() - begun
    each = 1000 / MAILS
    return [
        Figure(f"CPU per mail ({MAILS} new tickets, a quarter with a file)", whole * each, 25, "ms"),
        Figure("of that botocore", meter.seconds * each, unit="ms"),
        Figure("of that ours", (whole - meter.seconds) * each, 8, "ms"),
        Figure("by the clock, the fake cloud's work included", wall * each, unit="ms"),
    ]


if __name__ == "__main__":
    sys.exit(main())
