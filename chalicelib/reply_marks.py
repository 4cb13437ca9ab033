"""The lines that announce a quote: "On ... wrote:", header blocks, "-----Original Message-----", "reply above this line".

Each function takes the lines and an index and looks at a handful of lines from there, so that a whole mail takes linear time.
"""

import re
from collections.abc import Sequence

from chalicelib import reply_words as words
from chalicelib.lazily import Lazily

LONGEST = 600  # characters of a line that are looked at
WINDOW = 4  # lines that a wrapped attribution may take
BLOCK = 16  # lines that a header block may take


def either(*tables: str) -> str:
    """An alternative of all the words in these tables, the longest first."""
    found = {word for table in tables for word in table.split("|") if word}
    return "(?:" + "|".join(map(re.escape, sorted(found, key=lambda word: (-len(word), word)))) + ")"


LAST = Lazily(
    rf"(?<!\w){either(*words.LAST_VERBS.values())}\s*[:：]?[\s*_>-]*\Z|(?:写道|寫道|のメール|のメッセージ|は書きました|が書きました|님이 작성)\s*[:：]?\s*\Z",
    re.I,
)
MIDDLE = Lazily(rf"(?<!\w){either(*words.MIDDLE_VERBS.values())}(?!\w)", re.I)
NAME_FIRST = Lazily(
    rf"@[^<>]{{2,200}}[>)]\s*,?\s*{either(*words.LAST_VERBS.values(), *words.MIDDLE_VERBS.values())}(?!\w)[^\n]{{0,60}}[:：]\s*\Z",
    re.I,
)
QUOTING = Lazily(rf"\W*{either(words.QUOTING)}(?!\w)[^\n]{{0,250}}[:：]\s*\Z", re.I)
VERB_AND_TIME = Lazily(
    rf"(?<!\w){either(*words.LAST_VERBS.values(), *words.MIDDLE_VERBS.values())} (?:\w{{1,4}} )?\d{{1,4}}[./-][^\n]{{3,30}}\d[:.]\d\d[^\n]{{0,20}}[:：]\s*\Z",
    re.I,
)
HIDDEN = Lazily(rf"\s*\[{either(words.HIDDEN)}\]\s*\Z", re.I)
OPENER = Lazily(rf"[\s*_\"'-]*{either(*words.OPENERS.values())}(?![\w:])|[\s*_-]*[在于於]", re.I)
MYSELF = Lazily(rf"\b{either(words.FIRST_PERSON)}\b", re.I)
DAY = Lazily(rf"[\s*_\"'(-]*{either(words.DAYS.replace(' ', '|'), words.MONTHS.replace(' ', '|'))}(?!\w)\.?,?", re.I)
DATE = Lazily(
    r"\d{1,2}[:.h]\d{2}|\b(?:19|20)\d\d\b|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,4}\s*年|\d{1,2}\s*月|\d{1,2}[-. ]\w{3,9}[-. ,]{1,2}\d{2,4}"
)
TIME = Lazily(r"\d[:h时時]\s?\d\d|(?<![\d.])\d{1,2}\.\d\d(?![.\d])")
ADDRESS = Lazily(r"[^\s<>@]@[^\s<>@]|<[^<>]*>|<\s*\Z|\[mailto:", re.I)
CLOSED = Lazily(r"[>)\]\"][*: ：_]*\Z")
ENDS = Lazily(r"[:：][\s*_>-]*\Z")
MARKS = tuple("-_=*~#—–‐‑>")
# Nobody's program says so of its correspondents
TOLD_BY_HAND = Lazily(
    r"\b(?:ваш\w{0,3}|наш\w{0,3}|мне|нам|в (?:письме|чате|ответе)|оператор|менеджер|инженер|your|our|to me|(?:in|by) (?:the )?(?:chat|mail)|colleague)\b",
    re.I,
)
# The time to the second first, as programs write what has happened: no mail program begins an attribution so
LOGGED = Lazily(
    r"\W{0,3}(?:\d{4}[-/.]\d\d[-/.]\d\d[T ]|\d\d[-/.]\d\d[-/.]\d{4},? |[A-Z][a-z]{2} [ \d]\d )\d\d:\d\d:\d\d(?!\S* (?:GMT|UTC|[+-]\d{4}))"
)
INITIALS = Lazily(r"[ \t]{0,3}(?:[A-Z]{1,4}|[А-ЯЁ]{1,4})>")
RULE = Lazily(r"[\s>*|]*([-_=*~#+—–‐‑]\s?){2,}[\s*]*\Z")
TELLING = Lazily(r"[\d@<:：]|-----")  # an attribution without any of these in its first line is none
ORIGINAL = Lazily(
    rf"\s*[-_=*~#—–‐‑]{{2,}}\s*{either(words.ORIGINALS)}\s*[:：]?(?:[\s*_=~#—–‐‑-]*\Z|\s+[-_=~#—–‐‑]{{2,}})", re.I
)
BEGIN = Lazily(rf"\W*{either(words.BEGIN_FORWARD, words.ORIGINALS)}\s*[:：]\s*\Z", re.I)
ABOVE = Lazily(either(words.ABOVE), re.I)
PREVIOUS = Lazily(rf"[\W_]*{either(words.PREVIOUS)}[\W_]*\Z", re.I)
DASHED_ON = Lazily(r"\s*[-_=]{3,}\s*\w+[\s,.]+(?=[^\n]*\d)[^\n]{4,200}[-_=]{3,}\s*\Z")

