"""S/MIME that hides its letter in a p7m: what is signed is read, what is encrypted stays what it is, and no bomb takes long."""

import base64

import pytest

from chalicelib import incoming, protection, smime
from tests.letters import letter, multipart, part
from tests.test_protection import article

WORDS = "Content-Type: text/plain; charset=utf-8\r\n\r\nМой принтер горит, my printer is on fire.".encode()
SAID = "Мой принтер горит, my printer is on fire."
ENVELOPED = bytes.fromhex("2a864886f70d010703")
# GOST R 34.11-2012 and GOST R 34.10-2012 as CryptoPro names them (RFC 9215)
GOST_HASH, GOST_KEY = bytes.fromhex("2a85030701010202"), bytes.fromhex("2a85030701010101")


def tlv(tag: int, *content: bytes) -> bytes:
    data = b"".join(content)
    size = len(data).to_bytes(max(1, (len(data).bit_length() + 7) // 8), "big")
    return bytes([tag]) + (size if len(data) < 128 else bytes([0x80 | len(size)]) + size) + data


def endless(tag: int, *content: bytes) -> bytes:
    return bytes([tag, 0x80]) + b"".join(content) + b"\0\0"


def signed(inner: bytes | None, form=tlv, octets: bytes = b"", signer: bytes = b"") -> bytes:
    """RFC 5652: SignedData around a MIME part, or around nothing (certificates)."""
    if inner is not None:
        octets = octets or (tlv(0x04, inner) if form is tlv else endless(0x24, tlv(0x04, inner[:9]), tlv(4, inner[9:])))
    kind = tlv(0x06, bytes.fromhex("2a864886f70d010701"))
    encapsulated = form(0x30, kind, form(0xA0, octets) if octets else b"")
    digests = tlv(0x31, tlv(0x30, tlv(0x06, GOST_HASH)))
    data = form(0x30, tlv(0x02, b"\x03"), digests, encapsulated, tlv(0xA0, tlv(0x30, b"\x01" * 300)), signer)
    return form(0x30, tlv(0x06, smime.SIGNED_DATA), form(0xA0, data))


GOST = tlv(0x31, tlv(0x30, tlv(0x30, tlv(0x06, GOST_KEY)), tlv(0x04, b"\x07" * 64)))
SIGNED = signed(WORDS, signer=GOST)
PEM = b"-----BEGIN CMS-----\r\n" + base64.encodebytes(SIGNED) + b"-----END CMS-----\r\n"
P7M = b"application/pkcs7-mime; name=smime.p7m"


def sent(content: bytes, kind: bytes = P7M) -> bytes:
    return letter(base64.encodebytes(content), content_type=kind, content_transfer_encoding=b"base64")


def attached(name: bytes, content: bytes, kind: bytes = b"application/octet-stream") -> bytes:
    told = [b"Content-Disposition: attachment; filename=" + name, b"Content-Transfer-Encoding: base64"]
    return multipart(b"mixed", part(b"Here it is."), part(base64.encodebytes(content), kind, *told))


def files(raw: bytes) -> list[tuple[str, str]]:
    return [(each.filename, each.content_type) for each in incoming.parse(raw).attachments]


@pytest.mark.parametrize(
    "raw",
    [
        sent(SIGNED),
        sent(signed(WORDS, endless, signer=GOST)),
        sent(SIGNED, P7M + b"; smime-type=enveloped-data"),
        sent(SIGNED, b"application/x-pkcs7-mime"),
        sent(SIGNED, b"application/octet-stream; name=message.p7m"),
        sent(SIGNED, b"application/octet-stream"),
        sent(SIGNED, b"application/pkcs7-signature; name=smime.p7s"),
        sent(PEM),
        sent(base64.encodebytes(SIGNED)),
        sent(signed(b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: binary\r\n\r\n" + SIGNED)),
    ],
)
def test_what_is_signed_is_read_however_it_is_labelled(raw: bytes) -> None:
    assert (incoming.parse(raw).text, files(raw)) == (SAID, [])


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        (tlv(0x30, tlv(0x06, ENVELOPED), tlv(0xA0, tlv(0x30, b"\x02\x01\x00"))), "smime-encrypted"),
        (tlv(0x30, tlv(0x06, bytes.fromhex("2a864886f70d0109100117")), tlv(0xA0, b"\x30\x00")), "smime-encrypted"),
        (signed(None), None),
    ],
    ids=["enveloped", "authEnveloped", "certificates"],
)
def test_what_is_encrypted_is_told_from_mere_certificates(content: bytes, is_one: str | None) -> None:
    assert [name for name, _ in files(sent(content))] == ["smime.p7m"]
    assert protection.of(article(sent(content))) == is_one


def test_a_signed_letter_around_an_encrypted_one_is_encrypted() -> None:
    inner = tlv(0x30, tlv(0x06, ENVELOPED), tlv(0xA0, b"\x30\x00"))
    raw = sent(signed(b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: binary\r\n\r\n" + inner))
    assert protection.of(article(raw)) == "smime-encrypted"


@pytest.mark.parametrize("form", [tlv, endless])
def test_of_a_signed_letter_that_was_cut_off_one_reads_what_came_and_sees_that_it_was(form) -> None:
    whole = signed(WORDS, form)
    raw = sent(whole[: whole.find(b"printer") + 7])
    assert incoming.parse(raw).text == "Мой принтер горит, my printer"
    assert files(raw) == [("smime.p7m", "application/pkcs7-signature")]
    assert protection.of(article(raw)) == "smime-signed"


def test_every_beginning_of_a_signed_letter_is_a_letter_that_loses_no_byte() -> None:
    for length in range(1, len(SIGNED), 7):
        mail = incoming.parse(sent(SIGNED[:length]))
        assert mail.text == SAID or [each.content for each in mail.attachments] == [SIGNED[:length]]


@pytest.mark.parametrize("kind", [b"application/octet-stream", b"application/pkcs7-mime"])
@pytest.mark.parametrize("ending", ["p7m", "sig", "P7M"])
def test_a_contract_that_was_signed_lies_beside_its_signature(ending: str, kind: bytes) -> None:
    contract = b"%PDF-1.7\n\x00\xff"
    mail = incoming.parse(attached(f"contract.pdf.{ending}".encode(), signed(contract), kind))
    assert mail.text == "Here it is."
    told = {each.filename: each.content for each in mail.attachments}
    assert told == {f"contract.pdf.{ending}": signed(contract), "contract.pdf": contract}


def test_a_signed_invoice_is_a_file_and_no_text() -> None:
    mail = incoming.parse(attached(b"fattura.xml.p7m", signed(b"<?xml version='1.0'?><Fattura/>"), P7M))
    assert (mail.text, len(mail.attachments)) == ("Here it is.", 2)


@pytest.mark.parametrize("content", [SIGNED, signed(None), b"\x30\x03\x02\x01\x00"])
def test_a_file_with_a_signature_makes_no_protected_letter(content: bytes) -> None:
    assert protection.of(article(attached(b"contract.docx.p7m", content, b"application/pkcs7-mime"))) is None
    assert protection.of(article(attached(b"contract.docx.p7s", content))) is None


def test_a_picture_that_was_signed_as_it_is_is_a_file() -> None:
    picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    mail = incoming.parse(sent(signed(picture)))
    assert (mail.text, [each.content for each in mail.attachments]) == ("", [signed(picture), picture])


def deep(levels: int, octets: bytes) -> bytes:
    for _ in range(levels):
        octets = endless(0x24, octets)
    return octets


@pytest.mark.parametrize(
    "bomb",
    [
        signed(None, endless, deep(1, b"\x04\0" * 300_000)),
        signed(None, tlv, tlv(0x24, b"\x04\x01a" * 300_000)),
        signed(None, endless, deep(49, b"\x04\0" * 300_000)),
        signed(None, endless, deep(2_000, b"\x04\0")),
        b"\x30\x80" + b"\x05\0" * 300_000 + b"\0\0",
        b"\x30\x84\xff\xff\xff\xff\x06\xff" + b"\xff" * 300,
        b"\x30\x80" * 100_000,
    ],
    ids=["pieces", "bytes", "depth and pieces", "depth", "siblings", "lengths", "openings"],
)
def test_of_a_bomb_only_so_many_elements_are_looked_at_and_it_stays_a_file(bomb: bytes) -> None:
    assert smime.read(bomb).content is None
    assert [len(each.content) for each in incoming.parse(sent(bomb)).attachments] == [len(bomb)]


def test_layers_of_one_large_letter_are_opened_up_to_so_many_bytes() -> None:
    inner = b"Content-Type: application/pdf; name=big.pdf\r\n\r\n" + b"x" * 20_000_000
    for _ in range(6):
        inner = b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: binary\r\n\r\n" + signed(inner)
    assert [name for name, _ in files(b"From: eve@evil.example\r\n" + inner)] == ["smime.p7m"]


def test_all_that_was_signed_has_no_more_parts_than_a_mail_may_have() -> None:
    many = b"Content-Type: multipart/mixed; boundary=q\r\n\r\n" + b"--q\r\n\r\nx\r\n" * 90
    told = part(signed(many), b"application/pkcs7-mime", b"Content-Transfer-Encoding: binary")
    mail = incoming.parse(multipart(b"mixed", *[told] * 50))
    assert mail.broken == "The mail has too many parts."
