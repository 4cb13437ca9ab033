"""Queues: a pile with an address, a signature, automatic answers and rules for its tickets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.working_time import Calendar

POSSIBLE, NEW_TICKET, REJECT = "possible", "new ticket", "reject"  # follow-up options (OTRS)

# Automatic answers by occasion (OTRS's auto-response types).
AUTO_REPLY = "auto reply"
AUTO_REJECT = "auto reject"
AUTO_FOLLOW_UP = "auto follow up"
AUTO_REPLY_NEW_TICKET = "auto reply/new ticket"
AUTO_REMOVE = "auto remove"


@dataclass(frozen=True)
class Template:
    """A text with {{variables}}: number, title, queue, customer, agent (see auto_response.py)."""

    subject: str
    text: str


@dataclass(frozen=True)
class Queue:
    """`id` never changes, `name` may (`Parent::Child`). Texts are by language, `en` and `ru`.

    `language` answers letters whose own language cannot be told. `unlock_minutes` is working time, None: locks never run out.
    `auto_close_days` after a reply that waits for the customer; `reminder_days` before that a reminder is sent, None: none.
    `same_letter_hours`: for how long the same letter again is the same matter. `undo_seconds`: for how long a mail that
    an agent sends from the desk can be taken back; 0: it leaves at once.
    `external_numbers`: how other systems number their matters in subjects, `INC{}` or `[Case {}]`, so that their mails find together.
    """

    id: str
    name: str
    address: str
    sender_name: str = ""
    language: str = "en"
    salutation: Mapping[str, str] = field(default_factory=dict)
    signature: Mapping[str, str] = field(default_factory=dict)
    auto_responses: Mapping[str, Mapping[str, Template]] = field(default_factory=dict)
    follow_up: str = POSSIBLE
    lock_after_follow_up: bool = False
    unlock_minutes: int | None = 120
    state_after_reply: str = "pending auto close+"
    auto_close_days: int = 7
    reminder_days: int | None = None
    priority: int = 3
    same_letter_hours: int = 72
    undo_seconds: int = 0
    external_numbers: tuple[str, ...] = ()
    calendar: Calendar | None = None
    valid: bool = True
