"""Header values -> text: RFC 2047 encoded words and RFC 2231 parameters, also in all the broken forms that programs send."""

import base64
import binascii
import re
from itertools import groupby
from urllib.parse import unquote_to_bytes

from chalicelib.charsets import decode

MAX_PIECES = 1000
NO_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
MAX_VALUE = 64 * 1024
WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?(.*?)(?:\?=|\?(?=\s*$)|(?=\s=\?)|\Z)", re.S)
# An invisible or control character in a header is never meant kindly.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")


def text_of(value: bytes, hint: str = "") -> str:
    """A header as one line of text. `hint`: the charset of the mail's text, for bytes that nobody labelled."""
    return one_line(decoded(unlabelled(value, hint)))


def unlabelled(value: bytes, hint: str = "") -> str:
    """The value as characters, encoded words still encoded."""
    value = value[:MAX_VALUE]
    return value.decode("ascii") if value.isascii() else decode(value, hint="" if hint == "ascii" else hint)


def one_line(text: str) -> str:
    return CONTROL.sub("", re.sub(r"\s*[\r\n]+\s*|\t", " ", text)).strip()


def decoded(text: str) -> str:
    """Text with its encoded words decoded. Neighbours in one charset are joined as bytes first, since many programs cut
    letters in two; space between encoded words disappears (RFC 2047 6.2)."""
    if "=?" not in text:
        return text
    out: list[str] = []
    run: list[tuple[str, str, str]] = []
    at = 0
    for word in WORD.finditer(text):
        between = text[at : word.start()]
        if between.strip() or not run:
            out += [*joined(run), between]
            run = []
        run.append((word[1].split("*")[0].lower(), word[2], word[3]))
        at = word.end()
    return "".join([*out, *joined(run), text[at:]])


def joined(run: list[tuple[str, str, str]]) -> list[str]:
    groups: list[tuple[str, bytes]] = []
    for charset, encoding, text in whole_words(run):
        data = word_bytes(encoding, text)
        # iso-2022-* must be decoded word by word, for each begins in ASCII; some programs cut it without leaving its shift
        whole = not charset.startswith("iso-2022") or groups and shifted(groups[-1][1]) and not data.startswith(b"\x1b")
        if groups and groups[-1][0] == charset and whole:
            groups[-1] = charset, groups[-1][1] + data
        else:
            groups.append((charset, data))
    return [decode(data, charset) for charset, data in groups]


def shifted(data: bytes) -> bool:
    """Whether the bytes end in the middle of ISO-2022's two-byte characters."""
    found = re.findall(rb"\x1b(?:\$\(?[@-~]|\([@-~])", data[-2000:])
    return bool(found) and found[-1].startswith(b"\x1b$")


def whole_words(run: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The encoded words, those put together that somebody cut within four characters of base64."""
    whole: list[tuple[str, str, str]] = []
    for charset, encoding, text in run:
        if (
            whole
            and encoding in "bB"
            and whole[-1][:2] == (charset, encoding)
            and len(whole[-1][2]) % 4
            and whole[-1][2][-1] != "="
        ):
            whole[-1] = charset, encoding, whole[-1][2] + text
        else:
            whole.append((charset, encoding, text))
    return whole


def word_bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("latin-1", "ignore") if not text.isascii() else text.encode("ascii")
    if encoding in "qQ":
        raw = re.sub(rb"\r?\n[ \t]*", b"", raw).replace(b"_", b" ")
        return re.sub(rb"=([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), raw)
    return base64_bytes(raw)


def base64_bytes(raw: bytes) -> bytes:
    """Base64 with whatever is no part of it left out, with missing or superfluous padding, or cut off."""
    clean = raw.translate(None, NO_BASE64).rstrip(b"=")
    if 0 < clean.count(b"=") < MAX_PIECES:  # several pieces, each with its own padding
        return b"".join(map(base64_bytes, re.findall(rb"[^=]+=*", clean)))
    clean = clean.replace(b"=", b"")
    clean = clean[:-1] if len(clean) % 4 == 1 else clean
    try:
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))
    except (binascii.Error, ValueError):
        return b""


BEFORE = re.compile(r"\s*[^;\s]*[;\s]*")  # the value itself; some forget the semicolon
PARAMETER = re.compile(
    r"""[;\s]\s*([\w!#$%&+.^`{|}~-]+?)(\*\d{1,4})?(\*)?\s*=\s*+(?:"((?:[^"\\]|\\.)*)"?|([^;\s"]*+(?:[ \t\n]++[^;=\s"]++(?!=))*+))""",
    re.S,
)
UNLABELLED = re.compile(rb"[\x80-\xff](?:.*[\x80-\xff])?[^\"'\s;=.]*", re.S)


def parameters(value: bytes, hint: str = "") -> dict[str, str]:
    """The parameters of Content-Type or Content-Disposition by their names in small letters, decoded: RFC 2231 continuations
    and charsets, RFC 2047 words where they have no business, bare values with spaces, unlabelled 8-bit."""
    text = alone(value[:MAX_VALUE], hint)
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for name, number, extended, quoted, bare in PARAMETER.findall(BEFORE.sub(";", text, count=1)):
        plain = re.sub(r"\\(.)", r"\1", quoted) if quoted and not re.match(r"[A-Za-z]:\\|\\\\", quoted) else quoted
        bare = bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == "'" else bare
        pieces.setdefault(name.lower(), []).append((int(number[1:] or 0), bool(extended), plain or bare))
    return {name: assembled(found) for name, found in pieces.items()}


def alone(value: bytes, hint: str) -> str:
    """The header as characters. Which charset its 8-bit words are in must not be guessed with `attachment` and `pdf` among them."""
    found = UNLABELLED.search(value)
    if found is None:
        return unlabelled(value)
    start = found.start() - len(re.split(rb"[\"'\s;=]", value[: found.start()])[-1])
    return unlabelled(value[:start]) + unlabelled(value[start : found.end()], hint) + unlabelled(value[found.end() :])


def assembled(pieces: list[tuple[int, bool, str]]) -> str:
    """One value from its pieces (number, is it percent-encoded?, text). An extended one wins over a plain one."""
    if len(pieces) > 1 and all(number == 0 for number, _, _ in pieces):
        pieces = [next((piece for piece in pieces if piece[1]), pieces[0])]
    pieces = sorted(pieces)
    if not any(extended for _, extended, _ in pieces):
        return one_line(decoded(re.sub(r"\s*\n\s*", " ", "".join(text for _, _, text in pieces))))
    charset, data = "", b""
    if pieces[0][1] and pieces[0][2].count("'") >= 2:
        charset, _, first = pieces[0][2].split("'", 2)
        pieces[0] = (*pieces[0][:2], first)
    # Neighbours together: many programs cut their pieces in the middle of a %XX
    for extended, run in groupby(pieces, key=lambda piece: piece[1]):
        text = "".join(text for _, _, text in run)
        data += unquote_to_bytes(text) if extended else text.encode()
    return one_line(decoded(decode(data, charset)))


def percent_decoded(name: str) -> str:
    """A file name as some web programs write it: percent-encoded, though only `filename*=` may be (RFC 2231)."""
    coded = re.sub(r"(?i)^utf-8'[a-z-]*'", "", name)
    try:
        plain = unquote_to_bytes(coded).decode("utf-8")
    except UnicodeDecodeError:
        return name
    return name if plain.isascii() and coded == name else plain
