"""The stack, from whatever state it was left in to the template that is wanted; every change is shown before it is made."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from dev.aws.account import Account, Stopped, code_of, now, progress, tell
from dev.aws.release import Template

LOOK = 5.0  # seconds between two looks
LONGEST = 3600 / LOOK  # looks; a distribution takes minutes, an hour means that something hangs
# Replacing one of these would begin with an empty one: what was said would be out of reach.
KEEPS = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Cognito::UserPool")
# A first deployment that never came to its end, or a farewell that did not: nobody works with such a stack.
HALF = ("REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED")
NOTHING_NEW = ("didn't contain changes", "no updates are to be performed")


@dataclass(frozen=True)
class Stack:
    """As it is. `status` "" where there is none."""

    status: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    id: str = ""

    @property
    def exists(self) -> bool:
        return self.status not in ("", "DELETE_COMPLETE", *HALF)

    def parameter(self, name: str) -> str:
        return dict(self.parameters).get(name, "")

    def output(self, name: str) -> str:
        return dict(self.outputs).get(name, "")


@dataclass(frozen=True)
class Change:
    action: str
    name: str
    kind: str
    replaces: bool

    @property
    def loses(self) -> bool:
        return self.kind in KEEPS and (self.replaces or self.action == "Remove")


def look(account: Account) -> Stack:
    try:
        [found] = account.client("cloudformation").describe_stacks(StackName=account.stack)["Stacks"]
    except ClientError as error:
        if code_of(error) == "ValidationError" and "does not exist" in str(error):
            return Stack()
        raise
    return Stack(
        found["StackStatus"],
        tuple((each["ParameterKey"], each["ParameterValue"]) for each in found.get("Parameters", ())),
        tuple((each["OutputKey"], each["OutputValue"]) for each in found.get("Outputs", ())),
        found.get("StackStatusReason", ""),
        found.get("StackId", ""),
    )


def settle(account: Account) -> Stack:
    """Waits for what is under way, and clears what an earlier run has left half done. Raises Stopped."""
    found = look(account)
    if found.status.endswith("_IN_PROGRESS") and found.status != "REVIEW_IN_PROGRESS":
        tell(f"Another change is under way ({found.status}); waiting for it.")
        found = wait(account)
    if found.status == "UPDATE_ROLLBACK_FAILED":
        tell("An earlier update could not be undone; trying again.")
        account.client("cloudformation").continue_update_rollback(StackName=account.stack)
        found = wait(account)
    if found.status in HALF:
        tell(f"Clearing what an earlier try has left ({found.status}).")
        remove(account)
        found = Stack()
    return found if found.exists else Stack()


def bring(account: Account, url: str, template: Template, given: dict[str, str], dry: bool) -> bool:
    """The stack as `template` at `url` says, with these parameters and the present ones for the rest.

    True where something was (or with `dry`: would be) changed. Raises Stopped with the first thing that failed.
    """
    present = still(account) if dry else settle(account)
    wanted = parameters(template, present, given)
    if present.exists and same(account, present, template, wanted):
        return False
    name = f"otklik-{now():%Y%m%d-%H%M%S}"
    if not propose(account, name, url, wanted, new=not present.exists):
        return False
    changes = list(proposed(account, name))
    show(changes)
    refuse_loss(account, name, changes)
    if dry:
        withdraw(account, name, new=not present.exists)
        return True
    account.client("cloudformation").execute_change_set(StackName=account.stack, ChangeSetName=name)
    done = wait(account)
    if done.status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise Stopped(f"The stack is {done.status}.\n{reasons(account)}\nMend it and run the same command again.")
    return True


def still(account: Account) -> Stack:
    """As it is, for who only looks. Raises Stopped where it would have to be set right first."""
    found = look(account)
    if found.exists and found.status.endswith(("_IN_PROGRESS", "_FAILED")):
        raise Stopped(
            f"The stack is {found.status}; a dry run touches nothing, and so cannot look further. The same command without --dry-run goes on from there."
        )
    return found


def parameters(template: Template, present: Stack, given: dict[str, str]) -> dict[str, str]:
    declared = template.get("Parameters", {})
    defaults = {name: str(each["Default"]) for name, each in declared.items() if "Default" in each}
    kept = {name: value for name, value in present.parameters if name in declared}
    return defaults | kept | {name: value for name, value in given.items() if name in declared}


def same(account: Account, present: Stack, template: Template, wanted: dict[str, str]) -> bool:
    if dict(present.parameters) != wanted or present.status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        return False
    answer = account.client("cloudformation").get_template(StackName=account.stack, TemplateStage="Original")
    return bool(answer["TemplateBody"] == template)


def propose(account: Account, name: str, url: str, wanted: dict[str, str], new: bool) -> bool:
    """False where CloudFormation finds nothing to change."""
    client = account.client("cloudformation")
    client.create_change_set(
        StackName=account.stack,
        ChangeSetName=name,
        ChangeSetType="CREATE" if new else "UPDATE",
        TemplateURL=url,
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in sorted(wanted.items())],
        Tags=[{"Key": "app", "Value": "otklik"}, {"Key": "stage", "Value": account.stage}],
    )
    for _ in looks(account):
        told = client.describe_change_set(StackName=account.stack, ChangeSetName=name)
        if told["Status"] == "CREATE_COMPLETE":
            return True
        if told["Status"] == "FAILED":
            reason = told.get("StatusReason", "")
            withdraw(account, name, new)
            if any(words in reason.lower() for words in NOTHING_NEW):
                return False
            raise Stopped(f"CloudFormation does not take the template: {reason}")
    raise Stopped("CloudFormation takes too long to look at the template; run the same command again.")


def proposed(account: Account, name: str) -> Iterator[Change]:
    pages = account.client("cloudformation").get_paginator("describe_change_set")
    for page in pages.paginate(StackName=account.stack, ChangeSetName=name):
        for each in page["Changes"]:
            told = each["ResourceChange"]
            replaces = told.get("Replacement") in ("True", "Conditional")
            yield Change(told["Action"], told["LogicalResourceId"], told["ResourceType"], replaces)


def show(changes: list[Change]) -> None:
    for each in sorted(changes, key=lambda change: (change.action, change.kind, change.name)):
        tell(f"  {each.action:<8}{each.name:<36} {each.kind}{'  (a new one in its place)' if each.replaces else ''}")
    tell(f"{len(changes)} change{'' if len(changes) == 1 else 's'}.")


def refuse_loss(account: Account, name: str, changes: list[Change]) -> None:
    lost = [change.name for change in changes if change.loses]
    if lost:
        withdraw(account, name, new=False)
        raise Stopped(
            f"This would begin with an empty {', '.join(lost)}; nothing was changed. Export first, or undo it."
        )


def withdraw(account: Account, name: str, new: bool) -> None:
    """A stack that exists only as a proposal goes with it."""
    client = account.client("cloudformation")
    client.delete_change_set(StackName=account.stack, ChangeSetName=name)
    if new:
        client.delete_stack(StackName=account.stack)


def remove(account: Account) -> Stack:
    account.client("cloudformation").delete_stack(StackName=account.stack)
    done = wait(account)
    if done.status not in ("", "DELETE_COMPLETE"):
        raise Stopped(f"The stack could not be deleted ({done.status}).\n{reasons(account)}")
    return done


def wait(account: Account) -> Stack:
    """Until nothing is under way any more, with a dot for each look. Raises Stopped after an hour."""
    progress("Waiting for CloudFormation ")
    for _ in looks(account):
        found = look(account)
        if not found.status.endswith("_IN_PROGRESS"):
            progress(f" {found.status or 'gone'}\n")
            return found
        progress(".")
    raise Stopped("CloudFormation has been at it for an hour; look at its console, then run the same command again.")


def looks(account: Account) -> Iterator[None]:
    for _ in range(int(LONGEST)):
        yield
        account.sleep(LOOK)


def reasons(account: Account) -> str:
    """What failed first, in CloudFormation's words; what failed only because of it is left out."""
    events: list[dict[str, Any]] = account.client("cloudformation").describe_stack_events(StackName=account.stack)[
        "StackEvents"
    ]
    failed = [each for each in events if each.get("ResourceStatus", "").endswith("_FAILED")]
    own = [each for each in failed if "cancelled" not in each.get("ResourceStatusReason", "")]
    told = [f"  {each['LogicalResourceId']}: {each.get('ResourceStatusReason', '')}" for each in reversed(own)]
    return "\n".join(told[:5])
