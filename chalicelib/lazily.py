"""Regular expressions that are compiled when they are first used: those with many words would cost every container, also one
that never reads a mail, half a second at its start."""

import re
from collections.abc import Iterator
from functools import cached_property


class Lazily:
    """As re.compile(pattern, flags), but later."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.source, self.flags = pattern, flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.source, self.flags)

    def match(self, text: str) -> re.Match[str] | None:
        return self.compiled.match(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.compiled.fullmatch(text)

    def search(self, text: str, at: int = 0) -> re.Match[str] | None:
        return self.compiled.search(text, at)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.compiled.finditer(text)
