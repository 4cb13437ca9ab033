"""`./desk bench search`: what finding costs, with 100,000 and a million letters. `--json`: one line of figures.

Smaller is better everywhere. The questions go through what answers an agent, rights and counting included, but for the table
(one read, see docs/cost.md); the index lies in the fake cloud and is fetched from there.
"""

import argparse
import gc
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from dev.bench_fuzz import fuzz, hostile
from dev.bench_letters import LETTERS_A_TICKET, QUEUES, Words, tickets
from dev.bench_lists import lists

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SMALL, LARGE, FACTS = 100_000, 1_000_000, 1_000_000  # letters, letters, tickets
ROUNDS = 30  # of each kind of question
FUZZ, SLOW = 5000, 200  # strings, ms
SIZES = {"100k": SMALL, "1m": LARGE}

Measured = dict[str, tuple[float, float]]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./desk bench search", description="Measures the search.")
    parser.add_argument("--json", action="store_true", help="one line: {name: {value, target}}")
    parser.add_argument("--small", action="store_true", help="without a million letters and tickets")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.part:
        print(json.dumps(PARTS[asked.part]()))
        return 0
    figures: Measured = {}
    for part in PARTS:
        if not (asked.small and part in ("million", "reports")):
            figures |= apart(part)
    show(figures, asked.json)
    return 0


def apart(part: str) -> Measured:
    """In a process of its own: what one part has in memory says nothing of another."""
    command = [sys.executable, "-m", "dev.bench_search", "--part", part]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()[-1]
    return {name: (value, target) for name, (value, target) in json.loads(told).items()}


def show(figures: Measured, as_json: bool) -> None:
    if as_json:
        print(json.dumps({name: {"value": value, "target": target} for name, (value, target) in figures.items()}))
        return
    for name, (value, target) in figures.items():
        print(f"{name:38} {value:10.3f}   target {target:g}   {'' if value <= target else 'NOT REACHED'}")


# -- an index


