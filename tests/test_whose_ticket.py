"""Whose ticket: mails that come in the wrong order, strangers, colleagues, the impatient customer, two queues at once."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib import config, desk, desk_merge, store, threads
from chalicelib.article import Address
from chalicelib.follow_up import external_numbers
from dev.cloud import Cloud
from tests.cast import ADA, ANN, BEN, BILLING, CARLA, EVE, MONDAY, OLGA, SUPPORT
from tests.posting import mail
from tests.test_postmaster import close, kinds, only_ticket, tickets

pytestmark = pytest.mark.usefixtures("cloud")
TakeIn = Callable[..., None]
DAVE = Address("dave@customer.example", "Dave")


def links(number: str) -> set[tuple[str, str, bool]]:
    return {(link.number, link.kind, link.back) for link in store.whole(number).links}


def token(number: str) -> str:
    return threads.reply_address(SUPPORT.address, number, config.config().secret)


def later(n: int, answers: str, text: str = "", references: str = "", **more: object) -> bytes:
    """Carla's n-th mail, in answer to the one of that id; with the `references` before it."""
    headers = {"In-Reply-To": answers, "References": f"{references} {answers}".strip()}
    said = text or f"And here is thing number {n}, which has nothing to do with the one before."
    return mail(said, f"Re: matter {n}", message_id=f"<{n}@customer.example>", headers=headers, **more)  # type: ignore[arg-type]


# -- in the wrong order


def test_a_first_mail_that_was_overtaken_joins_its_follow_up(take_in: TakeIn, cloud: Cloud) -> None:
    take_in(later(2, "<1@customer.example>"), "in/2")
    take_in(mail(message_id="<1@customer.example>"), "in/1")
    found = only_ticket()
    assert kinds(found) == ["mail", "auto", "mail"]
    assert len(cloud.outbox) == 1


def test_a_first_mail_that_somebody_else_has_answered_before_is_linked_and_no_more(take_in: TakeIn) -> None:
    answered = mail("I agree.", "Re: fire", sender=DAVE, message_id="<2@customer.example>",
                    headers={"In-Reply-To": "<1@customer.example>", "Cc": str(CARLA)})  # fmt: skip
    take_in(answered, "in/2")
    daves = only_ticket().ticket.number
    take_in(mail(message_id="<1@customer.example>"), "in/1")
    (carlas,) = {each.ticket.number for each in tickets()} - {daves}
    assert links(carlas) == {(daves, "normal", False)}
    assert links(daves) == {(carlas, "normal", True)}
    assert kinds(store.whole(daves)) == ["mail", "auto"]


def test_a_thread_in_any_order_with_its_references_is_one_ticket(take_in: TakeIn) -> None:
    ids = [f"<{n}@customer.example>" for n in range(4)]
    for n in (3, 1, 0, 2):
        headers = {"References": " ".join(ids[:n])} if n else {}
        take_in(mail(f"Thing number {n}", f"Matter {n}", message_id=ids[n], headers=headers), f"in/{n}")
    assert kinds(only_ticket()).count("mail") == 4


def test_two_halves_of_a_thread_become_one_when_the_mail_between_them_comes(take_in: TakeIn) -> None:
    take_in(later(3, "<2@customer.example>"), "in/3")
    take_in(mail(message_id="<1@customer.example>"), "in/1")
    assert len(tickets()) == 2
    take_in(later(2, "<1@customer.example>"), "in/2")
    merged, kept = sorted(tickets(), key=lambda each: each.ticket.merged_into is None)
    assert merged.ticket.merged_into == kept.ticket.number
    assert kinds(kept).count("mail") == 3


def test_two_halves_become_one_when_a_later_mail_shows_it(take_in: TakeIn) -> None:
    take_in(later(3, "<2@customer.example>"), "in/3")
    take_in(mail(message_id="<1@customer.example>"), "in/1")
    take_in(later(4, "<3@customer.example>", references="<1@customer.example> <2@customer.example>"), "in/4")
    merged, kept = sorted(tickets(), key=lambda each: each.ticket.merged_into is None)
    assert merged.ticket.merged_into == kept.ticket.number
    assert kinds(kept).count("mail") == 3


