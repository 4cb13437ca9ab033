"""The fake cloud: moto in this process, with the resources that `infra/` declares.

In tests (once for the whole run, emptied before each test; no threads, so that the test says what happens when):

    from dev.cloud import Cloud, fake_cloud

    @pytest.fixture(scope="session")
    def one_cloud():
        with fake_cloud() as cloud:          # sets AWS_* and OTKLIK_* in os.environ
            yield cloud

    @pytest.fixture(autouse=True)
    def cloud(one_cloud):
        one_cloud.empty()                    # table, bucket, queues, users, outbox, the desk's own caches
        return one_cloud

    key = cloud.deliver_mail(raw)            # as SES puts it: in/<id>, with its event in the queue
    cloud.run_events()                       # the real handlers, as SQS and Lambda call them
    cloud.outbox                             # list[dev.ses.Sent]: what left, as its receivers get it
    cloud.dead_letters()                     # bodies of messages given up

`run_events(take_in=function)` calls `function(event, context)` instead of `app.take_in`. A handler that raises leaves its
message where it was, as Lambda does: `run_events` raises what it raised unless `quiet=True`; `cloud.show_again()` makes
the message visible at once instead of after the time-out. SES's header block is the caller's: `dev.smtp.stamp` makes one.
"""

import json
import os
import re
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

os.environ.setdefault("AWS_ACCESS_KEY_ID", "laptop")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "laptop")

import boto3
from moto import mock_aws
from moto.cognitoidp.models import cognitoidp_backends
from moto.dynamodb.models import dynamodb_backends
from moto.s3 import notifications
from moto.s3.models import s3_backends

from dev import cognito, messages, moto_safe, moto_shelves, ses
from dev.template import ACCOUNT, REGION, Maker, destinations, template

Handler = Callable[[dict[str, Any], Any], Any]
DOMAIN = "desk.localhost"
ORIGIN = "http://127.0.0.1:8025"


class Context:
    """What Lambda hands to a handler, as far as anybody asks."""

    function_name = "laptop"
    memory_limit_in_mb = 1024

    def __init__(self) -> None:
        self.aws_request_id = str(uuid.uuid4())

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


