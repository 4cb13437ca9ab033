"""SES's own header block: what it writes above everything the sender wrote, and the only thing that is believed about him.

Order, as SES writes it (aws-and-data-design.md 1.1): Return-Path, Received, X-SES-Spam-Verdict, X-SES-Virus-Verdict, Received-SPF,
Authentication-Results, X-SES-RECEIPT, X-SES-DKIM-SIGNATURE. Below it may stand forged copies of all of these.
"""

import re
from dataclasses import dataclass, replace

from chalicelib.mail import Verdicts
from chalicelib.mime import Header

ABOVE = {
    "return-path",
    "received",
    "x-ses-spam-verdict",
    "x-ses-virus-verdict",
    "received-spf",
    "authentication-results",
}
SES_HOST = re.compile(rb"\bby\s+inbound-smtp\.[a-z0-9-]+\.amazonaws\.com\b", re.I)
# The sending machine says its own name, which stands among the results, too: one that is no name might be a result.
PLAIN_HELO = re.compile(r"\s*from\s+[\w.:\[\]-]+\s")
LINES = re.compile(rb"(?im)^x-ses-receipt:.*\n(?:[ \t].*\n)*(?:x-ses-dkim-signature:.*\n(?:[ \t].*\n)*)?")
AUTHSERV_ID = "amazonses.com"
MAX_RESULTS = 16 * 1024


def split(headers: list[Header]) -> tuple[list[Header], list[Header]]:
    """SES's block and the sender's headers. Without a block from SES, the first is empty.

    The block ends with the first X-SES-RECEIPT (and the signature that follows it), and holds nothing but what SES writes.
    """
    for at, (name, _) in enumerate(headers):
        if name == "x-ses-receipt":
            end = at + 1
            if headers[end : end + 1] and headers[end][0] == "x-ses-dkim-signature":
                end += 1
            return (headers[:end], headers[end:]) if by_ses(headers[:at]) else ([], headers)
        if name not in ABOVE:
            break
    return [], headers


def end(source: bytes) -> int:
    """Where the lines end that SES writes, 0 without any; whether SES has written them is for `split` to say."""
    found = LINES.search(source, 0, 65536)
    return found.end() if found else 0


def by_ses(block: list[Header]) -> bool:
    received = [value for name, value in block if name == "received"]
    return bool(received and SES_HOST.search(received[0]))


def verdicts(block: list[Header], sender_domain: str | None) -> Verdicts:
    """What SES says. `sender_domain`: the domain of the one address in the one From, None where there are others."""
    first: dict[str, str] = {}
    for name, value in block:
        first.setdefault(name, re.sub(r"\s*\n\s*", " ", value.decode("latin-1")))
    return_path = first["return-path"].strip("<> ").lower() if "return-path" in first else None
    received = first.get("received", "")
    checks = results(first.get("authentication-results", "")) if PLAIN_HELO.match(received) else None
    checks = checks or []
    return Verdicts(
        spf=worst(checks, "spf"),
        dkim="pass"
        if any(each.result == "pass" for each in checks if each.method == "dkim")
        else worst(checks, "dkim"),
        dmarc=worst(checks, "dmarc"),
        spam=verdict(first.get("x-ses-spam-verdict")),
        virus=verdict(first.get("x-ses-virus-verdict")),
        spf_aligned=spf_for(checks, return_path, sender_domain),
        dkim_aligned=aligned(checks, "dkim", "header.i", sender_domain)
        or aligned(checks, "dkim", "header.d", sender_domain),
        dmarc_aligned=dmarc_for(checks, sender_domain),
        recipient=recipient(received),
        return_path=return_path,
    )


@dataclass(frozen=True)
class Check:
    """One `method=result property=value ...` of Authentication-Results (RFC 8601 2.2)."""

    method: str
    result: str
    properties: dict[str, str]


def results(value: str) -> list[Check] | None:
    """The checks of an Authentication-Results header, None when it is not SES's or can be read in more than one way.

    A clause counts only by its first word; what stands in comments and in quoted strings is data, whatever it looks like.
    """
    clauses = tokens(value) if len(value) <= MAX_RESULTS else None
    if not clauses or clauses[0] != [AUTHSERV_ID]:
        return None
    found: list[Check] = []
    for clause in clauses[1:]:
        if found and found[-1].method == "spf" and looked_at_by_spf(clause):
            found[-1] = replace(found[-1], properties=properties(clause) | found[-1].properties)
        elif check := check_of(clause):
            found.append(check)
    return found


