"""A desk that is not empty: posts the letters of dev/mails over SMTP, as their writers would."""

import smtplib
from email import message_from_bytes
from email.utils import getaddresses, parseaddr
from pathlib import Path

MAILS = Path(__file__).parent / "mails"


def send_all(address: str, domain: str) -> int:
    """In the order of the file names. A letter that is not taken is passed over."""
    host, _, port = address.rpartition(":")
    count = 0
    with smtplib.SMTP(host, int(port), timeout=30) as server:
        for path in sorted(MAILS.glob("*.eml")):
            raw = path.read_bytes().replace(b"desk.localhost", domain.encode())
            message = message_from_bytes(raw)
            envelope = message["Return-Path"] or message["From"] or ""
            to = [each for _, each in getaddresses(message.get_all("To", []) + message.get_all("Cc", []))]
            try:
                server.sendmail(parseaddr(str(envelope))[1], [each for each in to if each.endswith(domain)], raw)
                count += 1
            except smtplib.SMTPException:
                server.rset()
    return count
