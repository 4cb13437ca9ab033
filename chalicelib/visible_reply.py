"""What the sender wrote newly: the text without the quotes below, above and between it, and without the signature. Pure.

Nothing is deleted: `fold` says where the part begins that the desk shows folded. When in doubt, a line stays visible; a mail
that would have nothing left is shown whole. The words are in reply_words, the single marks in reply_marks, reply_signature.
"""

import re
from dataclasses import dataclass

from chalicelib import reply_html, reply_marks, reply_pasted, reply_signature
from chalicelib import reply_words as words
from chalicelib.lazily import Lazily
from chalicelib.reply_marks import blank

MAX_LINES = 5_000  # the rest of a longer text is one last line
FEW = 5  # lines that one quotes by hand
GREETING = Lazily(rf"[\s*_]*{reply_marks.either(words.GREETINGS)}(?:[\s,]+[^\s,!.:?]+){{0,3}}\s*[!,.:)]*", re.I)
ENDED = Lazily(rf"^[-= ]{{2,20}}{reply_marks.either(words.ENDS_FORWARD)}[-= ]{{2,20}}$", re.I | re.M)
WITHIN = Lazily("|".join(words.WITHIN), re.I)
TEXT, QUOTE, ANNOUNCEMENT = "text", "quote", "announcement"


@dataclass(frozen=True)
class Split:
    """`visible`: what was written newly, without the signature; `signature`: as it stood below that, or None.
    `fold`: visible == text[:fold].strip(); None: nothing is folded, or `visible` is no piece of the text's beginning."""

    visible: str
    signature: str | None
    fold: int | None


@dataclass(frozen=True)
class Line:
    """`text` without its line end; `start`: where it begins in the whole."""

    text: str
    start: int


def split(text: str, sender: str = "", answers: bool = True, forwards: bool = False) -> Split:
    """The visible reply of a plain text. `sender`: the name and the address, where they are known; `answers`: whether the
    letter may be an answer to another one, or forward it; `forwards`: that it does, by its subject."""
    found = split_lines(text, lines_of(text), sender=sender, answers=answers)
    empty = forwards and says_nothing(found.visible, sender)
    below = "" if found.fold is None else text[found.fold :]
    goes_on = goes_on_within(found.visible, below, sender) or goes_on_behind(below, sender)
    if below and (empty or goes_on or reply_pasted.goes_on(below, sender, answers)):
        return Split(text.strip(), None, None)
    return found


def says_nothing(visible: str, sender: str) -> bool:
    """Whether it is only a greeting, a signature, a telephone's line: what is meant then is the letter that is handed on."""
    lines = visible.splitlines()
    end = reply_signature.start(lines, alone=True, sender=sender)
    return all(blank(line) or GREETING.fullmatch(line.strip()) for line in lines[:end])


def goes_on_behind(below: str, sender: str) -> bool:
    """Whether words of his own follow where the program has said that the letter which he hands on ends (Yandex)."""
    end = ENDED.search(below)
    return end is not None and not says_nothing(below[end.end() :], sender)


def goes_on_within(visible: str, below: str, sender: str) -> bool:
    """Whether the sender has written between the lines of a letter whose quote has no marks, as in Outlook: he says so
    above, or his program has put his name before it."""
    unmarked = [line for line in below.splitlines() if not blank(line) and not reply_marks.quoted(line)]
    name = sender.rpartition(" ")[0]
    return len(unmarked) > FEW and bool(name and f"[{name}]" in below or WITHIN.search(visible[:4000]))


def split_html(html: str) -> Split:
    """The visible reply of an HTML body, as text; `fold` is always None, for an offset into HTML would cut elements in two."""
    text, rest = reply_html.text_of(html)
    found = split_lines(text, lines_of(text), rest)
    return Split(found.visible, found.signature, None)


JOINED = re.compile(
    r"(?<=\S)[ \t]+(?=(?:On|Le|Am|El|Il|Em|Op) (?:\w{2,9}\.?,? )?(?:\d|[A-Z][a-z]{2}[a-z]{0,7}\.? \d)[^\n]{6,200}:[ \t]*\Z)"
)


