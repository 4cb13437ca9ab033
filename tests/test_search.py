"""Finding tickets by what was said in them: what fits, who may see it, and how fresh it is."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

import app
from chalicelib import config, desk, desk_lists, desk_merge, store
from chalicelib.access import Agent, Customer
from chalicelib.article import Address
from chalicelib.composing import Saying
from chalicelib.desk_lists import Wanted
from chalicelib.search import engines, searching
from chalicelib.search.engine import Engine
from chalicelib.search.opensearch import OpenSearch
from chalicelib.search.searching import Found
from dev.cloud import Cloud
from dev.stream import Stream
from tests.cast import ADA, ANN, BEN, CARLA, CARLA_HERSELF, EVE, MONDAY, OLGA
from tests.client import signed_in
from tests.posting import mail

SOON = MONDAY + timedelta(minutes=5)


@pytest.fixture
def stream(cloud: Cloud, engine: Engine) -> Iterator[Stream]:
    """The table's stream."""
    stream = Stream(cloud.table, app.index)
    stream.open()
    yield stream
    stream.close()


@pytest.fixture
def desk_with_letters(take_in: Callable[..., None], stream: Stream) -> dict[str, str]:
    """Three tickets, by what they are about: the numbers."""
    take_in(mail(), "in/1")
    refund = mail("Верните деньги за возвращённые товары, пожалуйста.", "Возврат платежа", Address("ivan@firma.example", "Иван"),
                  message_id="<2@x>", files=(("счёт.txt", "Итого сорок два рубля".encode()),))  # fmt: skip
    take_in(refund, "in/2")
    take_in(mail("Where is my invoice of October?", "Invoice", EVE, "billing@desk.localhost", "<3@x>"), "in/3")
    stream.drain()
    rows = desk_lists.tickets(ADA, Wanted(), MONDAY).rows
    by = {"The printer is on fire": "printer", "Возврат платежа": "refund", "Invoice": "invoice"}
    return {by[row["title"]]: row["number"] for row in rows}


def found(typed: str, by: Agent = ADA, sort: str = "relevance") -> list[str]:
    return [each.row["number"] for each in look(typed, by, sort).results]


def look(typed: str, by: Agent = ADA, sort: str = "relevance", start: int = 0, size: int = 20) -> Found:
    engines.engine().forget()  # the copy looks at the manifest once a second
    return searching.search(by, typed, sort, start, size, SOON)


def test_a_ticket_is_found_by_any_form_of_a_word_that_was_said_in_it(desk_with_letters: dict[str, str]) -> None:
    for typed in ("printer", "printers", "FIRE", "smok*", '"full of smoke"', "office help"):
        assert found(typed) == [desk_with_letters["printer"]], typed
    for typed in ("возвраты", "платежей", "деньгами", "товар", "возв*", "рубли", "счёт", "счет.txt"):
        assert found(typed) == [desk_with_letters["refund"]], typed


def test_words_all_have_to_fit_but_or_lets_one_do(desk_with_letters: dict[str, str]) -> None:
    assert found("printer invoice") == []
    assert set(found("printer OR invoice")) == {desk_with_letters["printer"], desk_with_letters["invoice"]}
    assert set(found("printer ИЛИ invoice")) == {desk_with_letters["printer"], desk_with_letters["invoice"]}
    assert found("printer OR invoice -october") == [desk_with_letters["printer"]]
    assert found('"smoke of full"') == []


def test_words_may_be_spread_over_the_letters_of_a_ticket(desk_with_letters: dict[str, str], stream: Stream) -> None:
    printer = desk_with_letters["printer"]
    desk.say(printer, ANN, Saying(kind="note", text="He owns a submarine."), SOON)
    stream.drain()
    assert found("smoke submarine") == [printer]
    assert found("smoke -submarine") == []
    assert own("smoke -submarine", CARLA_HERSELF) == [printer]


def test_fields_choose_among_tickets(desk_with_letters: dict[str, str]) -> None:
    printer, refund, invoice = (desk_with_letters[name] for name in ("printer", "refund", "invoice"))
    assert found("queue:billing") == [invoice]
    assert found("from:ivan") == [refund]
    assert found("customer:carla@customer.example") == [printer]
    assert found("клиент:Иван") == [refund]
    assert found("has:attachment") == [refund]
    assert found(f"number:{printer[:12]} printer") == [printer]
    assert found(f"number:{printer}") == [printer]
    assert set(found("created:2026-11-23 -queue:billing")) == {printer, refund}
    assert found("created:2026-11-22") == []
    assert found("state:closed") == []
    assert found("subject:invoice") == [invoice]
    assert found("subject:october") == []
    assert set(found("owner:none state:new")) == {printer, refund, invoice}
    assert found("owner:me") == []


def test_a_number_finds_its_ticket_and_what_it_has_become(desk_with_letters: dict[str, str], stream: Stream) -> None:
    printer, refund = desk_with_letters["printer"], desk_with_letters["refund"]
    for typed in (printer, f"[Ticket#{printer}]", f"Re: [Ticket#{printer}] fire", f"Ticket#{printer}"):
        assert found(typed) == [printer], typed
    desk_merge.merge(refund, printer, ADA, SOON)
    stream.drain()
    assert found(refund) == [printer]


