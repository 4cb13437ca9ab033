"""Attachments: every leaf that is not read is a file with its bytes as the sender had them and a name that harms nobody."""

import mimetypes
import re
import unicodedata

from chalicelib import transfer
from chalicelib.charsets import decode
from chalicelib.mail import Part
from chalicelib.mail_body import Body, filename
from chalicelib.mail_words import parameters, text_of
from chalicelib.mime import Budget, Node, header_block

MAX_NAME = 200
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
# Characters that turn the reading direction or are invisible can make `exe.pdf` of `fdp.exe`.
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
EXTENSIONS = {"message/rfc822": ".eml", "message/global": ".eml", "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics",
              "message/delivery-status": ".txt", "text/rfc822-headers": ".txt", "image/jpeg": ".jpg",
              "application/pgp-signature": ".asc", "application/octet-stream": ".bin", "application/ms-tnef": ".dat"}


def parts(body: Body, html: str | None) -> list[Part]:
    """The files of a mail, in their order; those that the HTML shows by Content-ID (or stand in its related part) are inline."""
    found = [part(node, id(node) in body.related, html or "", number) for number, node in enumerate(body.files, 1)]
    written = [Part(safe_name(name, "application/octet-stream"), guessed(name), content) for name, content in body.written_in]
    return found + written


def part(node: Node, related: bool, html: str, number: int) -> Part:
    kind = node.content_type
    content = node.payload if kind.startswith("multipart/") else transfer.decoded(
        node.payload, node.header("content-transfer-encoding"))
    content_id = text_of(node.header("content-id")).strip("<> ") or None
    name = filename(node)
    if not name and kind in ("message/rfc822", "message/global"):
        name = subject_of(content)
    disposition = node.header("content-disposition").lower().lstrip()
    inline = not disposition.startswith(b"attachment") and bool(
        content_id and (related or "cid:" + content_id in html) or disposition.startswith(b"inline") and kind.startswith("image/"))
    if content_id and "cid:" + content_id in html:
        inline = True
    return Part(safe_name(name, kind, number), kind, content, inline, content_id)


def subject_of(content: bytes) -> str:
    """The subject of a mail within the mail."""
    headers, _ = header_block(content, 0, min(len(content), 65536), Budget())
    return text_of(next((value for key, value in headers if key == "subject"), b""))


def safe_name(name: str, kind: str, number: int = 1) -> str:
    """A file name without path, control or invisible characters, not empty, at most 200 characters, its extension kept."""
    name = unicodedata.normalize("NFC", name)
    if not name.strip():
        name = f"file-{number}"
    elif kind in ("message/rfc822", "message/global") and not re.search(r"\.\w{2,4}$", name):
        name = name.replace("/", "_").replace("\\", "_")
    name = "".join(" " if char.isspace() else char for char in name if unicodedata.category(char) not in INVISIBLE or char.isspace())
    name = re.split(r"[/\\]", name.strip(" /\\"))[-1]
    name = re.sub(r'[<>:"|?*]', "_", re.sub(r" +", " ", name)).strip(" ").lstrip(".").rstrip(". ") or f"file-{number}"
    if RESERVED.match(name):
        name = "_" + name
    if not re.search(r"\.\w{1,10}$", name):
        name += extension(kind)
    return shortened(name)


def shortened(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if len(name) <= MAX_NAME or not dot or len(ending) > 20:
        return name[:MAX_NAME].rstrip(". ")
    return stem[:MAX_NAME - len(ending) - 1].rstrip(". ") + "." + ending


def extension(kind: str) -> str:
    return EXTENSIONS.get(kind) or mimetypes.guess_extension(kind, strict=False) or ""


def guessed(name: str) -> str:
    return mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"


__all__ = ["parts", "safe_name", "parameters", "decode"]