def lines_of(text: str) -> list[Line]:
    """The lines. An attribution that shares its line with the reply, a quote below it, is a line of its own."""
    whole, at = [], 0
    for line in text.split("\n", MAX_LINES):
        whole.append(Line(line.removesuffix("\r"), at))
        at += len(line) + 1
    texts = [line.text for line in whole]
    return [piece for index, line in enumerate(whole) for piece in parted(line, texts, index)]


def parted(line: Line, texts: list[str], index: int) -> list[Line]:
    found = JOINED.search(line.text) if len(line.text) < 400 and line.text.endswith(":") else None
    if not found or reply_marks.quoted(line.text) or not reply_marks.quote_follows(texts, index + 1):
        return [line]
    return [Line(line.text[: found.start()], line.start), Line(line.text[found.end() :], line.start + found.end())]


def split_lines(text: str, lines: list[Line], rest: int | None = None, sender: str = "", answers: bool = True) -> Split:
    """`rest`: the line from which on all is known to be quoted."""
    texts = [line.text for line in lines]
    kinds = kinds_of(texts, len(texts) if rest is None else rest, answers)
    keep_own_quote(texts, kinds, answers)
    end, sign = own_end(texts, kinds, sender)
    folded = answered(texts, kinds, end)
    shown = [index for index in range(end) if index not in folded]
    if all(blank(texts[index]) for index in shown):
        return Split(text.strip(), None, None)
    signature = "\n".join(texts[sign[0] : sign[1]]).strip() if sign else None
    visible = "\n".join(texts[index] for index in shown).strip()
    if len(shown) < end:
        return Split(visible, signature or None, None)
    fold = lines[end].start if end < len(lines) else len(text)
    return Split(text[:fold].strip(), signature or None, fold if text[fold:].strip() else None)


# -- what each line is


def kinds_of(texts: list[str], limit: int, answers: bool) -> list[str]:
    """A kind for each line up to the one from which on everything is somebody else's; shorter than `texts` in that case."""
    kinds: list[str] = []
    said, marks = False, set[str]()  # marks: what the announcements have shown to be one, beside >
    while (at := len(kinds)) < limit:
        if reply_marks.quoted(texts[at]) or marks and reply_marks.mark_of(texts[at]) in marks:
            kinds.append(QUOTE)
            continue
        count = reply_marks.attribution(texts, at)
        if count and reply_marks.quote_follows(texts, at + count):
            kinds += [ANNOUNCEMENT] * count
            mark = reply_marks.mark_of(reply_marks.next_said(texts, at + count))
            marks |= {mark} if mark else set()
            continue
        count = count if count and by_program(texts[at : at + count], answers) else 0
        count = count or others_begin(texts, at, answers)
        if said and count:
            break
        said = said or not count and not blank(texts[at])
        kinds += [TEXT] * max(count, 1)  # a mail that begins with somebody else's is a forward: that is what it says
    return wrapped(texts, kinds[:limit])


def by_program(announcement: list[str], answers: bool) -> bool:
    """Whether a program has announced what comes without a mark of a quote: people tell what somebody wrote to them, too."""
    text = " ".join(announcement)
    if reply_marks.LOGGED.match(text):
        return False
    return bool(reply_marks.ADDRESS.search(text)) or answers and not reply_marks.TOLD_BY_HAND.search(text)


def others_begin(texts: list[str], at: int, answers: bool) -> int:
    """How many lines the announcement takes behind which everything is somebody else's mail; 0: none begins here. Programs
    put one into answers; elsewhere the sender has copied a mail that he writes about, and may go on below it."""
    line = texts[at]
    if blank(line):
        return int(at > 0 and reply_signature.device_above_others(texts, at - 1))
    drawn = at > 0 and reply_marks.rule(texts[at - 1])
    block = reply_marks.header_block(texts, at) if answers or drawn else 0
    told = reply_marks.original(line) and (
        answers or not reply_marks.ORIGINAL.match(line) or reply_marks.headed(texts, at + 1)
    )
    return block or int(told or reply_marks.previous_replies(texts, at))


