"""Which language a letter is in, as far as its letters tell: Russian, English, or unknown."""

import re

from chalicelib.threads import GOES_ON

ENGLISH = frozenset(
    "the and to of is in it you that for on with have my not are this was be please can your we hello hi thanks what how".split()
)
NOT_RUSSIAN = re.compile("[іїєґўђјљњћџѓќѕәғқңөұүһ]", re.I)


def of(text: str, subject: str = "") -> str | None:
    """`ru`, `en`, or None where it cannot be told; judged by the first 4,000 letters of what the sender wrote himself. The
    subject of an answer is another's, and counts only where the text tells nothing."""
    own = told(text) if GOES_ON.match(subject) else None
    return own or told(subject + "\n" + text)


def told(text: str) -> str | None:
    sample = " ".join(word for word in text[:4000].split() if "@" not in word and "://" not in word)
    cyrillic = len(re.findall(r"[а-яё]", sample, re.I))
    latin = len(re.findall(r"[a-z]", sample, re.I))
    if cyrillic > 3 and cyrillic * 2 > latin:
        return None if len(NOT_RUSSIAN.findall(sample)) * 50 > cyrillic else "ru"
    if re.search(r"[^\W\d_a-zà-ɏА-Яа-яё]", sample, re.I) and latin < 20:
        return None
    words = re.findall(r"[^\W\d_]+", sample.lower())
    common = sum(word in ENGLISH for word in words)
    return "en" if common >= 2 and common * 12 >= len(words) or common == 1 and len(words) <= 6 else None
