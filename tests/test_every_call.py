"""Deploying, going back and going away: the run dies before or after any of its calls to AWS; given again, the end is the same.

Each story is a preparation and a command. What comes of it is compared with what comes of it in peace.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any

import boto3
import pytest

from chalicelib import cognito, config, table
from dev.aws import kept, release, undo
from dev.aws.account import Account, Stopped
from dev.aws.deploy import Wishes, deployed
from dev.aws.outside import Answer
from dev.aws.release import Release
from dev.cloud import Cloud
from tests.crashes import Crash
from tests.fake_stack import OUTPUTS, RULE, FakeStack, answered, delete_bucket, delete_rule, make_bucket
from tests.test_deploy import CODE, PAGES

SITE, SHELF = OUTPUTS["SiteBucketName"], "otklik-prod-releases-123456789012-eu-west-1"
PARAMETERS = {
    "Domain": {"Type": "String"},
    "SiteDomain": {"Type": "String"},
    "LogDays": {"Type": "Number", "Default": 30},
}
FUNCTION = {"Type": "AWS::Lambda::Function", "Properties": {"Code": {}}}
FIRST = release.release_of(CODE, {"Parameters": PARAMETERS, "Resources": {"Tick": FUNCTION}}, PAGES)
SECOND = release.release_of(
    CODE,
    {"Parameters": PARAMETERS, "Resources": {"Tick": FUNCTION, "Other": FUNCTION}},
    PAGES | {"index.html": b"<html>new", "assets/index-def.js": b"new"},
)
SERVICES = ("cloudformation", "s3", "ses", "sesv2", "lambda", "cloudfront", "sts", "dynamodb", "cognito-idp")
FEW = 4  # calls to die at, everyday; all of them are some hundreds


@dataclass
class World:
    """An account with nothing of the desk in it."""

    cloud: Cloud
    to: Account
    stack: FakeStack
    stale: bool = False  # an entrance was put since CloudFront last forgot

    def clients(self) -> list[Any]:
        return [*self.to.clients.values(), table.client(), cognito.client()]

    def deploy(self, new: Release) -> int:
        return deployed(self.to, new, Wishes("help.example.com", admin=("ada", "ada@example.com"), minutes=0), well)

    def end(self) -> dict[str, Any]:
        """All that a run leaves behind."""
        return {
            "stack": (self.stack.status, self.stack.parameters, self.stack.template, list(self.stack.sets)),
            "shelf": sorted(keys(SHELF)),
            "deployed": release.deployed(self.to) if keys(SHELF) else None,
            "site": {key: body(SITE, key) for key in keys(SITE)},
            "stale": self.stale,
            "rules": boto3.client("ses").describe_active_receipt_rule_set().get("Rules"),
            "desk": sorted(str(item["pk"]) + str(item["sk"]) for item in self.cloud.items()),
            "kept": still_there(self.stack.physical),
        }


def well(url: str) -> Answer:
    if "s3." in url or url.endswith("/api/tickets"):
        return Answer(401, {})
    headers = {"content-security-policy": "x", "strict-transport-security": "x"}
    return Answer(200, headers, b'{"status": "ok"}' if url.endswith("health") else b"<html>")


def keys(bucket: str) -> list[str]:
    try:
        return [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket=bucket).get("Contents", ())]
    except boto3.client("s3").exceptions.NoSuchBucket:
        return []


def body(bucket: str, key: str) -> bytes:
    return bytes(boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())


def still_there(physical: dict[str, str]) -> list[str]:
    """What of the desk's memory is still there."""
    pools = [each["Id"] for each in boto3.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]]
    there = {*boto3.client("dynamodb").list_tables()["TableNames"], *pools}
    there |= {each["Name"] for each in boto3.client("s3").list_buckets()["Buckets"]}
    return [kind for kind, name in physical.items() if name in there]


# -- the account


@pytest.fixture(scope="module")
def clients(one_cloud: Cloud) -> dict[tuple[str, str], Any]:
    """Made once: making one takes longer than a whole deployment on the fake cloud."""
    to = Account("prod", "eu-west-1")
    for service in SERVICES:
        to.client(service)
    return to.clients


