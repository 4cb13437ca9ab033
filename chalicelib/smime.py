"""Opaque S/MIME: what a p7m is, and of a signed one the content, which stands in clear between BER headers (RFC 5652, RFC 8551 3.5.2).

Nothing is verified here. A walk over BER in some lines instead of a library: tag, length, content, also in the indefinite form.
Each element is looked at once, and of a bomb only so many.
"""

from dataclasses import dataclass

from chalicelib.mail_words import base64_bytes

SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
# enveloped-data, signed-and-enveloped-data, encrypted-data, authEnveloped-data (RFC 5083)
ENCRYPTED = {bytes.fromhex(f"2a864886f70d0107{end}") for end in ("03", "04", "06")} | {
    bytes.fromhex("2a864886f70d0109100117")
}
MAX_DEPTH = 50
MAX_ELEMENTS = 200_000  # forty megabytes in pieces of two hundred bytes; programs make them of a thousand and more
CONSTRUCTED = 0x20
SEQUENCE, OCTETS, OID, TAGGED_0 = 0x30, 0x04, 0x06, 0xA0


@dataclass(frozen=True)
class Found:
    """`content`: the signed entity, a MIME part with headers or a document, where there is one. `cut`: the bytes end too early."""

    encrypted: bool = False
    signed: bool = False
    content: bytes | None = None
    cut: bool = False


def read(content: bytes) -> Found:
    """What these bytes are; neither encrypted nor signed where they are something else, or broken."""
    ber = Ber(bare(content))
    pieces: list[bytes] = []
    signed = False
    try:
        at, end = ber.enter(0, len(ber.data), SEQUENCE)
        kind = ber.data[slice(*ber.enter(at, end, OID))]
        signed = kind == SIGNED_DATA
        if not signed:
            return Found(encrypted=kind in ENCRYPTED)
        for tag in (TAGGED_0, SEQUENCE, SEQUENCE, TAGGED_0):
            at, end = ber.enter(at, end, tag)
        ber.gather(at, end, pieces)
    except (IndexError, ValueError):
        if ber.left < 0:
            return Found(signed=signed)
    return Found(signed=signed, content=b"".join(pieces) or None, cut=ber.cut)


def bare(content: bytes) -> bytes:
    """Without the armour of PEM, or base64 that nobody has declared."""
    begins = content[:100].lstrip()
    if begins.startswith(b"-----BEGIN "):
        return base64_bytes(content[content.find(b"\n") :].partition(b"-----END")[0])
    return base64_bytes(content) if begins.startswith(b"MI") else content


class Ber:
    """The bytes, how many more elements may be looked at, and whether one of them was longer than the bytes are."""

    def __init__(self, data: bytes) -> None:
        self.data, self.left, self.cut = data, MAX_ELEMENTS, False

    def enter(self, at: int, end: int, tag: int) -> tuple[int, int]:
        """Where the content of the first element with that tag lies, at most; raises ValueError where there is none."""
        while self.more(at, end):
            found, begin, stop = self.head(at, end)
            if found == tag:
                return begin, end if stop is None else stop
            at = self.behind(begin, end, stop)
        raise ValueError(f"no element {tag:#x}")

    def more(self, at: int, end: int) -> bool:
        """Whether another element follows: not at the end of the bytes, nor at the two zeros that end an indefinite length."""
        return at < end and self.data[at : at + 2] != b"\0\0"

    def head(self, at: int, end: int) -> tuple[int, int, int | None]:
        """(tag, content begins, content ends; None: where two zeros say so) of the element at `at`."""
        self.left -= 1
        if self.left < 0:
            raise ValueError("too many elements")
        tag, length, begin = self.data[at], self.data[at + 1], at + 2
        if length == 0x80:
            return tag, begin, None
        if length > 0x80:
            begin += length & 0x7F
            length = int.from_bytes(self.data[at + 2 : begin], "big")
        self.cut = self.cut or begin + length > end
        return tag, begin, min(begin + length, end)

    def behind(self, begin: int, end: int, stop: int | None, depth: int = 0) -> int:
        """Where the next element begins."""
        if stop is not None:
            return stop
        if depth > MAX_DEPTH:
            raise ValueError("nested too deeply")
        at = begin
        while self.more(at, end):
            _, inner, inner_stop = self.head(at, end)
            at = self.behind(inner, end, inner_stop, depth + 1)
        return self.closed(at, end)

    def closed(self, at: int, end: int) -> int:
        self.cut = self.cut or at >= end
        return at + 2

    def gather(self, at: int, end: int, pieces: list[bytes], depth: int = 0) -> int:
        """Adds the pieces of an octet string, which may be made of others; answers where its content ends."""
        while self.more(at, end):
            tag, begin, stop = self.head(at, end)
            if tag == OCTETS and stop is not None:
                pieces.append(self.data[begin:stop])
                at = stop
            elif tag == OCTETS | CONSTRUCTED and depth < MAX_DEPTH:
                inner = self.gather(begin, end if stop is None else stop, pieces, depth + 1)
                at = self.closed(inner, end) if stop is None else stop
            else:
                at = self.behind(begin, end, stop)
        return at
