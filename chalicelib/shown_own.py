"""What customers are shown: visible articles, no notes, no agent's name or address, no history. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from chalicelib.article import AGENT, Article
from chalicelib.queues import Queue
from chalicelib.shown import Shown, attachments, in_bounds, instant, people, person
from chalicelib.ticket import Ticket


def own_row(packed: Mapping[str, Any]) -> Shown:
    kept = {name: packed[name] for name in ("number", "title", "state", "priority")}
    return kept | {"created": instant(packed["created"]), "changed": instant(packed["changed"])}


def own_ticket(found: Ticket, articles: Collection[Article], queue: Queue, agents: Collection[str]) -> Shown:
    """`agents` are the agents' addresses, which nobody outside is told."""
    return {
        "number": found.number,
        "title": found.title,
        "state": found.state,
        "priority": found.priority,
        "created": instant(found.created),
        "changed": instant(found.changed),
        "customer": person(found.customer),
        "articles": in_bounds([own_article(each, queue, agents) for each in articles]),
    }


def own_article(said: Article, queue: Queue, agents: Collection[str]) -> Shown:
    desk = {"name": queue.sender_name or queue.name, "email": queue.address}
    ours = said.sender == AGENT or said.sent_from.email in agents
    return {
        "id": said.id,
        "seq": said.seq,
        "kind": said.kind,
        "channel": said.channel,
        "sender": said.sender,
        "from": desk if ours else person(said.sent_from),
        "to": people([each for each in said.to if each.email not in agents]),
        "cc": people([each for each in said.cc if each.email not in agents]),
        "subject": said.subject,
        "text": said.text,
        "html": said.html,
        "fold": said.fold,
        "cut": False,
        "doubt": said.doubt or None,  # whoever is merged into his ticket is not he
        "attachments": attachments(said.attachments),
        "at": instant(said.at),
    }