class Cloud:
    """The resources as made, and what tests and the laptop do with them from outside of the desk."""

    def __init__(self, domain: str = DOMAIN, origin: str = ORIGIN) -> None:
        declared = template()
        parameters = {"Domain": domain, "SiteDomain": origin.rpartition("/")[2]}
        self.domain = domain
        self.maker = Maker(declared, parameters)
        self.maker.make_all()
        self.environment = self.variables(declared) | {"OTKLIK_DOMAIN": domain, "OTKLIK_ORIGIN": origin}
        os.environ.update(self.environment)
        self.table = self.environment["OTKLIK_TABLE"]
        self.bucket = self.environment["OTKLIK_BUCKET"]
        self.user_pool = self.environment.get("OTKLIK_USER_POOL", "")
        self.user_pool_client = self.environment.get("OTKLIK_USER_POOL_CLIENT", "")
        self.mail_queue = self.queue_of_bucket()
        self.s3 = boto3.client("s3", region_name=REGION)
        if domain not in self.identities():
            boto3.client("sesv2", region_name=REGION).create_email_identity(EmailIdentity=domain)
        forget_caches()

    def variables(self, declared: dict[str, Any]) -> dict[str, str]:
        """OTKLIK_* as the template gives them to its functions."""
        functions = declared.get("Globals", {}).get("Function", {})
        variables = functions.get("Environment", {}).get("Variables", {})
        return {name: str(self.maker.value(value)) for name, value in variables.items()}

    def queue_of_bucket(self) -> str:
        """The name of the queue that hears of new mail."""
        configuration = s3_backends[ACCOUNT]["aws"].buckets[self.bucket].notification_configuration
        return str(configuration.queue[0].arn.split(":")[-1])

    def identities(self) -> dict[str, Any]:
        from moto.ses.models import ses_backends

        found: dict[str, Any] = ses_backends[ACCOUNT][REGION].email_identities
        return found

    # -- mail in

    def deliver_mail(self, raw: bytes, key: str = "") -> str:
        """As SES's receipt rule puts a mail into the bucket. Answers the key."""
        key = key or f"in/{uuid.uuid4().hex}"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=raw)
        return key

    def announce(self, key: str) -> None:
        """The event of an object that lies in the bucket already."""
        bucket = s3_backends[ACCOUNT]["aws"].buckets[self.bucket]
        created = notifications.S3NotificationEvent.OBJECT_CREATED_PUT_EVENT
        notifications.send_event(ACCOUNT, created, bucket, bucket.keys[key])

    def run_events(self, quiet: bool = False, **handlers: Handler) -> int:
        """Calls the handlers for all messages that are visible now, one at a time. Answers how many there were."""
        count = 0
        while message := self.next_message():
            count += 1
            try:
                self.handle(*message, handlers)
            except Exception:
                if not quiet:
                    raise
        return count

    def next_message(self) -> tuple[str, Any] | None:
        """(queue name, message) of a message that some handler waits for; invisible to others from now on."""
        for name in self.watched():
            if found := messages.receive(name):
                return name, found
        return None

    def watched(self) -> list[str]:
        """The queues that a function waits for: all that have dead letters."""
        return [name for name, queue in messages.queues().items() if queue.dead_letter_queue is not None]

    def handle(self, name: str, message: Any, handlers: dict[str, Handler]) -> None:
        """As Lambda does for a batch of one: deleted when the handler returns, left when it raises."""
        function = "take_in" if name == self.mail_queue else "ses_events"
        handler = handlers.get(function) or self.handler(function)
        handler(event_of(message, name), Context())
        messages.delete(name, message)

    def handler(self, function: str) -> Handler:
        import app

        found: Handler = getattr(app, function)
        return found

    def show_again(self) -> None:
        """As if the time-out of everything that handlers dropped had passed."""
        for name in self.watched():
            for message in messages.queues()[name]._messages:
                message.visible_at = 0

    def dead_letters(self) -> list[str]:
        """Bodies of mail notices given up after as many attempts as the template says."""
        dead = messages.queues()[self.mail_queue].dead_letter_queue
        return [message.body for message in dead._messages] if dead else []

    # -- mail out

    @property
    def outbox(self) -> list[ses.Sent]:
        return ses.outbox

    def tell(self, sent: ses.Sent, kind: str, **more: Any) -> None:
        """What SES publishes about a mail that left: `kind` is Send, Delivery, Bounce, Complaint, DeliveryDelay, Reject."""
        topic, kinds = destinations.get(sent.configuration_set, ("", set()))
        if topic and re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).upper() in kinds:
            event = json.dumps(ses.event_of(sent, kind, more))
            for queue in messages.subscribers(topic):
                messages.send(queue, event)

    # -- objects and items, past the desk

    def objects(self, prefix: str = "") -> list[str]:
        bucket = s3_backends[ACCOUNT]["aws"].buckets[self.bucket]
        return sorted(key for key in list(bucket.keys) if key.startswith(prefix))

    def items(self) -> list[dict[str, Any]]:
        """All items of the table as DynamoDB shows them."""
        with moto_safe.lock:
            return [item.to_json()["Attributes"] for item in moto_shelves.every(self.raw_table())]

    def raw_table(self) -> Any:
        return dynamodb_backends[ACCOUNT][REGION].tables[self.table]

    def forget_messages(self) -> None:
        for queue in messages.queues().values():
            queue._messages, queue._pending_messages = [], set()

    def empty(self) -> None:
        """As new: no items, objects, messages, users or sent mails; the desk's caches forgotten."""
        with moto_safe.lock:
            table = self.raw_table()
            table.items.clear()
            moto_shelves.forget(table)
            if table.stream_shard:
                table.stream_shard.items.clear()
        s3_backends[ACCOUNT]["aws"].buckets[self.bucket].keys.clear()
        self.forget_messages()
        for pool in cognitoidp_backends[ACCOUNT][REGION].user_pools.values():
            pool.users.clear()
        ses.outbox.clear()
        forget_caches()


def event_of(message: Any, queue: str) -> dict[str, Any]:
    """The event by which SQS calls a function, for one message."""
    return {
        "Records": [
            {
                "messageId": message.id,
                "receiptHandle": message.receipt_handle,
                "body": message.body,
                "attributes": {"ApproximateReceiveCount": str(message.approximate_receive_count)},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}",
                "awsRegion": REGION,
            }
        ]
    }


def forget_caches() -> None:
    """What the desk remembers from one call to the next, where it is loaded."""
    if "chalicelib.settings" in sys.modules:
        sys.modules["chalicelib.settings"].settings.cache_clear()
    if "chalicelib.config" in sys.modules:
        sys.modules["chalicelib.config"].forget()
    if "chalicelib.search.engines" in sys.modules:
        sys.modules["chalicelib.search.engines"].engine.cache_clear()


def send_notice(account: str, event: dict[str, Any], queue: str, region: str) -> None:
    """Takes the place of moto's, for the sake of speed."""
    messages.send(queue, json.dumps(event))
    for bell in bells:
        bell()


bells: list[Callable[[], None]] = []  # rung when something has come into a queue
notifications._send_sqs_message = send_notice

made: list[Cloud] = []


@contextmanager
def fake_cloud(domain: str = DOMAIN, origin: str = ORIGIN) -> Iterator[Cloud]:
    """Everything in this process talks to moto from here on. The resources are made once for each process."""
    os.environ["AWS_DEFAULT_REGION"] = os.environ["AWS_REGION"] = REGION
    if made:  # somebody in this process has one already: it is used, emptied before and after
        os.environ["OTKLIK_ORIGIN"] = origin
        made[-1].empty()
        yield made[-1]
        os.environ["OTKLIK_ORIGIN"] = made[-1].environment["OTKLIK_ORIGIN"]
        made[-1].empty()
        return
    with mock_aws(config={"core": {"reset_boto3_session": False}}):
        made.append(Cloud(domain, origin))
        try:
            yield made[-1]
        finally:
            made.pop()


__all__ = ["Cloud", "Context", "cognito", "fake_cloud"]
