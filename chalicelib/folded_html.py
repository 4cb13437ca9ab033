"""The part of a letter's HTML that stays where its text is folded, as the desk's pages show it (web/src/mail/fold.ts). Pure."""

import re
from html import unescape

from chalicelib.html_tokens import TOKEN, VOID

UNSAID = re.compile(
    r"[\s\u00a0\u200b>*_|-]+"
)  # what the text has of its own: white space, marks of quotes and of emphasis
LEAST, ENOUGH = 6, 60  # letters of the rest that have to be found again

Piece = tuple[int, int, str]  # where a text begins and ends, and what it says, squeezed


def visible(page: str, text: str, rest: str) -> str | None:
    """The safe `page` up to the end of `text`, or to where `rest` begins, its elements closed; None where it says something else."""
    found = pieces(page)
    end = behind(found, squeezed(text))
    at = before(found, squeezed(text), squeezed(rest)[:ENOUGH]) if end is None else behind_pictures(page, end)
    return None if at is None else page[:at] + "".join(f"</{name}>" for name in reversed(open_at(page, at)))


def squeezed(text: str) -> str:
    return UNSAID.sub("", text)


def pieces(page: str) -> list[Piece]:
    """Each text that says something."""
    found, at = [], 0
    for token in TOKEN.finditer(page):
        found.append((at, token.start(), squeezed(unescape(page[at : token.start()]))))
        at = token.end()
    found.append((at, len(page), squeezed(unescape(page[at:]))))
    return [piece for piece in found if piece[2]]


def behind(found: list[Piece], wanted: str) -> int | None:
    """Behind the piece with which the visible text ends; None where the two differ, or it ends in the middle of one."""
    length = 0
    for _, end, said in found:
        if not wanted.startswith(said, length):
            return None
        length += len(said)
        if length == len(wanted):
            return end
    return None


def behind_pictures(page: str, at: int) -> int:
    """Behind the last picture before the next words or the next quote: the text knows nothing of pictures."""
    said = end = at
    for token in TOKEN.finditer(page, at):
        name = (token[2] or "").lower()
        if squeezed(unescape(page[said : token.start()])) or name == "blockquote" or "data-mark" in (token[3] or ""):
            break
        said = token.end()
        end = said if name == "img" else end
    return end


def before(found: list[Piece], text: str, rest: str) -> int | None:
    """Before the piece that begins as the rest does, the one nearest to where it is expected."""
    whole, starts, length = "".join(piece[2] for piece in found), [], 0
    for start, _, said in found:
        if len(rest) >= LEAST and whole.startswith(rest, length):
            starts.append((abs(length - len(text)), start))
        length += len(said)
    return min(starts)[1] if starts else None


def open_at(page: str, at: int) -> list[str]:
    """The elements that are open there."""
    opened: list[str] = []
    for token in TOKEN.finditer(page, 0, at):
        name = (token[2] or "").lower()
        if name and token[1] and name in opened:
            del opened[len(opened) - 1 - opened[::-1].index(name) :]
        elif name and not token[1] and name not in VOID:
            opened.append(name)
    return opened
