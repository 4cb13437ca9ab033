"""Bombs end as a mail with the original attached, or as no mail, after little work; the sizes are small only to keep this quick."""

import base64
import io
import struct
import sys
import zipfile
from collections.abc import Callable

import pytest

from chalicelib import incoming, mime, tnef
from chalicelib.html_text import text_of
from tests.letters import letter, multipart, part


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


TYPES = {
    "html": b"text/html",
    "flowed": b"text/plain; format=flowed",
    "enriched": b"text/enriched",
    "ics": b"text/calendar",
}


def typed(kind: str, content: bytes) -> bytes:
    return letter(content, content_type=TYPES[kind])


def winmail(*attributes: tuple[int, bytes]) -> bytes:
    content = tnef.SIGNATURE + b"\x01\x00"
    for name, data in attributes:
        content += struct.pack("<BII", 2, name, len(data)) + data + b"\0\0"
    headers = (b"Content-Transfer-Encoding: base64",)
    return multipart(
        b"mixed", part(b"see"), part(base64.encodebytes(content), b"application/ms-tnef; name=winmail.dat", *headers)
    )


BOMBS: dict[str, Callable[[int], bytes]] = {
    "encoded words": lambda n: letter(subject=b"=?utf-8?Q?a?= " * n),
    "addresses": lambda n: letter(to=b"Doe, <a@b.example>," * n),
    "comments": lambda n: letter(to=b"(" * n + b"a@b.example"),
    "references": lambda n: letter(references=b"<a@b> " * n),
    "continued parameters": lambda n: letter(
        content_type=b"text/plain; " + b"; ".join(b"x*%d*=%%41" % k for k in range(n))
    ),
    "uuencoded files": lambda n: letter(b"begin 644 a\r\n#0V%T\r\n`\r\nend\r\n" * n),
    "begins of uuencode": lambda n: letter(b"begin 644 a\r\n" * n),
    "flowed lines": lambda n: typed("flowed", b"a \r\n" * n),
    "calendar": lambda n: typed("ics", b"BEGIN:VEVENT\r\n" + b"DESCRIPTION:x\r\n " * n),
    "quotes in quotes": lambda n: typed("html", b"<blockquote>a" * n),
    "hidden in hidden": lambda n: typed("html", b"<svg>" * n + b"</svg>" * n),
    "ends of links": lambda n: typed("html", b"<a href=http://x.example>" + b"x<b></b> " * n + b"</a>" * n),
    "lists in lists": lambda n: typed("html", b"<ul><li>a" * n),
    "numbered lists in lists": lambda n: typed("html", b"<ol><li>" * n),
    "items of a list": lambda n: typed("html", b"<ul>" + b"<li>a" * n),
    "blanks between tags": lambda n: typed("html", b"a" + b" <b>" * n),
    "parameters in enriched": lambda n: typed("enriched", b"<param>" * n),
    "properties": lambda n: winmail((0x00069003, struct.pack("<I", n) + struct.pack("<HHI", 3, 1, 1) * n)),
    "files in winmail.dat": lambda n: winmail(*[(0x00069002, b""), (0x00018010, b"a\0")] * n),
    "pgp signatures": lambda n: letter(b"-----BEGIN PGP SIGNATURE-----\r\n" * n + b"-----END PGP SIGNATURE-----"),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_ten_times_as_much_costs_ten_times_as_much_and_not_a_hundred(bomb: Callable[[int], bytes]) -> None:
    assert work(bomb(3000)) <= 15 * max(work(bomb(300)), 300)


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_no_bomb_makes_more_of_itself(bomb: Callable[[int], bytes]) -> None:
    raw = bomb(3000)
    mail = incoming.parse(raw)
    kept = len(mail.text) + len(mail.html or "") + sum(len(each.content) for each in mail.attachments)
    assert kept <= 8 * len(raw)
    assert len(mail.attachments) <= mime.MAX_PARTS


@pytest.mark.parametrize("piece", [" <b>", " <td>", "<ol><li>", '<p style="white-space:pre"> '])
def test_a_megabyte_of_any_html_is_read(piece: str) -> None:
    """In less than a second; what is quadratic takes half a minute or hours, and would be noticed."""
    assert "b" in text_of("b" + piece * (1_000_000 // len(piece)))


def test_no_more_html_is_read_as_text_than_of_one_letter_and_the_original_has_the_rest() -> None:
    page = part(b"<b></b>" * 100_000 + b"Hello", b"text/html")
    mail = incoming.parse(multipart(b"mixed", part(b"<p>Hello</p>", b"text/html"), page, page, part(b"below")))
    assert (mail.text.count("Hello"), mail.text[-5:]) == (2, "below")
    assert mail.broken == "The text is too long; the rest of it is in the original mail."


def test_html_that_nobody_needs_to_read_is_not_too_long() -> None:
    both = multipart(b"alternative", part(b"Hello"), part(b"<b></b>" * 200_000, b"text/html"))
    assert (incoming.parse(both).text, incoming.parse(both).broken) == ("Hello", None)


def test_a_thousand_files_are_enough_and_the_original_has_the_rest() -> None:
    mail = incoming.parse(BOMBS["uuencoded files"](3000))
    assert (len(mail.attachments), bool(mail.broken)) == (1000, True)


def test_an_archive_is_never_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 10_000_000)
    file = part(base64.encodebytes(packed.getvalue()), b"application/zip", b"Content-Transfer-Encoding: base64")
    assert [each.content for each in incoming.parse(multipart(b"mixed", part(b"see"), file)).attachments] == [
        packed.getvalue()
    ]


def test_a_winmail_dat_above_ten_megabytes_stays_a_file() -> None:
    mail = incoming.parse(winmail((0x00069002, b""), (0x0006800F, b"x" * tnef.MAX_TNEF)))
    assert [each.filename for each in mail.attachments] == ["winmail.dat"]


def test_compressed_rtf_that_claims_four_gigabytes_yields_what_it_has() -> None:
    rtf = struct.pack("<IIII", 60, 4_000_000_000, 0x75465A4C, 0) + b"\x00{\\rtf1 hi}" + b"\x00" * 40
    told = struct.pack("<IHHII", 1, 0x0102, 0x1009, 1, len(rtf)) + rtf + b"\0" * (-len(rtf) % 4)
    assert incoming.parse(winmail((0x00069003, told))).text == "see"


def test_signed_mails_within_each_other_are_opened_to_a_depth_and_kept_below() -> None:
    inner = b"Content-Type: text/plain\r\n\r\nthe innermost"
    for _ in range(40):
        inner = b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\n\r\n" + signed_data(inner)
    mail = incoming.parse(b"From: eve@evil.example\r\n" + inner)
    assert [each.filename for each in mail.attachments] == ["smime.p7m"]
    assert b"the innermost" in mail.attachments[0].content


def signed_data(inner: bytes) -> bytes:
    def tlv(tag: int, content: bytes) -> bytes:
        return bytes([tag, 0x83]) + len(content).to_bytes(3, "big") + content

    data, signed = (b"\x06\x09" + bytes.fromhex("2a864886f70d01070" + end) for end in "12")
    encapsulated = tlv(0x30, data + tlv(0xA0, tlv(0x04, inner)))
    return tlv(0x30, signed + tlv(0xA0, tlv(0x30, b"\x02\x01\x01" + tlv(0x31, b"") + encapsulated)))


@pytest.mark.parametrize("charset", [b"utf-8", b"utf-7", b"iso-2022-jp", b"windows-1251", b"x-none"])
def test_no_more_text_is_decoded_than_anybody_reads(charset: bytes) -> None:
    mail = incoming.parse(letter(b"\xe1+\x1b$B" * 2_000_000, content_type=b"text/plain; charset=" + charset))
    assert len(mail.text) <= 1_000_000


def test_the_limits_are_those_of_the_paper():
    assert (mime.MAX_PARTS, mime.MAX_DEPTH, mime.MAX_HEADERS) == (1000, 30, 256 * 1024)
