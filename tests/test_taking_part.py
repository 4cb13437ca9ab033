"""Whom Ann writes to is no stranger when he answers; and what she asked aside the customer does not read."""

from collections.abc import Callable

import pytest

from chalicelib import config, counter, desk, desk_merge, store, threads
from chalicelib.article import Address
from chalicelib.composing import Saying
from chalicelib.errors import Refused
from chalicelib.store import Whole
from chalicelib.taking_part import MOST
from dev.cloud import Cloud
from tests.cast import ANN, BEN, CARLA, CARLA_HERSELF, EVE, HOUR, MONDAY, SUPPORT
from tests.posting import mail
from tests.test_postmaster import kinds, only_ticket, tickets

pytestmark = pytest.mark.usefixtures("cloud")
TakeIn = Callable[..., None]
DAVE = Address("dave@customer.example", "Dave")
SAM = Address("sam@supplier.example", "Sam")


@pytest.fixture
def number(take_in: TakeIn, cloud: Cloud) -> str:
    take_in(mail())
    cloud.outbox.clear()
    return only_ticket().ticket.number


def says(number: str, kind: str, **more: object) -> Whole:
    held = desk.lock(number, ANN, False, MONDAY)
    saying = Saying(kind, "Please look.", epoch=held.epoch, seen=held.article_count, **more)  # type: ignore[arg-type]
    desk.say(number, ANN, saying, MONDAY)
    return store.whole(number)


def answers(sender: Address, number: str, text: str = "I know more.", n: int = 1, **more: object) -> bytes:
    """To the address that our mail came from."""
    to = threads.reply_address(SUPPORT.address, number, config.config().secret)
    return mail(text, "Re: printer", sender, to, f"<{n}@{sender.email}>", **more)  # type: ignore[arg-type]


def read_by_carla(number: str) -> list[str]:
    return [each.text.strip() for each in counter.show(number, CARLA_HERSELF)[1]]


# -- in copy


def test_whoever_had_a_copy_of_anns_reply_joins_when_he_answers(number: str, take_in: TakeIn, cloud: Cloud) -> None:
    says(number, "reply", cc=(DAVE,))
    cloud.outbox.clear()
    take_in(answers(DAVE, number), "in/2")
    found = only_ticket()
    assert kinds(found) == ["mail", "auto", "reply", "mail"]
    assert "I know more." in read_by_carla(number)
    assert cloud.outbox == []


def test_eve_who_calls_herself_dave_still_does_not(number: str, take_in: TakeIn) -> None:
    says(number, "reply", cc=(DAVE,))
    false = mail("Let me in", f"[Ticket#{number}]", DAVE, message_id="<e@evil.example>", verdict="FAIL")
    take_in(false, "in/2")
    assert len(tickets()) == 2


def test_a_blind_copy_lets_nobody_in(number: str) -> None:
    assert says(number, "reply", bcc=(DAVE,)).ticket.participants == {CARLA.email}


def test_the_desks_own_addresses_take_no_part(number: str) -> None:
    own = Address("Billing+x@desk.localhost".lower())
    assert says(number, "reply", cc=(own,)).ticket.participants == {CARLA.email}


