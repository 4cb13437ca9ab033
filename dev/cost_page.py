"""docs/cost.md, whole: what is measured, what it costs, what others cost, what keeps it from costing more."""

from collections import Counter
from collections.abc import Callable, Iterator

from dev import cost_model, cost_peers
from dev.cost_guard import guard, worst
from dev.cost_meter import Units
from dev.cost_model import DESKS, LIST, PRICES, Desk, Told, by_service, dollars, given, month, plus, services, summed
from dev.cost_peers import others
from dev.cost_stories import DRAFTS, Story
from dev.cost_tables import DOUBT, doubted, money, number, table

SHOWN = {
    "ddb read": "reads",
    "ddb write": "writes",
    "s3 read": "S3 read",
    "s3 write": "S3 write",
    "log byte": "log, bytes",
    "lambda gb-second": "GB-s",
}


def page(told: Told, when: str) -> str:
    parts = (
        head(when),
        in_short(told),
        by_part(told),
        life(told),
        looking(told),
        cheaper(told),
        others(),
        guard(),
        worst(told),
        prices(),
        assumed(),
    )
    return "\n\n".join(part.strip() for part in parts) + "\n"


def head(when: str) -> str:
    return f"""# What a ticket costs

Written by `./desk cost`; nothing here is written by hand. The stories of a ticket's life are told on the fake cloud, each call to AWS is heard at botocore's
door, and its units come from AWS's own rules ([cost_units.py](../dev/cost_units.py)): sizes of items, writes of indexes, transactions. Prices are those
of {LIST["region"]}, gathered on {LIST["gathered"]}, each with its date and source [below](#the-prices); other regions can be 10 to 25 % dearer (cloudburn.io on CloudWatch, February 2026). Those marked {DOUBT} could
not be confirmed here. CPU time was measured on {when} (`./desk cost --cpu`). No account has been billed for any of this yet."""


# -- the bill


def in_short(told: Told) -> str:
    bills = [month(told, desk) for desk in DESKS]
    whole = [summed(bill.values()) for bill in bills]
    rows: list[list[object]] = [
        ["agents", *(f"{desk.agents:,}" for desk in DESKS)],
        ["**Otklik, a month**", *(f"**{money(dollars(each))}**" for each in whole)],
        ["a ticket, everything shared out", *(f"{dollars(each) / desk.tickets:.4f}" for each, desk in zip(whole, DESKS, strict=True))],
        ["less, while AWS gives its free tier", *(f"-{money(given(each))}" for each in whole)],
        *(peer(row) for row in cost_peers.rows(DESKS)),
    ]  # fmt: skip
    return f"""## In short

{table(["dollars, for tickets a month", *(f"{desk.tickets:,}" for desk in DESKS)], rows)}

{judged(told)}"""


def peer(row: cost_peers.Row) -> list[object]:
    values = ("nobody here knows" if value is None else money(value) for value in row.values)
    return [row.name + ("" if row.sure else f" {DOUBT}"), *values]


def judged(told: Told) -> str:
    """In words, from the figures."""
    shares = "; ".join(f"with {desk.tickets:,}: {shared(told, desk)}" for desk in (DESKS[1], DESKS[-1]))
    return f"""Where it goes, {shares}. What letters cost is SES's and hardly to be lowered. What agents' browsers ask while they look (a list every
15 seconds, an open ticket every 5) is most of a large desk's bill; what stands there (alarms, metrics, a dashboard) most of a small one's. A cheap machine costs less
than either, until its hour of care is counted; Otklik needs such an hour for updates only, a paid desk none."""


def shared(told: Told, desk: Desk) -> str:
    parts = month(told, desk)
    whole = dollars(summed(parts.values()))
    return ", ".join(f"{part} {100 * dollars(units) / whole:.0f} %" for part, units in parts.items())


def by_part(told: Told) -> str:
    return f"""## A month, by service

{table(["dollars", *(f"{desk.tickets:,}" for desk in DESKS)], by_services(told))}

By its reason:

{table(["dollars", *(f"{desk.tickets:,}" for desk in DESKS)], by_reasons(told))}

In the twelfth month, nothing having been thrown away. An account that is new to SES since 21 July 2026 begins on its plan Essentials, where mail that leaves costs 0.16 for 1,000,
not 0.10: `aws sesv2 put-account-pricing-attributes --plan NONE` changes that ([SES's reference](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutAccountPricingAttributes.html))."""


