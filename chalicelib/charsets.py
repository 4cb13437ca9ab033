"""Bytes -> text, whatever the label says: labels are often missing, misspelt or plainly wrong."""

import codecs
import re
from functools import lru_cache

from chalicelib.charset_guess import GUESS_FROM, by_letters, meant

# What people write where Python knows no such charset.
MEANT = dict(
    pair.split()
    for pair in """
    x-gbk gb18030|gb-2312-80 gb18030|hz-gb-2312 hz|iso-88591 cp1252|8859-1 cp1252|ansi-x3.110-1983 cp1252|iso-8859-1utf cp1252
    tis-620 cp874|ks-c-5601-1987 cp949|ks-c-5601 cp949|ks-c-5601-1989 cp949|korean cp949|windows-949 cp949|iso-8859-8-i iso8859-8
    iso-8859-8-e iso8859-8|iso-8859-6-i iso8859-6|x-sjis cp932|sjis cp932|windows-31j cp932|iso-2022-jp-ms iso2022_jp
    cp50220 iso2022_jp|cp50221 iso2022_jp|cp50222 iso2022_jp|big-5 cp950|x-x-big5 cp950|utf8mb4 utf-8|65001 utf-8
    unicode-1-1-utf-8 utf-8|unicode-1-1-utf-7 utf-7|unicode-2-0-utf-7 utf-7|unicode utf-16|iso-10646-ucs-2 utf-16|ucs-2 utf-16
    mac-cyrillic mac_cyrillic|mac-roman mac_roman|mac mac_roman|macintosh mac_roman|mac-ce mac_latin2|koi8 koi8_r|koi koi8_r
    koi8r koi8_r|koi8-ru koi8_u|iso-ir-111 koi8_r|dos-866 cp866|latin-9 iso8859-15|dos-862 cp862
    """.replace("|", "\n")
    .strip()
    .splitlines()
)
# A charset that has the same characters in the same places, and more, since senders mix the two up.
LARGER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "cp950",
    "iso2022_jp": "iso2022_jp_ext",
    "iso2022_jp_1": "iso2022_jp_ext",
    "iso2022_jp_2": "iso2022_jp_ext",
}
WINDOWS = {
    "iso8859-2": "cp1250",
    "iso8859-4": "cp1257",
    "iso8859-7": "cp1253",
    "iso8859-8": "cp1255",
    "iso8859-6": "cp1256",
    "iso8859-13": "cp1257",
    "iso8859-15": "cp1252",
}
ISO_CONTROLS = bytes({*range(0x80, 0xA0)} - {0x85})
MARKS = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16; no other text begins so
NO_CHARSETS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
SINGLE_BYTE = re.compile(r"cp125\d|cp874|cp866|cp850|iso8859|koi8|mac")
MAX_TEXT = 10 * 1024 * 1024


def decode(data: bytes, label: str = "", hint: str = "") -> str:
    """The text that `data` is. `label`: the declared charset; `hint`: one that the rest of the mail is in. Never fails."""
    data = data[:MAX_TEXT]
    codec = "utf-16" if data[:2] in MARKS and data[2:4] != b"\0\0" else codec_of(label)
    return (guess(data, hint) if codec is None else labelled(data, codec, hint)).removeprefix("\ufeff")


def labelled(data: bytes, codec: str, hint: str) -> str:
    if codec == "utf-16" and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        codec = "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"
    if (SINGLE_BYTE.match(codec) or len(data) > 60) and not data.isascii() and is_utf8(data):
        return data.decode("utf-8")  # valid UTF-8 with letters beyond ASCII is hardly ever an accident
    codec = meant(data, siblings(data, codec))
    try:
        return str(data.decode(codec))
    except (UnicodeError, ValueError):
        return damaged(data, codec, hint)


def siblings(data: bytes, codec: str) -> str:
    """Windows' charset instead of ISO's where bytes are used that ISO leaves to control characters: its quotes and dashes."""
    sibling = WINDOWS.get(codec)
    return sibling if sibling and len(data) != len(data.translate(None, ISO_CONTROLS)) else codec


