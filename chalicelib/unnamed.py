"""Files of a mail that their sender gave no name: they are called by what they are. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from chalicelib.charsets import decode
from chalicelib.file_names import ENDING, MAX_NAME, safe_name
from chalicelib.mail import Part
from chalicelib.mail_words import text_of
from chalicelib.mime import Budget, header_block

MAILS = ("message/rfc822", "message/global")
# Kinds that have a name of their own, or one that people know them by
NAMES = {
    kind: name
    for name, *kinds in map(
        str.split,
        """
delivery-status.txt message/delivery-status message/global-delivery-status
headers.txt text/rfc822-headers message/rfc822-headers message/global-headers
receipt.txt message/disposition-notification message/global-disposition-notification
feedback-report.txt message/feedback-report
mail.eml message/rfc822 message/global
invitation.ics text/calendar
contact.vcf text/vcard text/x-vcard text/directory
page.html text/html
signature.asc application/pgp-signature
version.asc application/pgp-encrypted
smime.p7s application/pkcs7-signature application/x-pkcs7-signature
smime.p7m application/pkcs7-mime application/x-pkcs7-mime
winmail.dat application/ms-tnef
""".strip().splitlines(),
    )
    for kind in kinds
}
BY_ENDING = {
    ending: word
    for word, *endings in map(
        str.split,
        ["document .pdf .rtf .doc .docx .odt", "table .csv .xls .xlsx", "slides .ppt .pptx", "archive .zip .gz .7z"],
    )
    for ending in endings
}
FAMILIES = {"image": "picture", "audio": "sound", "video": "video", "text": "text", "message": "message"}


def named(found: Sequence[Part]) -> list[Part]:
    """All with a safe name: the sender's where he gave one, else one that no other file of the mail has."""
    safe = [replace(part, filename=safe_name(part.filename)) for part in found]
    taken = Counter({part.filename.lower() for part in safe})
    return [part if part.filename else replace(part, filename=free(made_up(part), taken)) for part in safe]


def free(name: str, taken: Counter[str]) -> str:
    """The name itself or with the next number that is free; `taken` learns it."""
    stem, ending = divided(name)
    unique = name
    while taken[unique.lower()]:
        taken[name.lower()] += 1  # so that a thousand pictures are not counted a thousand times
        number = f"-{taken[name.lower()]}"
        unique = stem[: MAX_NAME - len(number) - len(ending)] + number + ending
    taken[unique.lower()] += 1
    return unique


def divided(name: str) -> tuple[str, str]:
    """A made up name and its ending, with the dot."""
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if dot else (name, "")


def made_up(part: Part) -> str:
    """By its own title where it has one, else by its type."""
    title, ending = title_of(part), ending_of(part.content_type)
    if title and not title.lower().endswith(ending):
        title = title[: MAX_NAME - len(ending)] + ending
    return safe_name(title) or NAMES.get(part.content_type) or word_for(part.content_type, ending) + ending


def title_of(part: Part) -> str:
    """What it says that it is about: a mail by its subject, an invitation by its summary."""
    title = ""
    if part.content_type in MAILS:
        title = subject_of(part.content)
    elif part.content_type == "text/calendar":
        from chalicelib import calendar_text  # few mails need it, and every start would pay for it

        title = calendar_text.title(decode(part.content[: calendar_text.MAX_CALENDAR]))
    return re.sub(r"[/\\]", "_", title).strip(". ")


def subject_of(content: bytes) -> str:
    """The subject of a mail within the mail."""
    headers, _ = header_block(content, 0, min(len(content), 65536), Budget())
    return text_of(next((value for key, value in headers if key == "subject"), b""))


def ending_of(kind: str) -> str:
    return ENDING.get(kind) or (".txt" if kind.startswith(("text/", "message/")) else "")


def word_for(kind: str, ending: str) -> str:
    return BY_ENDING.get(ending) or FAMILIES.get(kind.partition("/")[0], "file")
