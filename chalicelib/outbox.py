"""The outbox and the timers: what is due, who sends it. The outbox is the article; here are its conditional writes.

due -> sending -> sent | failed | unknown. A claim that nobody finished is due again after CLAIM.
"""

import hashlib
from datetime import datetime, timedelta

from chalicelib import table
from chalicelib.article import (
    BOUNCED,
    CANCELLED,
    COMPLAINED,
    DELAYED,
    DELIVERED,
    DUE,
    FAILED,
    SENDING,
    SENT,
    TROUBLE,
    UNKNOWN,
)
from chalicelib.packing import instant
from chalicelib.store import SHARDS, article_key, dumped, shard
from chalicelib.table import Item, Write

CLAIM = timedelta(minutes=5)  # longer than any function may run
MESSAGE_DAYS = 400  # for how long an answer still finds its ticket by SES's id alone


def claim(number: str, seq: int, now: datetime) -> bool:
    """due -> sending, for exactly one sender; False where another was faster or the mail was stopped."""
    return table.update(
        f"T#{number}",
        article_key(seq),
        "SET #state = :sending, ds = :again ADD attempts :one",
        {":sending": SENDING, ":due": DUE, ":again": f"{instant(now + CLAIM)}#{number}#{seq}", ":one": 1},
        condition="#state = :due",
        names={"#state": "state"},
    )


def mark_sent(number: str, seq: int, message_id: str, now: datetime) -> None:
    """sending -> sent, and SES's id is known from now on: an answer that quotes it finds this ticket."""
    delivery = dumped({"at": instant(now), "message_id": message_id})
    settled = Write(
        key=(f"T#{number}", article_key(seq)),
        expression="SET #state = :sent, delivery = :delivery REMOVE dp, ds",
        condition="#state IN (:sending, :unknown)",
        values={":sent": SENT, ":delivery": delivery, ":sending": SENDING, ":unknown": UNKNOWN},
        names={"#state": "state"},
    )
    table.transact([settled, Write(message_item(message_id, number, seq, now), condition="")])


def mark(number: str, seq: int, state: str, detail: str, now: datetime, next_attempt: datetime | None = None) -> bool:
    """sending -> failed or unknown, or back to due at `next_attempt`. False where it is not being sent."""
    delivery = {"at": instant(now), "detail": detail} | ({"not_before": instant(next_attempt)} if next_attempt else {})
    values: Item = {":state": state, ":delivery": dumped(delivery), ":sending": SENDING}
    if next_attempt:
        places, values[":ds"] = ", ds = :ds", f"{instant(next_attempt)}#{number}#{seq}"
    else:
        places, more = place(number, seq, state, now)
        values |= more
    expression = f"SET #state = :state, delivery = :delivery{places}"
    return table.update(
        f"T#{number}", article_key(seq), expression, values, "#state = :sending", names={"#state": "state"}
    )


def place(number: str, seq: int, state: str, now: datetime) -> tuple[str, Item]:
    """Where a settled mail stands in the index: with those that somebody has to look at, or nowhere."""
    if state not in TROUBLE:
        return " REMOVE dp, ds", {}
    return ", dp = :dp, ds = :ds", {":dp": f"F#{shard(number)}", ":ds": f"{instant(now)}#{number}#{seq}"}


def stop(number: str, seq: int, by: str, now: datetime) -> bool:
    """due -> cancelled by itself. False where the mail has left, or is leaving, already."""
    asked = stopped(number, seq, by, now)
    pk, sk = f"T#{number}", article_key(seq)
    return table.update(pk, sk, asked.expression, asked.values, asked.condition, asked.names)


def stopped(number: str, seq: int, by: str, now: datetime) -> Write:
    """due -> cancelled: undo, together with what it means for the ticket."""
    return Write(
        key=(f"T#{number}", article_key(seq)),
        expression="SET #state = :state, delivery = :delivery REMOVE dp, ds",
        condition="#state = :due",
        values={
            ":state": CANCELLED,
            ":delivery": dumped({"at": instant(now), "detail": stopped_by(by)}),
            ":due": DUE,
        },
        names={"#state": "state"},
    )


def stopped_by(by: str) -> str:
    """The word for it, which the desk's pages read (web/src/desk/ticket/leaving.ts)."""
    return f"stopped by {by}"


