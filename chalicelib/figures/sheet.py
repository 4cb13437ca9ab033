"""A table of figures for spreadsheets: UTF-8 with the mark that Excel wants, and nothing in it that Excel would run. Pure."""

import csv
import io
from collections.abc import Iterable
from typing import Any

MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def text(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(columns)
    lines.writerows([cell(value) for value in row] for row in rows)
    return MARK + written.getvalue()


def cell(value: Any) -> Any:
    """Words that begin like a formula get an apostrophe before them (OWASP, CSV injection); numbers are numbers."""
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value
