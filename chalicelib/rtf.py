"""Outlook's compressed RTF (MS-OXRTFCP) and the text in it, or the HTML that it was made from (MS-OXRTFEX)."""

import re
import struct

from chalicelib.charsets import decode

MAX_RTF = 10 * 1024 * 1024
DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArial"
    b"Times New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
# Groups whose content is not shown
SILENT = {
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "themedata",
    "generator",
    "listtable",
    "rsidtbl",
    "xmlnstbl",
    "header",
    "footer",
    "latentstyles",
    "datastore",
    "listoverridetable",
}
SPECIAL = {
    "par": "\n",
    "line": "\n",
    "tab": "\t",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "cell": "\t",
    "row": "\n",
    "~": "\xa0",
    "_": "-",
}
TOKEN = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)")


def decompressed(data: bytes) -> bytes:
    """The RTF behind PR_RTF_COMPRESSED; empty where it is none."""
    if len(data) < 16:
        return b""
    size, kind = struct.unpack_from("<I4s", data, 4)
    if kind == b"MELA":
        return data[16 : 16 + size]
    return unpacked(data, min(size, MAX_RTF)) if kind == b"LZFu" else b""


def unpacked(data: bytes, size: int) -> bytes:
    """LZ77 with a window of 4 KB that begins filled with DICTIONARY; eight items to a flag byte."""
    window = bytearray(DICTIONARY.ljust(4096, b"\0"))
    out, write, at = bytearray(), len(DICTIONARY), 16
    while at < len(data) and len(out) < size:
        flags, at = data[at], at + 1
        for bit in range(8):
            if not flags >> bit & 1:
                piece, at = data[at : at + 1], at + 1
            elif at + 1 < len(data):
                offset, length = data[at] << 4 | data[at + 1] >> 4, (data[at + 1] & 15) + 2
                at += 2
                if offset == write:
                    return bytes(out)
                piece = copied(window, offset, length, write)
            else:
                return bytes(out)
            for byte in piece:
                window[write] = byte
                write = (write + 1) % 4096
            out += piece
    return bytes(out)


def copied(window: bytearray, offset: int, length: int, write: int) -> bytes:
    """A run from the window, which may overlap what it writes."""
    run = bytearray()
    for step in range(length):
        source = (offset + step) % 4096
        behind = (source - write) % 4096
        run.append(run[behind] if behind < len(run) else window[source])
    return bytes(run)


def text_of(compressed: bytes) -> str:
    """The text (or the HTML source, see html_of) in compressed RTF."""
    return shown(decompressed(compressed), html=False)


def html_of(compressed: bytes) -> str:
    """The HTML that Outlook turned into this RTF; empty where it was none."""
    rtf = decompressed(compressed)
    return shown(rtf, html=True) if b"\\fromhtml1" in rtf[:400] else ""


def shown(rtf: bytes, html: bool) -> str:
    """The characters that one would see. With `html`: the tags of \\*\\htmltag groups too, but nothing that is \\htmlrtf."""
    reader = Reader(html)
    for token in TOKEN.finditer(rtf.decode("latin-1")):
        reader.take(token)
    return reader.text()


class Reader:
    """Groups nest: each remembers whether it is silent, whether \\htmlrtf is on, and how many characters follow a \\u."""

    def __init__(self, html: bool) -> None:
        self.html = html
        self.codepage = "cp1252"
        self.out: list[str] = []
        self.bytes = bytearray()
        self.stack: list[tuple[bool, bool, int]] = []
        self.silent, self.html_off, self.after_unicode = False, False, 1
        self.skip, self.starred = 0, False

    def take(self, token: re.Match[str]) -> None:
        word, number, code, symbol, brace, text = token.groups()
        if brace == "{" and len(self.stack) < 10_000:
            self.stack.append((self.silent, self.html_off, self.after_unicode))
        elif brace == "}" and self.stack:
            self.silent, self.html_off, self.after_unicode = self.stack.pop()
        elif code:
            self.byte(int(code, 16))
        elif symbol == "*":
            self.starred = True
        elif symbol:
            self.say(SPECIAL.get(symbol, symbol if symbol in "\\{}" else ""))
        elif word:
            self.word(word, number)
        elif text:
            cut = min(self.skip, len(text))
            self.skip -= cut
            self.say(text[cut:])

    def word(self, word: str, number: str | None) -> None:
        starred, self.starred = self.starred, False
        if word == "htmltag" and self.html:
            self.silent = False
        elif starred or word in SILENT:
            self.silent = True
        elif word == "htmlrtf":
            self.html_off = number != "0"
        elif word == "ansicpg" and number:
            self.codepage = f"cp{number}"
        elif word == "uc" and number:
            self.after_unicode = int(number)
        elif word == "u" and number:
            self.say(chr(int(number) % 65536))
            self.skip = self.after_unicode
        else:
            self.say(SPECIAL.get(word, ""))

    def visible(self) -> bool:
        return not self.silent and not (self.html and self.html_off)

    def byte(self, value: int) -> None:
        if self.skip:
            self.skip -= 1
        elif self.visible():
            self.bytes.append(value)

    def say(self, text: str) -> None:
        if text and self.visible():
            self.flush()
            self.out.append(text)

    def flush(self) -> None:
        if self.bytes:
            self.out.append(decode(bytes(self.bytes), self.codepage))
            self.bytes.clear()

    def text(self) -> str:
        self.flush()
        joined = "".join(self.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return joined.strip("\n\x00")
