"""Where a list goes on: opaque to those who carry it, signed so that nobody makes one up."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from chalicelib.config import config
from chalicelib.errors import Refused

T = TypeVar("T")


def written(place: Any, of: str) -> str:
    """The cursor for `place` in the list `of`: its name with everything that orders it."""
    text = json.dumps(place, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(seal(text, of) + text).decode().rstrip("=")


def read(cursor: str, of: str) -> Any:
    """The place again. Raises Refused for one that was not written for this list."""
    try:
        data = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError:
        raise wrong() from None
    if not hmac.compare_digest(data[:16], seal(data[16:], of)):
        raise wrong()
    return json.loads(data[16:])


def seal(text: bytes, of: str) -> bytes:
    return hmac.new(config().secret, b"cursor\n" + of.encode() + b"\n" + text, hashlib.sha256).digest()[:16]


def wrong() -> Refused:
    message = "This cursor does not belong to this list; please begin with its first page."
    return Refused(message, code="malformed", fields={"cursor": "is not one of this list"})


def cut(
    things: Sequence[T], name: Callable[[T], str], of: str, limit: int, cursor: str | None
) -> tuple[Sequence[T], str | None]:
    """A page of a list that is at hand as a whole, and the cursor of the next one. `name` tells its things apart."""
    start = 0
    if cursor:
        last = read(cursor, of)
        start = next((n for n, thing in enumerate(things, start=1) if name(thing) == last), len(things))
    page = things[start : start + limit]
    more = start + limit < len(things)
    return page, written(name(page[-1]), of) if more else None
