"""The engine that needs no server: tantivy, asked in this process. Where its files come from, shelf.py knows.

Clauses become tantivy's own query objects one by one; what people type never reaches its parser.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any as Anything

import tantivy
from tantivy import FieldType, Filter, Index, Occur, Order, Query, Schema, Searcher, TextAnalyzer, Tokenizer

from chalicelib.search import schema
from chalicelib.search.clauses import All, Any, Begins, Between, Clause, Is, Not, Phrase, Prefix, Words, asks_text
from chalicelib.search.documents import TICKET, Document
from chalicelib.search.engine import MOST_TICKETS, RELEVANCE, Hit, Hits
from chalicelib.search.schema import FIELDS, KEY, NUMBER, TEXT

LONGEST_WORD = 64
SNIPPET = 180  # characters
ALIKE = 0.3  # of the best hit's score
FEW = 32  # values that are asked for one by one
COUNTED = 1000  # hits up to which tickets are counted one by one


# -- the index as such


@cache
def analyzer() -> TextAnalyzer:
    """One for both languages: each stemmer leaves the other's alphabet alone."""
    builder = tantivy.TextAnalyzerBuilder(Tokenizer.simple())
    for each in (
        Filter.remove_long(LONGEST_WORD),
        Filter.lowercase(),
        Filter.stemmer("russian"),
        Filter.stemmer("english"),
    ):
        builder = builder.filter(each)
    return builder.build()


@cache
def built() -> Schema:
    builder = tantivy.SchemaBuilder()
    for name, field in FIELDS.items():
        if field.kind in (NUMBER, KEY):
            builder.add_unsigned_field(name, indexed=field.kind == KEY, fast=True)
        elif field.kind == TEXT:
            builder.add_text_field(name, tokenizer_name="words")
        else:
            builder.add_text_field(
                name, stored=field.kept, fast=field.sorts, tokenizer_name="raw", index_option="basic"
            )
    return builder.build()


def opened(folder: str) -> Index:
    """The index in `folder`; a new one where there is none."""
    index = Index(built(), path=folder)
    index.register_tokenizer("words", analyzer())
    return index


def document(given: Document) -> tantivy.Document:
    made = tantivy.Document()
    for name, value in given.items():
        for each in value if isinstance(value, (list, tuple)) else (value,):
            if FIELDS[name].kind in (NUMBER, KEY):
                made.add_unsigned(name, max(0, int(each)))
            else:
                made.add_text(name, str(each))
    return made


# -- clauses


def compiled(clause: Clause, text: Mapping[str, float]) -> Query:
    if isinstance(clause, All):
        return boolean([(Occur.Must, compiled(each, text)) for each in clause.of], Query.all_query())
    if isinstance(clause, Any):
        return boolean([(Occur.Should, compiled(each, text)) for each in clause.of], Query.empty_query())
    if isinstance(clause, Not):
        rest = Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, compiled(clause.what, text))])
        return Query.const_score_query(rest, 0.0)
    if isinstance(clause, (Words, Phrase, Prefix)):
        return spoken(clause, {clause.field: 1.0} if clause.field else text)
    return Query.const_score_query(plain(clause), 0.0)


def boolean(parts: list[tuple[Occur, Query]], none: Query) -> Query:
    return Query.boolean_query(parts) if parts else none


def plain(clause: Is | Begins | Between) -> Query:
    name = clause.field
    if isinstance(clause, Is):
        return one_of(name, [int(each) if FIELDS[name].kind == KEY else str(each) for each in clause.values])
    if isinstance(clause, Begins):
        return Query.regex_query(built(), name, re.escape(clause.text) + ".*")
    low, high = max(0, clause.low or 0), clause.high
    upper = {} if high is None else {"upper_bound": max(0, high), "include_upper": False}
    return Query.range_query(built(), name, FieldType.Unsigned, lower_bound=low, **upper)  # type: ignore[arg-type]


def one_of(name: str, values: list[int | str]) -> Query:
    """A set of terms marks all its documents before anything else is asked (5 ms of a million), single terms do not."""
    if len(values) > FEW:
        return Query.term_set_query(built(), name, values)
    terms = [Query.term_query(built(), name, each, "basic") for each in values]
    return terms[0] if len(terms) == 1 else boolean([(Occur.Should, each) for each in terms], Query.empty_query())


def spoken(clause: Words | Phrase | Prefix, fields: Mapping[str, float]) -> Query:
    stems = analyzer().analyze(clause.text)
    if not stems:
        return Query.empty_query()
    if isinstance(clause, Words):
        return boolean(
            [(Occur.Must, anywhere([term(name, stem, by) for name, by in fields.items()])) for stem in stems],
            Query.empty_query(),
        )
    if isinstance(clause, Phrase):
        return anywhere([phrase(name, stems, by) for name, by in fields.items()])
    return anywhere([prefix(name, clause.text, stems, by) for name, by in fields.items()])


def anywhere(each: list[Query]) -> Query:
    return each[0] if len(each) == 1 else Query.boolean_query([(Occur.Should, query) for query in each])


def term(name: str, stem: str, by: float) -> Query:
    found = Query.term_query(built(), name, stem)
    return found if by == 1 else Query.boost_query(found, by)


def phrase(name: str, stems: list[str], by: float) -> Query:
    found = (
        Query.phrase_query(built(), name, list(stems)) if len(stems) > 1 else Query.term_query(built(), name, stems[0])
    )
    return Query.boost_query(found, by)


