"""Mails that need somebody: those that could not be taken in, and those that have not arrived."""

from chalicelib.answers import Answer, PersonShown
from chalicelib.ticket_answers import DeliveryShown


class FailedMailShown(Answer):
    id: str
    at: str
    reason: str
    size: int


class FailedMails(Answer):
    failed_mails: list[FailedMailShown]
    next: str | None


class OutboxMail(Answer):
    """A mail of the article `article` of the ticket `number`, which has not arrived as far as is known.

    `stays`: it waits, but will not leave: the customer has written first.
    """

    number: str
    title: str
    queue: str
    article: str
    kind: str
    to: list[PersonShown]
    subject: str
    delivery: DeliveryShown
    stays: bool


class Outbox(Answer):
    mails: list[OutboxMail]
    next: str | None
