"""`./desk rollback` goes back one release; `./desk destroy` takes the desk away and keeps what was said."""

import argparse
import sys

from botocore.exceptions import ClientError

from dev.aws import kept, mail, operate, release, site, stack
from dev.aws.account import Account, Stopped, account, add_place, code_of, tell
from dev.aws.deploy import answered
from dev.aws.stack import Stack


def main(verb: str, arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog=f"./desk {verb}", description=(back if verb == "rollback" else gone).__doc__)
    add_place(parser, required=True)
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
    was = release.deployed(to)
    wanted = was.back()
    url, template, pages = release.fetched(to, wanted.current)
    tell(f"Back from release {was.coming or was.current} to {wanted.current}.")
    release.remember(to, was, was.towards(wanted.current))
    stack.bring(to, url, template, {}, dry=False)
    site.publish(to, stack.look(to), pages, unsure=True)
    release.remember(to, was.towards(wanted.current), wanted)
    tell("Done. `./desk deploy` brings the working copy again.")
    return 0


# -- away


def gone(to: Account, yes: str, data_too: str) -> int:
    """Takes the desk away. Table, mail bucket and accounts stay, unless you name the domain as well."""
    found = stack.look(to)
    there = found.status not in ("", "DELETE_COMPLETE")  # one that is half gone may be taken away again
    known = kept.memories(to)
    if not there and not (data_too and (known or bare(to))):
        raise Stopped(f"There is no desk “{to.stage}” in {to.region}.{''.join(f' Kept: {each}.' for each in known)}")
    domains = {each.domain for each in known} | ({found.parameter("Domain")} if there else set())
    if data_too and domains and data_too not in domains:
        raise Stopped(f"--data-too must name the domain of this desk, which is {', '.join(domains)}; nothing was done.")
    if (yes or asked(to, ", ".join(domains), bool(data_too))) != to.stage:
        raise Stopped("Nothing was done.")
    if there:
        take_away(to, found)
    if data_too:
        return erased(to, data_too)
    tell("The desk is gone; what was said is kept: " + "; ".join(map(str, kept.memories(to))))
    return 0


def take_away(to: Account, found: Stack) -> None:
    """What it leaves is written down before nobody knows it any more."""
    release.make_shelf(to)
    if memory := memory_of(to, found):
        kept.note(to, memory)
    tell(mail.deactivate(to, found))
    if bucket := found.output("SiteBucketName"):
        kept.empty(to, bucket)
    stack.remove(to)


def memory_of(to: Account, found: Stack) -> kept.Memory | None:
    """None where the stack never came so far."""
    try:
        table, bucket, pool = (operate.physical(to, name) for name in ("Table", "Bucket", "UserPool"))
    except ClientError as error:
        if code_of(error) != "ValidationError":
            raise
        return None
    return kept.Memory(found.parameter("Domain"), table, bucket, pool) if table and bucket and pool else None


def erased(to: Account, domain: str) -> int:
    known = kept.memories(to)
    for each in known:
        if each.domain == domain:
            kept.erase(to, each)
    left = [each for each in known if each.domain != domain]
    if left:
        kept.write(to, left)
    else:
        kept.clear_shelf(to)
    tell("The desk is gone, and everything that it knew; DynamoDB keeps a backup of the table for 35 days by itself.")
    for each in left:
        tell(f"Of another desk this is kept: {each}.")
    return 0


def bare(to: Account) -> bool:
    """A shelf with nothing on it: an earlier run died just before it went, too."""
    try:
        return not list(release.keys(to))
    except ClientError as error:
        if code_of(error) != "NoSuchBucket":
            raise
        return False


def asked(to: Account, domain: str, data_too: bool) -> str:
    what = "the desk AND ALL ITS TICKETS AND MAILS" if data_too else "the desk; tickets and mails are kept"
    return input(f"This takes away {what} ({domain}, account {to.id}). Type the stage's name to go on: ").strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
