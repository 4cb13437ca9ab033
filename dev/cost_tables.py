"""Tables and figures as docs/cost.md has them."""

from collections.abc import Iterable, Mapping
from typing import Any

DOUBT = "†"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(head)
    lines = [line(head), line("---" if n == 0 else "---:" for n in range(len(head)))]
    return "\n".join([*lines, *(line(row) for row in rows)])


def line(cells: Iterable[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def money(amount: float) -> str:
    """Dollars, with as many digits as say something."""
    if amount == 0:
        return "0"
    return f"{amount:,.0f}" if amount >= 1000 else f"{amount:.2f}" if amount >= 0.1 else f"{amount:.3f}"


def number(count: float) -> str:
    return f"{count:,.0f}" if count == int(count) or count >= 1000 else f"{count:.3g}"


def summary(parts: dict[str, float]) -> list[list[object]]:
    rows: list[list[object]] = [[name, money(amount)] for name, amount in parts.items()]
    return [*rows, ["**together**", f"**{money(sum(parts.values()))}**"]]


def doubted(price: Mapping[str, Any]) -> str:
    return "" if price.get("confirmed", True) else f" {DOUBT}"
