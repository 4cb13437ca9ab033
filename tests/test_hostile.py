"""Hostile HTML, as the intake keeps it: by what stands in it, without a browser (web/e2e/hostile.spec.ts has one)."""

import re
from html.parser import HTMLParser

from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib import safe_html
from dev import hostile


class Reader(HTMLParser):
    """Collects elements and attributes as a browser would find them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@given(st.integers(0, 2**32))
@example(47228)
def test_nothing_is_kept_that_runs_or_loads(seed: int) -> None:
    for vector in hostile.vectors(10, seed):
        found = read(hostile.taken_in(vector))
        assert found.tags <= safe_html.TAGS, vector
        for tag, name, value in found.attributes:
            assert (
                not name.startswith("on") and name not in ("srcset", "background", "ping", "id", "name") or tag == "a"
            ), (vector, name)
            if name == "src":
                assert re.match(r"(?i)\s*(cid:|data:image/)", value), vector
            if name == "href":
                assert re.match(r"(?i)\s*(https?:|mailto:|tel:)", value), vector
            if name == "style":
                assert not re.search(r"(?i)url|@|\\|expression|position\s*:", value), vector


def test_there_are_a_thousand_different_ones() -> None:
    assert len(set(hostile.vectors(1000, 1))) == 1000


def test_what_is_safe_already_does_not_change() -> None:
    for vector in hostile.vectors(200, 2):
        once = hostile.taken_in(vector)
        again = safe_html.sanitised(once)[0] or ""
        assert "".join(again.split()) == "".join(once.split()), vector  # a line break that begins a <pre> is none
