"""A ticket as the documents of the index: one for each article, one for itself with its facts, one for each piece of work.

Always all of them anew, from the ticket as it is: told twice, late or out of order it comes to the same.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib import ticket_time, working_time
from chalicelib.access import meant_for_customer
from chalicelib.article import AGENT, CANCELLED, CUSTOMER, SAME_LETTER, Article
from chalicelib.history import SYSTEM, Event
from chalicelib.mime_out import AUTOMATIC
from chalicelib.queues import Queue
from chalicelib.ticket import ENDED, STATE_TYPES, Ticket

Document = dict[str, Any]
Articles = Sequence[Article]  # oldest first
Texts = Mapping[str, str]  # what is written in the attachments, by their keys

ARTICLE, TICKET, WORK = 1, 2, 3  # kinds of documents
LONGEST_SORTED = 14  # characters of a title or a name that its place in a list depends on
MOST_TOPICS = 12  # words of a title that topics are counted by
SHORTEST_TOPIC = 4
LONGEST_BODY = 200_000  # characters of an article that are searched: a letter of that length is a log file
NOBODY = "-"  # the owner of what nobody owns
EPOCH = date(1970, 1, 1).toordinal()
WORD = re.compile(r"[^\W\d_]+")


def of(
    ticket: Ticket, articles: Articles, history: Iterable[Event], queue: Queue, zone: ZoneInfo, texts: Texts
) -> list[Document]:
    """What the index shall hold of this ticket. A merged one is found as its survivor, a removed one not at all."""
    if ticket.state_type in ("merged", "removed"):
        return []
    shared = fields(ticket, queue)
    said = [article(shared, each, ticket, texts) for each in articles if not by_rote(each)]
    facts = itself(shared, ticket, articles) | times(ticket, articles, queue, zone) | turns(history)
    worked = [work(shared, each, zone) for each in articles if each.sender == AGENT and each.by]
    return [*said, filled(facts), *worked]


def by_rote(said: Article) -> bool:
    """Automatic answers say the same in every ticket: their words would find all of them, and stand before those of the customer."""
    return said.kind in AUTOMATIC


def filled(found: Document) -> Document:
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def key(number: str) -> int:
    """48 bits: among a million tickets two with the same key are one chance in 500, and then only fields of lists meet."""
    return int.from_bytes(hashlib.blake2b(number.encode(), digest_size=6).digest())


# -- the fields that all documents of a ticket share


def fields(ticket: Ticket, queue: Queue) -> Document:
    customer = ticket.customer
    found = {
        "ticket": key(ticket.number),
        "number": ticket.number,
        "version": ticket.version,
        "queue": ticket.queue,
        "state": ticket.state,
        "owner": ticket.owner or NOBODY,
        "customer": customer.email,
        "company": customer.email.rpartition("@")[2],
        "tag": [tag.lower() for tag in ticket.tags],
        "priority": ticket.priority,
        "created": seconds(ticket.created),
        "changed": seconds(ticket.changed),
        "closed": seconds(ticket.closed_at),
        "pending_until": seconds(ticket.pending_until),
        "due": seconds(ticket_time.due_at(ticket, queue)),
        "article_count": ticket.article_count,
        "time_units": round(ticket.time_units),
        "by_title": sorted_by(ticket.title),
        "by_customer": sorted_by(f"{customer.name} {customer.email}".strip()),
        "title": ticket.title,
        "customer_text": f"{customer.name} {customer.email}",
        # Those that were merged into it are asked for by their old numbers.
        "desk": "\n".join([*numbers(ticket), *ticket.tags, ticket.owner or "", *ticket.fields.values()]),
    }
    return filled(found)


def numbers(ticket: Ticket) -> list[str]:
    return [ticket.number, *(link.number for link in ticket.links if link.kind == "merged" and link.back)]


def seconds(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) if moment else None


def sorted_by(text: str) -> str:
    return text.casefold()[:LONGEST_SORTED]


# -- an article


def article(shared: Document, said: Article, ticket: Ticket, texts: Texts) -> Document:
    others = " ".join(str(each) for each in (*said.to, *said.cc, *said.bcc))
    text = own_words(said)[:LONGEST_BODY]
    found = shared | {
        "kind": ARTICLE,
        "seq": said.seq,
        # That it has left is no change of the ticket, and not told here: searching looks again.
        "visible": int(meant_for_customer(said) and not ticket.doubt),
        "body": text if said.subject in ("", ticket.title) else f"{said.subject}\n{text}",
        "sender": str(said.sent_from),
        "files": files_of([said], texts),
        "desk": f"{shared.get('desk', '')}\n{others}",
        "has": has([said]),
    }
    return filled(found)


def own_words(said: Article) -> str:
    """Without what a letter of this desk quotes: that stands in the ticket as a letter of its own, to which a search shall lead."""
    return said.text[: said.fold] if said.delivery and said.fold else said.text


def files_of(articles: Iterable[Article], texts: Texts) -> str:
    files = [file for said in articles for file in said.attachments if not file.quarantined]
    return "\n".join(f"{file.filename}\n{texts.get(file.key, '')}".strip() for file in files)


def has(articles: Iterable[Article]) -> list[str]:
    found = []
    for said in articles:
        found += ["attachment"] if any(not file.inline for file in said.attachments) else []
        found += ["note"] if said.channel == "note" else []
    return sorted(set(found))


# -- the ticket itself


def itself(shared: Document, ticket: Ticket, articles: Articles) -> Document:
    """Without the words of its articles: it is found by its fields, and reports count it."""
    senders = dict.fromkeys(str(said.sent_from) for said in articles)
    return shared | {
        "kind": TICKET,
        "sender": "\n".join(senders),
        "files": "\n".join(file.filename for said in articles for file in said.attachments),
        "has": has(articles),
        "topic": topics(ticket.title),
        "same_letters": sum(said.subkind == SAME_LETTER for said in articles),
        "merged": sum(link.kind == "merged" for link in ticket.links),
    }


def topics(title: str) -> list[str]:
    words = (word for word in WORD.findall(title.casefold().replace("ё", "е")) if len(word) >= SHORTEST_TOPIC)
    return list(dict.fromkeys(words))[:MOST_TOPICS]


def times(ticket: Ticket, articles: Articles, queue: Queue, zone: ZoneInfo) -> Document:
    """Days of the desk, and how long the customer waited, in working time where the queue has any."""
    local = ticket.created.astimezone(zone)
    return {
        "created_day": day_of(ticket.created, zone),
        "created_month": local.year * 12 + local.month - 1,
        "created_hour": local.weekday() * 24 + local.hour,
        "closed_day": day_of(ticket.closed_at, zone) if ticket.closed_at else None,
        "first_response": waited(ticket.created, first_answer(articles), queue),
        "update": longest_wait(articles, queue),
        "solution": waited(ticket.created, ticket.closed_at, queue),
    }


def day_of(moment: datetime, zone: ZoneInfo) -> int:
    return moment.astimezone(zone).date().toordinal() - EPOCH


def waited(start: datetime, end: datetime | None, queue: Queue) -> int | None:
    return int(working_time.between(start, end, queue.calendar).total_seconds()) if end else None


def answers(said: Article) -> bool:
    stopped = said.delivery is not None and said.delivery.state == CANCELLED
    return said.sender == AGENT and said.visible and not stopped and said.kind in ("reply", "mail", "phone")


def first_answer(articles: Iterable[Article]) -> datetime | None:
    return next((said.at for said in articles if answers(said)), None)


def longest_wait(articles: Iterable[Article], queue: Queue) -> int | None:
    """From a customer's letter to the next answer; what has no answer yet is backlog, not a time."""
    waits, since = [], None
    for said in articles:
        if said.sender == CUSTOMER and said.visible:
            since = since or said.at
        elif answers(said) and since:
            waits.append(waited(since, said.at, queue) or 0)
            since = None
    return max(waits, default=None)


def turns(history: Iterable[Event]) -> Document:
    """How often it was opened again, and whether it was time that closed it."""
    changes = [event for event in history if event.name == "state"]
    closings = [event for event in changes if closes(event.new)]
    return {
        "reopened": sum(closes(event.old) and not ends(event.new) for event in changes),
        "auto_closed": int(bool(closings) and closings[-1].by == SYSTEM),
    }


def closes(state: Any) -> bool:
    return STATE_TYPES.get(str(state)) == "closed"


def ends(state: Any) -> bool:
    return STATE_TYPES.get(str(state)) in ENDED


# -- a piece of work


def work(shared: Document, said: Article, zone: ZoneInfo) -> Document:
    names = ("ticket", "number", "queue", "customer", "company", "tag")
    found = {name: shared[name] for name in names if name in shared}
    return found | {
        "kind": WORK,
        "day": day_of(said.at, zone),
        "agent": said.by,
        "activity": said.kind,
        "minutes": round(said.time_units),
    }