def again(number: str, seq: int, by: str, now: datetime) -> Write:
    """unknown | failed | bounced -> due: somebody has decided that it shall be sent once more."""
    values: Item = {":unknown": UNKNOWN, ":failed": FAILED, ":bounced": BOUNCED, ":due": DUE, ":none": 0}
    values |= {":delivery": dumped({"at": instant(now), "detail": f"sent again by {by}"})}
    values |= {":dp": f"X#{shard(number)}", ":ds": f"{instant(now)}#{number}#{seq}"}
    return Write(
        key=(f"T#{number}", article_key(seq)),
        expression="SET #state = :due, delivery = :delivery, attempts = :none, dp = :dp, ds = :ds",
        condition="#state IN (:unknown, :failed, :bounced)",
        values=values,
        names={"#state": "state"},
    )


def abandoned(number: str, seq: int, now: datetime) -> bool:
    """A claim that nobody finished: whether the mail left is not known. False where it was finished meanwhile."""
    return mark(number, seq, UNKNOWN, "The sender was interrupted; the mail may or may not have left.", now)


# From which states an event of SES leads on; events come twice, late and in any order.
BEFORE = {
    SENT: (SENDING, UNKNOWN),
    DELAYED: (SENDING, UNKNOWN, SENT),
    DELIVERED: (SENDING, UNKNOWN, SENT, DELAYED),
    FAILED: (SENDING, UNKNOWN, SENT),
    BOUNCED: (SENDING, UNKNOWN, SENT, DELAYED, DELIVERED),
    COMPLAINED: (SENDING, UNKNOWN, SENT, DELAYED, DELIVERED),
}


def told(number: str, seq: int, state: str, detail: str, message_id: str, now: datetime) -> bool:
    """What SES tells of a mail. Settles what was unknown; False where more is known already."""
    states: Item = {f":s{n}": each for n, each in enumerate(BEFORE[state])}
    delivery = dumped({"at": instant(now), "detail": detail, "message_id": message_id})
    places, more = place(number, seq, state, now)
    return table.update(
        f"T#{number}",
        article_key(seq),
        f"SET #state = :state, delivery = :delivery{places}",
        {":state": state, ":delivery": delivery, **states, **more},
        condition=f"#state IN ({', '.join(states)})",
        names={"#state": "state"},
    )


def due_articles(now: datetime, limit: int = 100) -> list[tuple[datetime, str, int]]:
    """(since when, number, seq) of mails that should have left by `now`, oldest first within each shard."""
    return [(datetime.fromisoformat(at), number, int(seq)) for at, number, seq in due_keys("X", now, limit)]


def unsent() -> list[tuple[str, int]]:
    """(number, seq) of all mails that wait, are on their way, or did not arrive as far as is known."""
    keys = [
        str(item["ds"]).split("#")
        for letter in "XF"
        for each in range(SHARDS)
        for item in table.query(f"{letter}#{each}", index="due")
    ]
    return [(number, int(seq)) for _, number, seq in sorted(keys)]


def due_tickets(now: datetime, limit: int = 100) -> list[tuple[datetime, str]]:
    """(since when, number) of tickets for which time has something to do."""
    return [(datetime.fromisoformat(at), number) for at, number in due_keys("D", now, limit)]


def due_keys(letter: str, now: datetime, limit: int) -> list[list[str]]:
    until = f"{instant(now)}#~"
    return [
        str(item["ds"]).split("#")
        for each in range(SHARDS)
        for item in table.query(f"{letter}#{each}", index="due", up_to=until, limit=limit)
    ]


# -- finding tickets by mail


def message_key(message_id: str, queue: str = "*") -> tuple[str, str]:
    """`queue` is where the mail came in; `*` stands for mails that left, whose ids SES makes.

    SES's id is known bare and travels as `id@REGION.amazonses.com`: only what stands before the @ counts for those.
    """
    name = message_id.partition("@")[0] if queue == "*" else message_id
    return f"M#{queue}#{hashlib.sha256(name.encode()).hexdigest()[:32]}", "M"


def message_item(message_id: str, number: str, seq: int, now: datetime, queue: str = "*", digest: str = "") -> Item:
    pk, sk = message_key(message_id, queue)
    ttl = int((now + timedelta(days=MESSAGE_DAYS)).timestamp())
    item: Item = {"pk": pk, "sk": sk, "number": number, "seq": seq}
    return item | ({"ttl": ttl} if queue == "*" else {}) | ({"digest": digest} if digest else {})
