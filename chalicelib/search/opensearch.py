"""The engine for those who outgrow the one in the desk: OpenSearch, a domain or a serverless collection, over HTTPS.

The same clauses become its query JSON. One document of ours is one of its, named by ticket and place, so that a ticket replaced
twice is the same; an alias leads to the index, so that another can be made beside it.
"""

import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any as Anything
from urllib.parse import urlsplit

import botocore.session
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from chalicelib.search import documents, embedded, highlighting, schema
from chalicelib.search.clauses import All, Any, Begins, Between, Clause, Is, Not, Phrase, Prefix, Words, asks_text
from chalicelib.search.documents import Document
from chalicelib.search.engine import MOST_TICKETS, RELEVANCE, Away, Engine, Hit, Hits
from chalicelib.search.schema import FIELDS, KEY, NUMBER, TEXT

ALIAS = "otklik"
MANY = 500  # documents of one request
COUNTED = 10_000  # hits that OpenSearch counts exactly

Json = dict[str, Anything]


class OpenSearch:
    """See Engine. `address` is https:// and a host; requests are signed with the rights of the function."""

    def __init__(self, address: str, index: str = ALIAS) -> None:
        self.address, self.index = address, index
        host = urlsplit(address).hostname or ""
        self.service = "aoss" if ".aoss." in host else "es"
        self.session = botocore.session.get_session()
        self.pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=3, read=25), retries=False)

    # -- writing

    def replace(self, tickets: Mapping[str, Sequence[Document]]) -> None:
        """Its own documents have names that do not change; those that a ticket has no more of are deleted by what it is."""
        if not tickets:
            return
        self.ready()
        lines = [
            line for number, found in tickets.items() for n, each in enumerate(found) for line in put(number, n, each)
        ]
        for start in range(0, len(lines), 2 * MANY):
            answer = self.ask("POST", f"/{self.index}/_bulk", lines[start : start + 2 * MANY])
            if answer.get("errors"):
                raise Away("OpenSearch has not taken all documents.")
        self.ask("POST", f"/{self.index}/_refresh")
        wanted = [self.beyond(number, len(found)) for number, found in tickets.items()]
        self.ask(
            "POST",
            f"/{self.index}/_delete_by_query?conflicts=proceed&refresh=true",
            {"query": {"bool": {"should": wanted}}},
        )

    def beyond(self, number: str, count: int) -> Json:
        """What is left of a ticket that had more documents."""
        return {"bool": {"filter": [{"term": {"number": number}}, {"range": {"place": {"gte": count}}}]}}

    def ready(self) -> None:
        """The index behind the alias, made where there is none."""
        if self.index == ALIAS and self.ask("GET", f"/_alias/{ALIAS}", missing={}) == {}:
            self.make(name := new_name())
            self.ask("POST", "/_aliases", {"actions": [{"add": {"index": name, "alias": ALIAS}}]})

    def make(self, name: str) -> None:
        self.ask("PUT", f"/{name}", {"settings": SETTINGS, "mappings": mappings()})

    # -- asking

    def find(self, wanted: Clause, text: Mapping[str, float], sort: str, limit: int) -> Hits:
        limit = min(limit, MOST_TICKETS)
        body: Json = {
            "query": compiled(wanted, text),
            "size": limit,
            "_source": ["number", "seq"],
            "track_total_hits": COUNTED,
        }
        body |= {
            "collapse": {"field": "ticket"},
            "aggs": {"n": {"cardinality": {"field": "ticket", "precision_threshold": 10_000}}},
        }
        if sort != RELEVANCE or not asks_text(wanted):
            body["sort"] = [ordering("-changed" if sort == RELEVANCE else sort)]
        told = self.search(body)
        hits = [Hit(str(each["_source"]["number"]), each["_source"].get("seq")) for each in told["hits"]["hits"]]
        exact = told["hits"]["total"].get("relation", "eq") == "eq"
        return Hits(hits, int(told["aggregations"]["n"]["value"]) if told.get("aggregations") else 0, exact)

    def tickets(self, wanted: Clause, text: Mapping[str, float], most: int) -> list[int]:
        body = {"query": compiled(wanted, text), "size": 0, "aggs": {"t": {"terms": {"field": "ticket", "size": most}}}}
        told = self.search(body)
        return [int(each["key"]) for each in told["aggregations"]["t"]["buckets"]] if told.get("aggregations") else []

    def similar(self, words: str, within: Clause, limit: int) -> list[Hit]:
        alike = {
            "fields": ["title", "body"],
            "like": words,
            "min_term_freq": 1,
            "min_doc_freq": 1,
            "max_query_terms": 25,
            "min_word_length": 3,
        }
        query = {"bool": {"filter": [compiled(within, {})], "must": [{"more_like_this": alike}]}}
        told = self.search(
            {"query": query, "size": limit, "_source": ["number", "seq"], "collapse": {"field": "ticket"}}
        )
        hits = told["hits"]["hits"]
        close = [each for each in hits if each["_score"] >= embedded.ALIKE * hits[0]["_score"]]
        return [Hit(str(each["_source"]["number"]), each["_source"].get("seq")) for each in close]

    def aggregate(self, wanted: Clause, asked: Mapping[str, Anything]) -> Json:
        told = self.search({"query": compiled(wanted, {}), "size": 0, "aggs": dict(asked)})
        return dict(told["aggregations"]) if told.get("aggregations") else highlighting.nothing(asked)

    def snippets(self, wanted: Clause, text: Mapping[str, float], said: Sequence[str]) -> list[str]:
        """Here, as the other engine does it: what is shown must not depend on where it was found."""
        return highlighting.snippets(wanted, text, said)

    def versions(self, numbers: Sequence[str]) -> dict[str, int]:
        wanted = All((Is("kind", (documents.TICKET,)), Is("number", tuple(numbers))))
        told = self.search(
            {"query": compiled(wanted, {}), "size": max(1, len(numbers)), "_source": ["number", "version"]}
        )
        return {str(each["_source"]["number"]): int(each["_source"]["version"]) for each in told["hits"]["hits"]}

    def search(self, body: Json) -> Json:
        none = {"hits": {"hits": [], "total": {"value": 0}}}
        return self.ask("POST", f"/{self.index}/_search", body, missing=none)

    # -- another index beside this one

    def beside(self) -> Engine:
        self.make(name := new_name())
        other = OpenSearch(self.address, name)
        other.pool = self.pool
        return other

    def take_over(self) -> None:
        """The alias is moved in one step; the index that it led to is deleted."""
        old = list(self.ask("GET", f"/_alias/{ALIAS}", missing={}))
        actions = [{"remove": {"index": each, "alias": ALIAS}} for each in old]
        self.ask("POST", "/_aliases", {"actions": [*actions, {"add": {"index": self.index, "alias": ALIAS}}]})
        for each in old:
            self.ask("DELETE", f"/{each}", missing={})

    def forget(self) -> None:
        """Nothing is remembered here."""

    def tidy(self, now: datetime) -> None:
        """Nothing is left behind."""

    # -- the wire

    def ask(self, method: str, path: str, body: Anything = None, missing: Json | None = None) -> Json:
        """Its answer; `missing` where there is no such thing. Raises Away for anything that it refuses or cannot be asked."""
        data = b"" if body is None else lines_of(body) if isinstance(body, list) else json.dumps(body).encode()
        try:
            request = self.signed(method, path, data)
            answer = self.pool.request(method, f"{self.address}{path}", body=data, headers=request)
        except Exception as error:
            raise Away(f"OpenSearch cannot be reached ({type(error).__name__}).") from error
        if answer.status == 404 and missing is not None:
            return missing
        if answer.status >= 300:
            raise Away(f"OpenSearch answered {method} with {answer.status}.")
        return json.loads(answer.data) if answer.data else {}

    def signed(self, method: str, path: str, data: bytes) -> dict[str, str]:
        headers = {"Content-Type": "application/x-ndjson" if path.endswith("_bulk") else "application/json"}
        request = AWSRequest(method, f"{self.address}{path}", headers, data)
        SigV4Auth(
            self.session.get_credentials(), self.service, self.session.get_config_variable("region") or ""
        ).add_auth(request)
        return dict(request.headers.items())


