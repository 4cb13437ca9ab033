"""What the desk does: the API by audience, and what wakes it: mail, time, news of its own mails."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from chalice.app import Chalice, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

from chalicelib import log, settings

SWEEP_MINUTES = 10  # how often mail is looked for that the events have forgotten

app = Chalice(app_name="otklik")


def clock() -> datetime:
    """The desk's now. The laptop puts another one here, to let days pass."""
    return datetime.now(UTC)


# The other functions would pay for routes at each start, and nobody asks them.
if settings.answers_requests():
    from chalicelib import api

    api.attach(app, lambda: clock())


# -- what wakes the desk


@app.on_sqs_message(queue="otklik-mail", batch_size=1, name="take_in")
def take_in(event: SQSEvent) -> None:
    """SES has put mail into the bucket."""
    from chalicelib import postmaster  # each function brings in only what it needs: all of it counts when one starts

    for message in event:
        for key in keys_in(json.loads(message.body)):
            postmaster.take_in(key, clock())


def keys_in(notice: dict[str, Any]) -> list[str]:
    """The objects that a notice of S3 tells of; its test notice tells of none. Keys come URL-encoded."""
    return [unquote_plus(record["s3"]["object"]["key"]) for record in notice.get("Records", [])]


@app.schedule(Rate(1, unit=Rate.MINUTES), name="tick")
def tick(event: CloudWatchEvent) -> None:
    """A minute has passed."""
    from chalicelib import tending

    try:
        if datetime.now(UTC).minute % SWEEP_MINUTES == 0:
            sweep()
            tending.look_at_backup(datetime.now(UTC))
    finally:
        tending.tick(clock())


def sweep() -> None:
    """Mail that lies in the bucket though its event is long past. One that fails does not stop the others."""
    from chalicelib import postmaster, tending

    for key in tending.forgotten(datetime.now(UTC)):
        try:
            postmaster.take_in(key, clock())
        except Exception as error:
            log.event("forgotten_mail_failed", error=type(error).__name__)


@app.on_sqs_message(queue="otklik-ses-events", batch_size=1, name="ses_events")
def ses_events(event: SQSEvent) -> None:
    """SES tells what became of mails that left."""
    from chalicelib import feedback

    for message in event:
        told = json.loads(message.body)
        # Through SNS the event is a text within the message, unless the subscription delivers it raw.
        feedback.hear(json.loads(told["Message"]) if "Message" in told else told, clock())


@app.on_dynamodb_record(stream_arn="the stream of the table, see infra/functions.json", name="index")
def index(event: DynamoDBEvent) -> None:
    """Tickets have changed: the index follows."""
    from chalicelib.search import indexing

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
