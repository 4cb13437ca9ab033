"""An agent works: takes a ticket, answers, notes, moves, closes. Each story: load, judge, save, send."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib import (
    access,
    composing,
    files,
    follow_up,
    language,
    log,
    notes,
    numbers,
    outgoing,
    records,
    store,
    table,
    taking_part,
    ticket,
    ticket_lock,
    ticket_undo,
    wording,
)
from chalicelib.access import Agent
from chalicelib.article import EMAIL, Address, Article
from chalicelib.composing import NewTicket, Saying
from chalicelib.config import config
from chalicelib.errors import Conflict, NotFound, Refused
from chalicelib.queues import Queue
from chalicelib.settings import settings
from chalicelib.store import Draft, Once, Whole
from chalicelib.table import Write
from chalicelib.ticket import Link, Ticket

# -- looking


def show(number: str, by: Agent, now: datetime) -> Whole:
    """The ticket with everything in it; from now on `by` has seen it. Drafts of others are not shown.

    Nor is a draft that has been said: its dropping may have been lost with the answer, or a late save may have overtaken it.
    """
    found = store.whole(number)
    access.check_read(by, found.ticket)
    records.see(by.login, number, found.ticket.article_count, now)
    said = {article.key for article in found.articles if article.key and article.by == by.login}
    drafts = tuple(each for each in found.drafts if each.agent == by.login and each.body.get("key") not in said)
    links = tuple(link_for(link, found.ticket, by) for link in found.links)
    return replace(found, drafts=drafts, links=links, linked=linked(links, by) if links else {})


def linked(links: tuple[Link, ...], by: Agent) -> dict[str, Ticket]:
    """The other tickets, of which `by` may read the queue; of all others she has the number alone.

    A further read, because a link cannot keep what it leads to: title, state, customer and the queue by which it is judged who
    may know them change there. One BatchGetItem for all, and only where there are links; what is beyond a hundred stays a number.
    """
    numbers = list(dict.fromkeys(link.number for link in links))[: store.MOST_LINKS]
    return {number: other for number, other in store.tickets(numbers).items() if access.may_read(by, other.queue)}


def link_for(link: Link, of: Ticket, by: Agent) -> Link:
    """Whose the other ticket is, only those who may work everywhere are told, or it is a participant of this one anyway."""
    known = by.role == access.ADMIN or link.kind == "waiting" or link.email in of.participants
    return link if known else replace(link, email="")


def writable(number: str, by: Agent) -> tuple[Ticket, Queue]:
    found = store.ticket(number)
    access.check_write(by, found)
    return found, config().queues[found.queue]


# -- the lock


def lock(number: str, by: Agent, takeover: bool, now: datetime) -> Ticket:
    """Taken or renewed; with `takeover` from whoever holds it, which the history tells. Raises Conflict(locked)."""

    def story() -> Ticket:
        before, queue = writable(number, by)
        after = ticket_lock.lock(before, by.login, queue, now, takeover)
        log.measure(LocksTakenOver=int(takeover and ticket_lock.held_by_another(before, by.login, now)))
        return store.save(before, after, by=by.login, now=now)

    return table.insist(story)


def unlock(number: str, by: Agent, takeover: bool, now: datetime) -> Ticket:
    def story() -> Ticket:
        before, _ = writable(number, by)
        after = ticket_lock.release(before, by.login, now, takeover)
        return before if after is before else store.save(before, after, by=by.login, now=now)

    return table.insist(story)


def give_back(number: str, by: Agent, epoch: int, now: datetime) -> Ticket:
    """The composer was left empty: the lock that it took goes, unless words stand in any of her windows. Never refused.

    A further read, of her drafts here: another window of hers may have them, and must not lose its lock.
    """

    def story() -> Ticket:
        before, _ = writable(number, by)
        if not ticket_lock.unused(before, by.login, epoch) or any(map(has_words, records.drafts(number, by.login))):
            return before
        return store.save(before, ticket_lock.give_back(before, now), by=by.login, now=now)

    return table.insist(story)


def has_words(draft: Draft) -> bool:
    return bool(str(draft.body.get("text") or "").strip() or draft.body.get("files"))


# -- saying something


def say(number: str, by: Agent, saying: Saying, now: datetime, once: Once | None = None) -> tuple[Ticket, Article]:
    """A reply, forward, note or phone call. Raises Conflict (lock_lost, newer_article, locked), Refused.

    Nothing is written when it is refused: the draft stays.
    """
    kept: dict[str, Any] = {}

    def story() -> tuple[Ticket, Article]:
        before, queue = writable(number, by)
        spoken = ticket.spoken(before, language.of(saying.text) if saying.kind in ("reply", "phone") else None)
        after = judged(spoken, by, saying, queue, now)
        original = quoted(number, saying) if saying.quote else None
        if "files" not in kept:
            kept["files"] = composing.attached(by.login, saying.attachments, number)
        article = composing.article(spoken, by, saying, queue, kept["files"], now, original)
        article = replace(article, key=once.key) if once else article
        after = ticket.said(after, article)
        if article.delivery:
            after = taking_part.written_to(after, article, config().addresses, config().agents_addresses)
        if article.delivery and article.delivery.not_before:
            article = replace(article, changed=ticket_undo.remembered(before, after))
        return store.save(before, after, [article], by=by.login, now=now, once=once), article

    after, article = table.insist(story)
    if article.delivery:
        article = outgoing.deliver(after, article, config().queues[after.queue], now)
    return after, article


def quoted(number: str, saying: Saying) -> Article:
    """A second read, for the few words that are quoted. What the other side must not see is not there to be quoted.

    A letter that is kept from the customer may be handed on, a note never.
    """
    found = store.article(number, saying.quote or 0)
    handed_on = found is not None and saying.kind == "forward" and found.channel == EMAIL
    if found is None or not (handed_on or access.shown_to_customer(found)):
        raise Refused(
            "This article cannot be quoted.", code="malformed", fields={"quote": "no article that may be quoted"}
        )
    return found


def judged(before: Ticket, by: Agent, saying: Saying, queue: Queue, now: datetime) -> Ticket:
    """The ticket after the article, or the reason why it may not be said."""
    if before.merged_into:
        raise Refused(f"This ticket has been merged into {before.merged_into}; please write there.")
    if saying.kind in ("reply", "forward"):
        if saying.epoch is None or saying.seen is None:
            raise Refused("A reply needs the epoch of your lock and the last article you have seen.", code="malformed")
        ticket_lock.may_answer(before, by.login, saying.epoch, saying.seen, saying.mind_own)
    if saying.kind == "reply":
        after = ticket.answered(before, queue, now, saying.next_state, saying.pending_until, saying.send_after)
        to_him = not saying.to or before.customer.email in [each.email for each in saying.to]
        return ticket.known_to(after, before.customer.email) if to_him else after
    changes = {"state": saying.next_state, "pending_until": saying.pending_until}
    wanted = {name: value for name, value in changes.items() if value is not None}
    return ticket.change(before, by.login, wanted, queue, now) if wanted else before


# -- drafts


def draft(number: str, by: Agent, kind: str, body: dict[str, Any], now: datetime) -> Draft:
    writable(number, by)
    kept = Draft(by.login, kind, now, body)
    records.put_draft(number, kept)
    return kept


def drop_draft(number: str, by: Agent, kind: str) -> None:
    writable(number, by)
    records.drop_draft(number, by.login, kind)


# -- opening and changing


def open_ticket(by: Agent, new: NewTicket, now: datetime, once: Once | None = None) -> tuple[Ticket, Article]:
    queue = config().queue_named(new.queue)
    if queue is None or not queue.valid or not access.may_read(by, queue.id):
        raise Refused(f"There is no queue “{new.queue}”.", code="malformed")
    access.check_queue(by, queue.id)
    check_owner(new.owner, queue)
    check_outside(new.customer)

    def story() -> tuple[Ticket, Article]:
        number = numbers.make(settings().numbers, now, records.next_number, settings().system_id)
        opened = first_state(number, new, queue, now)
        files = composing.attached(by.login, new.attachments, number)
        article = composing.first_article(opened, by, new, queue, files, now)
        after = ticket.said(opened, article)
        if article.delivery:
            after = taking_part.written_to(after, article, config().addresses, config().agents_addresses)
        if article.delivery and article.delivery.not_before:
            article = replace(article, changed=ticket_undo.remembered(opened, after))
        also = [records.known_as(new.customer)]
        return store.save(None, after, [article], by=by.login, now=now, also=also, once=once), article

    after, article = table.insist(story)
    if article.delivery:
        article = outgoing.deliver(after, article, queue, now)
    return after, article


def first_state(number: str, new: NewTicket, queue: Queue, now: datetime) -> Ticket:
    told = language.of(new.text, new.title)
    opened = ticket.open_new(number, new.title, queue, new.customer, now, told)
    # The queue's days begin when the letter leaves: a ticket must not be closed before it.
    leaves = new.send_after if new.channel == EMAIL and new.send_after and new.send_after > now else now
    opened = ticket.into_state(opened, new.state or ticket.OPEN, new.pending_until, leaves, queue)
    return replace(opened, changed=now, priority=new.priority or queue.priority, owner=new.owner)


def check_outside(customer: Address) -> None:
    """The desk does not write to itself: the letter would come in again and open a ticket of its own."""
    if follow_up.without_plus(customer.email) in config().addresses:
        raise Refused(f"{customer.email} is an address of this desk.", code="malformed", why="own_address")


def ticket_of_failed(mail_id: str, queue_name: str, by: Agent, now: datetime, once: Once | None = None) -> Ticket:
    """A mail that the desk cannot read becomes a ticket that a person reads. Raises NotFound, Refused."""
    queue, failed = target(queue_name), records.failed_mail(mail_id)
    access.check_queue(by, queue.id)
    if failed is None:
        # Its row goes last but one, after the mail is safe elsewhere: what is left is what a crash has left.
        files.delete(f"failed/{mail_id}")
        raise NotFound("There is no such failed mail.")
    files.copy(f"failed/{mail_id}", f"mail/{mail_id}")

    def story() -> Ticket:
        number = numbers.make(settings().numbers, now, records.next_number, settings().system_id)
        subject, text = wording.chosen(wording.UNREADABLE, queue.language, reason=failed.reason)
        opened = ticket.open_new(number, subject, queue, Address(""), now)
        article = notes.unreadable(mail_id, failed.size, queue, subject, text, now)
        # The row goes with the ticket, so that of two clicks one finds it gone.
        row = Write(key=("F", mail_id), condition="attribute_exists(pk)")
        return store.save(None, ticket.said(opened, article), [article], by=by.login, now=now, also=[row], once=once)

    made = table.insist(story)
    files.delete(f"failed/{mail_id}")
    return made


def change(number: str, by: Agent, version: int, changes: Mapping[str, Any], now: datetime) -> Ticket:
    """Fields of the ticket; `queue` by its full name. Raises Conflict: `changed` by another version, `locked`."""
    before, queue = writable(number, by)
    if before.version != version:
        raise Conflict("Somebody has changed this ticket since you opened it.", "changed", ticket=before)
    wanted = dict(changes)
    if "queue" in wanted:
        # Whoever may write in a ticket's queue may hand it on to any other, also to one that she does not see.
        queue = target(str(wanted["queue"]))
        wanted["queue"] = queue.id
    check_owner(wanted.get("owner"), queue)
    check_owner(wanted.get("responsible"), queue)
    after = ticket.change(before, by.login, wanted, queue, now)
    try:
        return store.save(before, after, by=by.login, now=now)
    except table.Changed as error:
        raise Conflict("Somebody was faster.", "changed", ticket=store.ticket(number)) from error


def target(name: str) -> Queue:
    found = config().queue_named(name)
    if found is None or not found.valid:
        raise Refused(f"There is no queue “{name}”.", code="malformed")
    return found


def check_owner(login: str | None, queue: Queue) -> None:
    agent = config().agents.get(login or "")
    if login and (agent is None or not agent.valid or not access.may_write(agent, queue.id)):
        raise Refused(f"{login} cannot work in the queue {queue.name}.", code="malformed")