def by_services(told: Told) -> Iterator[list[object]]:
    bills = [by_service(summed(month(told, desk).values())) for desk in DESKS]
    for service in services():
        yield [service, *(money(bill.get(service, 0)) for bill in bills)]
    yield ["**together**", *(f"**{money(sum(bill.values()))}**" for bill in bills)]


def by_reasons(told: Told) -> Iterator[list[object]]:
    bills = [month(told, desk) for desk in DESKS]
    for part in bills[0]:
        yield [part, *(money(dollars(bill[part])) for bill in bills)]


# -- a ticket


def life(told: Told) -> str:
    rows = [[service, f"{1000 * amount:.3f}"] for service, amount in of_life(told).items()]
    rows.append(["**together**", f"**{1000 * dollars(told.life()):.3f}**"])
    return f"""## A ticket's life

A letter, the automatic answer, a reply, a further letter, a second reply, closed by time after the queue's seven days; each reply with {DRAFTS}
drafts kept while it is typed, everything indexed, SES's news of each mail heard. One ticket in {1 / cost_model.WITH_FILE:.0f} comes with a file of 1 MB that is opened once. By service,
without what looking, standing and keeping cost:

{table(["1,000 tickets", "dollars"], rows)}

Each step with its calls, of the ticket without a file; reads and writes are DynamoDB's request units, the sum of all times.

{table(["step", "times", "calls to AWS", *SHOWN.values(), "dollars for 1,000"], steps(told, told.measured.plain))}

The same with a file: {with_file(told)}. After its life a ticket keeps {told.measured.kept_plain.table / 1024:.1f} KB in the table, {told.measured.kept_plain.indexes / 1024:.1f} KB in its indexes and
{told.measured.kept_plain.bucket / 1024:.1f} KB in the bucket; with the file {told.measured.kept_filed.bucket / 1024:,.0f} KB."""


def of_life(told: Told) -> dict[str, float]:
    found = by_service(told.life())
    return {service: found[service] for service in services() if service in found}


def with_file(told: Told) -> str:
    plain, filed = (
        summed(told.units(each) for each in stories) for stories in (told.measured.plain, told.measured.filed)
    )
    return f"{1000 * dollars(filed):.3f} dollars for 1,000 tickets, where it is {1000 * dollars(plain):.3f} without"


def steps(told: Told, stories: list[Story]) -> Iterator[list[object]]:
    for name in dict.fromkeys(story.name for story in stories):
        several = [story for story in stories if story.name == name]
        units = summed(told.units(story) for story in several)
        calls = max((story.calls for story in several), key=len)
        yield [
            f"{name}<br><small>{counted(calls)}</small>",
            len(several),
            sum(len(story.calls) for story in several),
            *(number(units[unit]) for unit in SHOWN),
            f"{1000 * dollars(units):.4f}",
        ]


def counted(calls: tuple[str, ...]) -> str:
    """`Query x 16`; of several times the one with the most calls."""
    return ", ".join(
        name + (f" x {calls.count(name)}" if calls.count(name) > 1 else "") for name in dict.fromkeys(calls)
    )


# -- looking, and nobody looking


def looking(told: Told) -> str:
    desk = DESKS[1]
    return f"""## While somebody looks, and while nobody does

An agent's browser with the desk in front of it for {cost_model.HOURS} hours on {cost_model.DAYS} days, in a team of {cost_model.TEAM} with {desk.open_in_team:,.0f} open tickets in its queue:

{table(["asked", "times a month", "reads", "writes", "GB-s", "dollars"], asked(told, desk))}

The clock, for the same desk; traces, alarms and metrics are in the table by reason above:

{table(["what runs", "times a month", "reads", "S3 write", "GB-s", "dollars"], clock(told, desk))}

What stands there whatever happens: {cost_model.alarm_metrics()} metrics in alarms, a dashboard, {len(cost_model.metrics(told.measured))} metrics of our own
({", ".join(sorted(cost_model.metrics(told.measured)))}), and Lambda's long polls of two queues, {number(cost_model.standing(told, desk)["sqs request"])} a month: {money(dollars(cost_model.standing(told, desk)))} dollars together."""