def built(folder: Path, letters: int, facts: bool = False) -> None:
    """`letters` and what belongs to them; with `facts` so many tickets without a letter."""
    from chalicelib.search import embedded

    index = embedded.opened(str(folder))
    writer = index.writer(200_000_000, 2)
    found = tickets(letters, Words(1), 0) if facts else tickets(letters // LETTERS_A_TICKET, Words(1))
    for _, documents in found:
        for each in documents:
            writer.add_document(embedded.document(each))
    writer.commit()
    writer.wait_merging_threads()


def questions(words: Words) -> dict[str, Callable[[], str]]:
    """What people ask, by kind."""
    russian, english = words.known["ru"], words.known["en"]
    pick = random.Random(2)

    def common() -> str:
        return pick.choice((russian, english))[pick.randrange(300)]

    def middling() -> str:
        return pick.choice((russian, english))[pick.randrange(300, 5000)]

    return {
        "a common word": common,
        "a rarer word": middling,
        "an id": lambda: f"ERR-{pick.randrange(20_000):x}1q",
        "two words": lambda: f"{common()} {middling()}",
        "one of five": lambda: " OR ".join(middling() for _ in range(5)),
        "two words side by side": lambda: f'"{common()} {common()}"',
        "a beginning": lambda: f"{middling()[:4]}*",
        "a word, queue and state": lambda: f"{common()} queue:{pick.choice(QUEUES)} state:open",
        "a word of some months": lambda: f"{common()} created:2024-03..2024-08",
        "fields alone": lambda: f"queue:{pick.choice(QUEUES)} state:closed",
        "one without another": lambda: f"{middling()} -{middling()}",
    }


SORTS = ("relevance", "-created", "relevance", "title")


def asked(engine: Any, typed: str, sort: str) -> float:
    """Milliseconds of one question, from what was typed to the tickets of a page and their number."""
    from chalicelib.search import query, schema, searching
    from chalicelib.search.clauses import All, Is, asks_text
    from chalicelib.search.documents import ARTICLE, TICKET

    began = time.perf_counter()
    clause = query.read(typed, NOW).clause
    if clause is not None:
        kind = ARTICLE if asks_text(clause) else TICKET
        searching.wanted(clause, All((Is("kind", (kind,)), Is("queue", QUEUES[:3]))), schema.AGENT_TEXT, sort, 21)
    return (time.perf_counter() - began) * 1000


def times(engine: Any, words: Words) -> list[float]:
    kinds = questions(words)
    for ask in kinds.values():
        asked(engine, ask(), "relevance")
    found = {kind: [asked(engine, ask(), SORTS[n % len(SORTS)]) for n in range(ROUNDS)] for kind, ask in kinds.items()}
    for kind, taken in found.items():
        print(f"  {kind:26} {statistics.median(taken):8.2f} ms, at most {max(taken):8.2f}", file=sys.stderr)
    return [each for taken in found.values() for each in taken]


def percentile(taken: list[float], share: float) -> float:
    return sorted(taken)[min(len(taken) - 1, int(len(taken) * share))]


def over(folder: Path) -> Any:
    """The engine over a folder that is there already, in place of the desk's own."""
    from chalicelib.figures import asked as figures_asked
    from chalicelib.search import embedded, searching
    from chalicelib.search.tantivy_engine import TantivyEngine

    engine = TantivyEngine()
    engine.reader.searcher = embedded.opened(str(folder)).searcher()
    engine.reader.looked = float("inf")
    for module in (searching, figures_asked):
        module.engine = lambda: engine  # type: ignore[attr-defined]
    return engine


# -- the parts


def thousands() -> Measured:
    from dev.cloud import fake_cloud

    words = Words(1)
    with tempfile.TemporaryDirectory() as name, fake_cloud():
        folder = Path(name)
        built(folder, SMALL)
        size = sum(path.stat().st_size for path in folder.iterdir())
        engine = over(folder)
        taken = times(engine, words)
        fuzzed = [asked(engine, typed, "relevance") for typed in (*islice(fuzz(words), FUZZ), *hostile())]
        return {
            "query_100k_p50_ms": (percentile(taken, 0.5), 5),
            "query_100k_p99_ms": (percentile(taken, 0.99), 50),
            "index_bytes_per_article": (size / SMALL, 600),
            "fuzz_slowest_ms": (max(fuzzed), SLOW),
            "fuzz_crashes": (0, 0),
            **published(folder, words),
        }


def published(folder: Path, words: Words) -> Measured:
    """From the folder to S3, from there to a reader that has nothing; then one ticket changes."""
    import shutil

    from chalicelib import files
    from chalicelib.search import clauses, schema
    from chalicelib.search.tantivy_engine import TantivyEngine

    writer = TantivyEngine()
    for path in folder.iterdir():
        if not path.name.startswith("."):
            shutil.copy(path, writer.copy.folder)
    writer.copy.publish()
    began = time.perf_counter()
    reader = TantivyEngine()
    reader.reader.look()
    reader.find(clauses.Words("kabas"), schema.AGENT_TEXT, "relevance", 20)
    cold = time.perf_counter() - began
    puts: list[str] = []
    files.client().meta.events.register("before-call.s3.PutObject", lambda **_: puts.append("put"))
    began = time.perf_counter()
    writer.replace(dict(islice(tickets(1, Words(3)), 1)))
    made = time.perf_counter() - began
    began = time.perf_counter()
    reader.reader.look()
    seen = time.perf_counter() - began
    return {
        "cold_open_100k_s": (cold, 1.5),
        "s3_writes_per_changed_ticket": (len(puts), 4),
        "changed_ticket_found_after_s": (made + seen, 1),
    }


def million() -> Measured:
    words = Words(1)
    os.environ |= {"OTKLIK_TABLE": "t", "OTKLIK_BUCKET": "b", "OTKLIK_DOMAIN": "desk.localhost"}
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(
            [sys.executable, "-c", f"from dev.bench_search import *; built(Path({name!r}), LARGE)"], check=True
        )
        size = sum(path.stat().st_size for path in Path(name).iterdir())
        gc.collect()
        before = anonymous()
        taken = times(over(Path(name)), words)
        return {
            "query_1m_p50_ms": (percentile(taken, 0.5), 10),
            "query_1m_p99_ms": (percentile(taken, 0.99), 100),
            "index_bytes_per_article_1m": (size / LARGE, 600),
            "reader_anonymous_mb_1m": (anonymous() - before, 250),
        }


def reports() -> Measured:
    """Each report over three years of a million tickets, the slowest of three."""
    from chalicelib import config
    from chalicelib.access import Agent
    from chalicelib.config import Config
    from chalicelib.figures import report
    from chalicelib.queues import Queue

    os.environ |= {"OTKLIK_TABLE": "t", "OTKLIK_BUCKET": "b", "OTKLIK_DOMAIN": "desk.localhost"}
    config.cached = (float("inf"), Config({name: Queue(name, name, "") for name in QUEUES}, {}, b""))
    owner = Agent("ada", "Ada", "", role="admin")
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(
            [sys.executable, "-c", f"from dev.bench_search import *; built(Path({name!r}), FACTS, True)"], check=True
        )
        over(Path(name))
        found: Measured = {}
        for each in report.REPORTS:
            taken = []
            for _ in range(3):
                began = time.perf_counter()
                report.report(each, owner, date(2023, 11, 1), date(2026, 11, 24), (), False, NOW)
                taken.append((time.perf_counter() - began) * 1000)
            found[f"report_{each}_1m_ms"] = (max(taken), 200)
        return found


def anonymous() -> float:
    """MB of this process that no file stands behind."""
    line = next(each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


PARTS: dict[str, Callable[[], Measured]] = {
    "thousands": thousands,
    "lists": lists,
    "million": million,
    "reports": reports,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
