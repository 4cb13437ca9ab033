"""Which parts of a mail are its text, and which are files: the walk through the structure.

A mail is a row of blocks (what one reads, in order) and a row of files. An alternative gives one block with both its forms.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from chalicelib import html_text, html_tokens, mime, smime, tnef, transfer
from chalicelib.charsets import decode
from chalicelib.mail_forms import REACTION, THIRD, Block, excuses, html_of, reaction, says_nothing
from chalicelib.mail_texts import MAX_FLOWED, enriched, flowed
from chalicelib.mail_words import parameters, percent_decoded, text_of
from chalicelib.mime import Node

MARKUP = {"text/html", "text/enriched", "text/richtext"}
UNREADABLE = {
    "text/css",
    "text/javascript",
    "text/calendar",
    "text/vcard",
    "text/x-vcard",
    "text/directory",
    "text/rfc822-headers",
    "text/csv",
    "text/xml",
    *THIRD,
}


MAX_UNWRAPPED = 64 * 1024 * 1024  # bytes that S/MIME may hold, all of it together: layers hold the same again and again
P7M = ("application/pkcs7-mime", "application/x-pkcs7-mime")
P7S = ("application/pkcs7-signature", "application/x-pkcs7-signature")
DOCUMENT = re.compile(
    r"(.+\.\w{1,8})\.(?:p7m|p7s|sig)", re.I | re.S
)  # a file that somebody has signed: contract.pdf.sig
# Colours of a terminal, and bells; NUL is invisible and may stand for something
CONTROL = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]|[\x01-\x08\x0b\x0e-\x1f\x7f]")


@dataclass
class Body:
    """What the walk found: blocks to read, leaves that are files, and files that came out of something else (uuencode in the
    text, winmail.dat). `calendar`: the first calendar, as it was sent. `left`: how much more HTML is read as text; of all
    blocks together no more than of one, for there may be forty megabytes. Below nothing, some was not read. `inner`: the limits
    of what was signed, all layers together, and `unwrapped` how many more bytes of it."""

    blocks: list[Block] = field(default_factory=list)
    files: list[Node] = field(default_factory=list)
    loose: list[tnef.File] = field(default_factory=list)
    calendar: str = ""
    left: int = html_tokens.MAX_HTML
    inner: mime.Budget = field(default_factory=mime.Budget)
    unwrapped: int = MAX_UNWRAPPED

    def text(self) -> str:
        """The whole text: of each block the plain form, or what its HTML says."""
        text = "\n".join(self.plain_of(block) for block in self.blocks)
        return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")

    def plain_of(self, block: Block) -> str:
        plain = block.plain or ""
        if not block.html or plain.strip() and not says_nothing(plain):
            return plain
        html, self.left = block.html[: max(0, self.left)], self.left - len(block.html)
        said = html_text.text_of(html)
        brief = plain.strip() and len(said) <= 3 * len(plain)
        return plain if brief and not excuses(plain, said) else said

    def html(self) -> str | None:
        """The HTML of the whole mail when any block has some; blocks that are only plain are put in as they look."""
        if all(block.html is None for block in self.blocks):
            return None
        return "\n".join(html_of(block) for block in self.blocks)


def read(root: Node) -> Body:
    body = Body()
    walk(root, body, first=True)
    if not any((block.plain or "").strip() or block.html for block in body.blocks) and (said := preamble(root)):
        body.blocks.append(Block(said))
    if body.calendar:
        tell_calendar(body, text_of(root.header("subject")))
    return body


def says_anything(body: Body) -> bool:
    return any((block.plain or block.html or "").strip() for block in body.blocks)


def tell_calendar(body: Body, subject: str) -> None:
    """An invitation stands in words above what was written beside it; a mere calendar only where nothing was."""
    if not body.calendar:
        return
    from chalicelib import calendar_text  # few mails need it, and every start would pay for it

    said = body.text()
    if (not said.strip() or calendar_text.invites(body.calendar, said)) and (
        told := calendar_text.summary(body.calendar, subject)
    ):
        body.blocks.insert(0, Block(told + "\n" if said.strip() else told))


def preamble(root: Node) -> str:
    """What stands above the first part, for programs that know no MIME: read only where there is nothing else to read."""
    if not root.children:
        return ""
    above = root.source[root.body : root.children[0].start].rpartition(b"\n--")[0]
    return re.sub(r"(?im)^This is an? .*(MIME|multi-?part).*$", "", decode(above[:100_000])).strip()


def walk(node: Node, body: Body, first: bool = False, related: bool = False) -> None:
    """Adds what the node holds. `first`: nothing to read stands before it; `related`: it belongs to some HTML."""
    kind = node.content_type
    if node.children:
        rule = RULES.get(kind.removeprefix("multipart/"), mixed)
        rule(node, body, first)
    elif node.undivided:
        body.files.append(node)
    elif kind.startswith("multipart/") and (inner := encoded_whole(node)):
        walk(inner, body, first)
    elif kind.startswith("multipart/") and node.payload.strip():
        read_block(node, body, "text/plain")  # says multipart, has no parts: its text must not get lost
    elif is_text(kind) and to_be_read(node, first and not body.blocks, related):
        read_block(node, body, "text/html" if kind in MARKUP else "text/plain")
    elif not kind.startswith("multipart/") and not opened(node, kind, body, first):
        body.files.append(node)


def is_text(kind: str) -> bool:
    """Whether people read it as it stands. Before PGP/MIME, application/pgp was a text with an armour (RFC 4880 6.2)."""
    return kind == "application/pgp" or kind.startswith("text/") and kind not in UNREADABLE


def encoded_whole(node: Node) -> Node | None:
    """A multipart that was encoded as a whole, which RFC 2045 6.4 forbids and some programs do, with its parts."""
    content = content_of(node)
    if content == node.payload or node.depth >= mime.MAX_DEPTH:
        return None
    headers = [(name, value) for name, value in node.headers if name != "content-transfer-encoding"]
    inner = Node(content, 0, 0, len(content), headers, depth=node.depth)
    mime.divide(inner, mime.Budget(parts=100), node.depth)
    return inner if inner.children else None


def opened(node: Node, kind: str, body: Body, first: bool) -> bool:
    """Whether the leaf was a wrapping, whose content has been taken instead: signed S/MIME, winmail.dat."""
    if may_be_signed(node, kind):
        return take_signed(node, body, first)
    if kind in ("application/ms-tnef", "application/vnd.ms-tnef") or filename(node).lower() == "winmail.dat":
        return take_outlook(tnef.unpack(content_of(node)), body)
    if kind == REACTION and (emoji := reaction(decode(content_of(node)))):
        body.blocks.append(Block(emoji))
        return True
    if kind == "text/calendar" and not body.calendar:
        charset = parameters(node.typed).get("charset", "")
        body.calendar = decode(content_of(node), charset)
    return False


def may_be_signed(node: Node, kind: str) -> bool:
    """Whether it may be S/MIME around something: by its type or its name; a mail that is nothing else may have neither."""
    name = filename(node).lower()
    if kind in P7M or name.endswith((".p7m", ".sig")):
        return True
    return node.depth == 0 and kind in (*P7S, "application/octet-stream") and (not name or name.endswith(".p7s"))


def take_signed(node: Node, body: Body, first: bool) -> bool:
    """Whether what is signed has been taken instead. A document that was signed lies beside its signature, under its own name."""
    found = smime.read(content_of(node)) if node.depth < mime.MAX_DEPTH else smime.Found()
    if found.content is None or len(found.content) > body.unwrapped:
        return False
    body.unwrapped -= len(found.content)
    document = DOCUMENT.fullmatch(filename(node))
    if document or not mime.KNOWN.match(found.content) and b"\0" in found.content[:1000]:
        body.loose.append(tnef.File(document[1] if document else "", found.content))
        return False
    if found.cut:
        body.files.append(node)  # what is missing may still be asked for
    walk(mime.tree(found.content, budget=body.inner, depth=node.depth + 1), body, first)
    return True


def take_outlook(found: tnef.Unpacked | None, body: Body) -> bool:
    """What winmail.dat had in it; its text only where the mail itself says nothing."""
    if found is None:
        return False
    body.loose += found.files
    from chalicelib import rtf  # as with calendars

    html = found.html or rtf.html_of(found.rtf)
    text = found.text or ("" if html else rtf.text_of(found.rtf))
    if (text or html) and not says_anything(body):
        body.blocks.append(Block(text or None, html or None))
    return True


def content_of(node: Node) -> bytes:
    return transfer.decoded(node.payload, node.header("content-transfer-encoding"))


def to_be_read(node: Node, first: bool, related: bool) -> bool:
    """A text that has a name is a file, unless it is the first thing in the mail and does not call itself an attachment.
    So is one that some HTML refers to."""
    if related and (node.header("content-id") or node.header("content-location")):
        return False
    disposition = node.header("content-disposition").lower().lstrip()
    if disposition.startswith(b"attachment"):
        return False
    named = filename(node)
    return not named or first and not disposition.startswith(b"inline")


def filename(node: Node, hint: str = "") -> str:
    """The part's name as it was written. `hint`: the charset of the mail's text, for one in bytes that nobody labelled."""
    disposed = parameters(node.header("content-disposition"), hint)
    name = disposed.get("filename") or parameters(node.typed, hint).get("name", "")
    return percent_decoded(name) if "%" in name else name


def mixed(node: Node, body: Body, first: bool) -> None:
    for child in node.children:
        walk(child, body, first)


def related(node: Node, body: Body, first: bool) -> None:
    """The root is the first part or the one that `start` names; the others are shown within it (RFC 2387)."""
    start = parameters(node.typed).get("start", "").strip("<>")
    root = next(
        (child for child in node.children if start and start in child.header("content-id").decode("latin-1")),
        node.children[0],
    )
    for child in [root, *(each for each in node.children if each is not root)]:
        walk(child, body, first and child is root, related=child is not root)


def alternative(node: Node, body: Body, first: bool) -> None:
    """One block of the plain and the HTML form; a third form counts where there is no other, whatever else is in there is a file."""
    inner = Body()
    for child in sorted(node.children, key=lambda child: child.content_type in THIRD):
        if child.content_type not in THIRD or not says_anything(inner):
            walk(child, inner, first=True)
    body.files += inner.files
    body.loose += inner.loose
    body.calendar = body.calendar or inner.calendar
    plain = [block.plain for block in inner.blocks if block.plain is not None]
    html = [block.html for block in inner.blocks if block.html is not None]
    if plain or html:
        body.blocks.append(Block("\n".join(plain) if plain else None, "\n".join(html) if html else None))


def signed(node: Node, body: Body, first: bool) -> None:
    walk(node.children[0], body, first)
    body.files += [leaf for child in node.children[1:] for leaf in leaves(child)]


def leaves(node: Node) -> Iterator[Node]:
    if not node.children:
        yield node
    for child in node.children:
        yield from leaves(child)


RULES = {"alternative": alternative, "related": related, "signed": signed}


def read_block(node: Node, body: Body, kind: str) -> None:
    options = parameters(node.typed)
    data = content_of(node)
    if kind == "text/html":
        html = decode(data, options.get("charset", "") or charset_within(data))
        body.blocks.append(Block(html=html if node.content_type == kind else enriched(html)))
        return
    text = decode(data, options.get("charset", ""))
    text, files = transfer.uuencoded_files(text)
    body.loose += [tnef.File(name, content) for name, content in files]
    if options.get("format", "").lower() == "flowed" and text.count("\n") < MAX_FLOWED:
        text = flowed(text, options.get("delsp", "").lower() == "yes")
    body.blocks.append(Block(plain=text))


def charset_within(data: bytes) -> str:
    found = re.search(rb"(?i)<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", data[:4096])
    return found[1].decode() if found else ""
