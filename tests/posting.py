"""Mails as SES hands them over: its own header block on top, then what the sender wrote."""

from email.message import EmailMessage

from chalicelib.article import Address
from tests.cast import CARLA, SUPPORT

SES_BLOCK = """\
Return-Path: <{sender}>
Received: from mail.customer.example (mail.customer.example [192.0.2.1])
 by inbound-smtp.eu-west-1.amazonaws.com with SMTP id {name}
 for <{recipient}>;
 Mon, 23 Nov 2026 09:00:00 +0000 (UTC)
X-SES-Spam-Verdict: {spam}
X-SES-Virus-Verdict: PASS
Received-SPF: {spf} (spfCheck: domain) client-ip=192.0.2.1; envelope-from={sender}; helo=mail.customer.example;
Authentication-Results: amazonses.com;
 spf={spf} (spfCheck: domain) client-ip=192.0.2.1; envelope-from={sender}; helo=mail.customer.example;
 dkim={dkim} header.i=@{domain};
 dmarc={dmarc} header.from={domain};
X-SES-RECEIPT: AEFBQUFBQUFBQUFB
X-SES-DKIM-SIGNATURE: a=rsa-sha256; q=dns/txt; b=abc=; c=relaxed/simple
"""


def mail(
    text: str = "Please help, the printer is on fire and the office is full of smoke.",
    subject: str = "The printer is on fire",
    sender: Address = CARLA,
    to: str = SUPPORT.address,
    message_id: str | None = "<first@customer.example>",
    name: str = "o3vrnil0e2ic28tr",
    verdict: str = "PASS",
    spam: str = "PASS",
    headers: dict[str, str] | None = None,
    files: tuple[tuple[str, bytes], ...] = (),
) -> bytes:
    """The bytes of one object in `in/`. `verdict` is that of SPF, DKIM and DMARC alike."""
    message = EmailMessage()
    message["From"] = str(sender)
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = "Mon, 23 Nov 2026 08:59:58 +0000"
    if message_id:
        message["Message-ID"] = message_id
    for header, value in (headers or {}).items():
        message[header] = value
    message.set_content(text)
    for filename, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=filename)
    verdicts = {"spf": verdict, "dkim": verdict, "dmarc": verdict, "spam": spam}
    place = {"sender": sender.email, "domain": sender.email.rpartition("@")[2], "name": name, "recipient": to}
    return SES_BLOCK.format(**place, **verdicts).encode() + bytes(message)