def new_name() -> str:
    return f"{ALIAS}-v{schema.VERSION}-{secrets.token_hex(4)}"


def put(number: str, place: int, document: Document) -> Iterable[Json]:
    yield {"index": {"_id": f"{number}-{place}"}}
    yield document | {"place": place}


def lines_of(body: Iterable[Json]) -> bytes:
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in body)


# -- the index as such

SETTINGS: Json = {
    "analysis": {
        "filter": {
            "ru": {"type": "stemmer", "language": "russian"},
            "en": {"type": "stemmer", "language": "english"},
            "io": {"type": "pattern_replace", "pattern": "ё", "replacement": "е"},
        },
        "analyzer": {"words": {"type": "custom", "tokenizer": "letters", "filter": ["lowercase", "io", "ru", "en"]}},
        # As tantivy's: whatever is neither letter nor digit divides words.
        "tokenizer": {"letters": {"type": "pattern", "pattern": r"[^\p{L}\p{N}]+"}},
    }
}


def mappings() -> Json:
    kinds = {TEXT: {"type": "text", "analyzer": "words"}, NUMBER: {"type": "long"}, KEY: {"type": "long"}}
    fields = {name: kinds.get(field.kind, {"type": "keyword"}) for name, field in FIELDS.items()}
    return {"dynamic": "strict", "properties": fields | {"place": {"type": "long"}}}


