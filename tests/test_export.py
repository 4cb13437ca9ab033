"""What a desk knows comes out whole, can be read without it, and goes into another one: exported again, byte for byte the same."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import config, desk, desk_merge, files, store
from chalicelib.composing import Saying
from dev import restore
from dev.cloud import Cloud
from dev.export import export, path_of, readable_value
from dev.progress import Progress
from dev.restore import typed
from tests.cast import ANN, CARLA_HERSELF, MONDAY
from tests.client import proven
from tests.crashes import Crash, crash_at
from tests.posting import mail
from tests.test_postmaster import tickets


@pytest.fixture
def busy(cloud: Cloud, take_in: Callable[..., None]) -> Cloud:
    """A desk with a bit of everything."""
    take_in(mail("Принтер горит, и весь офис в дыму.", "Пожар", files=(("a.pdf", b"%PDF"),)), "in/1")
    take_in(mail("The scanner scans nothing.", "Scanner", message_id="<s@customer.example>"), "in/2")
    take_in(b"noise", "in/3")
    first, second = (each.ticket.number for each in tickets())
    epoch = desk.lock(first, ANN, False, MONDAY).epoch
    desk.say(first, ANN, Saying("reply", "Use water.", "<p>Use <b>water</b>.</p>", epoch=epoch, seen=1), MONDAY)
    desk.draft(second, ANN, "reply", {"text": "Dear Carla"}, MONDAY)
    desk_merge.merge(second, first, ANN, MONDAY)
    proven(CARLA_HERSELF)
    return cloud


def tree(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}


def progress(folder: Path) -> Progress:
    return Progress(folder / "progress.json", "Importing")


def test_an_export_of_an_import_is_the_same_byte_for_byte(busy: Cloud, tmp_path: Path) -> None:
    export(tmp_path / "one")
    busy.empty()
    restore.restore(tmp_path / "one", progress(tmp_path))
    export(tmp_path / "two")
    assert tree(tmp_path / "two") == tree(tmp_path / "one")


def test_the_imported_desk_works_on(busy: Cloud, tmp_path: Path, take_in: Callable[..., None]) -> None:
    secret, before = config.config().secret, tickets()
    export(tmp_path / "one")
    busy.empty()
    restore.restore(tmp_path / "one", progress(tmp_path))
    assert (config.config().secret, tickets()) == (secret, before)
    (file,) = [file for each in before for article in each.articles for file in article.attachments]
    assert files.read(file.key) == b"%PDF"
    reference = {"References": "<first@customer.example>"}
    take_in(mail("Ещё горит.", "Re: Пожар", message_id="<3@customer.example>", headers=reference), "in/4")
    assert len(tickets()) == 2


def test_it_can_be_read_without_the_desk(busy: Cloud, tmp_path: Path) -> None:
    export(tmp_path / "one")
    kept = next(found for each in tickets() if not (found := each.ticket).merged_into)
    file = tmp_path / "one" / "tickets" / kept.number[:6] / f"{kept.number}.jsonl"
    text = file.read_text(encoding="utf-8")
    assert "Принтер горит" in text and "Use water." in text
    assert all(isinstance(json.loads(line), dict) for line in text.splitlines())
    assert (tmp_path / "one" / "objects" / "mail" / "1.eml").read_bytes() == files.read("mail/1")
    assert json.loads((tmp_path / "one" / "manifest.json").read_text())["tickets"] == 2


def test_nobody_elses_session_comes_along(busy: Cloud, tmp_path: Path) -> None:
    export(tmp_path / "one")
    told = b"".join(tree(tmp_path / "one").values())
    assert b'"pk":"S#' not in told and b'"pk":"SO#' not in told
    assert (tmp_path / "one").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("call", [2, 4, 6, 8])
def test_interrupted_exports_and_imports_go_on_where_they_were(call: int, busy: Cloud, tmp_path: Path) -> None:
    export(tmp_path / "one")
    with crash_at(call, after=True), pytest.raises(Crash):
        export(tmp_path / "two")
    export(tmp_path / "two")
    assert tree(tmp_path / "two") == tree(tmp_path / "one")
    busy.empty()
    with crash_at(call, after=True), pytest.raises(Crash):
        restore.restore(tmp_path / "one", progress(tmp_path))
    restore.restore(tmp_path / "one", progress(tmp_path))
    export(tmp_path / "three")
    assert tree(tmp_path / "three") == tree(tmp_path / "one")


def test_a_desk_with_tickets_of_its_own_is_left_alone(busy: Cloud, tmp_path: Path) -> None:
    export(tmp_path / "one")
    before = tickets()
    with pytest.raises(restore.Refused, match="tickets already"):
        restore.restore(tmp_path / "one", progress(tmp_path))
    assert tickets() == before


def test_what_is_no_export_or_was_changed_is_refused(busy: Cloud, tmp_path: Path) -> None:
    with pytest.raises(restore.Refused, match="manifest"):
        restore.restore(tmp_path, progress(tmp_path))
    export(tmp_path / "one")
    (tmp_path / "one" / "objects" / "mail" / "1.eml").write_bytes(b"another mail")
    busy.empty()
    with pytest.raises(restore.Refused, match="not what was exported"):
        restore.restore(tmp_path / "one", progress(tmp_path))


VALUES = st.one_of(
    st.text().map(lambda text: {"S": text}),
    st.integers(-(10**20), 10**20).map(lambda number: {"N": str(number)}),
    st.sampled_from(["1.5", "-0.25", "1E+2", "007"]).map(lambda number: {"N": number}),
    st.binary().map(lambda data: {"B": data}),
    st.recursive(st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)).map(
        lambda value: {"S": store.dumped(value)}
    ),
)


@given(VALUES)
def test_every_value_comes_back_as_it_was(value: dict[str, Any]) -> None:
    told = json.loads(json.dumps(readable_value(value)))
    assert typed(told) == value


@given(st.lists(st.sampled_from(["..", ".", "", "a", "б", "a b", "/", "\\", "%2e%2e", "c:"]), min_size=1, max_size=5))
def test_no_key_leads_out_of_the_folder(parts: list[str]) -> None:
    place = Path("/export") / path_of("files/" + "/".join(parts))
    assert ".." not in place.parts
    assert str(place).startswith("/export/objects/files")
