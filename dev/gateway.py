"""What API Gateway does before the function: finds the route, makes the event (REST API, proxy version 1), checks sizes.

Whatever is refused here is JSON in the form of api.md, as the packaged API's gateway responses are.
"""

import base64
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

LARGEST_BODY = 10 * 1024 * 1024  # API Gateway's own limit


@dataclass(frozen=True)
class Answer:
    """Headers in their order; a name may come several times (cookies)."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Request:
    """`target` is the path with the query as it stood in the request line."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    address: str = "127.0.0.1"


def refusal(status: int, code: str, message: str) -> Answer:
    body = json.dumps({"code": code, "message": message}).encode()
    return Answer(status, body, (("Content-Type", "application/json"), ("Cache-Control", "no-store")))


class Gateway:
    """Calls `function(event, context)` for requests under `/api`. `routes` are Chalice's: path -> method -> entry."""

    def __init__(
        self, function: Callable[[Any, Any], Any], routes: Mapping[str, Mapping[str, Any]], context: Any
    ) -> None:
        self.function, self.context = function, context
        self.routes = {tuple(path.strip("/").split("/")): (path, set(methods)) for path, methods in routes.items()}

    def answer(self, request: Request) -> Answer:
        path = urlsplit(request.target).path.removeprefix("/api")
        parts = tuple(path.rstrip("/")[1:].split("/"))
        if any(unquote(part) in (".", "..") for part in parts):
            return refusal(400, "malformed", "This address has dots where a name should stand.")
        route = self.route(parts)
        if route is None:
            return refusal(404, "not_found", "There is no such address.")
        resource, methods, values = route
        if request.method not in methods:
            return refusal(405, "malformed", f"This address knows {', '.join(sorted(methods))} only.")
        if len(request.body) > LARGEST_BODY:
            return refusal(413, "too_large", "This is more than the 10 MB that one request may have.")
        return self.shown(self.function(event(request, resource, path, values), self.context()))

    def route(self, parts: tuple[str, ...]) -> tuple[str, set[str], dict[str, str]] | None:
        """The one with the most words of its own, as API Gateway prefers it."""
        fitting = [(known, found) for known, found in self.routes.items() if fits(known, parts)]
        if not fitting:
            return None
        known, (path, methods) = max(fitting, key=lambda each: [not part.startswith("{") for part in each[0]])
        values = {name[1:-1]: part for name, part in zip(known, parts, strict=True) if name.startswith("{")}
        return path, methods, values

    def shown(self, answer: Mapping[str, Any]) -> Answer:
        headers = [(name, str(value)) for name, value in (answer.get("headers") or {}).items()]
        for name, values in (answer.get("multiValueHeaders") or {}).items():
            headers += [(name, str(value)) for value in values]
        body = answer.get("body") or ""
        raw = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
        return Answer(int(answer["statusCode"]), raw, tuple(headers))


def fits(known: Iterable[str], parts: tuple[str, ...]) -> bool:
    known = tuple(known)
    pairs = zip(known, parts, strict=False)
    return len(known) == len(parts) and all(part if name.startswith("{") else name == part for name, part in pairs)


def event(request: Request, resource: str, path: str, values: dict[str, str]) -> dict[str, Any]:
    """docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html, input format 1.0."""
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(urlsplit(request.target).query, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    body, coded = text_of(request.body)
    return {
        "resource": resource,
        "path": f"/api{path}",
        "httpMethod": request.method,
        "headers": dict(request.headers),
        "multiValueHeaders": {name: [value] for name, value in request.headers.items()},
        "queryStringParameters": {name: its[-1] for name, its in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": values or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": request.method,
            "path": f"/api{path}",
            "stage": "api",
            "requestId": str(uuid.uuid4()),
            "identity": {"sourceIp": request.address, "userAgent": request.headers.get("user-agent", "")},
        },
        "body": body,
        "isBase64Encoded": coded,
    }


def text_of(body: bytes) -> tuple[str | None, bool]:
    """As the event has it: text where it is text, else base64."""
    if not body:
        return None, False
    try:
        return body.decode(), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), True
