"""`./desk fleet --mails N --seed S`: a fleet of letters through a desk that keeps dying, and an exact account of what came of each.

Letters, 40 % of them follow-ups, come shuffled; 10 % of the events come twice, 5 % of the letters are sent again under a new key,
2 % are no mail at all. Three deliveries in ten are killed before or after a random call to AWS, and one call in twenty is
throttled. Agents answer meanwhile, under the same conditions. At the end nothing may be lost and nothing done twice, but for
replies whose fate could not be known: those are as many as the fleet has made unknowable.

Prints one line of JSON; the exit code is 1 when a promise broke. The seed decides about letters and crashes; threads take turns as they like.
"""

import argparse
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from botocore.exceptions import ClientError

import app
from chalicelib import config, desk, desk_sent, files, lists, outbox, outgoing, postmaster, store, table, tending
from chalicelib.composing import Saying
from chalicelib.errors import DeskError
from chalicelib.store import Once
from dev import fleet_account, messages, people, ses
from dev.cloud import Cloud, fake_cloud
from dev.fleet_letters import Letter, letters

KILLED, THROTTLED, LOST_EVENTS = 0.3, 0.05, 0.5
CALLS = 12  # a delivery makes about ten
BEGIN = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
APART = timedelta(seconds=10)  # between two letters: no hour sees more than the caps on answers allow
REPLIES = 0.2  # of all letters


class Killed(BaseException):
    """The function is gone; nothing in it may catch this."""


@dataclass
class Fate:
    """What happens to one invocation: at its `call`-th call to AWS, before it or after."""

    random: Random
    call: int = 0
    after: bool = False
    made: int = 0
    sent: str = ""


@dataclass
class Fleet:
    cloud: Cloud
    random: Random
    stormy: bool = True
    now: datetime = BEGIN
    crashes: int = 0
    throttles: int = 0
    unknowable: set[str] = field(default_factory=set)
    withheld: set[str] = field(default_factory=set)
    replies: dict[str, str] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    guard: Any = field(default_factory=threading.Lock)
    mine: Any = field(default_factory=threading.local)

    # -- fate

    @contextmanager
    def invocation(self) -> Iterator[None]:
        """What is done here may die, and then raises Killed."""
        with self.guard:
            own = Random(self.random.random())
        fate = Fate(own)
        if self.stormy and own.random() < KILLED:
            fate.call, fate.after = own.randint(1, CALLS), own.random() < 0.5
        self.mine.fate = fate
        try:
            yield
        finally:
            self.mine.fate = None

    def before(self, model: Any, **_: Any) -> tuple[Any, dict[str, Any]] | None:
        fate: Fate | None = getattr(self.mine, "fate", None)
        if fate is None:
            return None
        fate.made += 1
        if fate.made == fate.call and not fate.after:
            self.die()
        if self.stormy and fate.random.random() < THROTTLED:
            with self.guard:
                self.throttles += 1
            return Refusal(), {"Error": {"Code": "ThrottlingException", "Message": "Too fast."}, "ResponseMetadata": {}}
        return None

    def behind(self, model: Any, parsed: dict[str, Any], **_: Any) -> None:
        fate: Fate | None = getattr(self.mine, "fate", None)
        if fate and fate.made == fate.call and fate.after:
            if model.name == "SendEmail" and "MessageId" in parsed:
                self.answer_lost(parsed["MessageId"], fate)
            self.die()

    def die(self) -> None:
        with self.guard:
            self.crashes += 1
        raise Killed

    def answer_lost(self, message_id: str, fate: Fate) -> None:
        """SES has the mail, and nobody knows; unless its own event tells, nobody ever will."""
        if fate.random.random() < LOST_EVENTS:
            with self.guard:
                self.withheld.add(message_id)
                sent = next(each for each in ses.outbox if each.id == message_id)
                self.unknowable.add(sent.tags["outbox"])

    def left(self, sent: ses.Sent) -> None:
        """SES publishes what it has sent, some time after."""
        self.mine.told = [*getattr(self.mine, "told", []), sent]

    def publish(self) -> None:
        """Past the reach of what kills functions."""
        for sent in getattr(self.mine, "told", []):
            if sent.id not in self.withheld:
                self.cloud.tell(sent, "Send")
        self.mine.told = []

    def clock(self) -> datetime:
        return self.now


class Refusal:
    """As much of an answer as botocore looks at."""

    status_code = 400

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}


# -- the run


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./desk fleet", description=__doc__.partition("\n")[0])
    parser.add_argument("--mails", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None)
    asked = parser.parse_args(arguments)
    seed = asked.seed if asked.seed is not None else int(time.time())
    with fake_cloud() as cloud:
        account = sail(cloud, asked.mails, seed)
    print(json.dumps(account))
    return int(not fleet_account.kept(account))


