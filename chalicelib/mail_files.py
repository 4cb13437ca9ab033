"""Attachments: every leaf that is not read is a file with its bytes as the sender had them and a name that harms nobody."""

import re
from urllib.parse import unquote

from chalicelib import smime
from chalicelib.file_names import guessed
from chalicelib.mail import Part
from chalicelib.mail_body import P7M, Body, content_of, filename
from chalicelib.mail_words import text_of
from chalicelib.mime import Node, media_type
from chalicelib.tnef import File
from chalicelib.unnamed import MAILS, named


def parts(body: Body, html: str | None, hint: str = "") -> list[Part]:
    """The files of a mail, in their order; those that the HTML shows by Content-ID are inline, all others can be seen.
    `hint`: the charset of the mail's text."""
    shown = {unquote(found).lower() for found in re.findall(r"(?i)\bcid:([^\"'\s<>)]+)", html or "")}
    return named([*(part(node, shown, hint) for node in body.files), *(from_loose(file, shown) for file in body.loose)])


def from_loose(file: File, shown: set[str]) -> Part:
    kind = media_type((file.content_type or guessed(file.name)).encode("ascii", "ignore"))
    content_id = file.content_id.strip("<> ") or None
    inline = content_id is not None and content_id.lower() in shown
    return Part(file.name, kind, file.content, inline, content_id)


def part(node: Node, shown: set[str], hint: str) -> Part:
    kind = node.content_type
    content = node.payload if kind.startswith("multipart/") else content_of(node)
    content_id = text_of(node.header("content-id")).strip("<> ") or None
    name = filename(node, hint) or described(node)
    if kind in MAILS and "." not in name.strip(". "):
        name = f"{name}.eml" if name.strip(". ") else ""  # with the ending that opens it
    name = name or "smime.p7m" if kind in P7M else name
    inline = content_id is not None and content_id.lower() in shown
    return Part(name, kept_as(kind, content), content, inline, content_id)


def kept_as(kind: str, content: bytes) -> str:
    """The type of S/MIME as its bytes tell it: who keeps a p7m for being encrypted must not keep one with certificates so."""
    if kind not in P7M or not (found := smime.read(content)).signed:
        return kind
    return "application/pkcs7-signature" if found.content or found.cut else "application/x-pkcs7-certificates"


def described(node: Node) -> str:
    """The description of a part without a name, where it is one: some programs put it only there."""
    said = text_of(node.header("content-description"))
    return said if re.fullmatch(r"[^/\\]{1,150}\.[A-Za-z0-9]{2,5}", said) else ""