def ordering(sort: str) -> Json:
    order = "desc" if sort.startswith("-") else "asc"
    return {schema.SORTS[sort.lstrip("-")]: {"order": order, "missing": "_last"}}


# -- clauses


def compiled(clause: Clause, text: Mapping[str, float]) -> Json:
    if isinstance(clause, All):
        return {"bool": {"must": [compiled(each, text) for each in clause.of]}} if clause.of else {"match_all": {}}
    if isinstance(clause, Any):
        several = [compiled(each, text) for each in clause.of]
        return {"bool": {"should": several, "minimum_should_match": 1}} if several else {"match_none": {}}
    if isinstance(clause, Not):
        return {"bool": {"filter": [{"bool": {"must_not": [compiled(clause.what, text)]}}]}}
    if isinstance(clause, (Words, Phrase, Prefix)):
        return spoken(clause, {clause.field: 1.0} if clause.field else text)
    return {"bool": {"filter": [plain(clause)]}}  # what tickets are chosen by weighs nothing


def plain(clause: Is | Begins | Between) -> Json:
    if isinstance(clause, Is):
        return {"terms": {clause.field: list(clause.values)}}
    if isinstance(clause, Begins):
        return {"prefix": {clause.field: clause.text}}
    bounds = {name: value for name, value in (("gte", clause.low or 0), ("lt", clause.high)) if value is not None}
    return {"range": {clause.field: bounds}}


def spoken(clause: Words | Phrase | Prefix, fields: Mapping[str, float]) -> Json:
    """Each word may be in another field; a phrase is in one. A beginning is looked for among stems, and as a word itself."""
    if isinstance(clause, Words):
        words = re.findall(r"\w+", clause.text)
        each = [
            anywhere([{"match": {name: {"query": word, "boost": by}}} for name, by in fields.items()]) for word in words
        ]
        return {"bool": {"must": each}} if each else {"match_none": {}}
    if isinstance(clause, Phrase):
        return anywhere([{"match_phrase": {name: {"query": clause.text, "boost": by}}} for name, by in fields.items()])
    *before, last = re.findall(r"\w+", clause.text.lower()) or [""]
    if not last:
        return {"match_none": {}}
    return anywhere([prefixed(name, before, last, by) for name, by in fields.items()])


def prefixed(name: str, before: list[str], last: str, by: float) -> Json:
    begin = {"prefix": {name: {"value": last.replace("ё", "е"), "boost": by}}}
    word = {"match": {name: {"query": last, "boost": by}}}
    return {"bool": {"must": [*({"match": {name: {"query": each}}} for each in before), anywhere([begin, word])]}}


def anywhere(several: list[Json]) -> Json:
    return several[0] if len(several) == 1 else {"bool": {"should": several, "minimum_should_match": 1}}
