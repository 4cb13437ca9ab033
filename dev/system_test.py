"""`./desk system-test`: the package and the template that would be deployed, deployed to an emulator, and used.

IAM is enforced there: whatever a function's policy does not allow fails here. What the emulator lacks: dev/emulator.py.
`--policies` shows the other half, that nothing is allowed without need (dev/policies.py).
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from dev import emulator, walk
from dev.aws import deploy, release, stack
from dev.aws.account import Account, tell
from dev.aws.outside import Answer, Fetch
from dev.package import INFRA
from dev.visitor import DOMAIN, Desk, api_host, asked, need, told

SITE = "desk.example.com"
STEPS = (
    walk.signs_in,
    walk.takes_in,
    walk.goes_on,
    walk.gives_out,
    walk.keeps_long_letters,
    walk.quarantines,
    walk.answers_the_letter,
    walk.writes_at_length,
    walk.merges,
    walk.finds,
    walk.keeps_what_failed,
    walk.shows_the_customer,
    walk.hires,
    walk.hears,
    walk.strikes,
    walk.ticks,
    walk.buries,
)


def main(arguments: list[str]) -> int:
    if "--policies" in arguments:
        from dev import policies

        return policies.main([each for each in arguments if each != "--policies"])
    begun = time.monotonic()
    with deployed_desk() as desk:
        for step in STEPS:
            try:
                step(desk)
            except BaseException:
                tell(told(desk.to))
                tell(f"FAILED  {step.__doc__}")
                raise
            tell(f"ok  {step.__doc__}")
        need("AccessDenied" not in told(desk.to), "A policy lacks something.")
    print(f"The system test took {time.monotonic() - begun:.0f} s.")
    return 0


@contextmanager
def deployed_desk(more: dict[str, bytes] | None = None) -> Iterator[Desk]:
    """For as long as the `with` lasts. `more`: files beside those of the package."""
    new = release.built()
    code = emulator.for_this_machine(new.code, more or {})
    new = release.release_of(code, emulator.without_what_it_lacks(new.template), new.pages)
    with emulator.emulator() as address, at(address):
        to = Account("system", emulator.REGION, sleep=lambda seconds: time.sleep(min(seconds, 0.3)))
        deployed(to, new, address)
        yield Desk(to, address)


@contextmanager
def at(address: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(emulator.KEYS | {"AWS_ENDPOINT_URL": address, "AWS_DEFAULT_REGION": emulator.REGION})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def deployed(to: Account, new: release.Release, address: str) -> None:
    """By the very command of `./desk deploy`, twice: the second time nothing changes."""
    emulator.takes_its_template(to.client("cloudformation"), address)
    to.client("ses").create_receipt_rule_set(RuleSetName=emulator.RULES)
    to.client("ses").create_receipt_rule(
        RuleSetName=emulator.RULES, Rule={"Name": f"{to.stack}-mail-in", "Enabled": True}
    )
    # It says of an update that it would replace the bucket, so that the site has its name from the beginning.
    wishes = deploy.Wishes(DOMAIN, admin=("ada", "ada@example.com"), minutes=0, settings=(("SiteDomain", SITE),))
    answer = deploy.deployed(to, new, wishes, stands_in_for_cloudfront(to, address))
    need(answer != 1, "The deployment did not come to its end.")
    events = len(to.client("cloudformation").describe_stack_events(StackName=to.stack)["StackEvents"])
    deploy.deployed(to, new, deploy.Wishes(minutes=0), stands_in_for_cloudfront(to, address))
    again = len(to.client("cloudformation").describe_stack_events(StackName=to.stack)["StackEvents"])
    need(events == again, "Deploying the same again has changed something.")
    tell("ok  Deployed, and deployed again without a change")


def stands_in_for_cloudfront(to: Account, address: str) -> Fetch:
    """The emulator's serves nothing: the API behind it, the pages in their bucket, and the headers of infra/site-headers.json."""
    headers = {name.lower(): value for name, value in json.loads((INFRA / "site-headers.json").read_text())["default"].items()}  # fmt: skip

    def fetch(url: str) -> Answer:
        place = urlsplit(url)
        if ".s3." in place.netloc:  # a bucket, as somebody from outside sees it
            return asked(address, "GET", f"/{place.netloc.split('.')[0]}", {}, None)
        if place.path.startswith("/api/"):
            return asked(address, "GET", place.path, {"Host": api_host(to, address)}, None)
        page = to.client("s3").get_object(Bucket=stack.look(to).output("SiteBucketName"), Key="index.html")
        return Answer(200, headers, page["Body"].read())

    return fetch


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
