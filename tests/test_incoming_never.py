"""Whatever the bytes are: parse answers with a Mail or with NotMail, names are safe, and no file loses a byte."""

import base64
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib import incoming
from chalicelib.mail import Part
from chalicelib.unnamed import named
from tests.letters import UNKNOWN, from_ses, letter, multipart, part

SEEDS = [
    letter(),
    from_ses(letter("Привет".encode("koi8-r"), content_type=b"text/plain; charset=koi8-r; format=flowed")),
    multipart(
        b"alternative", part(b"plain"), part(b"<p>rich <a href='https://x'>x</a></p>", b"text/html; charset=utf-8")
    ),
    multipart(
        b"mixed",
        part(b"text"),
        part(
            base64.encodebytes(b"\x78\x9f\x3e\x22" + bytes(60)),
            b"application/ms-tnef",
            b"Content-Transfer-Encoding: base64",
        ),
    ),
    multipart(
        b"report",
        part(b"failed"),
        part(b"Final-Recipient: rfc822; a@b\r\nStatus: 5.1.1", b"message/delivery-status"),
        part(letter(), b"message/rfc822"),
    ),
    letter(b"BEGIN:VEVENT\r\nDTSTART:2026\r\nEND:VEVENT", content_type=b"text/calendar"),
    letter(b"begin 644 a\r\n#0V%T\r\n`\r\nend\r\n", subject=b"=?utf-8?B?0J8=?= =?koi8-r?Q?=F0?="),
    letter(
        b"\x30\x80\x06\x09*\x86H\x86\xf7\r\x01\x07\x02\xa0\x80",
        content_type=b"application/pkcs7-mime; name*0*=utf-8''%D1",
    ),
]
SNIPPETS = st.sampled_from(
    [
        b"\r",
        b"\n",
        b"\r\n\r\n",
        b"\0",
        b"=?",
        b"?=",
        b'"',
        b"<",
        b">",
        b";",
        b"(",
        b"--=_b",
        b"%",
        b"=",
        b":",
        b"\xff",
        b",",
        b"charset=utf-16",
        b"charset=utf-7",
        b"charset=idna",
        b"multipart/mixed",
        b"Content-Type: ",
        b"\x1b$B",
        b" " * 50,
    ]
)


def read(raw: bytes) -> incoming.Mail | None:
    try:
        return incoming.parse(raw)
    except incoming.NotMail:
        return None


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """One of our letters, here and there cut, doubled or spiced with what hurts parsers."""
    raw = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(raw)))
        until = draw(st.integers(at, min(len(raw), at + 40)))
        raw = raw[:at] + draw(st.one_of(SNIPPETS, st.binary(max_size=6), st.just(raw[at:until] * 2))) + raw[until:]
    return raw


@given(st.binary(max_size=300))
@example(b"From:\x00\n\n")
def test_any_bytes_are_a_mail_or_none(raw):
    read(raw)
    read(b"From: eve@evil.example\r\n" + raw)


@given(mutations())
def test_a_damaged_letter_is_still_read(raw):
    mail = read(raw)
    assert mail is None or mail.broken is None or mail.broken.startswith("The mail")
    assert mail is None or all(is_safe(each.filename) for each in mail.attachments)
    assert mail is None or all(each.email and "\n" not in str(each) for each in (*mail.to, *mail.cc, *mail.reply_to))
    assert mail is None or not set("\r\n\0") & set(mail.subject)


@given(mutations())
def test_nothing_below_ses_s_block_authenticates_eve(raw):
    mail = read(from_ses(raw, UNKNOWN))
    assert mail is None or not mail.authenticated


def is_safe(name: str) -> bool:
    clean = not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in name)
    return (
        clean
        and 0 < len(name) <= 200
        and not set('/\\<>:"|?*') & set(name)
        and name not in (".", "..")
        and name == name.strip()
    )


@given(st.text(max_size=400), st.sampled_from(["application/pdf", "message/rfc822", "x/y", "text/html"]))
@example("../..", "x/y")
@example("." * 300, "x/y")
@example("a." + "b" * 300, "x/y")
@example("\u202e", "x/y")
@example("nul.txt", "x/y")
@example(".\r0", "x/y")
def test_every_file_name_is_safe(name, kind):
    assert all(is_safe(part.filename) for part in named([Part(name, kind, b"")] * 2))


@given(st.binary(max_size=2000), st.text(max_size=30))
def test_no_file_loses_a_byte(content, name):
    header = (
        b"Content-Disposition: attachment; filename*=utf-8''"
        + "".join(f"%{byte:02X}" for byte in name.encode()).encode()
    )
    coded = part(base64.encodebytes(content), b"application/octet-stream", header, b"Content-Transfer-Encoding: base64")
    mail = incoming.parse(multipart(b"mixed", part(b"see below"), coded))
    assert [each.content for each in mail.attachments] == [content]


@given(st.binary(max_size=2000).filter(lambda content: b"--=_b" not in content))
def test_a_mail_within_the_mail_keeps_its_bytes(content):
    mail = incoming.parse(multipart(b"mixed", part(b"see below"), part(letter(content), b"message/rfc822")))
    assert mail.attachments[0].content == letter(content)
