"""A letter that was signed or encrypted is shown as what it is; what can be read of it is read, what cannot is kept."""

import base64

import pytest

from chalicelib import incoming, protection
from chalicelib.article import CUSTOMER, EMAIL, Address, Article, StoredFile
from tests.cast import MONDAY
from tests.letters import letter, multipart, part

ARMOUR = b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA0xx\r\n=abcd\r\n-----END PGP MESSAGE-----"
SIGNED = (
    b"-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nMy printer\r\n- -- is on fire.\r\n"
    b"-----BEGIN PGP SIGNATURE-----\r\n\r\niQ==\r\n=xx\r\n-----END PGP SIGNATURE-----"
)
WORDS = part(b"my printer")


def pgp_mime(kind: bytes, *parts: bytes) -> bytes:
    return multipart(kind + b'; protocol="application/pgp-' + kind + b'"', *parts)


ENCRYPTED = pgp_mime(
    b"encrypted",
    part(b"Version: 1", b"application/pgp-encrypted"),
    part(ARMOUR, b"application/octet-stream; name=encrypted.asc", b"Content-Disposition: inline"),
)
P7M = letter(b"\x30\x03\x02\x01\x00", content_type=b"application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m")


def article(raw: bytes, kind: str = "mail") -> Article:
    mail = incoming.parse(raw)
    files = tuple(StoredFile(each.filename, each.filename, each.content_type, 1) for each in mail.attachments)
    return Article(1, kind, EMAIL, CUSTOMER, Address("c@d.example"), "", mail.text, MONDAY, attachments=files)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (ENCRYPTED, "pgp-encrypted"),
        (letter(ARMOUR), "pgp-encrypted"),
        (letter(b"See below.\r\n\r\n" + ARMOUR), "pgp-encrypted"),
        (letter(SIGNED), "pgp-signed"),
        (letter(SIGNED, content_type=b"application/pgp; format=text; x-action=sign"), "pgp-signed"),
        (pgp_mime(b"signature", WORDS, part(b"--", b"application/pgp-signature")), "pgp-signed"),
        (P7M, "smime-encrypted"),
        (P7M.replace(b"pkcs7-mime", b"octet-stream"), "smime-encrypted"),
        (multipart(b"signed", WORDS, part(b"MII", b"application/x-pkcs7-signature; name=smime.p7s")), "smime-signed"),
        (multipart(b"signed", WORDS, part(b"MII", b"application/octet-stream; name=smime.p7s")), "smime-signed"),
        (letter(), None),
        (letter(b"> -----BEGIN PGP MESSAGE-----\r\n> hQEM\r\n\r\nWhat is this?"), None),
        (letter(b"What does -----BEGIN PGP MESSAGE----- mean?"), None),
        (multipart(b"mixed", WORDS, part(b"mQ==", b"application/pgp-keys; name=key.asc")), None),
    ],
)
def test_a_letter_is_what_it_was_protected_with(raw, kind):
    assert protection.of(article(raw)) == kind


def test_an_agent_s_note_is_never_protected():
    assert protection.of(article(letter(ARMOUR), kind="note")) is None


def test_what_is_encrypted_is_kept_for_whoever_has_the_key():
    assert [(each.filename, each.content) for each in incoming.parse(ENCRYPTED).attachments] == [
        ("version.asc", b"Version: 1"),
        ("encrypted.asc", ARMOUR),
    ]
    assert incoming.parse(letter(ARMOUR)).text == ARMOUR.decode().replace("\r\n", "\n")


def test_a_signed_text_can_be_verified_by_whoever_wants_to():
    """Byte for byte but for its line ends: dashes stay escaped, nothing is taken out."""
    assert incoming.parse(letter(SIGNED)).text == SIGNED.decode().replace("\r\n", "\n")


def test_a_signature_is_folded_below_the_words_that_it_signs():
    mail = incoming.parse(letter(SIGNED))
    assert mail.text[: mail.fold].rstrip().endswith("is on fire.")


def tlv(tag: int, *content: bytes) -> bytes:
    data = b"".join(content)
    length = bytes([len(data)]) if len(data) < 128 else bytes([0x82]) + len(data).to_bytes(2, "big")
    return bytes([tag]) + length + data


def opaque(inner: bytes) -> bytes:
    """RFC 5652: SignedData around a MIME part."""
    encapsulated = tlv(0x30, b"\x06\x09" + bytes.fromhex("2a864886f70d010701"), tlv(0xA0, tlv(0x04, inner)))
    return tlv(
        0x30,
        b"\x06\x09" + bytes.fromhex("2a864886f70d010702"),
        tlv(0xA0, tlv(0x30, b"\x02\x01\x01", tlv(0x31), encapsulated)),
    )


@pytest.mark.parametrize("kind", [b"application/pkcs7-mime", b"application/x-pkcs7-mime", b"application/octet-stream"])
def test_an_opaque_signed_mail_shows_its_text_and_files(kind):
    inner = multipart(b"mixed", part(b"signed words"), part(b"%PDF", b"application/pdf; name=bill.pdf"))
    mail = incoming.parse(
        letter(
            base64.encodebytes(opaque(inner)),
            content_type=kind + b"; name=smime.p7m",
            content_transfer_encoding=b"base64",
        )
    )
    assert (mail.text, [each.filename for each in mail.attachments]) == ("signed words", ["bill.pdf"])


def test_a_clear_signed_mail_shows_its_text_and_files():
    inner = (
        b"Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nsigned words\r\n--i\r\n"
        b"Content-Type: application/pdf; name=bill.pdf\r\n\r\n%PDF\r\n--i--"
    )
    signature = part(b"MII", b"application/pkcs7-signature; name=smime.p7s")
    mail = incoming.parse(multipart(b"signed", inner, signature))
    assert (mail.text, [each.filename for each in mail.attachments]) == ("signed words", ["bill.pdf", "smime.p7s"])
