"""The shapes of the configuration: queues and agents as an administrator sees and changes them.

In a PUT, what is not named stays as it is; of something new it takes its default. Queues are called by their full names.
"""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.models import Body, Email, Language, Line, Right, one_line, whole_text

# All texts of a queue share one item of the table, which holds 400 KB.
Words = Annotated[str, StringConstraints(max_length=8_000), AfterValidator(whole_text)]
QueueName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(one_line)
]
Occasion = Literal["auto reply", "auto reject", "auto follow up", "auto reply/new ticket", "auto remove"]
Minute = Annotated[int, Field(ge=0, le=1440)]
Hours = Annotated[tuple[tuple[Minute, Minute], ...], Field(max_length=24)]
Weekday = Annotated[str, StringConstraints(pattern=r"^[0-6]$")]


def number_pattern(text: str) -> str:
    if text.count("{}") != 1 or len(re.findall(r"[^\s{}]", text)) < 2:
        raise ValueError("must be like “INC{}”: {} once for the digits, and at least two characters around it")
    return text


NumberPattern = Annotated[Line, StringConstraints(strip_whitespace=True, max_length=40), AfterValidator(number_pattern)]


class TemplateSet(Body):
    subject: Line
    text: Words


class CalendarSet(Body):
    """`hours` by weekday (0 is Monday): pairs of minutes of the day, ascending; `holidays` are dates."""

    zone: Annotated[str, StringConstraints(max_length=60)]
    hours: Annotated[dict[Weekday, Hours], Field(default_factory=dict)]
    holidays: Annotated[tuple[date, ...], Field(max_length=1000)] = ()


class QueueSet(Body):
    """`unlock_minutes`: null or 0, locks never run out; `reminder_days`: null, none; `calendar`: null, round the clock."""

    id: str | None = None
    name: QueueName | None = None
    address: Email | None = None
    sender_name: Line | None = None
    language: Language | None = None
    salutation: dict[Language, Words] | None = None
    signature: dict[Language, Words] | None = None
    auto_responses: dict[Occasion, dict[Language, TemplateSet]] | None = None
    follow_up: Literal["possible", "new ticket", "reject"] | None = None
    lock_after_follow_up: bool | None = None
    unlock_minutes: Annotated[int, Field(ge=0, le=525_600)] | None = None
    state_after_reply: (
        Literal["open", "pending reminder", "pending auto close+", "pending auto close-", "closed successful"] | None
    ) = None
    auto_close_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    reminder_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    priority: Annotated[int, Field(ge=1, le=5)] | None = None
    same_letter_hours: Annotated[int, Field(ge=0, le=8760)] | None = None
    undo_seconds: Annotated[int, Field(ge=0, le=86_400)] | None = None
    external_numbers: Annotated[tuple[NumberPattern, ...], Field(max_length=10)] | None = None
    calendar: CalendarSet | None = None
    valid: bool | None = None


class AgentSet(Body):
    """`rights` by full queue name. A new agent needs `name` and `email`, and gets a mail with a first password."""

    login: str | None = None
    name: Annotated[Line, StringConstraints(min_length=1)] | None = None
    email: Email | None = None
    role: Literal["admin", "agent"] | None = None
    rights: Annotated[dict[Line, Right], Field(max_length=500)] | None = None
    language: Language | None = None
    out_of_office: bool | None = None
    valid: bool | None = None


class RatesSet(Body):
    """What is not named stays. `hourly` and `agents` (by login) are money an hour; `mail_to` gets the week's figures on Mondays."""

    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    hourly: Annotated[float, Field(ge=0, le=100_000)] | None = None
    agents: Annotated[dict[str, Annotated[float, Field(ge=0, le=100_000)]], Field(max_length=500)] | None = None
    export: bool | None = None
    mail_to: Annotated[tuple[Email, ...], Field(max_length=20)] | None = None
    mail_language: Language | None = None
