"""Letters for the tests of the mail reader, written by hand: bytes as they come out of the bucket."""

RECEIVED = (
    b"Received: from mail.carla.example (mail.carla.example [192.0.2.7]) by inbound-smtp.eu-west-1.amazonaws.com"
    b" with SMTP id abc123 for support@desk.example; Mon, 23 Nov 2026 10:00:00 +0000 (UTC)\r\n"
)
PASSED = (
    b"Authentication-Results: amazonses.com; spf=pass (spfCheck: domain of carla.example designates 192.0.2.7 as permitted"
    b" sender) client-ip=192.0.2.7; envelope-from=carla@carla.example; helo=mail.carla.example;"
    b" dkim=pass header.i=@carla.example; dmarc=pass header.from=carla.example;\r\n"
)
UNKNOWN = (
    b"Authentication-Results: amazonses.com; spf=none (spfCheck: 203.0.113.9 is neither permitted nor denied)"
    b" client-ip=203.0.113.9; envelope-from=eve@evil.example; helo=evil.example; dkim=none; dmarc=none;\r\n"
)


def letter(
    body: bytes = b"Hello,\r\n\r\nmy printer is on fire.\r\n",
    sender: bytes = b"Carla <carla@carla.example>",
    **headers: bytes,
) -> bytes:
    """A mail from Carla; further headers by keyword (`content_type=` is Content-Type)."""
    lines = [b"From: " + sender, b"To: support@desk.example", b"Subject: Printer", b"Message-ID: <1@carla.example>"]
    told = {name.replace("_", "-").title().encode(): value for name, value in headers.items()}
    kept = [line for line in lines if line.partition(b":")[0] not in told]
    return b"\r\n".join(kept + [name + b": " + value for name, value in told.items()]) + b"\r\n\r\n" + body


def from_ses(
    mail: bytes, results: bytes = PASSED, received: bytes = RECEIVED, return_path: bytes = b"<carla@carla.example>"
) -> bytes:
    """The mail as SES stores it: its own headers above, in its order."""
    return (
        b"Return-Path: "
        + return_path
        + b"\r\n"
        + received
        + b"X-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: PASS\r\n"
        b"Received-SPF: pass (spfCheck) client-ip=192.0.2.7;\r\n"
        + results
        + b"X-SES-RECEIPT: AEFBQUFB\r\nX-SES-DKIM-SIGNATURE: a=rsa-sha256; q=dns/txt; b=abc=\r\n"
        + mail
    )


def multipart(kind: bytes, *parts: bytes, **headers: bytes) -> bytes:
    """A mail of several parts, each given as header lines, an empty line and the content."""
    body = b"".join(b"--=_b\r\n" + part + b"\r\n" for part in parts) + b"--=_b--\r\n"
    return letter(body, content_type=b"multipart/" + kind + b'; boundary="=_b"', **headers)


def part(content: bytes, kind: bytes = b"text/plain; charset=utf-8", *headers: bytes) -> bytes:
    return b"\r\n".join([b"Content-Type: " + kind, *headers]) + b"\r\n\r\n" + content
