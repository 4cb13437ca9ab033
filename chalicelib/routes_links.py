"""What agents do with tickets that belong together: merge them, let people join, link them."""

from typing import Any

from chalice.app import Blueprint

from chalicelib import desk, desk_merge, shown
from chalicelib.article import Address
from chalicelib.config import config
from chalicelib.doors import AGENT, Asked, Door

blueprint = Blueprint(__name__)
door = Door(blueprint, AGENT)


def opened(asked: Asked, number: str) -> dict[str, Any]:
    return shown.ticket(desk.show(number, asked.by, asked.now), config().queues)


@door("POST", "/tickets/{number}/merge", body="Merge", answer="TicketShown", again=opened)
def merge(asked: Asked) -> dict[str, Any]:
    """Everything of this ticket goes into `into`, which is answered; this one leads there from now on."""
    kept = desk_merge.merge(asked.number, asked.body.into, asked.by, asked.now, asked.once)
    return opened(asked, kept.number)


@door("POST", "/tickets/{number}/participants", body="Person", answer="TicketShown", again=opened, loose=True)
def let_join(asked: Asked) -> dict[str, Any]:
    """He may join by mail from now on; what he wrote and waits with is merged in."""
    desk_merge.let_join(asked.number, Address(asked.body.email, asked.body.name), asked.by, asked.now)
    return opened(asked, asked.number)


@door("DELETE", "/tickets/{number}/participants/{email}", answer="TicketShown")
def send_away(asked: Asked) -> dict[str, Any]:
    """His mails no longer join this ticket."""
    desk_merge.send_away(asked.number, asked.values["email"].lower(), asked.by, asked.now)
    return opened(asked, asked.number)


@door("POST", "/tickets/{number}/links", body="LinkWanted", answer="TicketShown", again=opened, loose=True)
def link(asked: Asked) -> dict[str, Any]:
    """Says what the other ticket is to this one."""
    desk_merge.link(asked.number, asked.body.number, asked.body.kind, asked.by, asked.now)
    return opened(asked, asked.number)
