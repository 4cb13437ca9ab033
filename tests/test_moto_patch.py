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
from dev.template import REGION, Maker, template
from tests.steps import POPULATION, STEPS, outcome, pages, plain, queries, typed, used


@contextmanager
def table(patched: bool = True) -> Iterator[Any]:
    """A client of a fresh table `t`, made as the desk's own is."""
    declared = {"Resources": {"Table": template()["Resources"]["Table"]}}
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
            client.transact_write_items(TransactItems=steps, ClientRequestToken="twice")
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
