"""The patched moto answers as the stock one does, only faster, and keeps its promises under threads."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from dev import moto_safe
from dev.template import REGION, STAND_IN, Maker

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


@contextmanager
def table(patched: bool = True) -> Iterator[Any]:
    """A client of a fresh table `t`, made as the desk's own is."""
    declared = {"Resources": {"Table": STAND_IN["Resources"]["Table"]}}
    declared["Resources"]["Table"]["Properties"] |= {"TableName": "t"}
    (moto_safe.install if patched else moto_safe.uninstall)()
    try:
        with mock_aws(config={"core": {"reset_boto3_session": False}}):
            Maker(declared, {}).make_all()
            client = boto3.client("dynamodb", region_name=REGION)
            yield client
            # By hand: where the run has a cloud already, leaving this mock resets nothing.
            client.delete_table(TableName="t")
    finally:
        moto_safe.install()


def everything(client: Any) -> Any:
    return plain(client.scan(TableName="t"))


@settings(max_examples=30, deadline=None)
@given(POPULATION, st.lists(STEPS, min_size=4, max_size=16), st.lists(queries(), min_size=6, max_size=6))
def test_the_same_calls_have_the_same_answers_as_on_stock_moto(
    population: list[tuple[Any, Any]], steps: list[tuple[str, Any]], questions: list[Any]
) -> None:
    puts = [("Put", {"TableName": "t", "Item": typed(key | attributes)}) for key, attributes in population]
    steps = [*puts, *steps, *(("query", each) for each in questions)]
    seen = []
    for patched in (False, True):
        with table(patched) as client:
            seen.append(([outcome(client, step) for step in steps], everything(client)))
    assert seen[1] == seen[0]


def put(client: Any, pk: str, sk: str = "#", **more: Any) -> None:
    client.put_item(TableName="t", Item=typed({"pk": pk, "sk": sk} | more))


def test_a_transaction_that_fails_leaves_everything_as_it_was() -> None:
    with table() as client:
        put(client, "a", n=1, lp="O#a", ls="1")
        put(client, "gone", lp="O#a", ls="2")
        before = everything(client), by_list(client)
        steps = [
            {"Update": update_of("a", "SET n = :n, lp = :o, ls = :t")},
            {"Delete": {"TableName": "t", "Key": typed({"pk": "gone", "sk": "#"})}},
            {"Put": {"TableName": "t", "Item": typed({"pk": "new", "sk": "#", "lp": "O#a", "ls": "9"})}},
            {
                "Put": {"TableName": "t", "Item": typed({"pk": "b", "sk": "#"}), "ConditionExpression": "n = :n"}
                | used(":n")
            },
        ]
        with pytest.raises(client.exceptions.TransactionCanceledException):
            client.transact_write_items(TransactItems=steps)
        assert (everything(client), by_list(client)) == before


def update_of(pk: str, expression: str) -> dict[str, Any]:
    request = {"TableName": "t", "Key": typed({"pk": pk, "sk": "#"}), "UpdateExpression": expression}
    return request | used(expression)


def by_list(client: Any) -> Any:
    request = {"TableName": "t", "IndexName": "list", "KeyConditionExpression": "lp = :p"}
    return plain(client.query(**request, ExpressionAttributeValues={":p": {"S": "O#a"}}))


def test_the_loser_of_a_condition_is_shown_the_item() -> None:
    with table() as client:
        put(client, "a", n=7)
        request = {"TableName": "t", "Item": typed({"pk": "a", "sk": "#"})}
        with pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
            client.put_item(
                **request, ConditionExpression="attribute_not_exists(pk)", ReturnValuesOnConditionCheckFailure="ALL_OLD"
            )
        assert caught.value.response["Item"]["n"] == {"N": "7"}


