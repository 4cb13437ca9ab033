"""Opaque S/MIME signed mail unwrapped: the content stands in clear inside, between BER headers (RFC 5652, RFC 8551 3.5.2).

Nothing is verified here. A walk over BER in fifty lines instead of a library: tag, length, content, also in the indefinite form.
"""

from collections.abc import Iterator

SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
MAX_DEPTH = 50
CONSTRUCTED = 0x20
SEQUENCE, OCTETS, OID, TAGGED_0 = 0x30, 0x04, 0x06, 0xA0

Element = tuple[int, int, int]  # tag, where its content begins and ends


def unwrapped(content: bytes) -> bytes | None:
    """The signed entity, a MIME part with headers; None where there is none, or it is encrypted, or the bytes are broken."""
    try:
        info = only(content, 0, len(content), SEQUENCE)
        if not info or content[slice(*only(content, *info[1:], OID)[1:])] != SIGNED_DATA:
            return None
        signed = only(content, *only(content, *info[1:], TAGGED_0)[1:], SEQUENCE)
        encapsulated = only(content, *signed[1:], SEQUENCE)
        wrapped = only(content, *encapsulated[1:], TAGGED_0)
        return b"".join(octets(content, wrapped[1], wrapped[2])) or None
    except (IndexError, ValueError):
        return None


def only(data: bytes, start: int, end: int, tag: int) -> Element:
    """The first element with that tag; raises ValueError where there is none."""
    for element in elements(data, start, end):
        if element[0] == tag:
            return element
    raise ValueError(f"no element {tag:#x}")


def octets(data: bytes, start: int, end: int, depth: int = 0) -> Iterator[bytes]:
    """The pieces of an octet string, which may be made of others."""
    for tag, begin, stop in elements(data, start, end):
        if tag & ~CONSTRUCTED != OCTETS or depth > MAX_DEPTH:
            continue
        if tag & CONSTRUCTED:
            yield from octets(data, begin, stop, depth + 1)
        else:
            yield data[begin:stop]


def elements(data: bytes, start: int, end: int) -> Iterator[Element]:
    at = start
    while at < end and data[at : at + 2] != b"\0\0":
        tag, begin, stop, after = element_at(data, at, end)
        yield tag, begin, stop
        at = after


def element_at(data: bytes, at: int, end: int, depth: int = 0) -> tuple[int, int, int, int]:
    """(tag, content begins, content ends, the next element begins) of the element at `at`."""
    tag, length, begin = data[at], data[at + 1], at + 2
    if length == 0x80:
        stop = end_of_contents(data, begin, end, depth)
        return tag, begin, stop, stop + 2
    if length > 0x80:
        begin += length & 0x7F
        length = int.from_bytes(data[at + 2 : begin], "big")
    return tag, begin, min(begin + length, end), min(begin + length, end)


def end_of_contents(data: bytes, at: int, end: int, depth: int) -> int:
    """Where the two zero bytes stand that end an element of indefinite length."""
    if depth > MAX_DEPTH:
        raise ValueError("nested too deeply")
    while at < end and data[at : at + 2] != b"\0\0":
        at = element_at(data, at, end, depth + 1)[3]
    return at
