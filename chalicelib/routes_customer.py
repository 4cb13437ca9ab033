"""The portal: a customer's own tickets, and nothing else."""

from typing import Any

from chalice.app import Blueprint

from chalicelib import counter, cursors, files, shown_own
from chalicelib.article import CUSTOMER as BY_CUSTOMER
from chalicelib.config import config
from chalicelib.doors import CUSTOMER, Asked, Door, Reply

blueprint = Blueprint(__name__)
door = Door(blueprint, CUSTOMER)


@door("GET", "/portal/tickets", query="Listed", answer="OwnTickets", etag=True)
def tickets(asked: Asked) -> dict[str, Any]:
    """My tickets, newest first."""
    rows, query = counter.tickets(asked.by), asked.query
    of = f"own {asked.by.email}"
    page, following = cursors.cut(rows, lambda row: str(row["number"]), of, query.limit, query.cursor)
    return {"tickets": [shown_own.own_row(row) for row in page], "next": following}


@door("GET", "/portal/tickets/{number}", answer="OwnTicket", etag=True)
def ticket(asked: Asked) -> dict[str, Any]:
    """My ticket with what is visible of it."""
    return opened(asked, asked.number)


def opened(asked: Asked, number: str) -> dict[str, Any]:
    found, articles = counter.show(number, asked.by)
    return shown_own.own_ticket(found, articles, config().queues[found.queue], config().agents_addresses)


@door("POST", "/portal/tickets", body="OwnNewTicket", answer="OwnTicket", status=201, again=opened)
def open_ticket(asked: Asked) -> dict[str, Any]:
    """The same as a letter."""
    body = asked.body
    made = counter.open_ticket(asked.by, body.title, body.text, body.attachments, asked.now, asked.once)
    return opened(asked, made.number)


def written(asked: Asked, number: str) -> dict[str, Any]:
    """What I said last in the portal."""
    found, articles = counter.show(number, asked.by)
    mine = [each for each in articles if (each.channel, each.sender) == ("web", BY_CUSTOMER)]
    return shown_own.own_article(mine[-1], config().queues[found.queue], config().agents_addresses)


@door("POST", "/portal/tickets/{number}/articles", body="OwnWords", answer="OwnArticle", status=201, again=written)
def write(asked: Asked) -> dict[str, Any]:
    """My answer; a closed ticket opens again where its queue allows it."""
    counter.write(asked.number, asked.by, asked.body.text, asked.body.attachments, asked.now, asked.once)
    return written(asked, asked.number)


@door("POST", "/portal/uploads", body="UploadWanted", answer="UploadForm", status=201)
def upload(asked: Asked) -> dict[str, Any]:
    """A form to post one file with."""
    return files.upload_form(asked.by.email, asked.body.filename, asked.body.content_type, asked.body.size)


@door("GET", "/portal/tickets/{number}/articles/{article}/attachments/{n}", status=302)
def attachment(asked: Asked) -> Reply:
    """A short-lived download of a file in my ticket."""
    url = counter.attachment(asked.number, asked.seq, int(asked.values["n"]), asked.by)
    return Reply(status=302, headers={"Location": url})
