"""A customer helps himself: proves his mailbox, sees his tickets, answers and opens one. The same verbs as a mail."""

import hashlib
import hmac
import secrets
from datetime import datetime

from chalicelib import (
    access,
    auto_response,
    composing,
    files,
    language,
    lists,
    numbers,
    outgoing,
    records,
    store,
    table,
    ticket,
    undelivered,
    wording,
)
from chalicelib.access import Customer
from chalicelib.article import CUSTOMER, WEB, Address, Article, StoredFile
from chalicelib.config import config
from chalicelib.errors import Refused
from chalicelib.follow_up import Outcome, outcome
from chalicelib.lists import Row
from chalicelib.queues import Queue
from chalicelib.settings import settings
from chalicelib.store import Once
from chalicelib.table import Write
from chalicelib.ticket import Ticket

CODE_SECONDS = 900
CODES_AN_HOUR = 5
TRIES = 5


# -- proving a mailbox


def ask_code(email: str, language: str, now: datetime) -> None:
    """A one-time code goes to the mailbox. Says nothing about whether anybody is known there."""
    name = code_name(email)
    if not records.counter(f"code#{name}", CODES_AN_HOUR, now, 3600):
        return
    code = f"{secrets.randbelow(10**6):06d}"
    records.put_session(name, {"code": hashed(email, code), "email": email}, now, CODE_SECONDS)
    subject, text = wording.chosen(wording.CODE, language, code=code)
    outgoing.send_plain(Address(email), subject, text, portal_queue())


def prove(email: str, code: str, now: datetime) -> Customer:
    """Raises Refused(not_signed_in): a wrong code, an old one, or too many tries."""
    name = code_name(email)
    waiting = records.session(name, now)
    wrong = Refused("This code is not valid (any more). Ask for a new one.", code="not_signed_in")
    if waiting is None or not records.counter(f"try#{name}#{waiting['ends']}", TRIES, now, 86400):
        raise wrong
    if not hmac.compare_digest(waiting["code"], hashed(email, code)) or not records.drop_session(name):
        raise wrong
    known = table.get("CUSTOMERS", email)
    if known and "undeliverable" in known:
        table.transact([undelivered.unmark(email)])  # the code has reached him: the mailbox lives
    return Customer(email, str(known["name"]) if known else "")


def code_name(email: str) -> str:
    return f"code#{hashlib.sha256(email.encode()).hexdigest()}"


def hashed(email: str, code: str) -> str:
    return hmac.new(config().secret, f"{email}\n{code}".encode(), hashlib.sha256).hexdigest()


def portal_queue() -> Queue:
    """Where new tickets of the portal go: Support as seeded, else the default queue."""
    found = config().queues.get("support")
    return found if found and found.valid else config().default_queue


# -- own tickets


def tickets(by: Customer) -> list[Row]:
    """Without what is not his (access.check_own), and without merged ones: the old number still leads to the other."""
    rows = lists.customer_rows(by.email)
    return [row for row in rows if row["state"] not in ("merged", "removed") and not row.get("doubt")]


def show(number: str, by: Customer) -> tuple[Ticket, tuple[Article, ...]]:
    """The ticket with what is visible of it."""
    found = store.whole(number)
    access.check_own(by, found.ticket)
    if found.ticket.merged_into:
        return show(found.ticket.merged_into, by)
    return found.ticket, tuple(article for article in found.articles if access.shown_to_customer(article))


def attachment(number: str, seq: int, n: int, by: Customer) -> str:
    found, article = store.ticket_and_article(number, seq)
    access.check_own(by, found)
    if not access.shown_to_customer(article):
        raise access.no_ticket(number)
    return files.download_url(article.file(n))


# -- writing


def open_ticket(
    by: Customer, title: str, text: str, uploads: tuple[str, ...], now: datetime, once: Once | None = None
) -> Ticket:
    queue = portal_queue()

    def story() -> Ticket:
        number = numbers.make(settings().numbers, now, records.next_number, settings().system_id)
        opened = ticket.open_new(number, title, queue, Address(by.email, by.name), now, language.of(text))
        customer = Write({"pk": "CUSTOMERS", "sk": by.email, "name": by.name}, condition="attribute_not_exists(pk)")
        known = table.get("CUSTOMERS", by.email)
        return enter(None, opened, by, text, uploads, Outcome.NEW_TICKET, now, once, [] if known else [customer])

    return table.insist(story)


def write(
    number: str, by: Customer, text: str, uploads: tuple[str, ...], now: datetime, once: Once | None = None
) -> Ticket:
    """His answer, which opens a closed ticket again where the queue allows it."""

    def story() -> Ticket:
        before = store.ticket(number)
        access.check_own(by, before)
        queue = config().queues[before.queue]
        if before.merged_into:
            raise Refused(f"This ticket is now part of {before.merged_into}; please write there.")
        if before.state == "removed":
            raise Refused("This ticket takes no answers any more; please open a new one.")
        came_to = outcome(before, queue)
        if came_to != Outcome.FOLLOW_UP:
            raise Refused("Closed tickets of this queue take no answers; please open a new one.")
        after = ticket.follow_up(before, queue, now, owner_away=config().is_away(before.owner))
        return enter(before, ticket.spoken(after, language.of(text)), by, text, uploads, came_to, now, once, [])

    return table.insist(story)


def enter(
    before: Ticket | None,
    after: Ticket,
    by: Customer,
    text: str,
    uploads: tuple[str, ...],
    came_to: Outcome,
    now: datetime,
    once: Once | None,
    also: list[Write],
) -> Ticket:
    """The customer's words, the automatic answer that is due, one transaction, and the answer leaves."""
    queue = config().queues[after.queue]
    stored = composing.attached(by.email, uploads, after.number)
    said = [web_article(after, by, text, stored, now)]
    after = ticket.said(after, said[0])
    answer = auto_response.due_on_the_web(came_to, after, queue, settings().hook, now)
    if answer:
        said.append(answer)
        after = ticket.said(after, answer)
    saved = store.save(before, after, said, by="customer", now=now, also=also, once=once)
    if answer:
        outgoing.deliver(saved, answer, queue, now)
    return saved


def web_article(after: Ticket, by: Customer, text: str, stored: tuple[StoredFile, ...], now: datetime) -> Article:
    return Article(
        seq=after.article_count + 1,
        kind="web",
        channel=WEB,
        sender=CUSTOMER,
        sent_from=Address(by.email, by.name),
        subject=after.title,
        text=text,
        at=now,
        attachments=stored,
    )
