"""How the desk's refusals look over HTTP: statuses and the error form of api.md."""

from collections.abc import Mapping
from typing import Any

from chalicelib import shown
from chalicelib.errors import Conflict, DeskError, NotFound
from chalicelib.queues import Queue
from chalicelib.ticket import Ticket
from chalicelib.ticket_lock import Lock

STATUSES = {
    "malformed": 400,
    "not_signed_in": 401,
    "not_allowed": 403,
    "quarantined": 403,
    "too_large": 413,
    "not_json": 415,
    "too_many": 429,
    "not_built": 501,
    "search_away": 503,
}


def status_of(error: DeskError) -> int:
    if isinstance(error, NotFound):
        return 404
    return 409 if isinstance(error, Conflict) else STATUSES.get(error.code, 422)


def body_of(error: DeskError, queues: Mapping[str, Queue]) -> dict[str, Any]:
    """`code`, `message` and what belongs to it, with the nouns as they are shown everywhere."""
    details = {name: detail(value, queues) for name, value in error.details.items()}
    if error.code == "malformed":
        details = {"fields": {}} | details
    return {"code": error.code, "message": error.message} | details


def detail(value: object, queues: Mapping[str, Queue]) -> Any:
    if isinstance(value, Ticket):
        return shown.ticket_row(value, queues)
    return shown.lock(value) if isinstance(value, Lock) else value


def fields_of(error: Exception) -> dict[str, str]:
    """What is wrong by field, `to.0.email`, of a pydantic.ValidationError; the value itself is not repeated."""
    found: dict[str, str] = {}
    if not hasattr(error, "errors"):
        return {"body": "cannot be read"}
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        name = ".".join(str(part)[:60] for part in each["loc"]) or "body"
        found.setdefault(name, str(each["msg"]).removeprefix("Value error, ")[:300])
        if len(found) == 50:
            break
    return found
