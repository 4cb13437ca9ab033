"""What agents do: queues, lists, tickets, articles. Each route: who asks, which verb, what to answer."""

from collections.abc import Iterable
from typing import Any

from chalice.app import Blueprint

from chalicelib import composing, cursors, desk, desk_files, desk_lists, desk_sent, files, shown
from chalicelib.access import Agent, may_read, may_write
from chalicelib.article import Address
from chalicelib.config import config
from chalicelib.desk_lists import Wanted
from chalicelib.doors import AGENT, Asked, Door, Reply
from chalicelib.errors import NotFound, Refused
from chalicelib.queues import Queue
from chalicelib.search.schema import SORTS as SEARCH_SORTS
from chalicelib.store import Whole
from chalicelib.ticket import ENDED, STATE_TYPES

blueprint = Blueprint(__name__)
door = Door(blueprint, AGENT)


# -- looking through


@door("GET", "/queues", answer="Queues")
def queues(asked: Asked) -> dict[str, Any]:
    """The queues I may see, with counts."""
    found = desk_lists.queues(asked.by, asked.now)
    listed = [queue_listed(queue, counts, asked.by) for queue, counts in found["queues"]]
    targets = sorted(queue.name for queue in config().queues.values() if queue.valid)
    people = colleagues(config().agents.values())
    return {"queues": listed, "targets": targets, "people": people, "as_of": shown.instant(found["as_of"])}


def queue_listed(queue: Queue, counts: dict[str, int], by: Agent) -> dict[str, Any]:
    able = [agent for agent in config().agents.values() if agent.valid and may_write(agent, queue.id)]
    write = may_write(by, queue.id)
    return {"id": queue.id, "name": queue.name, "write": write, "counts": counts, "agents": colleagues(able)}


def colleagues(agents: Iterable[Agent]) -> list[dict[str, str]]:
    return [{"login": each.login, "name": each.name} for each in sorted(agents, key=lambda each: each.name)]


@door("GET", "/tickets", query="TicketsWanted", answer="Tickets", etag=True)
def tickets(asked: Asked) -> dict[str, Any]:
    """Rows; without `state` all tickets of my queues that are not closed, newest first."""
    query = asked.query
    check_sort(query)
    of = f"tickets {asked.by.login} {query.model_dump_json(exclude={'limit', 'cursor'})}"
    if takes_search(query):
        desk_lists.wanted_queues(asked.by, Wanted(queues=tuple(query.queue)))
        return found_tickets(asked, of)
    wanted = Wanted(
        queues=tuple(query.queue),
        states=tuple(query.state),
        owner=query.owner,
        lock="free" if query.lock == "unlocked" else query.lock,
        priority=query.priority,
        tag=query.tag,
        customer=query.customer,
        changed_since=query.changed_since,
        sort=query.sort or "-created",
        limit=query.limit,
        after=tuple(cursors.read(query.cursor, of)) if query.cursor else None,
    )
    page = desk_lists.tickets(asked.by, wanted, asked.now)
    names = config().queues
    following = cursors.written(page.next, of) if page.next else None
    return {"tickets": [shown.row(row, names) for row in page.rows], "next": following}


def check_sort(query: Any) -> None:
    """The order of opening is what a list has when none is asked for; of closed ones it is that of closing."""
    ended = any(STATE_TYPES.get(state, state) in ENDED for state in query.state)
    if query.sort and "closed_at" in query.sort and not (ended and not query.customer):
        message = "Only closed tickets can be sorted by the day of closing."
        raise Refused(message, code="malformed", fields={"sort": "closed_at is for closed tickets"})


def takes_search(query: Any) -> bool:
    """The table lists closed tickets by the day of closing; in another order, or together with open ones, search does."""
    kinds = {STATE_TYPES.get(state, state) for state in query.state}
    if query.customer or not kinds & {"closed"} or kinds & {"merged", "removed"}:
        return False
    return kinds != {"closed"} or query.sort not in (None, "-closed_at")


