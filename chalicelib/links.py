"""Files that are too large for mail leave as links in the letter, which end after some weeks. Pure.

A link carries where the file is and a signature of that (128 bits): nobody guesses one, nothing has to be stored for it, and a
letter that is built twice has the same links twice.
"""

import hashlib
import hmac
import html
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.article import StoredFile
from chalicelib.quoting import MONTHS, tongue

DAYS = 30
HEADS = {
    "en": "Too large for mail, to be downloaded until {day}:",
    "ru": "Не помещается в письмо, можно скачать до {day}:",
}
DAY = {"en": "{day} {month} {year}", "ru": "{day} {month} {year} г."}


def chosen(files: Sequence[StoredFile], most: int, now: datetime) -> tuple[StoredFile, ...]:
    """The same files, of which the largest ones are links now, so that the others fit into `most` bytes of mail.

    Pictures that the letter shows stay in it.
    """
    left = sum(encoded(file.size) for file in files)
    linked: set[str] = set()
    for file in sorted((each for each in files if not each.inline), key=lambda each: -each.size):
        if left <= most:
            break
        left -= encoded(file.size)
        linked.add(file.key)
    until = now + timedelta(days=DAYS)
    return tuple(replace(file, link_until=until) if file.key in linked else file for file in files)


def encoded(size: int) -> int:
    """Bytes that a file takes in mail: base64 in lines of 76 characters."""
    return -(-size // 57) * 78


# -- tokens


def token(number: str, seq: int, n: int, secret: bytes) -> str:
    place = f"{number}.{seq}.{n}"
    return f"{place}.{signature(place, secret)}"


def place_of(found: str, secret: bytes) -> tuple[str, int, int] | None:
    """(number, seq, n) of a token that is ours; None for any other."""
    place, _, signed = found.rpartition(".")
    if not hmac.compare_digest(signature(place, secret).encode(), signed.encode(errors="replace")):
        return None
    number, seq, n = place.split(".")
    return number, int(seq), int(n)


def signature(place: str, secret: bytes) -> str:
    digest = hmac.new(secret, f"file {place}".encode(), hashlib.sha256).digest()
    return b32encode(digest[:16]).decode().rstrip("=").lower()


# -- in the letter


def as_text(linked: Sequence[tuple[StoredFile, str]], language: str) -> str:
    """`linked`: each file and its address."""
    lines = [f"{file.filename} ({size(file.size)})\n{url}" for file, url in linked]
    return "\n".join([head(linked, language), *lines])


def as_html(linked: Sequence[tuple[StoredFile, str]], language: str) -> str:
    rows = [
        f'<li><a href="{html.escape(url)}">{html.escape(file.filename)}</a> ({size(file.size)})</li>'
        for file, url in linked
    ]
    return f"<p>{html.escape(head(linked, language))}</p>\n<ul>{''.join(rows)}</ul>"


def head(linked: Sequence[tuple[StoredFile, str]], language: str) -> str:
    until = min(file.link_until for file, _ in linked if file.link_until)
    month = MONTHS[tongue(language)][until.month - 1]
    day = DAY[tongue(language)].format(day=until.day, month=month, year=until.year)
    return HEADS[tongue(language)].format(day=day)


def size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"
