"""What keeps a month, and a bad day, from costing more than it should: the figures as they stand in the code and in infra/."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from chalicelib import auto_response, records
from chalicelib.settings import Settings
from dev.cost_model import (
    COUNTED,
    COUNTS,
    DAYS,
    DESKS,
    HOURS,
    MACHINES,
    POLLS,
    ROOT,
    Desk,
    Told,
    dollars,
    plus,
    price_of,
    summed,
)
from dev.cost_stories import Story
from dev.cost_tables import line, number, summary, table
from dev.cost_units import chunks, traces

FLOOD = 100_000  # mails of a day
LARGEST = 40 * 1024 * 1024  # bytes of a mail, the most that SES takes
LARGE_SECONDS = (
    4.0  # that taking in such a mail is assumed to last: 0.25 s of our CPU (docs/bench.md), the rest is S3's
)


def infra(name: str) -> Any:
    return json.loads((ROOT / "infra" / f"{name}.json").read_text())


def concurrency() -> dict[str, str]:
    """How many of each function may run at once, and which setting says so."""
    found = infra("functions")
    resources, most = found["Resources"], found["Parameters"]["ApiConcurrency"]["Default"]
    said = {}
    for name in ("APIHandler", "TakeIn", "SesEvents", "Tick", "Index", "SweepIndex"):
        properties = resources[name]["Properties"]
        if reserved := properties.get("ReservedConcurrentExecutions"):
            value = reserved["Fn::If"][1]
            said[name] = f"{most if isinstance(value, dict) else value} (ReservedConcurrentExecutions)"
        else:
            [event] = properties["Events"].values()
            said[name] = (
                f"{event['Properties']['ScalingConfig']['MaximumConcurrency']} (MaximumConcurrency of its queue)"
            )
    return said


def throttles() -> tuple[int, int]:
    settings = infra("functions")["Resources"]["RestAPI"]["Properties"]["MethodSettings"][0]
    return settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]


def budget() -> tuple[int, list[int]]:
    found = infra("alarms")
    told = found["Resources"]["Budget"]["Properties"]["NotificationsWithSubscribers"]
    return found["Parameters"]["MonthlyBudget"]["Default"], [each["Notification"]["Threshold"] for each in told]


def caps() -> Iterator[tuple[str, str]]:
    yield (
        "automatic answers in one ticket",
        f"1 in {auto_response.AGAIN.total_seconds() / 3600:g} hour ([auto_response.py](../chalicelib/auto_response.py), `AGAIN`)",
    )
    yield (
        "to one mailbox that may be forged",
        f"{records.ANSWERS_AN_HOUR} an hour ([records.py](../chalicelib/records.py), `ANSWERS_AN_HOUR`)",
    )
    yield "to one mailbox that is who it says it is", f"{records.ANSWERS_A_DAY} a day (`ANSWERS_A_DAY`)"
    yield "to all of a domain that may be forged", f"{records.ANSWERS_TO_A_DOMAIN} an hour (`ANSWERS_TO_A_DOMAIN`)"
    yield "to what may be another desk", f"{records.ANSWERS_TO_A_DESK} an hour (`ANSWERS_TO_A_DESK`)"
    yield (
        "to anybody, the breaker",
        f"{Settings.answers_an_hour} an hour, then silence until the next one (setting `AnswersAnHour`)",
    )
    yield (
        "tickets that close by themselves",
        f"{Settings.closings_a_day} a day (setting `ClosingsADay`)",
    )


@dataclass(frozen=True)
class Load:
    """What a desk of each volume asks of a cap, on an even working day."""

    what: str
    most: float
    values: tuple[float, ...]


def loads() -> list[Load]:
    second = sum(POLLS[name] for name in POLLED) / (DAYS * HOURS * 3600) + COUNTS / (DAYS * HOURS * 3600)
    return [
        Load("requests of the API a second", throttles()[0], tuple(second * desk.agents for desk in DESKS)),
        Load(
            "automatic answers an hour",
            Settings.answers_an_hour,
            tuple(desk.tickets / (DAYS * HOURS) for desk in DESKS),
        ),
        Load(
            "tickets that close by themselves a day",
            Settings.closings_a_day,
            tuple(desk.tickets / 30 for desk in DESKS),
        ),
    ]


POLLED = ("the list is polled", "the ticket is polled", "the failed mails are polled")


# -- the worst day


def answered_most() -> int:
    """Automatic answers of a day, whatever comes: the breaker's."""
    return min(FLOOD, Settings.answers_an_hour * 24)