@pytest.fixture
def new_world(one_cloud: Cloud, clients: dict[Any, Any]) -> Iterator[Callable[[], World]]:
    undoing: list[Callable[[], None]] = []

    def make() -> World:
        while undoing:
            undoing.pop()()
        clean(one_cloud)
        world = World(one_cloud, Account("prod", "eu-west-1", lambda seconds: None, clients), FakeStack(memory()))
        undoing.extend(doors(world))
        return world

    yield make
    while undoing:
        undoing.pop()()
    clean(one_cloud)


def clean(cloud: Cloud) -> None:
    cloud.empty()
    rules = boto3.client("ses")
    rules.set_active_receipt_rule_set()
    for each in rules.list_receipt_rule_sets()["RuleSets"]:
        rules.delete_receipt_rule_set(RuleSetName=each["Name"])
    for bucket in (SITE, SHELF, "gone-mail"):
        kept.empty(Account("prod", "eu-west-1"), bucket)
        delete_bucket(bucket)
    with suppress(boto3.client("dynamodb").exceptions.ResourceNotFoundException):
        boto3.client("dynamodb").delete_table(TableName="gone")
    for pool in boto3.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]:
        if pool["Name"] == "gone":
            boto3.client("cognito-idp").delete_user_pool(UserPoolId=pool["Id"])


def memory() -> dict[str, str]:
    """Table, mail bucket and pool of the stack: none that other tests need."""
    key: Any = [{"AttributeName": "pk", "KeyType": "HASH"}]
    own: Any = [{"AttributeName": "pk", "AttributeType": "S"}]
    boto3.client("dynamodb").create_table(
        TableName="gone", KeySchema=key, AttributeDefinitions=own, BillingMode="PAY_PER_REQUEST"
    )
    make_bucket("gone-mail")
    boto3.client("s3").put_object(Bucket="gone-mail", Key="mail/1", Body=b"x")
    pool = boto3.client("cognito-idp").create_user_pool(PoolName="gone")["UserPool"]["Id"]
    return {"Table": "gone", "Bucket": "gone-mail", "UserPool": pool}


def doors(world: World) -> list[Callable[[], None]]:
    """What moto has no notion of."""
    variables = {name: value for name, value in world.cloud.environment.items() if value}
    identity = {"VerifiedForSendingStatus": True, "DkimAttributes": {"Status": "SUCCESS"},
                "MailFromAttributes": {"MailFromDomain": "b", "MailFromDomainStatus": "SUCCESS", "BehaviorOnMxFailure": "USE_DEFAULT_VALUE"}}  # fmt: skip
    account = {"ProductionAccessEnabled": True, "SendingEnabled": True}

    def forget(asked: Any) -> Any:
        world.stale = False
        return {}

    others: dict[str, dict[str, Callable[[Any], Any]]] = {
        "cloudformation": world.stack.operations(),
        "ses": {"DeleteReceiptRule": delete_rule},
        "cloudfront": {"CreateInvalidation": forget},
        "sesv2": {"GetEmailIdentity": lambda asked: identity, "GetAccount": lambda asked: account},
        "lambda": {
            "GetAccountSettings": lambda asked: {"AccountLimit": {"UnreservedConcurrentExecutions": 1000}},
            "GetFunctionConfiguration": lambda asked: {"Environment": {"Variables": variables}},
        },
    }
    undoing = [answered(world.to.client(service), service, answers) for service, answers in others.items()]
    return [*undoing, watched_entrances(world)]


def watched_entrances(world: World) -> Callable[[], None]:
    def put(params: Any, **_: Any) -> None:
        if params["Bucket"] == SITE and not params["Key"].startswith("assets/"):
            world.stale = True

    events = world.to.client("s3").meta.events
    events.register("before-parameter-build.s3.PutObject", put)
    return lambda: events.unregister("before-parameter-build.s3.PutObject", put)


@contextmanager
def dies_at(world: World, call: int, after: bool = False) -> Iterator[list[str]]:
    """The `call`-th call never happens, or happens and nobody hears the answer. Yields the calls made."""
    made: list[str] = []
    numbers = count(1)
    moment = "after-call" if after else "before-call"

    def hook(model: Any, **_: Any) -> None:
        made.append(f"{model.service_model.service_name}.{model.name}")
        if next(numbers) == call:
            raise Crash

    doors = [(client.meta.events, f"{moment}.{client.meta.service_model.service_name}") for client in world.clients()]
    for events, event in doors:
        events.register_first(event, hook)
    try:
        yield made
    finally:
        for events, event in doors:
            events.unregister(event, hook)


# -- the stories