@lru_cache(maxsize=256)
def codec_of(label: str) -> str | None:
    """Python's name for a charset label, None where the label says nothing."""
    label = re.sub(r"[\s\"'<>;]+", "", label).lower().removeprefix("charset=").split(":")[0].replace("_", "-")
    plain = label.removeprefix("x-")
    for name in (
        label,
        plain,
        plain.removeprefix("cs"),
        re.sub(r"^(windows|win|ibm|cp)-?", "cp", plain),
        label.replace("-", "_"),
    ):
        codec = known(MEANT.get(name, name))
        if codec is not None:
            return None if codec == "ascii" else LARGER.get(codec, codec)
    return None


def known(name: str) -> str | None:
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    # base64, zip, rot13, ... are codecs too, but no charsets
    return (
        info.name
        if getattr(info, "_is_text_encoding", False) and info.name.replace("-", "_") not in NO_CHARSETS
        else None
    )


def damaged(data: bytes, codec: str, hint: str) -> str:
    """Bytes that are not what their label says: with a few errors still that, else a guess."""
    if codec in ("cp1252", "cp1254"):
        return data.decode(codec, "latin1_rest")
    if codec == "iso2022_jp_ext":
        return japanese(data)
    text = data.decode(codec, "replace") if codec not in ("utf-7",) else data.decode("utf-8", "replace")
    errors = text.count("\ufffd")
    if errors * (3 if codec == "utf-8" else 20) <= len(re.findall(r"[^\x00-\x7f\ufffd]", text)) or codec.startswith(
        "iso2022"
    ):
        return text
    other = guess(data, hint)
    return other if other.count("\ufffd") < errors else text


def japanese(data: bytes) -> str:
    """What calls itself ISO-2022-JP but is not quite: Shift_JIS in disguise, or with the characters that NEC and Microsoft
    added (circled digits, ...), which Python's codec does not know but its cp932 does."""
    for codec in () if data.isascii() else ("utf-8", "euc_jp", "cp932"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    if not data.isascii():
        return data.decode("cp932", "replace")
    out, double = [], False
    for piece in re.split(rb"(\x1b[$(][@-~]|\x1b\$\([@-~])", data):
        if piece.startswith(b"\x1b"):
            double = piece[1:2] == b"$"
        elif double:
            out.append(
                b"".join(shifted(piece[at], piece[at + 1]) for at in range(0, len(piece) - 1, 2)).decode(
                    "cp932", "replace"
                )
            )
        else:
            out.append(piece.decode("ascii", "replace"))
    return "".join(out)


def shifted(high: int, low: int) -> bytes:
    """A JIS X 0208 code as Shift_JIS has it."""
    row, odd = (high - 0x21) // 2, (high - 0x21) % 2 == 0
    lead = row + (0x81 if row < 0x1F else 0xC1)
    trail = low + (0x1F if low < 0x60 else 0x20) if odd else low + 0x7E
    return bytes((lead & 0xFF, trail & 0xFF))


def guess(data: bytes, hint: str = "") -> str:
    """Text without a (sensible) label: UTF-8, then what the rest of the mail is in, then by the look of its letters."""
    if b"\x1b$" in data or b"\x1b(" in data:
        try:
            return data.decode("iso2022_jp_ext")
        except (UnicodeError, ValueError):
            pass
    if is_utf8(data):
        return data.decode("utf-8")
    codec = codec_of(hint) or "cp1252"
    if codec not in ("utf-8", "cp1252", "cp1254", "iso8859-15"):  # those fit anything, so they prove nothing
        for likely in (codec, "cp932" if codec == "iso2022_jp_ext" else codec):
            try:
                return str(data.decode(likely))
            except (UnicodeError, ValueError):
                pass
    if mostly_utf8(data):
        return data.decode("utf-8", "replace")
    return data.decode(by_letters(data), "latin1_rest")


def is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(data) - 3 and len(data) >= MAX_TEXT  # cut by ourselves
    return True


def mostly_utf8(data: bytes) -> bool:
    text = data[:GUESS_FROM].decode("utf-8", "replace")
    return text.count("\ufffd") * 5 < len(re.findall(r"[^\x00-\x7f\ufffd]", text))


def latin1_rest(error: UnicodeError) -> tuple[str, int]:
    """Error handler: the bytes that a Windows charset leaves undefined are shown as ISO 8859-1 has them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("latin1_rest", latin1_rest)
