"""The language of the search box: words, "phrases", begin*, -without, a OR b, field:value.

    invoice -draft "paid twice" queue:billing created:2026-01..2026-03

Everything side by side must fit; OR joins its two neighbours. Field names and OR may be Russian. What people type never
reaches an engine's own parser: those crash and hang on deep nesting (measured), and know no rights.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.search import days
from chalicelib.search.clauses import NOTHING, All, Any, Begins, Between, Clause, Is, Not, Phrase, Prefix, Words
from chalicelib.search.days import BadDate

LONGEST = 500  # characters
MOST = 24  # clauses
SHORTEST_PREFIX = 2

FIELDS = {
    "queue": "queue", "очередь": "queue",
    "state": "state", "состояние": "state",
    "owner": "owner", "владелец": "owner",
    "customer": "customer", "клиент": "customer",
    "from": "from", "от": "from",
    "tag": "tag", "метка": "tag",
    "priority": "priority", "приоритет": "priority",
    "created": "created", "создано": "created", "создан": "created",
    "changed": "changed", "изменено": "changed", "изменён": "changed", "изменен": "changed",
    "closed": "closed", "закрыто": "closed", "закрыт": "closed",
    "has": "has", "есть": "has",
    "number": "number", "номер": "number",
    "subject": "subject", "тема": "subject",
    "file": "file", "файл": "file",
}  # fmt: skip
OR = {"OR", "|", "ИЛИ"}
AND = {"AND", "И", "&"}
HAS = {
    "attachment": "attachment", "attachments": "attachment", "file": "attachment", "вложение": "attachment", "файл": "attachment",
    "note": "note", "заметка": "note",
    "draft": "draft", "lock": "lock",
}  # fmt: skip
STATES = {
    "new": ("new",),
    "open": ("new", "open"),
    "pending": ("pending reminder", "pending auto close+", "pending auto close-"),
    "closed": ("closed successful", "closed unsuccessful"),
    "merged": ("merged",),
}
RUSSIAN_STATES = {  # by how they begin, in whatever form
    "нов": "new", "открыт": "open", "закрыт": "closed", "ждет": "pending", "ждут": "pending", "ожида": "pending", "напомин": "pending",
}  # fmt: skip

TERM = re.compile(
    r"""(?P<without>-(?=[^\s-]))?
        (?:(?P<field>[^\W\d_]+):(?=\S))?
        (?: "(?P<phrase>[^"]*)(?:"|$) | (?P<word>[^\s"]+) )""",
    re.VERBOSE,
)
LETTER = re.compile(r"\w")
QUOTES = str.maketrans(dict.fromkeys("«»“”„", '"'))  # as phones and Russians write them
TAG = re.compile(r"\[?[^\W\d_]+#(\d{8,})\]?")  # a ticket's number as subjects have it: [Ticket#...]
SUBJECT = re.compile(r"(?<!-)\[[^\W\d_]+#(\d{8,})\]")


@dataclass(frozen=True)
class Problem:
    """What cannot be understood: `kind` is date, priority, state, has, short, long or many; `text` as it was typed."""

    kind: str
    text: str


@dataclass(frozen=True)
class Query:
    """`clause` is None where nothing was asked; with `problems` nothing may be shown, for it would be the wrong thing."""

    clause: Clause | None
    problems: tuple[Problem, ...] = ()


class Bad(Exception):
    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def read(text: str, now: datetime) -> Query:
    """Never raises. `now` is in the desk's time zone: days are days there."""
    text = text.strip().translate(QUOTES)
    if len(text) > LONGEST:
        return Query(None, (Problem("long", ""),))
    if subject := SUBJECT.search(text):
        text = subject[1]  # a subject that was copied whole: the number says it all
    groups: list[list[Clause]] = []
    problems: list[Problem] = []
    joined = False
    for count, found in enumerate(TERM.finditer(text)):
        if count == MOST:
            return Query(None, (*problems, Problem("many", "")))
        if found[0].endswith(":") and found[0][:-1].lower().lstrip("-") in FIELDS:
            continue  # its value is still being typed
        if found[0] in OR:
            joined = bool(groups)
            continue
        try:
            clause = None if found[0] in AND else term(found, now)
        except (Bad, BadDate) as bad:
            problems.append(Problem(getattr(bad, "kind", "date"), found[0]))
            continue
        if clause and joined:
            groups[-1].append(clause)
        elif clause:
            groups.append([clause])
        joined = False
    parts = tuple(group[0] if len(group) == 1 else Any(tuple(group)) for group in groups)
    return Query(All(parts) if parts else None, tuple(problems))


