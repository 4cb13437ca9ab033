"""What a story asks of AWS, recorded at the door through which every call of every botocore client goes.

Each item that a call writes is kept as it was before and after, so that sizes, keys and index rows are the desk's own.
A call that nothing is known of stops the recording: it would be missing in the simulation, and nobody would notice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from dev.bench import Door, Meter
from dev.dynamodb_units import Raw, item_size, read_units

Key = tuple[str, str]
OBJECTS = {  # S3's calls by what its limits count: writes and reads of a prefix
    "PutObject": "write",
    "CopyObject": "write",
    "DeleteObject": "write",
    "GetObject": "read",
    "HeadObject": "read",
    "ListObjectsV2": "read",
}
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")
READS = ("GetItem", "BatchGetItem", "Query")
MAILS = ("SendEmail",)


class UnknownCall(Exception):
    """An operation whose cost this simulation does not know."""


@dataclass(frozen=True)
class Change:
    """An item before and after a call; the same twice where the call only asked, or was refused."""

    key: Key
    before: Raw | None
    after: Raw | None


@dataclass(frozen=True)
class Call:
    """`reads`: (partition, units), by place (`table` or the index); `prefix`: the first part of an object's key."""

    operation: str
    changes: tuple[Change, ...] = ()
    place: str = "table"
    reads: tuple[tuple[str, float], ...] = ()
    prefix: str = ""
    size: int = 0

    @property
    def transactional(self) -> bool:
        return self.operation.startswith("Transact")


class Recorder(Meter):
    """What is asked while it is reading, in `heard`."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Call] = []

    def through(self, door: Door, client: Any, operation: str, parameters: Any) -> Any:
        return self.hear(partial(door, client), operation, parameters)

    def hear(self, ask: Callable[[str, Any], Any], operation: str, parameters: Any) -> Any:
        if operation in WRITES:
            return self.written(ask, operation, parameters)
        answer = ask(operation, parameters)
        if operation in READS:
            self.heard.append(READERS[operation](ask, parameters, answer))
        elif operation in OBJECTS:
            self.heard.append(objects(operation, parameters))
        elif operation in MAILS:
            self.heard.append(Call(operation, size=len(parameters["Content"]["Raw"]["Data"])))
        else:
            raise UnknownCall(f"Nothing is known of what {operation} costs; see dev/scale/recording.py.")
        return answer

    def written(self, ask: Callable[[str, Any], Any], operation: str, parameters: Any) -> Any:
        """Also where it is refused: that costs the same."""
        table, keys = keys_of(operation, parameters)
        before = [looked_up(ask, table, key) for key in keys]
        try:
            return ask(operation, parameters)
        finally:
            after = [looked_up(ask, table, key) for key in keys]
            self.heard.append(Call(operation, tuple(map(Change, keys, before, after))))


def keys_of(operation: str, parameters: Any) -> tuple[str, list[Key]]:
    """(table, keys) of the items that the call names."""
    if operation == "TransactWriteItems":
        each = [next(iter(item.values())) for item in parameters["TransactItems"]]
        return each[0]["TableName"], [key_of(part) for part in each]
    return parameters["TableName"], [key_of(parameters)]


def key_of(part: Any) -> Key:
    named = part.get("Key") or part["Item"]
    return named["pk"]["S"], named["sk"]["S"]


def looked_up(ask: Callable[[str, Any], Any], table: str, key: Key) -> Raw | None:
    pk, sk = key
    wanted = {"TableName": table, "Key": {"pk": {"S": pk}, "sk": {"S": sk}}, "ConsistentRead": True}
    found: Raw | None = ask("GetItem", wanted).get("Item")
    return found


# -- what reads cost


def one(ask: Callable[[str, Any], Any], parameters: Any, answer: Any) -> Call:
    units = read_units(item_size(answer.get("Item", {})), parameters.get("ConsistentRead", False))
    return Call("GetItem", reads=((parameters["Key"]["pk"]["S"], units),))


def several(ask: Callable[[str, Any], Any], parameters: Any, answer: Any) -> Call:
    """Each item for itself; what is not there costs as much as the smallest."""
    [(table, wanted)] = parameters["RequestItems"].items()
    sizes = {(item["pk"]["S"], item["sk"]["S"]): item_size(item) for item in answer["Responses"].get(table, [])}
    keys = [(key["pk"]["S"], key["sk"]["S"]) for key in wanted["Keys"]]
    consistent = wanted.get("ConsistentRead", False)
    return Call("BatchGetItem", reads=tuple((key[0], read_units(sizes.get(key, 0), consistent)) for key in keys))


def queried(ask: Callable[[str, Any], Any], parameters: Any, answer: Any) -> Call:
    """By all that was read: what a projection leaves out is paid for all the same."""
    if "ProjectionExpression" in parameters:
        whole = {name: value for name, value in parameters.items() if name != "ProjectionExpression"}
        used = str(whole["KeyConditionExpression"])
        names = whole["ExpressionAttributeNames"].items()
        answer = ask("Query", whole | {"ExpressionAttributeNames": {name: of for name, of in names if name in used}})
    size = sum(item_size(item) for item in answer["Items"])
    pk = parameters["ExpressionAttributeValues"][":p"]["S"]
    units = read_units(size, parameters.get("ConsistentRead", False))
    return Call("Query", place=parameters.get("IndexName", "table"), reads=((pk, units),))


READERS: dict[str, Callable[..., Call]] = {"GetItem": one, "BatchGetItem": several, "Query": queried}


def objects(operation: str, parameters: Any) -> Call:
    key = parameters.get("Key") or parameters.get("Prefix", "")
    body = parameters.get("Body", b"")
    size = len(body) if isinstance(body, bytes) else 0
    return Call(operation, prefix=key.partition("/")[0] + "/", size=size)
