"""The forms that a piece of a mail comes in, plain and HTML, and what the plain one is worth beside the other. Pure."""

import json
import re
from dataclasses import dataclass

# An emoji that answers a letter, for programs that draw it into that letter (Gmail); for all others the letter has a text.
REACTION = "text/vnd.google.email-reaction+json"
# Forms of a text for one kind of program, which say what its other forms do
THIRD = {REACTION, "text/x-amp-html", "text/watch-html"}
# What programs put into the plain form that nobody wrote: "Your mail program does not show HTML."
EXCUSE = re.compile(r"\bHTML\b|browser|браузер", re.I)
ADDRESS = re.compile(r"<?https?://\S+")
# "To view this email, visit https://...": the letter is elsewhere
ELSEWHERE = re.compile(
    r"\b(?:view|read|see|open|display)\b.{0,40}\b(?:e-?mail|message|newsletter|letter|online)\b|\bbrowser\b"
    r"|(?:ansehen|anzeigen|lesen).{0,40}\bonline\b|\bonline\b.{0,40}(?:ansehen|anzeigen|lesen)"
    r"|(?:посмотреть|просмотреть|прочитать|прочесть|открыть).{0,40}(?:письм|сообщени|рассылк|онлайн)|браузер",
    re.I | re.S,
)

CANNOT = re.compile(
    r"(?:\bnot|n't|\bunable to)\b.{0,30}\b(?:support|show|display|view|read|render)\w*.{0,40}\bHTML\b"
    r"|\bHTML\b.{0,30}(?:\bnot|n't)\b.{0,15}\b(?:support|show|display)"
    r"|\bне\s+(?:\w+\s+)?(?:поддержива|отобража|показыва|чита)\w*.{0,40}\bHTML\b"
    r"|\bHTML\b.{0,40}\bне\s+(?:поддержива|отобража|показыва)",
    re.I | re.S,
)


@dataclass(frozen=True)
class Block:
    """A piece of the body, as plain text, as HTML or in both forms (raw, not sanitised)."""

    plain: str | None = None
    html: str | None = None


def says_nothing(plain: str) -> bool:
    """Whether the plain form is only an excuse, or leads to where the letter can be read."""
    if len(plain) < 300 and "://" not in plain:
        return bool(EXCUSE.search(plain))
    said = ADDRESS.sub("", plain[:2000]).strip()
    return len(plain) < 2000 and len(said) < 120 and "://" in plain and bool(ELSEWHERE.search(said))


def excuses(plain: str, said: str) -> bool:
    """Whether the plain form speaks only of the program that reads it, which what the HTML says does not."""
    words = set(re.findall(r"\w+", plain.lower()))
    shared = words & set(re.findall(r"\w+", said.lower()))
    return len(plain) < 300 and bool(said.strip() and CANNOT.search(plain)) and 2 * len(shared) < len(words)


def html_of(block: Block) -> str:
    if block.html is not None:
        return block.html
    escaped = (block.plain or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<div style="white-space: pre-wrap">{escaped}</div>'


def reaction(content: str) -> str:
    """The emoji of a REACTION, empty where it has none (developers.google.com/workspace/gmail/reactions/format)."""
    try:
        told = json.loads(content)
        emoji = told.get("emoji") if isinstance(told, dict) else None
        return emoji if isinstance(emoji, str) and len(emoji.encode()) < 100 else ""
    except (ValueError, RecursionError):  # JSON can also spell half characters, which cannot be stored
        return ""
