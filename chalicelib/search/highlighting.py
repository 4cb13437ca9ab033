"""Where the words are in texts that are at hand, whichever engine has found them: tantivy over these texts alone, in memory."""

from collections.abc import Mapping, Sequence
from typing import Any

import tantivy

from chalicelib.search import embedded
from chalicelib.search.clauses import Clause

HEAP = 15_000_000  # bytes: the least that tantivy takes


def snippets(wanted: Clause, text: Mapping[str, float], said: Sequence[str]) -> list[str]:
    """See Engine.snippets."""
    index = tantivy.Index(embedded.built())
    index.register_tokenizer("words", embedded.analyzer())
    writer = index.writer(HEAP, 1)
    for each in said:
        writer.add_document(tantivy.Document(body=each))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return embedded.snippets(index.searcher(), wanted, text, said)


def nothing(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What an index without documents answers to aggregations."""
    return {name: none(kind) for name, kind in asked.items()}


def none(kind: Mapping[str, Any]) -> dict[str, Any]:
    if "percentiles" in kind:
        return {"values": {}}
    if "range" in kind:
        inner = nothing(kind.get("aggs", {}))
        return {"buckets": [{**bounds, "doc_count": 0, **inner} for bounds in kind["range"]["ranges"]]}
    return {"buckets": []} if "terms" in kind or "histogram" in kind else {"value": 0}
