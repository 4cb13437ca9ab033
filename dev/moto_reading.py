"""Reading from moto's DynamoDB: queries by the ordered shelves, and answers straight to JSON (see dev/moto_safe.py)."""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionContext, ActionResult
from moto.dynamodb import responses
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from dev.moto_shelves import Page, key, shelves, simple

stock_query = Table.query
stock_result = responses.DynamoResult


def query(self: Table, hash_key: Any, range_comparison: Any, range_objs: Any, limit: Any, exclusive_start_key: Any,
          scan_index_forward: Any, projection_expressions: Any, index_name: str | None = None,
          consistent_read: bool = False, filter_expression: Any = None, hash_key_conditions: Any = None,
          range_key_conditions: Any = None, **others: Any) -> Any:  # fmt: skip
    """As stock where the question is an ordinary one; stock itself where it is not.

    A page of an index is weighed by what the index holds, as AWS does (stock weighs the whole item).
    """
    schema = index_schema(self, index_name)
    start = place(self, schema, exclusive_start_key, hash_key) if exclusive_start_key else None
    odd = others or not schema or len(hash_key_conditions or ()) != 1 or len(range_key_conditions or ()) > 1
    if odd or (index_name and consistent_read) or (exclusive_start_key and start is None) or binary(range_objs):
        return stock_query(self, hash_key, range_comparison, range_objs, limit, exclusive_start_key,
                           scan_index_forward, projection_expressions, index_name, consistent_read, filter_expression,
                           hash_key_conditions, range_key_conditions, **others)  # fmt: skip
    comparison = range_key_conditions[0][1].upper() if range_key_conditions else None
    page = Page(comparison, range_objs, limit, start, scan_index_forward is not False)
    found, more = shelves(self).shelf(index_name, hash_key_conditions[0][1]).read(page)
    last = self._get_last_evaluated_key(found[-1], index_name) if more and found else None
    count = len(found)
    if filter_expression is not None:
        found = [item for item in found if filter_expression.expr(item)]
    if projection_expressions:
        found = [item.project(projection_expressions) for item in found]
    return found, count, last


def index_schema(table: Table, name: str | None) -> list[dict[str, str]]:
    """Empty where the shelves do not serve it."""
    if name is None:
        return table.schema if table.has_range_key else []
    found = next((index.schema for index in table.global_indexes if index.name == name), [])
    return found if table.has_range_key and simple(found) else []


def place(table: Table, schema: list[dict[str, str]], start: dict[str, Any], partition: DynamoType) -> Any:
    """Where the last page ended; None where the key is not complete or of another partition."""
    names = [each["AttributeName"] for each in schema]
    own = [] if schema is table.schema else table.table_key_attrs
    if not all(name in start for name in [*names, *own]) or key(DynamoType(start[names[0]])) != key(partition):
        return None
    return tuple(key(DynamoType(start[name])) for name in [*names[1:], *own])


def binary(values: list[DynamoType]) -> bool:
    return any(value.type not in ("S", "N") for value in values)


def all_items(self: Table) -> list[Item]:
    """Sorted by plain values: stock compares through DynamoType, some fifty times slower."""
    if self.range_key_attr is None:
        return stock_all(self)
    found = [item for partition in self.items.values() for item in partition.values()]
    return sorted(found, key=lambda item: (key(item.hash_key), key(item.range_key)))


stock_all = Table.all_items


class QuickResult(ActionResult):
    """Items straight to JSON, without walking botocore's model for each value."""

    def __init__(self, result: Any) -> None:
        self.quick = isinstance(result, dict) and not result.keys().isdisjoint(("Items", "Item", "Responses"))
        super().__init__(result if self.quick else responses.dynamo_to_dict(result))

    def execute_result(self, context: ActionContext) -> Any:
        if not self.quick:
            return super().execute_result(context)
        status, headers, _ = ActionResult({}).execute_result(context)
        return status, headers, json.dumps(self._result, default=DynamoType.to_json)
