"""Which automatic answer is due, and when to keep silent: a desk must never argue with a machine, nor shout at strangers.

Kinds and occasions are OTRS's (auto-response types); the guards are RFC 3834's.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from chalicelib import threads, wording
from chalicelib.article import DUE, EMAIL, SYSTEM, Address, Article, Delivery
from chalicelib.follow_up import Outcome
from chalicelib.mail import Mail
from chalicelib.queues import AUTO_FOLLOW_UP, AUTO_REJECT, AUTO_REPLY, AUTO_REPLY_NEW_TICKET, Queue
from chalicelib.ticket import Ticket

KINDS = {
    Outcome.NEW_TICKET: AUTO_REPLY,
    Outcome.FOLLOW_UP: AUTO_FOLLOW_UP,
    Outcome.NEW_AFTER_CLOSED: AUTO_REPLY_NEW_TICKET,
    Outcome.REJECTED: AUTO_REJECT,
}
# Mailboxes behind which nobody reads (OTRS SendNoAutoResponseRegExp, and those of our days).
NOBODY = re.compile(r"(mailer-daemon|postmaster|abuse|no-?reply|do-?not-?reply|bounces?|noreply-.*)@", re.IGNORECASE)
MAILBOX = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\"]+|[^@\s<>,;\"]+@localhost")


def due(
    outcome: Outcome, ticket: Ticket, mail: Mail, queue: Queue, own: Collection[str], hook: str, now: datetime
) -> Article | None:
    """The answer to a mail, as the ticket's next article; None: silence. `own` are the desk's addresses."""
    to = recipient(mail)
    if to is None or mail.automatic or mail.verdicts.spam == "fail" or not answerable(to.email, own):
        return None
    return answer(outcome, ticket, to, queue, hook, now, trusted=mail.authenticated)


def due_on_the_web(outcome: Outcome, ticket: Ticket, queue: Queue, hook: str, now: datetime) -> Article | None:
    """The same for what a customer, who has proven his mailbox, writes in the portal."""
    return answer(outcome, ticket, ticket.customer, queue, hook, now, trusted=True)


def recipient(mail: Mail) -> Address | None:
    """Reply-To, but only of somebody who is who he says he is: else we could be made to write to anybody."""
    return mail.reply_to[0] if mail.reply_to and mail.authenticated else mail.sender


def answerable(email: str, own: Collection[str]) -> bool:
    local, _, domain = email.partition("@")
    bare = f"{local.partition('+')[0]}@{domain}"
    return bool(MAILBOX.fullmatch(email)) and not NOBODY.match(email) and bare not in own and email not in own


def answer(
    outcome: Outcome, ticket: Ticket, to: Address, queue: Queue, hook: str, now: datetime, trusted: bool
) -> Article | None:
    kind = KINDS.get(outcome)
    texts = queue.auto_responses.get(kind or "")
    if kind is None or not texts:
        return None
    template = texts.get(ticket.language) or texts.get(queue.language) or next(iter(texts.values()))
    values = wording.values_of(ticket, queue)
    if trusted:
        subject, text = wording.fill(template.subject, values), wording.fill(template.text, values)
        text = wording.letter(queue, ticket, text)
    else:
        # The fixed text: a stranger's subject must not leave from our address to whomever he names (README 7).
        subject, text = wording.chosen(wording.FIXED, ticket.language, **values)
        to = Address(to.email)
    return mail_of(ticket, queue, to, subject, text, hook, now, kind)


def mail_of(
    ticket: Ticket, queue: Queue, to: Address, subject: str, text: str, hook: str, now: datetime, subkind: str
) -> Article:
    return Article(
        seq=ticket.article_count + 1,
        kind="auto",
        subkind=subkind,
        channel=EMAIL,
        sender=SYSTEM,
        sent_from=Address(queue.address, queue.sender_name or queue.name),
        to=(to,),
        subject=threads.new_subject(ticket.number, subject, hook),
        text=text,
        at=now,
        references=ticket.thread,
        delivery=Delivery(DUE, now),
    )


def reminder(ticket: Ticket, queue: Queue, hook: str, now: datetime) -> Article:
    """To the customer, whose ticket is about to be closed."""
    closing = f"{ticket.pending_until:%d.%m.%Y}" if ticket.pending_until else ""
    subject, text = wording.chosen(wording.CLOSING, ticket.language, date=closing, **wording.values_of(ticket, queue))
    to = ticket.answer_to or ticket.customer
    said = mail_of(ticket, queue, to, subject, wording.letter(queue, ticket, text), hook, now, "")
    return replace(said, kind="reminder")