def wrapped(texts: list[str], kinds: list[str]) -> list[str]:
    """The kinds, with the gaps before quoted lines closed: empty lines, and what was wrapped off the quoted line above."""
    at = 1
    while at < len(kinds):
        end = at
        if kinds[at] == TEXT and kinds[at - 1] != TEXT:
            while end < len(kinds) and kinds[end] == TEXT and blank(texts[end]):
                end += 1
            if end == at and wrapped_off(texts, at):
                end = at + 1
            if end < len(kinds) and kinds[end] == QUOTE:
                kinds[at:end] = [QUOTE] * (end - at)
        at = max(at, end) + 1
    return kinds


def wrapped_off(texts: list[str], at: int) -> bool:
    """Whether the line is the end of the quoted one above it, which had become too long for the program that quoted."""
    above = texts[at - 1].rstrip()
    first = texts[at].split(maxsplit=1)[0] if texts[at].strip() else ""
    torn = re.search(r"(?:[(<\[][^)>\]]{0,200}|https?://\S*)\Z", above[-300:])
    return bool(torn) or len(above) + len(first) > 70 and len(above) < 100 and len(texts[at]) < 60


def keep_own_quote(texts: list[str], kinds: list[str], answers: bool) -> None:
    """Makes text of the last quote where the sender himself has put its marks: none in the letter names another as its
    writer, and the letter answers nothing, or a colon leads to a few lines."""
    quotes = runs(kinds, len(kinds))
    if not quotes or any(others_quote(texts, kinds, first) for first, _ in quotes):
        return
    first, last = quotes[-1]
    above = next((text[:300].rstrip() for text in reversed(texts[max(0, first - 3) : first]) if not blank(text)), "")
    if not answers or last - first <= FEW and above.endswith(":") and not re.search(r"[\d@<]", above):
        kinds[first:last] = [TEXT] * (last - first)


def others_quote(texts: list[str], kinds: list[str], first: int) -> bool:
    """Whether it is told who wrote the lines that are quoted from there on."""
    announced = first > 0 and kinds[first - 1] == ANNOUNCEMENT
    return announced or bool(reply_marks.attribution([texts[first].lstrip("> \t")], 0, followed=True))


# -- what of it is shown


def own_end(texts: list[str], kinds: list[str], sender: str) -> tuple[int, tuple[int, int] | None]:
    """Where the visible part ends (an index), and the lines [start, end) of the signature."""
    end, sign = trimmed(texts, kinds, len(kinds)), None
    for _ in range(3):  # a footer below the quote, then the signature above it
        begin = run_start(kinds, end)
        above = any(kind == TEXT and not blank(text) for kind, text in zip(kinds[:begin], texts, strict=False))
        found = reply_signature.start(texts[begin:end], alone=above, sender=sender)
        if found is None:
            break
        sign, end = (begin + found, end), trimmed(texts, kinds, begin + found)
        if not above:
            break
    return end, sign


def run_start(kinds: list[str], end: int) -> int:
    """Where the lines of text begin that end there."""
    begin = end
    while begin and kinds[begin - 1] == TEXT:
        begin -= 1
    return begin


def trimmed(texts: list[str], kinds: list[str], end: int) -> int:
    """`end` without the empty lines, quotes and rules before it."""
    while end and (kinds[end - 1] != TEXT or blank(texts[end - 1]) or reply_marks.rule(texts[end - 1])):
        end -= 1
    return end


def answered(texts: list[str], kinds: list[str], end: int) -> set[int]:
    """The lines of the quote above or within the reply that may be folded: only where there is but one and it is announced.
    Several are answered one by one, and one that the sender made himself belongs to what he says."""
    quotes = runs(kinds, end)
    if not quotes:
        return set()
    first, last = quotes[0]
    announced = {index for index in range(first) if kinds[index] == ANNOUNCEMENT}
    if len(quotes) > 1:
        return (
            announced if not any(kinds[index] == TEXT and not blank(texts[index]) for index in range(first)) else set()
        )
    own_announcement = reply_marks.attribution([texts[first].lstrip("> \t")], 0, followed=True)
    if not announced and not own_announcement:
        return set()
    return announced | set(range(first, last))


def runs(kinds: list[str], end: int) -> list[tuple[int, int]]:
    """The blocks [start, end) of quoted lines."""
    found: list[tuple[int, int]] = []
    for index in range(end):
        if kinds[index] == QUOTE:
            if found and found[-1][1] == index:
                found[-1] = (found[-1][0], index + 1)
            else:
                found.append((index, index + 1))
    return found
