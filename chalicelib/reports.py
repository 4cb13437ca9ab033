"""What a report about our own mail says: bounces, delays and complaints (RFC 3464, 6522, 5965, and older manners). Pure."""

from dataclasses import dataclass
from email.message import Message


@dataclass(frozen=True)
class Recipient:
    """Whom the report is about. `status`: RFC 3463, e.g. 5.1.1; `permanent`: None where it cannot be told; `sentence`: why."""

    email: str
    status: str | None
    permanent: bool | None
    sentence: str


@dataclass(frozen=True)
class Report:
    """`kind`: bounce, delay or complaint; ids without angle brackets, of the mail that it is about."""

    kind: str
    recipients: tuple[Recipient, ...]
    original_message_id: str | None
    original_references: tuple[str, ...]


def read(message: Message, text: str) -> Report | None:
    """The report that the mail is; None: it is an ordinary mail."""
    return None
