"""A browser without a screen: sends what a browser sends, in the events by which API Gateway calls the function."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chalice.local import LocalChalice

import app
from chalicelib import desk, sessions
from chalicelib.access import Agent, Customer
from chalicelib.composing import NewTicket
from dev.cloud import Context
from tests.cast import ANN, CARLA, MONDAY

# As the laptop does: each thread has its own current request.
app.app.__class__ = LocalChalice

PASSWORD = "Correct-horse-battery-9"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Client:
    """Keeps cookies as a browser does; `path` goes without /api."""

    cookies: dict[str, str] = field(default_factory=dict)
    address: str = "198.51.100.7"

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.send("POST", path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.send("PUT", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.send("PATCH", path, body, headers)

    def delete(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.send("DELETE", path, body, headers)

    def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """`body` as JSON, or as it is where it is text; headers by their names with _ for -; None leaves one out."""
        sent: dict[str, Any] = {"host": "desk.localhost"}
        if method != "GET":
            sent["x-otklik"] = "1"
        if body is not None:
            sent["content-type"] = "application/json"
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent |= {name.lower().replace("_", "-"): value for name, value in (headers or {}).items()}
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        answer = call(
            method, path, text, {name: value for name, value in sent.items() if value is not None}, self.address
        )
        self.keep(answer.headers.get("Set-Cookie", ""))
        return answer

    def keep(self, cookie: str) -> None:
        name, _, value = cookie.partition(";")[0].partition("=")
        if name and value:
            self.cookies[name] = value
        elif name:
            self.cookies.pop(name, None)


def call(method: str, target: str, body: str | None, headers: dict[str, str], address: str = "198.51.100.7") -> Answer:
    """What API Gateway does with a request: finds the resource, and calls the function with its event."""
    parts = urlsplit(target)
    resource, values = route_of(parts.path)
    query = parse_qs(parts.query, keep_blank_values=True)
    event = {
        "resource": resource,
        "path": parts.path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: each[-1] for name, each in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": values or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "path": f"/api{parts.path}",
            "stage": "api",
            "identity": {"sourceIp": address},
        },
        "body": body,
        "isBase64Encoded": False,
    }
    answer = app.app(event, Context())
    several = {name: ", ".join(each) for name, each in answer.get("multiValueHeaders", {}).items()}
    return Answer(answer["statusCode"], answer["headers"] | several, answer["body"])


def route_of(path: str) -> tuple[str, dict[str, str]]:
    """The resource and the path's values, still percent-encoded, as API Gateway hands them over."""
    parts = path.split("/")
    for resource in sorted(app.app.routes):
        names = resource.split("/")
        if len(names) == len(parts) and all(n == p or n.startswith("{") for n, p in zip(names, parts, strict=True)):
            return resource, {n[1:-1]: p for n, p in zip(names, parts, strict=True) if n.startswith("{")}
    raise LookupError(f"API Gateway has no resource for {path}.")


def signed_in(agent: Agent) -> Client:
    """An agent at her desk: with a session, past the password."""
    token = sessions.begin("agent", {"login": agent.login}, datetime.now(UTC), agent.login)
    return Client({"otklik_agent": token})


def proven(customer: Customer) -> Client:
    return Client({"otklik_portal": sessions.admit(customer, datetime.now(UTC))})


# -- what several tests begin with

PHONE = {
    "channel": "phone",
    "queue": "Support",
    "customer": {"email": CARLA.email, "name": "Carla"},
    "title": "T",
    "text": "X",
}


def opened(title: str = "Printer") -> str:
    """A ticket after Carla's call."""
    ticket, _ = desk.open_ticket(ANN, NewTicket("phone", "Support", CARLA, title, "It is on fire."), MONDAY)
    return ticket.number


def is_refusal(answer: Answer, status: int, code: str) -> bool:
    assert (answer.status, answer.json["code"]) == (status, code), answer.text
    assert answer.json["message"][-1] in ".!?" and answer.headers["Content-Type"] == "application/json"
    return True
