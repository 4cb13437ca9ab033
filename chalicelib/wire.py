"""A mail address as it goes over the wire. Pure."""

import re
import unicodedata

from chalicelib.errors import Refused
from chalicelib.threads import one_line

LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,100}")
DOMAIN = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*")
# Mailboxes behind which nobody reads (OTRS SendNoAutoResponseRegExp, and those of our days).
NOBODY = re.compile(
    r"(mailer-?daemon|mail-daemon|postmaster|abuse|(no|do-?not|dont)[-._]?reply|(do|no)[-._]not[-._]reply|bounces?|autoreply|wordpress)"
    r"([-+._=].*)?@",
    re.IGNORECASE,
)


def wire_address(email: str) -> str:
    """The address as SES takes it, in ASCII; the domain may be in any alphabet. Raises Refused for what is none."""
    local, _, domain = email.rpartition("@")
    try:
        ascii_domain = domain if domain.isascii() else ".".join(map(wire_label, domain.split(".")))
    except UnicodeError:
        ascii_domain = ""
    if not LOCAL.fullmatch(local) or not DOMAIN.fullmatch(ascii_domain):
        raise Refused(f"Mail cannot be sent to “{one_line(email)}”.", code="malformed")
    return f"{local}@{ascii_domain}"


def wire_label(label: str) -> str:
    """Python knows the rules of 2003, by which ß was ss: by those of today (RFC 5891) that is somebody else's domain."""
    label = unicodedata.normalize("NFC", label).lower()
    return f"xn--{label.encode('punycode').decode()}" if "ß" in label or "ς" in label else label.encode("idna").decode()


def nobody_reads(email: str) -> bool:
    return bool(NOBODY.match(email))