def test_an_owner_may_be_called_by_her_name(desk_with_letters: dict[str, str], stream: Stream) -> None:
    printer = desk_with_letters["printer"]
    desk.lock(printer, ANN, False, SOON)
    stream.drain()
    for typed in ("owner:ann", "owner:Ann", "owner:Archer", 'владелец:"Ann Archer"', "owner:olga,archer"):
        assert found(typed) == [printer], typed
    assert found("owner:Orlova") == found("owner:stranger") == []


def test_nothing_of_a_foreign_queue_is_found_nor_counted_nor_suggested(desk_with_letters: dict[str, str]) -> None:
    assert found("invoice", ANN) == []
    assert look("invoice", ANN).total == 0
    assert look("october OR printer", ANN).total == 1
    assert found("queue:billing", ANN) == []
    assert found("-queue:support", ANN) == []
    assert searching.suggest(ANN, "invo", "text") == []
    assert searching.suggest(ANN, "eve", "customer") == []
    assert searching.suggest(ANN, "bill", "queue") == []
    assert found("invoice", OLGA) == [desk_with_letters["invoice"]]
    assert searching.suggest(OLGA, "invo", "text") == ["invoice"]
    assert searching.suggest(ANN, "платё", "text") == ["платежа"]
    assert searching.suggest(OLGA, "eve", "customer") == [EVE.email]


def test_a_note_is_found_by_agents_and_never_by_the_customer(desk_with_letters: dict[str, str], stream: Stream) -> None:
    printer = desk_with_letters["printer"]
    desk.say(printer, ANN, Saying(kind="note", text="She is a difficult dragonfly."), SOON)
    stream.drain()
    assert found("dragonfly", ANN) == [printer]
    assert own("dragonfly", CARLA_HERSELF) == []
    assert own("smoke", CARLA_HERSELF) == [printer]
    assert own("has:note", CARLA_HERSELF) == []
    assert own("-dragonfly", CARLA_HERSELF) == own("-has:note", CARLA_HERSELF) == [printer]
    assert own("smoke", Customer(EVE.email)) == []


def test_carla_does_not_find_what_somebody_else_wrote_in_her_name(
    desk_with_letters: dict[str, str], take_in: Callable[..., None], stream: Stream
) -> None:
    take_in(mail("Pay the unicorn.", "A unicorn", message_id="<9@x>", verdict="FAIL"), "in/9")
    stream.drain()
    assert len(found("unicorn", ANN)) == 1
    assert own("unicorn", CARLA_HERSELF) == []
    # The count comes from the index alone.
    assert searching.of_customer(CARLA_HERSELF, "unicorn", 0, 20, SOON).total == 0


def own(typed: str, by: Customer) -> list[str]:
    engines.engine().forget()
    return [each.row["number"] for each in searching.of_customer(by, typed, 0, 20, SOON).results]


def test_what_has_moved_to_a_foreign_queue_is_gone_at_once(desk_with_letters: dict[str, str]) -> None:
    """Before the index has heard of it."""
    printer = desk_with_letters["printer"]
    before = store.ticket(printer)
    store.save(before, replace(before, queue="billing"), now=SOON)
    assert found("printer", ANN) == []
    assert look("printer", ANN).total == 0


def test_a_change_is_found_as_soon_as_the_stream_has_told_it(desk_with_letters: dict[str, str], stream: Stream) -> None:
    printer = desk_with_letters["printer"]
    desk.change(
        printer, ANN, store.ticket(printer).version, {"title": "A waterfall", "tags": ["Flood"], "priority": 5}, SOON
    )
    stream.drain()
    assert found("waterfall") == found("tag:flood") == found("flood") == found("priority:>4") == [printer]
    assert found("subject:printer") == []


def test_snippets_mark_the_words_and_escape_all_else(take_in: Callable[..., None], stream: Stream) -> None:
    take_in(mail("Look: <script>alert(1)</script> & the зелёная лампа"))
    stream.drain()
    (hit,) = look("лампы").results
    assert hit.article == 1
    assert "<b>лампа</b>" in hit.snippet
    assert "<script>" not in hit.snippet
    assert "&lt;script&gt;" in hit.snippet
    (by_title,) = look("subject:printer").results
    assert by_title.snippet.startswith("Look: &lt;script&gt;")


def test_any_column_sorts_what_is_found(desk_with_letters: dict[str, str]) -> None:
    printer, refund, invoice = (desk_with_letters[name] for name in ("printer", "refund", "invoice"))
    assert found("state:new", sort="created") == [printer, refund, invoice]
    assert found("state:new", sort="-created") == [invoice, refund, printer]
    assert found("state:new", sort="title") == [invoice, printer, refund]
    assert found("printer OR деньги OR october", sort="-title") == [refund, printer, invoice]
    assert found("state:new", sort="queue")[0] == invoice
    assert found("state:new", sort="number") == sorted(desk_with_letters.values())


