"""How mail leaves: what SES is asked, what becomes of every kind of refusal, and when the desk stops answering."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from email import message_from_bytes
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
    SSLError,
)

from chalicelib import files, outbox, outgoing, records, store, table, threads, ticket
from chalicelib.article import (
    CANCELLED,
    DUE,
    FAILED,
    SENDING,
    SENT,
    SYSTEM,
    UNKNOWN,
    Address,
    Article,
    Delivery,
    StoredFile,
)
from chalicelib.config import config
from chalicelib.ticket import Ticket
from dev.cloud import Cloud
from tests.cast import BEN, CARLA, EVE, HOUR, MONDAY, NUMBER, SUPPORT, answer, carlas_ticket, letter


def leaving(**fields: object) -> Article:
    said = replace(answer(2), subject=f"[Ticket#{NUMBER}] Re: Fire", to=(CARLA,), delivery=Delivery(DUE, MONDAY))
    return replace(said, **fields)  # type: ignore[arg-type]


def automatic(**fields: object) -> Article:
    return leaving(kind="auto", sender=SYSTEM, by=None, **fields)


def saved(article: Article) -> Ticket:
    opened = replace(ticket.said(carlas_ticket(), article), version=0)
    return store.save(None, opened, [letter(1), article], by="ann", now=MONDAY)


def delivered(article: Article) -> Article:
    """Saved, and one attempt."""
    return outgoing.deliver(saved(article), article, SUPPORT, MONDAY)


def stored() -> Delivery:
    found = store.article(NUMBER, 2)
    assert found and found.delivery
    return found.delivery


@contextmanager
def failing(client: Any, call: str, error: Exception) -> Iterator[None]:
    """Each such call ends in the error."""

    def fail(**_: object) -> None:
        raise error

    client.meta.events.register(f"before-call.{call}", fail)
    try:
        yield
    finally:
        client.meta.events.unregister(f"before-call.{call}", fail)


def ses_fails(error: Exception) -> AbstractContextManager[None]:
    return failing(outgoing.client(), "sesv2.SendEmail", error)


def refusal(code: str, status: int = 400) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}, "SendEmail"
    )  # type: ignore[typeddict-item]


# -- what SES is asked


def test_everybody_gets_the_mail_and_nobody_sees_who_is_in_bcc(cloud: Cloud) -> None:
    delivered(leaving(cc=(Address(BEN.email, BEN.name),), bcc=(EVE,)))
    (sent,) = cloud.outbox
    assert sent.to == (CARLA.email, BEN.email, EVE.email)
    assert b"eve" not in sent.raw.lower()


def test_the_mail_carries_the_name_by_which_its_events_find_the_article(cloud: Cloud) -> None:
    delivered(leaving())
    assert cloud.outbox[0].tags == {"outbox": f"{NUMBER}-2"}


def test_an_answer_to_it_would_find_the_ticket(cloud: Cloud) -> None:
    delivered(leaving())
    message = message_from_bytes(cloud.outbox[0].raw)
    secret = config().secret
    for found in (
        threads.read_token(message["Reply-To"].split("<")[-1]),
        threads.read_reference(message["References"]),
    ):
        assert found and threads.valid(*found, secret)
    assert (outbox.message_key(cloud.outbox[0].id)) in table.get_many([outbox.message_key(cloud.outbox[0].id)])


def test_files_go_along(cloud: Cloud) -> None:
    files.put("files/1", b"\x00pdf", "application/pdf")
    delivered(leaving(attachments=(StoredFile("files/1", "Счёт.pdf", "application/pdf", 4),)))
    part = list(message_from_bytes(cloud.outbox[0].raw).walk())[-1]
    assert (part.get_payload(decode=True), part.get_content_type()) == (b"\x00pdf", "application/pdf")


def test_a_mail_leaves_once_however_often_it_is_delivered(cloud: Cloud) -> None:
    before = saved(leaving())
    for _ in range(3):
        outgoing.deliver(before, leaving(), SUPPORT, MONDAY)
    assert (stored().state, len(cloud.outbox)) == (SENT, 1)


def test_a_mail_waits_for_its_time(cloud: Cloud) -> None:
    later = leaving(delivery=Delivery(DUE, MONDAY, not_before=MONDAY + HOUR))
    assert delivered(later) is later
    assert cloud.outbox == []


def test_what_was_stopped_does_not_leave(cloud: Cloud) -> None:
    before = saved(leaving())
    outbox.stop(NUMBER, 2, "ann", MONDAY)
    outgoing.deliver(before, leaving(), SUPPORT, MONDAY)
    assert cloud.outbox == [] and stored().state == CANCELLED


# -- what becomes of it


@pytest.mark.parametrize(
    ("error", "reply", "auto"),
    [
        (refusal("TooManyRequestsException", 429), DUE, DUE),
        (refusal("SendingPausedException"), DUE, DUE),
        (refusal("AccessDeniedException", 403), DUE, DUE),
        (refusal("ServiceUnavailable", 503), DUE, DUE),
        (refusal("InternalFailure", 500), DUE, UNKNOWN),
        (refusal("MessageRejected"), FAILED, FAILED),
        (refusal("BadRequestException"), FAILED, FAILED),
        (ParamValidationError(report="no"), FAILED, FAILED),
        (NoCredentialsError(), DUE, DUE),
        (ConnectTimeoutError(endpoint_url="ses"), DUE, DUE),
        (EndpointConnectionError(endpoint_url="ses"), DUE, DUE),
        (ReadTimeoutError(endpoint_url="ses"), UNKNOWN, UNKNOWN),
        (ConnectionClosedError(endpoint_url="ses"), UNKNOWN, UNKNOWN),
        (SSLError(endpoint_url="ses", error="cut"), UNKNOWN, UNKNOWN),
    ],
)
def test_a_mail_is_tried_again_only_where_it_surely_has_not_left(error: Exception, reply: str, auto: str) -> None:
    assert (outgoing.fate(error, at_most_once=False), outgoing.fate(error, at_most_once=True)) == (reply, auto)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (refusal("TooManyRequestsException", 429), DUE),
        (refusal("MessageRejected"), FAILED),
        (ReadTimeoutError(endpoint_url="ses"), UNKNOWN),
    ],
)
def test_the_article_tells_what_became_of_it(error: Exception, state: str, cloud: Cloud) -> None:
    with ses_fails(error):
        said = delivered(leaving())
    assert said.delivery and said.delivery.state == stored().state == state
    assert stored().detail
    assert cloud.outbox == []


def test_a_mail_that_waits_leaves_in_the_end(cloud: Cloud) -> None:
    with ses_fails(refusal("TooManyRequestsException", 429)):
        delivered(leaving())
    found, article = store.ticket_and_article(NUMBER, 2)
    outgoing.deliver(found, article, SUPPORT, MONDAY + HOUR)
    assert (stored().state, len(cloud.outbox)) == (SENT, 1)


def test_the_waiting_grows_and_ends(cloud: Cloud) -> None:
    now, attempts, waits = MONDAY, 0, []
    saved(leaving())
    with ses_fails(refusal("SendingPausedException")):
        while stored().state == DUE and attempts < 100:
            outgoing.deliver(*store.ticket_and_article(NUMBER, 2), SUPPORT, now)
            then, attempts = stored().not_before or now, attempts + 1
            waits.append((then - now).total_seconds() / 60)
            now = then
    assert waits[:3] == [2, 4, 8] and max(waits) == 64
    assert (stored().state, attempts) == (FAILED, outgoing.MOST_ATTEMPTS)


def test_a_file_that_is_gone_fails_the_mail_with_the_reason(cloud: Cloud) -> None:
    said = delivered(leaving(attachments=(StoredFile("files/gone", "a.pdf", "application/pdf", 3),)))
    assert said.delivery and (said.delivery.state, "file" in said.delivery.detail) == (FAILED, True)


def test_an_address_that_is_none_fails_the_mail_with_the_reason(cloud: Cloud) -> None:
    said = delivered(leaving(to=(Address("carla@customer.example\r\nBcc: eve@evil.example"),)))
    assert said.delivery and said.delivery.state == FAILED and cloud.outbox == []


def test_where_sess_own_event_was_faster_the_id_is_known_all_the_same(cloud: Cloud) -> None:
    before = saved(leaving())
    outbox.claim(NUMBER, 2, MONDAY)
    outbox.told(NUMBER, 2, SENT, "", "0102-first", MONDAY)
    said = outgoing.left(before, leaving(), Delivery(SENDING, MONDAY), "0102-first", MONDAY)
    assert said.delivery and said.delivery.state == stored().state == SENT
    assert table.get(*outbox.message_key("0102-first@eu-west-1.amazonses.com"))


def test_a_desk_that_cannot_reach_its_table_sends_nothing_and_does_not_raise(cloud: Cloud) -> None:
    before = saved(leaving())
    with failing(table.client(), "dynamodb.UpdateItem", EndpointConnectionError(endpoint_url="dynamodb")):
        assert outgoing.deliver(before, leaving(), SUPPORT, MONDAY) == leaving()
    assert (cloud.outbox, stored().state) == ([], DUE)


def test_a_mail_whose_files_cannot_be_read_for_now_waits(cloud: Cloud) -> None:
    files.put("files/1", b"pdf", "application/pdf")
    with failing(files.client(), "s3.GetObject", EndpointConnectionError(endpoint_url="s3")):
        delivered(leaving(attachments=(StoredFile("files/1", "a.pdf", "application/pdf", 3),)))
    assert stored().state == DUE and stored().not_before


# -- when it is enough


def test_an_automatic_answer_over_the_cap_is_stopped_and_says_so(cloud: Cloud) -> None:
    for _ in range(3):
        records.may_answer(NUMBER, CARLA.email, wary=True, now=MONDAY)
    said = delivered(automatic(wary=True))
    assert said.delivery and said.delivery.state == stored().state == CANCELLED
    assert cloud.outbox == [] and "too many" in stored().detail


def test_people_are_not_counted(cloud: Cloud) -> None:
    for _ in range(3):
        records.may_answer(NUMBER, CARLA.email, wary=True, now=MONDAY)
    delivered(leaving())
    assert len(cloud.outbox) == 1


def test_an_answer_that_has_to_wait_is_counted_once(cloud: Cloud) -> None:
    with ses_fails(refusal("TooManyRequestsException", 429)):
        delivered(automatic(wary=True))
    for _ in range(2):
        assert records.may_answer(NUMBER, CARLA.email, wary=True, now=MONDAY)
    outgoing.deliver(*store.ticket_and_article(NUMBER, 2), SUPPORT, MONDAY + HOUR / 2)
    assert len(cloud.outbox) == 1


def answers(tries: int, emails: list[str], wary: bool, hours: int = 1) -> int:
    """How many of them leave, from the beginning of a day on."""
    midnight = MONDAY.replace(hour=0)
    times = [midnight + n * HOUR for n in range(hours) for _ in range(tries)]
    return sum(records.may_answer(NUMBER, email, wary, at) for at in times for email in emails)


def test_three_an_hour_go_to_a_mailbox_that_may_be_forged_whatever_its_tags(cloud: Cloud) -> None:
    assert answers(5, [CARLA.email, "carla+1@customer.example", "carla+2@customer.example"], wary=True) == 3
    assert answers(5, [EVE.email], wary=True) == 3


@pytest.mark.parametrize("wary", [True, False])
def test_forty_a_day_go_to_any_mailbox(wary: bool, cloud: Cloud) -> None:
    assert answers(3, [CARLA.email], wary, hours=24) == 40


def test_two_hundred_an_hour_go_to_a_domain_that_may_be_forged(cloud: Cloud) -> None:
    assert answers(1, [f"c{n}@customer.example" for n in range(210)], wary=True) == 200
    assert answers(1, [EVE.email], wary=True) == 1


# -- mail of no ticket


def test_a_code_leaves_at_once(cloud: Cloud) -> None:
    assert outgoing.send_plain(CARLA, "Code: 123456", "Your code", SUPPORT)
    assert (cloud.outbox[0].to, cloud.outbox[0].sender) == ((CARLA.email,), SUPPORT.address)


def test_a_code_that_does_not_leave_raises_nothing(cloud: Cloud) -> None:
    with ses_fails(refusal("MessageRejected")):
        assert not outgoing.send_plain(CARLA, "Code: 123456", "Your code", SUPPORT)
