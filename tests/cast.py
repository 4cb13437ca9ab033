"""The people of the tests, and the moment at which most of them begin."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chalicelib import ticket
from chalicelib.access import Agent, Customer
from chalicelib.article import AGENT, CUSTOMER, Address, Article
from chalicelib.queues import Queue
from chalicelib.ticket import Ticket

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

SUPPORT = Queue("support", "Support", "support@desk.localhost", "Support")
BILLING = Queue("billing", "Billing", "billing@desk.localhost", "Billing")

ANN = Agent("ann", "Ann Archer", "ann@desk.localhost", rights={"support": "write"})
BEN = Agent("ben", "Ben Brooks", "ben@desk.localhost", rights={"support": "write"})
OLGA = Agent("olga", "Olga Orlova", "olga@desk.localhost", rights={"billing": "write"}, language="ru")
ADA = Agent("ada", "Ada Adler", "ada@desk.localhost", role="admin")

CARLA = Address("carla@customer.example", "Carla")
CARLA_HERSELF = Customer(CARLA.email, CARLA.name)
EVE = Address("eve@evil.example", "Eve")

NUMBER = "202611231234567"


def carlas_ticket(**fields: object) -> Ticket:
    """A new ticket with Carla's first letter."""
    opened = ticket.open_new(NUMBER, "The printer is on fire", SUPPORT, CARLA, MONDAY)
    return replace(ticket.said(opened, letter(1)), version=1, **fields)  # type: ignore[arg-type]


def letter(seq: int, at: datetime = MONDAY) -> Article:
    return Article(seq, "mail", "email", CUSTOMER, CARLA, "The printer is on fire", "Please help!", at)


def answer(seq: int, at: datetime = MONDAY) -> Article:
    return Article(seq, "reply", "email", AGENT, Address(SUPPORT.address), "Re", "Use water.", at, by="ann")
