"""The desk's clock on the laptop: the real time, and how far somebody has moved it."""

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
FURTHEST = timedelta(days=36500)


class Clock:
    """`now()` is the desk's. `keep` is told of each new shift, so that it survives a restart."""

    def __init__(self, shift: timedelta = timedelta(), keep: Callable[[timedelta], None] | None = None) -> None:
        self.shift, self.keep = shift, keep
        self.guard = threading.Lock()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def move(self, by: timedelta) -> datetime:
        """Raises ValueError for a shift of more than a century."""
        with self.guard:
            shift = self.shift + by
            if abs(shift) > FURTHEST:
                raise ValueError("The clock moves by a century at most.")
            self.shift = shift
            if self.keep:
                self.keep(shift)
        return self.now()


def parsed(words: object) -> timedelta:
    """`+3d`, `-90m`, `+1d12h`: raises ValueError for all else."""
    found = re.fullmatch(r"([+-]?)((?:\d{1,9}[smhdw])+)", words.strip()) if isinstance(words, str) else None
    if found is None:
        raise ValueError("Say how far to move the clock, for example +3d, -2h or +1d12h (s, m, h, d, w).")
    parts = re.findall(r"(\d+)([smhdw])", found[2])
    try:
        by = sum((timedelta(**{UNITS[unit]: int(count)}) for count, unit in parts), timedelta())
    except OverflowError as error:
        raise ValueError("The clock moves by a century at most.") from error
    return -by if found[1] == "-" else by
