"""Which automatic answer is due, and when to keep silent: a desk must never argue with a machine, nor shout at strangers.

Kinds and occasions are OTRS's (auto-response types); the guards are RFC 3834's.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib import threads, wire, wording
from chalicelib.article import DUE, EMAIL, SYSTEM, Address, Article, Delivery
from chalicelib.errors import Refused
from chalicelib.follow_up import LONG, Outcome, without_plus
from chalicelib.mail import Mail
from chalicelib.queues import AUTO_FOLLOW_UP, AUTO_REJECT, AUTO_REPLY, AUTO_REPLY_NEW_TICKET, Queue
from chalicelib.ticket import MERGED, REMOVED, Ticket

KINDS = {
    Outcome.NEW_TICKET: AUTO_REPLY,
    Outcome.FOLLOW_UP: AUTO_FOLLOW_UP,
    Outcome.NEW_AFTER_CLOSED: AUTO_REPLY_NEW_TICKET,
    Outcome.REJECTED: AUTO_REJECT,
}
# A number of a matter in the subject, as desks write it there: [Ticket#1234], [ABC-1234], (Case: 1234), Заявка №1234, or first of
# all INC0012345, #12345. Further on, the latter are customers' orders and errors.
NUMBERED = re.compile(
    r"[\[(][^\[\]()]{0,40}(?:#|№|[A-Z]-|: ?)\s?[0-9]{3,}[^\[\]()]{0,20}[\])]"
    r"|\A\s*(?:(?i:re|aw|fwd?)\s*:\s*)*(?:#\s?[0-9]{4,}|[A-Z]{2,8}-?[0-9]{4,}(?!\w))"
    r"|(?<!\w)(?i:ticket|case|request|incident|vorgang|anfrage|заявка|обращение|запрос|тикет)(?i: (?:id|no|nr))?\.?\s?[:#№-]?\s?[0-9]{3,}"
)
AGAIN = timedelta(hours=1)  # one automatic answer in a ticket: two desks without the marks of programs would never end


def due(
    outcome: Outcome, ticket: Ticket, mail: Mail, queue: Queue, own: Collection[str], hook: str, now: datetime
) -> Article | None:
    """The answer to a mail, as the ticket's next article; None: silence. `own` are the desk's addresses."""
    to = recipient(mail, own)
    if to is None or keeps_silent(mail) or not answerable(to.email, own):
        return None
    # Who is believed may still name anybody as the one to answer: he has asked for nothing, and reads nothing of the letter.
    proven = mail.authenticated and mail.sender is not None and to.email == mail.sender.email
    said = answer(outcome, ticket, to, queue, hook, now, trusted=proven)
    return said and replace(said, to_desk=from_a_desk(mail.subject))


def due_on_the_web(outcome: Outcome, ticket: Ticket, queue: Queue, hook: str, now: datetime) -> Article | None:
    """The same for what a customer, who has proven his mailbox, writes in the portal."""
    return answer(outcome, ticket, ticket.customer, queue, hook, now, trusted=True)


def recipient(mail: Mail, own: Collection[str]) -> Address | None:
    """Reply-To, but only of somebody who is who he says he is: else we could be made to write to anybody. Never the desk itself."""
    elsewhere = mail.reply_to and mail.authenticated and without_plus(mail.reply_to[0].email) not in own
    return mail.reply_to[0] if elsewhere else mail.sender


def keeps_silent(mail: Mail) -> bool:
    """Machines, lists, bounces, spam and viruses are not answered."""
    harmful = "fail" in (mail.verdicts.spam, mail.verdicts.virus)
    return harmful or mail.automatic or mail.is_list or mail.report is not None


def from_a_desk(subject: str) -> bool:
    """Who writes numbers of matters into subjects may be a desk like this one, which answers whatever we answer."""
    return bool(NUMBERED.search(subject))


def answerable(email: str, own: Collection[str]) -> bool:
    """Whether somebody is there who reads it, and not ourselves."""
    local, _, domain = email.partition("@")
    if wire.nobody_reads(email) or email in own or f"{local.partition('+')[0]}@{domain}" in own:
        return False
    try:
        return bool(wire.wire_address(email))
    except Refused:
        return False


def answer(
    outcome: Outcome, ticket: Ticket, to: Address, queue: Queue, hook: str, now: datetime, trusted: bool
) -> Article | None:
    kind = KINDS.get(outcome)
    texts = queue.auto_responses.get(kind or "")
    if kind is None or not texts or ticket.state in (MERGED, REMOVED) or ticket.article_count > LONG:
        return None
    if told_lately(ticket, outcome, now):
        return None
    if not trusted:
        # The fixed text: a stranger's words must not leave from our address to whomever he names (README 7).
        fixed = wording.FIXED_REJECT if kind == AUTO_REJECT else wording.FIXED
        subject, text = wording.chosen(fixed, ticket.language, number=ticket.number)
        subject, to = threads.new_subject(ticket.number, subject, hook), Address(to.email)
        return replace(mail_of(ticket, queue, to, subject, text, now, kind), wary=True)
    template = texts.get(ticket.language) or texts.get(queue.language) or next(iter(texts.values()))
    values = wording.values_of(ticket, queue)
    subject = wording.titled(wording.fill(template.subject, values), ticket.language, hook)
    subject = threads.reply_subject(ticket.number, subject, hook)
    text = wording.letter(queue, ticket, wording.fill(template.text, values))
    return mail_of(ticket, queue, to, subject, text, now, kind)


def told_lately(ticket: Ticket, outcome: Outcome, now: datetime) -> bool:
    """Whether the ticket has had its automatic answer. One from before it was closed does not tell that it is closed;
    and since people close tickets, machines cannot make us say so again and again."""
    if ticket.auto_at is None or now - ticket.auto_at >= AGAIN:
        return False
    return not (outcome == Outcome.REJECTED and ticket.closed_at and ticket.auto_at < ticket.closed_at)


def mail_of(ticket: Ticket, queue: Queue, to: Address, subject: str, text: str, now: datetime, subkind: str) -> Article:
    """The ticket's next article, due at once."""
    return Article(
        seq=ticket.article_count + 1,
        kind="auto",
        subkind=subkind,
        channel=EMAIL,
        sender=SYSTEM,
        sent_from=Address(queue.address, queue.sender_name or queue.name),
        to=(to,),
        subject=subject,
        text=text,
        at=now,
        references=ticket.thread,
        delivery=Delivery(DUE, now),
    )


def reminder(ticket: Ticket, queue: Queue, hook: str, now: datetime) -> Article:
    """To the customer, whose ticket is about to be closed; kept without being sent where he has no mailbox."""
    values = wording.values_of(ticket, queue) | {"date": wording.day(ticket.pending_until or now, ticket.language)}
    subject, text = wording.chosen(wording.CLOSING, ticket.language, **values)
    subject = threads.reply_subject(ticket.number, wording.titled(subject, ticket.language, hook), hook)
    to = ticket.answer_to or ticket.customer
    said = mail_of(ticket, queue, to, subject, wording.letter(queue, ticket, text), now, "")
    return replace(said, kind="reminder") if to.email else replace(said, kind="reminder", to=(), delivery=None)
