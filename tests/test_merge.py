"""Two tickets become one: whatever was in either is in the survivor, and every way to the other one leads there."""

from dataclasses import replace

import pytest

from chalicelib import desk, desk_merge, merging, store, table, tending
from chalicelib.article import Address
from chalicelib.composing import NewTicket, Saying
from chalicelib.errors import Conflict, Refused
from chalicelib.history import Event
from chalicelib.ticket import CLOSED, MERGED, OPEN, Link, Ticket
from dev.cloud import Cloud
from tests.cast import ANN, BEN, CARLA, EVE, MONDAY, OLGA
from tests.client import signed_in
from tests.crashes import Crash, crash_at, meanwhile


def opened(title: str, customer: Address = CARLA, minutes: float = 0) -> Ticket:
    call = NewTicket("phone", "Support", customer, title, f"{title}, she says.", time_units=minutes)
    return desk.open_ticket(ANN, call, MONDAY)[0]


def merged(lost: Ticket, kept: Ticket) -> store.Whole:
    desk_merge.merge(lost.number, kept.number, ANN, MONDAY)
    return store.whole(kept.number)


def test_the_survivor_has_everything_that_was_said_in_either(cloud: Cloud) -> None:
    first, second = opened("Printer", minutes=5), opened("Printer again", minutes=10)
    desk.say(second.number, ANN, Saying("note", "It is the same printer.", time_units=2), MONDAY)
    found = merged(second, first)
    assert {article.text for article in found.articles} == {
        "Printer, she says.",
        "Printer again, she says.",
        "It is the same printer.",
    }
    assert (found.ticket.article_count, found.ticket.time_units) == (3, 17)
    assert [article.seq for article in found.articles] == [1, 2, 3]


def test_what_was_answered_in_either_by_different_people_is_news_to_both(cloud: Cloud) -> None:
    first, second = opened("Printer"), opened("Printer again")
    for ticket, by in ((first, ANN), (second, BEN)):
        epoch = desk.lock(ticket.number, by, False, MONDAY).epoch
        desk.say(ticket.number, by, Saying("reply", "Use water.", epoch=epoch, seen=1, next_state=CLOSED), MONDAY)
    found = merged(second, first).ticket
    assert (found.article_count, found.last_reply_seq, found.last_reply_by) == (4, 4, None)


def test_the_merged_ticket_says_where_everything_is(cloud: Cloud) -> None:
    first, second = opened("Printer"), opened("Printer again")
    merged(second, first)
    left = store.whole(second.number)
    assert (left.ticket.state, left.ticket.merged_into, left.ticket.lock) == (MERGED, first.number, None)
    assert [(article.kind, article.visible) for article in left.articles] == [("note", False)]
    assert first.number in left.articles[0].text


def test_both_histories_tell_of_it_and_the_survivor_knows_what_happened_in_the_other(cloud: Cloud) -> None:
    first, second = opened("Printer"), opened("Printer again")
    found = merged(second, first)
    assert [event.new for event in found.history if event.type == "Merged"] == [second.number]
    assert [event.new for event in store.whole(second.number).history if event.type == "Merged"] == [first.number]
    assert [event.detail["of"] for event in found.history if event.new == "Printer again"] == [second.number]


def test_who_took_part_in_either_takes_part_in_the_survivor(cloud: Cloud) -> None:
    first, second = opened("Printer"), opened("Scanner", EVE)
    found = merged(second, first)
    assert found.ticket.participants == {CARLA.email, EVE.email}
    assert found.ticket.customer == CARLA


def test_an_open_letter_opens_a_closed_survivor(cloud: Cloud) -> None:
    first, second = opened("Printer"), opened("Printer again")
    closed = desk.change(first.number, ANN, first.version, {"state": CLOSED}, MONDAY)
    assert merged(second, closed).ticket.state == OPEN


def test_a_closed_one_leaves_the_survivor_as_it_is(cloud: Cloud) -> None:
    first, second = opened("Printer"), opened("Printer again")
    desk.change(second.number, ANN, second.version, {"state": CLOSED}, MONDAY)
    assert merged(second, first).ticket.state == first.state


def test_a_ticket_that_somebody_works_on_is_not_merged_under_his_hands(cloud: Cloud) -> None:
    first, second = opened("Printer"), opened("Printer again")
    desk.lock(second.number, BEN, False, MONDAY)
    with pytest.raises(Conflict, match="locked by ben"):
        desk_merge.merge(second.number, first.number, ANN, MONDAY)
    with pytest.raises(Conflict, match="locked by ben"):
        desk_merge.merge(first.number, second.number, ANN, MONDAY)


def test_neither_into_itself_nor_twice(cloud: Cloud) -> None:
    first, second = opened("Printer"), opened("Printer again")
    with pytest.raises(Refused, match="into itself"):
        desk_merge.merge(first.number, first.number, ANN, MONDAY)
    merged(second, first)
    with pytest.raises(Refused, match="merged into"):
        desk_merge.merge(second.number, first.number, ANN, MONDAY)


def test_a_foreign_ticket_is_not_there_to_be_merged_into(cloud: Cloud) -> None:
    bill, _ = desk.open_ticket(OLGA, NewTicket("phone", "Billing", EVE, "Invoice", "Wrong."), MONDAY)
    with pytest.raises(Refused, match="no ticket"):
        desk_merge.merge(opened("Printer").number, bill.number, ANN, MONDAY)
    assert store.ticket(bill.number).merged_into is None


