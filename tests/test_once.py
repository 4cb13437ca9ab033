"""What is asked twice happens once; and what is too much to be kept is refused before."""

import pytest

from chalicelib import files, records, store
from dev.cloud import Cloud
from tests.cast import ADA, ANN, BEN, CARLA_HERSELF, MONDAY
from tests.client import PHONE, Client, is_refusal, opened, proven, signed_in

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def ann(cloud: Cloud) -> Client:
    return signed_in(ANN)


@pytest.fixture
def number(cloud: Cloud) -> str:
    return opened()


def test_a_ticket_is_opened_once_however_often_it_is_sent(ann: Client) -> None:
    first, second = (ann.post("/tickets", PHONE, Idempotency_Key="k1") for _ in range(2))
    assert (first.status, second.status) == (201, 201)
    assert first.json == second.json
    assert len(ann.get("/tickets").json["tickets"]) == 1


def test_a_reply_that_closed_the_ticket_is_answered_again_not_refused(ann: Client, number: str, cloud: Cloud) -> None:
    epoch = ann.put(f"/tickets/{number}/lock", {}).json["epoch"]
    reply = {"kind": "reply", "text": "Done.", "epoch": epoch, "seen": 1, "next_state": "closed successful"}
    first, second = (ann.post(f"/tickets/{number}/articles", reply, Idempotency_Key="k1") for _ in range(2))
    assert (second.status, second.json) == (first.status, first.json) == (201, first.json)
    assert len(cloud.outbox) == 1


def test_another_body_under_the_same_key_is_refused(ann: Client) -> None:
    ann.post("/tickets", PHONE, Idempotency_Key="k1")
    assert is_refusal(
        ann.post("/tickets", PHONE | {"title": "Other"}, Idempotency_Key="k1"), 422, "idempotency_mismatch"
    )


def test_a_key_is_good_for_its_owner_only(ann: Client) -> None:
    both = (ann, signed_in(BEN))
    numbers = {browser.post("/tickets", PHONE, Idempotency_Key="k1").json["number"] for browser in both}
    assert len(numbers) == 2


def test_an_answer_that_was_lost_is_told_anew(ann: Client, number: str, cloud: Cloud) -> None:
    note = {"kind": "note", "text": "She called."}
    first = ann.post(f"/tickets/{number}/articles", note, Idempotency_Key="k1")
    item = next(item for item in cloud.items() if item["pk"]["S"].startswith("I#"))
    store.table.update(item["pk"]["S"], "I", "REMOVE #status, answer", {}, names={"#status": "status"})
    second = ann.post(f"/tickets/{number}/articles", note, Idempotency_Key="k1")
    assert (second.status, second.json) == (201, first.json)


def test_a_customer_writes_once_too() -> None:
    carla, body = proven(CARLA_HERSELF), {"title": "Printer", "text": "It is on fire."}
    first, second = (carla.post("/portal/tickets", body, Idempotency_Key="k1") for _ in range(2))
    assert first.json == second.json
    number = first.json["number"]
    said = [
        carla.post(f"/portal/tickets/{number}/articles", {"text": "More"}, Idempotency_Key="k2").json for _ in range(2)
    ]
    assert said[0] == said[1]
    assert len(carla.get("/portal/tickets").json["tickets"]) == 1


def test_a_failed_mail_is_tried_again_once(ann: Client, cloud: Cloud) -> None:
    for name in ("one", "two"):
        records.put_failed(name, "No mail", 3, MONDAY)
        files.put(f"failed/{name}", b"???", "text/plain")
    path = "/failed-mails/{}/retry"
    assert [ann.post(path.format("one"), Idempotency_Key="k1").status for _ in range(2)] == [202, 202]
    assert is_refusal(ann.post(path.format("two"), Idempotency_Key="k1"), 422, "idempotency_mismatch")
    assert is_refusal(ann.post(path.format("nothing"), Idempotency_Key="k2"), 404, "not_found")
    assert ann.post(path.format("two"), Idempotency_Key="k2").status == 202


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 201])
def test_a_key_that_is_none_is_refused(key: str, ann: Client) -> None:
    assert is_refusal(ann.post("/tickets", PHONE, Idempotency_Key=key), 400, "malformed")


# -- more than fits


def test_fields_are_kept_within_bounds(ann: Client, number: str) -> None:
    version = ann.get(f"/tickets/{number}").json["version"]
    fields = {f"f{n}": "ж" * 2000 for n in range(100)}
    assert is_refusal(ann.patch(f"/tickets/{number}", {"version": version, "fields": fields}), 400, "malformed")


def test_the_largest_that_is_allowed_can_be_kept(ann: Client, number: str) -> None:
    version = ann.get(f"/tickets/{number}").json["version"]
    change = {"title": "ж" * 500, "fields": {"f": "ж" * 20_000}, "tags": [f"{n:02}" + "ж" * 58 for n in range(50)]}
    assert ann.patch(f"/tickets/{number}", {"version": version, **change}).status == 200
    people = [{"email": f"{'a' * 60}{n}@{'b' * 60}.example", "name": "ж" * 300} for n in range(50)]
    note = {"kind": "note", "text": "ж" * 200_000, "html": "<p>" + "щ" * 390_000, "to": people, "cc": people}
    assert ann.post(f"/tickets/{number}/articles", note).status == 201
    assert ann.put(f"/tickets/{number}/drafts/note", {"text": "ж" * 140_000}).status == 200
    template = {"subject": "ж" * 300, "text": "ж" * 8000}
    occasions = ["auto reply", "auto reject", "auto follow up", "auto reply/new ticket", "auto remove"]
    texts = {"en": "ж" * 8000, "ru": "ж" * 8000}
    queue = {"auto_responses": {each: {"en": template, "ru": template} for each in occasions}}
    queue |= {"salutation": texts, "signature": texts}
    assert signed_in(ADA).put("/admin/queues/support", queue).status == 200


def test_a_ticket_longer_than_an_answer_may_be_is_shown_from_its_end(ann: Client, number: str) -> None:
    for n in range(8):
        ann.post(f"/tickets/{number}/articles", {"kind": "note", "text": f"{n}" + "x" * 190_000, "html": "y" * 390_000})
    answer = ann.get(f"/tickets/{number}")
    assert len(answer.text) < 6_000_000
    assert [article["cut"] for article in answer.json["articles"]] == [True] * 3 + [False] * 6
