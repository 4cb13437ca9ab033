"""`./desk system-test --policies [ROLE ...]`: takes from each role one thing after the other, and looks for what then fails.

The walk shows that the policies suffice. This shows what they could do without: each action and each resource of each statement
is taken away, one at a time, in the emulator, and the stories of that role's function are gone through until one fails. It takes a
while and is done by hand after a change of infra/roles.json; what it said last stands in docs/decisions/0013-least-privilege.md.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from dev import walk
from dev.aws import operate
from dev.aws.account import Account, tell
from dev.policy_stories import DRIVER, FUNCTIONS, STORIES, Driven, Exercise, indexed
from dev.system_test import deployed_desk
from dev.visitor import Failed

Policy = dict[str, Any]
PATIENCE = 1.0  # seconds: here a function is called and done, or it is not
FOREIGN = {
    "TellsMissingFromForbidden": "S3 says 403 of a missing object to whoever may not list; the emulator says 404",
    "`ses:SendRawEmail`": "SES asks for it where a raw mail is sent, by whichever API; the emulator does not",
    "ItsLog": "the emulator writes logs by itself",
    "Traces": "the emulator has no X-Ray",
    "ItsQueue": "the emulator reads the queue by itself",
    "ItsStream": "the emulator reads the stream by itself",
}


def main(wanted: Sequence[str]) -> int:
    """Prints a table in Markdown, of the `wanted` roles or all. 1 where something is allowed that no story needs."""
    with deployed_desk({"driver.py": DRIVER}) as plain:
        desk = Driven(plain.to, plain.address, PATIENCE)
        stand_still(desk.to)
        walk.signs_in(desk)
        indexed(desk)  # or nobody could find anything
        tell("\n| role | statement | without | fails |\n|---|---|---|---|")
        rows = []
        for role in wanted or STORIES:
            for row in of_role(desk, role):
                rows.append(row)
                tell(f"| {' | '.join(row)} |")
    spare = [row for row in rows if row[3].startswith("**")]
    tell(f"\n{len(rows)} parts, {len(spare)} of them not needed by any story.")
    return 1 if spare else 0


def stand_still(to: Account) -> None:
    """No event wakes a function any more, and all but the API's are driven."""
    client = to.client("lambda")
    for each in client.list_event_source_mappings()["EventSourceMappings"]:
        client.update_event_source_mapping(UUID=each["UUID"], Enabled=False)
    for function in ("TakeIn", "Tick", "SesEvents", "Index", "SweepIndex"):
        client.update_function_configuration(FunctionName=operate.physical(to, function), Handler="driver.handler")


def of_role(desk: Driven, role: str) -> Iterator[tuple[str, str, str, str]]:
    with acting(desk.to, role) as (name, policy):
        walk.comes_in(desk)
        for story in STORIES[role]:
            story(desk)  # with everything: what fails below fails for want of what was taken
        for sid, part, less in parts(policy):
            allow(desk.to, role, name, less)
            why = FOREIGN.get(sid) or FOREIGN.get(part)
            yield role, sid, part, first_failure(desk, STORIES[role]) or (f"({why})" if why else "**nothing**")
        allow(desk.to, role, name, policy)


@contextmanager
def acting(to: Account, role: str) -> Iterator[tuple[str, Policy]]:
    """The role's functions act in its name. Its name, and its policy."""
    iam, functions = to.client("iam"), to.client("lambda")
    name = operate.physical(to, role)
    arn = iam.get_role(RoleName=name)["Role"]["Arn"]
    own = [operate.physical(to, function) for function in FUNCTIONS[role]]
    before = {each: functions.get_function_configuration(FunctionName=each)["Role"] for each in own}
    for each in own:
        renew(to, each, Role=arn)
    yield name, iam.get_role_policy(RoleName=name, PolicyName="own")["PolicyDocument"]
    for each, usual in before.items():
        renew(to, each, Role=usual)


def allow(to: Account, role: str, name: str, policy: Policy) -> None:
    to.client("iam").put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(policy))
    for function in FUNCTIONS[role]:
        renew(to, operate.physical(to, function))


def renew(to: Account, function: str, **settings: Any) -> None:
    """With new containers: an old one may know what it could not read now. The emulator makes new ones for a time-out that is set."""
    client = to.client("lambda")
    seconds = client.get_function_configuration(FunctionName=function)["Timeout"]
    client.update_function_configuration(FunctionName=function, Timeout=seconds, **settings)


def parts(policy: Policy) -> Iterator[tuple[str, str, Policy]]:
    """(Sid, what is taken away, the policy without it); a statement of one action and one resource goes as a whole."""
    statements = policy["Statement"]
    for at, statement in enumerate(statements):
        lists = {word: as_list(statement[word]) for word in ("Action", "Resource")}
        several = [(word, each) for word, all_ in lists.items() if len(all_) > 1 for each in all_]
        if not several:
            yield statement["Sid"], "all of it", policy | {"Statement": statements[:at] + statements[at + 1 :]}
        for word, each in several:
            less = statement | {word: [one for one in lists[word] if one != each]}
            yield statement["Sid"], said(each), policy | {"Statement": [*statements[:at], less, *statements[at + 1 :]]}


def as_list(given: str | list[str]) -> list[str]:
    return given if isinstance(given, list) else [given]


def said(part: str) -> str:
    """An ARN without account, region and generated names."""
    if not part.startswith("arn:"):
        return f"`{part}`"
    kind, _, rest = part.split(":", 5)[5].partition("/")
    return f"`{rest.partition('/')[2] if kind == 'table' and '/' in rest else rest or kind}`"


def first_failure(desk: Driven, stories: tuple[Exercise, ...]) -> str:
    trying = replace(desk, cookies=dict(desk.cookies))  # a session that is lost here is not lost for the others
    for story in stories:
        try:
            story(trying)
        except (Failed, TimeoutError) as error:
            return f"{story.__doc__} ({str(error).splitlines()[0][:80]})"
    return ""
