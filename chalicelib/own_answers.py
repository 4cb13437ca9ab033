"""What customers are answered in the portal: shapes made apart from what agents are shown."""

from typing import Literal

from pydantic import Field

from chalicelib.answers import Answer, Doubt, PersonShown
from chalicelib.found_answers import Problem
from chalicelib.models import State
from chalicelib.ticket_answers import Attachment


class OwnArticle(Answer):
    id: str
    seq: int
    kind: str
    channel: Literal["email", "phone", "web"]
    sender: Literal["agent", "customer", "system"]
    from_: PersonShown = Field(alias="from")
    to: list[PersonShown]
    cc: list[PersonShown]
    subject: str
    text: str
    html: str | None
    fold: int | None
    cut: bool
    doubt: Doubt | None
    attachments: list[Attachment]
    at: str


class OwnRow(Answer):
    number: str
    title: str
    state: State
    priority: int
    created: str
    changed: str


class OwnTicket(OwnRow):
    customer: PersonShown
    articles: list[OwnArticle]


class OwnTickets(Answer):
    tickets: list[OwnRow]
    next: str | None


class OwnFound(Answer):
    ticket: OwnRow
    article: str | None
    snippet: str


class OwnSearchResults(Answer):
    hits: list[OwnFound]
    total: int
    exact: bool
    next: str | None
    problems: list[Problem]
    away: Literal["away", "warming"] | None
