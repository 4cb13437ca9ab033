"""What stays when a desk is taken away: its table, its mail bucket, its accounts. `kept.json` on the shelf says which they are.

Written before the stack goes, since nobody else knows their names afterwards: neither a run that was broken off, nor a new desk of
the same name, which begins empty.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from botocore.exceptions import ClientError

from dev.aws import release
from dev.aws.account import Account, Stopped, code_of, now, tell

NOTE = "kept.json"
LOOK = 5.0  # seconds between two looks at a table that changes
GONE = ("NoSuchBucket", "NoSuchKey", "ResourceNotFoundException")


@dataclass(frozen=True)
class Memory:
    """All that an earlier desk knew."""

    domain: str
    table: str
    bucket: str
    pool: str
    since: str = ""  # the day on which its desk went

    def __str__(self) -> str:
        return (
            f"table {self.table}, bucket {self.bucket}, user pool {self.pool} ({self.domain}, gone since {self.since})"
        )


def memories(account: Account) -> list[Memory]:
    """Of desks of this stage that were taken away, the newest last."""
    with missing_is_fine():
        return [Memory(**each) for each in json.loads(release.get(account, NOTE))]
    return []


def note(account: Account, memory: Memory) -> None:
    """Once, however often it is told."""
    before = [each for each in memories(account) if each.table != memory.table]
    write(account, [*before, Memory(**asdict(memory) | {"since": f"{now():%Y-%m-%d}"})])


def write(account: Account, all_of_them: list[Memory]) -> None:
    release.put(account, NOTE, json.dumps([asdict(each) for each in all_of_them]).encode())


def remind(account: Account) -> None:
    """A new desk begins empty, also where the tickets of an earlier one lie beside it; nobody should be surprised by that."""
    for each in memories(account):
        tell(f"An earlier desk of this name has left its {each}. The new one begins without it; to bring it over:\n"
             f"  ./desk export --stage {account.stage} --kept DIR, then ./desk import --stage {account.stage} DIR")  # fmt: skip


def newest(account: Account) -> Memory:
    """Raises Stopped where nothing is kept."""
    found = memories(account)
    if not found:
        raise Stopped(f"Nothing is kept of an earlier desk “{account.stage}” in {account.region}.")
    return found[-1]


# -- for good


def erase(account: Account, memory: Memory) -> None:
    """Each is protected against a slip of the hand, so that the protection goes first. What is gone already is passed over."""
    for step in (erase_table, erase_bucket, erase_pool):
        with missing_is_fine():
            step(account, memory)


def erase_table(account: Account, memory: Memory) -> None:
    client, name = account.client("dynamodb"), {"TableName": memory.table}
    if status_of(client, memory.table) == "DELETING":
        return
    client.update_table(**name, DeletionProtectionEnabled=False)
    for _ in range(120):  # a table that is being changed cannot be deleted
        if status_of(client, memory.table) == "ACTIVE":
            break
        account.sleep(LOOK)
    client.delete_table(**name)


def status_of(client: Any, table: str) -> str:
    return str(client.describe_table(TableName=table)["Table"]["TableStatus"])


def erase_bucket(account: Account, memory: Memory) -> None:
    empty(account, memory.bucket)
    account.client("s3").delete_bucket(Bucket=memory.bucket)


def erase_pool(account: Account, memory: Memory) -> None:
    client = account.client("cognito-idp")
    client.update_user_pool(UserPoolId=memory.pool, DeletionProtection="INACTIVE")
    client.delete_user_pool(UserPoolId=memory.pool)


def clear_shelf(account: Account) -> None:
    """The note last: as long as it is there, somebody knows what is left to do."""
    with missing_is_fine():
        empty(account, account.shelf, but=NOTE)
        empty(account, account.shelf)
        account.client("s3").delete_bucket(Bucket=account.shelf)


def empty(account: Account, bucket: str, but: str = "") -> None:
    """Every version of every object; a bucket that is gone already is empty."""
    client = account.client("s3")
    with missing_is_fine():
        for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
            found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found if each["Key"] != but]
            if objects:
                told = client.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
                refuse(bucket, told.get("Errors", []))


def refuse(bucket: str, errors: list[dict[str, Any]]) -> None:
    """S3 answers that all is well also where it did not delete a thing."""
    if errors:
        raise Stopped(f"{len(errors)} objects of {bucket} cannot be deleted: {errors[0].get('Message', '')}")


@contextmanager
def missing_is_fine() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if code_of(error) not in GONE:
            raise
