"""What searching and counting answers: tickets with the part that fits, views, reports."""

from typing import Literal

from pydantic import Field

from chalicelib.answers import Answer, Row


class Problem(Answer):
    """What cannot be understood, `text` as it was typed."""

    kind: Literal["date", "priority", "state", "has", "short", "long", "many"]
    text: str


class FoundTicket(Answer):
    """`article`: the id of what fits best; `snippet`: HTML with the words in <b>, everything else escaped."""

    ticket: Row
    article: str | None
    snippet: str


class SearchResults(Answer):
    """`total` tickets, `exact` or about; `away`: the index cannot be asked, and only open tickets' rows were looked through."""

    hits: list[FoundTicket]
    total: int
    exact: bool
    next: str | None
    problems: list[Problem]
    away: Literal["away", "warming"] | None


class SimilarTickets(Answer):
    tickets: list[Row]


class Suggestions(Answer):
    suggestions: list[str]


class ViewShown(Answer):
    name: str
    q: str
    sort: str


class Views(Answer):
    views: list[ViewShown]


class ReportColumn(Answer):
    name: str
    kind: str


class Report(Answer):
    """`rows` of values in the order of `columns`; `finds`: for each value the search that leads to the tickets behind it.

    `about`: medians and 90th percentiles are estimates. `currency` of columns of the kind money.
    """

    name: str
    from_: str = Field(alias="from")
    to: str
    zone: str
    columns: list[ReportColumn]
    rows: list[list[str | int | float | None]]
    finds: list[list[str | None]]
    about: bool
    currency: str


class RatesShown(Answer):
    """What an hour of working time costs, what the bucket gets each night and who gets the figures of a week by mail."""

    currency: str
    hourly: float
    agents: dict[str, float]
    export: bool
    mail_to: list[str]
    mail_language: Literal["en", "ru"]
