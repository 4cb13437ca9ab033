"""Ticket numbers: ours (a day, six random digits, a check digit), and OTRS's four generators for who is used to them."""

import re
import secrets
from collections.abc import Callable
from datetime import datetime

# Damm's quasigroup: its check digit finds every single wrong digit and every swap of neighbours.
DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def make(kind: str, now: datetime, counter: Callable[[str], int], system_id: str) -> str:
    """A number that is probably free. `counter(name)` counts up by one at each call; only OTRS's generators ask it."""
    if kind == "AutoIncrement":
        return f"{system_id}{counter('AutoIncrement'):05d}"
    if kind == "Random":
        return f"{system_id}{secrets.randbelow(10**10):010d}"
    day = f"{now:%Y%m%d}"
    if kind == "Date":
        return f"{day}{system_id}{counter(f'Date {day}')}"
    if kind == "DateChecksum":
        base = f"{day}{system_id}{counter(f'DateChecksum {day}'):05d}"
        return base + weighted_digit(base)
    return damm(f"{day}{secrets.randbelow(10**6):06d}")


def damm(base: str) -> str:
    state = 0
    for digit in base:
        state = int(DAMM[state][int(digit)])
    return f"{base}{state}"


def weighted_digit(base: str) -> str:
    """OTRS DateChecksum: digits weighted 1, 2, 1, 2, ... from the left, products summed; 10 counts as 1."""
    total = sum(int(digit) * (1 + n % 2) for n, digit in enumerate(base))
    check = 10 - total % 10
    return str(1 if check == 10 else check)


def looks_valid(number: str) -> bool:
    """Digits only, so that it may stand in a key."""
    return re.fullmatch(r"[0-9]{1,40}", number) is not None
