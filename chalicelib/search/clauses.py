"""What is looked for, in no engine's own words: a small tree that each engine turns into a query of its own.

The rights of whoever asks are clauses too, put around what was typed, so that no engine has a way past them.
"""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Words:
    """Each word of `text`, in any form, anywhere in `field`; "" is every text field that the reader may search."""

    text: str
    field: str = ""


@dataclass(frozen=True)
class Phrase:
    """The words of `text` beside each other in this order."""

    text: str
    field: str = ""


@dataclass(frozen=True)
class Prefix:
    """A word that begins so."""

    text: str
    field: str = ""


@dataclass(frozen=True)
class Is:
    """`field` is exactly one of `values`; with none of them nothing fits."""

    field: str
    values: tuple[str | int, ...]


@dataclass(frozen=True)
class Begins:
    """The whole of `field` begins with `text`."""

    field: str
    text: str


@dataclass(frozen=True)
class Between:
    """`low` <= field < `high`; None is open."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True)
class All:
    """Every one of them; none at all is everything."""

    of: tuple["Clause", ...]


@dataclass(frozen=True)
class Any:
    """At least one of them; none at all is nothing."""

    of: tuple["Clause", ...]


@dataclass(frozen=True)
class Not:
    what: "Clause"


Clause: TypeAlias = Words | Phrase | Prefix | Is | Begins | Between | All | Any | Not

NOTHING = Any(())


def asks_text(clause: Clause) -> bool:
    """Is any of it about words that were said, rather than about the fields of a ticket?"""
    if isinstance(clause, (All, Any)):
        return any(map(asks_text, clause.of))
    return asks_text(clause.what) if isinstance(clause, Not) else isinstance(clause, (Words, Phrase, Prefix))
