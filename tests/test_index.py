"""The index follows the table: two writers at once, a crash at any step, a stream that was lost, an index made anew."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib import config, desk, desk_lists, files, log, store, table
from chalicelib.composing import Saying
from chalicelib.desk_lists import Wanted
from chalicelib.search import documents, engines, indexing, schema, shelf
from chalicelib.search.engine import Engine
from chalicelib.search.tantivy_engine import TantivyEngine
from chalicelib.ticket import MERGED
from dev.cloud import Cloud
from tests.cast import ADA, ANN, MONDAY, SUPPORT
from tests.crashes import Crash, crash_at
from tests.posting import mail
from tests.test_search import SOON, found, look


@pytest.fixture
def numbers(take_in: Callable[..., None], cloud: Cloud) -> list[str]:
    """Five tickets about elephants; nobody has indexed them."""
    for n in range(5):
        take_in(mail(f"letter {n} about elephants", f"Elephant {n}", message_id=f"<{n}@x>"), f"in/{n}")
    return [row["number"] for row in desk_lists.tickets(ADA, Wanted(sort="created"), MONDAY).rows]


def elephants() -> list[str]:
    return found("elephants", sort="created")


def test_of_two_writers_at_once_neither_loses_anything(numbers: list[str]) -> None:
    one, other = TantivyEngine(), TantivyEngine()
    one.replace(indexing.made(numbers[:1], MONDAY))
    other.copy.sync()
    one.replace(indexing.made(numbers[1:2], MONDAY))
    # The other one has seen the first step only, and is told so when it publishes.
    other.copy.sync = lambda: False  # type: ignore[method-assign]
    with pytest.raises(table.Changed):
        other.replace(indexing.made(numbers[2:], MONDAY))
    del other.copy.sync  # type: ignore[method-assign]
    other.replace(indexing.made(numbers[2:], MONDAY))
    assert elephants() == numbers
    one.replace(indexing.made(numbers, MONDAY))
    assert elephants() == numbers
    assert look("elephants").total == 5


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, 12))
def test_a_writer_that_dies_at_any_call_loses_nothing(numbers: list[str], call: int, after: bool) -> None:
    indexing.follow(numbers[:2], MONDAY)
    try:
        with crash_at(call, after):
            indexing.follow(numbers[2:], MONDAY)
    except Crash:
        engines.engine.cache_clear()  # the next container
    assert set(elephants()) >= set(numbers[:2])
    indexing.sweep(MONDAY)
    assert elephants() == numbers
    assert look("elephants").total == 5


def test_what_a_lost_stream_has_not_told_the_sweep_finds(numbers: list[str], engine: Engine) -> None:
    indexing.follow(numbers[:3], MONDAY)
    desk.say(numbers[0], ANN, Saying(kind="note", text="It is a mammoth."), SOON)
    assert indexing.sweep(SOON) == 3
    assert elephants() == numbers
    assert found("mammoth") == numbers[:1]
    assert indexing.sweep(SOON) == 0


def test_in_the_night_even_what_was_closed_long_ago_is_compared(
    numbers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "RECENT", 1)
    for minute, number in enumerate(numbers):
        closed(number, minute)
    night = MONDAY.replace(hour=3)
    assert indexing.sweep(night) == 1
    indexing.look_after(night)
    assert elephants() == numbers


def closed(number: str, minute: int) -> None:
    before = store.ticket(number)
    now = SOON + timedelta(minutes=minute)
    store.save(before, replace(before, state="closed successful", closed_at=now), now=now)


def test_a_ticket_that_cannot_be_read_is_put_aside_and_the_others_go_on(
    numbers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stock = documents.of

    def broken(ticket: object, *rest: object) -> list[documents.Document]:
        if ticket.number == numbers[2]:  # type: ignore[attr-defined]
            raise ValueError
        return stock(ticket, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(documents, "of", broken)
    monkeypatch.setattr(log, "event", lambda *_, **__: None)
    indexing.follow(numbers, MONDAY)
    assert elephants() == [number for number in numbers if number != numbers[2]]
    monkeypatch.setattr(documents, "of", stock)
    indexing.sweep(MONDAY)
    assert elephants() == numbers
    assert list(table.query(indexing.DIRTY)) == []


def test_what_was_merged_away_is_found_as_what_it_has_become(numbers: list[str], engine: Engine) -> None:
    indexing.follow(numbers, MONDAY)
    before = store.ticket(numbers[1])
    store.save(before, replace(before, state=MERGED, merged_into=numbers[0]), now=SOON)
    assert look("elephants").total == 4
    indexing.follow(numbers[1:2], SOON)
    assert elephants() == [numbers[0], *numbers[2:]]
    assert indexing.sweep(SOON) == 0


def test_an_index_is_made_anew_beside_the_live_one_and_misses_nothing(numbers: list[str], engine: Engine) -> None:
    indexing.follow(numbers[:3], MONDAY)
    told: list[int] = []

    def meanwhile(done: int) -> None:
        told.append(done)
        assert elephants() == numbers[:3]  # the live one still answers
        if len(told) == 1:
            desk.say(numbers[4], ANN, Saying(kind="note", text="It is a mammoth."), SOON)

    assert indexing.rebuild(MONDAY, meanwhile) == 5
    assert told == [5]
    assert elephants() == numbers
    assert found("mammoth") == [numbers[4]]


def test_an_index_of_another_release_is_not_asked_until_it_is_made_anew(
    numbers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    indexing.follow(numbers, MONDAY)
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    monkeypatch.setattr(log, "event", lambda *_, **__: None)
    engines.engine.cache_clear()
    assert look("elephant").away == "away"
    indexing.rebuild(MONDAY, lambda done: None)
    assert elephants() == numbers


def test_a_desk_without_tickets_can_be_searched(cloud: Cloud) -> None:
    assert (look("anything").total, look("anything").away) == (0, None)
    assert indexing.rebuild(MONDAY, lambda done: None) == 0
    assert look("anything").total == 0


def test_a_changed_ticket_costs_two_writes(numbers: list[str]) -> None:
    indexing.follow(numbers, MONDAY)
    with crash_at(999, after=False) as calls:
        indexing.follow(numbers[:1], SOON)
    assert calls.count("PutObject") == 2
    assert len(calls) == 4  # the ticket, the manifest unchanged, a bundle, the manifest


def test_bundles_that_nobody_needs_go_after_a_day(numbers: list[str], cloud: Cloud) -> None:
    for n, number in enumerate(numbers * 2):
        desk.say(number, ANN, Saying(kind="note", text=f"Note {n}"), SOON)
        indexing.follow([number], MONDAY)
    before = cloud.objects(shelf.BUNDLES)
    assert shelf.tidy(MONDAY) == 0  # S3 says that they are from today
    later = max(since for since, _ in files.listed(shelf.BUNDLES)) + timedelta(hours=25)
    assert shelf.tidy(later) > 0
    kept = cloud.objects(shelf.BUNDLES)
    assert set(kept) < set(before)
    engines.engine.cache_clear()
    assert elephants() == numbers


def test_attachments_are_read_once_whatever_they_are(take_in: Callable[..., None], cloud: Cloud) -> None:
    pieces = {"a.txt": b"cormorant", "b.html": b"<p>pelican</p><script>x()</script>", "c.csv": "id;имя\n1;журавль\n2;синица на ветке".encode("cp1251"),
              "d.pdf": b"%PDF-1.4 broken", "e.docx": b"PK broken", "f.exe": b"heron"}  # fmt: skip
    take_in(mail(files=tuple(pieces.items())))
    (number,) = (row["number"] for row in desk_lists.tickets(ADA, Wanted(), MONDAY).rows)
    indexing.follow([number], MONDAY)
    for word in ("cormorant", "pelican", "журавля", "f.exe", "file:d.pdf"):
        assert found(word) == [number], word
    assert found("heron") == []
    with crash_at(999, after=False) as calls:
        indexing.follow([number], SOON)
    assert calls.count("GetObject") == 1 + 5  # the manifest, and what was read before


def test_a_file_that_cannot_be_fetched_just_now_is_read_later(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(files=(("a.txt", b"cormorant"),)))
    (number,) = (row["number"] for row in desk_lists.tickets(ADA, Wanted(), MONDAY).rows)

    def slow_down(params: dict[str, Any], **_: object) -> None:
        if params["url_path"].startswith(f"/{cloud.objects('files/')[0]}"):
            raise ClientError({"Error": {"Code": "SlowDown"}}, "GetObject")

    files.client().meta.events.register("before-call.s3.GetObject", slow_down)
    try:
        indexing.follow([number], MONDAY)
    finally:
        files.client().meta.events.unregister("before-call.s3.GetObject", slow_down)
    assert found("cormorant") == []
    indexing.sweep(SOON)
    assert found("cormorant") == [number]


def test_office_files_and_pdfs_are_searched_too(take_in: Callable[..., None], cloud: Cloud) -> None:
    take_in(mail(files=(("письмо.docx", office("word/document.xml", "<w:t>Догово</w:t><w:t>р поставки</w:t>")),
                        ("t.xlsx", office("xl/sharedStrings.xml", "<si><t>flamingo</t></si><si><t>A&amp;B</t></si>")),
                        ("o.odt", office("content.xml", "<text:p>ostrich</text:p>")), ("p.pdf", pdf("kingfisher")))))  # fmt: skip
    (number,) = (row["number"] for row in desk_lists.tickets(ADA, Wanted(), MONDAY).rows)
    indexing.follow([number], MONDAY)
    for word in ("договоры", "flamingos", "ostrich", "kingfisher"):
        assert found(word) == [number], word


def office(name: str, xml: str) -> bytes:
    import io
    import zipfile

    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, f"<?xml version='1.0'?><x>{xml}</x>")
    return data.getvalue()


def pdf(word: str) -> bytes:
    """The smallest one that shows a word."""
    stream = f"BT /F1 12 Tf 10 10 Td ({word}) Tj ET".encode()
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
               b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream), b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]  # fmt: skip
    data, places = b"%PDF-1.4\n", []
    for n, each in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (n, each)
    table_at = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % table_at


def test_the_queue_of_a_ticket_that_was_made_invalid_is_indexed_all_the_same(numbers: list[str]) -> None:
    config.put_queue(replace(SUPPORT, valid=False))
    indexing.follow(numbers, MONDAY)
    assert elephants() == numbers
