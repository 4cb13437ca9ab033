"""The OpenAPI document, made from the routes as they are declared."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from chalicelib import answers, found_answers, mail_answers, own_answers, setup_answers, ticket_answers
from chalicelib.asking import ADMIN, AGENT, CHANGING, CUSTOMER, IN_PATHS, Route, shape

REF = "#/components/schemas/{model}"
COOKIES = {AGENT: "otklik_agent", ADMIN: "otklik_agent", CUSTOMER: "otklik_portal"}


@cache
def document(routes: tuple[Route, ...], version: str) -> dict[str, Any]:
    shapes, definitions = schemas(routes)
    paths: dict[str, Any] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = operation(route, shapes)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Otklik", "version": version, "description": "The help desk's own API."},
        "servers": [{"url": "/api"}],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "securitySchemes": {
                name: {"type": "apiKey", "in": "cookie", "name": name} for name in ("otklik_agent", "otklik_portal")
            },
        },
    }


def schemas(routes: Sequence[Route]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Each model's reference by its name, and all definitions."""
    taken = dict.fromkeys(route.body for route in routes if route.body)
    given = dict.fromkeys([*(route.answer for route in routes if route.answer), "ErrorShown"])
    wanted: list[Any] = [(shape(name), "validation") for name in taken]
    wanted += [(answer(name), "serialization") for name in given]
    found, whole = models_json_schema(wanted, ref_template=REF)
    return {model.__name__: schema for (model, _), schema in found.items()}, whole["$defs"]


def answer(name: str) -> Any:
    """The model of an answer."""
    homes = (answers, found_answers, mail_answers, own_answers, setup_answers, ticket_answers)
    return next(found for home in homes if (found := getattr(home, name, None)))


def operation(route: Route, shapes: dict[str, Any]) -> dict[str, Any]:
    lines = route.does.splitlines() or [""]
    made: dict[str, Any] = {
        "operationId": f"{route.view.__module__.rpartition('_')[2]}_{route.view.__name__}",
        "summary": lines[0],
        "tags": [route.who],
        "parameters": parameters(route),
        "responses": responses(route, shapes),
    }
    if route.who in COOKIES:
        made["security"] = [{COOKIES[route.who]: []}]
    if route.body:
        made["requestBody"] = {"content": {"application/json": {"schema": shapes[route.body]}}}
    return made


def parameters(route: Route) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": f"^({IN_PATHS[name]})$"}}
        for name in route.names
    ]
    if route.query:
        for name, schema in shape(route.query).model_json_schema().get("properties", {}).items():
            found.append({"name": name, "in": "query", "required": False, "schema": schema})
    if route.method in CHANGING:
        found.append({"name": "X-Otklik", "in": "header", "required": True, "schema": {"const": "1"}})
    if route.again:
        found.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string"}})
    return found


def responses(route: Route, shapes: dict[str, Any]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done."}
    if route.answer:
        good["content"] = {"application/json": {"schema": shapes[route.answer]}}
    if route.status == 302:
        good["headers"] = {"Location": {"schema": {"type": "string"}}}
    refusal = {"application/json": {"schema": shapes["ErrorShown"]}}
    return {str(route.status): good, "default": {"description": "Refused, with the reason.", "content": refusal}}
