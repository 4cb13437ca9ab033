"""An article as the mail that leaves: pure, 7-bit clean, and with no header that anybody but the desk has written.

Header lines are made here, not by Python's library: its folding may encode the comma between two addresses
(CVE-2025-1795), and its parser of addresses costs more than all the rest of a mail. Everything that comes from outside
goes through `words`, `mailbox` or `parameter`, which yield nothing but printable ASCII.
Sources: RFC 5322, 2045 to 2047, 2231, 3834.
"""

import base64
import hashlib
import html
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote

from chalicelib import outlook, threads, written_pictures
from chalicelib.article import Address, Article, StoredFile
from chalicelib.charsets import is_utf8
from chalicelib.errors import Refused
from chalicelib.queues import Queue
from chalicelib.threads import one_line
from chalicelib.ticket import Ticket
from chalicelib.wire import wire_address

LINE = 76
LARGEST = 20 * 1024 * 1024  # of the encoded mail: what Gmail and Outlook take is 25 MB
ROOM = LARGEST - 1024 * 1024  # for files: the words, a quote and the headers have the rest
MOST_RECIPIENTS = 50  # SES: of To, Cc and Bcc together
AUTOMATIC = ("auto", "reminder")

# Extensions that SES refuses to send (SES Developer Guide, MIME types).
UNSENDABLE = frozenset(
    "ade adp app asp bas bat cer chm cmd com cpl crt csh der exe fxp gadget hlp hta inf ins isp its js jse ksh "
    "lib lnk mad maf mag mam maq mar mas mat mau mav maw mda mdb mde mdt mdw mdz msc msh msh1 msh2 mshxml msh1xml "
    "msh2xml msi msp mst ops pcd pif plg prf prg reg scf scr sct shb shs sys ps1 ps1xml ps2 ps2xml psc1 psc2 tmp "
    "url vb vbe vbs vps vsmacros vss vst vsw vxd ws wsc wsf wsh xnk".split()
)

MESSAGE_ID = re.compile(r"[!-;=?-~]{1,240}")  # without its angle brackets
CONTENT_TYPE = re.compile(r"(application|audio|font|image|model|text|video)/[A-Za-z0-9.+-]{1,100}")
PLAIN_WORD = re.compile(r"(?!.*=\?)[!-~]{1,70}")
PLAIN_NAME = re.compile(r"[A-Za-z0-9'_-][A-Za-z0-9 '_-]{0,60}")
READABLE = bytes([9, 10, *range(32, 61), *range(62, 127)])
QUOTED = re.compile(rb"[^\t\n !-<>-~]|[ \t](?=\n)")
PIECE = re.compile(rb".{1,74} (?=.)|.{1,75}(?<!=)(?<!=.)")
PLAIN_VALUE = re.compile(r"(?!.*=\?)[!#-\[\]-~ ]{1,60}")


def refuse_unsendable(names: Sequence[str], size: int = 0) -> None:
    """Before anything is saved: a mail that SES will not take helps nobody. `size` is that of all files in bytes."""
    for name in filter(is_unsendable, names):
        why = f"Mail with a .{ending(name)} file is not delivered ({name}). Please send it another way."
        raise Refused(why, code="malformed", why="unsendable", file=name)
    if size * 4 / 3 * 78 / 76 > LARGEST:
        raise too_large()


def is_unsendable(name: str) -> bool:
    return "." in name and ending(name) in UNSENDABLE


def ending(name: str) -> str:
    return name.strip(" .").rpartition(".")[2].lower()


def too_large() -> Refused:
    return Refused("This mail would be larger than 20 MB; most servers would not take it.", code="too_large")


def build(
    ticket: Ticket,
    article: Article,
    queue: Queue,
    secret: bytes,
    domain: str,
    files: Sequence[tuple[StoredFile, bytes]] = (),
    now: datetime | None = None,
) -> bytes:
    """The whole mail. Raises Refused for an address that is none, too many of them, or a mail that is too large."""
    headers = [
        *parties(article),
        folded("Subject", words(article.subject)),
        f"Date: {format_datetime(now or article.at)}",
        *threading(ticket, article, queue, secret, domain),
        *automatic(article),
        "MIME-Version: 1.0",
    ]
    seed = f"{ticket.number}.{article.seq}.{threads.token(ticket.number, secret)}"
    raw = sealed(headers, content(article.text, article.html, files, seed))
    if len(raw) > LARGEST:
        raise too_large()
    return raw


