"""Tickets, articles and rows as JSON. Pure. What customers are shown is made apart from what agents are shown."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from typing import Any

from chalicelib import protection
from chalicelib.access import Agent
from chalicelib.article import Address, Article, Delivery, Reported, StoredFile
from chalicelib.history import Event
from chalicelib.queues import Queue
from chalicelib.ticket import Link, Ticket
from chalicelib.ticket_lock import Lock
from chalicelib.ticket_time import due_at

Shown = dict[str, Any]
Names = Mapping[str, Queue]  # queues by id: outside they are known by their full names
LARGEST_TEXTS = 4_000_000  # bytes; Lambda answers at most 6 MB, and quotes and line breaks grow in JSON


def instant(moment: datetime | str | None) -> str | None:
    """ISO 8601 in UTC, whole seconds, from a time or from the text of one in a packed row."""
    if moment is None:
        return None
    if isinstance(moment, str):
        return f"{moment[:19]}Z"
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def person(address: Address | Mapping[str, str]) -> Shown:
    if isinstance(address, Address):
        return {"name": address.name, "email": address.email}
    return {"name": address.get("name", ""), "email": address.get("email", "")}


def people(addresses: Collection[Address]) -> list[Shown]:
    return [person(address) for address in addresses]


def queue_name(queue: str, queues: Names) -> str:
    return queues[queue].name if queue in queues else queue


# -- rows


def row(packed: Mapping[str, Any], queues: Names, unread: bool | None = None) -> Shown:
    """A row as lists.py packs it (store.ROW)."""
    lock = packed["lock"]
    return {
        "number": packed["number"],
        "title": packed["title"],
        "queue": queue_name(packed["queue"], queues),
        "state": packed["state"],
        "priority": packed["priority"],
        "owner": packed["owner"],
        "responsible": packed["responsible"],
        "lock": lock and {**lock, "since": instant(lock["since"]), "until": instant(lock.get("until"))},
        "customer": person(packed["customer"]),
        "doubt": packed.get("doubt"),
        "created": instant(packed["created"]),
        "changed": instant(packed["changed"]),
        "closed_at": instant(packed["closed_at"]),
        "due": due(instant(packed["due"])),
        "pending_until": instant(packed["pending_until"]),
        "unread": bool(packed.get("unread") if unread is None else unread),
        "article_count": packed["article_count"],
        "last_customer_seq": packed["last_customer_seq"],
        "tags": packed["tags"],
        "time_units": packed["time_units"],
        "version": packed["version"],
    }


def due(following: str | None) -> Shown:
    """Promised times are not kept yet; `next` is when time has something to do: a reminder, a closing, a lock's end."""
    return {"first_response": None, "update": None, "solution": None, "next": following}


def ticket_row(ticket: Ticket, queues: Names, unread: bool = False) -> Shown:
    """A ticket as its row."""
    return {
        "number": ticket.number,
        "title": ticket.title,
        "queue": queue_name(ticket.queue, queues),
        "state": ticket.state,
        "priority": ticket.priority,
        "owner": ticket.owner,
        "responsible": ticket.responsible,
        "lock": lock(ticket.lock),
        "customer": person(ticket.customer),
        "doubt": ticket.doubt or None,
        "created": instant(ticket.created),
        "changed": instant(ticket.changed),
        "closed_at": instant(ticket.closed_at),
        "due": due(instant(next_due(ticket, queues))),
        "pending_until": instant(ticket.pending_until),
        "unread": unread,
        "article_count": ticket.article_count,
        "last_customer_seq": ticket.last_customer_seq,
        "tags": list(ticket.tags),
        "time_units": ticket.time_units,
        "version": ticket.version,
    }


def next_due(ticket: Ticket, queues: Names) -> datetime | None:
    return due_at(ticket, queues[ticket.queue]) if ticket.queue in queues else None


def lock(held: Lock | None) -> Shown | None:
    if held is None:
        return None
    return {"agent": held.agent, "epoch": held.epoch, "since": instant(held.since), "until": instant(held.until)}


# -- a ticket, for agents


def ticket(found: Any, queues: Names) -> Shown:
    """A store.Whole with everything in it."""
    whole = found.ticket
    return ticket_row(whole, queues) | {
        "language": whole.language,
        "answer_to": person(whole.answer_to) if whole.answer_to else None,
        "participants": sorted(whole.participants),
        "aside": sorted(whole.aside),
        "previous_owner": whole.previous_owner,
        "fields": dict(whole.fields),
        "service": whole.service,
        "sla": whole.sla,
        "articles": in_bounds([article(each) for each in found.articles]),
        "history": [event(each, queues) for each in found.history],
        "links": [link(each, found.linked.get(each.number), queues) for each in found.links],
        "merged_into": whole.merged_into,
        "drafts": [draft(each) for each in found.drafts],
    }


