"""What HTML would cost a parser that nests it as browsers do, told without parsing: too deep, too many, too often opened again."""

import re
from collections import defaultdict

from chalicelib import html_tokens

MAX_TAGS, MAX_DEPTH, MAX_ATTRIBUTES, MAX_ENTITIES = 100_000, 500, 200, 50_000
MAX_STEPS, MAX_REOPENED = 30_000_000, 500_000  # each half a second
VOID = html_tokens.VOID | {"p", "td", "tr", "th"}  # and what nests only within others, outside of drawings
ITEMS = {"li": {"li"}, "option": {"option"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}}  # and what each ends by beginning
HOLDS_ITEMS = set("ul ol menu dl div table blockquote center section article form fieldset".split())
FORMATTING = set("a b big code em font i nobr s small strike strong tt u".split())
RAW = html_tokens.RAW | {"textarea", "iframe", "noembed", "noframes", "xmp"}
NEVER_OPEN = VOID | RAW


def costs_seconds(html: str) -> bool:
    return (
        html.count("<") > MAX_TAGS
        or html.count("&") > MAX_ENTITIES
        or any(crowded(tag) for tag in re.findall(r"<[a-zA-Z][^<]{2000,}", html))
        or too_deep(html)
        or Walk().is_long(html)
    )


def crowded(tag: str) -> bool:
    """A tag with hundreds of attributes: comparing each with each takes the parser seconds."""
    return len(re.sub(r"\"[^\"]*+\"|'[^']*+'", "", tag).split(">")[0].split()) > MAX_ATTRIBUTES


def too_deep(html: str) -> bool:
    """By counting tags: elements that are opened and never closed nest, too."""
    depth = deepest = 0
    for closing, name in re.findall(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)", html):
        if name.lower() in VOID or name.lower() in ITEMS:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest > MAX_DEPTH


class Walk:
    """How far a parser walks at the most. At each tag it may look at every open element, and at each text open again whatever
    formats and was not ended. `open`: what may still be open: an end tag is only believed where it must be heard, right
    behind what it ends; elsewhere a parser may pass it over, and a bomb is made of such tags."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.opened: dict[str, int] = defaultdict(int)
        self.formatting = 0

    def is_long(self, html: str) -> bool:
        at = steps = reopened = 0
        while token := html_tokens.TOKEN.search(html, at):
            at = token.end()
            closing, name, _ = token.groups()
            if name and closing:
                self.close(name.lower())
            elif name and (self.drawn or name.lower() not in NEVER_OPEN):
                self.begin(name.lower())
            elif name and name.lower() in RAW:
                at = before_end(html, at, name)
            steps += len(self.open)
            reopened += self.formatting
            if steps > MAX_STEPS or reopened > MAX_REOPENED:
                return True
        return False

    @property
    def drawn(self) -> bool:
        """Whether a drawing may be open, in which no name means anything."""
        return bool(self.opened["svg"] or self.opened["math"])

    def begin(self, name: str) -> None:
        if name in ITEMS and self.open and self.open[-1] in ITEMS[name] and not self.drawn:
            self.remove(-1)
        self.open.append(name)
        self.opened[name] += 1
        self.formatting += name in FORMATTING

    def close(self, name: str) -> None:
        if not self.opened[name]:
            return
        if name in HOLDS_ITEMS and self.open[-1] in ITEMS and self.open[-2:-1] == [name]:
            self.remove(-1)
        at = -1
        while name in FORMATTING and self.open[at] in FORMATTING and self.open[at] != name and -at < len(self.open):
            at -= 1
        if self.open[at] == name:
            self.remove(at)

    def remove(self, at: int) -> None:
        name = self.open.pop(at)
        self.opened[name] -= 1
        self.formatting -= name in FORMATTING


def before_end(html: str, at: int, name: str) -> int:
    """Where the end tag of an element begins whose content is no markup."""
    found = re.compile(rf"</{name}[\s/>]", re.I).search(html, at)
    return found.start() if found else len(html)
