"""Days and spans of days as people type them: 2026-11-23, 2026-11, 2026, 23.11.2026, a..b, >a, <=a, 7d, today, вчера."""

import re
from datetime import datetime, timedelta

WORDS = {"today": 0, "сегодня": 0, "yesterday": 1, "вчера": 1}  # so many days back
UNITS = {"d": 1, "д": 1, "w": 7, "н": 7, "m": 30, "м": 30, "y": 365, "г": 365}  # days
EARLIEST, LATEST = 1970, 2200

Span = tuple[datetime | None, datetime | None]


class BadDate(Exception):
    """This is no day."""


def read(text: str, now: datetime) -> Span:
    """From, and before which moment; None is open. Days begin at midnight where `now` is. Raises BadDate."""
    text = text.strip().lower()
    if ".." in text:
        first, _, last = text.partition("..")
        return (one(first, now)[0] if first else None), (one(last, now)[1] if last else None)
    found = re.fullmatch(r"([<>]=?)(.+)", text)
    if found:
        begin, end = one(found[2], now)
        return {">": (end, None), ">=": (begin, None), "<": (None, begin), "<=": (None, end)}[found[1]]
    return one(text, now)


def one(text: str, now: datetime) -> tuple[datetime, datetime]:
    """A day, month or year; or so far back from now: `7d` are today and the six days before. Raises BadDate."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if text in WORDS:
        day = today - timedelta(days=WORDS[text])
        return day, day + timedelta(days=1)
    if back := re.fullmatch(r"(\d{1,4})([dwmyднмг])", text):
        return today - timedelta(days=int(back[1]) * UNITS[back[2]] - 1), today + timedelta(days=1)
    if dotted := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        text = f"{dotted[3]}-{dotted[2]}-{dotted[1]}"
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", text)
    if not found or not EARLIEST <= int(found[1]) <= LATEST:
        raise BadDate(text)
    try:
        begin = today.replace(year=int(found[1]), month=int(found[2] or 1), day=int(found[3] or 1))
    except ValueError:
        raise BadDate(text) from None
    if found[3]:
        return begin, begin + timedelta(days=1)
    return begin, (begin + timedelta(days=32 if found[2] else 367)).replace(day=1)
