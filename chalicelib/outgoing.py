"""Mail leaves: claimed, sent, marked. SES knows no idempotency, so a mail is sent only by whoever has claimed it.

What SES refuses for now is due again later; what it refuses for good has failed; where its answer was lost, the desk says so.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError

from chalicelib import files, log, mime_out, outbox, records
from chalicelib.article import CANCELLED, DUE, FAILED, SENT, UNKNOWN, Address, Article, Delivery
from chalicelib.config import config
from chalicelib.errors import DeskError
from chalicelib.queues import Queue
from chalicelib.settings import settings
from chalicelib.ticket import Ticket

# Nothing has left, and the same mail may leave later.
LATER = {
    "TooManyRequestsException", "LimitExceededException", "ThrottlingException", "Throttling", "SendingPausedException",
    "AccountSuspendedException", "InternalServiceError", "InternalFailure", "ServiceUnavailable",
}  # fmt: skip
WAIT = timedelta(minutes=1)


@cache
def client() -> Any:
    # One attempt only: a second one after a lost answer would be a second mail.
    return boto3.client("sesv2", config=Config(connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 1}))


def deliver(ticket: Ticket, article: Article, queue: Queue, now: datetime) -> Article:
    """The article as it is after the attempt. Never raises: the mail is saved, and what did not work is tried again."""
    due = article.delivery
    if due is None or due.state != DUE or due.not_before and due.not_before > now:
        return article
    try:
        return attempt(ticket, article, due, queue, now)
    except (BotoCoreError, ClientError) as error:
        log.event("delivery_interrupted", ticket=ticket.number, article=article.seq, error=type(error).__name__)
        return article


def attempt(ticket: Ticket, article: Article, due: Delivery, queue: Queue, now: datetime) -> Article:
    if not outbox.claim(ticket.number, article.seq, now):
        return article
    if article.kind == "auto" and not records.may_answer(article.to[0].email, now):
        return settled(ticket, article, CANCELLED, "Too many automatic answers to this address.", now)
    try:
        raw = built(ticket, article, queue)
    except DeskError as error:
        return settled(ticket, article, FAILED, error.message, now)
    try:
        message_id = send(raw, article, f"{ticket.number}-{article.seq}")
    except (BotoCoreError, ClientError) as error:
        return refused(ticket, article, due, error, now)
    outbox.mark_sent(ticket.number, article.seq, message_id, now)
    return replace(article, delivery=Delivery(SENT, now, attempts=due.attempts + 1, message_id=message_id))


def built(ticket: Ticket, article: Article, queue: Queue) -> bytes:
    attached = [(file, files.read(file.key)) for file in article.attachments]
    return mime_out.build(ticket, article, queue, config().secret, settings().domain, attached)


def send(raw: bytes, article: Article, tag: str) -> str:
    """SES's bare message id."""
    destination = {
        "ToAddresses": [each.email for each in article.to],
        "CcAddresses": [each.email for each in article.cc],
        "BccAddresses": [each.email for each in article.bcc],
    }
    request: dict[str, Any] = {
        "FromEmailAddress": article.sent_from.email,
        "Destination": destination,
        "Content": {"Raw": {"Data": raw}},
        "EmailTags": [{"Name": "outbox", "Value": tag}],
    }
    if settings().configuration_set:
        request["ConfigurationSetName"] = settings().configuration_set
    answer: str = client().send_email(**request)["MessageId"]
    return answer


def refused(ticket: Ticket, article: Article, due: Delivery, error: Exception, now: datetime) -> Article:
    if isinstance(error, ClientError):
        code, words = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
        if code not in LATER:
            return settled(ticket, article, FAILED, f"{code}: {words}", now)
        return later(ticket, article, due, code, now)
    if isinstance(error, (ConnectTimeoutError, EndpointConnectionError)):
        return later(ticket, article, due, type(error).__name__, now)
    # The request had gone out: whether a mail followed it is not known, and a second one would be worse than none.
    return settled(ticket, article, UNKNOWN, "The mail service did not answer; the mail may or may not have left.", now)


def later(ticket: Ticket, article: Article, due: Delivery, reason: str, now: datetime) -> Article:
    attempts = due.attempts + 1
    again = now + WAIT * 2 ** min(attempts, 6)
    outbox.mark(ticket.number, article.seq, DUE, reason, now, again)
    return replace(article, delivery=Delivery(DUE, now, reason, not_before=again, attempts=attempts))


def settled(ticket: Ticket, article: Article, state: str, detail: str, now: datetime) -> Article:
    outbox.mark(ticket.number, article.seq, state, detail, now)
    log.event("mail_not_sent", ticket=ticket.number, article=article.seq, state=state)
    return replace(article, delivery=Delivery(state, now, detail))


def send_plain(to: Address, subject: str, text: str, queue: Queue) -> None:
    """A mail that belongs to no ticket, at once and best effort. Raises Refused for an address that is none."""
    sender = Address(queue.address, queue.sender_name or queue.name)
    raw = mime_out.plain(to, sender, subject, text)
    request = {
        "FromEmailAddress": sender.email,
        "Destination": {"ToAddresses": [to.email]},
        "Content": {"Raw": {"Data": raw}},
    }
    try:
        client().send_email(**request)
    except (BotoCoreError, ClientError) as error:
        log.event("mail_not_sent", error=type(error).__name__)


