"""Things that happen at the same instant, and calls that never come back."""

import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib import config, desk, files, lists, postmaster, records, store
from chalicelib.composing import Saying
from chalicelib.errors import DeskError
from chalicelib.store import Whole
from dev.cloud import Cloud
from tests.cast import ANN, BEN, BILLING, MONDAY, SUPPORT
from tests.crashes import Crash, crash_at
from tests.posting import mail

pytestmark = pytest.mark.usefixtures("cloud")


def tickets() -> list[Whole]:
    rows = lists.open_rows(config.config().queues)
    return [store.whole(row["number"]) for row in rows]


def all_at_once(cloud: Cloud, *mails: tuple[str, bytes]) -> None:
    for key, raw in mails:
        cloud.deliver_mail(raw, key)
    with ThreadPoolExecutor(len(mails)) as pool:
        list(pool.map(lambda each: postmaster.take_in(each[0], MONDAY), mails))


def test_one_object_taken_in_by_four_functions_is_one_article(cloud: Cloud) -> None:
    all_at_once(cloud, *[("in/abc", mail())] * 4)
    (found,) = tickets()
    assert [article.kind for article in found.articles] == ["mail", "auto"]
    assert len(cloud.outbox) == 1


@pytest.mark.parametrize("raw", [mail(), b"noise"])
def test_an_object_that_another_function_takes_away_meanwhile_is_no_error(raw: bytes, cloud: Cloud) -> None:
    cloud.deliver_mail(raw, "in/abc")
    taken = files.client().meta.events

    def away(**_: object) -> None:
        taken.unregister("before-call.s3.CopyObject", away)
        postmaster.take_in("in/abc", MONDAY)

    taken.register("before-call.s3.CopyObject", away)
    postmaster.take_in("in/abc", MONDAY)
    assert len(tickets()) + len(records.failed_mails()) == 1
    assert cloud.objects("in/") == []


def test_the_impatient_customers_two_letters_of_one_instant_are_one_ticket(cloud: Cloud) -> None:
    for n in range(5):
        text = f"Matter {n} cannot wait"
        letters = [(f"in/{n}-{k}", mail(text, text, message_id=f"<{n}-{k}@customer.example>")) for k in range(2)]
        all_at_once(cloud, *letters)
    found = tickets()
    assert [len(each.articles) for each in found] == [3] * 5
    assert len(cloud.outbox) == 5


def test_two_copies_of_one_instant_for_two_queues_know_each_other(cloud: Cloud) -> None:
    for n in range(5):
        both = f"{SUPPORT.address}, {BILLING.address}"
        sent = mail(f"Matter {n} of two", f"Matter {n}", to=both, message_id=f"<{n}@customer.example>")
        copies = [sent.replace(f" for <{both}>".encode(), f" for <{each}>".encode()) for each in both.split(", ")]
        all_at_once(cloud, *((f"in/{n}-{k}", each) for k, each in enumerate(copies)))
    found = tickets()
    assert [[link.kind for link in each.links] for each in found] == [["same-mail"]] * 10


def test_many_follow_ups_of_one_instant_are_all_kept_in_a_row(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail())
    reference = {"References": "<first@customer.example>"}
    follow_ups = [
        (f"in/f{n}", mail(f"More {n}", f"Re {n}", message_id=f"<f{n}@customer.example>", headers=reference))
        for n in range(4)
    ]
    all_at_once(cloud, *follow_ups)
    (found,) = tickets()
    assert [article.seq for article in found.articles] == [1, 2, 3, 4, 5, 6]
    assert {article.text.strip() for article in found.articles[2:]} == {"More 0", "More 1", "More 2", "More 3"}


def test_a_reply_and_a_letter_of_one_instant_do_not_lose_each_other(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail())
    (before,) = tickets()
    epoch = desk.lock(before.ticket.number, ANN, False, MONDAY).epoch
    raw = mail("It went out", "Re", message_id="<2@c>", headers={"References": "<first@customer.example>"})
    cloud.deliver_mail(raw, "in/2")

    def reply() -> str:
        try:
            desk.say(before.ticket.number, ANN, Saying("reply", "Use water", epoch=epoch, seen=1), MONDAY)
        except DeskError as error:
            return error.code
        return "sent"

    with ThreadPoolExecutor(2) as pool:
        said = pool.submit(reply)
        pool.submit(postmaster.take_in, "in/2", MONDAY).result()
    (after,) = tickets()
    replied = [article.kind for article in after.articles].count("reply")
    assert replied == (said.result() == "sent")
    assert [article.kind for article in after.articles].count("mail") == 2


# -- a crash before or after any call


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("call", range(1, 10))
def test_a_mail_survives_a_crash_at_any_call(call: int, after: bool, cloud: Cloud) -> None:
    cloud.deliver_mail(mail(files=(("a.pdf", b"%PDF"),)), "in/abc")
    config.config()
    with crash_at(call, after), pytest.raises(Crash):
        postmaster.take_in("in/abc", MONDAY)
    postmaster.take_in("in/abc", MONDAY)
    (found,) = tickets()
    assert [article.kind for article in found.articles] == ["mail", "auto"]
    assert files.read(found.articles[0].attachments[0].key) == b"%PDF"
    assert len(cloud.outbox) <= 1
    assert (cloud.objects("in/"), records.failed_mails()) == ([], [])


def test_a_new_ticket_costs_nine_calls(cloud: Cloud) -> None:
    cloud.deliver_mail(mail(), "in/abc")
    config.config()
    with crash_at(0, False) as made:
        postmaster.take_in("in/abc", MONDAY)
    (found,) = tickets()
    # One ticket in ten is counted for the desk's own cap on answers, by its number.
    counted = ["UpdateItem"] if zlib.crc32(found.ticket.number.encode()) % records.COUNTED == 0 else []
    assert made == [
        "GetObject",
        "BatchGetItem",
        "CopyObject",
        "TransactWriteItems",
        "UpdateItem",
        *counted,
        "UpdateItem",
        "SendEmail",
        "TransactWriteItems",
        "DeleteObject",
    ]


def test_a_lock_costs_two_calls_and_a_reply_five(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail())
    (found,) = tickets()
    with crash_at(0, False) as locking:
        epoch = desk.lock(found.ticket.number, BEN, False, MONDAY).epoch
    with crash_at(0, False) as replying:
        desk.say(found.ticket.number, BEN, Saying("reply", "Water", epoch=epoch, seen=1), MONDAY)
    assert locking == ["GetItem", "TransactWriteItems"]
    assert replying == ["GetItem", "TransactWriteItems", "UpdateItem", "SendEmail", "TransactWriteItems"]
