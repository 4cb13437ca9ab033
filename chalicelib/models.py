"""What the API takes in: bodies. Nouns and fields are those of api.md.

Bodies are strict: a number is no text, and an unknown field is a mistake and not a wish.
"""

import json
import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    RootModel,
    StringConstraints,
    model_validator,
)

State = Literal[
    "new",
    "open",
    "pending reminder",
    "pending auto close+",
    "pending auto close-",
    "closed successful",
    "closed unsuccessful",
    "merged",
    "removed",
]
NextState = Literal[
    "new",
    "open",
    "pending reminder",
    "pending auto close+",
    "pending auto close-",
    "closed successful",
    "closed unsuccessful",
]
Kind = Literal["reply", "note", "forward", "phone"]
Language = Literal["en", "ru"]
Right = Literal["read", "write"]


def one_line(text: str) -> str:
    # Subjects, names and titles end in mail headers: a line break there would begin another header.
    if re.search(r"[\x00-\x1f\x7f\x85\u2028\u2029]", text):
        raise ValueError("must be one line without control characters")
    return text


def whole_text(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not hold NUL characters")
    return text


def mailbox(text: str) -> str:
    text = text.strip().lower()
    if not re.fullmatch(r"[^\s@<>\"(),:;\\\x00-\x1f\x7f]{1,64}@[a-z0-9\u0080-\uffff]([\w.-]{0,250}[\w])?", text):
        raise ValueError("must be a mail address")
    if ".." in text or "@." in text or ".@" in text or text.startswith("."):
        raise ValueError("must be a mail address")
    return text


def no_larger_than(limit: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """In bytes of JSON: an item of the table holds 400 KB."""

    def check(value: dict[str, Any]) -> dict[str, Any]:
        if len(json.dumps(value, allow_nan=False, ensure_ascii=False).encode()) > limit:
            raise ValueError(f"must not be larger than {limit // 1000} KB")
        return value

    return check


Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(one_line)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(one_line)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200_000), AfterValidator(whole_text)]
Html = Annotated[str, StringConstraints(max_length=400_000), AfterValidator(whole_text)]
Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(mailbox)]  # RFC 5321 4.5.3.1.3
Login = Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(one_line)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=256)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20, pattern=r"^[0-9 ]+$")]
Number = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[0-9]+$")]
ArticleId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}$")]
Token = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Priority = Annotated[int, Field(ge=1, le=5)]
Minutes = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]
Small = Annotated[int, Field(ge=0, le=2**31)]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), AfterValidator(one_line)]
Upload = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,60}$")]
Fields = Annotated[dict[Tag, Text], AfterValidator(no_larger_than(50_000))]
Uploads = Annotated[tuple[Upload, ...], Field(max_length=50)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Person(Body):
    email: Email
    name: Line = ""


People = Annotated[tuple[Person, ...], Field(max_length=50)]


# -- what comes in: sessions


class SignIn(Body):
    login: Login
    password: Password


class ChallengeAnswer(Body):
    """A new password for NEW_PASSWORD_REQUIRED, a code for SOFTWARE_TOKEN_MFA."""

    session: Token
    challenge: Line | None = None
    password: Password | None = None
    code: Code | None = None


class Forgotten(Body):
    login: Login


class Reset(Body):
    login: Login
    code: Code
    password: Password


class Factor(Body):
    """To enrol: first the password, then `session` with a code. To remove: `remove` with password and code."""

    password: Password | None = None
    session: Token | None = None
    code: Code | None = None
    remove: bool = False


class AskCode(Body):
    email: Email
    language: Language = "en"


class Prove(Body):
    email: Email
    code: Code


# -- what comes in: tickets


class NewTicket(Body):
    channel: Literal["email", "phone"]
    queue: Line
    customer: Person
    title: Title
    text: Text
    html: Html | None = None
    attachments: Uploads = ()
    state: NextState | None = None
    pending_until: AwareDatetime | None = None
    priority: Priority | None = None
    owner: Login | None = None
    time_units: Minutes = 0
    cc: People = ()
    send_after: AwareDatetime | None = None
    hold: bool = False


class Change(Body):
    """`version` and whatever shall be different; a field that is not named stays as it is."""

    version: Small
    title: Title | None = None
    queue: Line | None = None
    state: NextState | None = None
    pending_until: AwareDatetime | None = None
    priority: Priority | None = None
    owner: Login | None = None
    responsible: Login | None = None
    tags: Annotated[tuple[Tag, ...], Field(max_length=50)] | None = None
    fields: Fields | None = None
    service: Line | None = None
    sla: Line | None = None

    @model_validator(mode="after")
    def no_empty_ones(self) -> "Change":
        for name in ("title", "queue", "state", "priority", "tags", "fields"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"{name} cannot be empty")
        return self


class Takeover(Body):
    takeover: bool = False


class Saying(Body):
    kind: Kind
    text: Text
    html: Html | None = None
    to: People = ()
    cc: People = ()
    bcc: People = ()
    subject: Title | None = None
    attachments: Uploads = ()
    visible: bool | None = None
    time_units: Minutes = 0
    next_state: NextState | None = None
    pending_until: AwareDatetime | None = None
    epoch: Small | None = None
    seen: Small | None = None
    send_after: AwareDatetime | None = None
    quote: ArticleId | None = None
    unless_answered: bool = False
    hold: bool = False
    mind_own: bool = False


class Merge(Body):
    into: Number


class QueueWanted(Body):
    queue: Line


class LinkWanted(Body):
    """What the other ticket, `number`, is to this one."""

    number: Number
    kind: Literal["normal", "parent", "child"] = "normal"


class DraftBody(RootModel[Annotated[dict[str, JsonValue], AfterValidator(no_larger_than(300_000))]]):
    """Whatever the composer wants to have back."""

    model_config = ConfigDict(defer_build=True)


class UploadWanted(Body):
    filename: Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(one_line)]
    content_type: Annotated[str, StringConstraints(max_length=127, pattern=r"^[\w.+-]+/[\w.+-]+(; ?[\w=.+-]+)*$")]
    size: Annotated[int, Field(ge=0, le=10**12)]


class OwnNewTicket(Body):
    title: Title
    text: Text
    attachments: Uploads = ()


class OwnWords(Body):
    text: Text
    attachments: Uploads = ()


class View(Body):
    """A search that is looked into again and again."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    q: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    sort: Annotated[str, StringConstraints(pattern=r"^-?[a-z_]{1,20}$")] = "relevance"


class ViewsSet(Body):
    """All of one's views, in the order in which they are shown."""

    views: Annotated[tuple[View, ...], Field(max_length=50)]
