"""Mail leaves: claimed, sent, marked. SES knows no idempotency, so a mail is sent only by whoever has claimed it.

What SES refuses for now is due again later; what it refuses for good has failed; where its answer was lost, the desk
says so. An automatic answer leaves at most once, so that a doubtful one is not tried again.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, ParamValidationError, SSLError

from chalicelib import files, log, mime_out, outbox, records, table
from chalicelib.article import CANCELLED, DUE, FAILED, SENT, UNKNOWN, Address, Article, Delivery
from chalicelib.config import config
from chalicelib.errors import DeskError
from chalicelib.mime_out import AUTOMATIC
from chalicelib.queues import AUTO_REJECT, Queue
from chalicelib.settings import settings
from chalicelib.ticket import Ticket
from chalicelib.wire import wire_address

# SES's word on this very mail; all other refusals (too fast, paused, not verified, no right) are about the desk and pass.
FOR_GOOD = {"MessageRejected", "BadRequestException", "ValidationException", "InvalidParameterValue"}
DOUBTFUL = {500, 502, 504}  # SES may have taken the mail before it stumbled
WAIT = timedelta(minutes=1)
MOST_ATTEMPTS = 24  # with the waiting between them about a day

LOST = "The mail service did not answer; the mail may or may not have left."
OVER_CAP = "No automatic answer: too many have been sent for now, to this address or by the whole desk."


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
        if not outbox.claim(ticket.number, article.seq, now):
            return article
        return attempt(ticket, article, due, queue, now)
    except (BotoCoreError, ClientError, table.Changed) as error:
        log.event("delivery_interrupted", ticket=ticket.number, article=article.seq, error=type(error).__name__)
        return article


def attempt(ticket: Ticket, article: Article, due: Delivery, queue: Queue, now: datetime) -> Article:
    """One try at a claimed mail. What cannot be sent by anybody fails; what goes wrong before the request may be repeated."""
    if (
        article.kind == "auto"
        and not due.attempts
        and not records.may_answer(ticket.number, article.to[0].email, article.wary, now, article.to_desk)
    ):
        # Whose letter is rejected and who does not hear of it waits for ever: somebody has to see that.
        state = FAILED if article.subkind == AUTO_REJECT else CANCELLED
        return settled(ticket, article, state, OVER_CAP, now)
    try:
        request = letter(ticket, article, queue, now)
    except DeskError as error:
        return settled(ticket, article, FAILED, error.message, now)
    except (BotoCoreError, ClientError) as error:
        return later(ticket, article, due, reason(error), now)
    try:
        message_id = str(client().send_email(**request)["MessageId"])
    except (BotoCoreError, ClientError) as error:
        return refused(ticket, article, due, error, now)
    return left(ticket, article, due, message_id, now)


def letter(ticket: Ticket, article: Article, queue: Queue, now: datetime) -> dict[str, Any]:
    """What SES is asked. Raises NotFound for a file that is gone, Refused for what mail cannot carry."""
    attached = [(file, files.read(file.key)) for file in article.attachments if not file.link_until]
    raw = mime_out.build(ticket, article, queue, config().secret, settings().domain, attached, now)
    lists = {"ToAddresses": article.to, "CcAddresses": article.cc, "BccAddresses": article.bcc}
    tags = [{"Name": "outbox", "Value": f"{ticket.number}-{article.seq}"}]  # comes back in SES's events
    return asked(article.sent_from, lists, raw) | {"EmailTags": tags}


def asked(sender: Address, lists: dict[str, tuple[Address, ...]], raw: bytes) -> dict[str, Any]:
    request: dict[str, Any] = {
        "FromEmailAddress": wire_address(sender.email),
        "Destination": {name: [wire_address(each.email) for each in addresses] for name, addresses in lists.items()},
        "Content": {"Raw": {"Data": raw}},
    }
    if settings().configuration_set:
        request["ConfigurationSetName"] = settings().configuration_set
    return request


# -- what came of it


def left(ticket: Ticket, article: Article, due: Delivery, message_id: str, now: datetime) -> Article:
    try:
        outbox.mark_sent(ticket.number, article.seq, message_id, now)
    except table.Changed:
        # SES's own event was faster and has settled the article; answers must find it by the id all the same.
        table.put(outbox.message_item(message_id, ticket.number, article.seq, now))
    log.measure(MailsSent=1)
    return replace(article, delivery=Delivery(SENT, now, attempts=due.attempts + 1, message_id=message_id))


def refused(ticket: Ticket, article: Article, due: Delivery, error: Exception, now: datetime) -> Article:
    state = fate(error, article.kind in AUTOMATIC)
    if state == DUE:
        return later(ticket, article, due, reason(error), now)
    return settled(ticket, article, state, LOST if state == UNKNOWN else reason(error), now)


def fate(error: Exception, at_most_once: bool) -> str:
    """due: nothing has left; failed: nothing ever will; unknown: nobody can tell."""
    if isinstance(error, ClientError):
        if error.response["Error"].get("Code") in FOR_GOOD:
            return FAILED
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return UNKNOWN if at_most_once and status in DOUBTFUL else DUE
    if isinstance(error, ParamValidationError):
        return FAILED
    # Of botocore's errors these come up once the request is on its way; all others before (connecting, signing).
    return UNKNOWN if isinstance(error, (HTTPClientError, SSLError)) else DUE


def reason(error: Exception) -> str:
    """The mail service's own words, for the agent who looks into it."""
    told = error.response["Error"] if isinstance(error, ClientError) else {}
    words = (told.get("Code") or type(error).__name__, told.get("Message", ""))
    return ": ".join(filter(None, words))[:500]


def later(ticket: Ticket, article: Article, due: Delivery, why: str, now: datetime) -> Article:
    """Due again after 2, 4, 8, ... minutes, at most 64; given up after about a day."""
    attempts = due.attempts + 1
    if attempts >= MOST_ATTEMPTS:
        return settled(ticket, article, FAILED, why, now)
    again = now + WAIT * 2 ** min(attempts, 6)
    outbox.mark(ticket.number, article.seq, DUE, why, now, again)
    return replace(article, delivery=Delivery(DUE, now, why, not_before=again, attempts=attempts))


def settled(ticket: Ticket, article: Article, state: str, detail: str, now: datetime) -> Article:
    outbox.mark(ticket.number, article.seq, state, detail, now)
    log.event("mail_not_sent", ticket=ticket.number, article=article.seq, state=state)
    log.measure(**{{UNKNOWN: "SendUnknown", CANCELLED: "AnswersSilenced"}.get(state, "MailsNotSent"): 1})
    return replace(article, delivery=Delivery(state, now, detail))


# -- mail of no ticket


def send_plain(to: Address, subject: str, text: str, queue: Queue) -> bool:
    """At once and best effort; whether it left. Raises Refused for an address that is none."""
    sender = Address(queue.address, queue.sender_name or queue.name)
    raw = mime_out.plain(to, sender, subject, text, datetime.now(UTC))
    try:
        client().send_email(**asked(sender, {"ToAddresses": (to,)}, raw))
    except (BotoCoreError, ClientError) as error:
        log.event("mail_not_sent", error=type(error).__name__)
        return False
    return True