def test_the_same_token_twice_acts_once() -> None:
    with table() as client:
        put(client, "a", n=1)
        steps = [{"Update": update_of("a", "ADD n :n")}]
        for _ in range(2):
            client.transact_write_items(TransactItems=steps, ClientRequestToken="one")
        assert client.get_item(TableName="t", Key=typed({"pk": "a", "sk": "#"}))["Item"]["n"] == {"N": "2"}


def test_the_same_token_with_other_items_is_refused() -> None:
    with table() as client:
        client.transact_write_items(TransactItems=[{"Update": update_of("a", "ADD n :n")}], ClientRequestToken="one")
        with pytest.raises(client.exceptions.IdempotentParameterMismatchException):
            client.transact_write_items(
                TransactItems=[{"Update": update_of("b", "ADD n :n")}], ClientRequestToken="one"
            )


def test_a_write_that_changes_nothing_leaves_no_stream_record() -> None:
    with table() as client, heard() as changes:
        put(client, "a", n=1)
        put(client, "a", n=1)
        assert changes == [(None, "a")]


def test_an_update_that_makes_an_item_is_one_change() -> None:
    with table() as client, heard() as changes:
        client.update_item(**update_of("a", "ADD n :n"))
        assert changes == [(None, "a")]


def test_nobody_hears_of_a_transaction_that_failed() -> None:
    with table() as client, heard() as changes:
        put(client, "a")
        failing = {"TableName": "t", "Key": typed({"pk": "b", "sk": "#"}), "ConditionExpression": "n = :n"} | used(":n")
        steps = [{"Delete": {"TableName": "t", "Key": typed({"pk": "a", "sk": "#"})}}, {"ConditionCheck": failing}]
        with pytest.raises(ClientError):
            client.transact_write_items(TransactItems=steps)
        assert changes == [(None, "a")]


@contextmanager
def heard() -> Iterator[list[tuple[str | None, str | None]]]:
    changes: list[tuple[str | None, str | None]] = []

    def listen(commit: Any) -> None:
        for _, before, after in commit:
            changes.append((before and before.hash_key.value, after and after.hash_key.value))

    moto_safe.listeners.append(listen)
    try:
        yield changes
    finally:
        moto_safe.listeners.remove(listen)


def racing(story: Callable[[int], Any], racers: int = 16) -> list[Any]:
    """All begin at once; answers what each came to."""
    start = threading.Barrier(racers)

    def run(which: int) -> Any:
        start.wait()
        return story(which)

    with ThreadPoolExecutor(racers) as pool:
        return list(pool.map(run, range(racers)))


def test_counters_lose_nothing_under_threads() -> None:
    with table() as client:
        racing(lambda _: [client.update_item(**update_of("a", "ADD n :n")) for _ in range(5)])
        assert client.get_item(TableName="t", Key=typed({"pk": "a", "sk": "#"}))["Item"]["n"] == {"N": "80"}


def test_one_of_many_transactions_wins_and_the_others_leave_nothing() -> None:
    with table() as client:

        def claim(which: int) -> bool:
            own = {"TableName": "t", "Item": typed({"pk": "side", "sk": str(which)})}
            main = {"TableName": "t", "Item": typed({"pk": "main", "sk": "#", "n": which})}
            try:
                client.transact_write_items(
                    TransactItems=[{"Put": own}, {"Put": main | {"ConditionExpression": "attribute_not_exists(pk)"}}]
                )
            except client.exceptions.TransactionCanceledException:
                return False
            return True

        assert sum(racing(claim)) == 1
        assert everything(client)["Count"] == 2


def test_a_long_list_comes_in_pages_of_a_megabyte_of_what_the_index_holds() -> None:
    with table() as client:
        for each in range(30):
            put(client, f"T#{each}", lp="O#a", ls=f"{each:03}", row="x" * 40_000, rest="y" * 60_000)
        request = {"TableName": "t", "IndexName": "list", "KeyConditionExpression": "lp = :p"}
        answers = list(pages(client, request | {"ExpressionAttributeValues": {":p": {"S": "O#a"}}}))
        assert [len(answer["Items"]) for answer in answers] == [24, 6]
