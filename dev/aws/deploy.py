"""`./desk deploy --stage prod --domain help.example.com --region eu-west-1`: from a working copy to a desk that answers.

Each step finds out for itself what is left to do, so that the command can be given again at every point.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from dev.aws import inside, kept, mail, outside, release, site, stack
from dev.aws.account import WHO, Account, Stopped, account, add_place, tell
from dev.aws.release import Release, Template
from dev.aws.stack import Stack

NOT_YET = "not-yet.invalid"  # until CloudFront has given the site its name
ENOUGH = 152  # executions at once: what the functions reserve, and the hundred that Lambda keeps for all others


@dataclass
class Wishes:
    """What was asked for; `settings` are parameters of the template. `left` fills with what somebody has still to do."""

    domain: str = ""
    name: str = ""
    alarms: str = ""
    budget: str = ""
    admin: tuple[str, str] = ("", "")
    minutes: float = 10
    dry: bool = False
    settings: tuple[tuple[str, str], ...] = ()
    left: list[str] = field(default_factory=list)


def main(arguments: list[str], fetch: outside.Fetch = outside.fetch) -> int:
    """0: done; 1: something is wrong; 2: done, but somebody has to do something outside of AWS."""
    parser = argparse.ArgumentParser(
        prog="./desk deploy", description="Puts the desk into your AWS account, or brings it up to date."
    )
    add_place(parser, required=True)
    parser.add_argument("--domain", default="", help="whose mail the desk takes in and sends (needed the first time)")
    parser.add_argument(
        "--site", default="", metavar="NAME", help="a name of your own for the web desk, e.g. desk.example.com"
    )
    parser.add_argument(
        "--admin", default="", metavar="LOGIN=ADDRESS", help="the first administrator (needed the first time)"
    )
    parser.add_argument("--alarms", default="", metavar="ADDRESS", help="who hears when something goes wrong")
    parser.add_argument(
        "--budget", default="", metavar="DOLLARS", help="a month; above it the same address hears of it"
    )
    parser.add_argument(
        "--set", type=setting, action="append", default=[], metavar="NAME=VALUE", help="e.g. Zone=Europe/Berlin"
    )
    parser.add_argument("--wait", type=float, default=10, metavar="MINUTES", help="for the DNS (default 10)")
    parser.add_argument("--dry-run", action="store_true", help="only show what would be changed")
    given = parser.parse_args(arguments)
    login, _, address = given.admin.partition("=")
    if given.admin and not (login and "@" in address):
        parser.error("--admin is a login and an address, e.g. ada=ada@example.com")
    wishes = Wishes(
        given.domain.lower(),
        given.site.lower(),
        given.alarms,
        given.budget,
        (login, address),
        given.wait,
        given.dry_run,
        tuple(given.set),
    )
    return answered(lambda: deployed(account(given.stage, given.region), release.built(), wishes, fetch))


SETTINGS = (
    "Zone",
    "Search",
    "SearchArn",
    "IndexDisk",
    "LogDays",
    "Hook",
    "Numbers",
    "SystemId",
    "ApiConcurrency",
    "AnswersAnHour",
    "ClosingsADay",
)


def setting(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if name not in SETTINGS or not sign:
        raise argparse.ArgumentTypeError(f"NAME=VALUE, where NAME is one of {', '.join(SETTINGS)}")
    return name, value


def answered(act: Callable[[], int]) -> int:
    """What goes wrong is said in a line or two; the next run goes on from there."""
    try:
        return act()
    except Stopped as stopped:
        tell(f"\n{stopped}")
    except NoCredentialsError:
        tell(f"\n{WHO}")
    except (ClientError, BotoCoreError) as error:
        tell(f"\nAWS says: {error}\nNothing is lost; the same command goes on from here.")
    return 1


def deployed(to: Account, new: Release, wishes: Wishes, fetch: outside.Fetch) -> int:
    present = stack.look(to) if wishes.dry else stack.settle(to)
    given = parameters(to, present, wishes)
    if wishes.dry:
        return planned(to, new, present, given)
    tell(f"Desk “{to.stage}” of {given['Domain']}, account {to.id}, {to.region}; release {new.id}.")
    release.make_shelf(to)
    if not present.exists:
        kept.remind(to)
    was = release.deployed(to)
    url = release.put_away(new, to)
    release.remember(to, was, was.towards(new.id))
    changed = stack.bring(to, url, release.ready(new, to), given, dry=False)
    changed |= name_of_its_own(to, url, release.ready(new, to))
    tell("The stack is up to date." if changed else "The stack needs no change.")
    there = stack.look(to)
    put = site.publish(to, there, new.pages, unsure=bool(was.towards(new.id).coming))
    tell(f"{put} of {len(new.pages)} pages and files were new.")
    release.remember(to, was.towards(new.id), was.after(new.id))
    return furnished(to, there, wishes, fetch)


def planned(to: Account, new: Release, present: Stack, given: dict[str, str]) -> int:
    """Writes nothing but the release on its shelf, which the look at a change needs; and for a new desk not even that."""
    template = release.ready(new, to)
    if not present.exists:
        changes = [stack.Change("Add", name, each["Type"], False) for name, each in template["Resources"].items()]
        stack.show(changes)
        return 0
    release.make_shelf(to)
    if not stack.bring(to, release.put_away(new, to), template, given, dry=True):
        tell("Nothing would be changed.")
    return 0


def parameters(to: Account, present: Stack, wishes: Wishes) -> dict[str, str]:
    """Of the template; what is not asked for stays. Raises Stopped where the desk has no domain, or gets another."""
    known = present.parameter("Domain") if present.exists else ""
    if not (wishes.domain or known):
        raise Stopped("Say whose mail the desk takes in: --domain help.example.com")
    if known and wishes.domain not in ("", known):
        raise Stopped(f"This desk is that of {known}. For {wishes.domain} deploy another: --stage with another name.")
    given = {"Domain": wishes.domain or known}
    given |= {"AlarmEmail": wishes.alarms} if wishes.alarms else {}
    given |= {"MonthlyBudget": wishes.budget} if wishes.budget else {}
    if not present.exists:
        given |= {"SiteDomain": NOT_YET} | small_account(to)
    given |= dict(wishes.settings)
    # Asking for a certificate is a deed.
    return given | (own_name(to, wishes) if wishes.name and not wishes.dry else {})


def small_account(to: Account) -> dict[str, str]:
    limit = to.client("lambda").get_account_settings()["AccountLimit"]
    if int(limit.get("UnreservedConcurrentExecutions", 0)) >= ENOUGH:
        return {}
    tell("The account has no concurrency to reserve (new ones have 10); the functions share what there is.")
    return {"ApiConcurrency": "0"}


def own_name(to: Account, wishes: Wishes) -> dict[str, str]:
    arn, record = mail.certificate(to, wishes.name)
    if arn:
        return {"SiteDomain": wishes.name, "CertificateArn": arn}
    what = f"{record.kind} {record.name} -> {record.value}" if record else "(see the console of ACM in us-east-1)"
    wishes.left.append(f"Prove that {wishes.name} is yours in its DNS: {what}; then run the same command again.")
    return {}


def name_of_its_own(to: Account, url: str, template: Template) -> bool:
    """CloudFront gives the site its name only once it is there, and the functions must know it: a second change, once."""
    there = stack.look(to)
    if there.parameter("SiteDomain") != NOT_YET:
        return False
    tell("Telling the functions the site's name.")
    return stack.bring(to, url, template, {"SiteDomain": there.output("SiteName")}, dry=False)


def furnished(to: Account, there: Stack, wishes: Wishes, fetch: outside.Fetch) -> int:
    """Everything that a template cannot do. The world is looked at before the DNS is waited for, which takes hours at times."""
    tell(mail.activate(to, there))
    with inside.desk_of(to):
        inside.furnish(*wishes.admin)
    domain = there.parameter("Domain")
    wrong = list(outside.looked_at(to, there, fetch))
    for each in wrong:
        tell(f"! {each}")
    wishes.left += outside.name_missing(there, fetch)
    wishes.left += mail.standing(to)
    wishes.left += [f"DNS of {domain}: {each}." for each in mail.wait_for_dns(to, domain, wishes.minutes)]
    for each in wishes.left:
        tell(f"- {each}")
    tell(f"\nThe desk: https://{there.parameter('SiteDomain')}    its mail: support@{domain}")
    return 1 if wrong else 2 if wishes.left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
