"""What is said of other tickets beside one: enough to judge where Ann may read them, the bare number where she may not."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from chalicelib import config, desk, desk_merge, shown, store
from chalicelib.access import Agent
from chalicelib.article import Address
from chalicelib.composing import NewTicket
from chalicelib.ticket import Link, Ticket
from dev.cloud import Cloud
from tests.cast import ADA, ANN, CARLA, EVE, MONDAY, OLGA, carlas_ticket
from tests.client import signed_in
from tests.crashes import crash_at
from tests.posting import mail
from tests.test_postmaster import tickets

REX = Agent("rex", "Rex Reader", "rex@desk.localhost", rights={"support": "read", "billing": "read"})


@pytest.fixture
def number(cloud: Cloud) -> str:
    config.put_agent(REX)
    return called("Support", "Printer", CARLA, ANN)


@pytest.fixture
def secret(number: str) -> str:
    """Eve's ticket in Billing, which says that it may belong to Carla's."""
    made = called("Billing", "Salaries", EVE, OLGA)
    back = store.link_back(number, Link(made, "follow-up", email=EVE.email), MONDAY)
    store.save(store.ticket(number), store.ticket(number), now=MONDAY, also=[back])
    return made


def called(queue: str, title: str, customer: Address, by: Agent) -> str:
    return desk.open_ticket(by, NewTicket("phone", queue, customer, title, "Words of a call."), MONDAY)[0].number


def told(number: str, by: Agent) -> list[dict[str, object] | None]:
    return [link["other"] for link in signed_in(by).get(f"/tickets/{number}").json["links"]]


def test_ann_reads_what_may_belong_here(number: str) -> None:
    other = called("Support", "Printer again", EVE, ANN)
    desk_merge.link(number, other, "normal", ANN, MONDAY)
    [link] = told(number, ANN)
    assert link == {
        "title": "Printer again",
        "state": "open",
        "queue": "Support",
        "customer": {"name": EVE.name, "email": EVE.email},
    }
    assert told(other, ANN)[0]["title"] == "Printer"  # type: ignore[index]


def test_a_letter_that_may_go_on_from_carlas_ticket_says_what_it_is(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail())
    [first] = tickets()
    take_in(mail("Me too.", f"Re: [Ticket#{first.ticket.number}]", EVE, message_id="<2@evil.example>"), "in/2")
    [link] = told(first.ticket.number, ANN)
    assert link and link["customer"] == {"name": EVE.name, "email": EVE.email}


# Who may know of Billing's ticket that stands beside one of Support.
MATRIX = {"ann": (ANN, False), "ada": (ADA, True), "rex": (REX, True)}


@pytest.mark.parametrize("who", MATRIX)
def test_of_a_foreign_queue_there_is_the_number_alone(number: str, secret: str, who: str) -> None:
    by, may = MATRIX[who]
    answer = signed_in(by).get(f"/tickets/{number}")
    [link] = answer.json["links"]
    assert (link["number"], link["other"] is not None) == (secret, may)
    assert ("Salaries" in answer.text, EVE.email in answer.text) == (may, may)


def test_what_was_handed_to_another_queue_is_no_longer_told(number: str) -> None:
    other = called("Support", "Printer again", EVE, ANN)
    desk_merge.link(number, other, "normal", ANN, MONDAY)
    desk.change(other, ANN, store.ticket(other).version, {"queue": "Billing"}, MONDAY)
    assert told(number, ANN) == [None]


def test_a_ticket_that_is_not_there_is_a_number(number: str) -> None:
    before = store.ticket(number)
    store.save(before, replace(before, links=(Link("209912310000000", "normal"),)), now=MONDAY)
    assert told(number, ANN) == [None]


# -- pure


def whole(*links: Link, linked: dict[str, Ticket]) -> store.Whole:
    return store.Whole(carlas_ticket(), (), (), (), links, linked)


def test_all_links_to_one_ticket_tell_of_it() -> None:
    links = (Link("1", "follow-up", back=True), Link("1", "same-mail"), Link("2", "normal"))
    found = shown.ticket(whole(*links, linked={"1": carlas_ticket(title="Fire")}), {})["links"]
    assert [link["other"] and link["other"]["title"] for link in found] == ["Fire", "Fire", None]


# -- what it costs


def calls(number: str) -> Iterator[str]:
    with crash_at(0, False) as made:
        desk.show(number, ANN, MONDAY)
    yield from made


def test_a_ticket_without_links_is_read_as_before(number: str) -> None:
    assert list(calls(number)) == ["Query", "PutItem"]


def test_all_links_are_one_further_read(number: str) -> None:
    for n in range(3):
        desk_merge.link(number, called("Support", f"Printer {n}", EVE, ANN), "normal", ANN, MONDAY)
    assert list(calls(number)) == ["Query", "PutItem", "BatchGetItem"]


def test_a_flood_of_links_is_still_one_read(number: str) -> None:
    before = store.ticket(number)
    flood = tuple(Link(f"{n}", "normal") for n in range(store.MOST_LINKS + 50))
    store.save(before, replace(before, links=flood), now=MONDAY)
    assert list(calls(number)) == ["Query", "PutItem", "BatchGetItem"]
