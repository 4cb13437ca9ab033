"""The stories that dev/policies.py tells of each role's function: those of the walk, and those of time and of the index."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dev import walk
from dev.aws import operate
from dev.aws.account import Account
from dev.emulator import REGION
from dev.visitor import Desk, a_ticket, letter, need

Exercise = Callable[["Driven"], None]
NOTES = 31  # chalicelib/merging.py moves thirty articles at once
MONDAY_MORNING = datetime(2026, 11, 30, 7, 30, tzinfo=UTC)

# In the package of this test only: a function of the desk, at a moment of our choice.
DRIVER = b"""
from datetime import datetime
from importlib import import_module

import app

usual = app.clock


def handler(event, context):
    told = event.pop("driven")
    app.clock = (lambda: datetime.fromisoformat(told["now"])) if told["now"] else usual
    module, _, name = told["call"].partition(":")
    given = {"event": (event, context), "now": (app.clock(),), "": ()}[told["with"]]
    getattr(import_module(module), name)(*given)
"""


@dataclass
class Driven(Desk):
    """A desk in which nothing happens by itself: what events would wake is woken here, and seen to fail."""

    def came(self, name: str) -> None:
        notice = {"Records": [{"s3": {"object": {"key": f"in/{name}"}}}]}
        self.drive("TakeIn", "app:take_in", queued(notice))

    def tell(self, event: dict[str, Any]) -> None:
        self.drive("SesEvents", "app:ses_events", queued(event))

    def drive(self, function: str, call: str, event: dict[str, Any] | None = None, now: datetime | None = None) -> None:
        kind = "event" if event is not None else "now" if now else ""
        told = {"call": call, "with": kind, "now": now.isoformat() if now else ""}
        self.wake(function, (event or {}) | {"driven": told})


def queued(body: dict[str, Any]) -> dict[str, Any]:
    return {"Records": [{"messageId": "1", "receiptHandle": "1", "body": json.dumps(body), "attributes": {}}]}


# -- the stories that nobody from outside can tell: those of time and of the index


def indexed(desk: Driven) -> None:
    """A ticket comes into the index, with a long note and the words of its file; one that cannot be read is put aside"""
    word = f"teapot{desk.fresh()}"
    number, _ = a_ticket(desk, file=f"{word} from Tula".encode())
    desk.ask("POST", f"/tickets/{number}/articles", {"kind": "note", "text": walk.LONG}, 201)
    spoiled = spoil(desk.to)
    desk.drive("Index", "app:index", {"Records": [change_of(number), change_of(spoiled)]})
    desk.soon(lambda: desk.ask("GET", f"/search?q={word}")["hits"], "the words of the file in the index")


def spoil(to: Account) -> str:
    """A ticket of which nobody can make sense."""
    number = "20261128000000"
    item = {"pk": {"S": f"T#{number}"}, "sk": {"S": "#"}, "v": {"N": "1"}, "row": {"S": "?"}, "rest": {"S": "?"}}
    to.client("dynamodb").put_item(TableName=operate.physical(to, "Table"), Item=item)
    return number


def change_of(number: str) -> dict[str, Any]:
    """As the table's stream tells of a ticket."""
    keys = {"pk": {"S": f"T#{number}"}, "sk": {"S": "#"}}
    change = {
        "Keys": keys,
        "ApproximateCreationDateTime": 0,
        "SequenceNumber": "1",
        "SizeBytes": 1,
        "StreamViewType": "KEYS_ONLY",
    }
    return {
        "eventID": "1",
        "eventName": "MODIFY",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "eventSourceARN": "",
        "dynamodb": change,
    }


def looked_after(desk: Driven) -> None:
    """The night compares all tickets, tries those put aside again, tidies, and writes the facts; Monday's letter leaves"""
    desk.ask("PUT", "/admin/settings/reports", {"export": True, "mail_to": ["owner@example.com"]})
    word = f"teapot{desk.fresh()}"
    a_ticket(desk, file=f"{word} from Tula".encode(), words=walk.LONG)
    table, bucket = operate.physical(desk.to, "Table"), operate.physical(desk.to, "Bucket")
    aside = {"pk": {"S": "DIRTY"}, "sk": {"S": spoil(desk.to)}}
    desk.to.client("dynamodb").put_item(TableName=table, Item=aside)
    desk.to.client("s3").put_object(Bucket=bucket, Key=f"index/b/{word}", Body=b"of no manifest")
    weeks = timedelta(weeks=int(desk.fresh().strip("n")))  # later each time: what is told weekly is told once
    for now in (next_night(), next_night() + weeks, MONDAY_MORNING + weeks):
        desk.drive("SweepIndex", "app:sweep_index", walk.PASSING, now)
    desk.soon(lambda: desk.ask("GET", f"/search?q={word}")["hits"], "the words of the file in the index")


