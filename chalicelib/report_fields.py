"""The fields of standard reports: message/delivery-status (RFC 3464), message/feedback-report (RFC 5965), and the original mail."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,100}@[A-Za-z0-9_](?:[\w.-]{0,250}[\w])?", re.A)
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d]|\.\d)")
CODE = re.compile(r"(?<![\d.#:\[-])([45]\d\d)(?=[ \-#:;,]|\s|\Z)(?!\.\d)")
MAX_FIELDS, MAX_TEXT = 5000, 300_000

Fields = dict[str, str]


def leaves(message: Message, depth: int = 0) -> Iterator[Message]:
    """The parts of the mail, mails within it as a whole."""
    if message.is_multipart() and message.get_content_maintype() != "message" and depth < 20:
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from leaves(part, depth + 1)
    else:
        yield message


def content(part: Message) -> str:
    """What the part says, decoded; of nested messages (so does Python read delivery-status) their source."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\n\n".join(
            "\n".join(f"{name}: {value}" for name, value in each.items()) + "\n\n" + content(each)
            for each in payload[:200]
            if isinstance(each, Message)
        )
    decoded = part.get_payload(decode=True)
    return (
        decoded[:MAX_TEXT].decode("utf-8", "replace") if isinstance(decoded, bytes) else str(payload or "")[:MAX_TEXT]
    )


def groups(text: str) -> list[Fields]:
    """The groups of fields, parted by empty lines; names in small letters, the first value of each, unfolded."""
    found: list[Fields] = [{}]
    name = ""
    for line in text.replace("\r\n", "\n").split("\n")[:MAX_FIELDS]:
        field = re.match(r"\s{0,6}([A-Za-z][\w-]{1,60}):[ \t]*(.*)", line)
        if not line.strip() or field and begins_another(found[-1], field[1].lower()):
            found.append({})
        if not line.strip():
            name = ""
        elif line[:1] in " \t" and name in found[-1] and not (field and "-" in field[1]):
            found[-1][name] += " " + line.strip()
        elif field:
            name = field[1].lower()
            found[-1].setdefault(name, field[2].strip())
    return [each for each in found if each]


def begins_another(group: Fields, name: str) -> bool:
    """Whether the field is the next recipient's although there is no empty line between the two."""
    return name in group and name in ("final-recipient", "original-recipient")


@dataclass(frozen=True)
class Row:
    """A recipient's fields, as they were: `action` in small letters, `diagnostic` with its type taken off."""

    email: str | None
    action: str
    status: str | None
    diagnostic: str


def rows(text: str) -> list[Row]:
    """The recipients that a delivery-status part tells of; fields that a recipient lacks are those of the group before."""
    found = []
    for group in regrouped(groups(text)):
        if {"final-recipient", "original-recipient", "x-actual-recipient", "failed-recipient"} & group.keys():
            status = STATUS.search(group.get("status", ""))
            diagnostic = re.sub(r"(?i)\A\s*(x-)?[\w-]{2,20}\s*;\s*", "", group.get("diagnostic-code", ""))
            found.append(
                Row(
                    recipient(group),
                    group.get("action", "").split(" ")[0].strip("();,").lower(),
                    status[1] if status else None,
                    diagnostic,
                )
            )
    return found


def regrouped(found: list[Fields]) -> list[Fields]:
    """Some programs put an empty line between the fields of one recipient: what has no recipient belongs to the one before."""
    whole: list[Fields] = []
    for group in found:
        owner = {"final-recipient", "original-recipient"} & group.keys()
        if (
            whole
            and not owner
            and {"action", "status", "diagnostic-code"} & group.keys()
            or whole
            and owner == {"final-recipient"}
            and "original-recipient" in whole[-1]
            and "final-recipient" not in whole[-1]
        ):
            whole[-1] = group | whole[-1]
        else:
            whole.append(group)
    return whole


def recipient(group: Fields) -> str | None:
    """The address as we wrote it where that is told, else the final one. Some put the real one into x-actual-recipient."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient", "failed-recipient"):
        value = group.get(name, "")
        value = value.partition(";")[2] or value
        if found := ADDRESS.search(re.sub(r"\s", "", value)):
            return found[0].lower()
    return None


@dataclass(frozen=True)
class Original:
    """What is known of the mail that the report is about."""

    message_id: str | None
    references: tuple[str, ...]
    to: tuple[str, ...]


IDS = re.compile(r"<([^<>\s]{1,500})>")


def original(headers: str) -> Original:
    """From the source of its headers, possibly indented or quoted."""
    group: Fields = {}
    for each in groups(re.sub(r"(?m)^[>|] ?", "", headers[:60_000])):
        group = each | group
    own = IDS.search(
        group.get("message-id", "")
        + " "
        + group.get("original-message-id", "")
        + " "
        + group.get("x-original-message-id", "")
    )
    others = IDS.findall(group.get("references", "")) + IDS.findall(group.get("in-reply-to", ""))
    return Original(
        own[1] if own else None,
        tuple(dict.fromkeys(others))[:50],
        tuple(map(str.lower, ADDRESS.findall(group.get("to", "")[:2000]))),
    )


def source_of_original(parts: list[Message]) -> str:
    """The headers of the returned mail, from the part that holds it; empty where there is none."""
    for part in parts:
        kind = part.get_content_type()
        if kind in ("message/rfc822", "message/global"):
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            return headers_of(inner) if isinstance(inner, Message) else content(part)
        if kind in ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers"):
            return content(part)
    return next((found for part in parts[1:] if (found := mislabelled(part))), "")


def headers_of(message: Message) -> str:
    lines = [f"{name}: {value}" for name, value in message.items()]
    return "\n".join(lines) or content(message)[:60_000]


def mislabelled(part: Message) -> str:
    """The returned headers where a program put them into a plain text, or among the headers of the part itself."""
    if part.get("Message-ID"):
        return headers_of(part)
    said = content(part)[:60_000] if part.get_content_type() == "text/plain" else ""
    return said if re.search(r"(?im)^Message-ID:", said) and re.search(r"(?im)^(Received|Return-Path):", said) else ""
