"""HTML -> plain text that reads as the HTML looked: paragraphs, lists, tables by cell and row, links with their address."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from html import unescape

from chalicelib.html_style import Look, within
from chalicelib.html_tokens import MAX_HTML, RAW, TOKEN, VOID, attributes, past_raw

DEEPEST, DEEPEST_HIDDEN = 20, 100  # quotes within quotes; elements without text within each other
HIDDEN = {"script", "style", "head", "title", "template", "noscript", "svg", "math"}
IN_HEAD = set("html head title meta link style script base noscript template xml".split())  # xml: Word's
DRAWN = {"svg", "math"}
# What ends a drawing by beginning (HTML standard 13.2.6.5): a drawing that was never closed would hide the rest of the letter.
BREAKS_OUT = set(
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 hr i img li menu meta nobr ol p pre s small span"
    " strong strike sub sup table tt u ul var".split()
)
PARAGRAPH = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote", "dl", "hr"}
LINE = set("div br tr li dt dd section article header footer address center form caption".split())
BLOCKS = PARAGRAPH | LINE
DELETED = ("del", "s", "strike")
ENDS_ITSELF = {"p", "li", "td", "th", "tr", "dt", "dd", "option"}  # by the next of its kind, mostly
SAYING = {"li", *DELETED}  # whose tags put in words
SIZED = {"table", "font"}  # may have a size of their own whatever is around them
BLANKS, BLANKS_IN_LINE = re.compile(r"[ \t\r\n\f]+"), re.compile(r"[ \t\r\f]+")


def text_of(html: str) -> str:
    """The text of some HTML; never fails, cuts what is longer than 1 MB. Where nothing but hidden words is left, they are it."""
    reader = read(html[:MAX_HTML], Reader())
    text = reader.text()
    return text if text or not reader.withheld else read(html[:MAX_HTML], Reader(hiding=False)).text()


def read(html: str, reader: "Reader") -> "Reader":
    at = 0
    while token := TOKEN.search(html, at):
        if at < token.start():
            reader.data(html[at : token.start()])
        at = token.end()
        closing, name, attrs = token.groups()
        if not name:
            continue
        name = name.lower()
        if closing:
            reader.close(name)
        elif name in RAW:
            begin, at = at, past_raw(html, at, name)
            reader.sheet = reader.sheet or name == "style" and "font" in html[begin:at].lower()
        else:
            reader.begin(name, attrs)
    reader.data(html[at:])
    return reader


class Reader:
    """Gathers lines. `quotes` counts the open blockquotes, `hidden` the open elements whose content is not shown, `blank` is how
    deep the empty line that is due before the next text is quoted, -1 where none is due. `open`: each open element, `around`:
    how words look around it (pairs by the hundred thousand would keep the garbage collector busy), `opened`: how many of each
    name are open. `sheet`: whether a style sheet sets fonts, `withheld`: whether words were left out that their style hides."""

    def __init__(self, hiding: bool = True) -> None:
        self.hiding, self.withheld, self.sheet = hiding, False, False
        self.lines: list[str] = []
        self.line: list[str] = []
        self.blank = -1
        self.hidden: list[str] = []
        self.quotes = 0
        self.look = Look()
        self.open: list[str] = []
        self.around: list[Look] = []
        self.opened: dict[str, int] = defaultdict(int)
        self.link = ""
        self.linked: list[str] = []
        self.lists: list[int | None] = []
        self.indent = ""

    def begin(self, name: str, attrs: str) -> None:
        if self.hidden:
            self.end_hidden(name)
        if self.hidden or name in HIDDEN:
            self.hide(name, attrs)
            return
        if name in BLOCKS and not self.look.gone:
            self.space(name)
        if name not in VOID:
            self.enter(name, attrs)
        if name in OPENERS and acts(name, self.look):
            OPENERS[name](self, attributes(attrs) if attrs else {})

    def hide(self, name: str, attrs: str) -> None:
        if (name in HIDDEN or name == "xml") and not attrs.endswith("/") and len(self.hidden) < DEEPEST_HIDDEN:
            self.hidden.append(name)

    def end_hidden(self, name: str) -> None:
        """A head ends where something begins that has no place in it, a drawing where the letter goes on."""
        if name == "body" or self.hidden == ["head"] and name not in IN_HEAD:
            self.hidden.clear()
        while self.hidden and self.hidden[-1] in DRAWN and name in BREAKS_OUT:
            self.hidden.pop()

    def enter(self, name: str, attrs: str) -> None:
        if name in ENDS_ITSELF and self.open and self.open[-1] == name:
            self.leave(name)
        self.open.append(name)
        self.around.append(self.look)
        self.opened[name] += 1
        if self.look.tiny and (name in SIZED or self.sheet and "class" in attrs.lower()):
            self.look = replace(self.look, tiny=False)
        style = "white-space:pre;" if name == "pre" else ""
        if attrs and "style" in attrs.lower():
            style += attributes(attrs).get("style", "")
        if style:
            self.look = within(self.look, style)
            self.look = self.look if self.hiding else Look(self.look.space)

    def leave(self, name: str) -> Look:
        """Ends the last element of that name, and with it what was not closed within; how words looked in it."""
        last, look = None if self.opened.get(name) else name, self.look
        while last != name:
            look = self.look
            last, self.look = self.open.pop(), self.around.pop()
            self.opened[last] -= 1
        return look

    def space(self, tag: str, closing: bool = False) -> None:
        """Blocks begin on a line of their own, paragraphs after an empty one; lists within lists close to their item."""
        if self.line or tag == "br":
            self.end_line()
        if tag in PARAGRAPH and not (tag in ("ul", "ol") and len(self.lists) > closing):
            self.blank = self.quotes

    def end_line(self) -> None:
        text = "".join(self.line)
        self.lines.append(
            (self.marks(self.quotes) + self.indent + (text if self.look.space == "all" else tidy(text))).rstrip()
        )
        self.line.clear()
        self.indent = ""

    def marks(self, depth: int) -> str:
        """Nobody can tell deeper quotes apart, and each line would become as long as the quotes are deep."""
        return "> " * min(depth, DEEPEST)

    def close(self, tag: str) -> None:
        if self.hidden:
            self.reveal(tag)
            return
        if tag in BLOCKS and tag != "br" and not self.look.gone:
            self.space(tag, closing=True)
        if acts(tag, self.leave(tag)) and tag in CLOSERS:
            CLOSERS[tag](self)

    def reveal(self, tag: str) -> None:
        if tag == "head":
            self.hidden.clear()
        elif tag in self.hidden:
            del self.hidden[len(self.hidden) - 1 - self.hidden[::-1].index(tag) :]

    def mark_deleted(self, _: dict[str, str] | None = None) -> None:
        self.add("~")

    def open_quote(self, _: dict[str, str]) -> None:
        self.quotes += 1

    def close_quote(self) -> None:
        self.quotes = max(0, self.quotes - 1)

    def open_bullets(self, _: dict[str, str]) -> None:
        self.lists.append(None)

    def open_numbers(self, attrs: dict[str, str]) -> None:
        self.lists.append(number(attrs.get("start"), 1) - 1)

    def close_list(self) -> None:
        if self.lists:
            self.lists.pop()

    def open_item(self, attrs: dict[str, str]) -> None:
        self.indent = "  " * min(len(self.lists) - 1, DEEPEST)
        if self.lists and (count := self.lists[-1]) is not None:
            self.lists[-1] = count = number(attrs.get("value"), count + 1)
            self.add(f"{count}. ")
        else:
            self.add("* ")

    def open_cell(self, _: dict[str, str]) -> None:
        if self.line:
            self.line.append("\t")

    def open_image(self, attrs: dict[str, str]) -> None:
        look = within(replace(self.look, tiny=False), attrs.get("style", ""))
        if attrs.get("alt") and (look.shown or not self.hiding):
            self.add(attrs["alt"])

    def open_link(self, attrs: dict[str, str]) -> None:
        self.link, self.linked = attrs.get("href", ""), []

    def close_link(self) -> None:
        shown = "".join(self.linked).strip()
        if self.link.startswith(("http://", "https://")) and shown and not same_link(self.link, shown):
            self.line.append(f" <{self.link}>")
        self.link, self.linked = "", []

    def data(self, data: str) -> None:
        if self.hidden == ["head"] and data.strip():
            self.hidden.clear()
        if not data or self.hidden:
            return None
        if not self.look.shown:
            self.withheld = self.withheld or not data.isspace()
            return None
        data = unescape(data) if "&" in data else data
        if not self.look.space:
            return self.add(BLANKS.sub(" ", data))
        data = data if self.look.space == "all" else BLANKS_IN_LINE.sub(" ", data)
        *whole, last = data.split("\n")
        for line in whole:
            self.add(line)
            self.end_line()
        return self.add(last)

    def add(self, text: str) -> None:
        if self.blank >= 0 and text.strip(" "):
            if self.lines:
                self.lines.append(self.marks(min(self.blank, self.quotes)))
            self.blank = -1
        if text and (self.line or text.strip(" ") or self.look.space == "all"):
            self.line.append(text)
        if self.link:
            self.linked.append(text)

    def text(self) -> str:
        """The lines, each with its `> ` where it was quoted, no more than one empty line in a row."""
        if self.line:
            self.end_line()
        return squeezed(self.lines)


OPENERS: dict[str, Callable[[Reader, dict[str, str]], None]] = {
    "blockquote": Reader.open_quote,
    "ul": Reader.open_bullets,
    "ol": Reader.open_numbers,
    "li": Reader.open_item,
    "td": Reader.open_cell,
    "th": Reader.open_cell,
    "img": Reader.open_image,
    "a": Reader.open_link,
    **dict.fromkeys(DELETED, Reader.mark_deleted),
}
CLOSERS: dict[str, Callable[[Reader], None]] = {
    "blockquote": Reader.close_quote,
    "ul": Reader.close_list,
    "ol": Reader.close_list,
    "a": Reader.close_link,
    **dict.fromkeys(DELETED, Reader.mark_deleted),
}


def acts(tag: str, look: Look) -> bool:
    """Whether a tag does anything: what puts in words must be seen, what lays out need only be there."""
    return look.shown if tag in SAYING else not look.gone


def number(told: str | None, otherwise: int) -> int:
    return int(told) if told and re.fullmatch(r"-?[0-9]{1,6}", told.strip()) else otherwise


def tidy(line: str) -> str:
    """Cells two spaces apart."""
    cells = [cell.strip(" ") for cell in line.split("\t")]
    return "  ".join(filter(None, cells))


def squeezed(lines: list[str]) -> str:
    """At most one empty line between others, quoted empty lines counting as empty."""
    out: list[str] = []
    for line in lines:
        if not line.strip("> \xa0\u200b"):
            if out and out[-1].strip("> "):
                out.append(line.rstrip())
        else:
            out.append(line)
    return "\n".join(out).strip("\n")


def same_link(link: str, shown: str) -> bool:
    plain = [re.sub(r"^https?://(www\.)?|/$", "", each.strip()) for each in (link, shown)]
    return plain[0] == plain[1]
