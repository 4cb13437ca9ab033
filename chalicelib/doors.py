"""The edge: every route is declared here once, with who may come and what comes in and goes out.

The OpenAPI document and the test of who may what read the same list. A view gets an Asked, calls one verb and shows what
came of it; everything that is the same for all of them happens here: sessions, checks, refusals, answers once given.
"""

import hashlib
import json
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chalice.app import Request, Response

from chalicelib import log, once, refusals, sessions, store, table
from chalicelib.access import Agent
from chalicelib.asking import ADMIN, AGENT, CUSTOMER, IN_PATHS, NOBODY, Asked, Route, unpacked
from chalicelib.config import config
from chalicelib.errors import Conflict, DeskError, Refused
from chalicelib.settings import settings

COOKIES = {"agent": ("otklik_agent", "/api"), "customer": ("otklik_portal", "/api/portal")}
HEADERS = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def clock() -> datetime:
    """The desk's now; app.py puts its own here, which the laptop may shift."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Reply:
    """What a view answers when a body alone does not say it all."""

    body: Any = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


ROUTES: list[Route] = []


class Door:
    """Declares the routes of one audience. `blueprint` is a Blueprint or the app itself."""

    def __init__(self, blueprint: Any, who: str) -> None:
        self.blueprint = blueprint
        self.who = who

    def __call__(
        self, method: str, path: str, *, who: str | None = None, **declared: Any
    ) -> Callable[[Callable[[Asked], Any]], Callable[[Asked], Any]]:
        def declare(view: Callable[[Asked], Any]) -> Callable[[Asked], Any]:
            does = (view.__doc__ or "").strip()
            route = Route(method, path, who or self.who, does, view, **declared)
            unknown = set(route.names) - set(IN_PATHS)
            if unknown or any((each.method, each.path) == (method, path) for each in ROUTES):
                raise ValueError(f"{method} {path} is declared twice or names unknown values: {unknown}")
            ROUTES.append(route)

            def entry(**values: str) -> Response:
                return handled(route, self.blueprint.current_request, values)

            entry.__name__ = view.__name__
            # Content types are checked here, so that the refusal has the form of all others.
            self.blueprint.route(path, methods=[method], content_types=[])(entry)
            return view

        return declare


# -- one request


def handled(route: Route, request: Request, values: Mapping[str, str]) -> Response:
    asked: Asked | None = None
    try:
        asked = unpacked(route, request, values, clock())
        status, answer, headers = answered(route, asked)
        return shown(status, answer, headers, request if route.etag else None)
    except DeskError as error:
        return refused(error, asked)
    except table.Changed:
        return refused(Conflict("Others keep changing this ticket; please try again.", "changed"), asked)
    except Exception as error:
        if "size has exceeded" in str(error):  # DynamoDB: an item of more than 400 KB
            return refused(Refused("This is too large to be kept.", code="too_large"), asked)
        # No message: it may hold what a customer wrote. Where it happened is enough to find it.
        frames = [f"{each.name}:{each.lineno}" for each in traceback.extract_tb(error.__traceback__)[-6:]]
        log.event("request_failed", route=f"{route.method} {route.path}", error=type(error).__name__, at=frames)
        return shown(500, {"code": "failed", "message": "The desk could not do this. Please try again."}, {})


# -- one answer


def answered(route: Route, asked: Asked) -> tuple[int, Any, Mapping[str, str]]:
    again = route.again
    if asked.once is None or again is None:
        reply = reply_of(route.view(asked))
        return reply.status or route.status, reply.body, reply.headers

    def verb() -> tuple[int, Any]:
        reply = reply_of(route.view(asked))
        return reply.status or route.status, reply.body

    if route.loose:
        verb = once.with_its_key(asked.once, verb, asked.now)
    return (*once.only_once(asked.once, verb, lambda number: again(asked, number), asked.now), {})


def reply_of(answer: Any) -> Reply:
    return answer if isinstance(answer, Reply) else Reply(answer)


def shown(status: int, answer: Any, headers: Mapping[str, str], compared: Request | None = None) -> Response:
    """As JSON. With `compared` the answer has an ETag, and 304 says that it is the one known already (RFC 9110 13)."""
    if isinstance(answer, str) and "Content-Type" in headers:
        return Response(answer, {**HEADERS, **headers}, status)
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"), allow_nan=False) if answer is not None else ""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        # A letter may hold half of a surrogate pair; escaped it can be sent.
        text = json.dumps(answer, separators=(",", ":"))
        data = text.encode()
    sent: dict[str, str | list[str]] = {**HEADERS, **headers}
    if compared is not None and status == 200:
        etag = sent["ETag"] = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
        known = str(compared.headers.get("if-none-match") or "")
        if etag in [each.strip().removeprefix("W/") for each in known.split(",")]:
            return Response("", sent, 304)
    return Response(text, sent, status)


def refused(error: DeskError, asked: Asked | None) -> Response:
    """Agents see with a conflict how the ticket is now (that they may see it, the verb has checked); customers do not."""
    body = refusals.body_of(error, config().queues)
    if isinstance(error, Conflict) and asked:
        if not isinstance(asked.by, Agent):
            body = {name: body[name] for name in ("code", "message", "reason")}
        elif "ticket" not in body and "number" in asked.values:
            body["ticket"] = refusals.detail(store.ticket(asked.number), config().queues)
    return shown(refusals.status_of(error), body, {})


# -- cookies


def cookie(kind: str, token: str | None) -> dict[str, str]:
    """The header that sets the cookie of `kind`, or takes it back."""
    name, path = COOKIES[kind]
    secure = "; Secure" if settings().secure else ""
    age = sessions.LONGEST if token else 0
    return {"Set-Cookie": f"{name}={token or ''}; Path={path}; Max-Age={age}; HttpOnly; SameSite=Strict{secure}"}


# -- what never came to a door


def in_our_form(event: Any, get_response: Callable[[Any], Response]) -> Response:
    """Chalice's own refusals (no such method) in the form of ours."""
    response = get_response(event)
    if response.status_code >= 400 and isinstance(response.body, dict) and "Code" in response.body:
        if response.status_code in (404, 405):
            return shown(404, {"code": "not_found", "message": "There is no such page."}, {})
        return shown(response.status_code, {"code": "failed", "message": "The desk could not do this."}, {})
    return response


__all__ = ["ADMIN", "AGENT", "CUSTOMER", "NOBODY", "ROUTES", "Asked", "Door", "Reply", "Route", "cookie", "in_our_form"]
