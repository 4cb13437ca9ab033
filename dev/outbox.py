"""The mails that left, for scripts (JSON) and for people (a page). Nothing leaves the laptop, unless there is a relay."""

import base64
import html
import smtplib
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from typing import Any
from urllib.parse import parse_qs, urlsplit

from dev import ses
from dev.gateway import Answer, Request, refusal

NEWEST = 200  # mails on the page
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
details { border-top: 1px solid #8884; padding: .6rem 0 } summary { cursor: pointer }
small { color: #666 } pre { white-space: pre-wrap; overflow-wrap: anywhere }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #191919 } small { color: #999 } }
"""


def answer(request: Request) -> Answer:
    parts = urlsplit(request.target)
    query = parse_qs(parts.query, keep_blank_values=True)
    if parts.path.endswith("/") or "html" in query:
        return page()
    try:
        found = since(query.get("since", [""])[0])
    except ValueError:
        return refusal(400, "malformed", "`since` is the id of a mail, or a time like 2026-11-23T09:30:00Z.")
    body = ses.json.dumps([shown(sent) for sent in found]).encode()
    return Answer(200, body, (("Content-Type", "application/json"), ("Cache-Control", "no-store")))


def since(word: str) -> list[ses.Sent]:
    """All; those after the mail with this id; or those at this time and later. Raises ValueError."""
    mails = list(ses.outbox)
    if not word:
        return mails
    place = next((place for place, sent in enumerate(mails) if sent.id == word), None)
    if place is not None:
        return mails[place + 1 :]
    # A plus sign that nobody encoded arrives as a blank.
    moment = datetime.fromisoformat(word.strip().replace(" ", "+") if "T" in word else word)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=ses.UTC)
    return [sent for sent in mails if sent.at >= moment]


def shown(sent: ses.Sent) -> dict[str, Any]:
    return {
        "id": sent.id,
        "at": sent.at.astimezone(ses.UTC).isoformat().replace("+00:00", "Z"),
        "to": list(sent.to),
        "from": sent.sender,
        "subject": decoded(sent.subject),
        "raw": base64.b64encode(sent.raw).decode(),
    }


def decoded(header: str) -> str:
    try:
        return str(make_header(decode_header(header)))
    except (ValueError, LookupError):
        return header


# -- for people


def page() -> Answer:
    mails = list(ses.outbox)[-NEWEST:][::-1]
    items = "".join(map(item, mails)) or "<p>No mail has left yet.</p>"
    body = (
        f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>Outbox</title><style>{STYLE}</style><h1>Outbox</h1>"
        f"<p><small>What the desk has sent, the newest first. It has not left this computer.</small></p>{items}</html>"
    )
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", policy))
    return Answer(200, body.encode(), (*headers, ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")))


def item(sent: ses.Sent) -> str:
    message = message_from_bytes(sent.raw)
    at = sent.at.strftime("%d %b %H:%M:%S")
    to, subject = html.escape(", ".join(sent.to)), html.escape(decoded(sent.subject))
    text = html.escape(text_of(message)) + html.escape(files_of(message))
    return f"<details><summary><b>{subject}</b><br><small>{at} to {to}</small></summary><pre>{text}</pre></details>"


def text_of(message: Message) -> str:
    part = next((part for part in message.walk() if part.get_content_type() == "text/plain"), None)
    data = part.get_payload(decode=True) if part else None
    if not isinstance(data, bytes) or part is None:
        return ""
    try:
        return data.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def files_of(message: Message) -> str:
    names = [decoded(name) for part in message.walk() if (name := part.get_filename())]
    return f"\n\nAttached: {', '.join(names)}" if names else ""


# -- to a real server


class Relay:
    """Hands each mail that leaves to an SMTP server too, one after the other."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self.host, self.port = host or "127.0.0.1", int(port)
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="relay")
        ses.listeners.append(self.hear)

    def hear(self, sent: ses.Sent) -> None:
        self.pool.submit(self.send, sent)

    def send(self, sent: ses.Sent) -> None:
        try:
            with smtplib.SMTP(self.host, self.port, timeout=10) as server:
                server.sendmail(sent.sender, list(sent.to), sent.raw)
        except (OSError, smtplib.SMTPException) as error:
            print(f"{self.host}:{self.port} did not take the mail to {', '.join(sent.to)}: {error}", file=sys.stderr)

    def close(self) -> None:
        ses.listeners.remove(self.hear)
        self.pool.shutdown(cancel_futures=True)
