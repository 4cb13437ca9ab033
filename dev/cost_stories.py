"""The stories that a desk pays for, told once each under the meter: a ticket from the first letter to its closing, an agent's
day, and what happens while nobody is there. The functions are called as AWS calls them, through app.py.

The clock and the ticket numbers are the desk's own here, so that the same stories cost the same each time.
"""

import contextlib
import gzip
import io
import json
import os
import random
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import app
from chalicelib import config, files, numbers, sessions, settings, store, table, tending
from chalicelib.search import shelf
from dev import people
from dev.bench_mails import letter
from dev.cloud import Context
from dev.cost_meter import Bill, Sent, Units
from dev.cost_units import chunks
from dev.gateway import Answer, Gateway, Request
from dev.stream import record

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FILE = 1_000_000  # bytes of the file in a letter that has one
SMALLEST_ZIPPED = 1024  # minimum_compression_size in .chalice/config.json
PLATFORM_LOG = 400  # bytes of Lambda's own START, END and REPORT lines for a call, with the trace's id


@dataclass(frozen=True)
class Story:
    """One call of one function. `cpu`: seconds of this process."""

    name: str
    function: str
    units: Units
    asked: Counter[str]
    calls: tuple[str, ...]
    metrics: frozenset[str]
    cpu: float = 0.0


@dataclass
class Desk:
    """Tells stories, each of which leads to others: what SES tells of a mail that left, and the index that follows."""

    measures: bool = True
    now: datetime = MONDAY
    told: list[Story] = field(default_factory=list)
    kept: Counter[str] = field(default_factory=Counter)  # bytes put into the bucket, by folder
    cookies: dict[str, str] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)

    def tell(self, name: str, function: str, act: Callable[[], Any], **units: float) -> Any:
        bill, said = Bill(measures=self.measures), io.StringIO()
        with bill.reading(), contextlib.redirect_stderr(said):
            began = time.process_time()
            answer = act()
            cpu = time.process_time() - began
        log = steady(said.getvalue())
        if function:
            bill.units.update({"lambda request": 1, "log byte": len(log.encode()) + PLATFORM_LOG})
        bill.units.update({name.replace("_", " "): count for name, count in units.items()})
        if isinstance(answer, Answer):
            bill.units.update({"api request": 1, "cdn request": 1, "cdn byte": sent_bytes(answer)})
        self.kept += bill.bytes_put
        measured = frozenset(name for line in log.splitlines() for name in metrics_of(line))
        story = Story(name, function, bill.units, bill.asked, tuple(bill.calls), measured, cpu)
        self.told.append(story)
        self.follow(bill)
        return answer

    def follow(self, bill: Bill) -> None:
        for mail in bill.sent:
            if mail.tags:
                for kind in ("Send", "Delivery"):
                    self.hear(mail, kind)
        for number in dict.fromkeys(bill.changed):
            event = {"Records": [record(f"T#{number}", "#")]}
            self.tell("the index follows", "index", lambda event=event: app.index(event, Context()))

    def hear(self, mail: Sent, kind: str) -> None:
        """SES publishes to SNS, SNS puts it into SQS, Lambda fetches it there and deletes it: three requests of SQS."""
        tags = {name: [value] for name, value in mail.tags.items()}
        told = {"eventType": kind, "mail": {"messageId": mail.message_id, "destination": list(mail.to), "tags": tags}}
        event = {"Records": [message(json.dumps(told))]}
        self.tell(
            "SES tells of a mail", "ses_events", lambda: app.ses_events(event, Context()), sqs_request=3, sns_request=1
        )

    # -- mail and time

    def letter(self, name: str, raw: bytes) -> None:
        """SES puts the mail into the bucket, which tells SQS, where Lambda fetches it."""
        key = f"in/{secrets.token_hex(20)}"
        files.put(key, raw, "message/rfc822")
        self.kept["in"] += len(raw)
        self.kept["mail"] += len(raw)  # copied there; what was in `in/` stays for a month as an old version
        event = {"Records": [message(json.dumps({"Records": [{"s3": {"object": {"key": key}}}]}))]}
        billed = {"ses_in": 1, "ses_chunk": chunks(len(raw)), "s3_write": 1, "sqs_request": 3}
        self.tell(name, "take_in", lambda: app.take_in(event, Context()), **billed)

    def minute(self, name: str = "a minute passes") -> None:
        self.tell(name, "tick", lambda: tending.tick(self.now), schedule=1)

    # -- an agent

    def sign_in(self, login: str) -> None:
        token = sessions.begin("agent", {"login": login}, datetime.now(UTC), login)
        self.cookies = {"otklik_agent": token}

    def ask(self, name: str, method: str, path: str, body: Any = None, polled: bool = False, **headers: str) -> Any:
        """What the browser asks. `polled`: again, with the etag of the last answer."""
        sent = {
            "host": "desk.localhost",
            "accept-encoding": "gzip",
            "content-type": "application/json",
            "x-otklik": "1",
        } | headers
        sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if polled and path in self.etags:
            sent["if-none-match"] = self.etags[path]
        gateway = Gateway(app.app, app.app.routes, Context)
        request = Request(
            method, f"/api{path}", sent, json.dumps(body).encode() if body is not None else b"", "198.51.100.7"
        )
        answer = self.tell(name, "api_handler", lambda: gateway.answer(request))
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.body.decode()}")
        self.etags[path] = dict(answer.headers).get("ETag", "")
        return json.loads(answer.body) if answer.body else None


