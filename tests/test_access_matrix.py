"""Who may what: every route as it is registered, by every role, on an own and on a foreign object.

The routes come from the registry and so do the roles that they ask for; a new route that has no sample body, or that lets
everybody in without being named here, fails. What is not allowed is refused, and nothing in the table has changed by it.
"""

from dataclasses import dataclass
from typing import Any

import pytest

import app
from chalicelib import config, counter, desk, files, records
from chalicelib.access import Agent, Customer
from chalicelib.article import Address
from chalicelib.composing import NewTicket
from chalicelib.doors import ADMIN, AGENT, CUSTOMER, NOBODY, ROUTES, Route
from dev.cloud import Cloud
from tests.cast import ADA, ANN, CARLA_HERSELF, EVE, MONDAY, OLGA
from tests.client import Client, proven, signed_in

REX = Agent("rex", "Rex Reader", "rex@desk.localhost", rights={"support": "read"})
NIL = Agent("nil", "Nil Nowhere", "nil@desk.localhost")
EVE_HERSELF = Customer(EVE.email, EVE.name)
PEOPLE = {"admin": ADA, "ann": ANN, "rex": REX, "nil": NIL, "olga": OLGA, "carla": CARLA_HERSELF, "eve": EVE_HERSELF}

# What anybody may ask for; none of it tells anything of anybody.
OPEN = {
    "GET /health",
    "GET /openapi.json",
    "POST /session",
    "DELETE /session",
    "POST /session/challenge",
    "POST /session/forgotten",
    "PUT /session/forgotten",
    "POST /portal/session",
    "PUT /portal/session",
    "DELETE /portal/session",
    "GET /files/{token}",
}
SAMPLES: dict[str, Any] = {
    "": None,
    "NewTicket": {
        "channel": "phone",
        "queue": "Support",
        "customer": {"email": "c@d.example"},
        "title": "T",
        "text": "X",
    },
    "Change": {"version": 1, "priority": 5},
    "Takeover": {"takeover": True},
    "Saying": {"kind": "note", "text": "A note"},
    "DraftBody": {"text": "So far"},
    "Merge": {"into": "1"},
    "QueueWanted": {"queue": "Support"},
    "Person": {"email": "dave@customer.example"},
    "LinkWanted": {"number": "1"},
    "UploadWanted": {"filename": "a.txt", "content_type": "text/plain", "size": 3},
    "OwnNewTicket": {"title": "T", "text": "X"},
    "OwnWords": {"text": "X"},
    "Factor": {"password": "wrong"},
    "QueueSet": {"name": "Support", "follow_up": "reject"},
    "AgentSet": {"name": "Ann", "out_of_office": True},
    "RatesSet": {"hourly": 50},
    "ViewsSet": {"views": [{"name": "Fires", "q": "fire"}]},
}
VALUES = {"article": "1", "n": "1", "kind": "note", "mail": "noise", "email": "carla%40customer.example"}
VALUES |= {"queue": "support", "login": "ann", "name": "x", "section": "roles", "item": "x"}


@dataclass(frozen=True)
class Place:
    """The desk with a ticket of Carla's in Support and one of Eve's in Billing, each with a draft-less first article."""

    own: str
    foreign: str


@pytest.fixture
def place(cloud: Cloud) -> Place:
    for agent in (REX, NIL):
        config.put_agent(agent)
    records.put_failed("noise", "No mail", 3, MONDAY)
    files.put("failed/noise", b"???", "text/plain")
    own = counter.open_ticket(CARLA_HERSELF, "Printer", "It is on fire.", (), MONDAY)
    call = NewTicket("phone", "Billing", Address(EVE.email, EVE.name), "Invoice", "It is wrong.")
    foreign, _ = desk.open_ticket(OLGA, call, MONDAY)
    return Place(own.number, foreign.number)


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


def ask(route: Route, who: str, number: str) -> int:
    """The status."""
    path = route.path
    for name, value in (VALUES | {"number": number}).items():
        path = path.replace("{" + name + "}", value)
    return browser(who).send(route.method, path, SAMPLES[route.body]).status


def browser(who: str) -> Client:
    person = PEOPLE.get(who)
    if isinstance(person, Agent):
        return signed_in(person)
    return proven(person) if person else Client()


def refusal(route: Route, who: str, own: bool) -> int | None:
    """With which status `who` is turned away; None: she may."""
    person = PEOPLE.get(who)
    if route.who == CUSTOMER:
        if not isinstance(person, Customer):
            return 401
        return 404 if "number" in route.names and (who == "carla") != own else None
    if not isinstance(person, Agent):
        return 401
    if route.who == ADMIN:
        return None if person == ADA else 403
    return refusal_at_ticket(route, person, own) if "number" in route.names else None


