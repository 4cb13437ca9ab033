"""Reads the meter: each call to AWS with its parameters, and what is billed for it. A call that nobody has priced is an error."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dev.bench import Door, Meter
from dev.cost_units import Item, indexed, read, read_each, size, written

Units = Counter[str]  # by the names of dev/prices.json; floats, because half units are read
Key = dict[str, Any]
Ask = Callable[[str, Any], Any]  # an operation and its parameters, past the meter
FREE = {
    ("s3", "DeleteObject"),
    ("dynamodb", "DescribeContinuousBackups"),
    ("cognito-idp", "AdminInitiateAuth"),  # paid by the agent and month
}
S3 = {
    "PutObject": "s3 write",
    "CopyObject": "s3 write",
    "ListObjectsV2": "s3 write",
    "GetObject": "s3 read",
    "HeadObject": "s3 read",
}


class Unpriced(Exception):
    """A call of which dev/cost_meter.py does not know what it costs: it must not count as nothing."""


@dataclass(frozen=True)
class Sent:
    """A mail that SES has taken."""

    message_id: str
    tags: dict[str, str]
    to: tuple[str, ...]


@dataclass
class Bill(Meter):
    """`units` are what is billed, `asked` how often each service was; `changed` are tickets that the stream will tell of."""

    units: Units = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    sent: list[Sent] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    bytes_put: Counter[str] = field(default_factory=Counter)  # by the first folder of the key
    measures: bool = True  # else only the calls are heard: their units take further calls to find out

    def __post_init__(self) -> None:
        super().__init__()

    def through(self, door: Door, client: Any, operation: str, parameters: Any) -> Any:
        service = client.meta.service_model.service_name
        self.asked[service] += 1
        rule = RULES.get(service)
        if (service, operation) in FREE:
            return door(client, operation, parameters)
        if rule is None:
            raise Unpriced(f"{service} {operation}")
        return rule(self, lambda *call: door(client, *call), operation, parameters)


# -- DynamoDB


def dynamodb(bill: Bill, ask: Ask, operation: str, parameters: Any) -> Any:
    if operation in READS:
        answer = ask(operation, parameters)
        bill.units["ddb read"] += READS[operation](ask, parameters, answer) if bill.measures else 0
        return answer
    if operation not in WRITES:
        raise Unpriced(f"dynamodb {operation}")
    keys = WRITES[operation](parameters)
    bill.changed += [key["pk"]["S"][2:] for _, key in keys if key["pk"]["S"].startswith("T#") and key["sk"]["S"] == "#"]
    if not bill.measures:
        return ask(operation, parameters)
    before = [found(ask, *key) for key in keys]
    try:
        return ask(operation, parameters)
    finally:  # what was refused is billed as well
        for key, old in zip(keys, before, strict=True):
            new = found(ask, *key)
            bill.units["ddb write"] += written(old, new, operation == "TransactWriteItems") + indexed(old, new)


def found(ask: Ask, table: str, key: Key) -> Item | None:
    item: Item | None = ask("GetItem", {"TableName": table, "Key": key, "ConsistentRead": True}).get("Item")
    return item


def keys_of_transaction(parameters: Any) -> list[tuple[str, Key]]:
    targets = [target for each in parameters["TransactItems"] for target in each.values()]
    return [(target["TableName"], key_of(target)) for target in targets]


def key_of(target: Any) -> Key:
    key = target.get("Key") or target["Item"]
    return {name: key[name] for name in ("pk", "sk")}


def one_key(parameters: Any) -> list[tuple[str, Key]]:
    return [(parameters["TableName"], key_of(parameters))]


def got(ask: Ask, parameters: Any, answer: Any) -> float:
    return read([size(answer.get("Item"))], parameters.get("ConsistentRead", False))


def got_many(ask: Ask, parameters: Any, answer: Any) -> float:
    units = 0.0
    for table, asked in parameters["RequestItems"].items():
        sizes = [size(item) for item in answer["Responses"].get(table, [])]
        missing = [0] * (len(asked["Keys"]) - len(sizes))
        units += read_each(sizes + missing, asked.get("ConsistentRead", False))
    return units


def queried(ask: Ask, parameters: Any, answer: Any) -> float:
    """What a query leaves out of its answer it has read all the same."""
    if "ProjectionExpression" in parameters:
        whole = {name: value for name, value in parameters.items() if name != "ProjectionExpression"}
        names = {name: its for name, its in whole["ExpressionAttributeNames"].items() if name != "#only"}
        answer = ask("Query", whole | {"ExpressionAttributeNames": names})
    return read([size(item) for item in answer["Items"]], parameters.get("ConsistentRead", False))


READS: dict[str, Callable[[Ask, Any, Any], float]] = {"GetItem": got, "BatchGetItem": got_many, "Query": queried}
WRITES: dict[str, Callable[[Any], list[tuple[str, Key]]]] = {
    "PutItem": one_key,
    "UpdateItem": one_key,
    "DeleteItem": one_key,
    "TransactWriteItems": keys_of_transaction,
}


# -- S3 and SES


def s3(bill: Bill, ask: Ask, operation: str, parameters: Any) -> Any:
    if operation not in S3:
        raise Unpriced(f"s3 {operation}")
    bill.units[S3[operation]] += 1
    if operation == "PutObject":
        bill.bytes_put[folder(parameters["Key"])] += length(parameters["Body"])
    return ask(operation, parameters)


def folder(key: str) -> str:
    return key.partition("/")[0]


def length(body: Any) -> int:
    if isinstance(body, bytes):
        return len(body)
    here = body.tell()
    end = body.seek(0, 2)
    body.seek(here)
    return int(end - here)


def sesv2(bill: Bill, ask: Ask, operation: str, parameters: Any) -> Any:
    """Paid by the recipient. Files in mail that leaves are paid by their bytes; the desk's answers here have none."""
    if operation != "SendEmail":
        raise Unpriced(f"sesv2 {operation}")
    answer = ask(operation, parameters)
    to = [address for several in parameters["Destination"].values() for address in several]
    bill.units["ses out"] += len(to)
    tags = {tag["Name"]: tag["Value"] for tag in parameters.get("EmailTags", [])}
    bill.sent.append(Sent(answer["MessageId"], tags, tuple(to)))
    return answer


RULES: dict[str, Callable[[Bill, Ask, str, Any], Any]] = {"dynamodb": dynamodb, "s3": s3, "sesv2": sesv2}
