"""What others cost: Zammad on a machine of one's own, and desks that are paid by the agent. Dollars a month."""

from collections.abc import Iterator
from dataclasses import dataclass

from dev.cost_model import LIST, MONTH_HOURS, TICKETS_AN_AGENT, Desk
from dev.cost_tables import doubted, table

PEERS = LIST["peers"]
DISK = 80  # GB
CARE = 50.0  # dollars that an hour of somebody's time is taken for; assumed
PAID = ("zendesk support", "zendesk suite", "freshdesk", "helpscout", "zammad hosted")


@dataclass(frozen=True)
class Row:
    """`values` for each volume; None: nobody here knows. `sure`: every price in it was found in a source."""

    name: str
    values: tuple[float | None, ...]
    sure: bool = True


def price(name: str) -> float:
    return float(PEERS[name]["dollars"])


def sure(*names: str) -> bool:
    return all(PEERS[name].get("confirmed", True) for name in names)


def rows(desks: list[Desk]) -> list[Row]:
    return [
        Row("Zammad on one machine in EC2 (t4g.large, disk, snapshot, address)", boxes(desks, ec2()), sure("t4g.large", "gp3", "ipv4", "snapshot")),
        Row("Zammad on one machine at Hetzner (CX33 with its backup)", boxes(desks, hetzner()), sure("cx33", "hetzner backup", "euro")),
        Row("an hour of care for such a machine (updates, Elasticsearch, trying the backup)", tuple(CARE for _ in desks), False),
        *(Row(PEERS[name]["name"], tuple(price(name) * desk.agents for desk in desks), sure(name)) for name in PAID),
    ]  # fmt: skip


def boxes(desks: list[Desk], one: float) -> tuple[float | None, ...]:
    """One for up to ten agents; for a hundred what is recommended is twice as much; for a thousand nobody here has measured."""
    return tuple(one if desk.agents <= 10 else one * 2 if desk.agents <= 100 else None for desk in desks)


def ec2() -> float:
    return (price("t4g.large") + price("ipv4")) * MONTH_HOURS + (price("gp3") + price("snapshot")) * DISK


def hetzner() -> float:
    return price("cx33") * (1 + price("hetzner backup")) * price("euro")


# -- as docs/cost.md says it


def others() -> str:
    return f"""## Beside others

The table in short has them. Zammad's own documentation asks for 2 cores and 8 GB with Elasticsearch at the least ([{PEERS["zammad needs"]["source"]}](https://docs.zammad.org), read {PEERS["zammad needs"]["date"]}).
Taken: {DISK} GB of disk with a snapshot, one machine up to ten agents, twice as much for a hundred (its recommended size), nothing for a thousand, because nobody here has measured it.
A machine's mail (a provider to send by, a mailbox to fetch from) is not counted, nor is a second machine for when the first one fails. An hour of care is taken for {CARE:.0f} dollars, an assumption.
Paid desks are counted for one agent to {TICKETS_AN_AGENT} tickets a month; they have much that Otklik has not, and somebody who answers the phone.

{table(["price", "dollars", "date", "source"], peer_prices())}"""


def peer_prices() -> Iterator[list[object]]:
    for name, each in PEERS.items():
        yield [
            f"{each.get('name', name)}: {each['what']}{doubted(each)}",
            each.get("dollars", ""),
            each["date"],
            each["source"],
        ]