def found_tickets(asked: Asked, of: str) -> dict[str, Any]:
    from chalicelib.search import searching  # no other list needs an engine
    from chalicelib.search.clauses import Between, Clause, Is
    from chalicelib.search.engine import Away

    query = asked.query
    sort = query.sort or "-created"
    if query.lock or sort.removeprefix("-") not in SEARCH_SORTS:
        message = "Closed tickets cannot be listed by lock, nor sorted by this."
        raise Refused(message, code="malformed", fields={"sort": "is no column of closed tickets"})
    states = tuple(desk_lists.expanded(query.state))
    chosen: list[Clause] = [Is("state", states)]
    chosen += [Is("queue", tuple(query.queue))] if query.queue else []
    chosen += [Is("owner", (query.owner,))] if query.owner else []
    chosen += [Is("tag", (query.tag.lower(),))] if query.tag else []
    chosen += [Is("priority", (query.priority,))] if query.priority else []
    chosen += [Between("changed", int(query.changed_since.timestamp()), None)] if query.changed_since else []
    start = int(cursors.read(query.cursor, of)) if query.cursor else 0
    try:
        found = searching.listed(asked.by, chosen, sort, start, query.limit)
    except Away:
        raise Refused("This order needs the search, which cannot be reached.", code="search_away") from None
    rows = [shown.row(each.row, config().queues) for each in found.results]
    return {"tickets": rows, "next": cursors.written(found.more, of) if found.more else None}


@door("GET", "/customers", query="CustomersWanted", answer="Customers")
def customers(asked: Asked) -> dict[str, Any]:
    """Those whose name or address has `q` in it."""
    query = asked.query
    found = desk_lists.customers(asked.by, query.q)
    page, following = cursors.cut(found, lambda each: each["email"], f"customers {query.q}", query.limit, query.cursor)
    return {"customers": [shown.customer(each) for each in page], "next": following}


@door("GET", "/customers/{email}", answer="CustomerWithTickets")
def customer(asked: Asked) -> dict[str, Any]:
    """The customer and those of his tickets that I may see."""
    found, rows = desk_lists.customer(asked.by, asked.values["email"].lower())
    return shown.customer(found) | {"tickets": [shown.row(row, config().queues) for row in rows]}


# -- a ticket


@door("GET", "/tickets/{number}", answer="TicketShown", etag=True)
def ticket(asked: Asked) -> dict[str, Any]:
    """The ticket with all that was said and done in it."""
    return shown.ticket(desk.show(asked.number, asked.by, asked.now), config().queues)


def opened(asked: Asked, number: str) -> dict[str, Any]:
    return shown.ticket(desk.show(number, asked.by, asked.now), config().queues)


@door("POST", "/tickets", body="NewTicket", answer="TicketShown", status=201, again=opened)
def open_ticket(asked: Asked) -> dict[str, Any]:
    """A call that came, or a mail that I write first (`email` sends it)."""
    people = {"customer": address(asked.body.customer), "cc": tuple(map(address, asked.body.cc))}
    new = composing.NewTicket(**dict(asked.body) | people)
    made, _ = desk.open_ticket(asked.by, new, asked.now, asked.once)
    return opened(asked, made.number)


@door("PATCH", "/tickets/{number}", body="Change", answer="TicketShown")
def change(asked: Asked) -> dict[str, Any]:
    """Changes what is named. 409 where it is not my version any more, or somebody else holds the lock."""
    named = asked.body.model_fields_set - {"version"}
    changes = {name: getattr(asked.body, name) for name in named}
    after = desk.change(asked.number, asked.by, asked.body.version, changes, asked.now)
    if not may_read(asked.by, after.queue):
        # Handed on to a queue that is not hers: she sees the row once more, and no more of it.
        return shown.ticket(Whole(after, (), (), ()), config().queues)
    return opened(asked, asked.number)


@door("PUT", "/tickets/{number}/lock", body="Takeover", answer="LockShown")
def lock(asked: Asked) -> dict[str, Any] | None:
    """Takes or renews the lock; with `takeover` from whoever holds it."""
    return shown.lock(desk.lock(asked.number, asked.by, asked.body.takeover, asked.now).lock)


@door("DELETE", "/tickets/{number}/lock", body="Takeover", query="TakeoverWanted", answer="Done")
def unlock(asked: Asked) -> dict[str, Any]:
    """Gives the lock back; what is not mine only with `takeover`, in the body or, where bodies get lost, the query.

    With `unused`, the epoch of a lock of mine: only if I have written nothing under it, and the owner is again who it was.
    """
    if asked.query.unused is not None:
        desk.give_back(asked.number, asked.by, asked.query.unused, asked.now)
        return {"done": True}
    takeover = asked.body.takeover or asked.query.takeover in ("true", "1")
    desk.unlock(asked.number, asked.by, takeover, asked.now)
    return {"done": True}