def plain(to: Address, sender: Address, subject: str, text: str, now: datetime | None = None) -> bytes:
    """A mail that belongs to no ticket: codes and passwords. Raises Refused for an address that is none."""
    headers = [
        folded("From", mailbox(sender)),
        folded("To", mailbox(to)),
        folded("Subject", words(subject)),
        *([f"Date: {format_datetime(now)}"] if now else []),  # SES writes its own
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        "MIME-Version: 1.0",
    ]
    return sealed(headers, text_part(text, "plain"))


# -- headers


def parties(article: Article) -> list[str]:
    """From, To and Cc; Bcc is nobody's business but SES's."""
    everybody = (*article.to, *article.cc, *article.bcc)
    if not everybody:
        raise Refused("This mail needs a recipient.", code="malformed")
    if len(everybody) > MOST_RECIPIENTS:
        raise Refused(f"A mail can go to at most {MOST_RECIPIENTS} addresses.", code="malformed")
    lists = (("From", (article.sent_from,)), ("To", article.to), ("Cc", article.cc))
    return [folded(name, mailboxes(addresses)) for name, addresses in lists if addresses]


def threading(ticket: Ticket, article: Article, queue: Queue, secret: bytes, domain: str) -> list[str]:
    """What keeps the conversation together, here (the signed ones) and in the customer's program (his own ids).

    The signed reference comes first, as the root of the thread: programs that shorten a long list drop its middle.
    """
    own = threads.reference(ticket.number, secret, domain)
    signature = threads.token(ticket.number, secret)
    known = [f"<{bare}>" for each in article.references if MESSAGE_ID.fullmatch(bare := each.strip("<> "))]
    headers = [folded("Message-ID", [f"<a.{ticket.number}.{article.seq}.{signature}@{domain}>"])]
    headers += [folded("In-Reply-To", known[-1:])] if known else []
    headers += [folded("References", dict.fromkeys([own, *known]))]
    if queue.address:
        reply_to = threads.reply_address(queue.address, ticket.number, secret)
        headers.append(folded("Reply-To", mailbox(Address(reply_to, article.sent_from.name))))
    return [*headers, f"Thread-Index: {outlook.thread_index(ticket, article)}"]


def automatic(article: Article) -> list[str]:
    """RFC 3834, and what Exchange and older programs look at: so that no machine answers us."""
    if article.kind not in AUTOMATIC:
        return []
    submitted = "auto-replied" if article.kind == "auto" else "auto-generated"
    return [f"Auto-Submitted: {submitted}", "X-Auto-Response-Suppress: All", "Precedence: bulk"]


def folded(name: str, words: Iterable[str]) -> str:
    """One header over as many lines as it takes. `words` are printable ASCII, one space goes between them."""
    lines = [f"{name}:"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > LINE and lines[-1] not in ("", f"{name}:"):
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines)


def words(text: str) -> list[str]:
    """Of free text. Plain words stay readable, so that the tag in a Russian subject can still be found by anybody."""
    found = one_line(text).split()
    odd = [n for n, word in enumerate(found) if not PLAIN_WORD.fullmatch(word)]
    if not odd:
        return found
    first, last = odd[0], odd[-1] + 1
    return [*found[:first], *encoded(" ".join(found[first:last])), *found[last:]]


def encoded(text: str) -> Iterator[str]:
    """RFC 2047 words; none ends within a character, and programs join them without a space."""
    chunk = b""
    for each in (char.encode() for char in text):
        if len(chunk) + len(each) > 42:
            yield f"=?utf-8?b?{base64.b64encode(chunk).decode()}?="
            chunk = b""
        chunk += each
    yield f"=?utf-8?b?{base64.b64encode(chunk).decode()}?="


def mailboxes(addresses: Sequence[Address]) -> Iterator[str]:
    for n, address in enumerate(addresses, 1):
        *name, email = mailbox(address)
        yield from [*name, email if n == len(addresses) else f"{email},"]


def mailbox(address: Address) -> list[str]:
    """The words of one address: a name that no program can misread, and the address between angle brackets."""
    email, name = wire_address(address.email), one_line(address.name)
    if not name or name == address.email:
        return [email]
    if PLAIN_NAME.fullmatch(name):
        return [*name.split(" "), f"<{email}>"]
    return [*encoded(name), f"<{email}>"]


