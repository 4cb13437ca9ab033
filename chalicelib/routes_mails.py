"""Mails that need somebody: those that could not be taken in, and those that have not left or not arrived."""

from typing import Any

from chalice.app import Blueprint

from chalicelib import cursors, desk, desk_files, desk_lists, shown
from chalicelib.article import Article
from chalicelib.config import config
from chalicelib.doors import AGENT, Asked, Door, Reply
from chalicelib.ticket import Ticket

blueprint = Blueprint(__name__)
door = Door(blueprint, AGENT)


def opened(asked: Asked, number: str) -> dict[str, Any]:
    return shown.ticket(desk.show(number, asked.by, asked.now), config().queues)


@door("GET", "/failed-mails", query="Listed", answer="FailedMails")
def failed_mails(asked: Asked) -> dict[str, Any]:
    """What could not be taken in, and why."""
    every = desk_files.failed_mails(asked.by)
    page, following = cursors.cut(every, lambda mail: mail.id, "failed", asked.query.limit, asked.query.cursor)
    listed = [{"id": mail.id, "at": shown.instant(mail.at), "reason": mail.reason, "size": mail.size} for mail in page]
    return {"failed_mails": listed, "next": following}


@door("GET", "/failed-mails/{mail}/raw", status=302)
def failed_raw(asked: Asked) -> Reply:
    """The object as SES put it."""
    return Reply(status=302, headers={"Location": desk_files.failed_raw(asked.values["mail"], asked.by)})


def retried(asked: Asked, number: str) -> dict[str, Any]:
    return {"done": True}


@door("POST", "/failed-mails/{mail}/retry", answer="Done", status=202, again=retried, loose=True)
def retry(asked: Asked) -> dict[str, Any]:
    """Tries to take it in once more."""
    desk_files.retry(asked.values["mail"], asked.by)
    return {"done": True}


@door("POST", "/failed-mails/{mail}/ticket", body="QueueWanted", answer="TicketShown", status=201, again=opened)
def ticket_of_failed(asked: Asked) -> dict[str, Any]:
    """Makes a ticket of a mail that cannot be read, with the mail as its file."""
    mail, queue = asked.values["mail"], asked.body.queue
    return opened(asked, desk.ticket_of_failed(mail, queue, asked.by, asked.now, asked.once).number)


@door("GET", "/outbox", query="Listed", answer="Outbox")
def outbox(asked: Asked) -> dict[str, Any]:
    """Mails that wait to leave, are on their way, or did not arrive, of tickets that are still open."""
    every = desk_lists.outbox_of(asked.by)
    page, following = cursors.cut(every, outbox_place, "outbox", asked.query.limit, asked.query.cursor)
    return {"mails": [shown.outbox_mail(*each, config().queues) for each in page], "next": following}


def outbox_place(each: tuple[Ticket, Article]) -> str:
    return f"{each[0].number} {each[1].seq:06d}"
