"""What each limit gets at a rate of mails: the load that the simulation gives, and how much of it there may be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from chalicelib import outbox
from chalicelib.queues import Queue
from chalicelib.store import SHARDS
from chalicelib.table import TRIES
from dev.scale import stories as s
from dev.scale.facts import concurrency, parameter, throttle, time_out, together, value
from dev.scale.keys import Template
from dev.scale.traffic import MAILS, MIX, NEW, QUEUES, SAVES, Heat, Hot, hottest

A_DAY = 86_400
OWN, SET, DESIGN, AWS, NEWCOMER = "own cap", "setting", "design", "AWS", "new account"  # who has drawn the line
CROWDED = 0.01  # share of letters that meet only numbers that are taken: then it is time


@dataclass(frozen=True)
class Limit:
    """`load` of `most` in `unit`; `key` finds the words about it (advice.py)."""

    key: str
    load: float
    most: float
    unit: str
    whose: str

    @property
    def share(self) -> float:
        return self.load / self.most


@dataclass(frozen=True)
class Scene:
    """A run at one rate. `row`: bytes of a ticket in a list; `numbers`: how many a day has."""

    rate: float
    heat: Heat
    templates: Mapping[str, Template]
    row: float
    numbers: float

    @cached_property
    def written(self) -> list[Hot]:
        return hottest(self.heat, self.heat.written)

    @cached_property
    def read(self) -> list[Hot]:
        return hottest(self.heat, self.heat.read)

    def often(self, *names: str) -> float:
        """A second."""
        return sum(self.heat.events[name] for name in names) / self.heat.seconds

    def mails_out(self) -> float:
        return sum(self.often(name) * self.templates[name].mails for name in self.heat.events)

    def busy(self, *names: str) -> float:
        """Functions that are at work on these stories, mean."""
        return sum(self.often(name) * seconds(self.templates[name]) for name in names)

    def waiting_rows(self) -> float:
        """Open tickets of the fullest queue, when as many are closed as are opened: by agents or by themselves."""
        by_itself = MIX[s.BY_ITSELF] / (MIX[s.BY_ITSELF] + MIX[s.CLOSED])
        days = value("days until an agent closes") + by_itself * Queue("", "", "").auto_close_days
        return self.often(*NEW) * max(QUEUES.values()) * A_DAY * days


def seconds(template: Template) -> float:
    """Of a function, for one story."""
    return sum(value(each) for each in template.calls) + value("CPU of a story")


def reading(rows: float, size: float) -> float:
    """Seconds that a list of so many rows takes."""
    return rows * size / 2**20 * value("a page of a query") + rows * value("CPU for a row of a list")


def limits(scene: Scene) -> list[Limit]:
    """The fullest first."""
    found = [each for part in PARTS for each in part(scene)]
    return sorted(found, key=lambda each: (-each.share, each.key))


# -- the desk's own


def caps(scene: Scene) -> Iterator[Limit]:
    hourly, closings = scene.often(*NEW) * 3600, scene.often(s.BY_ITSELF) * A_DAY
    yield Limit("automatic answers", hourly, int(parameter("AnswersAnHour")["Default"]), "an hour", OWN)
    yield Limit("closings by themselves", closings, int(parameter("ClosingsADay")["Default"]), "a day", OWN)


def lists_and_counts(scene: Scene) -> Iterator[Limit]:
    """How long is read. How often the counts are made does not grow with what there is to count (lists.fresh_for)."""
    rows, most = scene.waiting_rows(), time_out("api_handler")
    yield Limit("list of the fullest queue", reading(rows, scene.row), most, "s to read", DESIGN)
    every = rows / max(QUEUES.values())
    yield Limit("counts beside the queues", reading(every, scene.row), most, "s to read", DESIGN)


def numbers(scene: Scene) -> Iterator[Limit]:
    """Not all of them: the fuller the day, the more draws are in vain, and TRIES are made."""
    usable = scene.numbers * CROWDED ** (1 / TRIES)
    yield Limit("ticket numbers of a day", scene.often(*NEW) * A_DAY, usable, "a day", SET)


def timers(scene: Scene) -> Iterator[Limit]:
    stories = (s.BY_ITSELF, s.RAN_OUT)
    often = scene.often(*stories)
    each = scene.busy(*stories) / often if often else seconds(scene.templates[s.BY_ITSELF])
    most = min(SHARDS * outbox_limit(), time_out("tick") / each)
    yield Limit("timers", often * 60, most, "a minute", DESIGN)


def outbox_limit() -> int:
    """How many a tick takes of one shard."""
    defaults = outbox.due_tickets.__defaults__ or (0,)
    return int(defaults[0])


def search(scene: Scene) -> Iterator[Limit]:
    several = together()
    each = value("Query") + value("CPU to index a ticket")
    most = several / (several * each + value("a batch of the index"))
    yield Limit("search follows", scene.often(*SAVES), most, "changes/s", DESIGN)


# -- functions and mail


def mail(scene: Scene) -> Iterator[Limit]:
    out = scene.mails_out()
    yield Limit("SES, a day", out * A_DAY, value("mails in 24 hours"), "mails in 24 h", AWS)
    yield Limit("SES, a second", out, value("mails a second"), "mails/s", AWS)
    yield Limit("SES, sandbox", out * A_DAY, value("mails in 24 hours, sandbox"), "mails in 24 h", NEWCOMER)


def functions(scene: Scene) -> Iterator[Limit]:
    incoming, news = scene.busy(*MAILS), scene.busy(s.SENT, s.DELIVERED)
    asked = scene.often(*NEW) * value("API requests for a ticket")
    api = asked * value("an API request")
    yield Limit("functions that take mail in", incoming, concurrency("TakeIn"), "at once", SET)
    yield Limit("functions that hear SES", news, concurrency("SesEvents"), "at once", SET)
    yield Limit("API requests", asked, throttle(), "requests/s", SET)
    yield Limit("API Gateway", asked, value("requests of an account"), "requests/s", AWS)
    yield Limit("API functions", api, int(parameter("ApiConcurrency")["Default"]), "at once", SET)
    every = incoming + news + api
    yield Limit("Lambda", every, value("functions at once"), "at once", AWS)
    yield Limit("Lambda, new account", every, value("functions at once, new account"), "at once", NEWCOMER)


def objects(scene: Scene) -> Iterator[Limit]:
    """SES writes each letter below in/; the rest is the desk's."""
    writes = scene.often(*MAILS)
    for name in scene.heat.events:
        asked = dict(scene.templates[name].objects)
        writes += scene.often(name) * asked.get(("in/", "write"), 0)
    yield Limit("objects below in/", writes, value("writes below a prefix"), "writes/s", AWS)


# -- the table


def partitions(scene: Scene) -> Iterator[Limit]:
    """The hottest partition of each kind; those that get next to nothing are left out."""
    for kind, most, unit in (("writes", "writes of a partition", "write"), ("reads", "reads of a partition", "read")):
        for hot in scene.written if unit == "write" else scene.read:
            if hot.mean / value(most) >= LEAST:
                yield Limit(f"{kind}: {hot.place} {hot.template}", hot.mean, value(most), f"{unit} units/s", AWS)


LEAST = 0.005


def table(scene: Scene) -> Iterator[Limit]:
    """Indexes included: they have the same quota, together or each, depending on whom one reads."""
    total = scene.heat.total() / scene.heat.seconds
    yield Limit("table", total, value("writes of a table"), "write units/s", AWS)
    yield Limit("new table", total, value("writes of a new table"), "write units/s", NEWCOMER)


PARTS = (caps, lists_and_counts, numbers, timers, search, mail, functions, objects, partitions, table)
