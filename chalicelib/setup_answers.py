"""The configuration as an administrator is shown it; shown.py makes it."""

from typing import Literal

from chalicelib.answers import Answer
from chalicelib.models import Language, Right


class TemplateShown(Answer):
    subject: str
    text: str


class CalendarShown(Answer):
    zone: str
    hours: dict[str, list[tuple[int, int]]]
    holidays: list[str]


class QueueShown(Answer):
    id: str
    name: str
    address: str
    sender_name: str
    language: Language
    salutation: dict[str, str]
    signature: dict[str, str]
    auto_responses: dict[str, dict[str, TemplateShown]]
    follow_up: str
    lock_after_follow_up: bool
    unlock_minutes: int | None
    state_after_reply: str
    auto_close_days: int
    reminder_days: int | None
    priority: int
    same_letter_hours: int
    undo_seconds: int
    external_numbers: list[str]
    calendar: CalendarShown | None
    valid: bool


class QueuesShown(Answer):
    queues: list[QueueShown]
    next: str | None


class AgentShown(Answer):
    login: str
    name: str
    email: str
    role: Literal["admin", "agent"]
    rights: dict[str, Right]
    language: Language
    out_of_office: bool
    valid: bool


class AgentsShown(Answer):
    agents: list[AgentShown]
    next: str | None