def asked(told: Told, desk: Desk) -> Iterator[list[object]]:
    anew = min(1.0, cost_model.COUNTED / (cost_model.COUNTS * desk.agents))
    counts = {"the counts are polled": 1 - anew, "the counts are counted anew": anew}
    times = cost_model.POLLS | {name: cost_model.COUNTS * share for name, share in counts.items()}
    for name, often in times.items():
        yield row(
            name,
            often,
            told.at(name, desk.open if "counts" in name else desk.open_in_team),
            "ddb read",
            "ddb write",
            "lambda gb-second",
        )


def clock(told: Told, desk: Desk) -> Iterator[list[object]]:
    for name, often in (cost_model.CLOCK | {"an hour passes": cost_model.MONTH_HOURS}).items():
        yield row(name, often, told.at(name, desk.open), "ddb read", "s3 write", "lambda gb-second")


def row(name: str, often: float, units: Units, *shown: str) -> list[object]:
    whole = plus((units, often))
    return [name, number(round(often)), *(number(round(whole[unit])) for unit in shown), money(dollars(whole))]


def cheaper(told: Told) -> str:
    rows = [[name, *(money(dollars(plus((units(desk), 1)))) for desk in DESKS)] for name, units in levers(told).items()]
    return f"""## What would make it cheaper

{table(["dollars a month less", *(f"{desk.tickets:,}" for desk in DESKS)], rows)}

Each has its price elsewhere: a colleague's lock or a customer's letter shows later, a slow request is harder to explain. None is done here."""


def levers(told: Told) -> dict[str, Callable[[Desk], Units]]:
    polled = "the ticket is polled"
    return {
        "an open ticket asked for every 15 seconds, not 5": lambda desk: plus(
            (told.at(polled, desk.open_in_team), cost_model.POLLS[polled] * desk.agents * 2 / 3)
        ),
        "no traces (X-Ray)": lambda desk: Counter({"trace": summed(month(told, desk).values())["trace"]}),
    }


# -- prices, assumptions


def prices() -> str:
    rows = [
        [f"{each['service']}: {each['what']}" + doubted(each), f"{each['dollars']:.10f}".rstrip("0").rstrip("."), number(each["per"]), number(each["free"]) if "free" in each else "", each["date"], each["source"]]
        for each in PRICES.values()
    ]  # fmt: skip
    return f"""## The prices

Of [prices.json](../dev/prices.json): dollars for so many. {DOUBT} not confirmed here. Free: what AWS gives each month for good; what it gives for a year, or as credit, is left out.

{table(["price", "dollars", "for", "free", "date", "source"], rows)}"""


def assumed() -> str:
    latency = ", ".join(f"{service} {1000 * seconds:.0f}" for service, seconds in cost_model.LATENCY.items())
    return f"""## What is assumed, and what is left out

- An agent works on {cost_model.TICKETS_AN_AGENT} tickets a month, {cost_model.TEAM} agents share a queue; a ticket is open for {cost_model.OPEN_DAYS} days, most of which it waits for the customer. The page is in front all day, half of the time with a list.
- A call to AWS is waited for, in milliseconds: {latency}. Our CPU time, as measured here, is stretched by the share of a processor that a function has (memory / {cost_model.FULL_CPU} MB).
- Lists, counts and sweeps are measured with {cost_model.FEW} and {cost_model.MANY} open tickets; between and beyond in a straight line. One changed ticket is indexed at a time; with many at once it is cheaper.
- Writes of indexes within a transaction count once. AWS's pages do not say it; twice, 1,000 tickets would cost two cents more.
- Metrics of our own are paid by the hour in which they are written; they are counted as if each hour had some. X-Ray by its default rule: the first in a second, one in twenty of the others.
- An index's old bundles and manifests, and mail as it came, stay in the bucket for a month. Old mail in the cheaper class is not counted as cheaper.
- Free at AWS, and so nothing here: Lambda's reading of the table's stream, what the table's expiry deletes, S3's deletions, what CloudFront fetches from S3 and API Gateway.
- Left out: cold starts (a second or so for each new container), the site's own files, searches, the portal, reports, OpenSearch, growth of merges in the index, data between regions, DNS, the budget (the first two of an account are free, from memory), support by AWS, tax."""
