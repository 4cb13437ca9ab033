"""The stories of the desk, told once for each cast on the fake cloud by the desk's own functions, and recorded.

Told by two casts, because of what differs between them it is known that it belongs to the ticket, the customer, the queue
or the agent, and of what stays the same that all of them share it (dev/scale/keys.py).
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib import (
    config,
    desk,
    feedback,
    files,
    likeness,
    lists,
    numbers,
    once,
    outbox,
    postmaster,
    records,
    shown,
    store,
    tending,
)
from chalicelib.composing import Saying
from chalicelib.likeness import hashed
from chalicelib.search import indexing
from chalicelib.store import Once
from dev import people
from dev.bench_mails import letter
from dev.cloud import Cloud
from dev.dynamodb_units import Raw
from dev.scale.recording import Call, Recorder
from dev.ses import Sent, event_of

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

FIRST, KNOWN, FOLLOW_UP = "first letter of a customer", "letter of a known customer", "follow-up by mail"
SILENCED = "letter whose answer is held back"
OPENED, LOCKED, DRAFTED, REPLIED = "ticket opened", "lock", "draft saved", "reply"
SENT, DELIVERED, CLOSED = "SES: sent", "SES: delivered", "closed by an agent"
RAN_OUT, BY_ITSELF = "timer: a lock ran out", "timer: closed by itself"
COUNTED, INDEXED, LOOKED = "badges counted", "search follows", "a tick looks what is due"

# What the desk writes besides, by the first part of the key; too seldom to matter.
RARE = {
    "S": "sign-ins and codes",
    "SO": "whose sign-ins they are",
    "CFG": "settings",
    "F": "mails that cannot be read",
    "VIEWS": "searches that are kept",
    "DIRTY": "tickets that could not be indexed",
    "N": "numbers of other systems",
}


@dataclass(frozen=True)
class Cast:
    """Who the stories are about; `n` makes letters and names of files differ."""

    n: int
    queue: str
    agent: str
    domain: str

    @property
    def customer(self) -> str:
        return f"customer{self.n}@{self.domain}"

    @property
    def silenced(self) -> str:
        return f"customer{self.n + 9}@{self.domain}"


CASTS = (Cast(101, "support", "ann", "customer.example"), Cast(202, "billing", "olga", "other.example"))


@dataclass(frozen=True)
class Told:
    """One story as one cast told it. `names`: what stands for what in its keys, {"20261123...": "number"}."""

    name: str
    calls: tuple[Call, ...]
    names: dict[str, str]


@dataclass(frozen=True)
class Recorded:
    """All stories of all casts, by name, and what the first ticket of the first cast left behind in table and bucket."""

    told: dict[str, list[Told]]
    left: list[Raw]
    objects: dict[str, int]


def recorded(cloud: Cloud, seed: int) -> Recorded:
    """In an empty cloud; the same items for the same seed."""
    people.settle(cloud.domain, cloud.user_pool)
    told: dict[str, list[Told]] = {}
    with drawn(random.Random(seed)) as numbers_drawn:
        postmaster.take_in(put(Cast(1, "support", "ann", "warm.example"), 1), NOW)  # fills what a container remembers
        lists.summary(config.config().queues, NOW)
        left, objects = [], {}
        for cast in CASTS:
            for each in Telling(cloud, cast, numbers_drawn).all():
                told.setdefault(each.name, []).append(each)
            left = left or standing(cloud, told[FIRST][0])
            objects = objects or {key: len(files.read(key)) for key in cloud.objects("mail/")}
    return Recorded(told, left, objects)


def standing(cloud: Cloud, first: Told) -> list[Raw]:
    """The items that are there because of one ticket, at the end of its life."""
    number = next(value for value, name in first.names.items() if name == "number")
    return [item for item in cloud.items() if number in str(item)]


@contextmanager
def drawn(chance: random.Random) -> Iterator[list[str]]:
    """The desk's own numbers, drawn from `chance`; the list has what was made of them."""

    class Drawn:
        randbelow = staticmethod(chance.randrange)

    made: list[str] = []
    stock, secrets = numbers.make, numbers.secrets

    def make(*arguments: Any) -> str:
        made.append(stock(*arguments))
        return made[-1]

    numbers.make, numbers.secrets = make, Drawn  # type: ignore[assignment,misc]
    try:
        yield made
    finally:
        numbers.make, numbers.secrets = stock, secrets  # type: ignore[assignment]


