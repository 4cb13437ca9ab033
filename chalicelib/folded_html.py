"""The part of a letter's HTML that stays where its text is folded, as the desk's pages show it (web/src/mail/fold.ts). Pure."""

import re
from html import unescape

from chalicelib.html_tokens import TOKEN, VOID

UNSAID = re.compile(
    r"[\s\u00a0\u200b>*_|-]+"
)  # what the text has of its own: white space, marks of quotes and of emphasis
LEAST, ENOUGH = 6, 60  # letters of the rest that have to be found again

Piece = tuple[int, int, str, tuple[str, ...]]


def visible(page: str, text: str, rest: str) -> str | None:
    """The safe `page` up to the end of `text`, or to where `rest` begins, its elements closed; None where it says something else."""
    found = pieces(page)
    place = behind(found, squeezed(text)) or before(found, squeezed(text), squeezed(rest)[:ENOUGH])
    if place is None:
        return None
    at, opened = place
    return page[:at] + "".join(f"</{name}>" for name in reversed(opened))


def squeezed(text: str) -> str:
    return UNSAID.sub("", text)


def pieces(page: str) -> list[Piece]:
    """Each text that says something: where it begins and ends, what it says, and the elements that are open around it."""
    found, at = [], 0
    opened: list[str] = []
    for token in TOKEN.finditer(page):
        if said := squeezed(unescape(page[at : token.start()])):
            found.append((at, token.start(), said, tuple(opened)))
        at, name = token.end(), (token[2] or "").lower()
        if name and token[1] and name in opened:
            del opened[len(opened) - 1 - opened[::-1].index(name) :]
        elif name and not token[1] and name not in VOID:
            opened.append(name)
    if said := squeezed(unescape(page[at:])):
        found.append((at, len(page), said, tuple(opened)))
    return found


def behind(found: list[Piece], wanted: str) -> tuple[int, tuple[str, ...]] | None:
    """Behind the piece with which the visible text ends; None where the two differ, or it ends in the middle of one."""
    length = 0
    for _, end, said, opened in found:
        if not wanted.startswith(said, length):
            return None
        length += len(said)
        if length == len(wanted):
            return end, opened
    return None


def before(found: list[Piece], text: str, rest: str) -> tuple[int, tuple[str, ...]] | None:
    """Before the piece that begins as the rest does, the one nearest to where it is expected."""
    whole, starts, length = "".join(piece[2] for piece in found), [], 0
    for piece in found:
        if len(rest) >= LEAST and whole.startswith(rest, length):
            starts.append((abs(length - len(text)), piece[0], piece[3]))
        length += len(piece[2])
    return min(starts)[1:] if starts else None