def prefix(name: str, text: str, stems: list[str], by: float) -> Query:
    """Of several words only the last is a beginning. The index knows stems, so the stem of what was typed fits as well."""
    *before, last = re.findall(r"\w+", text.lower())
    begin = Query.regex_query(built(), name, re.escape(last.replace("ё", "е")) + ".*")
    parts = [(Occur.Should, Query.const_score_query(begin, by)), (Occur.Should, term(name, stems[-1], by))]
    found = Query.boolean_query(parts)
    return (
        Query.boolean_query(
            [(Occur.Must, term(name, stem, 1)) for stem in stems[: len(before)]] + [(Occur.Must, found)]
        )
        if before
        else found
    )


# -- questions


def find(searcher: Searcher, wanted: Clause, text: Mapping[str, float], sort: str, limit: int) -> Hits:
    """See Engine.find."""
    query = compiled(wanted, text)
    order = ordering(sort, asks_text(wanted))
    limit = min(limit, MOST_TICKETS)
    wide = max(limit * 2, 50)
    while True:
        found = searcher.search(query, wide, **order)
        addresses = [address for _, address in found.hits]
        firsts = first_of_each(searcher.fast_field_values("ticket", addresses) if addresses else [])
        complete = len(addresses) < wide
        if complete or len(firsts) >= limit:
            break
        wide *= 4
    count = int(found.count)  # type: ignore[attr-defined]  # tantivy's stubs do not know it
    hits = hits_at(searcher, [addresses[n] for n in firsts[:limit]])
    if complete or not asks_text(wanted):
        return Hits(hits, len(firsts) if complete else count, exact=True)
    if count <= COUNTED:
        return Hits(hits, distinct(searcher, query, count), exact=True)
    return Hits(hits, round(count * len(firsts) / len(addresses)), exact=False)


def ordering(sort: str, spoken_of: bool) -> dict[str, Anything]:
    """Relevance without words is the order of changing, the last first."""
    if sort == RELEVANCE and spoken_of:
        return {}
    name = "-changed" if sort == RELEVANCE else sort
    return {
        "order_by_field": schema.SORTS[name.lstrip("-")],
        "order": Order.Desc if name.startswith("-") else Order.Asc,
    }


def first_of_each(tickets: Sequence[Anything]) -> list[int]:
    seen: dict[Anything, int] = {}
    for n, ticket in enumerate(tickets):
        seen.setdefault(ticket, n)
    return list(seen.values())


def distinct(searcher: Searcher, query: Query, hits: int) -> int:
    """How many tickets: for as many hits as are soon looked through; of more it is told from the first ones."""
    return len(set(searcher.fast_field_values("ticket", [address for _, address in searcher.search(query, hits).hits])))


def tickets(searcher: Searcher, wanted: Clause, text: Mapping[str, float], most: int) -> list[int]:
    """See Engine.tickets."""
    addresses = [address for _, address in searcher.search(compiled(wanted, text), most).hits]
    return (
        [int(each or 0) for each in dict.fromkeys(searcher.fast_field_values("ticket", addresses))] if addresses else []
    )


def hits_at(searcher: Searcher, addresses: list[Anything]) -> list[Hit]:
    if not addresses:
        return []
    seqs = searcher.fast_field_values("seq", addresses)
    return [
        Hit(str(searcher.doc(each)["number"][0]), None if seq is None else int(seq))
        for each, seq in zip(addresses, seqs, strict=True)
    ]


def similar(searcher: Searcher, words: str, within: Clause, limit: int) -> list[Hit]:
    """See Engine.similar."""
    few = {"min_doc_frequency": 1, "min_term_frequency": 1, "min_word_length": 3, "max_query_terms": 25}
    common = max(10, searcher.num_docs // 4)
    alike = [Query.more_like_this_document_fields_query(built(), {name: [words]}, max_doc_frequency=common, **few)  # type: ignore[arg-type]
             for name in ("title", "body")]  # fmt: skip
    query = Query.boolean_query([(Occur.Must, compiled(within, {})), (Occur.Must, anywhere(alike))])
    scored = searcher.search(query, limit * 5).hits
    # One common word makes nothing alike; with the best hit for a measure those few words need no list.
    found = [address for score, address in scored if score >= ALIKE * scored[0][0]]
    firsts = first_of_each(searcher.fast_field_values("ticket", found) if found else [])
    return hits_at(searcher, [found[n] for n in firsts[:limit]])


def snippets(searcher: Searcher, wanted: Clause, text: Mapping[str, float], said: Sequence[str]) -> list[str]:
    """See Engine.snippets. The texts are not in the index, so they are handed in."""
    generator = tantivy.SnippetGenerator.create(searcher, compiled(without_nots(wanted), text), built(), "body")
    generator.set_max_num_chars(SNIPPET)
    return [generator.snippet_from_doc(tantivy.Document(body=each)).to_html() for each in said]


def without_nots(clause: Clause) -> Clause:
    """What is marked is what was wanted, not what was excluded."""
    if isinstance(clause, (All, Any)):
        return type(clause)(tuple(without_nots(each) for each in clause.of if not isinstance(each, Not)))
    return clause


def versions(searcher: Searcher, keys: Sequence[int]) -> dict[int, int]:
    """By the tickets' keys."""
    wanted = compiled(All((Is("kind", (TICKET,)), Is("ticket", tuple(keys)))), {})
    found = [address for _, address in searcher.search(wanted, max(1, len(keys))).hits]
    if not found:
        return {}
    pairs = zip(searcher.fast_field_values("ticket", found), searcher.fast_field_values("version", found), strict=True)
    return {int(ticket or 0): int(version or 0) for ticket, version in pairs}
