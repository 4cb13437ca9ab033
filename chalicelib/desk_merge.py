"""An agent brings together what belongs together: merges tickets, lets somebody join, links one ticket to another."""

from dataclasses import replace
from datetime import datetime

from chalicelib import access, merging, store, table, taking_part
from chalicelib.access import Agent
from chalicelib.article import Address
from chalicelib.config import config
from chalicelib.errors import NotFound, Refused
from chalicelib.store import Once, Whole
from chalicelib.ticket import MERGED, REMOVED, Link, Ticket


def merge(number: str, into: str, by: Agent, now: datetime, once: Once | None = None) -> Ticket:
    """Everything of the one goes into the other, which is answered. Raises Refused, Conflict(locked, changed)."""

    def story() -> Ticket:
        lost, kept = writable(number, by), target(into, by)
        return merging.merge(lost, kept, by.login, now, once)

    return table.insist(story)


def writable(number: str, by: Agent) -> Whole:
    found = store.whole(number)
    access.check_write(by, found.ticket)
    return found


def target(number: str, by: Agent) -> Whole:
    """The other ticket of the two. One that she may not see is not there, as one that does not exist."""
    try:
        return writable(number, by)
    except NotFound as error:
        raise Refused(error.message, code="malformed", fields={"number": error.message}) from error


# -- who takes part


def let_join(number: str, person: Address, by: Agent, now: datetime) -> Ticket:
    """He may join by mail from now on; a ticket of his that waits for approval is merged in."""

    def story() -> Ticket:
        found = writable(number, by)
        before = checked(found.ticket)
        if person.email in before.participants:
            return before
        if person.email in config().addresses:
            raise Refused("This is an address of the desk itself.", code="malformed")
        if len(before.participants) >= taking_part.MOST:
            raise Refused(f"A ticket has at most {taking_part.MOST} participants.", code="malformed")
        after = replace(before, participants=before.participants | {person.email}, changed=now)
        return store.save(before, after, by=by.login, now=now)

    joined = table.insist(story)
    for link in store.whole(number).links:
        waits = link.back and link.kind == "waiting" and link.email == person.email
        if waits and may_give_up(store.ticket(link.number), by):
            joined = merge(link.number, number, by, now)
    return joined


def may_give_up(waiting: Ticket, by: Agent) -> bool:
    """What has been merged elsewhere, or is not hers, stays where it is: its writer joins all the same."""
    return waiting.state not in (MERGED, REMOVED) and access.may_write(by, waiting.queue)


def send_away(number: str, email: str, by: Agent, now: datetime) -> Ticket:
    """His mails no longer join; the customer himself always may."""

    def story() -> Ticket:
        before = checked(writable(number, by).ticket)
        if email == before.customer.email:
            raise Refused("This is the ticket's customer.", code="malformed")
        if email not in before.participants:
            raise NotFound(f"{email} does not take part in this ticket.")
        left, aside = before.participants - {email}, before.aside - {email}
        after = replace(before, participants=left, aside=aside, changed=now)
        return store.save(before, after, by=by.login, now=now)

    return table.insist(story)


def checked(ticket: Ticket) -> Ticket:
    if ticket.state in (MERGED, REMOVED):
        raise Refused(f"This ticket is {ticket.state} and cannot be changed.")
    return ticket


# -- links


def link(number: str, other: str, kind: str, by: Agent, now: datetime) -> Ticket:
    """`kind` is what the other one is to this one: normal, parent or child."""

    def story() -> Ticket:
        before, there = checked(writable(number, by).ticket), target(other, by).ticket
        if number == other:
            raise Refused("A ticket cannot be linked to itself.", code="malformed")
        link = Link(other, kind)
        if link in before.links:
            return before
        after = replace(before, links=(*before.links, link), changed=now)
        back = store.link_back(there.number, Link(number, kind, email=before.customer.email, doubt=before.doubt), now)
        return store.save(before, after, by=by.login, now=now, also=[back])

    return table.insist(story)
