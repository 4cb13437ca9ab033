"""`./desk system-test`: the package and the template that would be deployed, deployed to an emulator, and used.

IAM is enforced there: whatever a function's policy does not allow fails here. What the emulator lacks: dev/emulator.py.
"""

import http.client
import json
import os
import re
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from urllib.parse import urlsplit

from dev import emulator
from dev.aws import deploy, inside, operate, release, stack
from dev.aws.account import Account, tell
from dev.aws.outside import Answer, Fetch
from dev.emulator import wait_for
from dev.package import INFRA

DOMAIN = "help.example.com"
SITE = "desk.example.com"
ADA = ("ada", "Nobody-knows-1-of-these")
CARLA = "carla@customer.example"


def main() -> int:
    begun = time.monotonic()
    new = release.built()
    new = release.release_of(
        emulator.for_this_machine(new.code), emulator.without_what_it_lacks(new.template), new.pages
    )
    with emulator.emulator() as address, at(address):
        to = Account("system", emulator.REGION, sleep=lambda seconds: time.sleep(min(seconds, 0.3)))
        deployed(to, new, address)
        for step in (signs_in, takes_in, answers_the_letter, finds, shows_the_customer, ticks, buries):
            try:
                step(to, Desk(to, address))
            except (Exception, SystemExit):
                tell(told_by_the_functions(to))
                raise
            tell(f"ok  {step.__doc__}")
    print(f"The system test took {time.monotonic() - begun:.0f} s.")
    return 0


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
        if place.netloc != SITE:  # a bucket, as somebody from outside sees it
            return asked(address, "GET", f"/{place.netloc.split('.')[0]}", {}, None)
        if place.path.startswith("/api/"):
            return asked(address, "GET", place.path, {"Host": api_host(to, address)}, None)
        page = to.client("s3").get_object(Bucket=stack.look(to).output("SiteBucketName"), Key="index.html")
        return Answer(200, headers, page["Body"].read())

    return fetch


def api_host(to: Account, address: str) -> str:
    return f"{stack.look(to).output('RestAPIId')}.execute-api.localhost:{urlsplit(address).port}"


def asked(address: str, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())


def told_by_the_functions(to: Account) -> str:
    groups = [each["logGroupName"] for each in to.client("logs").describe_log_groups()["logGroups"]]
    return "\n".join(f"{name}\n{told(to, name)}" for name in groups)


def told(to: Account, group: str) -> str:
    pages = to.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    return "\n".join(each["message"] for page in pages for each in page["events"])


def need(held: object, otherwise: str) -> None:
    if not held:
        raise SystemExit(f"FAILED  {otherwise}")


class Desk:
    """Somebody's browser, before the API of the emulator."""

    cookies: ClassVar[dict[str, str]] = {}  # of all of them: each kind of visitor has a cookie of its own name

    def __init__(self, to: Account, address: str) -> None:
        self.address, self.host = address, api_host(to, address)

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        sent = {"Host": self.host, "X-Otklik": "1", "Content-Type": "application/json"}
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = asked(self.address, method, f"/api{path}", sent, None if body is None else json.dumps(body).encode())
        need(answer.status == status, f"{method} {path} answered {answer.status}: {answer.body[:500]!r}")
        name, _, value = answer.headers.get("set-cookie", "").partition(";")[0].partition("=")
        if name:
            self.cookies[name] = value
        return json.loads(answer.body) if answer.body else None

    def ticket(self) -> dict[str, Any] | None:
        found = self.ask("GET", "/tickets?queue=Support")["tickets"]
        return found[0] if found else None

    def letters(self, to: str) -> list[str]:
        """What left for that address, as the emulator shows it."""
        with urllib.request.urlopen(f"{self.address}/_ministack/ses/messages") as answer:
            told = json.load(answer)["messages"]
        everyone = [json.dumps(each, ensure_ascii=False) for account in told.values() for each in account]
        return [each for each in everyone if to in each]


# -- the walk


def signs_in(to: Account, desk: Desk) -> None:
    """An agent signs in; who does not know the password does not"""
    from chalicelib import accounts

    with inside.desk_of(to):
        accounts.set_password(*ADA)
    desk.ask("POST", "/session", {"login": ADA[0], "password": "something-else-1A"}, 401)
    desk.ask("POST", "/session", {"login": ADA[0], "password": ADA[1]})
    need(desk.ask("GET", "/session")["login"] == ADA[0], "Somebody else is signed in.")