def link(to: Link, other: Ticket | None, queues: Names) -> Shown:
    return asdict(to) | {"doubt": to.doubt or None, "other": other and linked(other, queues)}


def linked(other: Ticket, queues: Names) -> Shown:
    """Enough to judge what a link leads to."""
    queue, customer = queue_name(other.queue, queues), person(other.customer)
    return {"title": other.title, "state": other.state, "queue": queue, "customer": customer}


def article(said: Article) -> Shown:
    return {
        "id": said.id,
        "seq": said.seq,
        "kind": said.kind,
        "subkind": said.subkind,
        "doubt": said.doubt or None,
        "channel": said.channel,
        "sender": said.sender,
        "from": person(said.sent_from),
        "to": people(said.to),
        "cc": people(said.cc),
        "bcc": people(said.bcc),
        "subject": said.subject,
        "text": said.text,
        "html": said.html,
        "fold": said.fold,
        "blocked": said.blocked,
        "protection": protection.of(said),
        "incomplete": said.incomplete,
        "cut": False,
        "visible": said.visible,
        "automatic": said.automatic,
        "attachments": attachments(said.attachments),
        "at": instant(said.at),
        "by": said.by,
        "time_units": said.time_units,
        "delivery": delivery(said.delivery),
        "report": report(said.report),
        "unless_answered": said.unless_answered,
        "key": said.key or None,
        "raw": said.mail_key is not None,
    }


def in_bounds(articles: list[Shown]) -> list[Shown]:
    """All articles, of which the older ones are shortened where they would make the answer larger than it may be."""
    room = LARGEST_TEXTS
    for each in reversed(articles):
        room -= sum(len((each[name] or "").encode(errors="replace")) for name in ("text", "html"))
        if room < 0:
            each |= {"html": None, "text": each["text"][:2000], "cut": True}
    return articles


def attachments(files: Collection[StoredFile]) -> list[Shown]:
    return [
        {
            "n": n,
            "filename": file.filename,
            "content_type": file.content_type,
            "size": file.size,
            "inline": file.inline,
            "content_id": file.content_id,
            "quarantined": file.quarantined,
            "link_until": instant(file.link_until),
        }
        for n, file in enumerate(files, start=1)
    ]


def delivery(told: Delivery | None) -> Shown | None:
    if told is None:
        return None
    not_before = instant(told.not_before)
    return {"state": told.state, "at": instant(told.at), "detail": told.detail, "not_before": not_before}


def report(told: Reported | None) -> Shown | None:
    if told is None:
        return None
    of = None if told.of is None else str(told.of)
    return {"kind": told.kind, "of": of, "recipients": [asdict(each) for each in told.recipients]}


def customer(found: Mapping[str, Any]) -> Shown:
    mark = found["undeliverable"]
    return person(found) | {"undeliverable": mark and mark | {"at": instant(mark["at"])}}


def outbox_mail(of: Ticket, said: Article, queues: Names) -> Shown:
    return {
        "number": of.number,
        "title": of.title,
        "queue": queue_name(of.queue, queues),
        "article": said.id,
        "kind": said.kind,
        "to": people(said.to),
        "subject": said.subject,
        "delivery": delivery(said.delivery),
        "stays": said.stays(of.last_customer_seq),
    }


def event(happened: Event, queues: Names) -> Shown:
    old, new, detail = happened.old, happened.new, dict(happened.detail)
    if happened.name == "queue":
        old, new = queue_name(str(old), queues), queue_name(str(new), queues)
    if "queue" in detail:
        detail["queue"] = queue_name(str(detail["queue"]), queues)
    said = {"type": happened.type, "at": instant(happened.at), "by": happened.by, "name": happened.name}
    return said | {"old": old, "new": new, "detail": detail}


def draft(kept: Any) -> Shown:
    return {"kind": kept.kind, "at": instant(kept.at), "body": kept.body}


# -- agents and queues


def me(by: Agent, queues: list[str]) -> Shown:
    known = {"login": by.login, "name": by.name, "role": by.role, "queues": queues}
    return known | {"language": by.language, "out_of_office": by.out_of_office}


def agent(found: Agent, queues: Names) -> Shown:
    return {
        "login": found.login,
        "name": found.name,
        "email": found.email,
        "role": found.role,
        "rights": {queue_name(queue, queues): right for queue, right in found.rights.items()},
        "language": found.language,
        "out_of_office": found.out_of_office,
        "valid": found.valid,
    }


def queue(found: Queue) -> Shown:
    """All fields of the queue, as an administrator sets them."""
    return {each.name: plain(getattr(found, each.name)) for each in fields(Queue)}


def plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    return value.isoformat() if isinstance(value, date) else value
