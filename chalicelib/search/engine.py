"""What an engine does for the desk, whichever it is: keep documents by ticket, find them, count them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from chalicelib.search.clauses import Clause
from chalicelib.search.documents import Document

RELEVANCE = "relevance"
MOST_TICKETS = 1000  # that anybody pages through: who needs the next one needs a better question


class Away(Exception):
    """The engine cannot be asked now; `warming`: it can be in a moment."""

    def __init__(self, why: str, warming: bool = False) -> None:
        super().__init__(why)
        self.warming = warming


@dataclass(frozen=True)
class Hit:
    """A ticket, and the article that fits best, None where only its fields were asked for."""

    number: str
    seq: int | None


@dataclass(frozen=True)
class Hits:
    """One hit a ticket, in order; `total` tickets fit, `exact` or about."""

    hits: Sequence[Hit]
    total: int
    exact: bool


class Engine(Protocol):
    """All raise Away where the engine cannot be reached."""

    def replace(self, tickets: Mapping[str, Sequence[Document]]) -> None:
        """Puts these in place of all documents of each ticket; without documents it is gone.

        Raises table.Changed where another writer was faster: the documents may be old by now, so make them anew.
        """

    def find(self, wanted: Clause, text: Mapping[str, float], sort: str, limit: int) -> Hits:
        """The first `limit` tickets. `text`: what plain words are looked for in, with weights; `sort` a field of
        schema.SORTS, with `-` before it descending, or relevance."""

    def tickets(self, wanted: Clause, text: Mapping[str, float], most: int) -> list[int]:
        """The keys (documents.key) of the tickets of the `most` best documents."""

    def similar(self, words: str, within: Clause, limit: int) -> list[Hit]:
        """Tickets that speak of the same things, the most alike first."""

    def aggregate(self, wanted: Clause, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Elasticsearch's aggregations, question and answer."""

    def snippets(self, wanted: Clause, text: Mapping[str, float], said: Sequence[str]) -> list[str]:
        """The part of each text that fits, as HTML with the words in <b>; "" where none does."""

    def versions(self, numbers: Sequence[str]) -> dict[str, int]:
        """The version of each ticket that the index knows."""

    def beside(self) -> "Engine":
        """An empty index beside the live one, which nobody asks yet; what an earlier attempt has left of one is gone."""

    def take_over(self) -> None:
        """This index, made beside the live one, is the live one from now on. Tickets saved in that moment may be stale in it."""

    def forget(self) -> None:
        """What is known here of the index may be old."""

    def tidy(self, now: datetime) -> None:
        """Deletes what nobody can need any more."""
