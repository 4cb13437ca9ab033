"""What a ticket answers that is opened: its articles, history, links and drafts."""

from typing import Any, Literal

from pydantic import Field

from chalicelib.answers import Answer, Doubt, PersonShown, Row
from chalicelib.models import Language, State


class Attachment(Answer):
    n: int
    filename: str
    content_type: str
    size: int
    inline: bool
    content_id: str | None
    quarantined: bool
    link_until: str | None


class DeliveryShown(Answer):
    state: Literal[
        "due", "sending", "sent", "failed", "unknown", "cancelled", "delayed", "delivered", "bounced", "complained"
    ]
    at: str
    detail: str
    not_before: str | None


class FailureShown(Answer):
    email: str
    status: str | None
    permanent: bool | None
    sentence: str


class ReportShown(Answer):
    """What became of a mail of this ticket; `of`: the id of its article."""

    kind: Literal["bounce", "delay", "complaint"]
    of: str | None
    recipients: list[FailureShown]


class ArticleShown(Answer):
    """`fold`: how many characters of the text stand before the folded quote. `cut`: shortened, the ticket is too long for
    one answer. `incomplete`: not all of the letter could be read, it is attached as it came. `raw`: there is a mail as it came.
    `key`: the Idempotency-Key of the request that said it."""

    id: str
    seq: int
    kind: str
    subkind: str
    doubt: Doubt | None
    channel: Literal["email", "phone", "web", "note"]
    sender: Literal["agent", "customer", "system"]
    from_: PersonShown = Field(alias="from")
    to: list[PersonShown]
    cc: list[PersonShown]
    bcc: list[PersonShown]
    subject: str
    text: str
    html: str | None
    fold: int | None
    blocked: int
    protection: Literal["pgp-encrypted", "pgp-signed", "smime-encrypted", "smime-signed"] | None
    incomplete: bool
    cut: bool
    visible: bool
    automatic: bool
    attachments: list[Attachment]
    at: str
    by: str | None
    time_units: float
    delivery: DeliveryShown | None
    report: ReportShown | None
    unless_answered: bool
    key: str | None
    raw: bool


class EventShown(Answer):
    type: str
    at: str
    by: str
    name: str
    old: Any
    new: Any
    detail: dict[str, Any]


class LinkedShown(Answer):
    """The other ticket."""

    title: str
    state: State
    queue: str
    customer: PersonShown


class LinkShown(Answer):
    """What this ticket has to do with another; `back`: the other one says it of this. `email`: who wrote the other.

    `other` is null where I may not read it.
    """

    number: str
    kind: str
    back: bool
    email: str
    doubt: Doubt | None
    other: LinkedShown | None


class DraftShown(Answer):
    kind: str
    at: str
    body: dict[str, Any]


class TicketShown(Row):
    """`participants` may join by mail; what those `aside` write, whom only agents have asked, is not shown to the customer. `answer_to`:
    where his replies go by his own wish (Reply-To)."""

    language: Language
    answer_to: PersonShown | None
    participants: list[str]
    aside: list[str]
    previous_owner: str | None
    fields: dict[str, str]
    service: str | None
    sla: str | None
    articles: list[ArticleShown]
    history: list[EventShown]
    links: list[LinkShown]
    merged_into: str | None
    drafts: list[DraftShown]
