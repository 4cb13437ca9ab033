"""Outlook's own thread, which it believes more than References: the header Thread-Index ([MS-OXOMSG] 2.2.1.3). Pure.

22 bytes begin a conversation: 6 of time, 16 that all its mails share. Each answer adds 5: how long after, and a bit of chance.
"""

import base64
import binascii
import hashlib
from datetime import UTC, datetime

from chalicelib.article import Article
from chalicelib.ticket import Ticket

FILETIME = datetime(1601, 1, 1, tzinfo=UTC)
ROOT, BLOCK, LONGEST = 22, 5, 22 + 5 * 60  # bytes; a longer conversation keeps its beginning


def thread_index(ticket: Ticket, article: Article) -> str:
    """Goes on with the conversation of the customer's Outlook, where he has one; else begins one of the ticket's own."""
    index = known(ticket.thread_index) or own(ticket)
    if article.seq > 1:
        index = index[: LONGEST - BLOCK] + block(index, article)
    return base64.b64encode(index).decode()


def known(header: str) -> bytes:
    """What a mail's header says; nothing where it makes no sense."""
    try:
        index = base64.b64decode(header, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return index if ROOT <= len(index) <= LONGEST and (len(index) - ROOT) % BLOCK == 0 else b""


def own(ticket: Ticket) -> bytes:
    return ticks(ticket.created).to_bytes(8, "big")[:6] + hashlib.sha256(ticket.number.encode()).digest()[:16]


def block(index: bytes, article: Article) -> bytes:
    """The time since the beginning, in 2^18 ticks of 100 ns, and the article's number in place of chance."""
    begun = int.from_bytes(index[:6] + b"\0\0", "big")
    passed = max(0, ticks(article.at) - begun) >> 18
    return (passed & 0x7FFFFFFF).to_bytes(4, "big") + bytes([article.seq & 0xFF])


def ticks(moment: datetime) -> int:
    return int((moment - FILETIME).total_seconds()) * 10**7
