"""Eve writes in Carla's name: Ben is told before he believes it, and Carla is not shown it as hers before she knows."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib import config, counter, desk, desk_merge, store, threads
from chalicelib.article import FORGED, UNPROVEN, Address
from chalicelib.composing import Saying
from chalicelib.errors import NotFound
from chalicelib.queues import NEW_TICKET
from dev.cloud import Cloud
from tests.cast import ANN, CARLA, CARLA_HERSELF, EVE, HOUR, MONDAY, SUPPORT
from tests.client import proven, signed_in
from tests.posting import mail
from tests.test_postmaster import close, only_ticket, tickets

pytestmark = pytest.mark.usefixtures("cloud")
TakeIn = Callable[..., None]
FALSE, UNKNOWN = "FAIL", "NONE"  # what SES says of Eve's letters


def in_carlas_name(verdict: str = FALSE, **more: object) -> bytes:
    return mail("Please pay to another account from now on.", "Invoice", verdict=verdict, **more)  # type: ignore[arg-type]


def carlas_numbers() -> list[str]:
    return [str(row["number"]) for row in counter.tickets(CARLA_HERSELF)]


def answer_to(number: str, text: str = "That was me, thank you.", **more: object) -> bytes:
    """Carla's mail to the address that our automatic answer gave her."""
    address = threads.reply_address(SUPPORT.address, number, config.config().secret)
    return mail(text, "Re: Invoice", to=address, message_id="<2@customer.example>", **more)  # type: ignore[arg-type]


# -- who is told


@pytest.mark.parametrize(("verdict", "doubt"), [(FALSE, FORGED), (UNKNOWN, UNPROVEN), ("PASS", "")])
def test_a_letter_keeps_what_ses_said_of_its_sender(take_in: TakeIn, verdict: str, doubt: str) -> None:
    take_in(in_carlas_name(verdict))
    found = only_ticket()
    assert (found.articles[0].doubt, found.ticket.doubt) == (doubt, doubt)
    assert found.articles[1].doubt == ""


def test_ann_is_told_in_the_list_at_the_letter_and_at_the_link(take_in: TakeIn) -> None:
    take_in(mail())
    real = only_ticket().ticket.number
    take_in(in_carlas_name(message_id="<2@x>", headers={"In-Reply-To": "<first@customer.example>"}), "in/2")
    client = signed_in(ANN)
    rows = client.get("/tickets").json["tickets"]
    assert {row["number"] == real: row["doubt"] for row in rows} == {True: None, False: FORGED}
    false = next(row["number"] for row in rows if row["doubt"])
    assert client.get(f"/tickets/{false}").json["articles"][0]["doubt"] == FORGED
    (link,) = client.get(f"/tickets/{real}").json["links"]
    assert (link["number"], link["kind"], link["doubt"]) == (false, "follow-up", FORGED)


def test_a_letter_by_nobody_is_no_forgery_of_anybody(take_in: TakeIn) -> None:
    take_in(in_carlas_name(sender=Address("")))
    assert only_ticket().articles[0].doubt == ""


# -- what Carla sees


@pytest.mark.parametrize("verdict", [FALSE, UNKNOWN])
def test_carla_is_not_shown_in_the_portal_what_eve_wrote_in_her_name(take_in: TakeIn, verdict: str) -> None:
    take_in(in_carlas_name(verdict))
    number = only_ticket().ticket.number
    assert carlas_numbers() == []
    with pytest.raises(NotFound):
        counter.show(number, CARLA_HERSELF)
    with pytest.raises(NotFound):
        counter.write(number, CARLA_HERSELF, "What is this?", (), MONDAY)


def test_a_ticket_is_carlas_once_she_goes_on_with_it(take_in: TakeIn) -> None:
    take_in(in_carlas_name(UNKNOWN))
    number = only_ticket().ticket.number
    take_in(answer_to(number, verdict=UNKNOWN), "in/2")
    assert carlas_numbers() == [number]
    # The second one holds our signature, which is a proof.
    assert [each.doubt for each in only_ticket().articles if each.kind == "mail"] == [UNPROVEN, ""]


def test_our_signature_does_not_hide_that_her_domain_disowns_the_letter(take_in: TakeIn) -> None:
    take_in(mail())
    take_in(answer_to(only_ticket().ticket.number, verdict=FALSE), "in/2")
    assert [each.doubt for each in only_ticket().articles if each.kind == "mail"] == ["", FORGED]