def sail(cloud: Cloud, mails: int, seed: int) -> dict[str, Any]:
    """The whole run in an empty cloud, and its account."""
    people.settle(cloud.domain, cloud.user_pool)
    fleet = Fleet(cloud, Random(seed))
    fleet_letters = letters(Random(seed), mails, cloud.domain)
    began = time.monotonic()
    with under_way(fleet):
        through_the_storm(fleet, fleet_letters)
        in_the_calm(fleet)
    return (
        fleet_account.counted(fleet, fleet_letters)
        | {"seed": seed, "seconds": round(time.monotonic() - began, 1)}
        | fleet_account.pace(fleet.times)
    )


@contextmanager
def under_way(fleet: Fleet) -> Iterator[None]:
    clients = [table.client(), files.client(), outgoing.client()]
    clock, app.clock = app.clock, fleet.clock
    for client in clients:
        client.meta.events.register("before-call", fleet.before)
        client.meta.events.register("after-call", fleet.behind)
    ses.listeners.append(fleet.left)
    try:
        yield
    finally:
        app.clock = clock
        ses.listeners.remove(fleet.left)
        for client in clients:
            client.meta.events.unregister("before-call", fleet.before)
            client.meta.events.unregister("after-call", fleet.behind)


def through_the_storm(fleet: Fleet, mails: list[Letter]) -> None:
    """Letters come, two functions take them in, an agent answers, all at once."""
    done = threading.Event()
    workers = [threading.Thread(target=work, args=(fleet, done)) for _ in range(2)]
    ann = threading.Thread(target=answer, args=(fleet, int(len(mails) * REPLIES)))
    for worker in (*workers, ann):
        worker.start()
    for letter in mails:
        fleet.times.append(time.monotonic())
        fleet.now += APART
        for key, raw in letter.objects.items():
            fleet.cloud.deliver_mail(raw, key)
        if letter.twice:
            with suppress(KeyError):  # the first event was so fast that the object is gone already
                fleet.cloud.announce(next(iter(letter.objects)))
        while backlog(fleet.cloud) > 50:
            time.sleep(0.005)
    ann.join()
    while backlog(fleet.cloud):
        time.sleep(0.005)
    done.set()
    for worker in workers:
        worker.join()


def backlog(cloud: Cloud) -> int:
    return sum(len(messages.queues()[name]._messages) for name in cloud.watched())


def work(fleet: Fleet, done: threading.Event) -> None:
    """As Lambda: what dies leaves its message, which is visible again at once, until it is a dead letter."""
    while not done.is_set():
        found = fleet.cloud.next_message()
        if found is None:
            fleet.cloud.show_again()
            time.sleep(0.002)
            continue
        with suppress(Killed, ClientError, DeskError, table.Changed), fleet.invocation():
            fleet.cloud.handle(*found, {})
        fleet.publish()


def answer(fleet: Fleet, most: int) -> None:
    """Ann answers whatever is there, however fast the letters come; a browser that got no answer asks again, under the same key."""
    own = Random(fleet.random.random())
    for _ in range(20 * most):
        if len(fleet.replies) >= most:
            return
        if numbers := open_numbers():
            reply(fleet, own.choice(numbers), f"Reply number {len(fleet.replies) + 1:06d}.")
            fleet.publish()
        else:
            time.sleep(0.01)


def open_numbers() -> list[str]:
    return [row["number"] for row in lists.open_rows(["support"])]


def reply(fleet: Fleet, number: str, text: str) -> None:
    ann = config.config().agents["ann"]
    once = Once("ann", text, text)
    for _ in range(20):
        try:
            with fleet.invocation():
                held = desk.lock(number, ann, True, fleet.now)
                saying = Saying("reply", text, epoch=held.epoch, seen=held.article_count, next_state="open")
                desk.say(number, ann, saying, fleet.now, once)
            fleet.replies[text] = number
            return
        except table.Taken:
            fleet.replies[text] = number  # an attempt whose answer was lost has said it
            return
        except (Killed, ClientError, table.Changed):
            continue
        except DeskError:
            said_already(fleet, number, text)
            return


def said_already(fleet: Fleet, number: str, text: str) -> None:
    """Refused, because the customer was faster; unless an earlier attempt, whose answer was lost, has said it."""
    if any(text in article.text for article in store.whole(store.place_of(number, 0)[0]).articles):
        fleet.replies[text] = number


def in_the_calm(fleet: Fleet) -> None:
    """The weather clears: what the events have forgotten is swept, what is due leaves, and Ann decides what nobody knows."""
    fleet.stormy = False
    for key in fleet.cloud.objects("in/"):
        postmaster.take_in(key, fleet.now)
    for _ in range(3):
        fleet.now += outbox.CLAIM * 2
        with suppress(ExceptionGroup):
            tending.tick(fleet.now)
        fleet.publish()
        fleet.cloud.show_again()
        fleet.cloud.run_events()
    for number, seq in outbox.unsent():
        _, article = store.ticket_and_article(number, seq)
        if article.kind == "reply" and article.delivery and article.delivery.state == "unknown":
            desk_sent.send_again(number, seq, config.config().agents["ann"], fleet.now)
    fleet.publish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
