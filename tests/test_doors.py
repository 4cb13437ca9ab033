"""The edge: what is asked wrongly is told so, in one form, and nothing happens; what is asked twice happens once."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import desk, doors, numbers, store
from chalicelib.doors import ROUTES
from dev.cloud import Cloud
from tests.cast import ADA, ANN, BEN, CARLA, CARLA_HERSELF, MONDAY, SUPPORT
from tests.client import PHONE, Client, is_refusal, opened, proven, signed_in

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def ann(cloud: Cloud) -> Client:
    return signed_in(ANN)


@pytest.fixture
def ben(cloud: Cloud) -> Client:
    return signed_in(BEN)


@pytest.fixture
def number(cloud: Cloud) -> str:
    return opened()


LOCKS = ("locked", "mine", "free", "unlocked")


# -- bodies


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", "1", '"x"', "{}", '{"kind": 1, "text": "x"}', '{"kind": "note"}', '{"kind": "note", "text": ""}',
     '{"kind": "note", "text": "x", "whatever": 1}', '{"kind": "note", "text": "x", "time_units": NaN}',
     '{"kind": "note", "text": "x", "time_units": 1e999}', '{"kind": "note", "text": "x", "time_units": "5"}',
     '{"kind": "note", "text": "\\ud800"}', '{"kind": "note", "text": "x\\u0000"}', '{"kind": "fax", "text": "x"}',
     '{"kind": "note", "text": "x", "to": ["carla"]}', '{"kind": "note", "text": "x", "subject": "a\\r\\nBcc: e@e.example"}',
     '{"kind": "note", "text": "x", "attachments": ["../../secret"]}', "[" * 100_000, '{"kind": "note", "kind": ' + "{" * 5000],
)  # fmt: skip
def test_a_malformed_article_is_refused_with_the_fields(body: str, ann: Client, number: str) -> None:
    answer = ann.post(f"/tickets/{number}/articles", body)
    assert is_refusal(answer, 400, "malformed") and answer.json["fields"]
    assert store.ticket(number).article_count == 1


def test_the_fields_say_what_is_wrong_but_do_not_repeat_it(ann: Client, number: str) -> None:
    answer = ann.post(f"/tickets/{number}/articles", {"kind": "note", "text": "x", "to": [{"email": "Carla’s secret"}]})
    assert answer.json["fields"] == {"to.0.email": "must be a mail address"}


def test_bodies_are_json_by_name_too(ann: Client, number: str) -> None:
    body = json.dumps({"kind": "note", "text": "x"})
    assert is_refusal(ann.post(f"/tickets/{number}/articles", body, content_type="text/plain"), 415, "not_json")
    assert ann.post(f"/tickets/{number}/articles", body, content_type="Application/JSON; charset=utf-8").status == 201


def test_a_huge_body_is_too_large(ann: Client, number: str) -> None:
    body = json.dumps({"kind": "note", "text": "x" * 5_000_000})
    assert is_refusal(ann.post(f"/tickets/{number}/articles", body), 413, "too_large")


def test_a_changing_request_needs_the_header(ann: Client, number: str) -> None:
    refused = ann.send("PUT", f"/tickets/{number}/lock", {}, {"X-Otklik": None})  # type: ignore[dict-item]
    assert is_refusal(refused, 403, "not_allowed")
    assert is_refusal(ann.put(f"/tickets/{number}/lock", {}, X_Otklik="0"), 403, "not_allowed")
    assert store.ticket(number).lock is None


# -- questions


@pytest.mark.parametrize(
    "question",
    ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "limit=5.0", "limit=1_0", "limit=%201", "limit=5&limit=6",
     "cursor=", "cursor=x", "cursor=%00", "cursor=bm9uc2Vuc2U", "sort=", "sort=nothing", "sort=--created", "sort=closed_at",
     "state=", "state=gone", "state=closed&sort=lock", "state=closed&sort=title&lock=free", "priority=6",
     "priority=high", "lock=mine%20too", "customer=nobody", "changed_since=yesterday", "changed_since=2026-11-23", "page=2",
     "owner=", "tag=", "state=removed&state=open", "limit=%D9%A3"],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_told_so(question: str, ann: Client) -> None:
    answer = ann.get(f"/tickets?{question}")
    assert is_refusal(answer, 400, "malformed")


def test_a_parameter_where_none_is_read_is_no_secret_wish(ann: Client, number: str) -> None:
    assert is_refusal(ann.get(f"/tickets/{number}?limit=5"), 400, "malformed")


@pytest.mark.parametrize("sort", ["number", "-number", "title", "-queue", "state", "-priority", "owner", "lock", "-customer",
                                  "created", "-changed", "pending_until", "due", "-unread", "article_count", "tags", "version"])  # fmt: skip
def test_every_page_goes_on_where_the_last_one_ended(sort: str, ann: Client) -> None:
    numbers = {opened(f"Matter {n % 3}") for n in range(7)}
    found: list[str] = []
    cursor = ""
    while True:
        page = ann.get(f"/tickets?limit=3&sort={sort}{cursor}").json
        found += [row["number"] for row in page["tickets"]]
        if not page["next"]:
            break
        cursor = f"&cursor={page['next']}"
    assert len(found) == 7 and set(found) == numbers


def test_closed_tickets_come_page_by_page_too(ann: Client) -> None:
    numbers = [opened(f"Matter {n}") for n in range(5)]
    for n, number in enumerate(numbers):
        desk.change(number, ANN, 1, {"state": "closed successful"}, MONDAY + timedelta(minutes=n))
    first = ann.get("/tickets?state=closed&limit=3").json
    second = ann.get(f"/tickets?state=closed&limit=3&cursor={first['next']}").json
    assert [row["number"] for row in first["tickets"] + second["tickets"]] == numbers[::-1]


def test_the_list_is_narrowed_by_the_lock(ann: Client, ben: Client) -> None:
    mine, his, free = (opened(f"Matter {n}") for n in range(3))
    ann.put(f"/tickets/{mine}/lock"), ben.put(f"/tickets/{his}/lock")
    found = {word: {row["number"] for row in ann.get(f"/tickets?lock={word}").json["tickets"]} for word in LOCKS}
    assert found == {"locked": {mine, his}, "mine": {mine}, "free": {free}, "unlocked": {free}}


def test_a_cursor_of_another_list_is_none_of_this(ann: Client, ben: Client) -> None:
    for n in range(3):
        opened(f"Matter {n}")
    cursor = ann.get("/tickets?limit=1").json["next"]
    assert ann.get(f"/tickets?limit=2&cursor={cursor}").status == 200
    assert ann.get(f"/tickets?sort=title&cursor={cursor}").status == 400
    assert ann.get(f"/tickets?owner=me&cursor={cursor}").status == 400
    assert ben.get(f"/tickets?cursor={cursor}").status == 400
    assert ann.get(f"/tickets?cursor={cursor[:-2]}xx").status == 400


def test_the_same_list_again_is_not_sent_again(ann: Client, number: str) -> None:
    ann.get(f"/tickets/{number}")
    first = ann.get("/tickets")
    same = ann.get("/tickets", If_None_Match=first.headers["ETag"])
    assert (same.status, same.text) == (304, "")
    opened("Another")
    assert ann.get("/tickets", If_None_Match=first.headers["ETag"]).status == 200


# -- paths


@pytest.mark.parametrize(
    "path",
    ["/tickets/12x", "/tickets/%D9%A1%D9%A2", "/tickets/1%2F2", "/tickets/..", "/tickets/%2e%2e", "/tickets/12%00",
     "/tickets/" + "1" * 500, "/tickets/1%0A", "/tickets/1/articles/x/raw", "/tickets/1/articles/1/attachments/-1",
     "/failed-mails/..%2Fmail%2Fx/raw", "/failed-mails/nothing/raw", "/customers/nobody", "/customers/nobody%40nowhere.example"],
)  # fmt: skip
def test_tricks_in_paths_lead_nowhere(path: str, ann: Client) -> None:
    assert is_refusal(ann.get(path), 404, "not_found")


@pytest.mark.parametrize("path", ["/admin/passwords", "/admin/queues/nothing", "/admin/agents/nobody"])
def test_what_is_not_set_up_here_is_not_there(path: str) -> None:
    assert is_refusal(signed_in(ADA).get(path), 404, "not_found")


def test_a_method_that_does_not_exist_is_refused_in_our_form(ann: Client) -> None:
    assert is_refusal(ann.put("/queues", {}), 404, "not_found")


def test_what_is_not_built_says_so(ann: Client, number: str) -> None:
    assert is_refusal(ann.post(f"/tickets/{number}/split", {"article": "1"}), 501, "not_built")
    assert is_refusal(signed_in(ADA).put("/admin/slas/gold", {"hours": 4}), 501, "not_built")


# -- conflicts


def test_whoever_comes_second_is_told_who_holds_the_lock(ann: Client, ben: Client, number: str) -> None:
    held = ann.put(f"/tickets/{number}/lock", {}).json
    refused = ben.put(f"/tickets/{number}/lock", {})
    assert is_refusal(refused, 409, "conflict")
    assert (refused.json["reason"], refused.json["ticket"]["lock"], refused.json["lock"]) == ("locked", held, held)
    assert ben.put(f"/tickets/{number}/lock", {"takeover": True}).json["agent"] == "ben"


def test_a_reply_without_the_lock_is_refused_and_the_draft_stays(ann: Client, ben: Client, number: str) -> None:
    epoch = ann.put(f"/tickets/{number}/lock", {}).json["epoch"]
    ann.put(f"/tickets/{number}/drafts/reply", {"text": "So far"})
    ben.put(f"/tickets/{number}/lock", {"takeover": True})
    reply = {"kind": "reply", "text": "Use water.", "epoch": epoch, "seen": 1}
    refused = ann.post(f"/tickets/{number}/articles", reply)
    assert (refused.status, refused.json["reason"]) == (409, "lock_lost")
    found = ann.get(f"/tickets/{number}").json
    assert (len(found["articles"]), found["drafts"][0]["body"]) == (1, {"text": "So far"})


def test_a_reply_to_an_old_letter_is_refused(ann: Client, number: str) -> None:
    epoch = ann.put(f"/tickets/{number}/lock", {}).json["epoch"]
    proven(CARLA_HERSELF).post(f"/portal/tickets/{number}/articles", {"text": "It burns again."})
    reply = {"kind": "reply", "text": "Use water.", "epoch": epoch, "seen": 1}
    refused = ann.post(f"/tickets/{number}/articles", reply)
    assert (refused.status, refused.json["reason"]) == (409, "newer_article")
    assert refused.json["ticket"]["last_customer_seq"] == 2
    assert ann.post(f"/tickets/{number}/articles", reply | {"seen": 2}).status == 201


def test_an_old_version_changes_nothing(ann: Client, number: str) -> None:
    version = ann.get(f"/tickets/{number}").json["version"]
    assert ann.patch(f"/tickets/{number}", {"version": version, "priority": 5}).json["priority"] == 5
    refused = ann.patch(f"/tickets/{number}", {"version": version, "priority": 1})
    assert (refused.status, refused.json["reason"], refused.json["ticket"]["priority"]) == (409, "changed", 5)


def test_a_conflict_always_tells_how_the_ticket_is(ann: Client, number: str) -> None:
    epoch = ann.put(f"/tickets/{number}/lock", {}).json["epoch"]
    ann.post(f"/tickets/{number}/articles", {"kind": "reply", "text": "Use water.", "epoch": epoch, "seen": 1})
    refused = ann.delete(f"/tickets/{number}/articles/2/delivery")
    assert (refused.status, refused.json["reason"], refused.json["ticket"]["article_count"]) == (409, "changed", 2)


def test_two_tickets_that_draw_the_same_number_get_two(
    ann: Client, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter([number, "202611230000017"])
    monkeypatch.setattr(numbers, "make", lambda *_: next(drawn))
    assert ann.post("/tickets", PHONE).json["number"] == "202611230000017"


# -- never a word too much


def test_what_goes_wrong_inside_is_told_without_details(
    ann: Client, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = replace(next(route for route in ROUTES if route.path == "/queues"), view=stumble)
    request = type(
        "Request", (), {"headers": {"cookie": f"otklik_agent={ann.cookies['otklik_agent']}"}, "context": {}}
    )()
    request.query_params = None
    answer = doors.handled(broken, request, {})
    assert answer.status_code == 500 and "secret" not in answer.body
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["error"]) == ("request_failed", "RuntimeError") and "secret" not in str(line)


def stumble(asked: Any) -> None:
    raise RuntimeError("Carla's secret")


def test_customers_never_see_who_works_here(ann: Client, number: str) -> None:
    carla = proven(CARLA_HERSELF)
    ann.post(f"/tickets/{number}/articles", {"kind": "note", "text": "She is difficult."})
    ann.post(f"/tickets/{number}/articles", {"kind": "phone", "text": "We called."})
    epoch = ann.put(f"/tickets/{number}/lock", {}).json["epoch"]
    ann.post(f"/tickets/{number}/articles", {"kind": "reply", "text": "Use water.", "epoch": epoch, "seen": 1})
    told = carla.get(f"/portal/tickets/{number}")
    assert [article["kind"] for article in told.json["articles"]] == ["phone", "phone", "reply"]
    for secret in (ANN.email, ANN.name, "difficult", "history", '"by"', "epoch", "lock"):
        assert secret not in told.text
    assert {article["from"]["email"] for article in told.json["articles"]} == {CARLA.email, SUPPORT.address}


def test_answers_are_not_kept_by_anybody_between(ann: Client) -> None:
    assert ann.get("/queues").headers["Cache-Control"] == "no-store"