def test_what_she_writes_after_the_end_opens_a_ticket_that_is_hers(take_in: TakeIn) -> None:
    config.put_queue(replace(config.config().queues["support"], follow_up=NEW_TICKET))
    take_in(mail())
    first = only_ticket().ticket.number
    close(first)
    take_in(answer_to(first, verdict=UNKNOWN), "in/2")
    assert len(carlas_numbers()) == 2


def test_a_ticket_is_carlas_once_ann_has_answered_her(take_in: TakeIn) -> None:
    take_in(in_carlas_name(UNKNOWN))
    number = only_ticket().ticket.number
    reply(number)
    assert carlas_numbers() == [number]


def test_an_answer_to_somebody_else_tells_carla_nothing(take_in: TakeIn) -> None:
    take_in(in_carlas_name(UNKNOWN))
    reply(only_ticket().ticket.number, to=(EVE,))
    assert carlas_numbers() == []


def reply(number: str, to: tuple[Address, ...] = ()) -> None:
    held = desk.lock(number, ANN, False, MONDAY)
    saying = Saying("reply", "Did you really write this?", to=to, epoch=held.epoch, seen=held.article_count)
    desk.say(number, ANN, saying, MONDAY)


def test_carlas_machine_claims_nothing(take_in: TakeIn) -> None:
    take_in(in_carlas_name())
    number = only_ticket().ticket.number
    take_in(answer_to(number, "I am on holiday.", headers={"Auto-Submitted": "auto-replied"}), "in/2")
    assert only_ticket().ticket.article_count == 3
    assert carlas_numbers() == []


def test_carlas_colleague_claims_nothing_for_her(take_in: TakeIn) -> None:
    take_in(in_carlas_name())
    number = only_ticket().ticket.number
    dave = Address("dave@customer.example", "Dave")
    desk_merge.let_join(number, dave, ANN, MONDAY)
    take_in(answer_to(number, sender=dave), "in/2")
    assert only_ticket().ticket.article_count == 3
    assert carlas_numbers() == []


# -- merging


def test_ben_may_join_it_all_the_same_and_the_letter_stays_marked(take_in: TakeIn) -> None:
    take_in(mail())
    real = only_ticket().ticket.number
    take_in(in_carlas_name(message_id="<2@x>"), "in/2")
    false = next(each.ticket.number for each in tickets() if each.ticket.doubt)
    desk_merge.merge(false, real, ANN, MONDAY)
    survivor = store.whole(real)
    assert [each.doubt for each in survivor.articles if each.kind == "mail"] == ["", FORGED]
    assert carlas_numbers() == [real]


def test_carla_is_told_which_letter_of_her_ticket_may_not_be_hers(take_in: TakeIn) -> None:
    take_in(mail())
    real = only_ticket().ticket.number
    take_in(in_carlas_name(message_id="<2@x>"), "in/2")
    false = next(each.ticket.number for each in tickets() if each.ticket.doubt)
    desk_merge.merge(false, real, ANN, MONDAY)
    shown = proven(CARLA_HERSELF).get(f"/portal/tickets/{real}").json["articles"]
    assert [each["doubt"] for each in shown if each["kind"] == "mail"] == [None, FORGED]


def test_her_own_letter_merged_into_a_doubtful_ticket_makes_it_hers(take_in: TakeIn) -> None:
    take_in(in_carlas_name(message_id="<2@x>"))
    false = only_ticket().ticket.number
    take_in(mail(), "in/2")
    real = next(each.ticket.number for each in tickets() if not each.ticket.doubt)
    desk_merge.merge(real, false, ANN, MONDAY + HOUR)
    assert carlas_numbers() == [false]


def test_eves_own_letter_merged_into_it_does_not(take_in: TakeIn, cloud: Cloud) -> None:
    take_in(in_carlas_name(message_id="<2@x>"))
    false = only_ticket().ticket.number
    take_in(mail(sender=EVE, message_id="<3@x>"), "in/2")
    hers = next(each.ticket.number for each in tickets() if not each.ticket.doubt)
    desk_merge.merge(hers, false, ANN, MONDAY + HOUR)
    assert store.ticket(false).doubt == FORGED and CARLA.email == store.ticket(false).customer.email
