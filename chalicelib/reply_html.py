"""HTML -> text in which everything that a mail program has marked as quoted begins with `> `: for the visible reply only."""

import re
from html import unescape

from chalicelib.html_text import HIDDEN, IN_HEAD, LINE, PARAGRAPH
from chalicelib.html_tokens import MAX_HTML, RAW, TOKEN, VOID, attributes, past_raw

QUOTES = re.compile(
    r"gmail_attr|yahoo_quoted|moz-cite-prefix|moz-forward-container|protonmail_quote|tutanota_quote|zmail_extra"
    r"|ms-outlook-mobile-reference-message|mail-editor-reference-message-container|reply-intro|WordSection1_quote|cite-prefix"
    r"|freebirdMail|mail_quote|quoted-?text|history_container|isReplyContent",
    re.I,
)
FROM_HERE = re.compile(
    r"OutlookMessageHeader|OLK_SRC_BODY_SECTION|divRplyFwdMsg|appendonsend|stopSpelling|reply-?separator|mail_?separator|replySplit|LPBorder|hmquote",
    re.I,
)


def text_of(html: str) -> tuple[str, int | None]:
    """The text, and the line from which on all is quoted (None: nowhere); cuts what is longer than 1 MB, never fails."""
    html = html[:MAX_HTML]
    reader, at = Reader(), 0
    while token := TOKEN.search(html, at):
        reader.data(html[at : token.start()])
        at = token.end()
        if name := (token[2] or "").lower():
            if name in RAW and not token[1]:
                at = past_raw(html, at, name)
            elif token[1]:
                reader.close(name)
            else:
                reader.open(name, token[3] or "")
    reader.data(html[at:])
    reader.end_line()
    return "\n".join(reader.lines).strip("\n"), reader.rest


class Reader:
    """Gathers lines. `stack`: the open elements and whether each is a quote; `quotes`, `hidden`, `pre`: how many are."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.words: list[str] = []
        self.stack: list[tuple[str, bool]] = []
        self.opened: dict[str, int] = {}
        self.quotes = 0
        self.rest: int | None = None

    def open(self, name: str, attrs: str) -> None:
        if name not in IN_HEAD and self.opened.get("head"):
            self.close("head")
        block = name in LINE or name in PARAGRAPH
        if block:
            self.end_line(empty=name in PARAGRAPH or name == "br" and not any(map(str.strip, self.words)))
        quote = False
        if attrs and ("class" in attrs or "id" in attrs):
            quote = self.marked(attributes(attrs))
        quote = quote or name == "blockquote"
        if name in VOID or attrs.endswith("/"):
            return
        if quote and not block:
            self.end_line()
        self.stack.append((name, quote))
        self.opened[name] = self.opened.get(name, 0) + 1
        self.quotes += quote

    def marked(self, attrs: dict[str, str]) -> bool:
        """Whether the element is a quote by its class or id; notes where the rest begins."""
        names = attrs.get("class", "") + " " + attrs.get("id", "")
        if self.rest is None and FROM_HERE.search(names) and any(map(str.strip, self.lines)):
            self.end_line()
            self.rest = len(self.lines)
        return bool(QUOTES.search(names))

    def close(self, name: str) -> None:
        if name in LINE or name in PARAGRAPH:
            self.end_line(empty=name in PARAGRAPH)
        if not self.opened.get(name):
            return
        while self.stack:
            last, quote = self.stack.pop()
            self.opened[last] -= 1
            if quote:
                self.end_line()
                self.quotes -= 1
            if last == name:
                break

    def hidden(self) -> bool:
        return any(self.opened.get(name) for name in HIDDEN)

    def data(self, data: str) -> None:
        if not data or self.hidden():
            return
        data = unescape(data) if "&" in data else data
        if self.opened.get("pre"):
            *before, data = data.split("\n")
            for line in before:
                self.words.append(line)
                self.end_line()
            self.words.append(data)
        else:
            self.words.append(re.sub(r"[ \t\r\n\f\xa0]+", " ", data))

    def end_line(self, empty: bool = False) -> None:
        line = "".join(self.words).strip()
        self.words = []
        if line:
            self.lines.append("> " + line if self.quotes else line)
        elif empty and self.lines and self.lines[-1]:
            self.lines.append("")