def put(cast: Cast, n: int, number: str = "", sender: int | None = None) -> str:
    """A letter to the cast's queue, as SES puts it. Answers the key."""
    raw = letter(cast.n * 100 + n, number=number, sender=cast.n if sender is None else sender)
    raw = raw.replace(b"support@", f"{cast.queue}@".encode()).replace(b"customer.example", cast.domain.encode())
    key = f"in/{hashed(f'{cast.n} {n}')}"
    files.put(key, raw, "message/rfc822")
    return key


class Telling:
    """All stories of one cast, in the order in which they happen."""

    def __init__(self, cloud: Cloud, cast: Cast, made: list[str]) -> None:
        self.cloud, self.cast, self.made = cloud, cast, made
        self.agent = config.config().agents[cast.agent]

    def all(self) -> Iterator[Told]:
        now = NOW + self.cast.n * HOUR / 100
        yield self.mail(FIRST, put(self.cast, 1), now)
        one = self.made[-1]
        yield self.mail(KNOWN, put(self.cast, 2), now)
        two = self.made[-1]
        yield self.mail(FOLLOW_UP, put(self.cast, 3, number=one), now, one)
        yield self.silenced(now)
        yield self.told(INDEXED, one, lambda: indexing.follow([one], now))
        yield self.told(OPENED, one, lambda: desk.show(one, self.agent, now))
        yield self.told(LOCKED, one, lambda: desk.lock(one, self.agent, False, now))
        draft = {"text": "Pull the plug, wait for a minute, and put it in again."}
        yield self.told(DRAFTED, one, lambda: desk.draft(one, self.agent, "reply", draft, now))
        reply = self.reply(one, now)
        yield self.told(REPLIED, one, reply)
        sent = self.cloud.outbox[-1]
        for name, kind in ((SENT, "Send"), (DELIVERED, "Delivery")):
            yield self.told(name, one, lambda kind=kind: feedback.hear(event(sent, kind), now))
        desk.lock(two, self.agent, False, now)
        yield self.told(RAN_OUT, two, lambda: tending.tend(two, now + 3 * HOUR))
        version = desk.lock(two, self.agent, False, now + 4 * HOUR).version
        closed = {"state": "closed successful"}
        yield self.told(CLOSED, two, lambda: desk.change(two, self.agent, version, closed, now + 4 * HOUR))
        yield self.told(COUNTED, one, lambda: lists.summary(config.config().queues, now))
        yield self.told(LOOKED, one, lambda: (outbox.due_tickets(now), outbox.due_articles(now)))
        yield self.told(BY_ITSELF, one, lambda: tending.tend(one, now + 8 * DAY))

    def mail(self, name: str, key: str, now: datetime, number: str = "") -> Told:
        return self.told(name, number, lambda: postmaster.take_in(key, now))

    def silenced(self, now: datetime) -> Told:
        """His mailbox has had all the automatic answers of its day."""
        for _ in range(records.ANSWERS_A_DAY):
            records.counter(f"answers#{self.cast.silenced}", records.ANSWERS_A_DAY, now, records.DAY)
        return self.mail(SILENCED, put(self.cast, 4, sender=self.cast.n + 9), now)

    def reply(self, number: str, now: datetime) -> Callable[[], Any]:
        """As the door does it, under a key by which it happens once and under which the answer is kept."""
        before = store.ticket(number)
        lock, asked = before.lock, Once(self.cast.agent, hashed(f"once {self.cast.n}"), hashed("asked"))
        saying = Saying("reply", "Pull the plug. " * 20, epoch=lock.epoch if lock else 0, seen=before.article_count)

        def verb() -> tuple[int, Any]:
            return 201, shown.article(desk.say(number, self.agent, saying, now, asked)[1])

        return lambda: once.only_once(asked, verb, lambda number: None, now)

    def told(self, name: str, number: str, story: Callable[[], Any]) -> Told:
        recorder = Recorder()
        with recorder.reading():
            story()
        return Told(name, tuple(recorder.heard), self.names(number or self.made[-1]))

    def names(self, number: str) -> dict[str, str]:
        people = {self.cast.customer: "customer", self.cast.silenced: "customer", self.cast.domain: "domain"}
        senders = {self.sender(each): "sender" for each in (self.cast.customer, self.cast.silenced)}
        tickets = dict.fromkeys(self.made, "other") | {number: "number"}
        piles = dict.fromkeys(config.config().queues, "queue")
        return people | senders | tickets | piles | {self.cast.agent: "agent"}

    def sender(self, email: str) -> str:
        """Under what the table knows all that he has asked this queue."""
        return likeness.sender_of(email, config.config().queues[self.cast.queue])


def event(sent: Sent, kind: str) -> dict[str, Any]:
    return event_of(sent, kind, {})