def message(body: str) -> dict[str, Any]:
    """As much of a message of SQS as the functions look at."""
    return {"messageId": "1", "receiptHandle": "1", "body": body, "attributes": {}, "eventSource": "aws:sqs"}


def sent_bytes(answer: Answer) -> int:
    """Head and body as they leave the cloud."""
    body = gzip.compress(answer.body, mtime=0) if len(answer.body) >= SMALLEST_ZIPPED else answer.body
    return len(body) + sum(len(name) + len(value) + 4 for name, value in answer.headers)


def steady(said: str) -> str:
    """The desk's own lines (a library may complain of the file, which is noise), all seconds as long as if they had six decimals."""
    own = [line for line in said.splitlines(keepends=True) if line.startswith("{")]
    return re.sub(r"\d+\.\d+", "0.000000", "".join(own))


def metrics_of(line: str) -> list[str]:
    declared = json.loads(line).get("_aws", {}).get("CloudWatchMetrics", [])
    return [metric["Name"] for each in declared for metric in each["Metrics"]]


# -- the same each time


IN_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME"


class Dice:
    """In the place of `secrets` where ticket numbers are made: the same ones each time."""

    def __init__(self) -> None:
        self.randbelow = random.Random(2026).randrange


@contextlib.contextmanager
def steadily(desk: Desk) -> Iterator[None]:
    """The clock is the desk's, the log is written as in Lambda, the configuration stays, each search looks for a newer index."""
    stock = app.clock, numbers.secrets, shelf.Reader.FRESH, config.FRESH
    app.clock, numbers.secrets, shelf.Reader.FRESH, config.FRESH = (lambda: desk.now), Dice(), -1.0, 10**9
    os.environ[IN_LAMBDA] = "otklik"
    settings.settings.cache_clear()
    try:
        yield
    finally:
        app.clock, numbers.secrets, shelf.Reader.FRESH, config.FRESH = stock
        del os.environ[IN_LAMBDA]
        settings.settings.cache_clear()


# -- a ticket's life

WORDS = (
    "Please pull the plug, wait for a minute, and put it in again. Then hold the upper key until the lamp is green. "
    * 4
)
DRAFTS = 10  # times that an answer is kept while it is typed: at each pause of 0.8 seconds


