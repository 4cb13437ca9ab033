"""The corpus of real mails that lies beside the project, where it does: read by our parser, judged by its own grade.py."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dev import corpus

MAILS = Path(__file__).resolve().parents[2] / "shared" / "mails"

# Percent of the checks of an area that must be right: what was reached, less one.
FLOORS = {
    "headers": 99,
    "text": 94.7,
    "html": 96,
    "attachments": 96,
    "visible reply": 96,
    "bounces": 97,
    "auto replies": 99,
    "tnef": 89,
    "must-not-crash": 100,
}

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not (MAILS / "grade.py").exists(), reason="the corpus is not beside the project"),
]


@pytest.fixture(scope="module")
def areas(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grade")
    corpus.main(str(MAILS / "cases.jsonl"), str(folder / "results.jsonl"))
    subprocess.run(
        [
            sys.executable,
            str(MAILS / "grade.py"),
            str(MAILS / "cases.jsonl"),
            str(folder / "results.jsonl"),
            "--json",
            str(folder / "grade.json"),
        ],
        check=True,
        capture_output=True,
    )
    return json.loads((folder / "grade.json").read_text(encoding="utf-8"))["areas"]


@pytest.mark.parametrize(("area", "floor"), FLOORS.items())
def test_real_mails_are_read_as_well_as_before(areas, area, floor):
    assert 100 * areas[area]["right"] / areas[area]["checks"] >= floor