FIELDS = (
    "(?:" + "|".join(f"(?P<{kind.replace('-', '_')}>{either(table)})" for kind, table in words.HEADERS.items()) + ")"
)
FIELD = Lazily(rf"[\s*_>|]*{FIELDS}[\s*_\xa0]*[:：](?![/\\])", re.I)
FORM = Lazily(r"\s*(?:сообщение|текст сообщения|комментари[йи]|телефон|имя|message|comments?|phone|name)\s*[:：]", re.I)
INNER_FIELD = Lazily(rf"(?<!\w){FIELDS}\*?\s?[:：](?![/\\])", re.I)


def blank(line: str) -> bool:
    return not line.strip(" \t\r\xa0\u200b\u200e\ufeff\u1427")


def quoted(line: str) -> bool:
    """Whether the line is a quote by its own mark; an arrow around something (>>> look <<<) is none."""
    found = re.match(r"[ \t]{0,3}(?:>|&gt;)(?![_:;]\S?\s*\Z)", line[:20])
    return bool(found) and not line[:LONGEST].rstrip().endswith("<<")


def attribution(lines: Sequence[str], at: int, followed: bool | None = None) -> int:
    """How many lines the "On ... wrote:" takes that begins here; 0: none does. `followed`: a marked quote comes next
    (None: look for yourself)."""
    first = lines[at][:LONGEST]
    if not TELLING.search(first) or quoted(first):
        return 0
    text = ""
    for count, line in enumerate(lines[at : at + WINDOW], start=1):
        if blank(line) or (count > 1 and quoted(line) and not re.match(r">\s*[:,]", line)) or len(line) > LONGEST:
            return 0
        text = f"{text} {line.strip()}".strip()
        if count == 2 and not may_wrap(first, text):
            return 0
        quote = quote_follows(lines, at + count) if followed is None else followed
        if announces(text, quote):
            return count
    return 0


def may_wrap(first: str, both: str) -> bool:
    """Whether the attribution may go on in the next line: the first one begins like one and ends no sentence."""
    if first.rstrip().endswith(("?", "!", ":", "：")):
        return False
    if re.search(r"<[^<>]*\Z", first) or DAY.match(first) or re.match(r"[\s*_\"'-]*\d", first):
        return True
    start = OPENER.match(first)
    return bool(
        start
        and re.search(r"\d", first)
        or re.match(r"[^<>]{2,60}\s<[^<>\s]+@", both)
        and len(both) - len(first) > 0
        and "<" not in first
    )


def quote_follows(lines: Sequence[str], at: int) -> bool:
    """Whether the next line that says something is a marked quote."""
    following = next_said(lines, at)
    return quoted(following) or bool(mark_of(following))


def mark_of(line: str) -> str:
    """By which mark the line is quoted, where it is one only below an announcement: a bar, or initials as in The Bat!: `ПД> `."""
    return "|" if line.startswith("|") else "initials" if INITIALS.match(line) else ""


def next_said(lines: Sequence[str], at: int) -> str:
    return next((line for line in lines[at : at + 6] if not blank(line)), "")


def announces(text: str, followed: bool) -> bool:
    """Whether these words say who wrote what comes next. Without a quote mark below they must be unmistakable."""
    if not followed and not ENDS.search(text) and not text.endswith(("-", "*")):
        return False
    dated, addressed, ends = bool(DATE.search(text)), bool(ADDRESS.search(text)), bool(ENDS.search(text))
    begins = bool(OPENER.match(text) or DAY.match(text) or re.match(r"[\s*_\"'(-]*\d", text))
    if followed and announces_marked(text, dated, addressed, ends, begins):
        return True
    if addressed or dated and begins:
        last = LAST.search(text)
        if last and (ends or text.endswith(("-", "*"))) and not by_myself(text, last.start()):
            return True
    if not ends or not (dated or addressed):
        return False
    return said_in_another_order(text, dated, begins) or dated and addressed and begins and bool(CLOSED.search(text))