# -- saying something


def said(asked: Asked, number: str) -> dict[str, Any]:
    """The article that an earlier request with the same body made."""
    articles = desk.show(number, asked.by, asked.now).articles
    mine = [each for each in articles if (each.kind, each.by) == (asked.body.kind, asked.by.login)]
    if not mine:
        raise NotFound("There is no such article.")
    return shown.article(next((each for each in reversed(mine) if asked.body.text.strip() in each.text), mine[-1]))


@door("POST", "/tickets/{number}/articles", body="Saying", answer="ArticleShown", status=201, again=said)
def say(asked: Asked) -> dict[str, Any]:
    """A reply, forward, note or phone call. Reply and forward need `epoch` and `seen`."""
    several = {name: tuple(map(address, getattr(asked.body, name))) for name in ("to", "cc", "bcc")}
    quote = {"quote": int(asked.body.quote) if asked.body.quote else None}
    saying = composing.Saying(**dict(asked.body) | several | quote)
    _, article = desk.say(asked.number, asked.by, saying, asked.now, asked.once)
    return shown.article(article)


def address(person: Any) -> Address:
    return Address(person.email, person.name)


@door("PUT", "/tickets/{number}/drafts/{kind}", body="DraftBody", answer="DraftShown")
def draft(asked: Asked) -> dict[str, Any]:
    """My draft, as the composer wants to have it back."""
    return shown.draft(desk.draft(asked.number, asked.by, asked.values["kind"], asked.body.root, asked.now))


@door("DELETE", "/tickets/{number}/drafts/{kind}", answer="Done")
def drop_draft(asked: Asked) -> dict[str, Any]:
    """My draft is not needed any more."""
    desk.drop_draft(asked.number, asked.by, asked.values["kind"])
    return {"done": True}


@door("DELETE", "/tickets/{number}/articles/{article}/delivery", answer="ArticleShown")
def undo(asked: Asked) -> dict[str, Any]:
    """Stops a mail that has not left yet."""
    return shown.article(desk_sent.undo(asked.number, asked.seq, asked.by, asked.now))


@door("PUT", "/tickets/{number}/articles/{article}/delivery", answer="ArticleShown")
def leave(asked: Asked) -> dict[str, Any]:
    """The seconds in which a mail can be undone are over: it leaves. Asked too early, it stays."""
    return shown.article(desk_sent.leave(asked.number, asked.seq, asked.by, asked.now))


def sent_again(asked: Asked, number: str) -> dict[str, Any]:
    return shown.article(
        next(each for each in desk.show(number, asked.by, asked.now).articles if each.seq == asked.seq)
    )


@door("POST", "/tickets/{number}/articles/{article}/delivery", answer="ArticleShown", again=sent_again)
def send_again(asked: Asked) -> dict[str, Any]:
    """Sends a mail once more that did not arrive, or of which nobody knows whether it did."""
    return shown.article(desk_sent.send_again(asked.number, asked.seq, asked.by, asked.now, asked.once))


# -- files


@door("POST", "/uploads", body="UploadWanted", answer="UploadForm", status=201)
def upload(asked: Asked) -> dict[str, Any]:
    """A form to post one file with."""
    return files.upload_form(asked.by.login, asked.body.filename, asked.body.content_type, asked.body.size)


@door("GET", "/tickets/{number}/articles/{article}/attachments/{n}", status=302)
def attachment(asked: Asked) -> Reply:
    """A short-lived download, always as an attachment."""
    return found_at(desk_files.attachment(asked.number, asked.seq, int(asked.values["n"]), asked.by))


@door("GET", "/tickets/{number}/articles/{article}/raw", status=302)
def raw(asked: Asked) -> Reply:
    """The mail as it came."""
    return found_at(desk_files.raw(asked.number, asked.seq, asked.by))


def found_at(url: str) -> Reply:
    return Reply(status=302, headers={"Location": url})


# -- not built yet: who asks is checked all the same


def not_built(what: str) -> Refused:
    return Refused(f"This desk cannot {what} yet.", code="not_built")


@door("POST", "/tickets/{number}/split")
def split(asked: Asked) -> None:
    """Not built yet."""
    desk.writable(asked.number, asked.by)
    raise not_built("split tickets")


@door("POST", "/tickets/bulk")
def bulk(asked: Asked) -> None:
    """Not built yet."""
    raise not_built("change many tickets at once")
