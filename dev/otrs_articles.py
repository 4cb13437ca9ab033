"""Articles as OTRS tells them, as ours: channel, sender, text and HTML, files, who may see them."""

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from chalicelib import files, html_text, mail_headers, safe_html, visible_reply
from chalicelib.article import AGENT, CUSTOMER, EMAIL, NOTE, PHONE, SYSTEM, WEB, Address, Article, StoredFile
from chalicelib.config import config
from chalicelib.ticket import Ticket

LONGEST = 900_000  # characters of an article's text; a body may be as large in S3
CHANNELS = {
    "1": EMAIL,
    "2": PHONE,
    "3": NOTE,
    "email": EMAIL,
    "phone": PHONE,
    "internal": NOTE,
    "webrequest": WEB,
    "note": NOTE,
}
KINDS = {(EMAIL, AGENT): "reply", (EMAIL, CUSTOMER): "mail", (EMAIL, SYSTEM): "auto"}


def article_of(told: dict[str, Any], of: Ticket, seq: int) -> Article:
    sender = str(told.get("SenderType", SYSTEM)).lower()
    sender = sender if sender in (AGENT, CUSTOMER) else SYSTEM
    channel = channel_of(told)
    text, page = words_of(told)
    kind = KINDS.get((channel, sender)) or {PHONE: "phone", WEB: "web"}.get(channel, "note")
    login = str(told.get("CreateBy") or "")
    return Article(
        seq=seq,
        kind=kind,
        channel=channel,
        sender=sender,
        sent_from=next(iter(people(told.get("From", ""))), Address("", str(told.get("From", "")))),
        to=people(told.get("To", "")),
        cc=people(told.get("Cc", "")),
        subject=str(told.get("Subject", "")),
        text=text,
        html=page,
        fold=visible_reply.split(text[:40_000]).fold,
        visible=visible(told),
        attachments=tuple(attached(told, of.number, seq)),
        by=login if login in config().agents else None,
        time_units=float(told.get("TimeUnit") or 0),
        at=moment(told.get("CreateTime") or told.get("Created")) or of.created,
        message_id=next(iter(mail_headers.message_ids(str(told.get("MessageID", "")).encode())), None),
    )


def channel_of(told: dict[str, Any]) -> str:
    """OTRS 6 has channels, older ones types such as email-external and note-internal."""
    named = str(
        told.get("CommunicationChannel") or told.get("CommunicationChannelID") or told.get("ArticleType") or "email"
    )
    return CHANNELS.get(named.lower().partition("-")[0], EMAIL)


def visible(told: dict[str, Any]) -> bool:
    if "IsVisibleForCustomer" in told:
        return str(told["IsVisibleForCustomer"]) == "1"
    return not str(told.get("ArticleType", "")).endswith(("-internal", "-int", "-report"))


def words_of(told: dict[str, Any]) -> tuple[str, str | None]:
    """Text and safe HTML. OTRS keeps a mail's HTML as its first attachment, called file-1 or file-2."""
    body = str(told.get("Body", ""))[:LONGEST]
    if "html" in str(told.get("MimeType") or told.get("ContentType") or ""):
        return html_text.text_of(body), safe_html.sanitised(body)[0]
    page = next((each for each in told.get("Attachment") or [] if is_body(each)), None)
    html = base64.b64decode(page.get("Content", "")).decode(errors="replace") if page else ""
    return body, safe_html.sanitised(html)[0] if html else None


def is_body(told: dict[str, Any]) -> bool:
    page = str(told.get("ContentType", "")).startswith("text/html")
    return page and bool(re.fullmatch(r"file-[12](\.html?)?", str(told.get("Filename", ""))))


def attached(told: dict[str, Any], number: str, seq: int) -> Iterator[StoredFile]:
    for n, each in enumerate(told.get("Attachment") or [], 1):
        if is_body(each):
            continue
        content = base64.b64decode(each.get("Content", ""))
        kind = str(each.get("ContentType", "application/octet-stream")).partition(";")[0] or "application/octet-stream"
        key = f"files/otrs-{number}/{seq}-{n}"
        files.put(key, content, kind)
        shown = str(each.get("Disposition", "")) == "inline" and bool(each.get("ContentID"))
        cid = str(each.get("ContentID") or "").strip("<>") or None
        yield StoredFile(key, str(each.get("Filename") or "file"), kind, len(content), shown, cid)


def people(text: Any) -> tuple[Address, ...]:
    return mail_headers.addresses(str(text or "").encode(), "utf-8")


def note(of: Ticket, seq: int, now: datetime) -> Article:
    queue = config().queues[of.queue]
    words = f"Imported from OTRS, where this was ticket {of.number} (id {of.fields['otrs']})."
    return Article(seq, "note", NOTE, SYSTEM, Address(queue.address, queue.name), of.title, words, now, visible=False)


def moment(text: Any) -> datetime | None:
    """OTRS writes UTC since version 6; before, the server's own time, which nobody wrote down."""
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
    except ValueError:
        return None
