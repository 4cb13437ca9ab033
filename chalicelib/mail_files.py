"""Attachments: every leaf that is not read is a file with its bytes as the sender had them and a name that harms nobody."""

import re
import unicodedata
from collections import Counter
from urllib.parse import unquote

from chalicelib.mail import Part
from chalicelib.mail_body import Body, content_of, filename
from chalicelib.mail_words import text_of
from chalicelib.mime import Budget, Node, header_block, media_type
from chalicelib.tnef import File

MAX_NAME = 200
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
# Characters that turn the reading direction or are invisible can make `exe.pdf` of `fdp.exe`.
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# A table of our own, for Python's reads the machine's files. The first type of an ending, and the first ending of a type, count.
TYPES = [
    (pair.split()[0], pair.split()[1])
    for pair in """
.eml message/rfc822|.eml message/global|.txt text/plain|.txt message/delivery-status|.txt text/rfc822-headers|.txt message/disposition-notification|.txt message/feedback-report|.html text/html|.htm text/html
.ics text/calendar|.vcf text/vcard|.csv text/csv|.xml application/xml|.xml text/xml|.json application/json|.pdf application/pdf|.rtf application/rtf
.jpg image/jpeg|.jpeg image/jpeg|.png image/png|.gif image/gif|.bmp image/bmp|.tif image/tiff|.webp image/webp|.svg image/svg+xml|.heic image/heic
.doc application/msword|.xls application/vnd.ms-excel|.ppt application/vnd.ms-powerpoint|.odt application/vnd.oasis.opendocument.text
.docx application/vnd.openxmlformats-officedocument.wordprocessingml.document
.xlsx application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
.pptx application/vnd.openxmlformats-officedocument.presentationml.presentation
.zip application/zip|.zip application/x-zip-compressed|.gz application/gzip|.gz application/x-gzip|.7z application/x-7z-compressed
.mp3 audio/mpeg|.wav audio/wav|.wav audio/x-wav|.ogg audio/ogg|.amr audio/amr|.mp4 video/mp4|.mov video/quicktime|.3gp video/3gpp
.asc application/pgp-signature|.asc application/pgp-encrypted|.p7s application/pkcs7-signature|.p7s application/x-pkcs7-signature
.p7m application/pkcs7-mime|.p7m application/x-pkcs7-mime|.dat application/ms-tnef|.bin application/octet-stream
""".replace("|", "\n")
    .strip()
    .splitlines()
]
# What a part without a name is called, by what it is.
CALLED = dict(
    pair.split()
    for pair in """
    message/delivery-status delivery-status|text/rfc822-headers headers|message/disposition-notification receipt
    message/feedback-report feedback-report|text/calendar invitation|text/vcard contact|message/rfc822 mail|message/global mail
    application/pgp-signature signature|application/pkcs7-signature smime|application/x-pkcs7-signature smime
    application/pkcs7-mime smime|application/x-pkcs7-mime smime|application/pgp-encrypted version|application/ms-tnef winmail
    text/plain text|text/html page|image picture|audio sound|video video
    """.replace("|", "\n")
    .strip()
    .splitlines()
)
ENDING = {kind: ending for ending, kind in reversed(TYPES)}
KIND = dict(reversed(TYPES))


def parts(body: Body, html: str | None) -> list[Part]:
    """The files of a mail, in their order; those that the HTML shows by Content-ID are inline, all others can be seen."""
    shown = {unquote(found).lower() for found in re.findall(r"(?i)\bcid:([^\"'\s<>)]+)", html or "")}
    seen: Counter[str] = Counter()  # how many there were of each word that names a file without a name

    def number(kind: str) -> int:
        seen[word_for(kind)] += 1
        return seen[word_for(kind)]

    found = [part(node, shown, number(node.content_type)) for node in body.files]
    return found + [from_loose(file, shown, number(kind_of(file))) for file in body.loose]


def kind_of(file: File) -> str:
    return media_type((file.content_type or guessed(file.name)).encode("ascii", "ignore"))


def from_loose(file: File, shown: set[str], number: int) -> Part:
    kind = kind_of(file)
    content_id = file.content_id.strip("<> ") or None
    inline = content_id is not None and content_id.lower() in shown
    return Part(safe_name(file.name, kind, number), kind, file.content, inline, content_id)


def part(node: Node, shown: set[str], number: int) -> Part:
    kind = node.content_type
    content = node.payload if kind.startswith("multipart/") else content_of(node)
    content_id = text_of(node.header("content-id")).strip("<> ") or None
    name = filename(node) or described(node)
    if kind in ("message/rfc822", "message/global"):
        name = name_of_mail(name, content)
    inline = content_id is not None and content_id.lower() in shown
    return Part(safe_name(name, kind, number), kind, content, inline, content_id)


def described(node: Node) -> str:
    """The description of a part without a name, where it is one: some programs put it only there."""
    said = text_of(node.header("content-description"))
    return said if re.fullmatch(r"[^/\\]{1,150}\.[A-Za-z0-9]{2,5}", said) else ""


def name_of_mail(name: str, content: bytes) -> str:
    """What a mail within the mail is called: as the sender named it, else by its subject, with the ending that opens it.
    Empty where there is neither."""
    if name.strip(". "):
        return name if "." in name.strip(". ") else name + ".eml"
    subject = re.sub(r"[/\\]", "_", subject_of(content)).strip(". ")
    return subject[: MAX_NAME - 4] + ".eml" if subject and not subject.lower().endswith(".eml") else subject


def subject_of(content: bytes) -> str:
    """The subject of a mail within the mail."""
    headers, _ = header_block(content, 0, min(len(content), 65536), Budget())
    return text_of(next((value for key, value in headers if key == "subject"), b""))


def safe_name(name: str, kind: str, number: int = 1) -> str:
    """A file name without path, control or invisible characters, not empty, at most 200 characters, its extension kept."""
    made_up = not name.strip()
    if made_up:
        name = called(kind, number)
    name = "".join(
        " " if char.isspace() else char
        for char in name
        if unicodedata.category(char) not in INVISIBLE or char.isspace()
    )
    name = last_component(name.strip())
    name = re.sub(r'[<>:"|?*]', "_", re.sub(r" +", " ", name)).strip(". ") or called(kind, number)
    if RESERVED.match(name):
        name = "_" + name
    if made_up:
        name += extension(kind)
    return shortened(name)


def called(kind: str, number: int) -> str:
    """A name that says what the file is; it is the mail's `number`-th that would be called so."""
    word = word_for(kind)
    return word if word != "file" and number == 1 else f"{word}-{number}"


def word_for(kind: str) -> str:
    return CALLED.get(kind) or CALLED.get(kind.partition("/")[0], "file")


def last_component(name: str) -> str:
    """Of a path its last part; a slash within an ordinary name (Invoice 11/2026) becomes an underscore."""
    if re.match(r"/|\.\.?/|[A-Za-z]:[/\\]|~/", name):
        name = name.rstrip("/").rpartition("/")[2]
    return name.rstrip("\\").rpartition("\\")[2].replace("/", "_")


def shortened(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if len(name) <= MAX_NAME or not dot or len(ending) > 20:
        return name[:MAX_NAME].rstrip(". ")
    return stem[: MAX_NAME - len(ending) - 1].rstrip(". ") + "." + ending


def extension(kind: str) -> str:
    return ENDING.get(kind, "")


def guessed(name: str) -> str:
    return KIND.get("." + name.rpartition(".")[2].lower(), "application/octet-stream")