def takes_in(to: Account, desk: Desk) -> None:
    """A letter becomes a ticket, and its writer hears the number"""
    put(to, "first", letter())
    ticket = wait_for(desk.ticket, 60, "the ticket")
    need(ticket["title"] == "The samovar leaks", f"The ticket is another: {ticket}")
    [answer] = wait_for(lambda: desk.letters(CARLA), 60, "the automatic answer")
    need(ticket["number"] in answer, "The automatic answer has no number.")


def put(to: Account, name: str, raw: bytes) -> None:
    to.client("s3").put_object(Bucket=stack.look(to).output("MailBucket"), Key=f"in/{name}", Body=raw)


def letter() -> bytes:
    """As SES puts it, with its own block on top."""
    return f"""\
Return-Path: <{CARLA}>
Received: from mail.customer.example (mail.customer.example [192.0.2.7])
 by inbound-smtp.{emulator.REGION}.amazonaws.com with SMTP id first
 for support@{DOMAIN}; Tue, 24 Nov 2026 10:00:00 +0000 (UTC)
X-SES-Spam-Verdict: PASS
X-SES-Virus-Verdict: PASS
Received-SPF: pass (spfCheck: domain of customer.example designates 192.0.2.7 as permitted sender) client-ip=192.0.2.7; envelope-from={CARLA}; helo=mail.customer.example;
Authentication-Results: amazonses.com; spf=pass (spfCheck: ok) client-ip=192.0.2.7; envelope-from={CARLA}; helo=mail.customer.example; dkim=pass header.i=@customer.example; dmarc=pass header.from=customer.example;
X-SES-RECEIPT: AEFBQUFBQUFBQUE
From: Carla <{CARLA}>
To: support@{DOMAIN}
Subject: The samovar leaks
Message-ID: <samovar@customer.example>
Date: Tue, 24 Nov 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Чай остыл. The samovar from Tula leaks.
""".replace("\n", "\r\n").encode()


def answers_the_letter(to: Account, desk: Desk) -> None:
    """An agent takes the lock and replies; the letter leaves"""
    number = (desk.ticket() or {})["number"]
    lock = desk.ask("PUT", f"/tickets/{number}/lock", {})
    said = {
        "kind": "reply",
        "text": "Please turn the tap.",
        "to": [{"email": CARLA}],
        "seen": 2,
        "epoch": lock["epoch"],
    }
    desk.ask("POST", f"/tickets/{number}/articles", said, 201)
    wait_for(lambda: [each for each in desk.letters(CARLA) if "turn the tap" in each], 100, "the reply")


def finds(to: Account, desk: Desk) -> None:
    """The table's stream tells the index, and the letter is found by a word"""
    # A word of the text: where the index is away, the rows of open tickets are asked instead, and these hold the subject only.
    wait_for(lambda: desk.ask("GET", "/search?q=tula")["hits"], 60, "the ticket in the index")


def shows_the_customer(to: Account, desk: Desk) -> None:
    """The customer gets a code, and sees her ticket with it"""
    known = desk.letters(CARLA)
    desk.ask("POST", "/portal/session", {"email": CARLA}, 202)
    [sent] = wait_for(lambda: [each for each in desk.letters(CARLA) if each not in known], 100, "the code")
    codes = re.findall(r"\b\d{6}\b|\b\d{3} \d{3}\b", sent)
    desk.ask("PUT", "/portal/session", {"email": CARLA, "code": codes[-1]})
    need(len(desk.ask("GET", "/portal/tickets")["tickets"]) == 1, "The customer does not see her ticket.")


def ticks(to: Account, desk: Desk) -> None:
    """The minute's function runs to its end, and no function was forbidden anything"""
    wait_for(lambda: "REPORT" in told(to, f"/{to.stack}/tick"), 100, "the minute")
    need("Traceback" not in told(to, f"/{to.stack}/tick"), "The minute's function has failed.")
    need("AccessDenied" not in told_by_the_functions(to), "A policy lacks something.")


def buries(to: Account, desk: Desk) -> None:
    """What cannot be taken in comes to the dead letters (from where redrive tries it again: tests/test_operate.py)"""
    client = to.client("sqs")
    queue = operate.physical(to, "MailQueue")
    client.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "1"})  # minutes, in AWS
    client.send_message(QueueUrl=queue, MessageBody="no notice of S3")
    wait_for(lambda: operate.depth(to, "MailDead"), 120, "the dead letter")


if __name__ == "__main__":
    sys.exit(main())
