"""What a report about our own mail says: bounces, delays and complaints (RFC 3464, 6522, 5965, and older manners). Pure.

Whoever writes to us can forge one: what it says is a hint about an address, never a right to anything.
"""

import re
from dataclasses import dataclass, replace
from email.message import Message

from chalicelib import report_fields, report_signs, report_styles
from chalicelib.report_fields import ADDRESS, Original, Row

BOUNCE, DELAY, COMPLAINT = "bounce", "delay", "complaint"
MAX_RECIPIENTS, MAX_SENTENCE = 100, 300
RULE = re.compile(r"(?<=\w\W)\W{0,3}[*=_#-]{5,}")  # a line drawn below the reason
STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")


@dataclass(frozen=True)
class Recipient:
    """Whom the report is about. `status`: RFC 3463, e.g. 5.1.1; `permanent`: None where it cannot be told; `sentence`: why."""

    email: str
    status: str | None
    permanent: bool | None
    sentence: str


@dataclass(frozen=True)
class Report:
    """`kind`: bounce, delay or complaint; ids without angle brackets, of the mail that it is about, references oldest first.

    `standard`: it has a part that only programs write. Else it was recognised by its words, and a person might have written them.
    """

    kind: str
    recipients: tuple[Recipient, ...]
    original_message_id: str | None
    original_references: tuple[str, ...]
    standard: bool = False


def read(message: Message, text: str, null_sender: bool = False) -> Report | None:
    """The report that the mail is; None: it is an ordinary mail. Never raises.

    `text`: what a reader sees of the mail; `null_sender`: it came from nobody (`MAIL FROM:<>`), whatever its headers say.
    """
    parts = list(report_fields.leaves(message))[:200]
    feedback = next((part for part in parts if part.get_content_type() == "message/feedback-report"), None)
    if feedback is not None or report_signs.looks_like_a_complaint(message):
        found = complaint(report_fields.content(feedback) if feedback is not None else "", parts, text)
        return replace(found, standard=feedback is not None) if found else None
    said, returned = report_styles.above_original(text)
    # Whoever asks why his mail came back pastes a report's fields: in mere text they count only where a program writes.
    machine = report_signs.signs_of_a_program(message, null_sender) > 0
    rows = told_by_fields(parts, said if machine else "")
    if rows and all(row.action in ("delivered", "relayed", "expanded") for row in rows):
        return None
    if not rows and receipt(message) or not (rows or report_signs.looks_like_one(message, said, null_sender)):
        return None
    about = original(parts, returned or text)
    rows = [row for row in rows if row.action not in ("delivered", "relayed", "expanded")]
    rows = named(rows) or told_by_words(message, said, about) or told_within(parts)
    standard = has_standard_part(message, parts)
    if not (rows or standard or report_signs.daemon(report_signs.header(message, "From")) == 2):
        return None  # a report tells to whom; where it does not, only an address that no person has makes it one
    kind = DELAY if late(message, said, rows) else BOUNCE
    return Report(kind, recipients(rows, said, kind), about.message_id, about.references, standard)


def has_standard_part(message: Message, parts: list[Message]) -> bool:
    whole = message.get_content_type() == "multipart/report"
    return whole or any(part.get_content_type() in STATUS_PARTS for part in parts)


def told_by_fields(parts: list[Message], said: str) -> list[Row]:
    """The rows of the delivery-status part; of the text where a program writes the fields there; of SES's own notification."""
    for part in parts:
        standard = part.get_content_type() in STATUS_PARTS
        if standard and (rows := report_fields.rows(report_fields.content(part))):
            return rows
    if re.search(r"(?im)^\s*Final-Recipient:", said):
        return report_fields.rows(said)
    return told_by_amazon(said) if "bouncedRecipients" in said else []


def told_by_amazon(said: str) -> list[Row]:
    said = said.replace("\\", "").replace("\n", "")
    listed = re.search(r'"bouncedRecipients":\s*\[([^\]]{0,20000})\]', said)
    found = []
    for entry in re.findall(r"\{[^{}]*\}", listed[1]) if listed else []:
        value = dict(re.findall(r'"(\w+)"\s*:\s*"([^"]*)"', entry))
        found.append(
            Row(
                value.get("emailAddress", "").lower() or None,
                "failed",
                value.get("status"),
                value.get("diagnosticCode", ""),
            )
        )
    return found


