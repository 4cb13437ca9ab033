"""Which language a letter is in, as far as its letters tell: Russian, English, or unknown."""

import re

from chalicelib.threads import GOES_ON

MOST, LAST = 4000, 600  # letters that are looked at, and how many of these come from the end
ENGLISH = frozenset(
    "the and to of is in it you that for on with have my not are this was be please can your we hello hi thanks what how".split()
)
# Words of a person, which logs and quoted messages of programs hardly have
PERSONAL = frozenset("i my me hello hi hey dear thanks thank regards our us morning afternoon evening cheers".split())
# What a line may have with a capital and be no name
RUSSIAN = frozenset(
    "привет здравствуйте помогите подскажите посмотрите проверьте исправьте спасибо ошибка ошибки срочно лог логи вот сломалось почините глюк баг"
    " разберитесь объясните добрый доброе пожалуйста внимание проблема вопрос опять снова".split()
)
NOT_RUSSIAN = re.compile("[іїєґўђјљњћџѓќѕәғқңөұүһ]", re.I)


def of(text: str, subject: str = "") -> str | None:
    """`ru`, `en`, or None where it cannot be told; judged by the first and last of what the sender wrote himself. The
    subject of an answer is another's, and counts only where the text tells nothing."""
    own = told(text) if GOES_ON.match(subject) else None
    return own or told(subject + "\n" + text)


def told(text: str) -> str | None:
    text = text if len(text) <= MOST else f"{text[: MOST - LAST]}\n{text[-LAST:]}"
    sample = " ".join(word for word in text.split() if "@" not in word and "://" not in word)
    cyrillic = len(re.findall(r"[а-яё]", sample, re.I))
    latin = len(re.findall(r"[a-z]", sample, re.I))
    words = re.findall(r"[^\W\d_]+", sample.lower())
    common = sum(word in ENGLISH for word in words)
    mostly = cyrillic * 2 > latin and (cyrillic > latin or not common or has_words(sample))
    if cyrillic > 3 and (mostly or russian_around(text)):
        return None if len(NOT_RUSSIAN.findall(sample)) * 50 > cyrillic else "ru"
    if re.search(r"[^\W\d_a-zà-ɏА-Яа-яё]", sample, re.I) and latin < 20:
        return None
    return "en" if common >= 2 and common * 12 >= len(words) or common == 1 and len(words) <= 6 else None


def russian_around(text: str) -> bool:
    """Whether a line or two of Russian stand above or below what a program has said in English, in which no person speaks."""
    lines = text.splitlines()
    own = [bool(re.search(r"[а-яё]", line, re.I)) for line in lines]
    told = (
        word for line, his in zip(lines, own, strict=True) if not his for word in re.findall(r"[\w']+", line.lower())
    )
    speaks = any(his and is_russian(line) for line, his in zip(lines, own, strict=True))
    return speaks and not any(word in PERSONAL for word in told)


def is_russian(line: str) -> bool:
    cyrillic, latin = (len(re.findall(letters, line, re.I)) for letters in ("[а-яё]", "[a-z]"))
    return cyrillic * 2 > latin and has_words(line)


def has_words(text: str) -> bool:
    """Whether there is more in Russian than names."""
    words = re.findall(r"[А-Яа-яЁё]{2,}", text)
    return any(word[0].islower() or word.lower() in RUSSIAN for word in words)
