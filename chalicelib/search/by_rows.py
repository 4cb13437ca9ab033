"""What fits, judged by the rows of a list alone: for as long as the index cannot be asked. Pure."""

import re
from datetime import datetime
from typing import Any as Anything

from chalicelib.search.clauses import All, Any, Begins, Between, Clause, Is, Not, Phrase, Prefix, Words
from chalicelib.search.documents import NOBODY

Row = dict[str, Anything]


def fits(clause: Clause, row: Row) -> bool:
    """Letters are not here: words are looked for in title, number, customer, owner and tags."""
    if isinstance(clause, All):
        return all(fits(each, row) for each in clause.of)
    if isinstance(clause, Any):
        return any(fits(each, row) for each in clause.of)
    if isinstance(clause, Not):
        return not fits(clause.what, row)
    if isinstance(clause, (Words, Phrase, Prefix)):
        text = words(row)
        return all(word in text for word in re.findall(r"\w+", folded(clause.text)))
    if isinstance(clause, Begins):
        return str(row[clause.field]).startswith(clause.text)
    if isinstance(clause, Is):
        return bool(set(values(row, clause.field)) & set(clause.values))
    return between(clause, row)


def words(row: Row) -> str:
    customer = row["customer"]
    told = [row["title"], row["number"], customer.get("name", ""), customer["email"], row["owner"] or "", *row["tags"]]
    return folded(" ".join(told))


def folded(text: str) -> str:
    return text.casefold().replace("ё", "е")  # as the index does


def values(row: Row, field: str) -> list[Anything]:
    if field == "customer":
        return [row["customer"]["email"]]
    if field == "owner":
        return [row["owner"] or NOBODY]
    if field == "tag":
        return [tag.lower() for tag in row["tags"]]
    return [row.get(field)]


def between(clause: Between, row: Row) -> bool:
    found = row.get("closed_at" if clause.field == "closed" else clause.field)
    if found is None:
        return False
    value = found if isinstance(found, int) else datetime.fromisoformat(found).timestamp()
    return (clause.low is None or value >= clause.low) and (clause.high is None or value < clause.high)


def order(row: Row, sort: str) -> tuple[bool, str]:
    value = row.get("changed" if sort == "relevance" else sort.lstrip("-"))
    value = value["email"] if isinstance(value, dict) else value
    return value is not None, f"{value:020}" if isinstance(value, int) else str(value).casefold()