def test_a_crowd_that_would_be_too_many_is_written_to_and_lets_nobody_in(number: str) -> None:
    crowd = tuple(Address(f"person{n}@customer.example") for n in range(MOST - 2))
    assert len(says(number, "reply", cc=crowd[: MOST // 2]).ticket.participants) == MOST // 2 + 1
    assert len(says(number, "reply", cc=crowd[MOST // 2 - 2 :]).ticket.participants) == MOST - 1
    more = (Address("one@customer.example"), Address("two@customer.example"))
    assert len(says(number, "reply", cc=more).ticket.participants) == MOST - 1


def test_where_carla_wants_her_answers_somebody_may_answer_them(take_in: TakeIn) -> None:
    office = Address("office@customer.example")
    take_in(mail(headers={"Reply-To": office.email}))
    number = only_ticket().ticket.number
    take_in(answers(office, number), "in/2")
    assert only_ticket().ticket.participants == {CARLA.email, office.email}


def test_where_dave_wants_his_answers_is_not_where_carlas_go(number: str, take_in: TakeIn, cloud: Cloud) -> None:
    says(number, "reply", cc=(DAVE,))
    take_in(answers(DAVE, number, headers={"Reply-To": "eve@evil.example"}), "in/2")
    cloud.outbox.clear()
    says(number, "reply")
    assert cloud.outbox[-1].to == (CARLA.email,)


# -- aside


def test_what_the_supplier_answers_to_a_forward_is_not_for_carla(number: str, take_in: TakeIn, cloud: Cloud) -> None:
    says(number, "forward", to=(SAM,))
    cloud.outbox.clear()
    take_in(answers(SAM, number, "He never paid us for it."), "in/2")
    found = only_ticket()
    assert (found.articles[-1].text.strip(), found.articles[-1].visible) == ("He never paid us for it.", False)
    assert "He never paid us for it." not in read_by_carla(number)
    assert cloud.outbox == []


def test_the_suppliers_answer_opens_the_ticket_and_is_news(number: str, take_in: TakeIn) -> None:
    says(number, "reply")
    says(number, "forward", to=(SAM,))
    take_in(answers(SAM, number), "in/2")
    found = only_ticket().ticket
    assert (found.state, found.news_seq) == ("open", found.article_count)


def test_ann_may_answer_carla_though_only_the_supplier_has_written_since(number: str, take_in: TakeIn) -> None:
    says(number, "forward", to=(SAM,))
    held = desk.lock(number, ANN, False, MONDAY)
    take_in(answers(SAM, number), "in/2")
    desk.say(number, ANN, Saying("reply", "Use water.", epoch=held.epoch, seen=held.article_count), MONDAY)


def test_whom_the_supplier_takes_in_is_asked_aside_too(number: str, take_in: TakeIn) -> None:
    says(number, "forward", to=(SAM,))
    take_in(answers(SAM, number, headers={"Cc": str(EVE)}), "in/2")
    assert only_ticket().ticket.aside == {SAM.email, EVE.email}


def test_the_suppliers_letters_lead_carlas_answers_nowhere_else(number: str, take_in: TakeIn, cloud: Cloud) -> None:
    says(number, "forward", to=(SAM,))
    take_in(answers(SAM, number, headers={"Reply-To": "tickets@supplier.example"}), "in/2")
    cloud.outbox.clear()
    says(number, "reply")
    assert cloud.outbox[-1].to == (CARLA.email,)
    assert SAM.email.encode() not in cloud.outbox[-1].raw


def test_a_supplier_who_gets_a_copy_of_the_reply_is_part_of_the_conversation(number: str, take_in: TakeIn) -> None:
    says(number, "forward", to=(SAM,))
    assert says(number, "reply", cc=(SAM,)).ticket.aside == frozenset()
    take_in(answers(SAM, number, "Hello Carla."), "in/2")
    assert "Hello Carla." in read_by_carla(number)


def test_carla_herself_is_never_asked_aside(number: str) -> None:
    assert says(number, "forward", to=(CARLA,)).ticket.aside == frozenset()


def test_what_ben_answers_to_a_copy_from_his_own_mailbox_is_not_for_carla(number: str, take_in: TakeIn) -> None:
    says(number, "reply", cc=(Address(BEN.email),))
    take_in(answers(Address(BEN.email), number, "She is difficult."), "in/2")
    assert only_ticket().articles[-1].visible is False


def test_who_is_sent_away_is_a_stranger_again(number: str, take_in: TakeIn) -> None:
    says(number, "forward", to=(SAM,))
    left = desk_merge.send_away(number, SAM.email, ANN, MONDAY + HOUR)
    assert (left.participants, left.aside) == ({CARLA.email}, frozenset())


def test_the_suppliers_letter_is_handed_on_but_never_quoted_to_carla_and_a_note_to_nobody(
    number: str, take_in: TakeIn, cloud: Cloud
) -> None:
    says(number, "forward", to=(SAM,))
    take_in(answers(SAM, number, "It needs a new fuse."), "in/2")
    letter = only_ticket().ticket.article_count
    with pytest.raises(Refused):
        says(number, "reply", quote=letter)
    says(number, "forward", to=(SAM,), quote=letter)
    assert b"It needs a new fuse." in cloud.outbox[-1].raw
    note = desk.say(number, ANN, Saying("note", "Not for anybody."), MONDAY)[1]
    with pytest.raises(Refused):
        says(number, "forward", to=(SAM,), quote=note.seq)


def test_in_a_merged_ticket_who_reads_along_in_either_is_no_longer_aside(number: str, take_in: TakeIn) -> None:
    says(number, "forward", to=(SAM, DAVE))
    take_in(mail("Another matter, about the scanner.", "Scanner", message_id="<s@customer.example>"), "in/2")
    other = next(each.ticket.number for each in tickets() if each.ticket.number != number)
    says(other, "reply", cc=(DAVE,))
    assert desk_merge.merge(number, other, ANN, MONDAY).aside == {SAM.email}
