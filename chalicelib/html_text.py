"""HTML -> plain text that reads as the HTML looked: paragraphs, lists, tables by cell and row, links with their address."""

import re
from html.parser import HTMLParser

MAX_HTML = 2 * 1024 * 1024
HIDDEN = {"script", "style", "head", "title", "template", "noscript", "object", "svg", "math"}
PARAGRAPH = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote", "dl", "hr"}
LINE = {"div", "br", "tr", "li", "dt", "dd", "section", "article", "header", "footer", "address", "center", "form", "caption"}
VOID = {"br", "hr", "img", "meta", "link", "input", "wbr", "base", "col"}


def text_of(html: str) -> str:
    """The text of some HTML; never fails, cuts what is longer than 2 MB."""
    reader = Reader()
    try:
        reader.feed(html[:MAX_HTML])
        reader.close()
    except (AssertionError, ValueError, RecursionError):
        reader.out.append(" " + re.sub(r"<[^>]*>", " ", html[:MAX_HTML]))
    return reader.text()


class Reader(HTMLParser):
    """Gathers text; `quotes` counts the open blockquotes, `hidden` the open elements whose content is not shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.hidden: list[str] = []
        self.quotes = 0
        self.pre = 0
        self.link = ""
        self.linked: list[str] = []
        self.lists: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.hidden:
            if tag == "body":
                self.hidden.clear()
            elif tag == self.hidden[-1] and tag not in VOID:
                self.hidden.append(tag)
            return
        if tag in HIDDEN:
            self.hidden.append(tag)
            return
        self.space(tag)
        self.open(tag, {name: value or "" for name, value in attrs})

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HIDDEN:
            return
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def open(self, tag: str, attrs: dict[str, str]) -> None:
        if tag == "blockquote":
            self.quotes += 1
        elif tag == "pre":
            self.pre += 1
        elif tag in ("ul", "ol"):
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self.bullet()
        elif tag == "a":
            self.link, self.linked = attrs.get("href", ""), []
        elif tag == "img" and attrs.get("alt"):
            self.add(attrs["alt"])
        elif tag in ("td", "th"):
            self.out.append("\t")

    def bullet(self) -> None:
        if self.lists and (count := self.lists[-1]) is not None:
            self.lists[-1] = count + 1
            self.add(f"{count + 1}. ")
        else:
            self.add("* ")

    def space(self, tag: str) -> None:
        if tag in PARAGRAPH:
            self.line(2)
        elif tag in LINE:
            self.line(1)

    def line(self, count: int) -> None:
        self.out.append("\x00" if count == 1 else "\x01")
        self.out.append(f"\x02{self.quotes}\x02")

    def handle_endtag(self, tag: str) -> None:
        if self.hidden:
            if tag == self.hidden[-1]:
                self.hidden.pop()
            elif tag == "head":
                self.hidden.clear()
            return
        if tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        elif tag == "pre":
            self.pre = max(0, self.pre - 1)
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "a":
            self.close_link()
        if tag in PARAGRAPH or tag in LINE and tag != "br":
            self.space(tag)

    def close_link(self) -> None:
        shown = "".join(self.linked).strip()
        if self.link.startswith(("http://", "https://")) and shown and not same_link(self.link, shown):
            self.out.append(f" <{self.link}>")
        self.link = ""

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.add(data if self.pre else re.sub(r"[ \t\r\n\f]+", " ", data))

    def add(self, text: str) -> None:
        self.out.append(text.replace("\x00", "").replace("\x01", "").replace("\x02", ""))
        if self.link:
            self.linked.append(text)

    def text(self) -> str:
        """The lines, each with its `> ` where it was quoted, no more than one empty line in a row."""
        raw = re.sub(r"[\x00\x01](?:\x02\d+\x02)", lambda found: ("\n" if found[0][0] == "\x00" else "\n\n") + found[0][1:],
                     "".join(self.out))
        lines, depth = [], 0
        for line in raw.split("\n"):
            for mark in re.findall(r"\x02(\d+)\x02", line):
                depth = int(mark)
            line = re.sub(r"\x02\d+\x02", "", line)
            lines.append(("> " * depth + tidy(line)).rstrip())
        return squeezed(lines)


def tidy(line: str) -> str:
    return re.sub(r" *\t[ \t]*", "\t", line).strip(" \t").replace("\t", "  ")


def squeezed(lines: list[str]) -> str:
    """At most one empty line between others, quoted empty lines counting as empty."""
    out: list[str] = []
    for line in lines:
        empty = not line.strip("> \xa0\u200b")
        if empty and (not out or not out[-1].strip("> ")):
            continue
        out.append("" if empty else line)
    return "\n".join(out).strip("\n")


def same_link(link: str, shown: str) -> bool:
    plain = [re.sub(r"^https?://(www\.)?|/$", "", each.strip()) for each in (link, shown)]
    return plain[0] == plain[1]
