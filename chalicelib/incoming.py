"""Raw bytes -> Mail: what SES put into the bucket, read as far as it can be read. Pure.

SES's own block is split off first (ses_block), then the structure (mime), the headers (mail_headers), what one reads
(mail_body) and what one keeps (mail_files). Whatever goes wrong on the way ends in a Mail with `broken`, never in a lost mail.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from email.message import Message

from chalicelib import (
    automatic,
    follow_up,
    language,
    mail_body,
    mail_files,
    mail_headers,
    mime,
    reports,
    safe_html,
    ses_block,
    threads,
    visible_reply,
)
from chalicelib.article import Address
from chalicelib.mail import Mail, NotMail, Part, Verdicts
from chalicelib.mail_words import parameters, text_of

__all__ = ["Mail", "NotMail", "Part", "Verdicts", "parse"]

MAX_MAIL = 41 * 1024 * 1024  # SES takes 40 MB and writes its own headers above
HEAD = 65536
DOUBLED_END = re.compile(rb"\r\r\n[^\r\n]*\r\r\n")
LONE_END = re.compile(rb"\r(?!\n)")
WORD_CHARSET = re.compile(rb"=\?([\w-]{2,30})\?[bBqQ]\?")
MAX_TEXT = 1_000_000  # characters
MAX_SUBJECT = 1000  # characters
NUMBERED = re.compile(r"\[[^\]]{0,30}#\s?\d+\]")  # by a desk; shops and forms number what answers nothing
MAX_REPLY = 40_000  # characters in which a fold is looked for
SLICE = 1024 * 1024
TELLING = {"from", "date", "subject", "to", "message-id"}


def parse(raw: bytes) -> Mail:
    """The mail that `raw` is. Raises NotMail, and nothing else: what cannot be read is told in `broken`."""
    found = opened(raw)
    if not TELLING & {name for name, _ in found.headers}:
        raise NotMail("There is neither a From nor a Date, Subject, To or Message-ID.")
    return whole(found)


def read(raw: bytes) -> Mail:
    """As parse, but takes also what does not look like a mail: a fragment, a text without headers."""
    return whole(opened(raw))


@dataclass
class Opened:
    """A mail taken apart, nothing decoded yet: its structure, SES's headers, the sender's, and what is left of the limits."""

    root: mime.Node
    block: list[mime.Header]
    headers: list[mime.Header]
    budget: mime.Budget
    size: int


def opened(raw: bytes) -> Opened:
    """Raises NotMail for nothing at all and for too much."""
    if len(raw) > MAX_MAIL:
        raise NotMail("The mail is larger than 40 MB.")
    source = with_line_ends(raw)
    if not source.strip():
        raise NotMail("The mail is empty.")
    budget = mime.Budget()
    root = mime.tree(source, budget=budget)
    block, root.headers = ses_block.split(root.headers)
    return Opened(root, block, root.headers, budget, len(raw))


def whole(found: Opened) -> Mail:
    mail = known(found.root, found.block, found.headers)
    try:
        mail = with_body(mail, found.root, found.budget)
    except Exception as error:  # a mail is never lost because a part of it cannot be read
        found.budget.complain(f"Not everything could be read ({type(error).__name__}).")
    return replace(mail, broken=found.budget.broken, size=found.size)


def with_line_ends(raw: bytes) -> bytes:
    """The bytes with line ends that a parser can count on: a BOM and empty lines above go; lone CRs, and CRs before CR LF, do not.

    SES and others on the way put lines of their own above such a mail. Those of SES are never taken apart: what the sending
    machine calls itself stands in them.
    """
    source = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    above = ses_block.end(source)
    headers_end = re.compile(rb"\n\r?\n").search(source, max(above - 1, 0), above + HEAD)
    end = headers_end.end() if headers_end else above + HEAD
    if doubled := DOUBLED_END.search(source, above, end):
        return source[: doubled.start()] + source[doubled.start() :].replace(b"\r\r\n", b"\r\n")
    if lone := LONE_END.search(source, above, end):
        at = max(source.rfind(b"\n", above, lone.start()) + 1, above)
        lines = source[at : at + HEAD]
        if len(LONE_END.findall(lines)) > lines.count(b"\n"):
            return source[:at] + source[at:].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return source


def known(root: mime.Node, block: list[mime.Header], headers: list[mime.Header]) -> Mail:
    """What the headers alone tell."""
    hint = charset_of(root)
    senders = everybody(headers, "from", hint)
    others = (each for name in ("sender", "reply-to", "return-path") for each in everybody(headers, name, hint))
    sender = senders[0] if senders else next(others, None)
    return Mail(
        verdicts=ses_block.verdicts(block, only_domain(headers, senders)),
        sender=sender,
        subject=mail_headers.subject(root.header("subject"), hint)[:MAX_SUBJECT],
        text="",
        digest=digest(root),
        reply_to=everybody(headers, "reply-to", hint),
        to=everybody(headers, "to", hint),
        cc=everybody(headers, "cc", hint),
        delivered_to=tuple(
            each.email
            for name in ("delivered-to", "x-original-to", "envelope-to")
            for each in everybody(headers, name, hint)
        ),
        message_id=next(iter(mail_headers.message_ids(root.header("message-id"))), None),
        in_reply_to=mail_headers.message_ids(root.header("in-reply-to")),
        references=mail_headers.message_ids(root.header("references")),
        date=mail_headers.date_of(root.header("date")),
        headers={name: text_of(value, hint) for name, value in reversed(headers)},
    )


def charset_of(node: mime.Node) -> str:
    """What the mail's first text says that it is written in, else its first encoded word: unlabelled headers are, too."""
    while node.children:
        node = node.children[0]
    charset = parameters(node.header("content-type")).get("charset", "")
    return charset or next(
        (found[1].decode() for name, value in node.headers if (found := WORD_CHARSET.search(value))), ""
    )


