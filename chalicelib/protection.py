"""What a letter was protected with, PGP or S/MIME, as far as it can be seen from what is kept of it. Pure.

Nothing is decrypted and no signature is verified here: the desk says what a letter is, and gives the files to those who can.
"""

import re

from chalicelib.article import Article

PGP_ENCRYPTED, PGP_SIGNED, SMIME_ENCRYPTED, SMIME_SIGNED = (
    "pgp-encrypted",
    "pgp-signed",
    "smime-encrypted",
    "smime-signed",
)
# RFC 3156 (PGP/MIME), RFC 8551 (S/MIME). A signed p7m has been unwrapped, so one that is kept is encrypted.
BY_TYPE = {
    "application/pgp-encrypted": PGP_ENCRYPTED,
    "application/pkcs7-mime": SMIME_ENCRYPTED,
    "application/x-pkcs7-mime": SMIME_ENCRYPTED,
    "application/pgp-signature": PGP_SIGNED,
    "application/pkcs7-signature": SMIME_SIGNED,
    "application/x-pkcs7-signature": SMIME_SIGNED,
    "application/x-pkcs7-certificates": "",
}
# A file of the letter that somebody has signed or encrypted: contract.pdf.p7m
DOCUMENT = re.compile(r".+\.\w{1,8}\.p7[ms]", re.I | re.S)
BY_ENDING = {".p7m": SMIME_ENCRYPTED, ".p7s": SMIME_SIGNED}
# RFC 4880 6.2: PGP in the text itself
ARMOUR = {"-----BEGIN PGP MESSAGE-----": PGP_ENCRYPTED, "-----BEGIN PGP SIGNED MESSAGE-----": PGP_SIGNED}


def of(said: Article) -> str | None:
    """One of the four above, encryption before signatures; None for an ordinary letter, and for all that we wrote."""
    if said.kind != "mail":
        return None
    lines = {line.strip() for line in said.text.split("\n") if line.startswith("-----BEGIN PGP ")}
    found = {ARMOUR[line] for line in lines if line in ARMOUR}
    for file in said.attachments:
        if not DOCUMENT.fullmatch(file.filename):
            found.add(
                BY_TYPE[file.content_type]
                if file.content_type in BY_TYPE
                else BY_ENDING.get(file.filename[-4:].lower(), "")
            )
    return next((each for each in (PGP_ENCRYPTED, SMIME_ENCRYPTED, PGP_SIGNED, SMIME_SIGNED) if each in found), None)