def parameter(name: str, value: str) -> list[str]:
    """`name="value"`, or by RFC 2231 in as many pieces as it takes: without what old programs read differently."""
    if PLAIN_VALUE.fullmatch(value):
        return [f'{name}="{value}"']
    pieces = re.findall(r"(?:%[0-9A-F]{2}|[^%]){1,18}", quote(value, safe=""))
    if len(pieces) < 2:
        return [f"{name}*=utf-8''{''.join(pieces)}"]
    pieces[0] = f"utf-8''{pieces[0]}"
    return [f"{name}*{n}*={piece}" for n, piece in enumerate(pieces)]


# -- bodies: a part is its header lines and its bytes

Part = tuple[list[str], bytes]


def content(text: str, page: str | None, files: Sequence[tuple[StoredFile, bytes]], seed: str) -> Part:
    """text/plain always, the HTML beside it, its pictures with it, everything else attached."""
    page, written = written_pictures.as_parts(page or "")
    shown = [each for each in files if is_shown(each[0], page)]
    body = text_part(text, "plain")
    if page:
        related = [text_part(document(page), "html"), *(file_part(*each, inline=True) for each in (*shown, *written))]
        body = multipart("alternative", [body, multipart("related", related, seed)], seed)
    return multipart("mixed", [body, *(file_part(*each) for each in files if each not in shown)], seed)


def is_shown(file: StoredFile, page: str) -> bool:
    """Whether the HTML shows the file as a picture within itself."""
    bare = (file.content_id or "").strip("<>")
    return bool(MESSAGE_ID.fullmatch(bare)) and f"cid:{html.escape(bare)}" in page


def document(page: str) -> str:
    return f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n{page}\n</body></html>'


def multipart(kind: str, parts: Sequence[Part], seed: str) -> Part:
    """The only part alone, or all of them. `=_` is in no base64 and no quoted-printable: no part can end another."""
    if len(parts) == 1:
        return parts[0]
    boundary = f"=_{kind}_{hashlib.sha256(seed.encode()).hexdigest()[:24]}"
    separator = f"--{boundary}\r\n".encode()
    body = b"".join(separator + sealed(*part) + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()
    return [f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"'], body


def text_part(text: str, subtype: str) -> Part:
    """Quoted-printable where most is readable as it is, base64 where little would be."""
    data = re.sub(r"\r\n|\r", "\n", text).encode(errors="replace").removesuffix(b"\n") + b"\n"
    odd = len(data.translate(None, READABLE))
    if odd * 5 > len(data):
        coding, coded = "base64", base64_lines(data.replace(b"\n", b"\r\n"))
    else:
        coding, coded = "quoted-printable", quoted(data)
    return [f'Content-Type: text/{subtype}; charset="utf-8"', f"Content-Transfer-Encoding: {coding}"], coded


def quoted(data: bytes) -> bytes:
    """Quoted-printable that breaks long lines between words, not within numbers as the library's does."""
    coded = QUOTED.sub(lambda found: b"=%02X" % found[0][0], data).split(b"\n")
    return b"\r\n".join(line if len(line) <= LINE else b"=\r\n".join(PIECE.findall(line)) for line in coded)


def file_part(file: StoredFile, data: bytes, inline: bool = False) -> Part:
    """A mail within ours must not be base64 (RFC 2046 5.2.1): like all that is no plain file, it goes as bytes."""
    kind = file.content_type.partition(";")[0].strip().lower()
    kind = kind if CONTENT_TYPE.fullmatch(kind) else "application/octet-stream"
    named = parameter("filename", one_line(file.filename) or "file")
    # Of what is in another charset nothing is known for sure: programs guess at it, as they would at any file.
    says_utf8 = kind.startswith("text/") and not data.isascii() and is_utf8(data)
    disposition = [f"{each};" for each in ("inline" if inline else "attachment", *named[:-1])] + named[-1:]
    headers = [
        f"Content-Type: {kind}" + ('; charset="utf-8"' if says_utf8 else ""),
        "Content-Transfer-Encoding: base64",
        folded("Content-Disposition", disposition),
        *([f"Content-ID: <{(file.content_id or '').strip('<>')}>"] if inline else []),
    ]
    return headers, base64_lines(data)


def base64_lines(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def sealed(headers: list[str], part: Part | bytes) -> bytes:
    """Header lines, an empty one, the body."""
    own, body = part if isinstance(part, tuple) else ([], part)
    return "\r\n".join([*headers, *own, "", ""]).encode("ascii") + body
