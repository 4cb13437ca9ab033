"""`./desk rollback` goes back one release; `./desk destroy` takes the desk away and keeps what was said."""

import argparse
import sys

from botocore.exceptions import ClientError

from dev.aws import mail, operate, release, site, stack
from dev.aws.account import Account, Stopped, account, code_of, tell
from dev.aws.deploy import answered, stage_name


def main(verb: str, arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog=f"./desk {verb}", description=(back if verb == "rollback" else gone).__doc__)
    parser.add_argument("--stage", required=True, type=stage_name)
    parser.add_argument("--region")
    if verb == "destroy":
        parser.add_argument("--yes", metavar="STAGE", default="", help="the stage's name again: no question is asked")
        parser.add_argument(
            "--data-too",
            metavar="DOMAIN",
            default="",
            help="its domain: tickets, mails and accounts go as well, for good",
        )
    given = parser.parse_args(arguments)
    if verb == "rollback":
        return answered(lambda: back(account(given.stage, given.region)))
    return answered(lambda: gone(account(given.stage, given.region), given.yes, given.data_too))


def back(to: Account) -> int:
    """Goes back one release: functions, template and pages. Settings and data stay as they are."""
    now_there = release.deployed(to)
    wanted = now_there.back()
    url, template, pages = release.fetched(to, wanted.current)
    tell(f"Back from release {now_there.current} to {wanted.current}.")
    stack.bring(to, url, template, {}, dry=False)
    site.publish(to, stack.look(to), pages)
    release.remember(to, wanted)
    tell("Done. `./desk deploy` brings the working copy again.")
    return 0


# -- away


def gone(to: Account, yes: str, data_too: str) -> int:
    """Takes the desk away. Table, mail bucket and accounts stay, unless you name the domain as well."""
    found = stack.look(to)
    if found.status in ("", "DELETE_COMPLETE"):  # one that is half gone may be taken away again
        raise Stopped(f"There is no desk “{to.stage}” in {to.region}.")
    domain = found.parameter("Domain")
    if data_too and data_too != domain:
        raise Stopped(f"--data-too must name the domain of this desk, which is {domain}; nothing was done.")
    if (yes or asked(to, domain, bool(data_too))) != to.stage:
        raise Stopped("Nothing was done.")
    kept = {
        kind: operate.physical(to, name)
        for kind, name in (("table", "Table"), ("bucket", "Bucket"), ("pool", "UserPool"))
    }
    tell(mail.deactivate(to, found))
    empty(to, found.output("SiteBucketName"))
    stack.remove(to)
    if not data_too:
        tell("The desk is gone; what was said is kept: " + ", ".join(f"{kind} {name}" for kind, name in kept.items()))
        return 0
    erase(to, kept)
    empty(to, to.shelf)
    to.client("s3").delete_bucket(Bucket=to.shelf)
    tell("The desk is gone, and everything that it knew.")
    return 0


def asked(to: Account, domain: str, data_too: bool) -> str:
    what = "the desk AND ALL ITS TICKETS AND MAILS" if data_too else "the desk; tickets and mails are kept"
    return input(f"This takes away {what} ({domain}, account {to.id}). Type the stage's name to go on: ").strip()


def empty(to: Account, bucket: str) -> None:
    """Every version of every object; a bucket that is gone already is empty."""
    client = to.client("s3")
    try:
        for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
            found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
            if objects:
                client.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
    except ClientError as error:
        if code_of(error) != "NoSuchBucket":
            raise


def erase(to: Account, kept: dict[str, str]) -> None:
    """Each is protected against a slip of the hand, so that the protection has to go first."""
    dynamodb, cognito = to.client("dynamodb"), to.client("cognito-idp")
    dynamodb.update_table(TableName=kept["table"], DeletionProtectionEnabled=False)
    dynamodb.delete_table(TableName=kept["table"])
    empty(to, kept["bucket"])
    to.client("s3").delete_bucket(Bucket=kept["bucket"])
    cognito.update_user_pool(UserPoolId=kept["pool"], DeletionProtection="INACTIVE")
    cognito.delete_user_pool(UserPoolId=kept["pool"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
