"""Which charset bytes are really in, by the look of their letters: for text without a label, and for labels that lie. Pure.

Single-byte charsets fit any bytes, so nothing but the language in them can tell them apart.
"""

import re
from collections import Counter
from functools import lru_cache

GUESS_FROM = 64 * 1024
ENOUGH = 16  # letters beyond ASCII that it takes to doubt a label
HIGH = bytes(range(128, 256))
CYRILLIC = ("cp1251", "koi8_u", "cp866", "iso8859_5", "mac_cyrillic")  # KOI8-U has all letters of KOI8-R
WESTERN = {"cp1252", "cp1254", "iso8859-15", "iso8859-2", "iso8859-4", "cp850", "cp437", "mac-roman"}
# How often each letter comes in Russian, in per mille
OFTEN = {
    letter: int(count)
    for letter, count in re.findall(
        r"(\w)(\d+)",
        "о110 е85 а80 и74 н67 т63 с55 р47 в45 л43 к35 м32 д30 п28 у26 я20 ы19 ь17 г17 з16 б16 ч14 й12 х10 ж9 ш7 ю6 ц5 щ4 э3 ф3 ё25 і30 ї6 є5 ў6",
    )
}
# Russian has 55 to 60 by this measure, its letters in any other order 30; a word or two may have rare letters only.
LIKE_RUSSIAN, LIKE_A_WORD = 42, 20
FEW = 20  # letters beyond ASCII: a word or two
ODD = 40  # what a word of odd letters, small and capital, counts against a charset; one in capitals alone counts an eighth


def by_letters(data: bytes) -> str:
    """A codec for unlabelled 8-bit text: the Cyrillic ones by the commonest letters, others by charset-normalizer."""
    data = data[:GUESS_FROM]
    if best := russian(data):
        return best
    if chinese(data):
        return "gb18030"
    return foreign(data) if high_bytes(data) > FEW else a_word(data) or "cp1252"


def meant(data: bytes, codec: str) -> str:
    """The codec that text labelled `codec` is really in: many programs write one Cyrillic charset and name another, or
    write their system's and name the Western one that they were made with."""
    data = data[:GUESS_FROM]
    western = codec in WESTERN
    if not western and codec.replace("-", "_") not in (*CYRILLIC, "koi8_r") or high_bytes(data) < ENOUGH:
        return codec
    best = russian(data)
    if best and plainly(data, best, codec):
        return best
    if western and chinese(data):
        return "gb18030"
    return "cp932" if western and japanese(data) else codec


def plainly(data: bytes, best: str, codec: str) -> bool:
    """Whether the text is so much better Russian in the one charset than in the one that it is said to be in."""
    counts = Counter(data)
    better = likeness(counts, best) / max(likeness(counts, codec), 1)
    return better > 1.4 or better > 1.15 and odd_capitals(data, best) < odd_capitals(data, codec)


def high_bytes(data: bytes) -> int:
    return len(data) - len(data.translate(None, HIGH))


def russian(data: bytes, least: int = LIKE_RUSSIAN) -> str | None:
    """The charset in which the bytes are Russian; None where they are in none, or have accented letters instead of words."""
    high = high_bytes(data)
    words = b" ".join(re.findall(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*", data))
    if high <= 3 * len(re.findall(rb"[A-Za-z]", words)) or not re.search(rb"[\x80-\xff]{2}", words):
        return None
    counts = Counter(data)
    best = max(CYRILLIC, key=lambda codec: likeness(counts, codec) - odd_words(data, codec))
    # The Mac's small letters are those of Windows, and each has quotes and dashes where the other has capitals.
    if best in ("cp1251", "mac_cyrillic"):
        best = "mac_cyrillic" if capitalised(data, "mac_cyrillic") > capitalised(data, "cp1251") else "cp1251"
    return best if likeness(counts, best) > least else None


def a_word(data: bytes) -> str | None:
    """The same for a word or two, which no Western language writes without letters of ASCII."""
    return russian(data, LIKE_A_WORD) if high_bytes(data) > len(re.findall(rb"[A-Za-z]", data)) else None


def likeness(counts: Counter[int], codec: str) -> float:
    """How much the bytes beyond ASCII are like Russian in that codec: the mean of how often such letters come."""
    worth = weights(codec)
    high = sum(count for byte, count in counts.items() if byte > 127)
    return sum(worth[byte - 128] * count for byte, count in counts.items() if byte > 127) / max(high, 1)


@lru_cache(maxsize=32)
def weights(codec: str) -> tuple[int, ...]:
    """For each byte from 128 on what it counts in that codec; signs of print are neutral, other letters count against."""
    return tuple(weight(bytes([byte]).decode(codec, "replace")) for byte in range(128, 256))


def weight(char: str) -> int:
    if char in "№«»—–…“”„’\xa0":
        return 40
    return OFTEN.get(char.lower(), 1 if char in "ъЪ" else -30)


def odd_words(data: bytes, codec: str) -> float:
    """What the capitals say against the codec: letters of KOI8 are those of Windows with small and capital ones exchanged."""
    words = re.findall(r"[а-яёА-ЯЁ]{2,}", data.decode(codec, "replace"))
    odd = sum(ODD for word in words if re.search(r"[а-яё][А-ЯЁ]", word))
    shouted = sum(ODD / 8 for word in words if word.isupper())
    return (odd + shouted) / max(len(words), 1)


def odd_capitals(data: bytes, codec: str) -> int:
    """How many capitals stand within words, as in letters of KOI8 read in a Windows charset."""
    return len(re.findall(r"[а-яё][А-ЯЁ]", data.decode(codec, "replace")))


def capitalised(data: bytes, codec: str) -> int:
    """How many words begin with a capital, and how many rather have one within."""
    return len(re.findall(r"(?<!\w)[А-ЯЁ][а-яё]", data.decode(codec, "replace"))) - 2 * odd_capitals(data, codec)


def chinese(data: bytes) -> bool:
    """Whether all high bytes stand in pairs that are common characters of GB 2312 (rows 0xB0 to 0xD7 and punctuation)."""
    runs = re.findall(rb"[\x80-\xff]+", data)
    pairs = sum(len(run) for run in runs) // 2
    common = sum(0xB0 <= run[at] <= 0xD7 or run[at] in (0xA1, 0xA3) for run in runs for at in range(0, len(run), 2))
    return pairs >= 4 and all(len(run) % 2 == 0 and min(run) >= 0xA1 for run in runs) and common > 0.9 * pairs


def japanese(data: bytes) -> bool:
    """Whether the bytes are Shift_JIS with at least as many kana as a sentence has."""
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        return False
    kana = len(re.findall(r"[\u3041-\u30fc]", text))
    return kana >= 6 and kana * 4 >= len(re.findall(r"[^\x00-\x7f]", text))


def foreign(data: bytes) -> str:
    from charset_normalizer import from_bytes  # 36 ms to import, and hardly ever needed

    best = from_bytes(data).best()
    return best.encoding if best and not best.encoding.startswith("utf") else "cp1252"
