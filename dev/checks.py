"""The steps of `./desk test`: each runs whatever the others say, then one line for each and one for all.

Whoever reads only the last line may believe it: 'N passed, N failed' counts the tests of all three runners, and the exit code is 0
only when every step was content, some test ran, and nothing that belongs here was left out in continuous integration.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
CI = os.environ.get("CI", "").lower() in ("true", "1")
MOST_WORKERS = 8
LONG = "@long|(hostile|later|mail|opening|together).spec"  # browser tests for which there is no time every day
BROWSERS = ("/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Step:
    """`counts` finds the words of its runner about passed, failed and skipped tests in what it printed; None: runs no tests."""

    title: str
    command: tuple[str, ...]
    folder: Path = ROOT
    counts: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Result:
    title: str
    good: bool
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    remark: str = ""


# The closing line of each runner; vitest also has one that counts files, playwright one line for each kind.
PYTEST = re.compile(r"^=*\s?((?:\d+ [a-z]+,? )+)in [\d.]+s", re.M)
VITEST = re.compile(r"^\s*Tests  (.*?)\(\d+\)", re.M)
PLAYWRIGHT = re.compile(r"^  (\d+ (?:passed|failed|flaky|skipped|interrupted|did not run))", re.M)
KINDS = {"passed": "passed", "failed": "failed", "error": "failed", "errors": "failed", "skipped": "skipped", "did not run": "failed",
         "interrupted": "failed", "flaky": "failed", "xpassed": "failed", "xfailed": "passed", "todo": "skipped"}  # fmt: skip


def main(arguments: list[str]) -> int:
    everything = "--all" in arguments
    own = [each for each in arguments if each != "--all"]
    chromium = browser()
    if chromium:
        os.environ["CHROMIUM"] = chromium
    if everything:
        os.environ.setdefault("HOSTILE_COUNT", "1000")  # letters of web/e2e/hostile.spec.ts
    steps = [pytest(bool(chromium), own=own)] if own else all_steps(everything, bool(chromium))
    results = [carried_out(each) for each in steps]
    if not chromium and not own:
        results.append(
            Result(
                "Browser tests", good=not CI, remark="left out: no Chromium; apt-get install chromium, or set CHROMIUM"
            )
        )
    return concluded(results)


def browser() -> str | None:
    """Where a Chromium is: CHROMIUM, then the usual places."""
    wanted = (os.environ["CHROMIUM"],) if os.environ.get("CHROMIUM") else BROWSERS
    return next((found for each in wanted if (found := shutil.which(each))), None)


def all_steps(everything: bool, chromium: bool) -> list[Step]:
    web = ROOT / "web"
    steps = [
        Step("Format", tool("ruff", "format", "--check", "--output-format", "concise", ".")),
        Step("Lint", tool("ruff", "check", "--output-format", "concise", ".")),
        Step("Types", tool("mypy")),
        pytest(chromium, "not long", "Python tests", abreast=True),
        Step("Web types", ("npm", "run", "--silent", "typecheck"), web),
        Step("Web tests", ("npm", "test", "--silent"), web, VITEST),
    ]
    if chromium:
        fewer = () if everything else ("--", "--grep-invert", LONG)
        steps.append(Step("Browser tests", ("npm", "run", "--silent", "e2e", *fewer), web, PLAYWRIGHT))
    if everything:
        steps.append(pytest(chromium, "long", "Long tests"))
        steps.append(Step("Package", (sys.executable, "-m", "dev.package")))
        steps.append(Step("Scan", (sys.executable, "-m", "dev.scan")))  # of what the step before has made
        steps.append(Step("System test", (sys.executable, "-m", "dev.system_test")))
    return steps


def tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name, *arguments)


def pytest(
    chromium: bool, which: str = "", title: str = "Python tests", abreast: bool = False, own: Sequence[str] = ()
) -> Step:
    """`which`: a mark or its opposite. `abreast`: a process for each processor; long tests start processes of their own."""
    wanted = [*([which] if which else []), *([] if chromium or CI else ["not browser"])]
    marks = ["-m", " and ".join(wanted)] if wanted and "-m" not in own else []
    quiet = [] if "-q" in own else ["-q"]  # twice, it would keep its closing line to itself
    workers = ["-n", str(min(os.cpu_count() or 1, MOST_WORKERS)), "--dist", "worksteal"] if abreast else []
    return Step(title, tool("pytest", *quiet, *marks, *workers, *own), ROOT, PYTEST)


def carried_out(step: Step) -> Result:
    print(
        f"\n--- {step.title}: {' '.join(step.command[1:] if step.command[0] == sys.executable else step.command)}",
        flush=True,
    )
    began = time.monotonic()
    printed: list[str] = []
    with subprocess.Popen(step.command, cwd=step.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True) as running:  # fmt: skip
        assert running.stdout
        try:
            for line in running.stdout:
                print(line, end="", flush=True)
                printed.append(line)
        except BaseException:  # Ctrl-C or SIGTERM: npm's children would stay if only npm were told
            os.killpg(running.pid, signal.SIGKILL)
            raise
    counts = counted(step.counts, "".join(printed)) if step.counts else Counter()
    good = running.returncode == 0 and not counts["failed"] and (step.counts is None or counts["passed"] > 0)
    remark = "it ran no test" if step.counts and not counts else ""
    if CI and counts["skipped"]:
        good, remark = False, "in continuous integration nothing may be skipped"
    return Result(step.title, good, time.monotonic() - began, counts, remark)


def counted(pattern: re.Pattern[str], printed: str) -> Counter[str]:
    """From the last closing line of pytest or vitest, or all of playwright's."""
    found = pattern.findall(printed)
    words = re.findall(r"(\d+) (did not run|[a-z]+)", " ".join(found if pattern is PLAYWRIGHT else found[-1:]))
    counts: Counter[str] = Counter()
    for number, word in words:
        if word in KINDS:
            counts[KINDS[word]] += int(number)
    return counts


def concluded(results: list[Result]) -> int:
    total: Counter[str] = sum((each.counts for each in results), Counter())
    print("\n--- In short")
    for each in results:
        tests = ", ".join(f"{number} {word}" for word, number in sorted(each.counts.items()) if number)
        words = "; ".join(word for word in (tests, each.remark) if word)
        print(f"{'ok    ' if each.good else 'FAILED'} {each.title:14} {each.seconds:6.1f} s  {words}".rstrip())
    good = all(each.good for each in results) and total["passed"] > 0
    print(
        f"{total['passed']} passed, {total['failed']} failed"
        + (f", {total['skipped']} skipped" if total["skipped"] else "")
    )
    return 0 if good else 1


if __name__ == "__main__":
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ["NO_COLOR"] = "1"
    os.environ.pop("FORCE_COLOR", None)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
