"""DynamoDB, as far as the desk needs it: flat items, one table, one transaction. Only here is its client."""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib import log
from chalicelib.settings import settings

T = TypeVar("T")
Item = dict[str, str | int | float | bytes]  # the attributes that the desk uses: S, N and B
Key = tuple[str, str]

MOST_KEYS = 100  # of one BatchGetItem
TRIES = 8  # how often a rule is judged again when others keep changing the same ticket


class Changed(Exception):
    """Somebody else has written meanwhile: load and judge again."""


class Taken(Exception):
    """A thing that may exist only once exists already. `name` is the name that the writer gave it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class Write:
    """One item of a transaction. Without `condition` the item must not exist yet; `values` are those of the condition.

    `name` says what it means when the condition fails: "" is Changed, anything else Taken(name). A write with a `key`
    updates that item by `expression`, or deletes it; with `only_asks` it leaves it as it is. An empty string as the
    condition writes without asking.
    """

    item: Item = field(default_factory=dict)
    condition: str = "attribute_not_exists(pk)"
    values: Item = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    name: str = ""
    key: Key | None = None
    expression: str = ""
    only_asks: bool = False


@cache
def client() -> Any:
    # Short time-outs: a Lambda that waits for a minute helps nobody, and every call here may safely be done again.
    config = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 4})
    return boto3.client("dynamodb", config=config)


def get(pk: str, sk: str) -> Item | None:
    """Strongly consistent."""
    found = client().get_item(TableName=settings().table, Key=key_of(pk, sk), ConsistentRead=True)
    return plain(found["Item"]) if "Item" in found else None


def get_many(keys: Iterable[Key]) -> dict[Key, Item]:
    """Those that exist, strongly consistent; one call for up to MOST_KEYS."""
    wanted, found = list(dict.fromkeys(keys)), {}
    while wanted:
        request = {"Keys": [key_of(*key) for key in wanted[:MOST_KEYS]], "ConsistentRead": True}
        answer = client().batch_get_item(RequestItems={settings().table: request})
        for raw in answer["Responses"].get(settings().table, []):
            item = plain(raw)
            found[str(item["pk"]), str(item["sk"])] = item
        left = answer.get("UnprocessedKeys", {}).get(settings().table, {}).get("Keys", [])
        wanted = [(key["pk"]["S"], key["sk"]["S"]) for key in left] + wanted[MOST_KEYS:]
    return found


def query(
    pk: str,
    *,
    index: str | None = None,
    prefix: str = "",
    up_to: str | None = None,
    below: str | None = None,
    newest_first: bool = False,
    limit: int | None = None,
    only: str = "",
) -> Iterator[Item]:
    """The items of one partition in the order of the sort key. `up_to` and `below` bound it (inclusive, exclusive).

    `only` names the one attribute that is wanted: what is not sent need not be unpacked.
    """
    hash_name, range_name = INDEX_KEYS[index]
    condition, values = "#p = :p", {":p": typed(pk)}
    for operator, bound in (("<=", up_to), ("<", below)):
        if bound is not None:
            condition, values = f"#p = :p AND #s {operator} :s", {":p": typed(pk), ":s": typed(bound)}
    if prefix:
        condition, values = "#p = :p AND begins_with(#s, :s)", {":p": typed(pk), ":s": typed(prefix)}
    request: dict[str, Any] = {
        "TableName": settings().table,
        "KeyConditionExpression": condition,
        "ExpressionAttributeNames": {"#p": hash_name} | ({"#s": range_name} if ":s" in values else {}),
        "ExpressionAttributeValues": values,
        "ScanIndexForward": not newest_first,
    } | ({"IndexName": index} if index else {"ConsistentRead": True})
    if only:
        request["ProjectionExpression"] = "#only"
        request["ExpressionAttributeNames"] |= {"#only": only}
    return pages(request, limit)


INDEX_KEYS = {None: ("pk", "sk"), "list": ("lp", "ls"), "customer": ("cp", "cs"), "due": ("dp", "ds")}


def pages(request: dict[str, Any], limit: int | None) -> Iterator[Item]:
    count = 0
    while True:
        if limit is not None:
            request["Limit"] = limit - count
        answer = client().query(**request)
        for raw in answer["Items"]:
            yield plain(raw)
        count += len(answer["Items"])
        if "LastEvaluatedKey" not in answer or limit is not None and count >= limit:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def put(item: Item, condition: str = "", values: Item | None = None) -> bool:
    """False where the condition does not hold."""
    request: dict[str, Any] = {"TableName": settings().table, "Item": raw(item)}
    return conditionally(client().put_item, request, condition, values, {})


def update(
    pk: str, sk: str, expression: str, values: Item, condition: str = "", names: dict[str, str] | None = None
) -> bool:
    """False where the condition does not hold."""
    request: dict[str, Any] = {"TableName": settings().table, "Key": key_of(pk, sk), "UpdateExpression": expression}
    return conditionally(client().update_item, request, condition, values, names or {})


def delete(pk: str, sk: str, condition: str = "", values: Item | None = None) -> bool:
    request: dict[str, Any] = {"TableName": settings().table, "Key": key_of(pk, sk)}
    return conditionally(client().delete_item, request, condition, values, {})


def conditionally(
    call: Callable[..., Any], request: dict[str, Any], condition: str, values: Item | None, names: dict[str, str]
) -> bool:
    if condition:
        request["ConditionExpression"] = condition
    if values:
        request["ExpressionAttributeValues"] = raw(values)
    if names:
        request["ExpressionAttributeNames"] = names
    try:
        call(**request)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return False
        raise
    return True


def transact(writes: list[Write]) -> None:
    """All of them or none. Raises Changed or Taken(name) for the first write whose condition does not hold."""
    try:
        client().transact_write_items(TransactItems=[operation(write) for write in writes])
    except ClientError as error:
        if error.response["Error"]["Code"] != "TransactionCanceledException":
            raise
        raise reason(writes, error) from error


def operation(write: Write) -> dict[str, Any]:
    target: dict[str, Any] = {"TableName": settings().table}
    if write.condition:
        target["ConditionExpression"] = write.condition
    if write.values:
        target["ExpressionAttributeValues"] = raw(write.values)
    if write.names:
        target["ExpressionAttributeNames"] = write.names
    if write.key and write.only_asks:
        return {"ConditionCheck": target | {"Key": key_of(*write.key)}}
    if write.key and write.expression:
        return {"Update": target | {"Key": key_of(*write.key), "UpdateExpression": write.expression}}
    if write.key:
        return {"Delete": target | {"Key": key_of(*write.key)}}
    return {"Put": target | {"Item": raw(write.item)}}


def reason(writes: list[Write], error: ClientError) -> Exception:
    codes = [each.get("Code") for each in error.response.get("CancellationReasons", [])]
    failed = [write for write, code in zip(writes, codes, strict=False) if code == "ConditionalCheckFailed"]
    if failed:
        # What exists already outweighs what changed: judging again would not help against it.
        named = next((write.name for write in failed if write.name), "")
        return Taken(named) if named else Changed()
    # TransactionConflict and throttling: nothing was written, so the whole story may be told again.
    passing = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
    return Changed() if passing & set(codes) else error


def restorable(now: datetime) -> float | None:
    """Seconds back to the last moment that the table can be brought back to; None where nobody keeps any."""
    told = client().describe_continuous_backups(TableName=settings().table)["ContinuousBackupsDescription"]
    latest = told.get("PointInTimeRecoveryDescription", {}).get("LatestRestorableDateTime")
    return (now - latest).total_seconds() if latest else None


def insist(story: Callable[[], T]) -> T:
    """The story told again, from its first read, for as long as others are faster. Raises Changed in the end."""
    for attempt in range(TRIES):
        try:
            return story()
        except Changed:
            log.measure(Conflicts=1)
            if attempt == TRIES - 1:
                raise
            time.sleep(random.uniform(0, 0.01 * 2**attempt))
    raise Changed


def key_of(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def raw(item: Item) -> dict[str, Any]:
    return {name: typed(value) for name, value in item.items()}


def typed(value: str | int | float | bytes) -> dict[str, Any]:
    if isinstance(value, str):
        return {"S": value}
    return {"B": value} if isinstance(value, bytes) else {"N": str(value)}


def plain(item: dict[str, Any]) -> Item:
    return {name: untyped(value) for name, value in item.items()}


def untyped(value: dict[str, Any]) -> str | int | float | bytes:
    if "N" in value:
        return float(value["N"]) if "." in value["N"] or "e" in value["N"].lower() else int(value["N"])
    return next(iter(value.values()))  # type: ignore[no-any-return]