def test_a_forward_makes_no_two_halves_one(take_in: TakeIn) -> None:
    take_in(mail(message_id="<1@customer.example>"), "in/1")
    (a,) = (each.ticket.number for each in tickets())
    take_in(later(3, "<2@customer.example>"), "in/3")
    quotes = {"References": "<2@customer.example> <3@customer.example>"}
    forward = mail("And?", "Fwd: matter 3", to=token(a), message_id="<4@customer.example>", headers=quotes)
    take_in(forward, "in/4")
    assert [each.ticket.merged_into for each in tickets()] == [None, None]
    assert [kinds(each).count("mail") for each in tickets()] == [2, 1]


def test_a_forward_expects_no_mail_that_it_quotes(take_in: TakeIn) -> None:
    take_in(mail("See below", "Fwd: Bill", message_id="<2@x>", headers={"References": "<1@customer.example>"}), "in/2")
    take_in(mail(message_id="<1@customer.example>"), "in/1")
    assert len(tickets()) == 2


def test_a_closed_half_stays_apart(take_in: TakeIn) -> None:
    take_in(later(3, "<2@customer.example>"), "in/3")
    close(only_ticket().ticket.number)
    take_in(mail(message_id="<1@customer.example>"), "in/1")
    take_in(later(4, "<3@customer.example>", references="<1@customer.example> <2@customer.example>"), "in/4")
    assert [each.ticket.merged_into for each in tickets()] == [None, None]


def test_tickets_of_a_thread_in_which_no_mail_is_missing_stay_apart(take_in: TakeIn) -> None:
    take_in(mail(message_id="<1@customer.example>"), "in/1")
    forward = {"References": "<1@customer.example>", "In-Reply-To": "<1@customer.example>"}
    take_in(mail("And this?", "Fwd: Bill", message_id="<2@customer.example>", headers=forward), "in/2")
    take_in(later(3, "<2@customer.example>", references="<1@customer.example>"), "in/3")
    assert [kinds(each).count("mail") for each in tickets()] == [1, 2]


def test_a_mail_that_somebody_else_has_answered_before_it_came_links_his_ticket_to_its_own(take_in: TakeIn) -> None:
    take_in(mail(message_id="<1@customer.example>", headers={"Cc": str(DAVE)}), "in/1")
    answered = {"In-Reply-To": "<2@customer.example>", "Cc": str(CARLA)}
    take_in(mail("I agree.", "Re: matter 2", sender=DAVE, message_id="<3@customer.example>", headers=answered), "in/3")
    take_in(later(2, "<1@customer.example>"), "in/2")
    carlas, daves = tickets()
    assert [kinds(each).count("mail") for each in (carlas, daves)] == [2, 1]
    assert links(carlas.ticket.number) == {(daves.ticket.number, "normal", True)}
    assert links(daves.ticket.number) == {(carlas.ticket.number, "normal", True)}


def test_halves_are_only_linked_while_ben_writes_in_one(take_in: TakeIn) -> None:
    take_in(later(3, "<2@customer.example>"), "in/3")
    half = only_ticket().ticket.number
    desk.lock(half, BEN, False, MONDAY)
    take_in(mail(message_id="<1@customer.example>"), "in/1")
    take_in(later(2, "<1@customer.example>"), "in/2")
    (other,) = {each.ticket.number for each in tickets()} - {half}
    assert links(half) == {(other, "normal", True)}
    assert links(other) == {(half, "normal", True)}


