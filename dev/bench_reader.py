"""What reading mail costs, and how well it is read: CPU time for a mail, a mail of 40 MB, and the real mails beside the project."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from chalicelib import incoming
from dev import corpus
from dev.bench_mails import letter

ROOT = Path(__file__).parent.parent
MAILS = ROOT.parent / "shared" / "mails"
SMALL = 1_000_000  # bytes
TARGETS = {"headers": 99, "text": 97, "html": 95, "attachments": 97, "visible reply": 80, "bounces": 92, "auto replies": 100,
           "tnef": 92, "must-not-crash": 100}  # fmt: skip
LIBRARY = {"headers": 95.0, "text": 93.3, "html": 94.4, "attachments": 90.6, "visible reply": 24.9, "bounces": 49.4,
           "auto replies": 100.0, "tnef": 33.3, "must-not-crash": 99.8}  # fmt: skip


def costs() -> dict[str, float]:
    """Milliseconds at the median and the 99th percentile; seconds and megabytes of a mail of 40 MB, in a process of its own."""
    mails = [letter(n, files=n % 4 == 0) for n in range(300)] + real_mails()
    times = sorted(read_in(raw) for raw in mails)
    command = [sys.executable, "-m", "dev.bench_reader", "large"]
    told = json.loads(subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout)
    return {"p50": times[len(times) // 2] * 1000, "p99": times[len(times) * 99 // 100] * 1000, **told}


def real_mails() -> list[bytes]:
    if not MAILS.exists():
        return []
    cases = map(json.loads, (MAILS / "cases.jsonl").read_text(encoding="utf-8").splitlines())
    found = [(MAILS / case["path"]).read_bytes() for case in cases if case["input_kind"] == "raw_mail"]
    return [raw for raw in found if len(raw) < SMALL]


def read_in(raw: bytes) -> float:
    """Seconds of CPU time, the better of two: the first one of all also loads tables."""
    took = []
    for _ in range(2):
        began = time.process_time()
        with suppress(incoming.NotMail):
            incoming.read(raw)
        took.append(time.process_time() - began)
    return min(took)


def large() -> dict[str, float]:
    """As large as SES takes one: a text, and files."""
    message = EmailMessage()
    message["From"], message["Subject"] = "carla@customer.example", "Large"
    message.set_content("See the files.\n" * 100)
    for n in range(3):
        message.add_attachment(bytes(range(256)) * 38_000, "application", "octet-stream", filename=f"{n}.bin")
    raw = message.as_bytes()
    del message
    began = time.perf_counter()
    incoming.parse(raw)
    seconds = time.perf_counter() - began
    return {
        "large": seconds,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "size": len(raw) / 1e6,
    }


def table() -> str | None:
    """How well the real mails are read, by area; None where they are not there."""
    if not MAILS.exists():
        return None
    areas = graded()
    rows = ["| area | checks | right | Python's email alone | wanted |", "|---|---:|---:|---:|---:|"]
    for area, wanted in TARGETS.items():
        checks, right = areas[area]["checks"], areas[area]["right"]
        share = f"{100 * right / checks:.1f} %"
        share = share if 100 * right / checks >= wanted else f"**{share}**"
        rows.append(f"| {area} | {checks} | {share} | {LIBRARY[area]} % | {wanted} % |")
    return "\n".join(rows)


def graded() -> dict[str, Any]:
    """By the corpus's own grade.py."""
    with tempfile.TemporaryDirectory() as folder:
        results, told = Path(folder) / "results.jsonl", Path(folder) / "grade.json"
        corpus.main(str(MAILS / "cases.jsonl"), str(results))
        command = [
            sys.executable,
            str(MAILS / "grade.py"),
            str(MAILS / "cases.jsonl"),
            str(results),
            "--json",
            str(told),
        ]
        subprocess.run(command, capture_output=True, check=True)
        areas: dict[str, Any] = json.loads(told.read_text())["areas"]
        return areas


if __name__ == "__main__":
    print(json.dumps(large()))
