"""A person's data: given out whole, or erased, while the others' stays and the statistics with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib import config, desk, desk_merge, lists, store
from chalicelib.composing import Saying
from dev import person
from dev.cloud import Cloud
from tests.cast import ANN, CARLA, CARLA_HERSELF, EVE, MONDAY
from tests.client import proven
from tests.crashes import Crash, crash_at
from tests.posting import mail

CARLAS = ("carla", "Carla", "принтер", "Принтер", "secret", "%PDF")


@pytest.fixture
def number(cloud: Cloud, take_in: Callable[..., None]) -> str:
    """Carla's ticket with an answer and a note; and one of Eve's, into which Carla was copied."""
    file = (("secret.pdf", b"%PDF of Carla"),)
    take_in(mail("Принтер горит, говорит Carla.", "Принтер", files=file), "in/1")
    found = lists.customer_rows(CARLA.email)[0]["number"]
    epoch = desk.lock(found, ANN, False, MONDAY).epoch
    desk.say(found, ANN, Saying("reply", "Dear Carla, use water.", epoch=epoch, seen=1, time_units=7), MONDAY)
    desk.say(found, ANN, Saying("note", "carla@customer.example is nice."), MONDAY)
    desk.draft(found, ANN, "reply", {"text": "Carla!"}, MONDAY)
    version = store.ticket(found).version
    desk.change(found, ANN, version, {"title": "Принтер of Carla"}, MONDAY)
    eves = mail("Mine is out.", "Eve", sender=EVE, message_id="<e@evil.example>", headers={"Cc": str(CARLA)})
    take_in(eves, "in/2")
    desk_merge.let_join(lists.customer_rows(EVE.email)[0]["number"], CARLA, ANN, MONDAY)
    proven(CARLA_HERSELF)
    return str(found)


def everything(cloud: Cloud) -> str:
    """All that is kept, readable, but agents' own business."""
    from dev.export import line_of

    items = [line_of(item) for item in raw(cloud)]
    objects = [
        cloud.s3.get_object(Bucket=cloud.bucket, Key=key)["Body"].read().decode("latin-1") for key in cloud.objects()
    ]
    return "\n".join(items + objects)


def raw(cloud: Cloud) -> list[dict[str, dict[str, object]]]:
    from dev.export import partitions

    return [item for partition in partitions(None) for item in partition]


def erased(email: str) -> None:
    person.erase(email, person.find(email), MONDAY)


def test_all_that_is_carlas_is_found(cloud: Cloud, number: str) -> None:
    found = person.find(CARLA.email)
    assert (found.own, len(found.others)) == ([number], 1)


def test_it_is_given_out_with_letters_and_files(cloud: Cloud, number: str, tmp_path: Path) -> None:
    person.write(CARLA.email, person.find(CARLA.email), tmp_path / "carla")
    told = (tmp_path / "carla" / f"{number}.jsonl").read_text(encoding="utf-8")
    assert "Принтер горит" in told and "use water" in told
    assert (tmp_path / "carla" / "objects" / "mail" / "1.eml").exists()
    assert b"%PDF of Carla" in [each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()]


def test_nothing_of_hers_is_left(cloud: Cloud, number: str) -> None:
    erased(CARLA.email)
    told = everything(cloud)
    mails = told.replace("Cc: Carla <carla@customer.example>", "")  # in Eve's own mail, which is Eve's
    assert [word for word in CARLAS if word in mails] == []


def test_numbers_dates_and_working_time_stay(cloud: Cloud, number: str) -> None:
    before = store.ticket(number)
    erased(CARLA.email)
    after = store.ticket(number)
    assert (after.created, after.queue, after.state, after.time_units) == (
        before.created,
        before.queue,
        before.state,
        before.time_units,
    )
    assert len(store.whole(number).articles) == before.article_count


def test_what_is_eves_stays_eves(cloud: Cloud, number: str) -> None:
    erased(CARLA.email)
    (row,) = lists.customer_rows(EVE.email)
    found = store.whole(row["number"])
    assert "Mine is out." in found.articles[0].text
    assert found.ticket.participants == {EVE.email}


@pytest.mark.parametrize("call", range(4, 40, 2))
def test_interrupted_it_goes_on(call: int, cloud: Cloud, number: str) -> None:
    with crash_at(call, after=True), pytest.raises(Crash):
        erased(CARLA.email)
    erased(CARLA.email)
    mails = everything(cloud).replace("Cc: Carla <carla@customer.example>", "")
    assert [word for word in CARLAS if word in mails] == []


def test_a_tombstone_is_left_and_the_desk_works_on(cloud: Cloud, number: str, take_in: Callable[..., None]) -> None:
    erased(CARLA.email)
    assert [item["pk"]["S"] for item in cloud.items() if item["pk"]["S"] == "ERASED"] == ["ERASED"]
    config.forget()
    take_in(mail("A new one.", "New", message_id="<new@customer.example>"), "in/9")
    assert len(lists.customer_rows(CARLA.email)) == 1


def test_nor_does_a_letter_remember_her_that_could_be_taken_back(cloud: Cloud, number: str) -> None:
    epoch = desk.lock(number, ANN, False, MONDAY).epoch
    desk.say(number, ANN, Saying("forward", "Can you help?", to=(EVE,), epoch=epoch, seen=1, hold=True), MONDAY)
    assert "participants" in store.whole(number).articles[-1].changed
    erased(CARLA.email)
    assert [article.changed for article in store.whole(number).articles if article.changed] == []
