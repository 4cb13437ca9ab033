"""Two of our desks facing each other: whatever is lost between them, they are done after three mails."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import boto3
import pytest

from chalicelib import config, desk, postmaster, seeds, threads
from chalicelib.article import Address
from chalicelib.composing import NewTicket
from chalicelib.queues import REJECT
from dev.cloud import Cloud, forget_caches
from tests.cast import ANN, HOUR, MONDAY, SUPPORT
from tests.posting import mail
from tests.test_postmaster import close, only_ticket

FAR = "far.example"
MARKS = ("auto-submitted", "precedence", "x-auto-response-suppress", "x-loop", "x-otrs-loop")
THREADS = (*MARKS, "references", "in-reply-to", "reply-to", "thread-index")


@pytest.fixture
def far(cloud: Cloud) -> Iterator[dict[str, str]]:
    """The environment of a second desk, with a table of its own."""
    client, there = boto3.client("dynamodb"), {"OTKLIK_TABLE": "far", "OTKLIK_DOMAIN": FAR}
    made = client.describe_table(TableName=cloud.table)["Table"]
    indexes = [
        {name: index[name] for name in ("IndexName", "KeySchema", "Projection")}
        for index in made["GlobalSecondaryIndexes"]
    ]
    client.create_table(TableName="far", KeySchema=made["KeySchema"], AttributeDefinitions=made["AttributeDefinitions"],
                        GlobalSecondaryIndexes=indexes, BillingMode="PAY_PER_REQUEST")  # fmt: skip
    boto3.client("sesv2").create_email_identity(EmailIdentity=FAR)
    with at_the_other(there):
        for queue in seeds.queues(FAR):
            config.put_queue(queue)
    yield there
    client.delete_table(TableName="far")
    boto3.client("sesv2").delete_email_identity(EmailIdentity=FAR)


@contextmanager
def at_the_other(there: dict[str, str]) -> Iterator[None]:
    here = {name: os.environ[name] for name in there}
    os.environ.update(there)
    forget_caches()
    yield
    os.environ.update(here)
    forget_caches()


def passed_on(
    cloud: Cloud, there: dict[str, str], lost: tuple[str, ...], verdict: str, since: datetime = MONDAY
) -> int:
    """Carries every mail to whom it is for, without the headers that are lost on the way; how many there were."""
    n = 0
    while n < len(cloud.outbox) and n < 20:
        sent = message_from_bytes(cloud.outbox[n].raw, policy=policy.default)
        n += 1
        kept = {
            name: str(value)
            for name, value in sent.items()
            if name.lower()
            not in (
                *lost,
                "from",
                "to",
                "subject",
                "message-id",
                "date",
                "mime-version",
                "content-type",
                "content-transfer-encoding",
            )
        }
        sender, to = (re.sub(r".*<|>", "", str(sent[name])) for name in ("from", "to"))
        body = sent.get_body(("plain",))
        raw = mail(
            body.get_content() if body else "",
            str(sent["subject"]),
            Address(sender),
            to,
            f"<{n}@ses.example>",
            f"n{n}",
            verdict,
            headers=kept,
        )
        cloud.deliver_mail(raw, f"in/n{n}")
        with at_the_other(there if to.endswith(FAR) else {}):
            postmaster.take_in(f"in/n{n}", since + timedelta(seconds=n))
    return n


def talkative() -> None:
    """Answers follow-ups automatically, too."""
    for queue in config.config().queues.values():
        config.put_queue(replace(queue, auto_responses=dict(seeds.TEXTS)))


@pytest.mark.parametrize("verdict", ["PASS", "FAIL"])
@pytest.mark.parametrize("lost", [(), MARKS, THREADS], ids=["nothing lost", "marks lost", "threads lost"])
@pytest.mark.parametrize("answers_follow_ups", [False, True])
def test_two_desks_that_write_to_each_other_are_done_after_three_mails(
    answers_follow_ups: bool, lost: tuple[str, ...], verdict: str, cloud: Cloud, far: dict[str, str]
) -> None:
    if answers_follow_ups:
        talkative()
        with at_the_other(far):
            talkative()
    asked = NewTicket("email", "Support", Address(f"support@{FAR}"), "Your invoice", "Where is it?")
    desk.open_ticket(ANN, asked, MONDAY)
    assert 1 <= passed_on(cloud, far, lost, verdict) <= 3


@pytest.mark.parametrize("verdict", ["PASS", "FAIL"])
@pytest.mark.parametrize("lost", [(), MARKS, THREADS], ids=["nothing lost", "marks lost", "threads lost"])
def test_a_closed_ticket_that_takes_no_answers_does_not_set_them_talking(
    lost: tuple[str, ...], verdict: str, cloud: Cloud, far: dict[str, str]
) -> None:
    for place in ({}, far):
        with at_the_other(place):
            for queue in config.config().queues.values():
                config.put_queue(replace(queue, auto_responses=dict(seeds.TEXTS), follow_up=REJECT))
    cloud.deliver_mail(mail("Hello there", "Hello", Address(f"support@{FAR}"), verdict="PASS"), "in/first")
    postmaster.take_in("in/first", MONDAY)
    cloud.outbox.clear()
    number = only_ticket().ticket.number
    close(number)
    token = threads.reply_address(SUPPORT.address, number, config.config().secret)
    cloud.deliver_mail(mail("One more thing", "Re: Hello", Address(f"support@{FAR}"), token, "<2@x>"), "in/second")
    postmaster.take_in("in/second", MONDAY + HOUR)
    assert 1 <= passed_on(cloud, far, lost, verdict, MONDAY + HOUR) <= 3


def test_a_forged_first_letter_does_not_set_them_talking_for_long(cloud: Cloud, far: dict[str, str]) -> None:
    forged = mail("Hello there", "Hello", Address(f"support@{FAR}"), verdict="FAIL")
    cloud.deliver_mail(forged, "in/forged")
    postmaster.take_in("in/forged", MONDAY)
    assert 1 <= passed_on(cloud, far, THREADS, "FAIL") <= 3