def tokens(value: str) -> list[list[str]] | None:
    """The words of each clause (between semicolons), comments left out, quoted strings kept with their quotes.

    None where comments or quotes do not close, or a comment has a quote in it: a local part like "a) dmarc=pass (b" reads
    as one string to some and as a verdict to others, and nobody honest has one.
    """
    clauses: list[list[str]] = [[]]
    for found in re.finditer(r'\s+|;|"(?:[^"\\]|\\.)*"|\((?:[^()"\\])*\)|[^\s;"()\\]+|.', value, re.S):
        token = found[0]
        if token == ";":
            clauses.append([])
        elif len(token) == 1 and token in '"()\\':
            return None
        elif token.startswith(("(", '"')) or not token.isspace():
            glued = found.start() and clauses[-1] and not re.match(r"[\s;)]", value[found.start() - 1])
            if token.startswith("("):
                continue
            clauses[-1] = [*clauses[-1][:-1], clauses[-1][-1] + token] if glued else [*clauses[-1], token]
    return clauses


def check_of(clause: list[str]) -> Check | None:
    if not clause or not (found := re.fullmatch(r"([a-z-]+)=([a-z]+)", clause[0].lower())):
        return None
    return Check(found[1], found[2], properties(clause[1:]))


def properties(words: list[str]) -> dict[str, str]:
    """The first of each name counts."""
    told = [word.lower().partition("=") for word in reversed(words)]
    return {name: value for name, equals, value in told if equals}


def looked_at_by_spf(clause: list[str]) -> bool:
    """SES puts semicolons between what SPF looked at, as if each were a check: `spf=pass client-ip=a; envelope-from=b; helo=c;`."""
    return clause[:1] != [] and clause[0].lower().partition("=")[0] in ("client-ip", "envelope-from", "helo")


def worst(checks: list[Check], method: str) -> str:
    """The result of a method; when it is told several times and not always the same, not the best one (a second telling is
    an attempt to be heard last)."""
    told = [each.result for each in checks if each.method == method]
    return next((result for result in told if result != "pass"), told[0] if told else "none")


def aligned(checks: list[Check], method: str, name: str, domain: str | None) -> bool:
    """Whether the method passed for the sender's domain, or one above or below it (relaxed alignment, RFC 7489 3.1)."""
    passed = [each.properties.get(name, "") for each in checks if each.method == method and each.result == "pass"]
    return domain is not None and any(same_house(value.rpartition("@")[2], domain) for value in passed)


def spf_for(checks: list[Check], return_path: str | None, domain: str | None) -> bool:
    """Whether SPF passed for the sender's domain. The envelope's sender is told twice, and has to be of one domain in both: in a local
    part of his choice he might write what reads as another address and the end of its clause."""
    passed = worst(checks, "spf") == "pass" and aligned(checks, "spf", "envelope-from", domain)
    envelope = {each.properties.get("envelope-from", "").rpartition("@")[2] for each in checks if each.method == "spf"}
    return passed and envelope == {(return_path or "").rpartition("@")[2]}


def same_house(one: str, other: str) -> bool:
    one, other = one.strip(".\"' "), other.strip(".")
    short = min(one, other, key=len)
    return "." in short and '"' not in one and (one == other or one.endswith("." + other) or other.endswith("." + one))


def dmarc_for(checks: list[Check], domain: str | None) -> bool:
    told = [each.properties.get("header.from") for each in checks if each.method == "dmarc" and each.result == "pass"]
    return bool(told and domain) and all(each is None or each.rpartition("@")[2] == domain for each in told)


def verdict(value: str | None) -> str:
    word = (value or "").strip().lower()
    return word if re.fullmatch(r"[a-z_]{1,30}", word) else "none"


def recipient(received: str) -> str | None:
    """The envelope recipient. The last `for`, since the name by which the sending machine calls itself stands before it."""
    found = re.findall(r"\bfor\s+<?([^\s<>;]+@[^\s<>;]+)>?\s*;", received)
    return found[-1].lower() if found else None