def next_night() -> datetime:
    """Near enough that what has changed now is told among its facts."""
    now = datetime.now(UTC)
    night = now.replace(hour=3, minute=30)
    return night if night > now else night + timedelta(days=1)


def sends_later(desk: Driven) -> None:
    """A letter whose time has come leaves, with its file"""
    number, sender = a_ticket(desk)
    lock = desk.ask("PUT", f"/tickets/{number}/lock", {})
    later = datetime.now(UTC) + timedelta(hours=1)
    said = {"kind": "reply", "text": walk.LONG, "to": [{"email": sender}], "seen": 2, "epoch": lock["epoch"]}
    said |= {"send_after": later.isoformat(), "attachments": [desk.upload("tap.txt", b"righty tighty")]}
    desk.ask("POST", f"/tickets/{number}/articles", said, 201)
    desk.drive("Tick", "app:tick", walk.PASSING, later + timedelta(minutes=1))
    desk.soon(lambda: [each for each in desk.letters(sender) if "righty tighty" in each], "the reply")


def merges_much(desk: Desk) -> None:
    """A ticket with more articles than one transaction takes is merged"""
    (one, _), (other, _) = a_ticket(desk), a_ticket(desk)
    add_notes(desk, one)
    desk.ask("POST", f"/tickets/{one}/merge", {"into": other})
    need(len(walk.texts(desk, other)) > NOTES, "Not everything has come.")


def unites_much(desk: Desk) -> None:
    """Two halves of a thread become one, of which one is longer than one transaction takes"""
    first, second, third = (desk.fresh() for _ in range(3))
    sender, title = f"carla-{first}@customer.example", f"The samovar {first} leaks"
    desk.bring(first, letter(first, sender, title))
    desk.bring(third, letter(third, sender, f"Re: {title} still", answers=second))
    add_notes(desk, desk.soon(lambda: desk.ticket(f"Re: {title} still"), "the second ticket")["number"])
    desk.bring(second, letter(second, sender, f"Re: {title}", answers=first))
    number = desk.soon(lambda: desk.ticket(title), "the ticket")["number"]
    need(len(walk.texts(desk, number)) > NOTES, "Not everything has come.")


def add_notes(desk: Desk, number: str) -> None:
    for n in range(NOTES):
        desk.ask("POST", f"/tickets/{number}/articles", {"kind": "note", "text": f"Note {n}"}, 201)


def closes(desk: Driven) -> None:
    """A ticket whose customer stays silent is closed"""
    number, sender = a_ticket(desk)
    lock = desk.ask("PUT", f"/tickets/{number}/lock", {})
    said = {"kind": "reply", "text": "Turn the tap.", "to": [{"email": sender}], "seen": 2, "epoch": lock["epoch"]}
    desk.ask("POST", f"/tickets/{number}/articles", said, 201)
    for days in (30, 31, 60):
        desk.drive("Tick", "app:tick", walk.PASSING, datetime.now(UTC) + timedelta(days=days))
    need("closed" in desk.ask("GET", f"/tickets/{number}")["state"], "The ticket is still open.")


def sweeps(desk: Driven) -> None:
    """Mail that no event has told of is looked for"""
    desk.drive("Tick", "app:sweep")


def looks_at_the_backup(desk: Driven) -> None:
    """How far back the table could be brought is measured"""
    desk.drive("Tick", "chalicelib.tending:look_at_backup", now=MONDAY_MORNING.replace(minute=0))


MAIL = (walk.takes_in, walk.goes_on, walk.gives_out, walk.keeps_long_letters, walk.quarantines, walk.keeps_what_failed)
STORIES: dict[str, tuple[Exercise, ...]] = {
    "ApiHandlerRole": (
        walk.comes_in,
        walk.answers_the_letter,
        walk.writes_at_length,
        *MAIL,
        walk.merges,
        walk.finds,
        walk.shows_the_customer,
        walk.hires,
        merges_much,
    ),
    "TakeInRole": (*MAIL, unites_much),
    # The sweep takes in what events forgot: the function that takes mail in does so here in the name of the minute's.
    "TickRole": (*MAIL, unites_much, sends_later, closes, sweeps, looks_at_the_backup),
    "SesEventsRole": (walk.hears,),
    "IndexRole": (indexed,),
    "SweepIndexRole": (looked_after,),
}
FUNCTIONS = {"ApiHandlerRole": ("APIHandler",), "TakeInRole": ("TakeIn",), "TickRole": ("Tick", "TakeIn"), "SesEventsRole": ("SesEvents",),
             "IndexRole": ("Index",), "SweepIndexRole": ("SweepIndex",)}  # fmt: skip