def announces_marked(text: str, dated: bool, addressed: bool, ends: bool, begins: bool) -> bool:
    """With a marked quote below, a verb is enough, or a date and an address."""
    said = LAST.search(text) or ends and said_in_the_middle(text)
    return bool(said and (dated or addressed or len(text) < 80)) or dated and addressed and (begins or ends)


def said_in_another_order(text: str, dated: bool, begins: bool) -> bool:
    """ "Am ... schrieb Ann:", "Ann <...> wrote on ...:", "Quoting Ann <...>:"."""
    if QUOTING.match(text):
        return True
    short = len(text) < 120
    return dated and bool(
        begins and said_in_the_middle(text) or NAME_FIRST.search(text) or short and VERB_AND_TIME.search(text)
    )


def said_in_the_middle(text: str) -> bool:
    """ "schrieb Ann:": the verb is followed by a name, not by the writer of this mail."""
    found = MIDDLE.search(text)
    if not found or len(text) - found.end() > 250:
        return False
    return not MYSELF.match(text[found.end() :].strip())


def by_myself(text: str, verb: int) -> bool:
    words_before = text[:verb].split()[-2:]
    return any(MYSELF.fullmatch(word.strip(",")) for word in words_before) and not ADDRESS.search(text)


def header_block(lines: Sequence[str], at: int) -> int:
    """How many lines the block of From:, Sent:, To:, Subject: takes that begins here; 0: none does."""
    first = FIELD.match(lines[at][:LONGEST])
    if not first:
        return 0
    if first.lastgroup == "from" and in_one_line(lines[at][:LONGEST]):
        return 1
    kinds: dict[str, str] = {}
    end, loose = at, 0
    for index in range(at, min(at + BLOCK, len(lines))):
        line = lines[index][:LONGEST]
        if found := FIELD.match(line):
            if index == at + 1 and found.lastgroup in kinds:
                return 0  # a list of the same, no header
            kinds.setdefault(found.lastgroup or "", line[found.end() :])
            end, loose = index + 1, 0
        elif (loose := loose + 1) > 2 or blank(line) and full(kinds):
            break
    if any(FORM.match(line[:LONGEST]) for line in lines[at : end + 1]):
        return 0  # a form that somebody has filled in on a site
    return end - at if convincing(kinds, ruled=at > 0 and rule(lines[at - 1])) else 0


def in_one_line(line: str) -> bool:
    return "@" in line and len({each.lastgroup for each in INNER_FIELD.finditer(line)}) >= 3


def full(kinds: dict[str, str]) -> bool:
    return {"from", "subject"} <= kinds.keys() or len(kinds) >= 4


def convincing(kinds: dict[str, str], ruled: bool) -> bool:
    """A travel plan has From, To and Date as well, even a subject: it takes an address, or a time of the day.
    `ruled`: a line is drawn above (Yandex)."""
    addressed = any("@" in kinds.get(kind, "") for kind in ("from", "to", "reply_to"))
    dated = bool(DATE.search(kinds.get("sent", "")))
    timed = bool(TIME.search(kinds.get("sent", "")))
    if "from" not in kinds:
        whole = {"sent", "to", "subject"} <= kinds.keys() and (addressed or timed)
        return whole or ruled and "subject" in kinds and "@" in kinds.get("to", "")
    return (
        len(kinds) >= 3
        and (addressed or "subject" in kinds and (timed or "sent" not in kinds))
        or len(kinds) == 2
        and (addressed and (dated or "subject" in kinds) or "subject" in kinds and "<" in kinds["from"])
    )


def original(line: str) -> bool:
    """-----Original Message-----, Begin forwarded message:, reply above this line."""
    line = line[:LONGEST]
    if quoted(line):
        return False
    if HIDDEN.match(line):
        return True
    marked = line.lstrip().startswith(MARKS) or ENDS.search(line)
    return bool(
        marked
        and ORIGINAL.match(line)
        or marked
        and BEGIN.match(line)
        or DASHED_ON.match(line)
        and DATE.search(line)
        or len(line) < 200
        and ABOVE.search(line)
    )


def headed(lines: Sequence[str], at: int) -> bool:
    """Whether the next line that says something is a mail's header, or tells who wrote it."""
    following = next((index for index in range(at, min(at + 4, len(lines))) if not blank(lines[index])), None)
    if following is None:
        return False
    return bool(FIELD.match(lines[following][:LONGEST])) or attribution(lines, following) > 0


def previous_replies(lines: Sequence[str], at: int) -> bool:
    """The rule and the headline under which forums and desks repeat what was said before."""
    return (
        bool(RULE.match(lines[at][:LONGEST])) and at + 1 < len(lines) and bool(PREVIOUS.match(lines[at + 1][:LONGEST]))
    )


def rule(line: str) -> bool:
    return bool(RULE.match(line[:LONGEST]))
