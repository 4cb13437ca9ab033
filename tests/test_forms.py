"""The form of a site: one address sends it for all who fill it in, and names them in Reply-To. They are different people."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib import desk_merge, store, ticket_merge, whose_ticket
from chalicelib.article import Address
from tests.cast import ANN, MONDAY, SUPPORT
from tests.posting import mail
from tests.test_postmaster import tickets
from tests.test_whose_ticket import links

pytestmark = pytest.mark.usefixtures("cloud")
TakeIn = Callable[..., None]
ASKED = "The printer is on fire and the whole office is full of smoke."
AGAIN = "The printer is STILL on fire! Will anybody help? The whole office is full of smoke."
СПРОСИЛ = "Не могу войти в личный кабинет, пишет неверный пароль."
СНОВА = "Так и не могу войти в личный кабинет: всё время пишет «неверный пароль»!"


def form(name: str, text: str, n: int, site: str = "noreply@shop.example", verdict: str = "PASS") -> bytes:
    elsewhere = {"Reply-To": f"{name} <{name.lower()}@mail.example>"}
    sender = Address(site, "Shop")
    return mail(text, f"Form {n}", sender=sender, headers=elsewhere, message_id=f"<{n}@x>", verdict=verdict)


def numbers() -> list[str]:
    return [each.ticket.number for each in tickets()]


@pytest.mark.parametrize("site", ["noreply@shop.example", "wordpress@shop.example"])
@pytest.mark.parametrize(("asked", "again"), [(ASKED, AGAIN), (СПРОСИЛ, СНОВА)])
def test_who_asks_again_by_a_form_is_reminded_of_himself_only(
    asked: str, again: str, site: str, take_in: TakeIn
) -> None:
    take_in(form("Anna", asked, 1, site), "in/1")
    take_in(form("Bert", again, 2, site), "in/2")
    take_in(form("Anna", again, 3, site), "in/3")
    anna, bert, annas_second = numbers()
    assert links(bert) == set()
    assert (anna, "asked-before", False) in links(annas_second)
    assert bert not in {number for number, _, _ in links(annas_second)}


def test_two_who_fill_in_one_form_ask_the_same_in_tickets_of_their_own(take_in: TakeIn) -> None:
    take_in(form("Anna", ASKED, 1), "in/1")
    take_in(form("Bert", ASKED, 1).replace(b"<1@x>", b"<2@x>"), "in/2")
    assert [links(number) for number in numbers()] == [set(), set()]


def test_halves_of_a_thread_are_not_united_for_two_who_fill_in_one_form(take_in: TakeIn) -> None:
    take_in(form("Anna", ASKED, 1), "in/1")
    take_in(form("Bert", "My invoice is wrong.", 2), "in/2")
    anna, bert = (each.ticket for each in tickets())
    assert not whose_ticket.may_unite(anna, bert, MONDAY)
    assert whose_ticket.may_unite(anna, replace(bert, answer_to=anna.answer_to), MONDAY)


def test_the_answers_of_one_do_not_go_where_the_other_of_a_merged_form_reads(take_in: TakeIn) -> None:
    take_in(form("Anna", ASKED, 1, verdict="FAIL"), "in/1")
    take_in(form("Bert", "My invoice is wrong.", 2), "in/2")
    anna, bert = numbers()
    desk_merge.merge(bert, anna, ANN, MONDAY)
    assert store.ticket(anna).answer_to is None
    assert store.ticket(anna).doubt


def test_merging_two_of_one_form_keeps_the_threads_of_their_mails_apart(take_in: TakeIn) -> None:
    take_in(form("Anna", ASKED, 1), "in/1")
    take_in(form("Bert", "My invoice is wrong.", 2), "in/2")
    anna, bert = (each.ticket for each in tickets())
    assert ticket_merge.absorbed(anna, bert, SUPPORT, MONDAY).thread == anna.thread


def test_carla_whose_answers_go_to_her_office_is_carla(take_in: TakeIn) -> None:
    take_in(mail(ASKED, "Fire", headers={"Reply-To": "office@customer.example"}), "in/1")
    take_in(mail(AGAIN, "Fire!", message_id="<2@customer.example>"), "in/2")
    first, second = numbers()
    assert links(second) == {(first, "asked-before", False)}
