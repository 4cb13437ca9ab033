"""OpenSearch as far as the desk speaks to it: keeps documents, evaluates the query JSON, answers as its documentation says.

It stands where the HTTP pool stands, so that paths, bodies and signatures are the real ones. Words are analyzed as the desk's own
analyzer does; that the real one does the same from the settings that are sent was never tried against a server.
"""

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from chalicelib.search import embedded
from chalicelib.search.schema import FIELDS, TEXT

Json = dict[str, Any]


@dataclass
class Answer:
    status: int
    data: bytes


@dataclass
class Index:
    mappings: Json
    documents: dict[str, Json] = field(default_factory=dict)


class FakePool:
    """`down`: nothing answers."""

    def __init__(self) -> None:
        self.indices: dict[str, Index] = {}
        self.aliases: dict[str, str] = {}
        self.down = False

    def request(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        if self.down:
            raise ConnectionError
        assert headers["Authorization"].startswith("AWS4-HMAC-SHA256")
        status, answer = self.answer(method, urlsplit(url).path, body)
        return Answer(status, json.dumps(answer).encode())

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Json]:
        name, _, verb = path.strip("/").partition("/")
        if name == "_alias":
            found = [index for alias, index in self.aliases.items() if alias == verb]
            return (200, {index: {} for index in found}) if found else (404, {})
        if name == "_aliases":
            return self.move(json.loads(body))
        if method == "PUT":
            self.indices[name] = Index(json.loads(body)["mappings"])
            return 200, {}
        index = self.indices.get(self.aliases.get(name, name))
        if index is None:
            return 404, {"error": "index_not_found_exception"}
        if method == "DELETE":
            del self.indices[self.aliases.get(name, name)]
            return 200, {}
        return 200, {"_bulk": bulk, "_refresh": lambda *_: {}, "_delete_by_query": delete, "_search": search}[verb](
            index, body
        )

    def move(self, asked: Json) -> tuple[int, Json]:
        for action in asked["actions"]:
            [(verb, what)] = action.items()
            if verb == "remove":
                self.aliases.pop(what["alias"])
            else:
                self.aliases[what["alias"]] = what["index"]
        return 200, {}


def bulk(index: Index, body: bytes) -> Json:
    lines = [json.loads(line) for line in body.splitlines()]
    for action, document in zip(lines[::2], lines[1::2], strict=True):
        assert set(document) <= set(index.mappings["properties"]), "the mapping is strict"
        index.documents[action["index"]["_id"]] = document
    return {"errors": False}


def delete(index: Index, body: bytes) -> Json:
    query = json.loads(body)["query"]
    for name in [name for name, document in index.documents.items() if score(query, document) is not None]:
        del index.documents[name]
    return {}


def search(index: Index, body: bytes) -> Json:
    asked = json.loads(body)
    scored = [
        (points, document)
        for document in index.documents.values()
        if (points := score(asked["query"], document)) is not None
    ]
    found = [document for _, document in scored]
    scored.sort(key=lambda each: -each[0])
    for order in reversed(asked.get("sort", [])):
        [(name, how)] = order.items()
        missing = [each for each in scored if name not in each[1]]
        present = sorted(
            (each for each in scored if name in each[1]), key=lambda each: each[1][name], reverse=how["order"] == "desc"
        )
        scored = present + missing
    if "collapse" in asked:
        firsts: dict[Any, tuple[float, Json]] = {}
        for each in scored:
            firsts.setdefault(each[1][asked["collapse"]["field"]], each)
        scored = list(firsts.values())
    hits = (
        [
            {"_score": points, "_source": {name: document[name] for name in asked["_source"] if name in document}}
            for points, document in scored[: asked["size"]]
        ]
        if asked["size"]
        else []
    )
    answer = {"hits": {"hits": hits, "total": {"value": len(found), "relation": "eq"}}}
    return answer | ({"aggregations": aggregated(asked["aggs"], found)} if "aggs" in asked else {})


# -- queries: the score, None where it does not fit


def score(query: Json, document: Json) -> float | None:
    [(kind, what)] = query.items()
    if kind == "match_all":
        return 1
    if kind == "match_none":
        return None
    if kind == "bool":
        return boolean(what, document)
    if kind == "more_like_this":
        return float(shared) if (shared := alike(what, document)) > 1 else None
    [(name, value)] = what.items()
    assert name in FIELDS or name == "place", name
    return LEAVES[kind](value, document, name)