def receipt(message: Message) -> bool:
    """A disposition notification (RFC 8098) tells that a mail was read; only one of a deletion or a failure is a bounce."""
    if "disposition-notification" not in str(message.get("Content-Type", "")).lower():
        return False
    notes = [
        report_fields.content(part)
        for part in report_fields.leaves(message)
        if part.get_content_type() == "message/disposition-notification"
    ]
    return not any(re.search(r"(?im)^Disposition:.*automatic-action.*(deleted|failed|denied)", note) for note in notes)


def told_within(parts: list[Message]) -> list[Row]:
    """Some virus scanners wrap the report itself into a mail."""
    inner = [
        each
        for part in parts
        if part.get_content_maintype() == "message" and part.is_multipart()
        for each in part.get_payload()
    ]
    return named(
        [
            row
            for each in inner[:3]
            if isinstance(each, Message)
            for row in told_by_fields(list(report_fields.leaves(each))[:50], "")
        ]
    )


def original(parts: list[Message], below: str) -> Original:
    source = report_fields.source_of_original(parts)
    return report_fields.original(source or below)


def named(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.email]


def told_by_words(message: Message, said: str, about: Original) -> list[Row]:
    """Whom the words name; else the header that exim adds; else whom the returned mail was for."""
    ours = {
        address.lower()
        for name in ("To", "Delivered-To", "From")
        for value in message.get_all(name, [])
        for address in ADDRESS.findall(str(value)[:2000])
    }
    failed = ADDRESS.findall(str(message.get("X-Failed-Recipients", ""))[:5000])
    rows = report_styles.told(said, ours)
    listed = [
        next((row for row in rows if row.email == email.lower()), Row(email.lower(), "", None, "")) for email in failed
    ]
    return listed or rows or [Row(email, "", None, "") for email in about.to if email not in ours]


def late(message: Message, said: str, rows: list[Row]) -> bool:
    if any(row.action for row in rows):
        return all(row.action == "delayed" for row in rows)
    return report_signs.delayed(message, said)


def recipients(rows: list[Row], said: str, kind: str) -> tuple[Recipient, ...]:
    """Each address once. A lone recipient without a reason of his own has the one that the whole text gives."""
    if len(rows) == 1 and not rows[0].status and report_styles.permanent(rows[0]) is None:
        whole = " ".join(said.split())[:4000]
        status = report_fields.STATUS.search(whole)
        own = rows[0].diagnostic
        rest = whole if without_address(rows[0].email, own) == "" else f"{own} {whole.replace(own, '', 1)}"
        rows = [Row(rows[0].email, rows[0].action, status[1] if status else None, rest)]
    found = {row.email or "": row for row in reversed(rows)}
    return tuple(recipient(email, row, kind) for email, row in reversed(found.items()))[:MAX_RECIPIENTS]


def recipient(email: str, row: Row, kind: str) -> Recipient:
    lasting = False if kind == DELAY else report_styles.permanent(row)
    sentence = RULE.split(without_address(email, row.diagnostic))[0].rstrip()
    return Recipient(email, row.status, lasting, sentence[:MAX_SENTENCE])


def without_address(email: str | None, sentence: str) -> str:
    """In one line, and without the address that many programs begin with: it is told beside the sentence."""
    line = " ".join(sentence.split())
    return re.sub(
        rf"(?i)\A[\s*>•·-]*[<\"'(\[]{{0,2}}{re.escape(email or '')}[>\"')\];,.]{{0,3}}(\s*:|\s+|\Z)\s*", "", line
    )


def complaint(feedback: str, parts: list[Message], text: str) -> Report | None:
    """What a provider tells when somebody calls our mail spam; None for what is no complaint (RFC 6591, not-spam)."""
    fields: dict[str, str] = {}
    for group in report_fields.groups(feedback):
        fields = group | fields
    kind = fields.get("feedback-type", "abuse").split()[0:1]
    if kind in (["not-spam"], ["auth-failure"]):
        return None
    about = original(parts, text)
    listed = ADDRESS.findall(
        " ".join(fields.get(name, "") for name in ("original-rcpt-to", "removal-recipient", "reported-recipient"))[
            :5000
        ]
    )
    emails = dict.fromkeys([each.lower() for each in listed] or list(about.to))
    sentence = f"Feedback-Type: {' '.join(kind) or 'abuse'}"
    found = tuple(Recipient(email, None, None, sentence) for email in emails)[:MAX_RECIPIENTS]
    return Report(COMPLAINT, found, about.message_id, about.references)
