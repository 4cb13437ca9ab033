"""What is written in attachments: plain text, tables, HTML, PDF and office files. Read once, then kept beside them.

Whatever a file holds, it can only fail to be read: limits come first, and nothing in it is followed or run.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from html import unescape

from chalicelib import charsets, files, html_text, log
from chalicelib.article import StoredFile
from chalicelib.errors import NotFound

LARGEST = 20 * 1024 * 1024  # bytes of a file
LONGEST = 100_000  # characters that are kept of it
MOST_PAGES = 200  # of a PDF
LARGEST_PART = 20 * 1024 * 1024  # bytes of one part of an office file, unpacked
MOST_PARTS = 200
KEPT = "inside/"


def texts(attachments: Iterable[StoredFile]) -> dict[str, str]:
    """By the keys of the files, those that have any text."""
    found = {}
    for file in attachments:
        reader = None if file.inline or file.quarantined or file.size > LARGEST else reader_of(file)
        if reader and file.key not in found and (text := kept(file, reader)):
            found[file.key] = text
    return found


def reader_of(file: StoredFile) -> Callable[[bytes], str] | None:
    ending = file.filename.lower().rpartition(".")[2]
    return BY_ENDING.get(ending) or BY_TYPE.get(file.content_type.lower().partition(";")[0])


def kept(file: StoredFile, reader: Callable[[bytes], str]) -> str:
    """A ticket is indexed at each of its changes, its files never change."""
    key = KEPT + file.key
    try:
        return files.read(key).decode()
    except NotFound:
        text = read(file, reader)
    files.put(key, text.encode(), "text/plain")
    return text


def read(file: StoredFile, reader: Callable[[bytes], str]) -> str:
    """What S3 cannot give just now is no answer: it would be kept. Then the ticket is put aside, to be tried again."""
    try:
        data = files.read(file.key)
    except NotFound:
        return ""
    try:
        return " ".join(reader(data).split())[:LONGEST]
    except Exception as error:  # a broken file, or one that only looks like what it is called
        log.event("attachment_not_read", error=type(error).__name__, size=file.size)
        return ""


def plain(data: bytes) -> str:
    return charsets.decode(data[: 4 * LONGEST])


def html(data: bytes) -> str:
    return html_text.text_of(plain(data))


def pdf(data: bytes) -> str:
    from pypdf import PdfReader  # only files that are PDF pay for it

    found, length = [], 0
    for page in PdfReader(io.BytesIO(data)).pages[:MOST_PAGES]:
        found.append(page.extract_text())
        length += len(found[-1])
        if length > LONGEST:
            break
    return "\n".join(found)


TEXT_PARTS = re.compile(
    r"word/(?:document|footnotes|header\d*|footer\d*)\.xml|xl/(?:sharedStrings|worksheets/sheet\d+)\.xml|ppt/slides/slide\d+\.xml|content\.xml"
)
PARAGRAPH = re.compile(r"</(?:w:p|a:p|text:p|text:h|si|c)>|<w:(?:tab|br)/>")
TAG = re.compile(r"<[^>]*+>")


def office(data: bytes) -> str:
    """Word, Excel, PowerPoint and OpenDocument are zips of XML, of which only the text is wanted: no parser, no entities."""
    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [each for each in archive.infolist()[:2000] if TEXT_PARTS.fullmatch(each.filename)]
        for part in parts[:MOST_PARTS]:
            with archive.open(part) as stream:
                xml = stream.read(LARGEST_PART).decode("utf-8", "replace")
            found.append(unescape(TAG.sub("", PARAGRAPH.sub(" ", xml))))
            if sum(map(len, found)) > LONGEST:
                break
    return "\n".join(found)


BY_ENDING = (
    dict.fromkeys(("txt", "log", "csv", "tsv", "md", "json", "xml", "ini", "yaml", "yml"), plain)
    | dict.fromkeys(("html", "htm"), html)
    | dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "odp"), office)
    | {"pdf": pdf}
)
BY_TYPE = {"text/plain": plain, "text/csv": plain, "text/html": html, "application/pdf": pdf}
