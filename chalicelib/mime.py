"""The structure of a mail: bytes -> a tree of nodes, each a header block and a body, without decoding anything.

A parser of our own, because the one in Python's library takes 95 s for a million empty parts, flattens mails within mails
anew (their bytes change), and gives up on header blocks that others read. This one works with offsets into the source, is
linear in its length, and stops at the limits of aws-and-data-design.md 4.3, saying so in `Budget.broken`.
"""

import re
from dataclasses import dataclass, field

from chalicelib.mail_words import parameters

MAX_LOOKS = 50_000  # places that look like a boundary and may be none
MAX_PARTS, MAX_DEPTH, MAX_HEADER_LINES, MAX_HEADERS = 1000, 30, 20_000, 256 * 1024

FIELD = re.compile(rb"([!-9;-~]{1,200}?)[ \t]*:")
LINE = re.compile(rb"[^\n]*(?:\n|\Z)")

Header = tuple[str, bytes]


@dataclass
class Budget:
    """What is left of the limits while a mail is taken apart; `broken` is the first limit that was passed."""

    parts: int = MAX_PARTS
    broken: str | None = None

    def complain(self, why: str) -> None:
        self.broken = self.broken or why


@dataclass
class Node:
    """A part of a mail. `headers`: (name in small letters, unfolded raw value) in their order; the part is source[start:end],
    its body source[body:end]. `children`: the parts of a multipart, which may be `undivided` for being too deep. `untold`: the
    type where none is declared; in a digest each part is a mail (RFC 2046 5.1.5)."""

    source: bytes = field(repr=False)
    start: int
    body: int
    end: int
    headers: list[Header]
    children: list["Node"] = field(default_factory=list)
    depth: int = 0
    untold: str = "text/plain"
    undivided: bool = False

    def header(self, name: str) -> bytes:
        """The first value of that name, empty where there is none."""
        return next((value for key, value in self.headers if key == name), b"")

    @property
    def payload(self) -> bytes:
        """The body as it was sent, without the line end that belongs to the boundary."""
        return self.source[self.body : self.end]

    @property
    def content_type(self) -> str:
        return media_type(self.typed) if self.typed else self.untold

    @property
    def typed(self) -> bytes:
        """The Content-Type header; of several one that names a boundary that there is, else the first."""
        told = [value for name, value in self.headers if name == "content-type"]
        if len(told) > 1:
            several = (
                each for each in told if media_type(each).startswith("multipart/") and self.occurs(declared(each))
            )
            return next(several, told[0])
        return told[0] if told else b""

    def occurs(self, boundary: bytes) -> bool:
        return bool(boundary) and self.source.find(b"--" + boundary, self.body, self.end) >= 0


def media_type(value: bytes) -> str:
    """type/subtype in small letters; text/plain where the header is missing or senseless (RFC 2045 5.2), but for `html`."""
    if re.match(rb"(?i)\s*\"?html\b(?!\s*/)", value):
        return "text/html"
    found = re.match(rb"\s*\"?([\w.+*-]+)\s*/\s*([\w.+*-]+)", value)
    return (found[1] + b"/" + found[2]).decode("ascii", "replace").lower() if found else "text/plain"


def header_block(source: bytes, start: int, end: int, budget: Budget) -> tuple[list[Header], int]:
    """The headers that begin at `start`, and where the body begins.

    A line that is no header among headers is skipped as junk when headers follow it soon, else the body begins there.
    """
    found: list[tuple[str, list[bytes]]] = []
    at, lines = start, 0
    while at < end:
        line = LINE.match(source, at, end)
        if line is None or not line[0].strip(b"\r\n"):
            return assembled(found), line.end() if line else at
        if not take_line(found, line[0]) and not junk(source, line.end(), end):
            return assembled(found), line.end() if line[0].isspace() else at
        at, lines = line.end(), lines + 1
        if lines > MAX_HEADER_LINES or at - start > MAX_HEADERS:
            budget.complain("The mail has too many headers.")
            return assembled(found), past_headers(source, at, end)
    return assembled(found), end


def assembled(found: list[tuple[str, list[bytes]]]) -> list[Header]:
    return [(name, b"\n".join(pieces).strip()) for name, pieces in found]


def take_line(found: list[tuple[str, list[bytes]]], line: bytes) -> bool:
    """Adds a header or continues the one before; False for a line that is neither (or only white space)."""
    if line[:1] in b" \t" and found and not line.isspace():
        found[-1][1].append(line.rstrip(b"\r\n"))
        return True
    if field := FIELD.match(line):
        found.append((field[1].decode("ascii").lower(), [line[field.end() :].strip(b"\r\n \t")]))
        return True
    return not found and line.startswith((b"From ", b">From "))


KNOWN = re.compile(
    rb"(?i)(from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|x-[\w-]+|references|in-reply-to"
    rb"|reply-to|sender|return-path|delivered-to|list-[a-z-]+)[ \t]*:"
)


def junk(source: bytes, at: int, end: int) -> bool:
    """Whether senseless lines (at most ten) are followed by well-known headers, so that skipping them loses nothing."""
    for _ in range(10):
        following = LINE.match(source, at, end)
        if not following or not following[0].strip(b"\r\n"):
            return False
        if KNOWN.match(following[0]):
            return True
        at = following.end()
    return False


