"""What changed between two tickets, in the desk's words. Nobody writes a history line by hand. Types are OTRS's."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.article import Article
from chalicelib.ticket import Ticket

SYSTEM = "system"

# The event of each field, in the order in which a person would tell them.
FIELDS = {
    "title": "TitleUpdate",
    "queue": "Move",
    "state": "StateUpdate",
    "pending_until": "SetPendingTime",
    "priority": "PriorityUpdate",
    "owner": "OwnerUpdate",
    "responsible": "ResponsibleUpdate",
    "customer": "CustomerUpdate",
    "service": "ServiceUpdate",
    "sla": "SLAUpdate",
    "tags": "Misc",
    "fields": "TicketDynamicFieldUpdate",
    "links": "TicketLinkAdd",
    "participants": "Subscribe",
    "merged_into": "Merged",
}
SAID = {
    ("mail", "customer"): "FollowUp",
    ("mail", "system"): "SystemRequest",
    ("web", "customer"): "WebRequestCustomer",
    ("reply", "agent"): "SendAnswer",
    ("mail", "agent"): "EmailAgent",
    ("forward", "agent"): "Forward",
    ("note", "agent"): "AddNote",
    ("note", "system"): "SendAgentNotification",
    ("phone", "agent"): "PhoneCallAgent",
    ("phone", "customer"): "PhoneCallCustomer",
    ("reminder", "system"): "SendCustomerNotification",
}
AUTOMATIC = {
    "auto reply": "SendAutoReply",
    "auto reply/new ticket": "SendAutoReply",
    "auto reject": "SendAutoReject",
    "auto follow up": "SendAutoFollowUp",
}


@dataclass(frozen=True)
class Event:
    """One thing that happened: `type` as OTRS calls it, `by` a login or `system`; the field `name` was `old`, is `new`."""

    type: str
    at: datetime
    by: str
    name: str = ""
    old: Any = None
    new: Any = None
    detail: dict[str, Any] = field(default_factory=dict)


def between(before: Ticket | None, after: Ticket, said: tuple[Article, ...], by: str, now: datetime) -> list[Event]:
    """All that happened in one step, oldest first."""
    events = [] if before else [Event("NewTicket", now, by, new=after.title, detail={"queue": after.queue})]
    events += [article_event(article, before is None and article.seq == 1, by, now) for article in said]
    events += [
        Event("TimeAccounting", now, by, new=article.time_units, detail={"article": article.seq})
        for article in said
        if article.time_units
    ]
    if before:
        events += field_events(before, after, by, now)
        events += merge_events(before, after, by, now)
        events += lock_events(before, after, by, now)
    return events


def article_event(article: Article, first: bool, by: str, now: datetime) -> Event:
    kind = AUTOMATIC.get(article.subkind) if article.kind == "auto" else SAID.get((article.kind, article.sender))
    if first and kind == "FollowUp":
        kind = "EmailCustomer"
    # What the desk says by itself is not said by whoever made it speak.
    return Event(kind or "Misc", now, SYSTEM if article.sender == SYSTEM else by, detail={"article": article.seq})


def field_events(before: Ticket, after: Ticket, by: str, now: datetime) -> list[Event]:
    return [
        Event(kind, now, by, name=name, old=plain(old), new=plain(new))
        for name, kind in FIELDS.items()
        if (old := getattr(before, name)) != (new := getattr(after, name))
    ]


def merge_events(before: Ticket, after: Ticket, by: str, now: datetime) -> list[Event]:
    """The survivor's side of a merge."""
    new = [link.number for link in after.links if link.kind == "merged" and link not in before.links]
    return [Event("Merged", now, by, name="merged", new=number) for number in new]


def lock_events(before: Ticket, after: Ticket, by: str, now: datetime) -> list[Event]:
    """Taking, taking over and releasing; a lock that was only renewed is no event."""
    old, new = before.lock, after.lock
    if old and new and old.epoch == new.epoch or old is new:
        return []
    if new is None:
        return [Event("Unlock", now, by, old=old.agent if old else None)]
    taken_over = {"taken_over": True} if old and old.agent != new.agent else {}
    detail = {"epoch": new.epoch, **taken_over}
    return [Event("Lock", now, by, old=old.agent if old else None, new=new.agent, detail=detail)]


def plain(value: Any) -> Any:
    """A value as the history keeps it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [str(item) if isinstance(item, str) else getattr(item, "number", str(item)) for item in value]
    return str(value) if hasattr(value, "email") else dict(value) if isinstance(value, dict) else value
