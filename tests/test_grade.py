"""The corpus of real mails that lies beside the project, where it does: read by our parser, judged by its own grade.py."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dev import corpus
from tests.letters import from_ses

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


def graded(cases, folder):
    corpus.main(str(cases), str(folder / "results.jsonl"))
    command = [sys.executable, MAILS / "grade.py", cases, folder / "results.jsonl", "--json", folder / "grade.json"]
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    return json.loads((folder / "grade.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def grade(tmp_path_factory):
    return graded(MAILS / "cases.jsonl", tmp_path_factory.mktemp("grade"))


@pytest.mark.parametrize(("area", "floor"), FLOORS.items())
def test_real_mails_are_read_as_well_as_before(grade, area, floor):
    told = grade["areas"][area]
    assert 100 * told["right"] / told["checks"] >= floor


# What is true of a mail is true of it by whatever way it came.


def crlf(raw):
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def with_headers(change):
    def rewritten(raw):
        headers, _, body = raw.partition(b"\r\n\r\n" if b"\r\n\r\n" in raw else b"\n\n")
        return change(crlf(headers)) + b"\r\n\r\n" + body if headers and body else raw

    return rewritten


WAYS = {
    "LF": lambda raw: raw.replace(b"\r\n", b"\n"),
    "CR LF": crlf,
    "CR CR LF": lambda raw: crlf(raw).replace(b"\r\n", b"\r\r\n"),
    "below SES's headers": lambda raw: raw if raw.startswith(b"From ") else from_ses(crlf(raw)),
    "with the line of an mbox": lambda raw: raw if raw.startswith(b"From ") else b"From a@b.example Mon Nov 23\n" + raw,
    "names in small letters": with_headers(lambda told: NAME.sub(lambda name: name[0].lower(), told)),
    "names in capitals": with_headers(lambda told: NAME.sub(lambda name: name[0].upper(), told)),
    "nothing folded": with_headers(lambda told: re.sub(rb"\r\n[ \t]+", b" ", told)),
    "no space after the colon": with_headers(lambda told: re.sub(rb"(?m)^([!-9;-~]+:)[ \t]+(?=\S)", rb"\1", told)),
    "tabs after the colon": with_headers(lambda told: re.sub(rb"(?m)^([!-9;-~]+:) ?(?=\S)", b"\\1\t\t", told)),
}
NAME = re.compile(rb"(?m)^[!-9;-~]+:")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_real_mails_are_read_alike_by_whatever_way_they_came(grade, way, tmp_path):
    lines = (MAILS / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    mails = [line for line in lines if json.loads(line)["input_kind"] == "raw_mail"]
    for path in (json.loads(line)["path"] for line in mails):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(way((MAILS / path).read_bytes()))
    (tmp_path / "cases.jsonl").write_text("\n".join(mails), encoding="utf-8")
    assert not failed(graded(tmp_path / "cases.jsonl", tmp_path)) - failed(grade)


def failed(told):
    return {(each["path"], each["check"]) for each in told["failed"]}