def first_deployment(world: World) -> Callable[[], Any]:
    return lambda: world.deploy(FIRST)


def update(world: World) -> Callable[[], Any]:
    world.deploy(FIRST)
    return lambda: world.deploy(SECOND)


def among_others(world: World) -> Callable[[], Any]:
    """The account has rules for incoming mail already."""
    rules = boto3.client("ses")
    rules.create_receipt_rule_set(RuleSetName="office")
    rules.create_receipt_rule(RuleSetName="office", Rule=RULE | {"Name": "billing"})
    rules.set_active_receipt_rule_set(RuleSetName="office")
    return lambda: world.deploy(FIRST)


def going_back(world: World) -> Callable[[], Any]:
    world.deploy(FIRST)
    world.deploy(SECOND)
    # Whoever has read where it went back to does not go back once more.
    return lambda: undo.back(world.to) if release.deployed(world.to).current == SECOND.id else None


def going_away(world: World) -> Callable[[], Any]:
    world.deploy(FIRST)
    return lambda: gone(world, "")


def going_away_from_others(world: World) -> Callable[[], Any]:
    """Another stage has put its rule into our set, which was the active one."""
    world.deploy(FIRST)
    boto3.client("ses").create_receipt_rule(RuleSetName="otklik-prod", Rule=RULE | {"Name": "otklik-test-mail-in"})
    return lambda: gone(world, "")


def going_away_with_everything(world: World) -> Callable[[], Any]:
    world.deploy(FIRST)
    return lambda: gone(world, "help.example.com")


def gone(world: World, data_too: str) -> None:
    try:
        undo.gone(world.to, "prod", data_too)
    except Stopped as stopped:
        assert "There is no desk" in str(stopped)


Story = Callable[[World], Callable[[], Any]]
STORIES: tuple[Story, ...] = (
    first_deployment,
    update,
    among_others,
    going_back,
    going_away,
    going_away_from_others,
    going_away_with_everything,
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.__name__))
def test_a_run_that_dies_at_some_call_is_brought_to_the_same_end(story: Story, new_world: Callable[[], World]) -> None:
    calls, peace = in_peace(story, new_world())
    drawn = Random(story.__name__).sample(range(1, len(calls) + 1), FEW)
    assert [calls[call - 1] for call in drawn if unlike(peace, story, new_world(), call)] == []


@pytest.mark.long
@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.__name__))
def test_a_run_that_dies_at_any_call_is_brought_to_the_same_end(story: Story, new_world: Callable[[], World]) -> None:
    """To die before a call is to die after the one before it; so only the last one has an after of its own."""
    calls, peace = in_peace(story, new_world())
    wrong = [calls[call - 1] for call in range(1, len(calls) + 1) if unlike(peace, story, new_world(), call)]
    assert wrong == []
    assert not unlike(peace, story, new_world(), len(calls), after=True)


def in_peace(story: Story, world: World) -> tuple[list[str], dict[str, Any]]:
    deed = story(world)
    with dies_at(world, 0) as calls:
        deed()
    return calls, world.end()


def unlike(peace: dict[str, Any], story: Story, world: World, call: int, after: bool = False) -> bool:
    """Says where the end differs."""
    deed = story(world)
    with dies_at(world, call, after), suppress(Crash):
        deed()
    config.forget()
    deed()
    end = world.end()
    for name in peace:
        if peace[name] != end[name]:
            print(f"{call}: {name} is {end[name]} instead of {peace[name]}")
    return end != peace


def test_the_password_that_was_told_last_is_the_one_that_signs_in(
    new_world: Callable[[], World], capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where the run dies just when its administrator is there: nobody would be told again."""
    calls, _ = in_peace(first_deployment, new_world())
    last = len(calls) - calls[::-1].index("dynamodb.PutItem")
    world = new_world()
    with dies_at(world, last, after=True), suppress(Crash):
        world.deploy(FIRST)
    world.deploy(FIRST)
    told = re.findall(r"“ada” with the password  (\S+)", capsys.readouterr().out)
    assert cognito.authenticate("ada", told[-1])


def test_the_rules_of_others_stay_active_when_our_set_goes(new_world: Callable[[], World]) -> None:
    world = new_world()
    going_away_from_others(world)()
    active = boto3.client("ses").describe_active_receipt_rule_set()
    assert [each["Name"] for each in active["Rules"]] == ["otklik-test-mail-in"]
