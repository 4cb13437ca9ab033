"""What the desk itself says to its agents: internal notes. Pure."""

from dataclasses import replace
from datetime import datetime

from chalicelib.article import EMAIL, NOTE, SYSTEM, Address, Article, Reported, StoredFile
from chalicelib.queues import Queue


def note(seq: int, queue: Queue, subject: str, text: str, now: datetime, report: Reported | None = None) -> Article:
    """The ticket's article `seq`; makes it news for those who work in the queue."""
    return Article(
        seq=seq,
        kind="note",
        channel=NOTE,
        sender=SYSTEM,
        sent_from=Address(queue.address, queue.name),
        subject=subject,
        text=text,
        visible=False,
        at=now,
        report=report,
    )


def unreadable(mail_id: str, size: int, queue: Queue, subject: str, text: str, now: datetime) -> Article:
    """The first article of a ticket that was made of a mail which nobody but a person can read."""
    original = StoredFile(f"mail/{mail_id}", "mail.eml", "message/rfc822", size)
    said = note(1, queue, subject, text, now)
    return replace(said, kind="mail", channel=EMAIL, attachments=(original,), mail_key=f"mail/{mail_id}")