def term(found: re.Match[str], now: datetime) -> Clause | None:
    """None for what has neither letters nor digits. Raises Bad or BadDate."""
    field = FIELDS.get((found["field"] or "").lower())
    tagged = TAG.fullmatch(found[0].lstrip("-")) if field is None else None
    if tagged:
        clause: Clause | None = Words(tagged[1])
    elif found["field"] and field is None:
        clause = plain(f"{found['field']}:{found['phrase'] or found['word']}", phrase=True)  # an address, a time
    elif field is None:
        clause = plain(found["phrase"] or "", phrase=True) if found["word"] is None else plain(found["word"])
    else:
        clause = VALUES[field](found["word"] if found["word"] is not None else found["phrase"] or "", now)
    return Not(clause) if clause and found["without"] else clause


def plain(text: str, field: str = "", phrase: bool = False) -> Clause | None:
    """Words with signs between them, as addresses and numbers have, are looked for side by side."""
    if not LETTER.search(text):
        return None
    if text.endswith("*") and not phrase:
        begin = text.rstrip("*")
        if len(re.sub(r"\W", "", begin)) < SHORTEST_PREFIX:
            raise Bad("short")
        return Prefix(begin, field)
    several = phrase or re.search(r"\w\W+\w", text)
    return Phrase(text, field) if several else Words(text, field)


# -- fields


def in_text(field: str) -> Callable[[str, datetime], Clause | None]:
    return lambda value, now: plain(value, field)


def one_of(field: str) -> Callable[[str, datetime], Clause]:
    return lambda value, now: Is(field, tuple(each.lower() for each in listed(value)))


def listed(value: str) -> Iterator[str]:
    return (each.strip() for each in value.split(",") if each.strip())


def states(value: str, now: datetime) -> Clause:
    named: list[str] = []
    for each in listed(value.lower()):
        known = states_called(each)
        if not known:
            raise Bad("state")
        named += known
    return Is("state", tuple(dict.fromkeys(named)))


def states_called(name: str) -> tuple[str, ...]:
    """By the names of the groups, those of the states, or a Russian word in whatever form it has on the screen."""
    russian = next((group for begin, group in RUSSIAN_STATES.items() if name.replace("ё", "е").startswith(begin)), None)
    exactly = tuple(state for group in STATES.values() for state in group if state == name)[:1]
    return STATES.get(russian or name) or exactly


def has(value: str, now: datetime) -> Clause:
    try:
        return Is("has", tuple(HAS[each.lower()] for each in listed(value)))
    except KeyError:
        raise Bad("has") from None


def priority(value: str, now: datetime) -> Clause:
    """`3`, `2,3`, `>3`, `<=2`, `2..4`"""
    found = re.fullmatch(r"(?:([<>]=?)?([1-5])|([1-5])\.\.([1-5]))", value)
    if found and found[3]:
        return Between("priority", int(found[3]), int(found[4]) + 1)
    if found and found[1]:
        n = int(found[2])
        return Between(
            "priority", *{">": (n + 1, None), ">=": (n, None), "<": (None, n), "<=": (None, n + 1)}[found[1]]
        )
    numbers = tuple(listed(value))
    if not numbers or not all(re.fullmatch("[1-5]", each) for each in numbers):
        raise Bad("priority")
    return Is("priority", tuple(map(int, numbers)))


def number(value: str, now: datetime) -> Clause:
    """The beginning of a number will do; the hook before it may stay."""
    digits = re.sub(r"[^\w.-]", "", value.rpartition("#")[2])
    return Begins("number", digits) if digits else NOTHING


def customer(value: str, now: datetime) -> Clause | None:
    """A whole address is that customer; anything else a part of the name or the address."""
    if re.fullmatch(r"[^@\s,]+@[^@\s,]+\.[^@\s,]+", value):
        return Is("customer", (value.lower(),))
    return plain(value, "customer_text")


def period(field: str) -> Callable[[str, datetime], Clause]:
    def between(value: str, now: datetime) -> Clause:
        first, end = days.read(value, now)
        return Between(field, int(first.timestamp()) if first else None, int(end.timestamp()) if end else None)

    return between


VALUES: dict[str, Callable[[str, datetime], Clause | None]] = {
    "queue": one_of("queue"),
    "state": states,
    "owner": one_of("owner"),
    "customer": customer,
    "from": in_text("sender"),
    "tag": one_of("tag"),
    "priority": priority,
    "created": period("created"),
    "changed": period("changed"),
    "closed": period("closed"),
    "has": has,
    "number": number,
    "subject": in_text("title"),
    "file": in_text("files"),
}
