"""The API keeps its word: a day at the desk, every answer of which has the shape that is declared."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from chalicelib import cognito, config, desk, desk_lists, files, links, models, openapi, outbox, records, store, table
from chalicelib.article import StoredFile
from chalicelib.composing import NewTicket
from chalicelib.doors import ROUTES
from chalicelib.ticket import SETTABLE, STATE_TYPES
from dev import openapi as published
from dev.cloud import Cloud
from dev.cognito import totp
from tests.cast import ADA, ANN, CARLA, CARLA_HERSELF, MONDAY
from tests.client import PASSWORD, Answer, Client, proven, route_of, signed_in
from tests.posting import mail

CARLA_SHOWN = {"email": CARLA.email, "name": CARLA.name}
CALL = {"channel": "phone", "queue": "Support", "customer": CARLA_SHOWN, "title": "Printer", "text": "On fire."}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass
class Watched(Client):
    """A browser that holds every good answer against what its route declares."""

    seen: set[str] = field(default_factory=set)

    def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        answer = super().send(method, path, body, headers)
        resource, _ = route_of(path.partition("?")[0])
        route = next(route for route in ROUTES if (route.method, route.path) == (method, resource))
        assert answer.status == route.status, (method, path, answer.text)
        self.seen.add(f"{method} {resource}")
        if route.answer:
            openapi.answer(route.answer).model_validate_json(answer.text, strict=True)
            assert_times(answer.json)
        return answer


def assert_times(value: Any) -> None:
    if isinstance(value, dict):
        for name, each in value.items():
            if name in ("at", "created", "changed", "since", "until", "pending_until", "as_of", "closed_at") and each:
                assert TIME.fullmatch(each), f"{name}: {each}"
            assert_times(each)
    elif isinstance(value, list):
        for each in value:
            assert_times(each)


@pytest.fixture
def seen() -> set[str]:
    return set()


@pytest.fixture
def ann(cloud: Cloud, seen: set[str]) -> Watched:
    return Watched(signed_in(ANN).cookies, seen=seen)


def agents_day(ann: Watched, number: str) -> None:
    ann.get("/session"), ann.get("/queues"), ann.get("/customers?q=carla"), ann.get(f"/customers/{CARLA.email}")
    ann.get(
        "/tickets?state=new&state=open&owner=none&lock=free&priority=3&sort=-changed&changed_since=2026-01-01T00:00:00Z"
    )
    held = ann.put(f"/tickets/{number}/lock", {}).json
    ann.put(f"/tickets/{number}/drafts/reply", {"text": "Use"})
    ann.get(f"/tickets/{number}"), ann.get(f"/tickets/{number}/articles/1/raw")
    ann.get(f"/tickets/{number}/articles/1/attachments/1")
    form = ann.post("/uploads", {"filename": "a.txt", "content_type": "text/plain", "size": 3}).json
    files.put(form["fields"]["key"], b"abc", "text/plain")
    reply = {"kind": "reply", "text": "Use water.", "to": [CARLA_SHOWN], "seen": 2, "epoch": held["epoch"]}
    later = {"attachments": [form["upload"]], "time_units": 5, "send_after": "2100-01-01T00:00:00Z"}
    said = ann.post(f"/tickets/{number}/articles", reply | later).json
    assert (said["delivery"]["state"], said["attachments"][0]["size"], said["time_units"]) == ("due", 3, 5)
    assert ann.delete(f"/tickets/{number}/articles/{said['id']}/delivery").json["delivery"]["state"] == "cancelled"
    sent = ann.post(f"/tickets/{number}/articles", reply).json
    assert ann.put(f"/tickets/{number}/articles/{sent['id']}/delivery").json["delivery"]["state"] == "sent"
    outbox.told(number, sent["seq"], "bounced", "Nobody there", "x", MONDAY)
    assert ann.post(f"/tickets/{number}/articles/{sent['id']}/delivery").json["delivery"]["state"] == "sent"
    ann.delete(f"/tickets/{number}/drafts/reply"), ann.delete(f"/tickets/{number}/lock")
    version = ann.get(f"/tickets/{number}").json["version"]
    change = {
        "state": "closed successful",
        "tags": ["fire"],
        "fields": {"floor": "2"},
        "responsible": "ben",
        "title": "Fire",
    }
    assert ann.patch(f"/tickets/{number}", {"version": version, **change}).json["tags"] == ["fire"]
    assert ann.get("/tickets?state=closed").json["tickets"][0]["closed_at"]
    call = ann.post("/tickets", CALL | {"owner": "ann", "time_units": 2.5}).json["number"]
    found = ann.get("/search?q=fire&sort=-created").json
    assert (found["away"], found["problems"]) == (None, [])
    assert ann.get("/reports/days?by=queue&from=2026-11-01&queue=Support").json["zone"] == "UTC"
    assert ann.get("/reports/times").json["rows"] == []
    kept = ann.put("/views", {"views": [{"name": "Fires", "q": "fire", "sort": "-created"}]}).json
    assert ann.get("/views").json == kept
    ann.get("/search?q=created:soon"), ann.get("/suggest?prefix=fi"), ann.get(f"/tickets/{number}/similar?limit=3")
    ann.get("/failed-mails"), ann.get("/outbox")
    ann.get("/failed-mails/noise/raw"), ann.post("/failed-mails/noise/retry")
    records.put_failed("noise2", "No mail", 3, MONDAY)
    files.put("failed/noise2", b"???", "text/plain")
    ann.post("/failed-mails/noise2/ticket", {"queue": "Support"})
    ann.post(f"/tickets/{number}/participants", {"email": "dave@customer.example"})
    ann.delete(f"/tickets/{number}/participants/dave@customer.example")
    ann.post(f"/tickets/{number}/links", {"number": call, "kind": "parent"})
    assert ann.post(f"/tickets/{call}/merge", {"into": number}).json["number"] == number


def customers_day(carla: Watched, number: str) -> None:
    carla.get("/portal/search?q=fire")
    carla.get("/portal/session"), carla.get("/portal/tickets"), carla.get(f"/portal/tickets/{number}")
    carla.get(f"/portal/tickets/{number}/articles/1/attachments/1")
    form = carla.post("/portal/uploads", {"filename": "b.txt", "content_type": "text/plain", "size": 3}).json
    files.put(form["fields"]["key"], b"abc", "text/plain")
    new = carla.post("/portal/tickets", {"title": "Again", "text": "On fire", "attachments": [form["upload"]]}).json
    carla.post(f"/portal/tickets/{new['number']}/articles", {"text": "Very much so"})
    carla.delete("/portal/session")


def administrators_day(ada: Watched) -> None:
    ada.get("/admin/settings/reports")
    ada.put("/admin/settings/reports", {"hourly": 50, "agents": {"ann": 60}, "mail_to": ["boss@desk.localhost"]})
    for path in ("/admin/queues", "/admin/queues/support", "/admin/agents", "/admin/agents/ann"):
        ada.get(path)
    ada.put("/admin/queues/support", {"follow_up": "reject"})
    ada.put("/admin/agents/nina", {"name": "Nina", "email": "nina@desk.localhost", "rights": {"Support": "read"}})


def everybodys_day(browser: Watched, cloud: Cloud) -> None:
    browser.get("/health"), browser.get("/openapi.json")
    browser.get(a_link(cloud))
    cognito.create("ben", "First-password-1")
    asked = browser.post("/session", {"login": "ben", "password": "First-password-1"}).json
    browser.post("/session/challenge", asked | {"password": PASSWORD})
    begun = browser.post("/session/factor", {"password": PASSWORD}).json
    browser.post("/session/factor", {"session": begun["session"], "code": totp(begun["secret"])})
    browser.delete("/session"), browser.post("/session/forgotten", {"login": "ben"})
    code = code_in(cloud, rb"\b\d{8}\b")
    browser.put("/session/forgotten", {"login": "ben", "code": code, "password": PASSWORD + "x"})
    browser.post("/portal/session", {"email": CARLA.email, "language": "ru"})
    browser.put("/portal/session", {"email": CARLA.email, "code": code_in(cloud, rb"\b\d{6}\b")})


def a_link(cloud: Cloud) -> str:
    """Of a file of a letter."""
    call = NewTicket("phone", "Support", CARLA, "Film", "Too large.")
    opened, article = desk.open_ticket(ANN, call, MONDAY)
    film = StoredFile("files/film", "film.mp4", "video/mp4", 9, link_until=datetime(2100, 1, 1, tzinfo=UTC))
    table.put(store.article_item(opened.number, replace(article, attachments=(film,))))
    return f"/files/{links.token(opened.number, 1, 1, config.config().secret)}"


def code_in(cloud: Cloud, pattern: bytes) -> str:
    raw = cloud.outbox[-1].raw
    body = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[1]
    found = re.search(pattern, body) or re.search(pattern, raw)
    assert found
    return found[0].decode()


def test_every_answer_of_a_day_has_its_declared_shape(
    ann: Watched, seen: set[str], cloud: Cloud, take_in: Callable[..., None]
) -> None:
    take_in(mail(files=(("fire.bin", b"\x00\x01"),)))
    (row,) = desk_lists.tickets(ANN, desk_lists.Wanted(), MONDAY).rows
    number = row["number"]
    records.put_failed("noise", "No mail", 3, MONDAY)
    files.put("failed/noise", b"???", "text/plain")
    agents_day(ann, number)
    customers_day(Watched(proven(CARLA_HERSELF).cookies, seen=seen), number)
    administrators_day(Watched(signed_in(ADA).cookies, seen=seen))
    everybodys_day(Watched(seen=seen), cloud)
    never = {f"{route.method} {route.path}" for route in ROUTES if route.does != "Not built yet."} - seen
    assert never == set()


def test_the_published_document_is_not_stale() -> None:
    assert not published.stale(), "Run: python -m dev.openapi"


def test_the_desk_serves_the_document_that_is_published(cloud: Cloud) -> None:
    assert Client().get("/openapi.json").json == json.loads(Path(published.FILE).read_text(encoding="utf-8"))


def test_every_route_is_in_the_document_with_what_it_takes_and_gives(cloud: Cloud) -> None:
    document = json.loads(published.text())
    for route in ROUTES:
        operation = document["paths"][route.path][route.method.lower()]
        assert operation["summary"]
        assert ("requestBody" in operation) == bool(route.body)
        assert str(route.status) in operation["responses"]
    names = [each["operationId"] for path in document["paths"].values() for each in path.values()]
    assert len(names) == len(set(names))


def test_references_in_the_document_lead_somewhere() -> None:
    text = published.text()
    for name in set(re.findall(r'"#/components/schemas/([^"]+)"', text)):
        assert name in json.loads(text)["components"]["schemas"]


def test_the_states_of_the_api_are_those_of_the_ticket() -> None:
    assert set(get_args(models.State)) == set(STATE_TYPES)
    assert set(get_args(models.NextState)) == SETTABLE


def test_a_place_in_a_path_has_one_name() -> None:
    """API Gateway knows one variable below each resource."""
    names: dict[str, set[str]] = {}
    for route in ROUTES:
        parts = route.path.split("/")
        for n, part in enumerate(parts):
            if part.startswith("{"):
                names.setdefault("/".join(parts[:n]), set()).add(part)
    assert {place: found for place, found in names.items() if len(found) > 1} == {}
