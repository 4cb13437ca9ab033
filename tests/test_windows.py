"""An agent has several windows, a network that loses answers, and looks into tickets without a word."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import desk, store, ticket_lock
from chalicelib.composing import Saying
from chalicelib.errors import Conflict
from chalicelib.store import Once
from dev.cloud import Cloud
from tests.cast import ANN, BEN, CARLA_HERSELF, MONDAY, SUPPORT
from tests.client import Client, opened, proven, signed_in

pytestmark = pytest.mark.usefixtures("cloud")

SOON, LATER = MONDAY + timedelta(minutes=5), MONDAY + timedelta(minutes=9)


@pytest.fixture
def number(cloud: Cloud) -> str:
    return opened()


@pytest.fixture
def ann(cloud: Cloud) -> Client:
    return signed_in(ANN)


def locked(number: str, by: object = ANN) -> int:
    return desk.lock(number, by, False, SOON).epoch  # type: ignore[arg-type]


def reply(number: str, **fields: object) -> Saying:
    epoch = locked(number)
    said = Saying("reply", "Use water.", epoch=epoch, seen=1, mind_own=True)
    return replace(said, **fields)  # type: ignore[arg-type]


# -- two letters


def test_a_second_answer_from_a_window_that_has_not_seen_the_first_is_stopped(number: str, cloud: Cloud) -> None:
    saying = reply(number)
    desk.say(number, ANN, saying, SOON)
    with pytest.raises(Conflict, match="You have answered") as newer:
        desk.say(number, ANN, saying, SOON)
    assert newer.value.reason == "newer_article"
    assert len(cloud.outbox) == 1
    desk.say(number, ANN, replace(saying, seen=2), SOON)
    assert len(cloud.outbox) == 2


def test_a_colleagues_answer_is_still_called_a_colleagues(number: str) -> None:
    desk.say(number, ANN, reply(number), SOON)
    epoch = desk.lock(number, BEN, True, SOON).epoch
    with pytest.raises(Conflict, match="A colleague has answered"):
        desk.say(number, BEN, Saying("reply", "Me too.", epoch=epoch, seen=1, mind_own=True), SOON)


def test_a_scripts_answers_in_a_row_are_not_stopped(ann: Client, number: str) -> None:
    epoch = ann.put(f"/tickets/{number}/lock", {}).json["epoch"]
    said = {"kind": "reply", "text": "Use water.", "epoch": epoch, "seen": 1}
    assert [ann.post(f"/tickets/{number}/articles", said).status for _ in range(2)] == [201, 201]
    assert ann.post(f"/tickets/{number}/articles", said | {"mind_own": True}).json["reason"] == "newer_article"


# -- the draft of a letter that has left


def test_a_draft_that_has_been_said_does_not_stand_there_again(ann: Client, number: str) -> None:
    drafts = f"/tickets/{number}/drafts/note"
    ann.put(drafts, {"text": "He called.", "key": "d1"})
    assert len(ann.get(f"/tickets/{number}").json["drafts"]) == 1
    said = ann.post(f"/tickets/{number}/articles", {"kind": "note", "text": "He called."}, Idempotency_Key="d1")
    assert said.json["key"] == "d1"
    ann.put(drafts, {"text": "He call", "key": "d1"})  # a save that the answer has overtaken
    assert ann.get(f"/tickets/{number}").json["drafts"] == []
    ann.put(drafts, {"text": "And again.", "key": "d2"})
    assert [each["body"]["text"] for each in ann.get(f"/tickets/{number}").json["drafts"]] == ["And again."]


def test_a_draft_that_was_refused_stays(ann: Client, number: str) -> None:
    ann.put(f"/tickets/{number}/drafts/reply", {"text": "Use wat", "key": "d1"})
    reply = {"kind": "reply", "text": "Use water.", "epoch": 7, "seen": 1}
    assert ann.post(f"/tickets/{number}/articles", reply, Idempotency_Key="d1").status == 409
    assert len(ann.get(f"/tickets/{number}").json["drafts"]) == 1


def test_another_agents_key_hides_no_draft_of_mine(ann: Client, number: str) -> None:
    ann.put(f"/tickets/{number}/drafts/note", {"text": "He called.", "key": "d1"})
    signed_in(BEN).post(f"/tickets/{number}/articles", {"kind": "note", "text": "Hm."}, Idempotency_Key="d1")
    assert len(ann.get(f"/tickets/{number}").json["drafts"]) == 1


def test_the_customer_is_not_shown_the_key(number: str) -> None:
    desk.say(number, ANN, reply(number), SOON, Once("ann", "d1", "asked"))
    assert store.whole(number).articles[-1].key == "d1"
    (_, answer) = proven(CARLA_HERSELF).get(f"/portal/tickets/{number}").json["articles"]
    assert "Use water." in answer["text"] and "key" not in answer


# -- a lock under which nothing was written


def test_an_empty_composer_gives_back_lock_and_ownership(ann: Client, number: str) -> None:
    desk.change(number, BEN, store.ticket(number).version, {"owner": "ben"}, SOON)
    epoch = ann.put(f"/tickets/{number}/lock", {}).json["epoch"]
    assert store.ticket(number).owner == "ann"
    assert ann.delete(f"/tickets/{number}/lock?unused={epoch}").status == 200
    found = store.ticket(number)
    assert (found.lock, found.owner) == (None, "ben")


def test_her_own_ticket_stays_hers(number: str) -> None:
    desk.change(number, ANN, store.ticket(number).version, {"owner": "ann"}, SOON)
    assert desk.give_back(number, ANN, locked(number), SOON).owner == "ann"


def test_who_got_the_ticket_meanwhile_keeps_it(number: str) -> None:
    epoch = locked(number)
    desk.change(number, ANN, store.ticket(number).version, {"owner": "ben"}, SOON)
    assert desk.give_back(number, ANN, epoch, SOON).owner == "ben"


@pytest.mark.parametrize("kind", ["reply", "note"])
@pytest.mark.parametrize("body", [{"text": "Dear Ca"}, {"text": "", "files": [{"id": "u1"}]}])
def test_a_lock_under_which_words_stand_is_kept(number: str, kind: str, body: dict[str, object]) -> None:
    epoch = locked(number)
    desk.draft(number, ANN, kind, body, SOON)
    assert desk.give_back(number, ANN, epoch, LATER).lock
    desk.draft(number, ANN, kind, {"text": " "}, SOON)
    assert desk.give_back(number, ANN, epoch, LATER).lock is None


def test_a_colleagues_draft_keeps_nobodys_lock(number: str) -> None:
    epoch = locked(number)
    desk.draft(number, BEN, "note", {"text": "She is nice."}, SOON)
    assert desk.give_back(number, ANN, epoch, SOON).lock is None


def test_who_has_answered_keeps_the_lock(number: str) -> None:
    saying = reply(number)
    desk.say(number, ANN, saying, LATER)
    assert desk.give_back(number, ANN, saying.epoch or 0, LATER).lock


def test_an_older_taking_or_anothers_lock_is_left_alone(number: str) -> None:
    first = locked(number)
    desk.unlock(number, ANN, False, SOON)
    second = locked(number)
    assert desk.give_back(number, ANN, first, SOON).lock
    assert desk.give_back(number, BEN, second, SOON).lock


def test_giving_back_what_was_given_back_does_no_harm(number: str) -> None:
    epoch = locked(number)
    once = desk.give_back(number, ANN, epoch, SOON)
    assert desk.give_back(number, ANN, epoch, SOON) == once
    again = ticket_lock.lock(once, "ben", SUPPORT, SOON)
    assert (again.owner, again.epoch) == ("ben", epoch + 1)
