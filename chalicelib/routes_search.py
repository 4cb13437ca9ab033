"""Finding: the search box, what it suggests, what is like a ticket, and a customer's own search."""

from collections.abc import Callable
from typing import Any

from chalice.app import Blueprint

from chalicelib import cursors, records, shown, shown_own
from chalicelib.config import config
from chalicelib.doors import AGENT, CUSTOMER, Asked, Door
from chalicelib.errors import Refused
from chalicelib.search.engine import MOST_TICKETS

blueprint = Blueprint(__name__)
door = Door(blueprint, AGENT)


@door("GET", "/search", query="SearchWanted", answer="SearchResults")
def search(asked: Asked) -> dict[str, Any]:
    """What fits in all that was said in the queues I may see, open and closed."""
    from chalicelib.search import searching  # no other route needs an engine

    query = asked.query
    of = f"search {asked.by.login} {query.sort} {query.q}"
    start = place(query.cursor, of)
    found = searching.search(asked.by, query.q, query.sort, start, size_of(query, start), asked.now)
    return answer(found, of, lambda row: shown.row(row, config().queues))


@door("GET", "/portal/search", who=CUSTOMER, query="OwnSearchWanted", answer="OwnSearchResults")
def search_own(asked: Asked) -> dict[str, Any]:
    """What fits in what I may see of my own tickets."""
    from chalicelib.search import searching

    query = asked.query
    of = f"own search {asked.by.email} {query.q}"
    start = place(query.cursor, of)
    found = searching.of_customer(asked.by, query.q, start, size_of(query, start), asked.now)
    return answer(found, of, shown_own.own_row)


def place(cursor: str | None, of: str) -> int:
    return int(cursors.read(cursor, of)) if cursor else 0


def size_of(query: Any, start: int) -> int:
    """Raises Refused where there is nobody who reads on."""
    if start >= MOST_TICKETS:
        message = f"Only the first {MOST_TICKETS} tickets are shown; please ask more narrowly."
        raise Refused(message, code="malformed", fields={"cursor": "ends here"})
    return int(min(query.limit, 50))  # a ticket and its article each: one read of a hundred items


def answer(found: Any, of: str, row: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    hits = [
        {"ticket": row(each.row), "article": str(each.article) if each.article else None, "snippet": each.snippet}
        for each in found.results
    ]
    return {
        "hits": hits,
        "total": found.total,
        "exact": found.exact,
        "next": cursors.written(found.more, of) if found.more else None,
        "problems": [{"kind": each.kind, "text": each.text} for each in found.problems],
        "away": found.away,
    }


@door("GET", "/suggest", query="SuggestWanted", answer="Suggestions")
def suggest(asked: Asked) -> dict[str, Any]:
    """How what I am typing may go on."""
    from chalicelib.search import searching

    return {"suggestions": searching.suggest(asked.by, asked.query.prefix, asked.query.field)}


@door("GET", "/views", answer="Views")
def views(asked: Asked) -> dict[str, Any]:
    """My saved searches."""
    return {"views": records.views(asked.by.login)}


@door("PUT", "/views", body="ViewsSet", answer="Views")
def put_views(asked: Asked) -> dict[str, Any]:
    """Mine are these from now on."""
    kept = [each.model_dump() for each in asked.body.views]
    records.put_views(asked.by.login, kept)
    return {"views": kept}


@door("GET", "/tickets/{number}/similar", query="SimilarWanted", answer="SimilarTickets")
def similar(asked: Asked) -> dict[str, Any]:
    """Tickets that speak of the same things."""
    from chalicelib.search import searching

    rows = searching.similar(asked.number, asked.by, asked.query.limit)
    return {"tickets": [shown.row(row, config().queues) for row in rows]}