def test_eve_cannot_lay_claim_to_a_mail_that_carla_has_not_written_yet(take_in: TakeIn) -> None:
    for n, verdict in enumerate(("PASS", "FAIL")):
        eves = mail(
            "Mine.", sender=EVE, message_id=f"<{n}@evil.example>", headers={"References": "<1@customer.example>"}
        )
        carlas = mail(
            "Hers?", message_id=f"<{n}@x.example>", headers={"References": "<1@customer.example>"}, verdict="FAIL"
        )
        take_in(eves if verdict == "PASS" else carlas, f"in/e{n}")
    take_in(mail(message_id="<1@customer.example>"), "in/1")
    (own,) = [each for each in tickets() if "smoke" in each.articles[0].text]
    assert kinds(own) == ["mail", "auto"]
    take_in(later(2, "<1@customer.example>"), "in/2")
    assert kinds(store.whole(own.ticket.number)) == ["mail", "auto", "mail"]


# -- merged tickets


def test_every_clue_to_a_merged_ticket_leads_to_the_survivor(take_in: TakeIn) -> None:
    take_in(mail(), "in/1")
    take_in(mail("The scanner does not scan.", "Scanner", message_id="<scan@customer.example>"), "in/2")
    kept, lost = (each.ticket.number for each in tickets())
    desk_merge.merge(lost, kept, ANN, MONDAY)
    before = len(store.whole(kept).articles)
    take_in(mail("By number", f"Re: [Ticket#{lost}]", message_id="<a@customer.example>"), "in/3")
    take_in(mail("By token", "Re", to=token(lost), message_id="<b@customer.example>", verdict="FAIL"), "in/4")
    take_in(later(5, "<scan@customer.example>"), "in/5")
    assert len(store.whole(kept).articles) == before + 3


# -- strangers and colleagues


def test_a_stranger_with_our_signature_waits_until_ann_lets_him_in(take_in: TakeIn) -> None:
    take_in(mail(), "in/1")
    number = only_ticket().ticket.number
    take_in(mail("I know more.", "Re", sender=DAVE, to=token(number), message_id="<d@customer.example>"), "in/2")
    (his,) = {each.ticket.number for each in tickets()} - {number}
    assert links(number) == {(his, "waiting", True)}
    assert links(his) == {(number, "waiting", False)}
    desk_merge.let_join(number, DAVE, ANN, MONDAY)
    assert "I know more." in [article.text.strip() for article in store.whole(number).articles]
    assert links(number) == {(his, "merged", True)}
    take_in(mail("And more.", "Re", sender=DAVE, to=token(number), message_id="<e@customer.example>"), "in/3")
    assert "And more." in [article.text.strip() for article in store.whole(number).articles]


def test_a_stranger_who_knows_the_number_is_a_possible_follow_up_on_both_sides(take_in: TakeIn) -> None:
    take_in(mail(), "in/1")
    number = only_ticket().ticket.number
    version = store.ticket(number).version
    take_in(mail("Me too", f"[Ticket#{number}]", sender=EVE, message_id="<e@evil.example>"), "in/2")
    (his,) = {each.ticket.number for each in tickets()} - {number}
    assert links(number) == {(his, "follow-up", True)}
    assert store.ticket(number).version == version


def test_a_colleague_in_cc_may_join(take_in: TakeIn) -> None:
    take_in(mail(headers={"Cc": str(DAVE)}), "in/1")
    number = only_ticket().ticket.number
    assert store.ticket(number).participants == {CARLA.email, DAVE.email}
    answer = mail("It is out.", f"Re: [Ticket#{number}]", sender=DAVE, message_id="<d@customer.example>")
    take_in(answer, "in/2")
    assert "It is out." in [article.text.strip() for article in only_ticket().articles]


def test_a_colleague_in_cc_of_a_forged_mail_may_not(take_in: TakeIn) -> None:
    take_in(mail(headers={"Cc": str(EVE)}, verdict="FAIL"), "in/1")
    assert only_ticket().ticket.participants == {CARLA.email}


def test_a_stranger_takes_nobody_in(take_in: TakeIn) -> None:
    take_in(mail(), "in/1")
    number = only_ticket().ticket.number
    answer = mail(
        "In her name", "Re", to=token(number), message_id="<e@x.example>", headers={"Cc": str(EVE)}, verdict="FAIL"
    )
    take_in(answer, "in/2")
    assert only_ticket().ticket.participants == {CARLA.email}