def small_flood(told: Told, desk: Desk) -> dict[str, float]:
    """Dollars for FLOOD small mails, as many of them answered as the breaker lets through, in a desk of ten agents."""
    answers = answered_most()
    silent = summed(told.units(story) for story in told.measured.silent)
    answered = summed(told.units(story) for story in takewhile(by_mail, told.measured.plain))
    kept = told.measured.kept_plain  # of a ticket's whole life, so more than this
    lying = Counter(
        {"ddb byte-month": kept.table + kept.indexes, "ddb backup byte-month": kept.table, "s3 byte-month": kept.bucket}
    )
    return {
        "mails that come in (SES)": price_of("ses in") * FLOOD,
        "taking them in, without an answer": (dollars(silent) - price_of("ses in")) * (FLOOD - answers),
        "taking in and answering what the breaker lets through": (dollars(answered) - price_of("ses in")) * answers,
        "keeping them for a month": dollars(lying) * FLOOD,
        "tracing them (X-Ray)": price_of("trace") * traces(silent["lambda request"] * FLOOD, 24 * 3600),
        f"{desk.agents} agents who look at lists of so many, for a day": looked_through(told, desk),
    }


def by_mail(story: Story) -> bool:
    return story.function != "api_handler"


def looked_through(told: Told, desk: Desk) -> float:
    """What lists and counts cost more than on a usual day while the flood stands in them."""
    units = []
    for name, times, usual in (
        ("the list is polled", POLLS["the list is polled"] * desk.agents, desk.open_in_team),
        ("the counts are counted anew", min(COUNTED, COUNTS * desk.agents), desk.open),
    ):
        units += [(told.at(name, usual + FLOOD), times / DAYS), (told.at(name, usual), -times / DAYS)]
    return dollars(plus(*units))


def large_thousand(told: Told) -> dict[str, float]:
    """Dollars for 1,000 mails of 40 MB. Each is kept three times for a month: as it came, as the desk keeps it, and its files."""
    letter = told.units(told.measured.filed[0])
    seconds = MACHINES["take_in"].memory / 1024 * LARGE_SECONDS
    calls = {unit: letter[unit] for unit in ("ddb read", "ddb write", "s3 read", "s3 write", "sqs request", "ses out")}
    return {
        "mails that come in (SES)": price_of("ses in") * 1000,
        f"their {chunks(LARGEST)} full chunks each (SES)": price_of("ses chunk") * chunks(LARGEST) * 1000,
        "taking them in": 1000 * (sum(price_of(unit) * count for unit, count in calls.items()) + price_of("lambda gb-second") * seconds),
        "keeping them for a month (S3)": price_of("s3 byte-month") * LARGEST * 2.75 * 1000,
    }  # fmt: skip


# -- as docs/cost.md says it


def guard() -> str:
    dollars_a_month, thresholds = budget()
    rate, burst = throttles()
    return f"""## The guard

| what | how many |
|---|---|
{chr(10).join(line(each) for each in caps())}
{chr(10).join(line((f"`{name}` at once", most)) for name, most in concurrency().items())}
| requests of the API | {rate} a second, {burst} in a burst ([functions.json](../infra/functions.json)) |

What desks need of them on an even working day; **bold** is more than the cap, which such a desk has to raise first:

{table(["needed", "cap", *(f"{desk.tickets:,} tickets" for desk in DESKS)], needed())}

- **Budget**: {dollars_a_month} dollars a month unless `./desk deploy --budget` says otherwise; at {", ".join(map(str, thresholds))} % the `--alarms` address hears of it ([alarms.json](../infra/alarms.json)). AWS counts with a delay of hours; it warns, it stops nothing. A desk of ten agents comes near it, and passes it where others use the account's free tier: set it to what the first table says, and half as much again.
- **Floods**: `MailFloodAlarm` rings when far more mail comes than is usual, `ApiThrottlesAlarm` when people are turned away.
- **Kill switch**: `./desk answers off --stage prod` lets no automatic answer leave for a day (`--hours N`), `on` ends it; known in all functions within a minute. The breaker throws it by itself, for the rest of the hour.
- **Not guarded**: SES takes in, and bills, whatever comes for the domain. Against a flood of mail helps an IP address filter, or switching the receipt rule off, in SES's console; senders' servers then try again for days."""


def needed() -> Iterator[list[object]]:
    for load in loads():
        values = (number(each) if each <= load.most else f"**{number(each)}**" for each in load.values)
        yield [load.what, number(load.most), *values]


def worst(told: Told) -> str:
    small, large = small_flood(told, DESKS[1]), large_thousand(told)
    return f"""## The worst day

{FLOOD:,} small mails in a day from as many forged addresses; the breaker lets {answered_most():,} of them be answered:

{table(["of it", "dollars"], summary(small))}

1,000 mails of 40 MB, the largest that SES takes. Lists and counts aside, this is the dearer attack: an alarm for bytes there is none, the budget's is the first to ring.

{table(["of it", "dollars"], summary(large))}"""