def test_closed_tickets_are_listed_by_any_column_and_together_with_open_ones(
    desk_with_letters: dict[str, str], stream: Stream
) -> None:
    printer, refund, invoice = (desk_with_letters[name] for name in ("printer", "refund", "invoice"))
    for minute, number in enumerate((refund, printer)):
        before = store.ticket(number)
        now = SOON + timedelta(minutes=minute)
        store.save(before, replace(before, state="closed successful", closed_at=now), now=now)
    stream.drain()
    engines.engine().forget()
    assert rows_of("state=closed") == [printer, refund]  # by the day of closing, from the table
    assert rows_of("state=closed&sort=title") == [printer, refund]
    assert rows_of("state=closed&sort=-title") == [refund, printer]
    assert rows_of("state=closed&state=new&sort=created") == [printer, refund, invoice]
    assert rows_of("state=closed&sort=title&queue=Billing") == []
    assert rows_of("state=closed&sort=title&owner=none&priority=3") == [printer, refund]
    first = signed_in(ADA).get("/tickets?state=closed&sort=title&limit=1").json
    second = signed_in(ADA).get(f"/tickets?state=closed&sort=title&limit=1&cursor={first['next']}").json
    assert [each["tickets"][0]["number"] for each in (first, second)] == [printer, refund]
    assert second["next"] is None
    assert signed_in(OLGA).get("/tickets?state=closed&sort=title").json["tickets"] == []
    assert signed_in(OLGA).get("/tickets?state=closed&sort=title&queue=Support").status == 404


def rows_of(query: str) -> list[str]:
    return [row["number"] for row in signed_in(ADA).get(f"/tickets?{query}").json["tickets"]]


def test_pages_go_on_where_the_last_one_ended(take_in: Callable[..., None], stream: Stream) -> None:
    for n in range(7):
        take_in(mail(f"letter {n} about elephants", f"Elephant {n}", message_id=f"<{n}@x>"), f"in/{n}")
    stream.drain()
    first = look("elephants", sort="created", size=3)
    assert first.total == 7
    assert first.more == 3
    rest = [look("elephants", sort="created", start=start, size=3) for start in (3, 6)]
    titles = [each.row["title"] for page in (first, *rest) for each in page.results]
    assert titles == [f"Elephant {n}" for n in range(7)]
    assert rest[-1].more is None


def test_what_cannot_be_understood_is_told_and_finds_nothing(desk_with_letters: dict[str, str]) -> None:
    for typed, kind in {"created:soon": "date", "priority:9": "priority", "state:sleepy": "state", "has:wings": "has", "a*": "short"}.items():  # fmt: skip
        asked = look(f"printer {typed}")
        assert asked.results == () or list(asked.results) == []
        assert [(each.kind, each.text) for each in asked.problems] == [(kind, typed)]
    assert look("").results == ()
    assert found("printer queue:") == [desk_with_letters["printer"]]  # its value is still being typed
    assert [each.kind for each in look("x" * 501).problems] == ["long"]
    assert [each.kind for each in look("x " * 30).problems] == ["many"]


def test_similar_tickets_are_those_that_speak_of_the_same(take_in: Callable[..., None], stream: Stream) -> None:
    take_in(mail(), "in/1")
    take_in(mail("Our printer burns, smoke everywhere in the office", "Printer fire", EVE, message_id="<2@x>"), "in/2")
    take_in(mail("We still wait for an invoice", "Invoice", EVE, message_id="<3@x>"), "in/3")
    stream.drain()
    rows = desk_lists.tickets(ADA, Wanted(sort="created"), MONDAY).rows
    one, other = (row["number"] for row in rows if "rint" in row["title"])
    assert [row["number"] for row in searching.similar(one, ANN, 5)] == [other]
    foreign = mail("printer fire smoke office", "Printer fire", EVE, "billing@desk.localhost", message_id="<4@x>")
    take_in(foreign, "in/4")
    stream.drain()
    assert [row["number"] for row in searching.similar(one, ANN, 5)] == [other]


def test_search_that_is_down_says_so_and_falls_back_to_the_rows(
    desk_with_letters: dict[str, str], cloud: Cloud
) -> None:
    down(cloud)
    asked = look("printer queue:support")
    assert asked.away == "away"
    assert [each.row["number"] for each in asked.results] == [desk_with_letters["printer"]]
    assert look("invoice", ANN).results == []
    assert searching.suggest(ADA, "invo", "text") == []
    assert searching.similar(desk_with_letters["printer"], ANN, 5) == []


def down(cloud: Cloud) -> None:
    if isinstance(engine := engines.engine(), OpenSearch):
        engine.pool.down = True  # type: ignore[attr-defined]
        return
    engines.engine.cache_clear()
    cloud.s3.put_object(Bucket=cloud.bucket, Key="index/manifest.json", Body=b"{")


def test_agents_with_no_queue_at_all_find_nothing(desk_with_letters: dict[str, str]) -> None:
    nobody = replace(BEN, rights={})
    config.put_agent(nobody)
    assert found("printer", nobody) == found("-x", nobody) == []
    assert CARLA.email not in searching.suggest(nobody, "carla", "customer")
