"""Pages that a tool writes and the repository keeps: are they what the tool would write now?"""

import re
from math import isclose

FIGURE = re.compile(r"(\d[\d,]*(?:\.\d+)?)")


def stale(now: str, kept: str) -> list[tuple[str, ...]]:
    """The figures, or else the words, in which they differ.

    Figures to one in fifty: what is drawn by lot and compressed has a few bytes more or less each time, and a figure of two
    digits shows it. A call or a unit more shows all the same.
    """
    fresh, old = FIGURE.split(now), FIGURE.split(kept)
    words = [pair for pair in zip(fresh[::2], old[::2], strict=False) if pair[0] != pair[1]]
    if words or len(fresh) != len(old):
        return words or [("other words",)]
    return [pair for pair in zip(fresh[1::2], old[1::2], strict=True) if not isclose(*map(figure, pair), rel_tol=0.02)]


def figure(text: str) -> float:
    return float(text.replace(",", ""))
