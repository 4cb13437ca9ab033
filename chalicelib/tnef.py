"""winmail.dat unpacked: what Outlook hides in one file of its own format becomes ordinary text and attachments.

The format is Microsoft's MS-OXTNEF: attributes one after the other, and in two of them (0x9003 of the message, 0x9005 of an
attachment) a list of MAPI properties. A file that is cut off yields what came before the cut.
"""

import re
import struct
from dataclasses import dataclass, field
from typing import Any

from chalicelib.charsets import decode

MAX_TNEF, MAX_DEPTH, MAX_PROPERTIES = 10 * 1024 * 1024, 5, 20_000

SIGNATURE = b"\x78\x9f\x3e\x22"
BODY, ATTACH_DATA, ATTACH_TITLE, ATTACH_BEGIN, MAPI, ATTACH_MAPI, CODEPAGE, SUBJECT = (
    0x800C,
    0x800F,
    0x8010,
    0x9002,
    0x9003,
    0x9005,
    0x9007,
    0x8004,
)
# MAPI property ids (MS-OXPROPS)
PR_BODY, PR_HTML, PR_RTF, PR_SUBJECT, PR_CODEPAGE, PR_MESSAGE_CODEPAGE = 0x1000, 0x1013, 0x1009, 0x0037, 0x3FDE, 0x3FFD
PR_DATA, PR_FILENAME, PR_LONG_FILENAME, PR_DISPLAY_NAME, PR_MIME, PR_CONTENT_ID = (
    0x3701,
    0x3704,
    0x3707,
    0x3001,
    0x370E,
    0x3712,
)
# The interface id before an embedded message (IID_IMessage)
EMBEDDED = bytes.fromhex("0703020000000000c000000000000046")
SIZES = {
    0x0002: 4,
    0x0003: 4,
    0x0004: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x000A: 4,
    0x000B: 4,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}

# Level, id and type of every attribute that there is (MS-OXTNEF 2.1.3.3.1)
HEADER = re.compile(
    b"[\x01\x02](?:"
    + b"|".join(
        re.escape(struct.pack("<I", int(name, 16)))
        for name in """
        60000 60001 60002 30006 30007 40008 40009 70600 8000 18004 38005 38006 68007 78008 18009 1800a 1800b 2800c 4800d 6800f
        18010 68011 38012 38013 38020 69001 69002 69003 69004 69005 89006 69007
        """.split()
    )
    + b")",
    re.S,
)

Properties = dict[int, Any]


@dataclass
class File:
    """An attachment as the format has it; a message within the message has been unpacked into `files` of its parent."""

    name: str = ""
    content: bytes = b""
    content_type: str = ""
    content_id: str = ""


@dataclass
class Unpacked:
    """What was in it: plain text, HTML, compressed RTF (each maybe empty) and files."""

    text: str = ""
    html: str = ""
    rtf: bytes = b""
    subject: str = ""
    files: list[File] = field(default_factory=list)


def unpack(content: bytes, depth: int = 0) -> Unpacked | None:
    """None where the file is no TNEF, larger than 10 MB, or damaged and without anything: then it stays the attachment that it is.

    A whole one without anything is Outlook's habit, and nothing is lost with it.
    """
    if len(content) > MAX_TNEF or not content.startswith(SIGNATURE) or depth > MAX_DEPTH:
        return None
    found, state = Unpacked(), State()
    for name, data in attributes(content):
        try:
            take(found, state, name, data, depth)
        except (struct.error, IndexError, ValueError):
            continue  # a damaged attribute; the others may be whole
    found.files = [each for each in found.files if each.content or each.name]
    anything = found.files or found.text or found.html or found.rtf
    return found if anything or begins_whole(content) else None


def begins_whole(content: bytes) -> bool:
    """Whether the first attribute ends within the file."""
    return len(content) >= 15 and 6 + 9 + int.from_bytes(content[11:15], "little") + 2 <= len(content)


@dataclass
class State:
    """What the attributes so far have said about the ones to come."""

    codepage: str = "cp1252"


def attributes(content: bytes) -> list[tuple[int, bytes]]:
    """(id, data) of each attribute: level, id, type, length, data, checksum (which nobody needs)."""
    found: list[tuple[int, bytes]] = []
    at = 6
    while at + 9 <= len(content) and len(found) < MAX_PROPERTIES:
        name, length = struct.unpack_from("<HxxI", content, at + 1)
        after = next_attribute(content, at + 9, at + 9 + length + 2)
        found.append((name, content[at + 9 : after - 2]))
        at = after
    return found


def next_attribute(content: bytes, begin: int, after: int) -> int:
    """Where the next attribute begins: at `after`, by the length of this one. Where none stands there, a machine on the way
    has rewritten line ends, and what is now shorter or longer than it says ends before the next one that can be told."""
    if after >= len(content) or HEADER.match(content, after):
        return after
    found = HEADER.search(content, begin + 2)
    return found.start() if found else after


