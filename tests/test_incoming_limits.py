"""Bombs end as a mail with the original attached, or as no mail, after little work; the sizes are small only to keep this quick."""

import sys

import pytest

from chalicelib import incoming, mime
from tests.letters import letter


def work(raw: bytes) -> int:
    """How many Python calls it takes to read a mail: unlike seconds, the same on every machine."""
    incoming.parse(raw)  # once before, so that what is compiled once is not counted
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        incoming.parse(raw)
    finally:
        sys.setprofile(None)
    return calls


def parts(count: int) -> bytes:
    return letter(b"--b\r\n\r\nx\r\n" * count + b"--b--", content_type=b"multipart/mixed; boundary=b")


def nested(depth: int) -> bytes:
    inner = b"".join(
        b"--b%05d\r\nContent-Type: multipart/mixed; boundary=b%05d\r\n\r\n" % (n, n + 1) for n in range(depth)
    )
    return letter(inner + b"--b%05d\r\n\r\ntext" % depth, content_type=b"multipart/mixed; boundary=b00000")


@pytest.mark.parametrize(
    "raw",
    [parts(5000), nested(200), b"X-Filler: y\r\n" * 30_000 + letter(), letter(b"x" * 1_200_000)],
    ids=["parts", "depth", "headers", "text"],
)
def test_a_bomb_becomes_a_mail_that_says_why_it_was_not_read(raw):
    mail = incoming.parse(b"From: eve@evil.example\r\n" + raw)
    assert mail.broken


def test_an_ordinary_mail_is_not_broken():
    assert incoming.parse(letter()).broken is None


def test_a_thousand_recipients_on_lines_of_their_own_break_nothing():
    mail = incoming.parse(letter(cc=b",\r\n\t".join(b"u%d@x.example" % n for n in range(4000))))
    assert (mail.broken, mail.subject, len(mail.cc)) == (None, "Printer", 500)


@pytest.mark.parametrize(
    ("small", "large"),
    [
        (parts(2000), parts(20_000)),
        (nested(100), nested(1000)),
        (
            letter(b"x", content_type=b"text/plain; " + b"a b " * 1000),
            letter(b"x", content_type=b"text/plain; " + b"a b " * 10_000),
        ),
    ],
    ids=["parts", "depth", "parameters"],
)
def test_beyond_a_limit_more_of_the_same_costs_no_more(small, large):
    assert work(large) <= 2 * work(small)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"no header at all",
        b"X-Only: this\r\n\r\nbody",
        bytes(range(256)) * 40_000,
        b"\0" * 1_000_000,
        letter() + b"x" * (41 * 1024 * 1024),
        b"X-Filler: " + b"y" * 300_000 + b"\r\n" + letter(),
    ],
    ids=["empty", "blank", "prose", "stranger", "noise", "nulls", "too large", "late"],
)
def test_what_is_no_mail_is_refused(raw):
    with pytest.raises(incoming.NotMail):
        incoming.parse(raw)


def test_a_part_that_cannot_be_read_does_not_lose_the_rest(monkeypatch):
    def fail(_: object) -> None:
        raise ValueError("something that nobody thought of")

    monkeypatch.setattr("chalicelib.mail_body.read", fail)
    mail = incoming.parse(letter())
    assert (mail.subject, mail.broken) == ("Printer", "Not everything could be read (ValueError).")


def test_a_mail_in_a_mail_in_a_mail_is_one_file():
    raw = letter(b"Content-Type: message/rfc822\r\n\r\n" * 5000, content_type=b"message/rfc822")
    assert len(incoming.parse(raw).attachments) == 1


def test_the_limits_are_those_of_the_paper():
    assert (mime.MAX_PARTS, mime.MAX_DEPTH, mime.MAX_HEADERS) == (1000, 30, 256 * 1024)
