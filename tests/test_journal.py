"""What the laptop keeps survives restarts, crashes and torn files."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dev import lines
from dev.cloud import Cloud
from dev.folder import Folder, InUse
from dev.journal import Journal

VALUES = st.lists(st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=9)), max_size=6)


@given(VALUES, st.data())
def test_whatever_is_torn_off_the_end_the_whole_lines_before_it_are_read(
    tmp_path_factory: Any, values: list[Any], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("lines") / "lines"
    path.write_bytes(b"".join(map(lines.packed, values)))
    cut = data.draw(st.integers(0, path.stat().st_size))
    whole = path.read_bytes()[:cut].count(b"\n")
    path.write_bytes(path.read_bytes()[:cut])
    assert list(lines.read(path)) == values[:whole]


def test_after_a_torn_end_one_writes_on_as_if_it_had_never_been(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(lines.packed("one") + lines.packed("two")[:-3])
    list(lines.read(path))
    file = lines.Lines(path)
    file.append("three")
    file.close()
    assert list(lines.read(path)) == ["one", "three"]


def test_a_line_that_was_changed_ends_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes(lines.packed("one") + lines.packed("two").replace(b"two", b"tow") + lines.packed("three"))
    assert list(lines.read(path)) == ["one"]


@pytest.fixture
def folder(one_cloud: Cloud, tmp_path: Path) -> Iterator[Any]:
    """`folder()` opens the folder as a new process would: on an empty cloud. Each call ends the one before; `meanwhile`
    happens between the two."""
    opened: list[Folder] = []

    def open_again(reset: bool = False, meanwhile: Callable[[], Any] = lambda: None) -> Folder:
        while opened:
            opened.pop().close()
        one_cloud.empty()
        meanwhile()
        found = Folder(tmp_path / "desk", one_cloud, reset=reset)
        opened.append(found)
        found.load()
        return found

    yield open_again
    while opened:
        opened.pop().close()
    one_cloud.empty()


def put(pk: str, **more: str) -> None:
    from chalicelib import table

    table.put({"pk": pk, "sk": "#", **more})


def test_items_are_there_again_and_deleted_ones_are_not(folder: Any, one_cloud: Cloud) -> None:
    from chalicelib import table

    folder()
    put("a", row="привет", lp="O#a", ls="1")
    put("b")
    table.delete("b", "#")
    folder()
    assert [item["row"] for item in table.query("O#a", index="list")] == ["привет"]
    assert table.get("b", "#") is None


def test_bytes_and_numbers_come_back_as_they_were(folder: Any) -> None:
    from chalicelib import table

    folder()
    table.put({"pk": "a", "sk": "#", "z": b"\x00\xff", "n": 7})
    before = table.get("a", "#")
    folder()
    assert table.get("a", "#") == before


def test_a_transaction_torn_by_a_crash_is_not_there_at_all(folder: Any) -> None:
    from chalicelib import table
    from chalicelib.table import Write

    opened = folder()
    put("a")
    table.transact([Write({"pk": "b", "sk": "1"}), Write({"pk": "b", "sk": "2"})])
    path = opened.journal.path("journal")
    folder(meanwhile=lambda: path.write_bytes(path.read_bytes()[:-20]))
    assert (table.get("a", "#") is not None, list(table.query("b"))) == (True, [])


def test_a_snapshot_holds_what_the_journal_held(folder: Any) -> None:
    from chalicelib import table

    opened = folder()
    put("a")
    opened.journal.tidy()
    put("b")
    reopened = folder()
    assert (table.get("a", "#") is not None, table.get("b", "#") is not None) == (True, True)
    assert reopened.journal.generation == 1


def test_a_damaged_snapshot_is_said_and_not_taken_for_everything(folder: Any) -> None:
    opened = folder()
    put("a")
    opened.journal.tidy()
    path = opened.journal.path("snapshot")
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(OSError, match="damaged"):
        Journal(opened.path, opened.cloud.raw_table()).load()


def test_objects_are_there_again_with_what_is_said_of_them(folder: Any, one_cloud: Cloud) -> None:
    from chalicelib import files

    folder()
    key = "up/../../x" + "y" * 300
    one_cloud.s3.put_object(
        Bucket=one_cloud.bucket, Key=key, Body=b"\x00data\n", ContentType="text/x-odd", Metadata={"name": "n"}
    )
    files.put("gone", b"", "text/plain")
    files.delete("gone")
    opened = folder()
    found = one_cloud.s3.get_object(Bucket=one_cloud.bucket, Key=key)
    assert (found["Body"].read(), found["ContentType"], found["Metadata"]) == (
        b"\x00data\n",
        "text/x-odd",
        {"name": "n"},
    )
    assert one_cloud.objects() == [key]
    assert not list(opened.path.parent.glob("x*"))


def test_a_moved_object_is_read_at_its_new_place(folder: Any, one_cloud: Cloud) -> None:
    from chalicelib import files

    folder()
    files.put("in/1", b"letter", "message/rfc822")
    folder()
    files.move("in/1", "mail/1")
    folder()
    assert (files.read("mail/1"), one_cloud.objects()) == (b"letter", ["mail/1"])


def test_users_keep_their_passwords_and_their_second_factor(folder: Any, one_cloud: Cloud) -> None:
    from dev import people

    opened = folder()
    people.settle(one_cloud.domain, one_cloud.user_pool)
    next(iter(opened.pool().users.values())).totp_secret = "ABC"
    opened.save_users()
    again = folder()
    users = again.pool().users
    assert (len(users), users["ann"].password, next(iter(users.values())).totp_secret) == (4, "ann-desk-2026", "ABC")


def test_what_left_is_still_in_the_outbox(folder: Any, one_cloud: Cloud) -> None:
    import boto3

    folder()
    raw = b"From: support@desk.localhost\r\nSubject: Hello\r\n\r\nBody \xff\r\n"
    boto3.client("sesv2", region_name="eu-west-1").send_email(
        FromEmailAddress="support@desk.localhost",
        Destination={"ToAddresses": ["carla@example.com"]},
        Content={"Raw": {"Data": raw}},
    )
    (before,) = one_cloud.outbox
    folder()
    (after,) = one_cloud.outbox
    assert (after.id, after.at, after.to, after.raw) == (before.id, before.at, before.to, before.raw)


def test_reset_starts_anew(folder: Any, one_cloud: Cloud) -> None:
    from chalicelib import files, table

    folder()
    put("a")
    files.put("x", b"", "text/plain")
    folder(reset=True)
    assert (table.get("a", "#"), one_cloud.objects()) == (None, [])


def test_a_second_desk_is_told_who_has_the_folder(folder: Any, one_cloud: Cloud, tmp_path: Path) -> None:
    folder()
    with pytest.raises(InUse, match=r"Another desk \(process \d+\)"):
        Folder(tmp_path / "desk", one_cloud)


WRITER = """
import sys
from pathlib import Path
from dev.lines import Lines
file = Lines(Path(sys.argv[1]))
for number in range(10**9):
    file.append(number)
    if number == 1000:
        print("enough", flush=True)
"""


def test_what_a_killed_process_had_written_is_there(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    root = Path(__file__).parent.parent
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, cwd=root)
    assert process.stdout and process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    found = list(lines.read(path))
    assert found == list(range(len(found))) and len(found) > 1000
