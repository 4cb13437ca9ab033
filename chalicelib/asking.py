"""A request, unpacked: who asks, from where, for what. Everything about it that can be wrong is found here."""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from chalicelib import access, once, refusals, sessions, store
from chalicelib.access import Agent, Customer
from chalicelib.errors import NotFound, Refused
from chalicelib.settings import settings

NOBODY, AGENT, ADMIN, CUSTOMER = "nobody", "agent", "admin", "customer"  # the least that one has to be
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
LARGEST_BODY = 4 * 1024 * 1024  # bytes; files do not come this way

# What stands in a path; anything else is a page that does not exist.
IN_PATHS = {
    "number": r"[0-9]{1,40}",
    "article": r"[0-9]{1,6}",
    "n": r"[0-9]{1,4}",
    "token": r"[0-9]{1,40}\.[0-9]{1,6}\.[0-9]{1,4}\.[a-z2-7]{26}",
    "kind": r"reply|note|forward|phone",
    "mail": r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}",
    "email": r"[^\x00-\x20\x7f#]{3,254}",
    "queue": r"[^\x00-\x1f\x7f/#]{1,200}",
    "login": r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}",
    "name": r"[a-z0-9-]{1,60}",
    "section": r"[a-z-]{1,40}",
    "item": r"[^\x00-\x1f\x7f/#]{1,200}",
}


@dataclass(frozen=True)
class Asked:
    """One request, unpacked. `by` is who asks, `now` the desk's time, `real` the world's (for sessions); `sheet`: the answer
    shall be one for a spreadsheet (text/csv)."""

    by: Any
    now: datetime
    real: datetime
    values: Mapping[str, str]
    query: Any
    body: Any
    address: str
    tokens: Mapping[str, str]
    once: store.Once | None = None
    sheet: bool = False

    @property
    def number(self) -> str:
        return self.values["number"]

    @property
    def seq(self) -> int:
        return int(self.values["article"])


@dataclass(frozen=True)
class Route:
    """What is declared of a route. `body`, `query` and `answer` are names of models (see shape). With `again` it takes an Idempotency-Key: `again` shows what an earlier request under
    the key led to, by the ticket's number, where its answer was not kept. `loose`: the verb has no transaction to keep
    the key in."""

    method: str
    path: str
    who: str
    does: str
    view: Callable[[Asked], Any]
    body: str = ""
    query: str = ""
    answer: str = ""
    status: int = 200
    etag: bool = False
    again: Callable[[Asked, str], Any] | None = None
    loose: bool = False

    @property
    def names(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)


def unpacked(route: Route, request: Any, values: Mapping[str, str], now: datetime) -> Asked:
    """Everything about the request that can be wrong is found here, in the order: who, where, what."""
    real, tokens = datetime.now(UTC), tokens_of(request)
    by = let_in(route, tokens, real)
    if route.method in CHANGING and request.headers.get("x-otklik") != "1":
        raise Refused("Changing requests need the header X-Otklik: 1.", code="not_allowed")
    found = in_path(values)
    raw = raw_body(request) if route.method in CHANGING else b""
    path = route.path.format(**found)
    key = request.headers.get("idempotency-key") if route.again else None
    actor = f"{type(by).__name__.lower()}:{by.login if isinstance(by, Agent) else by.email}" if by else ""
    return Asked(
        by=by,
        now=now,
        real=real,
        values=found,
        query=query_of(route, request),
        body=body_of(route, request, raw),
        address=address_of(request),
        tokens=tokens,
        once=once.once_of(key, actor, route.method, path, raw),
        sheet=str(request.headers.get("accept") or "").startswith("text/csv"),
    )


def let_in(route: Route, tokens: Mapping[str, str], real: datetime) -> Agent | Customer | None:
    if route.who == NOBODY:
        return None
    if route.who == CUSTOMER:
        return sessions.proven(tokens.get("otklik_portal"), real)
    agent = sessions.signed_in(tokens.get("otklik_agent"), real)
    if route.who == ADMIN:
        access.check_admin(agent)
    return agent


def tokens_of(request: Any) -> dict[str, str]:
    """Our cookies by name; of two with the same name the first counts, as it has the longer path (RFC 6265 5.4)."""
    found: dict[str, str] = {}
    for part in str(request.headers.get("cookie") or "").split(";"):
        name, _, value = part.strip().partition("=")
        if name in ("otklik_agent", "otklik_portal") and re.fullmatch(r"[A-Za-z0-9_-]{20,100}", value):
            found.setdefault(name, value)
    return found


def in_path(values: Mapping[str, str]) -> dict[str, str]:
    """API Gateway hands over the path's values as they were sent, with their percent signs."""
    found = {name: unquote(str(value)) for name, value in values.items()}
    for name, value in found.items():
        if not re.fullmatch(IN_PATHS[name], value) or value in (".", ".."):
            raise NotFound("There is no such page.")
    return found


def address_of(request: Any) -> str:
    """Where the request came from. CloudFront appends the viewer's address, API Gateway CloudFront's.

    API Gateway can be called directly too: then the last but one is what the caller has made up.
    """
    forwarded = str(request.headers.get("x-forwarded-for") or "").split(",")
    site = str(request.headers.get("x-otklik-site") or "")
    if len(forwarded) > 1 and settings().site and hmac.compare_digest(site.encode(), settings().site.encode()):
        return forwarded[-2].strip()
    return str((request.context.get("identity") or {}).get("sourceIp") or "")


def raw_body(request: Any) -> bytes:
    try:
        raw = request.raw_body or b""
    except ValueError:
        raise malformed("The body cannot be read.", {"body": "is not what it says"}) from None
    data = raw if isinstance(raw, bytes) else str(raw).encode()
    if len(data) > LARGEST_BODY:
        raise Refused("This is too large; files are attached by uploads.", code="too_large")
    return data


def body_of(route: Route, request: Any, raw: bytes) -> Any:
    if not route.body:
        return None
    kind = str(request.headers.get("content-type") or "").partition(";")[0].strip().lower()
    if raw and kind != "application/json":
        raise Refused("Bodies are JSON: Content-Type: application/json.", code="not_json")
    try:
        return shape(route.body).model_validate_json(raw or b"{}", strict=True)
    except (ValueError, RecursionError) as error:
        raise malformed("The body is not as it should be.", refusals.fields_of(error)) from None


def query_of(route: Route, request: Any) -> Any:
    given = {name: request.query_params.getlist(name) for name in request.query_params or ()}
    if not route.query:
        # Who puts a parameter where none is read waits for something that will not happen.
        if given:
            raise malformed("This takes no parameters.", {name[:60]: "is not known here" for name in given})
        return None
    wanted = shape(route.query)
    several = {name for name, each in wanted.model_fields.items() if each.annotation == list[str]}
    twice = {name[:60]: "may come only once" for name in given.keys() - several if len(given[name]) > 1}
    if twice:
        raise malformed("The question is not as it should be.", twice)
    try:
        return wanted.model_validate({name: v if name in several else v[0] for name, v in given.items()})
    except ValueError as error:
        raise malformed("The question is not as it should be.", refusals.fields_of(error)) from None


def shape(name: str) -> Any:
    """The model of that name. Loaded when it is first needed: mail and time work without them, and pydantic is heavy."""
    from chalicelib import models, questions, setup_models

    return next(found for home in (models, questions, setup_models) if (found := getattr(home, name, None)))


def malformed(message: str, fields: dict[str, str]) -> Refused:
    return Refused(message, code="malformed", fields=fields)
