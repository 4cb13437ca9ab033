"""What a desk leaves when it goes is found again: it can be exported, brought into the next one, or erased."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chalicelib import cognito, config
from dev import export, restore
from dev.aws import inside, kept, release
from dev.aws.account import Account, Stopped
from dev.aws.kept import Memory
from dev.cloud import Cloud
from dev.progress import Progress
from tests.cast import ADA, ANN
from tests.posting import mail
from tests.test_postmaster import tickets

STAGE = ["--stage", "prod", "--region", "eu-west-1"]


@pytest.fixture
def to(cloud: Cloud) -> Iterator[Account]:
    account = Account("prod", "eu-west-1", sleep=lambda seconds: None)
    release.make_shelf(account)
    yield account
    kept.clear_shelf(account)


@pytest.fixture
def gone(to: Account, cloud: Cloud, take_in: Callable[..., None]) -> Memory:
    """A desk with one letter, of which only this is known any more."""
    take_in(mail("The printer is on fire.", "Fire"), "in/1")
    memory = Memory("help.example.com", cloud.table, cloud.bucket, cloud.user_pool)
    kept.note(to, memory)
    return memory


def test_what_is_kept_is_noted_once_however_often_it_is_told(to: Account, gone: Memory) -> None:
    kept.note(to, gone)
    assert [each.table for each in kept.memories(to)] == [gone.table]


def test_a_new_desk_says_that_it_begins_without_the_old_one(
    to: Account, gone: Memory, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.remind(to)
    said = capsys.readouterr().out
    assert gone.table in said and "./desk export --stage prod --kept DIR" in said


@pytest.mark.usefixtures("gone")
def test_what_was_kept_comes_into_the_next_desk(to: Account, cloud: Cloud, tmp_path: Path) -> None:
    before = tickets()
    assert export.main([str(tmp_path / "old"), *STAGE, "--kept"]) == 0
    cloud.empty()
    restore.restore(tmp_path / "old", Progress(tmp_path / "progress.json", "Importing"))
    config.forget()
    assert tickets() == before and ANN.login in config.config().agents


def test_agents_who_came_along_get_accounts_once(cloud: Cloud) -> None:
    assert cognito.create(ADA.login, "an-old-one-aZ7")
    assert (inside.sign_up_agents(), inside.sign_up_agents()) == (3, 0)


def test_where_nothing_is_kept_nothing_can_be_exported(to: Account, tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="Nothing is kept"):
        kept.newest(to)
    with pytest.raises(SystemExit, match="Nothing is kept"):
        export.main([str(tmp_path / "old"), *STAGE, "--kept"])


def test_what_cannot_be_deleted_is_said(to: Account) -> None:
    with pytest.raises(Stopped, match="1 objects of mine cannot be deleted: Access Denied"):
        kept.refuse("mine", [{"Key": "a", "Message": "Access Denied"}])
