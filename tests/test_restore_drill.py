"""The drill: a desk that can be brought back is told so, one that cannot is not."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dev import drill
from dev.at_hand import desk_at
from dev.cloud import Cloud
from dev.export import export
from tests.posting import mail


@pytest.fixture
def exported(cloud: Cloud, take_in: Callable[..., None], tmp_path: Path) -> Path:
    take_in(mail("Принтер горит, и весь офис в дыму.", "Пожар", files=(("a.pdf", b"%PDF"),)), "in/1")
    take_in(b"noise", "in/2")
    export(tmp_path / "export")
    return tmp_path / "export"


def test_a_desk_comes_back_as_it_was(exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert drill.drill(tmp_path / "drill", tmp_path, exported) == 0
    assert "1 tickets" in capsys.readouterr().out.replace("1 ticket,", "1 tickets,")


def test_the_desk_of_a_folder_is_only_read(cloud: Cloud, tmp_path: Path) -> None:
    (tmp_path / "drill").mkdir()
    with desk_at(tmp_path / "data", new=True):
        pass
    before = {each.name for each in (tmp_path / "data").iterdir()}
    assert drill.drill(tmp_path / "drill", tmp_path / "data") == 0
    assert {each.name for each in (tmp_path / "data").iterdir()} >= before


def test_what_does_not_come_back_the_same_is_said(exported: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "manifest.json").write_text(json.dumps({"tickets": 0}))
    told = drill.differences(exported, other)
    assert "manifest.json is different" in told and any("did not come back" in each for each in told)
