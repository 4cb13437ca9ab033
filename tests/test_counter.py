"""A customer helps himself, and only himself."""

import re
from collections.abc import Callable

import pytest

from chalicelib import counter, desk, desk_lists, store
from chalicelib.access import Customer
from chalicelib.composing import Saying
from chalicelib.desk_lists import Wanted
from chalicelib.errors import NotFound, Refused
from dev.cloud import Cloud
from tests.cast import ANN, CARLA, CARLA_HERSELF, EVE, HOUR, MONDAY
from tests.posting import mail

pytestmark = pytest.mark.usefixtures("cloud")

EVE_HERSELF = Customer(EVE.email, EVE.name)


@pytest.fixture
def number(take_in: Callable[..., None], cloud: Cloud) -> str:
    take_in(mail())
    cloud.outbox.clear()
    (row,) = desk_lists.tickets(ANN, Wanted(), MONDAY).rows
    return str(row["number"])


def code_sent(cloud: Cloud) -> str:
    found = re.search(rb"\b(\d{6})\b", cloud.outbox[-1].raw.split(b"\n\n", 1)[-1])
    assert found
    return found[1].decode()


def test_the_code_that_came_by_mail_proves_the_mailbox(cloud: Cloud) -> None:
    counter.ask_code(CARLA.email, "en", MONDAY)
    assert cloud.outbox[-1].to == (CARLA.email,)
    assert counter.prove(CARLA.email, code_sent(cloud), MONDAY).email == CARLA.email


def test_a_code_is_good_once(cloud: Cloud) -> None:
    counter.ask_code(CARLA.email, "en", MONDAY)
    code = code_sent(cloud)
    counter.prove(CARLA.email, code, MONDAY)
    with pytest.raises(Refused):
        counter.prove(CARLA.email, code, MONDAY)


def test_a_code_is_good_for_a_quarter_of_an_hour(cloud: Cloud) -> None:
    counter.ask_code(CARLA.email, "en", MONDAY)
    with pytest.raises(Refused):
        counter.prove(CARLA.email, code_sent(cloud), MONDAY + HOUR)


def test_five_wrong_guesses_spoil_the_code(cloud: Cloud) -> None:
    counter.ask_code(CARLA.email, "en", MONDAY)
    code = code_sent(cloud)
    for wrong in ("000001", "000002", "000003", "000004", "000005"):
        with pytest.raises(Refused):
            counter.prove(CARLA.email, wrong if wrong != code else "999999", MONDAY)
    with pytest.raises(Refused):
        counter.prove(CARLA.email, code, MONDAY)


def test_carlas_code_is_no_good_for_eve(cloud: Cloud) -> None:
    counter.ask_code(CARLA.email, "en", MONDAY)
    counter.ask_code(EVE.email, "en", MONDAY)
    carlas = cloud.outbox[0]
    code = re.search(rb"\b(\d{6})\b", carlas.raw.split(b"\n\n", 1)[-1])
    assert code
    if code[1] not in cloud.outbox[1].raw:
        with pytest.raises(Refused):
            counter.prove(EVE.email, code[1].decode(), MONDAY)


def test_a_mailbox_is_not_flooded_with_codes(cloud: Cloud) -> None:
    for _ in range(10):
        counter.ask_code(CARLA.email, "en", MONDAY)
    assert len(cloud.outbox) == 5


def test_carla_sees_her_ticket_but_no_note(number: str) -> None:
    desk.say(number, ANN, Saying("note", "She is difficult."), MONDAY)
    _, articles = counter.show(number, CARLA_HERSELF)
    assert [article.kind for article in articles] == ["mail", "auto"]
    assert [row["number"] for row in counter.tickets(CARLA_HERSELF)] == [number]


def test_eve_sees_nothing(number: str) -> None:
    assert counter.tickets(EVE_HERSELF) == []
    with pytest.raises(NotFound):
        counter.show(number, EVE_HERSELF)
    with pytest.raises(NotFound):
        counter.write(number, EVE_HERSELF, "Let me in", (), MONDAY)


def test_carlas_answer_opens_her_closed_ticket(number: str) -> None:
    version = store.ticket(number).version
    desk.change(number, ANN, version, {"state": "closed successful"}, MONDAY)
    counter.write(number, CARLA_HERSELF, "It burns again.", (), MONDAY + HOUR)
    found = store.whole(number)
    assert (found.ticket.state, found.articles[-1].channel) == ("open", "web")


def test_a_ticket_opened_in_the_portal_is_answered_like_a_letter(cloud: Cloud) -> None:
    opened = counter.open_ticket(CARLA_HERSELF, "Принтер", "Он опять горит, помогите пожалуйста.", (), MONDAY)
    assert (opened.queue, opened.language) == ("support", "ru")
    assert cloud.outbox[-1].to == (CARLA.email,)
