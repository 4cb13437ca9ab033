"""What the desk does: the API by audience, and what wakes it: mail, time, news of its own mails."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from chalice.app import Chalice, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

from chalicelib import (
    doors,
    log,
    routes_admin,
    routes_agent,
    routes_customer,
    routes_files,
    routes_links,
    routes_mails,
    routes_reports,
    routes_search,
    routes_session,
    tending,
)
from chalicelib.doors import NOBODY, Asked, Door

VERSION = "0.1.0"
SWEEP_MINUTES = 10  # how often mail is looked for that the events have forgotten

app = Chalice(app_name="otklik")
app.register_middleware(doors.in_our_form, "http")


def clock() -> datetime:
    """The desk's now. The laptop puts another one here, to let days pass."""
    return datetime.now(UTC)


doors.clock = lambda: clock()


# -- the API: a blueprint for each audience, without the prefix /api, which is the name of the stage

for each in (
    routes_session,
    routes_agent,
    routes_links,
    routes_search,
    routes_reports,
    routes_mails,
    routes_customer,
    routes_files,
    routes_admin,
):
    app.register_blueprint(each.blueprint)

door = Door(app, NOBODY)


@door("GET", "/health", answer="Health")
def health(asked: Asked) -> dict[str, str]:
    """Is the desk there?"""
    return {"status": "ok", "version": VERSION}


@door("GET", "/openapi.json")
def openapi(asked: Asked) -> dict[str, Any]:
    """This document."""
    from chalicelib.openapi import document  # only who asks for it pays for it

    return document(tuple(doors.ROUTES), VERSION)


# -- what wakes the desk


@app.on_sqs_message(queue="otklik-mail", batch_size=1, name="take_in")
def take_in(event: SQSEvent) -> None:
    """SES has put mail into the bucket."""
    from chalicelib import postmaster  # reading mail takes tables and patterns that no other function needs

    for message in event:
        for key in keys_in(json.loads(message.body)):
            postmaster.take_in(key, clock())


def keys_in(notice: dict[str, Any]) -> list[str]:
    """The objects that a notice of S3 tells of; its test notice tells of none. Keys come URL-encoded."""
    return [unquote_plus(record["s3"]["object"]["key"]) for record in notice.get("Records", [])]


@app.schedule(Rate(1, unit=Rate.MINUTES), name="tick")
def tick(event: CloudWatchEvent) -> None:
    """A minute has passed."""
    try:
        if datetime.now(UTC).minute % SWEEP_MINUTES == 0:
            sweep()
            tending.look_at_backup(datetime.now(UTC))
    finally:
        tending.tick(clock())


def sweep() -> None:
    """Mail that lies in the bucket though its event is long past. One that fails does not stop the others."""
    from chalicelib import postmaster

    for key in tending.forgotten(datetime.now(UTC)):
        try:
            postmaster.take_in(key, clock())
        except Exception as error:
            log.event("forgotten_mail_failed", error=type(error).__name__)


@app.on_sqs_message(queue="otklik-ses-events", batch_size=1, name="ses_events")
def ses_events(event: SQSEvent) -> None:
    """SES tells what became of mails that left."""
    from chalicelib import feedback  # only this function reads reports

    for message in event:
        told = json.loads(message.body)
        # Through SNS the event is a text within the message, unless the subscription delivers it raw.
        feedback.hear(json.loads(told["Message"]) if "Message" in told else told, clock())


@app.on_dynamodb_record(stream_arn="the stream of the table, see infra/functions.json", name="index")
def index(event: DynamoDBEvent) -> None:
    """Tickets have changed: the index follows."""
    from chalicelib.search import indexing  # the engine is large, and only this and searching need it

    indexing.follow((str(record.keys["pk"]["S"]).removeprefix("T#") for record in event), clock())


@app.schedule(Rate(1, unit=Rate.HOURS), name="sweep_index")
def sweep_index(event: CloudWatchEvent) -> None:
    """An hour has passed: what the stream has not told is looked for, in the night among all tickets; the week is told on Mondays."""
    from chalicelib.figures import facts, letter
    from chalicelib.search import indexing

    night = indexing.look_after(clock())
    letter.due(clock())
    if night:
        facts.export(clock())
