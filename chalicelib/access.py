"""Who may see and do what. Roles: admin; agent with rights per queue, read or write; customer; nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.article import Article
from chalicelib.errors import NotFound, Refused
from chalicelib.ticket import Ticket

READ, WRITE = "read", "write"
ADMIN, AGENT = "admin", "agent"


@dataclass(frozen=True)
class Agent:
    """Who works. `rights` by queue id; an administrator has every right in every queue."""

    login: str
    name: str
    email: str
    role: str = AGENT
    rights: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    out_of_office: bool = False
    valid: bool = True


@dataclass(frozen=True)
class Customer:
    """Who asks, and has proven that the mailbox is his."""

    email: str
    name: str = ""


def may_read(by: Agent, queue: str) -> bool:
    return by.role == ADMIN or by.rights.get(queue) in (READ, WRITE)


def may_write(by: Agent, queue: str) -> bool:
    return by.role == ADMIN or by.rights.get(queue) == WRITE


def check_read(by: Agent, ticket: Ticket) -> None:
    """A ticket of a foreign queue is not there: its number must not be confirmed."""
    if not may_read(by, ticket.queue):
        raise no_ticket(ticket.number)


def check_write(by: Agent, ticket: Ticket) -> None:
    check_read(by, ticket)
    if not may_write(by, ticket.queue):
        raise Refused("You may read this queue, but not write in it.", code="not_allowed")


def check_queue(by: Agent, queue: str) -> None:
    """May `by` put tickets into the queue?"""
    if not may_write(by, queue):
        raise Refused("You may not write in that queue.", code="not_allowed")


def check_admin(by: Agent) -> None:
    if by.role != ADMIN:
        raise Refused("Only an administrator may do this.", code="not_allowed")


def is_own(by: Customer, ticket: Ticket) -> bool:
    """What somebody else has perhaps written in his name is not his (yet): he would read it with our word for it."""
    his = bool(by.email) and ticket.customer.email == by.email
    return his and not ticket.doubt and ticket.state != "removed"


def check_own(by: Customer, ticket: Ticket) -> None:
    if not is_own(by, ticket):
        raise no_ticket(ticket.number)


def meant_for_customer(article: Article) -> bool:
    return article.visible and article.channel != "note"


def shown_to_customer(article: Article) -> bool:
    """Not before it has left: in the portal too, what is taken back was never said."""
    return meant_for_customer(article) and not article.kept_back


def no_ticket(number: str) -> NotFound:
    return NotFound(f"There is no ticket {number} here.")