def test_a_mail_to_a_crowd_is_no_conversation(take_in: TakeIn) -> None:
    take_in(mail(headers={"Cc": ", ".join(f"person{n}@customer.example" for n in range(30))}), "in/1")
    assert only_ticket().ticket.participants == {CARLA.email}


# -- the impatient customer


def test_a_similar_letter_tells_where_it_was_asked_before(take_in: TakeIn) -> None:
    take_in(mail(), "in/1")
    first = only_ticket().ticket.number
    again = "The printer is STILL on fire! Will anybody help, please? The whole office is full of smoke."
    take_in(mail(again, "Fire!", message_id="<2@customer.example>"), "in/2")
    second = tickets()[1].ticket.number
    assert links(second) == {(first, "asked-before", False)}
    assert links(first) == {(second, "asked-before", True)}


def test_a_similar_russian_letter_too(take_in: TakeIn) -> None:
    take_in(mail("Здравствуйте! Не могу войти в личный кабинет, пишет неверный пароль.", "Не могу войти"), "in/1")
    again = "Добрый день. Так и не могу войти в личный кабинет: всё время пишет «неверный пароль»!"
    take_in(mail(again, "Личный кабинет", message_id="<2@customer.example>"), "in/2")
    first, second = (each.ticket.number for each in tickets())
    assert links(second) == {(first, "asked-before", False)}


@pytest.mark.parametrize("sender", [CARLA, DAVE])
def test_another_matter_or_another_person_reminds_of_nothing(sender: Address, take_in: TakeIn) -> None:
    take_in(mail(), "in/1")
    text = (
        "My invoice of October is wrong." if sender == CARLA else "The printer is on fire and the office full of smoke."
    )
    take_in(mail(text, "Invoice", sender=sender, message_id="<2@customer.example>"), "in/2")
    assert links(tickets()[1].ticket.number) == set()


# -- two queues


def test_tickets_of_one_mail_know_each_other(take_in: TakeIn) -> None:
    both = mail(to=f"{SUPPORT.address}, {BILLING.address}").replace(b" for <", b" for <nobody@x.example>, <")
    take_in(both, "in/1")
    support, billing = sorted(tickets(), key=lambda each: each.ticket.queue, reverse=True)
    assert links(billing.ticket.number) == {(support.ticket.number, "same-mail", False)}
    assert links(support.ticket.number) == {(billing.ticket.number, "same-mail", True)}


def test_tickets_of_one_mail_that_comes_once_for_each_address_know_each_other(take_in: TakeIn) -> None:
    take_in(copy_for(SUPPORT.address), "in/1")
    take_in(copy_for(BILLING.address), "in/2")
    support, billing = sorted(tickets(), key=lambda each: each.ticket.queue, reverse=True)
    assert links(billing.ticket.number) == {(support.ticket.number, "same-mail", False)}
    assert links(support.ticket.number) == {(billing.ticket.number, "same-mail", True)}


def test_the_second_copy_goes_with_the_first_where_that_has_gone_to_its_queue(take_in: TakeIn, cloud: Cloud) -> None:
    take_in(copy_for(SUPPORT.address), "in/1")
    number = only_ticket().ticket.number
    desk.change(number, ADA, store.whole(number).ticket.version, {"queue": BILLING.name}, MONDAY)
    take_in(copy_for(BILLING.address), "in/2")
    assert (only_ticket().ticket.queue, kinds(only_ticket())) == ("billing", ["mail", "auto"])
    assert cloud.objects("in/") == []


@pytest.mark.parametrize("first", [SUPPORT.address, BILLING.address])
def test_a_follow_up_and_its_copy_know_each_other_in_any_order(first: str, take_in: TakeIn) -> None:
    take_in(mail("Printer", "Printer", message_id="<0@customer.example>"), "in/0")
    support = only_ticket().ticket.number
    answers = {"References": "<0@customer.example>"}
    other = BILLING.address if first == SUPPORT.address else SUPPORT.address
    take_in(copy_for(first, headers=answers), "in/1")
    take_in(copy_for(other, headers=answers), "in/2")
    (billing,) = (each.ticket.number for each in tickets() if each.ticket.queue == "billing")
    assert {(number, kind) for number, kind, _ in links(support)} == {(billing, "same-mail")}
    assert {(number, kind) for number, kind, _ in links(billing)} == {(support, "same-mail")}


