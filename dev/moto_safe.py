"""moto's DynamoDB made fit for a whole desk: `import dev.moto_safe` patches moto 5.2.5 in this process.

Stock moto loses updates under threads, lets two writers win, copies the whole table for each transaction and scans it
for each query. Here, with the same answers:

* one lock around every action;
* a transaction remembers the items that it touches, and puts back those alone;
* queries read ordered shelves (dev/moto_shelves.py), and answers are written as JSON at once;
* a transaction whose ClientRequestToken was seen within ten minutes does nothing again (as AWS);
* an update that fails half-way changes nothing, one that changes nothing leaves no stream record (as AWS);
* `listeners` hear of every change once it is certain: the laptop's journal, and whoever reads the stream.
"""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import moto
from moto.core.responses import ActionResult
from moto.dynamodb import models, responses
from moto.dynamodb.exceptions import DynamodbException
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import StreamShard, Table

from dev import moto_shortcut
from dev.moto_reading import QuickResult, all_items, query, stock_all, stock_query, stock_result
from dev.moto_shelves import project, shelves, stock_project

if moto.__version__ != "5.2.5":
    raise RuntimeError(
        f"dev/moto_safe.py patches moto 5.2.5 and knows nothing of {moto.__version__}: look at it again."
    )

Change = tuple[Table, Item | None, Item | None]  # where, what it was, what it is now
Listener = Callable[[list[Change]], None]

lock = threading.RLock()  # held while any action of DynamoDB runs
listeners: list[Listener] = []  # called under the lock, once for each commit: be quick, and never call DynamoDB
TRAIL = 1000
SEEN = 600  # seconds for which a ClientRequestToken is known, as AWS documents

stock_call = responses.DynamoHandler.call_action
stock_put = Table.put_item
stock_delete = Table.delete_item
stock_update = models.DynamoDBBackend.update_item
stock_transact = models.DynamoDBBackend.transact_write_items
stock_handle_transact = responses.DynamoHandler.transact_write_items
stock_record = StreamShard.add


class Work:
    """What is under way; there is one at a time, because of the lock."""

    transaction: list[Change] | None = None
    busy = False  # inside a change already: a write within it is part of it


work = Work()


def call_action(self: Any) -> Any:
    with lock:
        return stock_call(self)


# -- writing


@contextmanager
def changing(table: Table, at: tuple[DynamoType, DynamoType | None]) -> Iterator[None]:
    """Whatever happens to the item at this key inside: taken off its shelves before and put on them after.

    On an exception the item is as it was.
    """
    if work.busy or at[1] is None:
        yield
        return
    known = shelves(table)
    there = find(table, at)
    before = copy.deepcopy(there)
    if there:
        known.drop(there)
    work.busy = True
    try:
        yield
    except BaseException:
        restore(table, at, before)
        raise
    finally:
        work.busy = False
        after = find(table, at)
        if after:
            known.put(after)
    settle((table, before, after))


def find(table: Table, at: tuple[DynamoType, DynamoType | None]) -> Item | None:
    # Never table.items[...]: a defaultdict makes an empty partition of each question.
    found: Item | None = table.items.get(at[0], {}).get(at[1])
    return found


def restore(table: Table, at: tuple[DynamoType, DynamoType | None], item: Item | None) -> None:
    if item:
        table.items[at[0]][at[1]] = item
    else:
        table.items.get(at[0], {}).pop(at[1], None)
    if not table.items.get(at[0]):
        table.items.pop(at[0], None)


def settle(change: Change) -> None:
    if work.transaction is not None:
        work.transaction.append(change)
    else:
        publish([change])


def publish(changes: list[Change]) -> None:
    """Tells the stream and the listeners, all of a transaction at once."""
    real = [change for change in changes if not idle(change)]
    for table, before, after in real:
        if table.stream_shard is not None:
            stock_record(table.stream_shard, before, after)
            trim(table.stream_shard)
    if real:
        for listener in listeners:
            listener(real)


def trim(shard: StreamShard) -> None:
    """Nobody reads what is a thousand records old (AWS keeps a day), and a process that runs for days has no room."""
    if len(shard.items) > 2 * TRAIL:
        del shard.items[:TRAIL]
        shard.starting_sequence_number += TRAIL


def idle(change: Change) -> bool:
    _, before, after = change
    return before is after or (before is not None and after is not None and before.attrs == after.attrs)


def put_item(self: Table, item_attrs: dict[str, Any], *rest: Any, **named: Any) -> Any:
    at = keys(self, item_attrs)
    if at is None:
        return stock_put(self, item_attrs, *rest, **named)
    with changing(self, at):
        return stock_put(self, item_attrs, *rest, **named)


def delete_item(self: Table, hash_key: DynamoType, range_key: DynamoType | None) -> Item | None:
    with changing(self, (hash_key, range_key)):
        deleted = stock_delete(self, hash_key, range_key)
        if not self.items.get(hash_key):
            self.items.pop(hash_key, None)
        return deleted


