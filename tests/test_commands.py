"""`./desk` itself, and how `./desk test` counts what others print."""

import importlib.machinery
import importlib.util
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from dev import checks

ROOT = Path(__file__).parent.parent


def desk(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "desk"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """`desk` as a module; it has no suffix, so that one types less."""
    loader = importlib.machinery.SourceFileLoader("desk_script", str(ROOT / "desk"))
    spec = importlib.util.spec_from_loader("desk_script", loader)
    assert spec
    made = importlib.util.module_from_spec(spec)
    loader.exec_module(made)
    return made


def test_help_names_every_verb(script: ModuleType) -> None:
    told = desk("help").stdout
    assert all(f"./desk {verb}" in told for verb in script.VERBS)


def test_an_unknown_verb_and_a_wrong_shift_get_one_sentence() -> None:
    for arguments in (["nope"], ["clock"], ["clock", "tomorrow"], ["clock", "3d"]):
        answer = desk(*arguments)
        assert answer.returncode == 1
        assert len(answer.stderr.strip().splitlines()) == 1


def test_moving_the_clock_of_no_desk_says_so(tmp_path: Path) -> None:
    for flags in (["--data", str(tmp_path)], [f"--data={tmp_path}"]):
        answer = desk("clock", *flags, "+3d", folder=tmp_path)
        assert answer.returncode == 1
        assert answer.stderr.startswith("No desk is running")


def test_work_is_done_once_and_anew_when_broken_off_or_when_its_product_is_gone(
    script: ModuleType, tmp_path: Path
) -> None:
    stamp, product = tmp_path / "stamp", tmp_path / "product"
    with script.stamped(stamp, "one", product) as fresh:
        assert fresh is True
        product.touch()
    with script.stamped(stamp, "one", product) as fresh:
        assert fresh is None
    with pytest.raises(KeyboardInterrupt), script.stamped(stamp, "two", product) as fresh:
        assert fresh is False
        raise KeyboardInterrupt
    with script.stamped(stamp, "one", product) as fresh:
        assert fresh is True
    product.unlink()
    with script.stamped(stamp, "one", product) as fresh:
        assert fresh is True


def test_a_command_that_fails_shows_what_it_said(script: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="That failed: trying"):
        script.step("Trying (a moment)", [sys.executable, "-c", "print('no such thing'); raise SystemExit(3)"])
    assert "no such thing" in capfd.readouterr().err


def test_a_server_started_by_the_desk_is_the_process_that_was_started(script: ModuleType) -> None:
    """No parent stays behind that would swallow signals: the verbs replace their process."""
    assert "execv" in script.become.__code__.co_names


@pytest.mark.parametrize(
    ("pattern", "printed", "counts"),
    [
        (checks.PYTEST, "...\n12 passed, 1 skipped, 3 deselected in 4.20s\n", {"passed": 12, "skipped": 1}),
        (checks.PYTEST, "== 1 failed, 2 passed, 1 error in 65.00s (0:01:05) ==\n", {"passed": 2, "failed": 2}),
        (checks.PYTEST, "no tests ran in 0.01s\n", {}),
        (checks.VITEST, " Test Files  6 passed (6)\n      Tests  76 passed (76)\n", {"passed": 76}),
        (checks.VITEST, "      Tests  1 failed | 75 passed | 2 skipped (78)\n", {"passed": 75, "failed": 1, "skipped": 2}),
        (checks.PLAYWRIGHT, "  1 failed\n    e2e/a.spec.ts:1:1 › x\n  2 did not run\n  23 passed (4.0m)\n", {"passed": 23, "failed": 3}),
    ],
)  # fmt: skip
def test_the_closing_lines_of_all_runners_are_understood(pattern: object, printed: str, counts: dict[str, int]) -> None:
    assert checks.counted(pattern, printed) == Counter(counts)  # type: ignore[arg-type]


def test_a_run_without_any_test_has_failed(capsys: pytest.CaptureFixture[str]) -> None:
    assert checks.concluded([checks.Result("Format", True)]) == 1
    assert capsys.readouterr().out.endswith("0 passed, 0 failed\n")


def test_one_step_that_failed_fails_the_run_and_the_last_line_counts(capsys: pytest.CaptureFixture[str]) -> None:
    results = [checks.Result("Python tests", True, counts=Counter(passed=3)), checks.Result("Lint", False)]
    assert checks.concluded(results) == 1
    assert checks.concluded(results[:1]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "3 passed, 0 failed"


def test_a_browser_that_is_not_where_chromium_says_is_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", os.devnull + "/none")
    assert checks.browser() is None
