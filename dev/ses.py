"""Sending as SES does it: refuses what SES refuses, rewrites Message-ID and Date, and keeps what left.

Sources: the SES Developer Guide's pages on quotas, header fields, MIME types and the mailbox simulator.
"""

import base64
import email.utils
import json
import re
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Any

from moto.core.exceptions import ServiceException
from moto.sesv2 import responses

from dev.template import REGION

LARGEST = 40 * 1024 * 1024
MOST_RECIPIENTS = 50
# What SES takes no attachment of (its guide's page on MIME types).
BLOCKED = frozenset(
    re.findall(
        r"\w+",
        """
        ade adp app asp bas bat cer chm cmd com cpl crt csh der exe fxp gadget hlp hta inf ins isp its js jse ksh lib
        lnk mad maf mag mam maq mar mas mat mau mav maw mda mdb mde mdt mdw mdz msc msh msh1 msh2 mshxml msh1xml
        msh2xml msi msp mst ops pcd pif plg prf prg reg scf scr sct shb shs sys ps1 ps1xml ps2 ps2xml psc1 psc2 tmp url
        vb vbe vbs vps vsmacros vss vst vsw vxd ws wsc wsf wsh xnk
        """,
    )
)


class Rejected(ServiceException):
    code = "MessageRejected"


@dataclass(frozen=True)
class Sent:
    """A mail as its receivers get it. `id` is SES's bare id, `to` the envelope."""

    id: str
    at: datetime
    to: tuple[str, ...]
    sender: str
    subject: str
    raw: bytes
    configuration_set: str = ""
    tags: dict[str, str] = field(default_factory=dict)


outbox: list[Sent] = []
listeners: list[Callable[[Sent], None]] = []
clock: list[Callable[[], datetime]] = [lambda: datetime.now(UTC)]
guard = threading.Lock()


def send_email(self: Any) -> str:
    """Takes the place of moto's: SESv2 SendEmail with Content.Raw."""
    asked = json.loads(self.body)
    raw = base64.b64decode(asked.get("Content", {}).get("Raw", {}).get("Data", ""))
    if not raw:
        raise Rejected("The desk sends raw messages only.")
    identities = self.sesv2_backend.core_backend.email_identities
    sent = accept(raw, asked, set(identities))
    return json.dumps({"MessageId": sent.id})


def accept(raw: bytes, asked: dict[str, Any], identities: set[str]) -> Sent:
    message = BytesParser(policy=compat32).parsebytes(raw)
    sender = email.utils.parseaddr(asked.get("FromEmailAddress") or str(message["From"] or ""))[1]
    to = recipients(message, asked.get("Destination", {}))
    judge(message, raw, sender, to, identities)
    at = clock[0]()
    own = new_id(at)
    sent = Sent(
        id=own,
        at=at,
        to=to,
        sender=sender,
        subject=re.sub(r"\r?\n(?=[ \t])", "", str(message["Subject"] or "")),
        raw=rewritten(raw, own, at),
        configuration_set=asked.get("ConfigurationSetName", ""),
        tags={each["Name"]: each["Value"] for each in asked.get("EmailTags", [])},
    )
    with guard:
        outbox.append(sent)
    for listener in listeners:
        listener(sent)
    return sent


def recipients(message: Message, destination: dict[str, list[str]]) -> tuple[str, ...]:
    """The envelope: the request's destination; without one, the message's own To, Cc and Bcc."""
    words = ("ToAddresses", "CcAddresses", "BccAddresses")
    given = [address for word in words for address in destination.get(word, [])]
    given = given or [str(value) for name in ("To", "Cc", "Bcc") for value in message.get_all(name, [])]
    return tuple(dict.fromkeys(address for _, address in email.utils.getaddresses(given) if address))


def judge(message: Message, raw: bytes, sender: str, to: tuple[str, ...], identities: set[str]) -> None:
    """Raises Rejected for what SES does not send."""
    if len(raw) > LARGEST:
        raise Rejected(f"Message length is more than {LARGEST} bytes long: '{len(raw)}'.")
    if not to:
        raise Rejected("Missing required header: 'To'.")
    if len(to) > MOST_RECIPIENTS:
        raise Rejected(f"Recipient count exceeds {MOST_RECIPIENTS}.")
    if not {sender, sender.rpartition("@")[2].lower()} & identities:
        failed = f"The following identities failed the check in region {REGION.upper()}: {sender}"
        raise Rejected(f"Email address is not verified. {failed}")
    for part in message.walk():
        name = str(part.get_filename() or "")
        if name.rpartition(".")[2].lower() in BLOCKED and "." in name:
            raise Rejected(f"Illegal filename '{name}'.")


def new_id(at: datetime) -> str:
    return f"0102{int(at.timestamp() * 1000):012x}-{uuid.uuid4()}-000000"


def rewritten(raw: bytes, own: str, at: datetime) -> bytes:
    """With SES's Message-ID and Date, and without Bcc; all other bytes as they were."""
    line_end = b"\r\n" if b"\r\n" in raw else b"\n"
    head, separator, body = raw.partition(line_end * 2)
    fields = re.split(rb"\r?\n(?![ \t])", head)
    kept = [each for each in fields if not re.match(rb"(?i)(message-id|date|bcc)[ \t]*:", each)]
    date = email.utils.format_datetime(at.astimezone(UTC))
    stamps = [f"Message-ID: <{own}@{REGION}.amazonses.com>".encode(), f"Date: {date}".encode()]
    return line_end.join(kept + stamps) + (separator or line_end * 2) + body


def event_of(sent: Sent, kind: str, more: dict[str, Any]) -> dict[str, Any]:
    """An event as SES publishes it (SES Developer Guide, contents of event data)."""
    mail = {
        "timestamp": sent.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "source": sent.sender,
        "messageId": sent.id,
        "destination": list(sent.to),
        "tags": {name: [value] for name, value in sent.tags.items()},
    }
    word = kind[0].lower() + kind[1:]
    return {"eventType": kind, "mail": mail, word: {"recipients": list(sent.to), "timestamp": mail["timestamp"]} | more}


def install() -> None:
    responses.SESV2Response.send_email = send_email  # type: ignore[method-assign]


install()