def update_item(self: Any, table_name: str, key: dict[str, Any], *rest: Any, **named: Any) -> Any:
    table = self.get_table(table_name)
    at = keys(table, key)
    if at is None:
        return stock_update(self, table_name, key, *rest, **named)
    with changing(table, at):
        return stock_update(self, table_name, key, *rest, **named)


def keys(table: Table, attrs: dict[str, Any]) -> tuple[DynamoType, DynamoType] | None:
    """The item's key, where the table has a sort key and a proper one is given: all else is left to stock moto."""
    if table.range_key_attr is None or not all(name in attrs for name in table.table_key_attrs):
        return None
    at = DynamoType(attrs[table.hash_key_attr]), DynamoType(attrs[table.range_key_attr])
    return at if (at[0].type, at[1].type) == (table.hash_key_type, table.range_key_type) and numbers(at) else None


def numbers(at: tuple[DynamoType, DynamoType]) -> bool:
    """Whether what says that it is a number is one."""
    try:
        return hash(at) is not None
    except ArithmeticError:
        return False


def get_item(self: Table, hash_key: DynamoType, range_key: Any = None, projection_expression: Any = None) -> Any:
    if range_key is None or not self.has_range_key:
        return stock_get(self, hash_key, range_key, projection_expression)
    found = find(self, (hash_key, range_key))
    return found.project(projection_expression) if found and projection_expression else found


stock_get = Table.get_item


# -- transactions


def transact_write_items(self: Any, transact_items: list[dict[str, Any]]) -> None:
    """As stock, but the copy that it makes of each table for its rollback is of nothing; the rollback is ours."""
    work.transaction = []
    try:
        with shallow_copies():
            stock_transact(self, transact_items)
    except BaseException:
        for table, before, after in reversed(work.transaction):
            roll_back(table, before, after)
        raise
    else:
        done = work.transaction
    finally:
        work.transaction = None
    publish(done)


def roll_back(table: Table, before: Item | None, after: Item | None) -> None:
    some = before or after
    if some is None:
        return
    if after:
        shelves(table).drop(after)
    restore(table, (some.hash_key, some.range_key), before)
    if before:
        shelves(table).put(before)


@contextmanager
def shallow_copies() -> Iterator[None]:
    """While a transaction runs, copying a table answers the table itself: putting it back then changes nothing."""
    models.copy = Copier  # type: ignore[attr-defined,assignment]
    try:
        yield
    finally:
        models.copy = copy  # type: ignore[attr-defined]


class Copier:
    @staticmethod
    def deepcopy(thing: Any, memo: Any = None) -> Any:
        return thing if isinstance(thing, Table) else copy.deepcopy(thing, memo)

    copy = staticmethod(copy.copy)


class Mismatch(DynamodbException):
    def __init__(self) -> None:
        super().__init__(
            "com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException",
            "The request parameters are not those of the first request with this client token.",
        )


def handle_transact(self: Any) -> Any:
    """The same token with the same items: nothing is done, and the answer is the same again."""
    token = self.body.get("ClientRequestToken")
    asked = repr(self.body.get("TransactItems"))
    seen = self.dynamodb_backend.__dict__.setdefault("_tokens", {})
    while seen and next(iter(seen.values()))[1] < time.monotonic() - SEEN:
        del seen[next(iter(seen))]
    if token in seen:
        if seen[token][0] != hash(asked):
            raise Mismatch
        return ActionResult({})
    answer = stock_handle_transact(self)
    if token:
        seen[token] = (hash(asked), time.monotonic())
    return answer


def install() -> None:
    moto_shortcut.install()
    responses.DynamoHandler.call_action = call_action
    responses.DynamoHandler.transact_write_items = handle_transact
    responses.DynamoResult = QuickResult  # type: ignore[misc,assignment]
    Table.put_item, Table.delete_item, Table.get_item = put_item, delete_item, get_item  # type: ignore[method-assign]
    Table.query, Table.all_items = query, all_items  # type: ignore[method-assign]
    Item.project = project  # type: ignore[method-assign]
    models.DynamoDBBackend.update_item = update_item
    models.DynamoDBBackend.transact_write_items = transact_write_items
    StreamShard.add = lambda self, old, new: None  # type: ignore[method-assign,assignment]


def uninstall() -> None:
    """Stock moto again: for the tests that compare both."""
    moto_shortcut.uninstall()
    responses.DynamoHandler.call_action = stock_call
    responses.DynamoHandler.transact_write_items = stock_handle_transact
    responses.DynamoResult = stock_result  # type: ignore[misc]
    Table.put_item, Table.delete_item, Table.get_item = (stock_put, stock_delete, stock_get)  # type: ignore[method-assign]
    Table.query, Table.all_items = stock_query, stock_all  # type: ignore[method-assign]
    Item.project = stock_project  # type: ignore[method-assign]
    models.DynamoDBBackend.update_item = stock_update
    models.DynamoDBBackend.transact_write_items = stock_transact
    StreamShard.add = stock_record  # type: ignore[method-assign]


install()