def take(found: Unpacked, state: State, name: int, data: bytes, depth: int) -> None:
    if name == CODEPAGE:
        state.codepage = f"cp{struct.unpack_from('<I', data)[0]}"
    elif name == BODY:
        found.text = found.text or plain(data, state.codepage)
    elif name == SUBJECT:
        found.subject = plain(data, state.codepage)
    elif name == MAPI:
        message_properties(found, properties(data, state.codepage), state.codepage)
    elif name == ATTACH_BEGIN:
        found.files.append(File())
    elif name in (ATTACH_TITLE, ATTACH_DATA, ATTACH_MAPI):
        if not found.files:
            found.files.append(File())
        attachment(found, state, name, data, depth)


def message_properties(found: Unpacked, told: Properties, codepage: str) -> None:
    html = told.get(PR_HTML, b"")
    declared = told.get(PR_CODEPAGE) or told.get(PR_MESSAGE_CODEPAGE)
    if html:
        found.html = html if isinstance(html, str) else decode(html, f"cp{declared}" if declared else codepage)
    found.text = words(told, PR_BODY) or found.text
    if isinstance(told.get(PR_RTF), bytes):
        found.rtf = told[PR_RTF]
    found.subject = words(told, PR_SUBJECT) or found.subject


def attachment(found: Unpacked, state: State, name: int, data: bytes, depth: int) -> None:
    file = found.files[-1]
    if name == ATTACH_TITLE:
        file.name = file.name or plain(data, state.codepage)
    elif name == ATTACH_DATA:
        file.content = data
    else:
        attachment_properties(found, file, properties(data, state.codepage), depth)


def attachment_properties(found: Unpacked, file: File, told: Properties, depth: int) -> None:
    file.name = words(told, PR_LONG_FILENAME) or words(told, PR_FILENAME) or words(told, PR_DISPLAY_NAME) or file.name
    file.content_type = words(told, PR_MIME) or file.content_type
    file.content_id = words(told, PR_CONTENT_ID) or file.content_id
    data = told.get(PR_DATA)
    if isinstance(data, bytes) and data:
        file.content = data.removeprefix(EMBEDDED)
    if file.content.startswith(SIGNATURE) and (inner := unpack(file.content, depth + 1)):
        embed(found, file, inner)


def words(told: Properties, name: int) -> str:
    """The property if it is text that says something."""
    value = told.get(name)
    return value if isinstance(value, str) and value.strip() else ""


def embed(found: Unpacked, file: File, inner: Unpacked) -> None:
    """A message within the message: its text as a file named by its subject, and its own files beside it."""
    from chalicelib.rtf import text_of

    said = inner.html or inner.text or text_of(inner.rtf)
    file.content_type = "text/html" if inner.html else "text/plain"
    file.name = (file.name or inner.subject or "message") + (".html" if inner.html else ".txt")
    file.content = said.encode()
    found.files += inner.files


def plain(data: bytes, codepage: str) -> str:
    return decode(data.split(b"\0")[0], codepage)


def properties(data: bytes, codepage: str) -> Properties:
    """MAPI properties by id: numbers, text, bytes. What is cut off or unknown ends the list."""
    found: Properties = {}
    count, at = struct.unpack_from("<I", data)[0], 4
    for _ in range(min(count, MAX_PROPERTIES)):
        try:
            at = one_property(data, at, codepage, found)
        except (struct.error, IndexError, ValueError):
            break
    return found


def one_property(data: bytes, at: int, codepage: str, found: Properties) -> int:
    """Reads the property at `at` into `found`; where the next one begins."""
    kind, name = struct.unpack_from("<HH", data, at)
    at = past_name(data, at + 4) if name >= 0x8000 else at + 4
    several, kind = kind & 0x1000, kind & 0x0FFF
    if kind in SIZES:
        count = struct.unpack_from("<I", data, at)[0] if several else 1
        at += 4 if several else 0
        value: Any = struct.unpack_from("<I", data, at)[0] if SIZES[kind] == 4 else data[at : at + SIZES[kind]]
        found.setdefault(name, value)
        return at + max(4, SIZES[kind] * count)
    if kind not in (0x1E, 0x1F, 0x102, 0x0D):
        raise ValueError(f"unknown property type {kind:#x}")
    count = struct.unpack_from("<I", data, at)[0]
    at += 4
    for _ in range(min(count, MAX_PROPERTIES)):
        length = struct.unpack_from("<I", data, at)[0]
        found.setdefault(name, value_of(kind, data[at + 4 : at + 4 + length], codepage))
        at += 4 + (length + 3) // 4 * 4
    return at


def past_name(data: bytes, at: int) -> int:
    """Behind a named property's name: a GUID, then a number or a text."""
    if struct.unpack_from("<I", data, at + 16)[0] == 0:
        return at + 24
    length = struct.unpack_from("<I", data, at + 20)[0]
    return int(at + 24 + (length + 3) // 4 * 4)


def value_of(kind: int, data: bytes, codepage: str) -> str | bytes:
    if kind == 0x1F:
        return data.decode("utf-16-le", "replace").split("\0")[0]
    return plain(data, codepage) if kind == 0x1E else data