def everybody(headers: list[mime.Header], name: str, hint: str) -> tuple[Address, ...]:
    """The addresses of all headers of that name, each once."""
    found = [each for key, value in headers if key == name for each in mail_headers.addresses(value, hint)]
    return tuple({each.email: each for each in reversed(found)}.values())[::-1][: mail_headers.MAX_ADDRESSES]


def only_domain(headers: list[mime.Header], senders: tuple[Address, ...]) -> str | None:
    """The domain that SES's verdicts can speak of: of the one sender in the one From header."""
    once = sum(name == "from" for name, _ in headers) == 1 and len(senders) == 1
    return senders[0].email.rpartition("@")[2] or None if once else None


def digest(root: mime.Node) -> str:
    """The same for the same mail, whatever hops it came by: white space does not count."""
    says = hashlib.sha256()
    for name in ("from", "date", "subject"):
        says.update(b"%b: %b\n" % (name.encode(), b" ".join(root.header(name).split())))
    for at in range(root.body, root.end, SLICE):
        says.update(root.source[at : min(at + SLICE, root.end)].translate(None, b" \t\r\n"))
    return says.hexdigest()


def with_body(mail: Mail, root: mime.Node, budget: mime.Budget) -> Mail:
    """The mail with what one reads and what one keeps."""
    body = mail_body.read(root)
    text, raw_html = body.text(), body.html()
    if body.inner.broken:
        budget.complain(body.inner.broken)
    if len(text) > MAX_TEXT or body.left < 0:
        budget.complain("The text is too long; the rest of it is in the original mail.")
        text = text[:MAX_TEXT]
    html, blocked = safe_html.sanitised(raw_html) if raw_html is not None else (None, 0)
    report = reports.read(message_of(root), text, null_sender=mail.verdicts.return_path == "")
    attachments = files_of(body, raw_html, charset_of(root), budget)
    mail = replace(mail, text=text, html=html, blocked=blocked, attachments=attachments, report=report)
    split = visible_reply.split(
        text[:MAX_REPLY], named(mail.sender), answers(mail), bool(follow_up.FORWARD.match(mail.subject))
    )
    mail = replace(mail, fold=split.fold, language=language.of(split.visible, mail.subject))
    return automatic.judged(mail)


def named(sender: Address | None) -> str:
    return f"{sender.name} {sender.email}" if sender else ""


def answers(mail: Mail) -> bool:
    """Whether the mail may be an answer, a forward or a bounce, so that a program may have put another's words into it."""
    told = mail.in_reply_to or mail.references or threads.GOES_ON.match(mail.subject) or NUMBERED.search(mail.subject)
    return bool(told or mail.report)


def files_of(body: mail_body.Body, raw_html: str | None, hint: str, budget: mime.Budget) -> tuple[Part, ...]:
    """No more than a mail may have parts: uuencoded in the text, or in winmail.dat, there could be any number."""
    found = mail_files.parts(body, raw_html, hint)
    if len(found) > mime.MAX_PARTS:
        budget.complain("The mail has too many files; the rest of them are in the original mail.")
    return tuple(found[: mime.MAX_PARTS])


def message_of(node: mime.Node, depth: int = 0) -> Message:
    """The node as the standard library's message, as bounces are read; without large files, three mails deep."""
    message = Message()
    for name, value in node.headers:
        message[name] = value.decode("ascii", "surrogateescape")
    if node.children:
        message.set_payload([message_of(child, depth) for child in node.children])
    elif node.content_type in ("message/rfc822", "message/global"):
        inner = mail_body.content_of(node) if depth < 3 else b""
        message.set_payload([message_of(mime.tree(inner, budget=mime.Budget(parts=100)), depth + 1)] if inner else "")
    elif node.end - node.body < MAX_TEXT:
        message.set_payload(node.payload.decode("ascii", "surrogateescape"))
    else:
        message.set_payload("")
    return message
