"""Merging: two tickets become one, in one transaction where they fit into it.

A transaction holds 100 writes and 4 MB. Of a longer ticket the first articles go over at once, with everything that
decides where a mail belongs; the others follow in transactions of their own, and the timer sees to what a crash has left.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from chalicelib import history, notes, records, store, table, ticket_merge, wording
from chalicelib.article import SENDING, Article
from chalicelib.config import config
from chalicelib.history import Event
from chalicelib.packing import pack
from chalicelib.store import Draft, Once, Whole
from chalicelib.table import Write
from chalicelib.ticket import Ticket

# Of the 100 writes and 4 MB: 60 for articles, 6 for history, 27 for links, the others for the two tickets.
AT_ONCE = 30  # articles: each is taken away here and put there
BYTES_AT_ONCE = 2_000_000  # of articles
BYTES_OF_EVENTS = 200_000  # of the history in one item
MOST_EVENT_ITEMS = 6  # the newest; what is older is told by the merged ticket alone


def merge(lost: Whole, kept: Whole, by: str, now: datetime, once: Once | None = None) -> Ticket:
    """Everything of `lost` goes into `kept`. Answers the survivor.

    Raises Refused and Conflict (ticket_merge.may_merge, or a mail that is leaving just now), table.Changed, table.Taken.
    """
    before, into = lost.ticket, kept.ticket
    ticket_merge.may_merge(before, into, by, now)
    if any(is_leaving(article) for article in lost.articles):
        raise ticket_merge.under_way(before)
    first = fitting(lost.articles)
    absorbed = ticket_merge.absorbed(into, before, config().queues[into.queue], now)
    given_up = ticket_merge.given_up(before, into, len(first) < len(lost.articles), now)
    note = merged_note(given_up, now)
    _, also = store.step(before, replace(given_up, article_count=note.seq), (note,), by, now)
    also += [write for article in first for write in moved(before.number, article, into.number, into.article_count)]
    also += told_again(lost.history, before.number, into)
    also += links_over(lost, kept, now)
    after = store.save(into, absorbed, by=by, now=now, also=also, once=once)
    for draft in lost.drafts:
        keep_draft(after.number, draft)
    if given_up.moving:
        with suppress(table.Changed):  # the tickets are one already: told again, this story would be refused
            move_rest(before.number, now)
    return after


def is_leaving(article: Article) -> bool:
    return article.delivery is not None and article.delivery.state == SENDING


def fitting(articles: Sequence[Article]) -> list[Article]:
    """As many of them, from the first one on, as go into one transaction."""
    chosen: list[Article] = []
    room = BYTES_AT_ONCE
    for article in articles:
        room -= size(article)
        if chosen and room < 0 or len(chosen) == AT_ONCE:
            break
        chosen.append(article)
    return chosen


def size(article: Article) -> int:
    """At most so many bytes in the table: uncompressed, and what is larger than an item holds lies in S3 anyway."""
    body = len(article.text.encode()) + len((article.html or "").encode())
    head = store.dumped(pack(replace(article, text="", html=None)))
    return min(body, store.LARGEST_BODY) + len(head.encode()) + 1000


def merged_note(given_up: Ticket, now: datetime) -> Article:
    """What is left in the merged ticket: where everything is."""
    queue = config().queues[given_up.queue]
    subject, text = wording.chosen(wording.MERGED, queue.language, into=given_up.merged_into or "")
    return notes.note(given_up.article_count + 1, queue, subject, text, now)


def moved(number: str, article: Article, to: str, shift: int) -> list[Write]:
    """An article goes over, unless its mail has gone a step further meanwhile."""
    if article.report and article.report.of:
        article = replace(article, report=replace(article.report, of=article.report.of + shift))
    article = replace(article, changed={})  # that was another ticket; to take it back changes nothing here
    state = article.delivery.state if article.delivery else ""
    gone = Write(
        key=(f"T#{number}", store.article_key(article.seq)),
        condition="#state = :state" if state else "attribute_exists(pk)",
        values={":state": state} if state else {},
        names={"#state": "state"} if state else {},
    )
    return [gone, Write(store.article_item(to, replace(article, seq=article.seq + shift)))]


def told_again(events: Sequence[Event], of: str, into: Ticket) -> list[Write]:
    """The history of the merged ticket, in the survivor's: `of` tells whose it was."""
    version = replace(into, version=into.version + 1)
    items: list[list[Event]] = [[]]
    room = BYTES_OF_EVENTS
    for event in events:
        known = replace(event, detail={"of": of, **event.detail})
        room -= len(store.dumped(pack(known)).encode())
        if items[-1] and room < 0:
            items.append([])
            room = BYTES_OF_EVENTS - len(store.dumped(pack(known)).encode())
        items[-1].append(known)
    return [
        Write(store.events_item(version, told, f"#{of}#{n:06d}"))
        for n, told in enumerate(items[-MOST_EVENT_ITEMS:])
        if told
    ]


def links_over(lost: Whole, kept: Whole, now: datetime) -> list[Write]:
    """What other tickets said of the merged one, they say of the survivor; what the two said of each other is settled."""
    numbers = {lost.ticket.number, kept.ticket.number}
    over = [
        store.link_back(kept.ticket.number, link, now)
        for link in lost.links
        if link.back and link.kind != "merged" and link.number not in numbers
    ]
    settled = [
        Write(key=(f"T#{kept.ticket.number}", f"L#{link.number}#{link.kind}"), condition="")
        for link in kept.links
        if link.back and link.kind != "merged" and link.number == lost.ticket.number
    ]
    return over[-20:] + settled


def keep_draft(number: str, draft: Draft) -> None:
    """Beside the one that its writer may have in the survivor; the old one stays, so that nothing typed is ever lost."""
    records.put_draft(number, draft, only_if_none=True)


def move_rest(number: str, now: datetime) -> None:
    """The articles that did not fit into the merge's own transaction; safe to be called again, by anybody, at any time."""

    def story() -> bool:
        found = store.whole(number)
        before = found.ticket
        if not before.moving:
            return True
        left = [article for article in found.articles if article.seq < before.article_count]  # the note stays
        chosen = fitting([article for article in left if not is_leaving(article)])
        if left and not chosen:
            return True  # a mail is leaving just now: the timer comes back to it
        _, writes = store.step(before, replace(before, moving=len(chosen) < len(left)), (), history.SYSTEM, now)
        to, shift = store.place_of(number, 0)  # a survivor that has been merged itself meanwhile passes them on
        writes.append(still(to))
        writes += [write for article in chosen for write in moved(number, article, to, shift)]
        table.transact(writes)
        return len(chosen) == len(left)

    while not table.insist(story):
        pass


def still(number: str) -> Write:
    """What goes over must not arrive in a ticket that is being merged at that moment: nobody would look for it there."""
    found = store.ticket(number)
    if found.merged_into:
        raise table.Changed
    return Write(key=(f"T#{number}", "#"), condition="v = :v", values={":v": found.version}, only_asks=True)
