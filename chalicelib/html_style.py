"""What the style of an HTML element tells a reader of its words: how white space is kept, and whether anybody sees them."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

# How white space is kept: not at all, its line breaks, all of it
SPACES = {
    **dict.fromkeys(("normal", "nowrap", "collapse"), ""),
    **dict.fromkeys(("pre-line", "preserve-breaks"), "lines"),
    **dict.fromkeys(("pre", "pre-wrap", "break-spaces", "preserve"), "all"),
}
UNSEEN = {"hidden": True, "collapse": True, "visible": False, "initial": False}
COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
ZERO = re.compile(r"[-+]?(?:0++(?:\.0*+)?|\.0++)(?:[a-z]++|%)?")
# Sizes that are nothing where the size around is nothing; any other one shows the words again.
OF_AROUND = re.compile(r"[\d.]*+(?:em|ex|ch|%)|inherit|unset|smaller|larger")


@dataclass(frozen=True)
class Look:
    """How words look where they stand. `gone`: with all that is within; `unseen` and `tiny` (without any size) end where
    something within says otherwise."""

    space: str = ""
    gone: bool = False
    unseen: bool = False
    tiny: bool = False

    @cached_property
    def shown(self) -> bool:
        return not (self.gone or self.unseen or self.tiny)


@lru_cache(maxsize=256)
def within(around: Look, style: str) -> Look:
    """How words look in an element of that style: as around it where the style says nothing that we know."""
    said = declarations(style)
    return Look(
        SPACES.get(said.get("white-space-collapse") or said.get("white-space", ""), around.space),
        around.gone or is_gone(said),
        UNSEEN.get(said.get("visibility", ""), around.unseen),
        is_tiny(said.get("font-size", "inherit"), around),
    )


def declarations(style: str) -> dict[str, str]:
    """The last value of each property, but one that is `!important` before others; `font` tells a size, too."""
    said: dict[str, str] = {}
    important: dict[str, str] = {}
    for each in COMMENT.sub("", style).lower().split(";"):
        name, _, value = each.partition(":")
        name, (value, _, weight) = name.strip(), value.partition("!")
        if value.strip() and not value.strip().startswith("-"):  # one program's own word for what stands beside it
            (important if weight else said)["font-size" if name == "font" else name] = value.strip()
    return said | important


def is_gone(said: dict[str, str]) -> bool:
    # Outlook hides by `mso-hide`; beside another `display` that is a button which all others show.
    return (
        said.get("display", "none" if said.get("mso-hide") == "all" else "") == "none"
        or is_zero(said.get("opacity"))
        or is_zero(said.get("max-height"))
        and said.get("overflow", "").startswith("hidden")
    )


def is_tiny(size: str, around: Look) -> bool:
    return is_zero(size) or around.tiny and bool(OF_AROUND.fullmatch(size))


def is_zero(value: str | None) -> bool:
    return bool(value and ZERO.fullmatch(value))