def test_nothing_more_is_said_in_a_merged_ticket(cloud: Cloud) -> None:
    first, second = opened("Printer"), opened("Printer again")
    merged(second, first)
    with pytest.raises(Refused, match="write there"):
        desk.say(second.number, ANN, Saying("note", "Lost?"), MONDAY)


def test_a_draft_goes_over_and_is_kept_beside_the_old_one(cloud: Cloud) -> None:
    first, second = opened("Printer"), opened("Printer again")
    desk.draft(second.number, ANN, "reply", {"text": "Dear Carla"}, MONDAY)
    assert [draft.body for draft in merged(second, first).drafts] == [{"text": "Dear Carla"}]


def test_a_long_ticket_goes_over_in_several_steps_and_a_crash_between_them_is_healed(cloud: Cloud) -> None:
    first, second = opened("Printer"), opened("Printer again")
    for n in range(merging.AT_ONCE + 10):
        desk.say(second.number, ANN, Saying("note", f"Note {n}"), MONDAY)
    with crash_at(3, after=True), pytest.raises(Crash):  # two reads, and the first transaction
        desk_merge.merge(second.number, first.number, ANN, MONDAY)
    assert store.ticket(second.number).moving
    tending.tick(MONDAY)
    found = store.whole(first.number)
    assert not store.ticket(second.number).moving
    assert sorted(article.seq for article in found.articles) == list(range(1, merging.AT_ONCE + 13))
    assert len(store.whole(second.number).articles) == 1


def test_a_survivor_that_is_merged_itself_passes_everything_on(cloud: Cloud) -> None:
    first, second, third = opened("A"), opened("B"), opened("C")
    merged(third, second)
    found = merged(second, first)
    assert {article.text for article in found.articles if article.kind == "phone"} == {f"{n}, she says." for n in "ABC"}
    assert store.place_of(third.number, 1)[0] == first.number
    number, seq = store.place_of(third.number, 1)
    said = store.article(number, seq)
    assert said and said.text == "C, she says."


# -- who takes part


def test_ann_lets_somebody_join_and_sends_him_away_again(cloud: Cloud) -> None:
    first = opened("Printer")
    joined = desk_merge.let_join(first.number, EVE, ANN, MONDAY)
    assert joined.participants == {CARLA.email, EVE.email}
    assert desk_merge.send_away(first.number, EVE.email, ANN, MONDAY).participants == {CARLA.email}
    with pytest.raises(Refused, match="customer"):
        desk_merge.send_away(first.number, CARLA.email, ANN, MONDAY)


def test_tickets_are_linked_and_both_know_it(cloud: Cloud) -> None:
    first, second = opened("Printer"), opened("Scanner")
    desk_merge.link(first.number, second.number, "parent", ANN, MONDAY)
    assert [(link.number, link.kind, link.back) for link in store.whole(first.number).links] == [
        (second.number, "parent", False)
    ]
    assert [(link.number, link.kind, link.back) for link in store.whole(second.number).links] == [
        (first.number, "parent", True)
    ]


def test_the_api_answers_with_the_survivor(cloud: Cloud) -> None:
    ann = signed_in(ANN)
    first, second = opened("Printer"), opened("Printer again")
    answer = ann.post(f"/tickets/{second.number}/merge", {"into": first.number})
    assert (answer.status, answer.json["number"], len(answer.json["articles"])) == (200, first.number, 2)
    assert ann.get(f"/tickets/{second.number}").json["merged_into"] == first.number
    assert ann.post(f"/tickets/{first.number}/merge", {"into": "999"}).status == 400


def test_a_long_ticket_that_many_others_point_to_can_be_merged(cloud: Cloud) -> None:
    first, second = opened("Printer"), opened("Printer again")
    for n in range(merging.AT_ONCE):
        desk.say(second.number, ANN, Saying("note", f"Note {n}"), MONDAY)
    table.transact(
        [store.link_back(second.number, Link(str(n), "follow-up", back=True), MONDAY) for n in range(10, 60)]
    )
    found = merged(second, first)
    assert len(found.articles) == merging.AT_ONCE + 2
    assert len([link for link in found.links if link.kind == "follow-up"]) >= 10


def test_a_ticket_with_a_long_history_can_be_merged(cloud: Cloud) -> None:
    first, second = opened("Printer"), opened("Printer again")
    events = [Event("Misc", MONDAY, "ann", detail={"words": "x" * 1000}) for _ in range(600)]
    for at in range(0, 600, 100):
        table.put(store.events_item(replace(second, version=100 + at), events[at : at + 100]))
    assert len([event for event in merged(second, first).history if event.type == "Misc"]) == 600


def test_what_has_been_merged_meanwhile_is_not_merged_again(cloud: Cloud) -> None:
    first, second, third = opened("A"), opened("B"), opened("C")
    merged(second, first)
    with pytest.raises(Refused, match="merged into"):
        merging.merge(store.whole(second.number), store.whole(third.number), "system", MONDAY)


def test_what_is_still_on_its_way_follows_a_survivor_that_is_merged_at_that_moment(cloud: Cloud) -> None:
    first, second, third = opened("A"), opened("B"), opened("C")
    for n in range(merging.AT_ONCE + 5):
        desk.say(third.number, ANN, Saying("note", f"Note {n}"), MONDAY)
    with crash_at(3, after=True), pytest.raises(Crash):
        desk_merge.merge(third.number, second.number, ANN, MONDAY)
    with meanwhile(lambda: desk_merge.merge(second.number, first.number, ANN, MONDAY), "TransactWriteItems"):
        merging.move_rest(third.number, MONDAY)
    assert len(store.whole(second.number).articles) == 1
    assert len(store.whole(first.number).articles) == merging.AT_ONCE + 8