def past_headers(source: bytes, at: int, end: int) -> int:
    found = re.compile(rb"\n\r?\n").search(source, at, end)
    return found.end() if found else end


def tree(source: bytes, start: int = 0, end: int | None = None, budget: Budget | None = None, depth: int = 0) -> Node:
    """The node that source[start:end] is, with all parts below it (but a mail within the mail is a leaf)."""
    budget, end = budget or Budget(), len(source) if end is None else end
    headers, body = header_block(source, start, end, budget)
    if depth == 0 and not any(name == "content-type" for name, _ in headers):
        headers, body = resumed(source, headers, body, end)
    node = Node(source, start, body, end, headers, depth=depth)
    budget.parts -= 1
    if node.content_type.startswith("multipart/") or depth == 0 and forgot_to_say(node):
        divide(node, budget, depth)
    return node


STRUCTURE = re.compile(r"content-[a-z-]+|mime-version|x-[\w-]+|to|cc|subject|date|message-id|in-reply-to|references")


def resumed(source: bytes, headers: list[Header], body: int, end: int) -> tuple[list[Header], int]:
    """The headers with those that stand below an empty line which some program put among them, and where the body begins.

    Only where they say what the body is, nothing above does, and none of them tells who sent it (a mail that was pasted).
    """
    if not KNOWN.match(source, body, min(end, body + 998)):
        return headers, body
    more, below = header_block(source, body, min(end, body + MAX_HEADERS), Budget())
    names = {name for name, _ in more}
    if "content-type" in names and below < end and all(map(STRUCTURE.fullmatch, names)):
        return headers + more, below
    return headers, body


# A line that can only be a boundary: below it stands a part's header.
LIKELY = re.compile(rb"(?m)^--([!-~][!-~ ]{0,68}[!-~])[ \t]*\r?\n(?=content-(?:type|transfer-encoding)[ \t]*:)", re.I)


def forgot_to_say(node: Node) -> bool:
    """Whether a mail without a Content-Type says itself that it is in MIME, and looks like it."""
    above = node.source[node.body : min(node.end, node.body + 1024)]
    return not node.typed and b"MIME" in above and LIKELY.search(above) is not None


def divide(node: Node, budget: Budget, depth: int) -> None:
    if depth >= MAX_DEPTH:
        node.undivided = True
        return budget.complain("The mail is nested too deeply.")
    boundary = boundary_of(node)
    for start, end in pieces(node, boundary, budget) if boundary else []:
        node.children.append(tree(node.source, start, end, budget, depth + 1))
        if node.content_type == "multipart/digest":
            node.children[-1].untold = "message/rfc822"
    return None


def boundary_of(node: Node) -> bytes | None:
    """The declared boundary; where that does not occur, the first line that looks like one."""
    boundary = declared(node.typed)
    if node.occurs(boundary):
        return boundary
    guess = LIKELY.search(node.source, node.body, min(node.end, node.body + 65536))
    return guess[1] if guess else None


def declared(value: bytes) -> bytes:
    """The boundary parameter of a Content-Type; empty where there is none."""
    if b"boundary*" in value.lower():
        return parameters(value).get("boundary", "").encode("latin-1", "replace")
    found = re.search(rb"(?i)[;\s]boundary\s*=\s*+(?:\"([^\"]+)\"?|([^\s;]+))", value.replace(b"\n", b""))
    return (found[1] or found[2]).rstrip() if found else b""


def pieces(node: Node, boundary: bytes, budget: Budget) -> list[tuple[int, int]]:
    """Where the parts begin and end; the last one runs to the end when the closing line is missing."""
    found: list[tuple[int, int]] = []
    begin = None
    for at, after, closing in delimiters(node, b"--" + boundary):
        if begin is not None:
            found.append((begin, line_before(node.source, at, begin)))
        begin = None if closing else after
        if closing:
            break
        if len(found) >= budget.parts:
            budget.complain("The mail has too many parts.")
            return found
    return found + ([(begin, node.end)] if begin is not None and begin < node.end else [])


def delimiters(node: Node, mark: bytes) -> list[tuple[int, int, bool]]:
    """(start, end, is it the closing one) of each line that is the delimiter `mark`; at most 2 * MAX_PARTS of them."""
    found: list[tuple[int, int, bool]] = []
    source, at = node.source, node.source.find(mark, node.body, node.end)
    rest = re.compile(rb"(--)?[ \t]*(?:\r*\n|\r(?!\n)|\Z)|(--)")
    for _ in range(MAX_LOOKS):
        if at < 0 or len(found) >= 2 * MAX_PARTS:
            break
        after = at + len(mark)
        if (at == node.body or source[at - 1] in b"\r\n") and (match := rest.match(source, after, node.end)):
            found.append((at, match.end(), bool(match[1] or match[2])))
        at = source.find(mark, after, node.end)
    return found


def line_before(source: bytes, at: int, begin: int) -> int:
    """`at` without the line end before it, which belongs to the delimiter (RFC 2046 5.1.1)."""
    if at > begin and source[at - 1] == 0x0A:
        at -= 1
    if at > begin and source[at - 1] == 0x0D:
        at -= 1
    return max(at, begin)
