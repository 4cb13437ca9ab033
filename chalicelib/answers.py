"""What the API answers: nouns and fields of api.md. Declared for the OpenAPI document and the tests; shown.py makes them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from chalicelib.models import Language, State

# That the mail is from whom it says: its domain denies it, or nothing shows it.
Doubt = Literal["forged", "unproven"]


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)


class PersonShown(Answer):
    name: str
    email: str


class Me(Answer):
    """`queues` are the full names of those that I may see."""

    login: str
    name: str
    role: Literal["admin", "agent"]
    queues: list[str]
    language: Language
    out_of_office: bool


class SignedIn(Answer):
    """Either `agent` (and the cookie), or `challenge` and `session`, which go to /session/challenge."""

    agent: Me | None = None
    challenge: Literal["NEW_PASSWORD_REQUIRED", "SOFTWARE_TOKEN_MFA"] | None = None
    session: str | None = None


class FactorShown(Answer):
    """While enrolling: `session`, the secret and its otpauth address; in the end only `enabled`."""

    enabled: bool
    session: str | None = None
    secret: str | None = None
    uri: str | None = None


class CustomerShown(Answer):
    customer: PersonShown


class LockShown(Answer):
    agent: str
    epoch: int
    since: str
    until: str | None


class Due(Answer):
    first_response: str | None
    update: str | None
    solution: str | None
    next: str | None


class Row(Answer):
    number: str
    title: str
    queue: str
    state: State
    priority: int
    owner: str | None
    responsible: str | None
    lock: LockShown | None
    customer: PersonShown
    doubt: Doubt | None
    created: str
    changed: str
    closed_at: str | None
    due: Due
    pending_until: str | None
    unread: bool
    article_count: int
    last_customer_seq: int
    tags: list[str]
    time_units: float
    version: int


class Tickets(Answer):
    tickets: list[Row]
    next: str | None


class Counts(Answer):
    new: int
    open: int
    pending: int
    locked: int
    mine: int
    escalated: int


class Colleague(Answer):
    login: str
    name: str


class QueueListed(Answer):
    """`write`: may I? `agents`: who may own tickets here."""

    id: str
    name: str
    write: bool
    counts: Counts
    agents: list[Colleague]


class Queues(Answer):
    """`targets`: the names of all queues that a ticket may be handed on to, also of those I do not see.

    `people`: what everybody is called whose login may stand in a ticket, also those who have left or work elsewhere.
    """

    queues: list[QueueListed]
    targets: list[str]
    people: list[Colleague]
    as_of: str


class Undeliverable(Answer):
    """Why mail does not reach somebody: since when, bounce or complaint, RFC 3463 status, the receiving server's words."""

    at: str
    kind: Literal["bounce", "complaint"]
    status: str | None
    permanent: bool | None
    sentence: str


class CustomerListed(Answer):
    email: str
    name: str
    undeliverable: Undeliverable | None


class Customers(Answer):
    customers: list[CustomerListed]
    next: str | None


class CustomerWithTickets(Answer):
    email: str
    name: str
    undeliverable: Undeliverable | None
    tickets: list[Row]


class UploadForm(Answer):
    """A POST of `fields` and then `file` to `url`; `upload` goes into `attachments` afterwards."""

    upload: str
    url: str
    fields: dict[str, str]


class Done(Answer):
    done: bool = True


class Health(Answer):
    status: Literal["ok"]
    version: str


class ErrorShown(BaseModel):
    """`message` is a sentence for people, `code` for programs; `fields` at 400, `reason` and `ticket` at 409."""

    model_config = ConfigDict(extra="allow", defer_build=True)

    code: str
    message: str
    fields: dict[str, str] | None = None
    reason: Literal["locked", "lock_lost", "newer_article", "changed"] | None = None
    ticket: Row | None = None
