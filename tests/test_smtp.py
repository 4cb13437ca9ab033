"""Mail in on the laptop: what SES would say, and what it would store."""

import smtplib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import incoming
from dev import outbox, ses, smtp
from dev.smtp import Server, stamp

LETTER = (
    b"From: Carla <carla@example.com>\r\nTo: support@desk.localhost\r\nSubject: Printer\r\n"
    b"Message-ID: <1@example.com>\r\n\r\nIt does not print.\r\n"
)
DESK = "support@desk.localhost"
VERDICTS = st.dictionaries(st.sampled_from(smtp.VERDICTS), st.sampled_from(smtp.WORDS))


def stamped(raw: bytes = LETTER, recipients: tuple[str, ...] = (DESK,)) -> bytes:
    return stamp(raw, "carla@example.com", list(recipients), own="id")


def test_the_headers_stand_in_the_order_of_ses() -> None:
    names = [line.partition(b":")[0] for line in stamped().split(b"\r\n") if not line.startswith(b" ")]
    assert names[:8] == [
        b"Return-Path",
        b"Received",
        b"X-SES-Spam-Verdict",
        b"X-SES-Virus-Verdict",
        b"Received-SPF",
        b"Authentication-Results",
        b"X-SES-RECEIPT",
        b"X-SES-DKIM-SIGNATURE",
    ]


def test_below_them_the_mail_is_as_it_came() -> None:
    assert stamped().endswith(LETTER)


def test_the_desk_takes_the_sender_for_authenticated() -> None:
    assert incoming.parse(stamped()).authenticated


@given(VERDICTS)
def test_the_verdicts_are_those_that_the_mail_asks_for_and_pass_otherwise(asked: dict[str, str]) -> None:
    line = ", ".join(f"{name}={word}" for name, word in asked.items())
    verdicts = incoming.parse(stamped(f"X-Dev-Verdict: {line}\r\n".encode() + LETTER)).verdicts
    expected = dict.fromkeys(smtp.VERDICTS, "pass") | asked
    assert {name: getattr(verdicts, name) for name in smtp.VERDICTS} == expected


def test_unknown_verdicts_are_passed_over() -> None:
    raw = b"X-Dev-Verdict: dmarc=wonderful, weather=fail\r\n" + LETTER
    assert incoming.parse(stamped(raw)).verdicts.dmarc == "pass"


def test_one_recipient_is_named_and_several_are_not() -> None:
    both = incoming.parse(stamped(recipients=(DESK, "billing@desk.localhost")))
    assert (incoming.parse(stamped()).verdicts.recipient, both.verdicts.recipient) == (DESK, None)


@pytest.fixture
def server() -> Iterator[Any]:
    """Listening, with what it has put under `stored` by key."""
    stored: dict[str, bytes] = {}
    lock = threading.Lock()

    def put(raw: bytes, key: str) -> None:
        if b"Subject: Full" in raw:
            raise OSError("no space left")
        with lock:
            stored[key] = raw

    listening = Server("desk.localhost", put, 0)
    listening.stored = stored  # type: ignore[attr-defined]
    listening.start()
    yield listening
    listening.stop()


def client(server: Server) -> smtplib.SMTP:
    host, _, port = server.address.partition(":")
    return smtplib.SMTP(host, int(port), timeout=30)


def test_a_letter_is_stored_once_for_all_its_recipients(server: Any) -> None:
    with client(server) as carla:
        carla.sendmail("carla@example.com", [DESK, "billing@desk.localhost"], LETTER)
    ((key, raw),) = server.stored.items()
    assert key.startswith("in/") and raw.endswith(LETTER)


def test_any_name_at_the_desk_s_domain_is_taken_and_others_are_not(server: Any) -> None:
    with client(server) as carla:
        refused = carla.sendmail("carla@example.com", ["Whoever+7@DESK.localhost", "x@elsewhere.example"], LETTER)
    assert {name: code for name, (code, _) in refused.items()} == {"x@elsewhere.example": 550}


def test_a_bounce_comes_from_nobody(server: Any) -> None:
    with client(server) as daemon:
        daemon.sendmail("", [DESK], LETTER)
    (raw,) = server.stored.values()
    assert raw.startswith(b"Return-Path: <>\r\n")


def test_more_than_forty_megabytes_are_refused(server: Any) -> None:
    with client(server) as carla, pytest.raises(smtplib.SMTPException):
        carla.sendmail("carla@example.com", [DESK], LETTER + (b"x" * 76 + b"\r\n") * (smtp.LARGEST // 78 + 1))
    assert server.stored == {}


def test_lines_longer_than_the_rfc_allows_are_taken(server: Any) -> None:
    with client(server) as carla:
        carla.sendmail("carla@example.com", [DESK], LETTER + b"y" * 50_000 + b"\r\n")
    assert len(server.stored) == 1


def test_the_sender_keeps_what_could_not_be_stored(server: Any) -> None:
    with client(server) as carla, pytest.raises(smtplib.SMTPDataError) as refused:
        carla.sendmail("carla@example.com", [DESK], LETTER.replace(b"Subject: Printer", b"Subject: Full"))
    assert refused.value.smtp_code == 451


def test_many_letters_at_once_are_all_stored_each_once(server: Any) -> None:
    def send(which: int) -> None:
        with client(server) as carla:
            for each in range(25):
                carla.sendmail("carla@example.com", [DESK], LETTER + f"{which}/{each}\r\n".encode())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(8)))
    assert len({raw.rpartition(b"print.\r\n")[2] for raw in server.stored.values()}) == len(server.stored) == 200


def test_a_relay_hands_on_what_leaves(server: Any) -> None:
    relay = outbox.Relay(server.address)
    at = datetime(2026, 11, 23, tzinfo=UTC)
    relay.hear(ses.Sent("id", at, (DESK, "billing@desk.localhost"), "a@b.example", "Printer", LETTER))
    relay.pool.shutdown()
    relay.close()
    ((_, raw),) = server.stored.items()
    assert raw.startswith(b"Return-Path: <a@b.example>") and raw.endswith(LETTER)
