"""`Idempotency-Key`: the same key gives the same answer for a day; another body under it is refused."""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib import records, table
from chalicelib.errors import DeskError, Refused
from chalicelib.packing import instant
from chalicelib.store import Once

Answered = tuple[int, Any]


def once_of(key: str | None, actor: str, method: str, path: str, body: bytes) -> Once | None:
    if key is None:
        return None
    if not re.fullmatch(r"[\x21-\x7e]{1,200}", key):
        message = "An Idempotency-Key has 1 to 200 visible characters."
        raise Refused(message, code="malformed", fields={"Idempotency-Key": "must be 1 to 200 visible characters"})
    asked = hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()
    return Once(actor, key, asked)


def only_once(once: Once, verb: Callable[[], Answered], again: Callable[[str], Any], now: datetime) -> Answered:
    """The verb's (status, answer), or what it answered the first time.

    The verb saves the key in its own transaction, so there is nothing to look up before it: what was done already shows
    as Taken, or as a refusal that comes from its own effect. `again` tells the answer anew from the ticket's number
    where the first time ended before its answer was kept.
    """
    try:
        status, answer = verb()
    except table.Taken as taken:
        if taken.name != "once":
            raise
        return given(once, again, now) or gone()
    except (DeskError, table.Changed):
        if found := given(once, again, now):
            return found
        raise
    records.remember_answer(once, status, answer)
    return status, answer


def given(once: Once, again: Callable[[str], Any], now: datetime) -> Answered | None:
    found = records.answer_of(once, now)
    if found is None:
        return None
    if found.asked != once.asked:
        raise Refused("This Idempotency-Key was used for another request.", code="idempotency_mismatch")
    return (found.status, found.answer) if found.status else (201, again(found.number))


def gone() -> Answered:
    raise Refused("This Idempotency-Key is too old; please take a new one.", code="idempotency_mismatch")


def with_its_key(once: Once, verb: Callable[[], Answered], now: datetime) -> Callable[[], Answered]:
    """For a verb without a transaction of ours: the key is put down before it, and taken away again where it is refused."""

    def keyed() -> Answered:
        pk = f"I#{once.actor}#{once.key}"
        item: table.Item = {"pk": pk, "sk": "I", "asked": once.asked, "number": ""}
        item |= {"at": instant(now), "ttl": int(now.timestamp()) + 2 * 86400}
        if not table.put(item, "attribute_not_exists(pk)"):
            raise table.Taken("once")
        try:
            return verb()
        except DeskError:
            table.delete(pk, "I")
            raise

    return keyed
