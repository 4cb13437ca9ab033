"""HTML that may be shown to an agent: an allow list of elements, attributes and style properties; nothing is loaded from afar.

The first of three walls (frontend.md 6): the frame without scripts and its own policy are the others.
"""

import re

import nh3

from chalicelib.html_cost import costs_seconds
from chalicelib.html_tokens import MAX_HTML

TAGS = frozenset(
    "a abbr address b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption"
    " figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub summary sup table tbody"
    " td tfoot th thead time tr tt u ul var wbr".split()
)
# What goes with all that is in it. Not object, applet, audio and video: they go, but in them stands what is shown instead of
# them, ordinary HTML under the same allow list, and behind one that was never closed the rest of the letter.
DROPPED = frozenset("script style title noscript template svg math embed iframe frame frameset select textarea".split())
EVERYWHERE = {"style", "dir", "lang", "title", "align", "valign", "width", "height", "bgcolor", "color", "class"}
ATTRIBUTES = {
    "*": EVERYWHERE,
    "a": {"href", "name"},
    "img": {"src", "alt", "border", "hspace", "vspace"},
    "font": {"face", "size"},
    "table": {"border", "cellpadding", "cellspacing", "summary"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap", "scope"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "li": {"value"},
    "col": {"span"},
    "blockquote": {"type"},
    "hr": {"size", "noshade"},
}
STYLES = frozenset(
    "background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width border-collapse border-color"
    " border-left border-left-color border-left-style border-left-width border-radius border-right border-right-color"
    " border-right-style border-right-width border-spacing border-style border-top border-top-color border-top-style"
    " border-top-width border-width clear color direction display float font font-family font-size font-style font-variant"
    " font-weight height letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right margin-top"
    " max-height max-width min-height min-width padding padding-bottom padding-left padding-right padding-top table-layout"
    " text-align text-decoration text-indent text-transform vertical-align white-space width word-break word-spacing"
    " word-wrap overflow-wrap".split()
)
# Classes by which mail programs mark quotes and signatures; all others could only name our own styles.
CLASSES = re.compile(r"^(gmail_|moz-|yahoo_|protonmail_|OutlookMessageHeader|Mso|WordSection|mail-|AppleMail)")
IMAGE = re.compile(
    r"(?i)\s*(?:cid:[^\s]+|data:image/(?:png|gif|jpe?g|webp|bmp|x-icon|avif);base64,[A-Za-z0-9+/=\s]*)\s*\Z"
)
OUTSIDE = re.compile(
    r"(?i)(?:url|image|import|attr|var|env)\s*\(|@|\\|javascript|expression|behaviou?r|-moz-binding|position\s*:"
)


# What nh3 takes out before our own filter sees it; for counting only.
ACTIVE = re.compile(
    r"(?i)<(?:script|iframe|object|embed|form|svg|base|link)\b|<meta\s[^<>]{0,200}refresh|j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t\s*:"
    r"|expression\s*\(|position\s*:|url\s*\(|\ssrc\s*=\s*[\"']?//"
)


def sanitised(html: str) -> tuple[str | None, int]:
    """The HTML made safe, and how much was blocked (remote images, active content). None where it is too large or too deep
    for a parser whose work grows with the square of the depth (aws-and-data-design.md 4.3): then the text must do."""
    if len(html) > MAX_HTML or costs_seconds(html):
        return None, 1
    blocked = [len(ACTIVE.findall(html))]

    def allowed(tag: str, name: str, value: str) -> str | None:
        kept = attribute(tag, name, value)
        if kept is None and name in ("src", "style", "href"):
            blocked[0] += 1
        return kept

    clean = nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(DROPPED),
        attributes=ATTRIBUTES,
        attribute_filter=allowed,
        link_rel="noopener noreferrer",
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        filter_style_properties=set(STYLES),
        url_relative="deny",
    )
    return (clean, blocked[0]) if len(clean) <= 2 * MAX_HTML else (None, 1)


def attribute(tag: str, name: str, value: str) -> str | None:
    """The value that an attribute may keep, None when it goes."""
    if name == "src":
        return value if tag == "img" and IMAGE.match(value) else None
    if name == "href":
        return value if re.match(r"(?i)\s*(https?:|mailto:|tel:)", value) else None
    if name == "style":
        return safe_style(value)
    if name == "class":
        return " ".join(each for each in value.split()[:20] if CLASSES.match(each)) or None
    return value


def safe_style(value: str) -> str | None:
    if not OUTSIDE.search(value):
        return value
    kept = [each for each in value.split(";") if not OUTSIDE.search(each)]
    return None if re.search(r"[\\@]|/\*", value) else ";".join(kept) or None