def life(desk: Desk, n: int, with_file: bool) -> str:
    """Letter, automatic answer, reply, a further letter, reply, silence, closed by itself after the queue's days."""
    desk.letter("a letter, answered automatically", letter(n, files=int(with_file), file_size=FILE))
    number = desk.ask("the list is looked at", "GET", "/tickets")["tickets"][0]["number"]
    if with_file:
        open_file(desk, number)
    reply(desk, number, n)
    desk.now += timedelta(hours=20)
    desk.letter("a letter that continues a ticket", letter(n + 1, number=number, sender=n))
    reply(desk, number, n)
    desk.now += timedelta(days=8)
    desk.minute("a ticket is closed by time")
    assert store.ticket(number).closed
    return number


def reply(desk: Desk, number: str, n: int) -> None:
    """Opened, locked, typed, sent, held for some seconds; the browser fetches the ticket anew after locking and after sending."""
    at, key = f"/tickets/{number}", secrets.token_hex(18)
    desk.now += timedelta(minutes=10)
    desk.ask("a ticket is opened", "GET", at)
    desk.ask("its customer is shown", "GET", f"/customers/customer{n}@customer.example")
    desk.ask("similar tickets are shown", "GET", f"{at}/similar")
    held = desk.ask("the ticket is locked", "PUT", f"{at}/lock", {})
    seen = desk.ask("a ticket is opened", "GET", at)["article_count"]
    for each in range(1, DRAFTS + 1):
        desk.ask("a draft is kept", "PUT", f"{at}/drafts/reply", {"text": WORDS[: len(WORDS) * each // DRAFTS]})
    body = {"kind": "reply", "text": WORDS, "epoch": held["epoch"], "seen": seen, "hold": True}
    said = desk.ask("a reply is sent", "POST", f"{at}/articles", body, **{"idempotency-key": key})
    desk.ask("a draft is dropped", "DELETE", f"{at}/drafts/reply")
    desk.ask("a ticket is opened", "GET", at)
    desk.now += timedelta(seconds=10)
    left = desk.ask("a held reply leaves", "PUT", f"{at}/articles/{said['id']}/delivery")
    assert left["delivery"]["state"] == "sent"


def open_file(desk: Desk, number: str) -> None:
    """The browser is sent to S3, and fetches the file there."""
    desk.ask("a file is opened", "GET", f"/tickets/{number}/articles/1/attachments/1")
    desk.told[-1].units.update({"s3 read": 1, "s3 out byte": FILE})


# -- an agent's day, and nobody's

FIRST = "(asked once, so that there is something to compare with)"


def polls(desk: Desk, number: str) -> None:
    """What the browser asks again and again, nothing having changed; the counts once as they are kept, once counted anew."""
    desk.ask(FIRST, "GET", "/queues")
    desk.now += timedelta(minutes=1)
    for name, path in (("the list is polled", "/tickets"), ("the ticket is polled", f"/tickets/{number}")):
        desk.ask(FIRST, "GET", path)
        desk.ask(name, "GET", path, polled=True)
    desk.ask("the counts are counted anew", "GET", "/queues", polled=True)
    desk.ask("the counts are polled", "GET", "/queues", polled=True)
    desk.ask("the failed mails are polled", "GET", "/failed-mails", polled=True)
    desk.ask("an agent signs in", "POST", "/session", {"login": "ben", "password": people.PASSWORD.format(login="ben")})
    desk.sign_in("ann")  # whoever signs in ends the session that was there


def idle(desk: Desk) -> None:
    """What runs by the clock."""
    desk.minute()
    desk.tell("mail is looked for", "tick", app.sweep)
    desk.tell("the backup is looked at", "tick", lambda: tending.look_at_backup(MONDAY))
    event = {"version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.events", "account": "1", "region": "x", "time": "", "resources": [], "detail": {}}  # fmt: skip
    desk.tell("an hour passes", "sweep_index", lambda: app.sweep_index(event, Context()), schedule=1)


def crowd(number: str, many: int, so_far: int) -> None:
    """Open tickets like this one, in the table alone, until there are so many."""
    like = store.ticket(number)
    for n in range(so_far, many):
        table.put(store.ticket_item(replace(like, number=f"20261101{n:07d}")))


def configuration(desk: Desk) -> None:
    """Read anew once a minute in each container, within whatever it does then."""
    config.forget()
    desk.tell("the configuration is read", "", config.config)
