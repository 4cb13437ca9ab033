"""What becomes of a mail that an agent has sent: taken back before it leaves, let go, or sent once more."""

from dataclasses import replace
from datetime import datetime

from chalicelib import access, outbox, outgoing, store, table, ticket_undo
from chalicelib.access import Agent
from chalicelib.article import BOUNCED, CANCELLED, DUE, FAILED, UNKNOWN, Article, Delivery
from chalicelib.config import config
from chalicelib.errors import Conflict, NotFound
from chalicelib.history import Event
from chalicelib.mime_out import AUTOMATIC
from chalicelib.store import Once
from chalicelib.ticket import Ticket


def undo(number: str, seq: int, by: Agent, now: datetime) -> Article:
    """Stops a mail that has not left yet; the ticket is what it was before. Raises Conflict where it is too late."""

    def story() -> Article:
        before = store.ticket(number)
        access.check_write(by, before)
        article, delivery = mail_of(store.article(number, seq))
        if delivery.state == CANCELLED:
            return article
        if delivery.state != DUE:
            raise Conflict("This mail has left already.", "changed")
        after = ticket_undo.taken_back(before, article, config().queues[before.queue], now)
        stop = outbox.stopped(number, seq, by.login, now)
        store.save(before, after, by=by.login, now=now, also=[stop])
        return replace(article, delivery=Delivery(CANCELLED, now, outbox.stopped_by(by.login)))

    return table.insist(story)


def leave(number: str, seq: int, by: Agent, now: datetime) -> Article:
    """The seconds in which a mail can be undone are over: it leaves now, not when the minute comes round.

    Nothing that the minute would not do: what is held for longer, or has left, stays as it is. What waits for the customer's
    silence is judged by the minute alone.
    """
    found, said = store.ticket_and_article(number, seq)
    access.check_write(by, found)
    article, _ = mail_of(said)
    return article if article.unless_answered else outgoing.deliver(found, article, config().queues[found.queue], now)


def mail_of(article: Article | None) -> tuple[Article, Delivery]:
    if article is None or article.delivery is None:
        raise NotFound("There is no such mail in this ticket.")
    return article, article.delivery


def send_again(number: str, seq: int, by: Agent, now: datetime, once: Once | None = None) -> Article:
    """A mail that did not arrive, or of which nobody knows, leaves once more because an agent says so.

    Raises Conflict where it is not in such a state (any more). What the desk says by itself is said at most once.
    """

    def story() -> Ticket:
        before = store.ticket(number)
        access.check_write(by, before)
        article, delivery = mail_of(store.article(number, seq))
        if article.kind in AUTOMATIC:
            raise NotFound("There is no such mail in this ticket.")
        if delivery.state not in (UNKNOWN, FAILED, BOUNCED):
            raise Conflict(f"This mail is {delivery.state}; it need not be sent again.", "changed")
        told = store.told(before, Event("EmailResend", now, by.login, detail={"article": seq}))
        return store.save(
            before, before, by=by.login, now=now, also=[outbox.again(number, seq, by.login, now), told], once=once
        )

    after = table.insist(story)
    return outgoing.deliver(after, store.ticket_and_article(number, seq)[1], config().queues[after.queue], now)
