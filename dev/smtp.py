"""Mail in: an SMTP server that behaves as SES's, and puts what it took into the bucket.

The header block is SES's own, in its order (SES Developer Guide, the sample event of the Lambda action). All verdicts are
PASS, but those that a line `X-Dev-Verdict: dmarc=fail, spam=gray` in the mail names.
"""

import asyncio
import base64
import email.utils
import hashlib
import re
import secrets
import string
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from dev.template import REGION

LARGEST = 40 * 1024 * 1024
VERDICTS = ("spf", "dkim", "dmarc", "spam", "virus")
WORDS = ("pass", "fail", "none", "gray")
ALPHABET = string.ascii_lowercase + string.digits
Put = Callable[[bytes, str], Any]  # (mail, key)


def stamp(raw: bytes, sender: str, recipients: list[str], *, own: str = "", peer: str = "127.0.0.1",
          helo: str = "localhost", now: datetime | None = None) -> bytes:  # fmt: skip
    """The mail as SES stores it: its own header block on top, everything below as it came."""
    message = BytesHeaderParser(policy=compat32).parsebytes(raw)
    verdicts = verdicts_of(message)
    own = own or new_id()
    moment = email.utils.format_datetime((now or datetime.now(UTC)).astimezone(UTC)).replace("+0000", "+0000 (UTC)")
    # Where a mail has several recipients, SES names none of them.
    reader = f" for {recipients[0]}" if len(recipients) == 1 else ""
    domain = sender.rpartition("@")[2] or helo
    house = email.utils.parseaddr(str(message["From"] or ""))[1].rpartition("@")[2] or domain
    house = re.sub(r"[^\w.-]", "", house)
    client = f"client-ip={peer}; envelope-from={sender}; helo={helo};"
    spf = f"(spfCheck: domain of {domain} says {verdicts['spf']} to {peer} as a sender)"
    checks = f"spf={verdicts['spf']} {spf} {client} dkim={verdicts['dkim']} header.i=@{house};"
    receipt = base64.b64encode(hashlib.sha512(own.encode()).digest()).decode()
    block = [
        f"Return-Path: <{sender}>",
        f"Received: from {helo} ({helo} [{peer}])\r\n by inbound-smtp.{REGION}.amazonaws.com with SMTP id {own}\r\n"
        f"{reader};\r\n {moment}".replace("\r\n;", ";"),
        f"X-SES-Spam-Verdict: {verdicts['spam'].upper()}",
        f"X-SES-Virus-Verdict: {verdicts['virus'].upper()}",
        f"Received-SPF: {verdicts['spf']} {spf} {client}",
        f"Authentication-Results: amazonses.com;\r\n {checks}\r\n dmarc={verdicts['dmarc']} header.from={house};",
        f"X-SES-RECEIPT: {receipt}",
        f"X-SES-DKIM-SIGNATURE: a=rsa-sha256; q=dns/txt; b={receipt[:64]}; c=relaxed/simple; s=laptop; d=amazonses.com;",
    ]
    return "".join(line + "\r\n" for line in block).encode("utf-8", "surrogateescape") + raw


def verdicts_of(message: Message) -> dict[str, str]:
    """All pass, but those that the mail's X-Dev-Verdict names with a word that SES knows."""
    asked = ", ".join(str(each) for each in message.get_all("X-Dev-Verdict", []))
    named = re.findall(r"(\w+)\s*=\s*(\w+)", asked.lower())
    return dict.fromkeys(VERDICTS, "pass") | {name: word for name, word in named if name in VERDICTS and word in WORDS}


def new_id() -> str:
    """As long as SES's."""
    return "".join(secrets.choice(ALPHABET) for _ in range(40))


class Receiver:
    """Answers the sender: 250 only when the mail lies in the bucket."""

    def __init__(self, domain: str, put: Put) -> None:
        self.domain, self.put = domain, put
        self.pool = ThreadPoolExecutor(4, thread_name_prefix="smtp")

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if address.rpartition("@")[2].strip().lower() != self.domain:
            return "550 5.1.1 Requested action not taken: mailbox unavailable"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        own = new_id()
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        peer, helo = (session.peer or ("127.0.0.1",))[0], plain(session.host_name or "localhost")
        stamped = stamp(
            raw, plain(envelope.mail_from or "").strip("<>"), envelope.rcpt_tos, own=own, peer=peer, helo=helo
        )
        try:
            # In a thread of its own: storing waits for the disk, and meanwhile others may talk.
            await asyncio.get_running_loop().run_in_executor(self.pool, self.put, stamped, f"in/{own}")
        except Exception as error:
            return f"451 4.3.0 Could not store the message: {type(error).__name__}"
        return f"250 OK {own}"


def plain(word: str) -> str:
    return re.sub(r"[\r\n\0]", "", word)


class Patient(SMTP):
    """Takes lines longer than the RFC's 998 bytes, as SES does."""

    line_length_limit = 1024 * 1024


class Server(Controller):
    """Listens in a thread of its own between `start` and `stop`."""

    def __init__(self, domain: str, put: Put, port: int, host: str = "127.0.0.1") -> None:
        self.receiver = Receiver(domain, put)
        super().__init__(self.receiver, hostname=host, port=port, data_size_limit=LARGEST, enable_SMTPUTF8=True)

    def factory(self) -> SMTP:
        return Patient(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        # Port 0 means any free one: its own test of itself must knock at the real one.
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()

    @property
    def address(self) -> str:
        host, port = self.server.sockets[0].getsockname()[:2]  # type: ignore[union-attr]
        return f"{host}:{port}"

    def stop(self, no_assert: bool = False) -> None:
        super().stop(no_assert)
        self.receiver.pool.shutdown()
