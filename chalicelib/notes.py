"""What the desk itself says to its agents: internal notes. Pure."""

from datetime import datetime

from chalicelib.article import NOTE, SYSTEM, Address, Article, Reported
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
