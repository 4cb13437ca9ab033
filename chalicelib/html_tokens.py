"""The tags of HTML, one after the other: what every reader of it goes by."""

import re
from html import unescape

MAX_HTML = 1024 * 1024
RAW = {"script", "style", "title"}  # what is in them is no markup
VOID = {"br", "hr", "img", "meta", "link", "input", "wbr", "base", "col", "area", "embed", "param", "source", "track"}

# Our own tokens instead of html.parser, which needs quadratic time for a row of `<`. Each alternative consumes what it looks
# at, and an unclosed tag or comment swallows the rest, as in browsers.
TOKEN = re.compile(
    r"""<!--(?:.*?(?:-->|\Z))|<[!?][^>]*+(?:>|\Z)|<(/?)([a-zA-Z][^\s/>]*+)((?:[^>"']++|"[^"]*+"|'[^']*+'|["'])*+)(?:>|\Z)""",
    re.S,
)
ATTRIBUTE = re.compile(r"""([^\s=>"'/]++)(?:\s*+=\s*+(?:"([^"]*+)"?|'([^']*+)'?|([^\s>"']*+)))?""")


def past_raw(html: str, at: int, name: str) -> int:
    """Behind the end tag of an element whose content is no markup."""
    found = re.compile(rf"</{name}\s*>", re.I).search(html, at)
    return found.end() if found else len(html)


def attributes(text: str) -> dict[str, str]:
    found = ((name.lower(), one or two or bare) for name, one, two, bare in ATTRIBUTE.findall(text[:20000]))
    return {name: unescape(value) for name, value in found}