def test_a_copy_of_another_mail_with_the_same_id_links_nothing(take_in: TakeIn) -> None:
    take_in(copy_for(SUPPORT.address), "in/1")
    take_in(copy_for(BILLING.address).replace(b"smoke", b"water"), "in/2")
    assert [links(each.ticket.number) for each in tickets()] == [set(), set()]


def copy_for(address: str, **more: object) -> bytes:
    """What comes for one of the two queues that a mail was written to."""
    both = f"{SUPPORT.address}, {BILLING.address}"
    sent = mail(to=both, **more)  # type: ignore[arg-type]
    return sent.replace(f" for <{both}>".encode(), f" for <{address}>".encode())


def test_an_answer_to_all_goes_on_with_both_tickets_once_each(take_in: TakeIn) -> None:
    def to_both(raw: bytes) -> bytes:
        return raw.replace(b" for <", b" for <nobody@x.example>, <")

    take_in(to_both(mail(to=f"{SUPPORT.address}, {BILLING.address}", message_id="<1@customer.example>")), "in/1")
    number = next(each.ticket.number for each in tickets() if each.ticket.queue == "support")
    take_in(to_both(later(2, "<1@customer.example>", to=f"{token(number)}, {BILLING.address}")), "in/2")
    assert [kinds(each).count("mail") for each in tickets()] == [2, 2]


# -- numbers of other systems


def test_a_number_of_the_customers_own_system_finds_the_ticket(take_in: TakeIn) -> None:
    config.put_queue(replace(config.config().queues["support"], external_numbers=("INC{}",)))
    take_in(mail("A printer burns.", "INC0012345: printer", message_id="<1@customer.example>"), "in/1")
    take_in(mail("It is out.", "Update of inc0012345", message_id="<2@customer.example>"), "in/2")
    take_in(mail("Another one burns.", "INC0012346: printer two", message_id="<3@customer.example>"), "in/3")
    assert [kinds(each).count("mail") for each in tickets()] == [2, 1]


def test_the_same_number_in_another_company_is_another_matter(take_in: TakeIn) -> None:
    config.put_queue(replace(config.config().queues["support"], external_numbers=("INC{}",)))
    take_in(mail("A printer burns.", "INC0012345: printer", message_id="<1@customer.example>"), "in/1")
    take_in(mail("A lamp is out.", "INC0012345: lamp", sender=EVE, message_id="<2@evil.example>"), "in/2")
    assert links(tickets()[1].ticket.number) == set()


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("INC0012345: help", [("inc0012345", "0012345")]),
        ("Re: inc0012345", [("inc0012345", "0012345")]),
        ("ZINC0012345", []),
        ("INC 0012345", []),
        ("[Case 77] and INC88", [("inc88", "88"), ("[case 77]", "77")]),
    ],
)
def test_other_systems_numbers_are_read_by_their_pattern(subject: str, found: list[tuple[str, str]]) -> None:
    assert external_numbers(subject, ("INC{}", "[Case {}]")) == found


def test_a_closed_ticket_whose_queue_wants_new_ones_is_the_parent(take_in: TakeIn) -> None:
    config.put_queue(replace(config.config().queues["support"], follow_up="new ticket"))
    take_in(mail(message_id="<1@customer.example>"), "in/1")
    first = only_ticket().ticket.number
    close(first)
    take_in(later(2, "<1@customer.example>"), "in/2")
    (second,) = {each.ticket.number for each in tickets()} - {first}
    assert links(second) == {(first, "parent", False)}
    assert links(first) == {(second, "parent", True)}