def refusal_at_ticket(route: Route, person: Agent, own: bool) -> int | None:
    right = "write" if person == ADA else person.rights.get("support" if own else "billing")
    if right is None:
        return 404
    return 403 if right == "read" and route.method != "GET" else None


def state(cloud: Cloud) -> list[str]:
    """Everything that is kept but sessions, what was seen, and counts."""
    passing = ("S#", "SO#", "SEEN#", "R#", "QS")
    return sorted(str(item) for item in cloud.items() if not item["pk"]["S"].startswith(passing))


GUARDED = [route for route in ROUTES if route.who != NOBODY]


def test_nobody_enters_by_any_other_than_the_open_doors() -> None:
    assert {name_of(route) for route in ROUTES if route.who == NOBODY} == OPEN


def test_every_route_of_the_app_came_through_a_door() -> None:
    registered = {f"{method} {path}" for path, methods in app.app.routes.items() for method in methods}
    assert registered == {name_of(route) for route in ROUTES}
    assert {route.who for route in ROUTES} == {NOBODY, AGENT, ADMIN, CUSTOMER}


@pytest.mark.parametrize("own", [True, False], ids=["own", "foreign"])
@pytest.mark.parametrize("route", GUARDED, ids=name_of)
def test_whatever_is_not_allowed_is_refused(route: Route, own: bool, place: Place, cloud: Cloud) -> None:
    number = place.own if own else place.foreign
    before = state(cloud)
    expected = {who: status for who in [*PEOPLE, "nobody"] if (status := refusal(route, who, own))}
    found = {who: ask(route, who, number) for who in expected}
    assert found == expected
    assert state(cloud) == before


@pytest.mark.parametrize("route", GUARDED, ids=name_of)
def test_whatever_is_allowed_is_not_refused(route: Route, place: Place) -> None:
    # A wrong password and a queue without the right are refused with 403 too; they have tests of their own.
    elsewhere = ("POST /tickets", "POST /failed-mails/{mail}/ticket")
    refusing = {401} if route.path == "/session/factor" or name_of(route) in elsewhere else {401, 403}
    for who in PEOPLE:
        for own in (True, False):
            if refusal(route, who, own) is None:
                status = ask(route, who, place.own if own else place.foreign)
                assert status not in refusing | {500}, who


@pytest.mark.parametrize("path", ["/tickets/{}", "/tickets/{}/articles/1/raw", "/tickets/{}/articles/1/attachments/1"])
def test_a_foreign_ticket_looks_like_none(path: str, place: Place) -> None:
    none = "1" * len(place.foreign)
    ours, theirs = (signed_in(ANN).get(path.format(number)) for number in (none, place.foreign))
    assert ours.text.replace(none, "") == theirs.text.replace(place.foreign, "")


def test_nobody_opens_a_ticket_where_she_may_not_write(place: Place, cloud: Cloud) -> None:
    before = state(cloud)
    for who, queue in (("ann", "Billing"), ("rex", "Support"), ("nil", "Support")):
        answer = browser(who).post("/tickets", SAMPLES["NewTicket"] | {"queue": queue})
        assert answer.status in (400, 403)
    assert state(cloud) == before


def test_a_foreign_queue_cannot_be_listed(place: Place) -> None:
    assert signed_in(ANN).get("/tickets?queue=Billing").status == 404
    assert signed_in(ANN).get("/tickets?queue=Nowhere").json == signed_in(ANN).get("/tickets?queue=Billing").json


def test_no_list_tells_of_foreign_tickets(place: Place) -> None:
    for path in ("/tickets", f"/tickets?customer={EVE.email}", f"/customers/{EVE.email}", "/queues", "/session"):
        assert place.foreign not in signed_in(ANN).get(path).text
    assert [queue["name"] for queue in signed_in(ANN).get("/queues").json["queues"]] == ["Support"]


def test_a_ticket_handed_on_is_seen_no_more(place: Place) -> None:
    ann = signed_in(ANN)
    version = ann.get(f"/tickets/{place.own}").json["version"]
    answer = ann.patch(f"/tickets/{place.own}", {"version": version, "queue": "Billing"})
    assert (answer.status, answer.json["queue"], answer.json["articles"]) == (200, "Billing", [])
    assert ann.get(f"/tickets/{place.own}").status == 404


def test_an_upload_of_another_cannot_be_attached(place: Place, cloud: Cloud) -> None:
    form = signed_in(ANN).post("/uploads", SAMPLES["UploadWanted"]).json
    files.put(form["fields"]["key"], b"abc", "text/plain")
    note = {"kind": "note", "text": "See there", "attachments": [form["upload"]]}
    assert signed_in(OLGA).post(f"/tickets/{place.foreign}/articles", note).status == 400
    new = SAMPLES["OwnNewTicket"] | {"attachments": [form["upload"]]}
    assert proven(CARLA_HERSELF).post("/portal/tickets", new).status == 400
