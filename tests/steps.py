"""What one may do to a DynamoDB table, drawn at random, and what a caller sees of it."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError
from hypothesis import strategies as st

# Keys that collide often, so that conditions, rollbacks and pages have something to disagree about.
PKS = st.sampled_from(["T#1", "T#2", "T#3"])
SKS = st.sampled_from(["#", "A#1", "A#2", "A#3", "B", "Ж#1"])
KEYS = st.fixed_dictionaries({"pk": PKS, "sk": SKS})
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "n": st.integers(-3, 3),
        "row": st.text("aя", max_size=3),
        "z": st.binary(max_size=3),
        "lp": st.sampled_from(["O#a", "O#b"]),
        "ls": st.sampled_from(["1", "2", "3"]),
        "dp": st.just("D#0"),
        "ds": st.sampled_from(["1", "2"]),
    },
)
CONDITIONS = st.sampled_from(
    [None, "attribute_not_exists(pk)", "attribute_exists(pk)", "n = :n", "attribute_exists(pk) AND NOT n > :n"]
)
UPDATES = st.sampled_from(
    ["SET #r = :t", "ADD n :n", "SET n = n + :n", "REMOVE lp, ls", "SET lp = :o, ls = :t", "SET n = :n REMOVE dp"]
)
VALUES = {":n": {"N": "1"}, ":t": {"S": "2"}, ":o": {"S": "O#a"}}


def typed(values: dict[str, Any]) -> dict[str, Any]:
    kinds = {int: "N", str: "S", bytes: "B"}
    return {name: {kinds[type(each)]: str(each) if isinstance(each, int) else each} for name, each in values.items()}


def used(*expressions: str | None) -> dict[str, Any]:
    """Only what the expressions name: DynamoDB refuses the rest."""
    text = " ".join(expression or "" for expression in expressions)
    values = {name: value for name, value in VALUES.items() if name in text}
    found: dict[str, Any] = {"ExpressionAttributeValues": values} if values else {}
    return found | ({"ExpressionAttributeNames": {"#r": "row"}} if "#r" in text else {})


@st.composite
def writes(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """One write: its word in a transaction, and its request."""
    word = draw(st.sampled_from(["Put", "Update", "Delete", "ConditionCheck"]))
    condition = draw(CONDITIONS) or ("attribute_exists(sk)" if word == "ConditionCheck" else None)
    request: dict[str, Any] = {"TableName": "t"}
    if condition:
        request |= {"ConditionExpression": condition, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    key = typed(draw(KEYS))
    if word == "Put":
        return word, request | {"Item": key | typed(draw(ATTRIBUTES))} | used(condition)
    if word == "Update":
        expression = draw(UPDATES)
        return word, request | {"Key": key, "UpdateExpression": expression} | used(condition, expression)
    return word, request | {"Key": key} | used(condition)


@st.composite
def queries(draw: st.DrawFn) -> dict[str, Any]:
    index, names = draw(st.sampled_from([(None, "pk sk"), ("list", "lp ls"), ("due", "dp ds")]))
    partition, place = names.split()
    values = {":p": {"S": draw(st.sampled_from(["T#1", "T#2", "O#a", "D#0"]))}}
    more = draw(st.sampled_from(["", "{} <= :a", "{} < :a", "{} > :a", "{} = :a", "begins_with({}, :a)"]))
    more = more or draw(st.sampled_from(["", "{} BETWEEN :a AND :b", "{} >= :a"]))
    values |= {name: {"S": draw(st.sampled_from(["1", "2", "A", "A#2", "Z"]))} for name in (":a", ":b") if name in more}
    condition = f"{partition} = :p" + (f" AND {more.format(place)}" if more else "")
    request: dict[str, Any] = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values}
    request |= {"TableName": "t", "ScanIndexForward": draw(st.booleans())}
    if index:
        request["IndexName"] = index
    if limit := draw(st.sampled_from([None, 1, 2, 3])):
        request["Limit"] = limit
    return request


# What each story begins with: something in every partition, so that queries find and conditions hold.
POPULATION = st.lists(st.tuples(KEYS, ATTRIBUTES), min_size=8, max_size=16)
STEPS = st.one_of(
    writes().filter(lambda each: each[0] != "ConditionCheck"),
    st.lists(writes(), min_size=1, max_size=4).map(lambda each: ("transact", each)),
    queries().map(lambda each: ("query", each)),
    KEYS.map(lambda each: ("get", typed(each))),
)


def take(client: Any, step: tuple[str, Any]) -> Any:
    word, request = step
    if word == "transact":
        return client.transact_write_items(TransactItems=[{each: asked} for each, asked in request])
    if word == "query":
        return list(pages(client, request))
    if word == "get":
        return client.get_item(TableName="t", Key=request)
    return getattr(client, f"{word.lower()}_item")(**request)


def pages(client: Any, request: dict[str, Any]) -> Iterator[Any]:
    answer = client.query(**request)
    yield answer
    while "LastEvaluatedKey" in answer:
        answer = client.query(**request, ExclusiveStartKey=answer["LastEvaluatedKey"])
        yield answer


def outcome(client: Any, step: tuple[str, Any]) -> Any:
    """What the caller sees; the metadata are left out, and which words a refusal uses."""
    try:
        return plain(take(client, step))
    except ClientError as error:
        answer = error.response
        return (answer["Error"]["Code"], answer.get("Item"), plain(answer.get("CancellationReasons")))


def plain(answer: Any) -> Any:
    if isinstance(answer, list):
        return [plain(each) for each in answer]
    if isinstance(answer, dict):
        return {name: plain(each) for name, each in answer.items() if name != "ResponseMetadata"}
    return answer