def test_a_stranger_who_quotes_the_desks_mail_does_not_keep_carlas_answer_from_her_ticket(
    take_in: TakeIn, cloud: Cloud
) -> None:
    take_in(mail(), "in/1")
    number = only_ticket().ticket.number
    ours = f"<{cloud.outbox[-1].id}@eu-west-1.amazonses.com>"
    eves = mail("Mine now.", "Re: yours", sender=EVE, message_id="<e@evil.example>", headers={"In-Reply-To": ours})
    take_in(eves, "in/2")
    take_in(later(3, ours), "in/3")
    assert kinds(store.whole(number)) == ["mail", "auto", "mail"]


def test_a_subject_full_of_numbers_is_taken_in_like_any_other(take_in: TakeIn) -> None:
    config.put_queue(replace(config.config().queues["support"], external_numbers=("INC{}",)))
    take_in(mail("All of them.", " ".join(f"INC{n}" for n in range(10, 150))), "in/1")
    take_in(mail("Just one.", "INC11", message_id="<2@customer.example>"), "in/2")
    assert kinds(only_ticket()).count("mail") == 2


def test_who_is_let_in_joins_also_when_what_waited_has_been_merged_elsewhere(take_in: TakeIn) -> None:
    take_in(mail(), "in/1")
    number = only_ticket().ticket.number
    take_in(mail("I know more.", "Re", sender=DAVE, to=token(number), message_id="<d@customer.example>"), "in/2")
    (his,) = {each.ticket.number for each in tickets()} - {number}
    take_in(mail("A lamp is out.", "Lamp", sender=DAVE, message_id="<l@customer.example>"), "in/3")
    (lamp,) = {each.ticket.number for each in tickets()} - {number, his}
    desk_merge.merge(his, lamp, ANN, MONDAY)
    assert DAVE.email in desk_merge.let_join(number, DAVE, ANN, MONDAY).participants


def test_halves_in_different_queues_are_only_linked(take_in: TakeIn) -> None:
    take_in(later(3, "<2@customer.example>"), "in/3")
    half = only_ticket().ticket
    desk.change(half.number, ANN, half.version, {"queue": "Billing"}, MONDAY)
    take_in(mail(message_id="<1@customer.example>"), "in/1")
    take_in(later(2, "<1@customer.example>"), "in/2")
    assert [each.ticket.merged_into for each in tickets()] == [None, None]


def test_a_letter_whose_ticket_was_removed_gets_one_of_its_own(take_in: TakeIn) -> None:
    take_in(mail(), "in/1")
    number = only_ticket().ticket.number
    before = store.ticket(number)
    store.save(before, replace(before, state="removed"), now=MONDAY)
    take_in(mail(message_id="<2@customer.example>"), "in/2")
    assert len(tickets()) == 2


def test_whoever_was_sent_away_does_not_come_back_with_the_same_letter(take_in: TakeIn) -> None:
    take_in(mail(), "in/1")
    number = only_ticket().ticket.number
    take_in(mail("Mine burns too.", "Fire", sender=EVE, message_id="<e@evil.example>"), "in/2")
    (hers,) = {each.ticket.number for each in tickets()} - {number}
    desk_merge.merge(hers, number, ANN, MONDAY)
    desk_merge.send_away(number, EVE.email, ANN, MONDAY)
    before = len(store.whole(number).articles)
    take_in(mail("Mine burns too.", "Fire", sender=EVE, message_id="<f@evil.example>"), "in/3")
    assert len(store.whole(number).articles) == before
    assert len(tickets()) == 3


def test_the_address_behind_a_link_is_not_told_to_whom_it_does_not_concern(take_in: TakeIn) -> None:
    take_in(mail(to=BILLING.address, sender=EVE), "in/1")
    number = only_ticket().ticket.number
    take_in(mail("Me too", f"[Ticket#{number}]", sender=DAVE, message_id="<d@customer.example>"), "in/2")
    assert [link.email for link in desk.show(number, OLGA, MONDAY).links] == [""]
    assert [link.email for link in desk.show(number, ADA, MONDAY).links] == [DAVE.email]
