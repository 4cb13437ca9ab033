"""What was said: from whom, by which channel, visible to whom. Never edited once it is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.errors import NotFound

# Who said it, as OTRS calls it (sender type).
AGENT, CUSTOMER, SYSTEM = "agent", "customer", "system"

EMAIL, PHONE, WEB, NOTE = "email", "phone", "web", "note"  # channels

# The outbox is the article: due -> sending -> sent | failed | unknown; cancelled by undo. The rest is what SES tells later.
DUE, SENDING, SENT, FAILED, UNKNOWN, CANCELLED = "due", "sending", "sent", "failed", "unknown", "cancelled"
DELAYED, DELIVERED, BOUNCED, COMPLAINED = "delayed", "delivered", "bounced", "complained"
# What a letter leaves open about its sender: the domain in From says that it is not from there; nothing shows that it is.
FORGED, UNPROVEN = "forged", "unproven"
SAME_LETTER = "same letter"  # the subkind of a letter that says once more what its ticket says already
TROUBLE = (FAILED, UNKNOWN, BOUNCED, COMPLAINED)  # somebody has to look at these


@dataclass(frozen=True)
class Address:
    """A mailbox with the name beside it; `email` in small letters, `name` maybe empty."""

    email: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


@dataclass(frozen=True)
class StoredFile:
    """An attachment in S3. `key` is opaque; `size` in bytes; `inline` files are shown in the HTML by `content_id`.

    `quarantined`: SES found a virus in the mail; nobody is given the file. `link_until`: it left as a link that ends then.
    """

    key: str
    filename: str
    content_type: str
    size: int
    inline: bool = False
    content_id: str | None = None
    quarantined: bool = False
    link_until: datetime | None = None


@dataclass(frozen=True)
class Delivery:
    """How far a mail that leaves has come. `not_before` delays it, `message_id` is SES's bare id once it was sent."""

    state: str
    at: datetime
    detail: str = ""
    not_before: datetime | None = None
    attempts: int = 0
    message_id: str | None = None


@dataclass(frozen=True)
class Failure:
    """One recipient of a report. `status`: RFC 3463, e.g. 5.1.1; `permanent`: None where it cannot be told."""

    email: str
    status: str | None = None
    permanent: bool | None = None
    sentence: str = ""


@dataclass(frozen=True)
class Reported:
    """What became of a mail of this ticket. `kind`: bounce, delay or complaint; `of`: the seq of that mail's article."""

    kind: str
    of: int | None
    recipients: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class Article:
    """One thing said. `seq` counts from 1 within the ticket; `by` is the agent's login, None for customer and system.

    `kind` is mail, reply, forward, note, phone, web, auto (an automatic answer; `subkind` says which) or reminder.
    A letter's `subkind` may be SAME_LETTER, its `doubt` FORGED or UNPROVEN.
    `text` is the whole plain text, `fold` the number of its characters before the folded rest (quote, signature), None where
    nothing is folded; `html` is sanitised. `mail_key` is the raw mail in S3. `automatic` came from a program.
    `wary`: an automatic answer to an address that may be forged; `to_desk`: to what may be another desk. `unless_answered`:
    a scheduled mail that does not leave when the customer writes first. `changed`: what a mail that waits has made of its ticket
    (ticket_undo.remembered).
    `time_units` is working time in minutes. `key`: the Idempotency-Key of the request that said it; the draft that it was knows it.
    """

    seq: int
    kind: str
    channel: str
    sender: str
    sent_from: Address
    subject: str
    text: str
    at: datetime
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    html: str | None = None
    fold: int | None = None
    visible: bool = True
    attachments: tuple[StoredFile, ...] = ()
    by: str | None = None
    time_units: float = 0
    automatic: bool = False
    subkind: str = ""
    doubt: str = ""
    wary: bool = False
    to_desk: bool = False
    blocked: int = 0
    message_id: str | None = None
    references: tuple[str, ...] = ()
    mail_key: str | None = None
    delivery: Delivery | None = None
    report: Reported | None = None
    unless_answered: bool = False
    changed: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""

    @property
    def id(self) -> str:
        return str(self.seq)

    def stays(self, last_customer_seq: int) -> bool:
        """A mail that leaves unless the customer writes first, and he has: it is stopped when its time comes."""
        waits = self.delivery is not None and self.delivery.state == DUE
        return waits and self.unless_answered and last_customer_seq > self.seq

    @property
    def kept_back(self) -> bool:
        """A mail that was stopped, or may still be. One that SES did not take at once (`attempts`) is meant to be known."""
        told = self.delivery
        return told is not None and (
            told.state == CANCELLED or told.state == DUE and told.not_before is not None and not told.attempts
        )

    @property
    def incomplete(self) -> bool:
        """Not all of the letter could be read; then it is attached as it came."""
        return any(file.key == self.mail_key for file in self.attachments)

    def file(self, n: int) -> StoredFile:
        """The attachment `n`, counted from 1. Raises NotFound."""
        if not 1 <= n <= len(self.attachments):
            raise NotFound("There is no such attachment.")
        return self.attachments[n - 1]
