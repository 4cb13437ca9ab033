"""Content-Transfer-Encoding undone, as far as the bytes allow."""

import binascii
import re

from chalicelib.mail_words import base64_bytes


def decoded(payload: bytes, encoding: bytes) -> bytes:
    """The bytes behind base64, quoted-printable or uuencode; anything else is as it stands."""
    name = re.sub(rb"[^a-z0-9-]", b"", encoding.lower().split(b";")[0])
    if name in (b"base64", b"base-64", b"b", b"b64"):
        return from_base64(payload)
    if name in (b"quoted-printable", b"quotedprintable", b"quoted-printeable", b"qp", b"quoted"):
        return binascii.a2b_qp(SOFT_BREAK.sub(b"", payload) if b"= " in payload or b"=\t" in payload else payload)
    if name in (b"x-uuencode", b"uuencode", b"x-uue", b"uue"):
        return from_uuencode(payload)
    return payload


def from_base64(payload: bytes) -> bytes:
    """Strictly where that works (fast), else leniently; text that is no base64 at all stays."""
    try:
        return binascii.a2b_base64(payload.translate(None, b"\r\n \t"), strict_mode=True)
    except (binascii.Error, ValueError):
        pass
    foreign = len(payload.translate(None, ALPHABET))
    # A list's footer or a scanner's note below the encoded text belongs to no alphabet
    found = re.match(rb"\s*+(?:[A-Za-z0-9+/=]++[ \t\r]*+(?:\n\s*+|\Z))++", payload)
    if found and base64_above(found[0], payload[found.end() :]):
        return base64_bytes(found[0]) or payload
    return payload if foreign * 50 > len(payload) else base64_bytes(payload) or payload


def base64_above(run: bytes, below: bytes) -> bool:
    """Whether the lines are all of the base64: padded, or whole groups that no language would spell, and an empty line below
    them or lines as encoders wrap them."""
    if run.rstrip().endswith(b"="):
        return True
    joined = b"".join(run.split())
    coded = len(joined) >= 16 and all(re.search(kind, joined) for kind in (rb"[a-z]", rb"[A-Z]", rb"[0-9+/]"))
    more = re.search(rb"(?m)^[A-Za-z0-9+/]{20,}=*\s*$", below)
    apart = re.search(rb"\n[ \t\r]*\n\s*\Z", run) is not None or wrapped(run.split())
    return coded and len(joined) % 4 == 0 and apart and not more


def wrapped(lines: list[bytes]) -> bool:
    """Whether they are equally long, but for the last one, and longer than words."""
    length = len(lines[0])
    return length >= 60 and all(len(line) == length for line in lines[:-1]) and len(lines[-1]) <= length


ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"
SOFT_BREAK = re.compile(rb"=[ \t]+\r?\n")  # with the space that some machine added behind it
BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]+?)[ \t]*\r?\n", re.M)


def from_uuencode(payload: bytes) -> bytes:
    found = BEGIN.search(payload)
    return uu_lines(payload[found.end() :] if found else payload)


def uu_lines(payload: bytes) -> bytes:
    """The bytes of uuencoded lines, up to `end`."""
    out = []
    for line in payload.splitlines():
        if line.strip() in (b"end", b"`"):
            break
        if not line:
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            out.append(uu_line(line))
    return b"".join(out)


def uu_line(line: bytes) -> bytes:
    """A line that is longer or shorter than it says, or has characters of no alphabet."""
    length = (line[0] - 32) & 63
    coded = bytes(char if 32 <= char <= 96 else 32 for char in line[1:])[: (length * 4 + 2) // 3]
    return binascii.a2b_uu(bytes([32 + length]) + coded.ljust((length + 2) // 3 * 4))


def uuencoded_files(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The files uuencoded within a text, as (name, content), and the text without them."""
    if "\nbegin " not in "\n" + text[:20] and "\nbegin " not in text:
        return text, []
    files: list[tuple[str, bytes]] = []

    def take(found: re.Match[str]) -> str:
        try:
            content = uu_lines(found[2].encode("latin-1", "replace"))
        except (binascii.Error, ValueError, IndexError):
            return found[0]
        files.append((found[1].strip(), content))
        return ""

    text = re.sub(
        r"^begin [0-7]{3,4} ([^\r\n]+)\r?\n((?:[ -`]{1,90}\r?\n)+?)(?:`?[ \t]*\r?\n)?end[ \t]*(?:\r?\n|\Z)",
        take,
        text,
        flags=re.M,
    )
    return text, files
