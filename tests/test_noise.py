"""Requests that are nearly right: whatever comes, the desk says what is wrong and does not stumble."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.asking import shape
from chalicelib.doors import ROUTES, Route
from dev.cloud import Cloud
from tests.cast import ADA, CARLA, CARLA_HERSELF
from tests.client import Client, call, opened, proven, signed_in
from tests.test_access_matrix import SAMPLES, VALUES

TEXT = st.text(max_size=20) | st.sampled_from(
    ["..", "Support", "new", "2026-11-23T09:30:00Z", "a@b.example", "\x00", "\u2028", "reply"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
MORE = {
    "SignIn": {"login": "ann", "password": "wrong"},
    "ChallengeAnswer": {"session": "x", "code": "1"},
    "Forgotten": {"login": "ann"},
    "Reset": {"login": "ann", "code": "1", "password": "x"},
    "AskCode": {"email": CARLA.email},
    "Prove": {"email": CARLA.email, "code": "1"},
}
# Signing out would end the noise too early.
NOISY = [route for route in ROUTES if (route.method, route.path[-8:]) != ("DELETE", "/session")]
WORD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/?#"), min_size=1, max_size=12)
COMMON = st.sampled_from(
    ["1", "..", "%00", "%2e%2e%2f", "note", "support", "ann", "roles", "x" * 300, "%", "%zz", "%ff"]
)
QUESTIONS = ["limit", "cursor", "sort", "state", "queue", "q", "x", "changed_since", "customer", "priority", "lock"]
HEADERS = ["idempotency-key", "content-type", "if-none-match", "x-forwarded-for"]


@st.composite
def noises(draw: Any) -> tuple[Route, dict[str, str], str | None, str, dict[str, str]]:
    """A request that is nearly right: route, values in the path, body, question, headers."""
    route = draw(st.sampled_from(NOISY))
    sample = (SAMPLES | MORE)[route.body]
    names = list(shape(route.body).model_fields) if route.body and route.body != "DraftBody" else ["text"]
    wrong = draw(st.dictionaries(st.sampled_from(names), JSON, max_size=2))
    body = None if sample is None else json.dumps(sample | wrong)
    values = VALUES | draw(st.dictionaries(st.sampled_from(route.names or ["x"]), WORD | COMMON, max_size=1))
    asked = st.dictionaries(st.sampled_from(QUESTIONS), WORD | TEXT, max_size=2) if route.query else st.just({})
    headers = draw(st.dictionaries(st.sampled_from(HEADERS), WORD, max_size=1))
    return route, values, draw(st.just(body) | st.text(max_size=30)), urlencode(draw(asked), errors="replace"), headers


@pytest.fixture
def crowd(cloud: Cloud) -> dict[str, Client]:
    return {"agent": signed_in(ADA), "admin": signed_in(ADA), "customer": proven(CARLA_HERSELF), "nobody": Client()}


@pytest.fixture
def number(cloud: Cloud) -> str:
    return opened()


@settings(max_examples=150)
@given(noise=noises())
def test_no_noise_makes_the_desk_stumble(noise: Any, crowd: dict[str, Client], number: str) -> None:
    route, values, body, question, headers = noise
    path = route.path
    for name, value in ({"number": number} | values).items():
        path = path.replace("{" + name + "}", quote(value, safe="%"))
    sent = {"x-otklik": "1", "content-type": "application/json"}
    sent["cookie"] = "; ".join(f"{name}={value}" for name, value in crowd[route.who].cookies.items())
    answer = call(route.method, f"{path}?{question}", body, sent | headers)
    assert answer.status < 500 or answer.json["code"] == "not_built", answer.text
    if answer.status >= 400:
        assert {"code", "message"} <= answer.json.keys()