def boolean(what: Json, document: Json) -> float | None:
    points = 0.0
    for each in what.get("must", []):
        if (got := score(each, document)) is None:
            return None
        points += got
    if any(score(each, document) is None for each in what.get("filter", [])):
        return None
    if any(score(each, document) is not None for each in what.get("must_not", [])):
        return None
    if "should" in what:
        should = [got for each in what["should"] if (got := score(each, document)) is not None]
        if not should:
            return None
        points += sum(should)
    return points


def stems(text: str) -> set[str]:
    return set(embedded.analyzer().analyze(text))


def alike(what: Json, document: Json) -> int:
    """How many words both have, of those that are long enough."""
    wanted = {stem for stem in stems(what["like"]) if len(stem) >= what["min_word_length"]}
    return sum(len(wanted & stems(text_of(document, name))) for name in what["fields"])


def text_of(document: Json, name: str) -> str:
    return str(document.get(name, ""))


def values(document: Json, name: str) -> list[Any]:
    value = document.get(name, [])
    return value if isinstance(value, list) else [value]


def match(asked: Json, document: Json, name: str) -> float | None:
    return asked.get("boost", 1) if stems(asked["query"]) & stems(text_of(document, name)) else None


def match_phrase(asked: Json, document: Json, name: str) -> float | None:
    wanted, there = (embedded.analyzer().analyze(text) for text in (asked["query"], text_of(document, name)))
    places = range(len(there) - len(wanted) + 1)
    return asked.get("boost", 1) if wanted and any(there[n : n + len(wanted)] == wanted for n in places) else None


def prefix(asked: Any, document: Json, name: str) -> float | None:
    begin = asked["value"] if isinstance(asked, dict) else asked
    there = stems(text_of(document, name)) if FIELDS[name].kind == TEXT else map(str, values(document, name))
    return 1 if any(each.startswith(begin) for each in there) else None


def between(bounds: Json, document: Json, name: str) -> float | None:
    fits = [
        value
        for value in values(document, name)
        if bounds.get("gte", value) <= value and ("lt" not in bounds or value < bounds["lt"])
    ]
    return 1 if fits else None


def fits_one(wanted: list[Any], document: Json, name: str) -> float | None:
    return 1 if set(wanted) & set(values(document, name)) else None


LEAVES: dict[str, Any] = {
    "match": match, "match_phrase": match_phrase, "prefix": prefix, "range": between, "terms": fits_one,
    "term": lambda wanted, document, name: fits_one([wanted], document, name),
}  # fmt: skip


# -- aggregations


def aggregated(asked: Json, found: list[Json]) -> Json:
    return {name: one(what, found) for name, what in asked.items()}


def one(what: Json, found: list[Json]) -> Json:
    inner = what.get("aggs", {})
    kind = next(each for each in what if each != "aggs")
    given = what[kind]
    name = given["field"]
    numbers = [value for document in found for value in values(document, name)]
    if kind in ("terms", "histogram"):
        return buckets(kind, given, inner, found)
    if kind == "range":
        return {"buckets": [ranged(bounds, name, inner, found) for bounds in given["ranges"]]}
    if kind == "percentiles":
        ordered = sorted(numbers)
        return {
            "values": {
                f"{p:.1f}": ordered[min(len(ordered) - 1, int(len(ordered) * p / 100))] if ordered else None
                for p in given["percents"]
            }
        }
    return {"value": {"sum": sum, "value_count": len, "cardinality": lambda each: len(set(each))}[kind](numbers)}


def buckets(kind: str, given: Json, inner: Json, found: list[Json]) -> Json:
    groups: dict[Any, list[Json]] = defaultdict(list)
    for document in found:
        for value in dict.fromkeys(values(document, given["field"])):
            if "include" not in given or re.fullmatch(given["include"], str(value)):
                groups[value].append(document)
    ordered = sorted(groups.items(), key=lambda each: (-len(each[1]), str(each[0])))[: given.get("size", 100_000)]
    made = [{"key": key, "doc_count": len(some)} | aggregated(inner, some) for key, some in ordered]
    for name, _ in given.get("order", {}).items():
        made.sort(key=lambda each: -each[name]["value"])
    return {"buckets": made}


def ranged(bounds: Json, name: str, inner: Json, found: list[Json]) -> Json:
    some = [
        document
        for document in found
        if any(bounds.get("from", value) <= value < bounds.get("to", value + 1) for value in values(document, name))
    ]
    return {**bounds, "doc_count": len(some)} | aggregated(inner, some)
