"""How the desk is set up: queues, agents and its secret, all in one partition, kept for a minute in each container."""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib import table
from chalicelib.access import Agent
from chalicelib.packing import pack, unpack
from chalicelib.queues import Queue

CROWD = "SILENT#"  # items of those who have had more than their share of automatic answers
FRESH = 60  # seconds; a change by an administrator is known everywhere after that


@dataclass(frozen=True)
class Rates:
    """What an hour of working time costs, in `currency`: `hourly`, or what `agents` says by login. `export`: facts go to the bucket
    each night; `mail_to` gets the figures of each week by mail."""

    currency: str = "EUR"
    hourly: float = 0
    agents: Mapping[str, float] = field(default_factory=dict)
    export: bool = False
    mail_to: tuple[str, ...] = ()
    mail_language: str = "en"

    def of(self, login: str) -> float:
        return self.agents.get(login, self.hourly)


@dataclass(frozen=True)
class Config:
    """`queues` by id, `agents` by login, both with the invalid ones; `secret` signs the tokens in mail addresses.

    `silent_until`: no automatic answer leaves before; `silent_crowds`: none to these (records.desk_may_answer).
    """

    queues: Mapping[str, Queue]
    agents: Mapping[str, Agent]
    secret: bytes
    silent_until: datetime | None = None
    silent_crowds: Mapping[str, datetime] = field(default_factory=dict)
    rates: Rates = Rates()

    def answers_stopped(self, now: datetime, crowd: str = "") -> bool:
        until = (self.silent_until, self.silent_crowds.get(crowd))
        return any(each is not None and now < each for each in until)

    def queue_named(self, name: str) -> Queue | None:
        return next((queue for queue in self.queues.values() if queue.name == name), None)

    def queue_at(self, address: str) -> Queue | None:
        return next((queue for queue in self.queues.values() if queue.valid and queue.address == address), None)

    def is_away(self, login: str | None) -> bool:
        """An owner who will not answer today: out of office, made invalid, or gone. Nobody is never away."""
        agent = self.agents.get(login or "")
        return bool(login) and (agent is None or agent.out_of_office or not agent.valid)

    @property
    def addresses(self) -> frozenset[str]:
        """The desk's own: mail from them is never answered."""
        return frozenset(queue.address for queue in self.queues.values())

    @property
    def agents_addresses(self) -> frozenset[str]:
        """Which nobody outside is told."""
        return frozenset(agent.email for agent in self.agents.values())

    @property
    def default_queue(self) -> Queue:
        """Where mail goes that names no queue: `raw` as seeded, else any."""
        return self.queues.get("raw") or next(iter(self.queues.values()))


cached: tuple[float, Config] | None = None


def config() -> Config:
    global cached
    if cached is None or time.monotonic() - cached[0] > FRESH:
        cached = (time.monotonic(), load())
    return cached[1]


def forget() -> None:
    """The next call reads anew."""
    global cached
    cached = None


def load() -> Config:
    items = {str(item["sk"]): item for item in table.query("CFG")}
    if "SECRET" not in items:
        # Conditional: of two functions that start at once on a new table, one makes the secret for both.
        table.put({"pk": "CFG", "sk": "SECRET", "key": secrets.token_hex(32)}, "attribute_not_exists(pk)")
        items["SECRET"] = table.get("CFG", "SECRET") or {}
    documents = {name: json.loads(str(item["doc"])) for name, item in items.items() if "doc" in item}
    queues = [unpack(Queue, doc) for name, doc in documents.items() if name.startswith("QUEUE#")]
    agents = [unpack(Agent, doc) for name, doc in documents.items() if name.startswith("AGENT#")]
    return Config(
        queues={queue.id: queue for queue in queues},
        agents={agent.login: agent for agent in agents},
        secret=bytes.fromhex(str(items["SECRET"]["key"])),
        rates=unpack(Rates, documents.get("RATES", {})),
        silent_until=datetime.fromisoformat(str(items["SILENT"]["until"])) if "SILENT" in items else None,
        silent_crowds={
            name.removeprefix(CROWD): datetime.fromisoformat(str(item["until"]))
            for name, item in items.items()
            if name.startswith(CROWD)
        },
    )


def put_queue(queue: Queue) -> None:
    put(f"QUEUE#{queue.id}", queue)


def put_agent(agent: Agent) -> None:
    put(f"AGENT#{agent.login}", agent)


def put_rates(rates: Rates) -> None:
    put("RATES", rates)


def stop_answers(until: datetime, crowd: str = "") -> None:
    """No automatic answer leaves before `until`, to the `crowd` or to anybody; known everywhere within a minute, here at once.

    Never sooner than was said before: the breaker must not shorten what an administrator has decided.
    """
    name = f"{CROWD}{crowd}" if crowd else "SILENT"
    values: table.Item = {":until": until.isoformat(), ":ttl": int(until.timestamp()) + 86400}
    condition = "attribute_not_exists(#until) OR #until < :until"
    names = {"#until": "until", "#ttl": "ttl"}
    table.update("CFG", name, "SET #until = :until, #ttl = :ttl", values, condition=condition, names=names)
    forget()


def allow_answers() -> None:
    """Ends the silence, whoever asked for it."""
    for name in ("SILENT", *(f"{CROWD}{crowd}" for crowd in config().silent_crowds)):
        table.delete("CFG", name)
    forget()


def put(name: str, thing: Any) -> None:
    document = json.dumps(pack(thing), ensure_ascii=False, separators=(",", ":"))
    table.put({"pk": "CFG", "sk": name, "doc": document})
    forget()
