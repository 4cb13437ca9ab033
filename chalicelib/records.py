"""The small things beside the tickets: sessions, counters, answers already given, failed mails, what an agent has seen, customers' names.

Expiry is an attribute that is checked here: DynamoDB's TTL only tidies up, days later.
"""

import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib import log, table
from chalicelib.article import Address
from chalicelib.config import allow_answers, config, stop_answers
from chalicelib.packing import instant
from chalicelib.settings import settings
from chalicelib.store import Draft, Once, draft_of, dumped
from chalicelib.table import Item, Write

DAY = 86400

# Automatic answers: an hour to one mailbox, a day to it (OTRS), an hour to all of its domain.
ANSWERS_AN_HOUR, ANSWERS_A_DAY, ANSWERS_TO_A_DOMAIN = 3, 40, 200
ANSWERS_TO_A_DESK = 1  # an hour, to a mailbox that puts numbers of its own into its subjects
COUNTED = 10  # one of so many is counted, for all of them: a write for each would cost as much as the answer


# -- sessions, challenges, one-time codes: anything under an unguessable name with an end


def put_session(name: str, value: dict[str, Any], now: datetime, seconds: int) -> None:
    table.put({"pk": f"S#{name}", "sk": "S", "value": dumped(value), **ends(now, seconds)})


def session(name: str, now: datetime) -> dict[str, Any] | None:
    item = table.get(f"S#{name}", "S")
    if item is None or int(item["ends"]) <= now.timestamp():
        return None
    found: dict[str, Any] = json.loads(str(item["value"]))
    return found | {"ends": int(item["ends"])}


def drop_session(name: str) -> bool:
    """True for exactly one caller: what may be used once is dropped first and used after."""
    return table.delete(f"S#{name}", "S", "attribute_exists(pk)")


def ends(now: datetime, seconds: int) -> dict[str, int]:
    end = int(now.timestamp()) + seconds
    return {"ends": end, "ttl": end + DAY}


# -- counters


def counter(key: str, cap: int, now: datetime, seconds: int) -> bool:
    """Counts one more in the present window of `seconds`; False, and not counted, where `cap` is reached."""
    window = int(now.timestamp()) // seconds
    return table.update(
        f"R#{key}#{window}",
        "R",
        "SET #ttl = :ttl ADD n :one",
        {":one": 1, ":cap": cap, ":ttl": (window + 2) * seconds + DAY},
        condition="attribute_not_exists(n) OR n < :cap",
        names={"#ttl": "ttl"},
    )


def may_answer(number: str, email: str, wary: bool, now: datetime, to_desk: bool = False) -> bool:
    """Counts an automatic answer in ticket `number`; False above the caps (aws-and-data-design.md 4.3).

    What does not leave for the sake of its mailbox does not count for the breaker: who writes a thousand letters from one
    would else silence the desk for all others. One write for nearly all, one more to a desk, and for one ticket in ten.
    """
    local, _, domain = email.partition("@")
    crowd = "unproven" if wary else domain
    if config().answers_stopped(now, crowd):
        return False
    mailbox = f"{local.partition('+')[0]}@{domain}"  # tags are the sender's to invent
    if to_desk and not counter(f"desk#{mailbox}", ANSWERS_TO_A_DESK, now, 3600):
        return False
    return mailbox_may_have_one(mailbox, wary, now) and desk_may_answer(number, crowd, now)


def mailbox_may_have_one(mailbox: str, wary: bool, now: datetime) -> bool:
    """An address that may be forged gets three an hour, and its domain two hundred: who is flooded with them has not asked for
    them. Whoever is who he says he is gets forty a day, as with OTRS. What may be another desk gets one an hour before it comes
    here, so that the two are done with each other even where something between them takes the marks of programs away.
    """
    if not wary:
        return counter(f"answers#{mailbox}", ANSWERS_A_DAY, now, DAY)
    if count_answer(mailbox, now, "attribute_not_exists(#address)", {}):
        return True  # the first of each hour makes at most 24 a day, so that only the others need be counted by it
    again = count_answer(mailbox, now, "#address < :hourly", {":hourly": ANSWERS_AN_HOUR})
    return again and counter(f"answers#{mailbox}", ANSWERS_A_DAY - 24, now, DAY)


def desk_may_answer(number: str, crowd: str, now: datetime) -> bool:
    """The breaker: above the desk's own cap there is silence for the rest of the hour, in all containers within a minute.

    A `crowd`, all who prove nothing or all of one proven domain, is silenced alone at three quarters of it: whoever forges
    senders by the thousand, or has a domain of his own, must not silence the desk for everybody else.
    """
    if zlib.crc32(number.encode()) % COUNTED:
        return True
    most, name = settings().answers_an_hour // COUNTED, f"a{hashlib.sha256(crowd.encode()).hexdigest()[:16]}"
    if table.update(
        *breaker_key(now),
        "SET #ttl = :ttl ADD n :one, #crowd :one",
        {":one": 1, ":most": most, ":share": max(1, most * 3 // 4), ":ttl": int(now.timestamp()) + 2 * DAY},
        condition="(attribute_not_exists(n) OR n < :most) AND (attribute_not_exists(#crowd) OR #crowd < :share)",
        names={"#ttl": "ttl", "#crowd": name},
    ):
        return True
    silence("" if counted("answers", now, 3600) >= most else crowd, now)
    return False


def breaker_key(now: datetime) -> table.Key:
    return f"R#answers#{int(now.timestamp()) // 3600}", "R"


def silence(crowd: str, now: datetime) -> None:
    until = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    log.event("answers_stopped", until=instant(until), everybody=not crowd)
    log.measure(AnswersStopped=1)
    stop_answers(until, crowd)


def end_silence(now: datetime) -> None:
    """By an administrator; the count that has led to it begins anew, or the next answers would bring it back."""
    table.delete(*breaker_key(now))
    allow_answers()


def count_answer(mailbox: str, now: datetime, condition: str, values: Item) -> bool:
    """The hour of a domain is one item: how many answers it got, and how many of them each of its mailboxes."""
    name = f"a{hashlib.sha256(mailbox.encode()).hexdigest()[:16]}"
    return table.update(
        f"R#answers#{mailbox.partition('@')[2]}#{now:%Y%m%d%H}",
        "R",
        "SET #ttl = :ttl ADD n :one, #address :one",
        {":one": 1, ":most": ANSWERS_TO_A_DOMAIN, ":ttl": int(now.timestamp()) + 2 * DAY, **values},
        condition=f"({condition}) AND (attribute_not_exists(n) OR n < :most)",
        names={"#ttl": "ttl", "#address": name},
    )


def counted(key: str, now: datetime, seconds: int) -> int:
    item = table.get(f"R#{key}#{int(now.timestamp()) // seconds}", "R")
    return int(item["n"]) if item else 0


def next_number(key: str) -> int:
    """A counter without an end, for ticket numbers that count. Gaps are allowed."""
    answer = table.client().update_item(
        TableName=settings().table,
        Key=table.key_of(f"R#{key}", "R"),
        UpdateExpression="ADD n :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
        ReturnValues="UPDATED_NEW",
    )
    return int(answer["Attributes"]["n"]["N"])


# -- requests that act only once


@dataclass(frozen=True)
class Given:
    """What a request under this key led to: another `asked` means another body, `answer` may not have been kept."""

    asked: str
    number: str
    status: int
    answer: Any


def answer_of(once: Once, now: datetime) -> Given | None:
    item = table.get(f"I#{once.actor}#{once.key}", "I")
    if item is None or (now - datetime.fromisoformat(str(item["at"]))).total_seconds() > DAY:
        return None
    answer = json.loads(str(item["answer"])) if "answer" in item else None
    return Given(str(item["asked"]), str(item["number"]), int(item.get("status", 0)), answer)


def remember_answer(once: Once, status: int, answer: Any) -> None:
    text = dumped(answer)
    if len(text.encode()) < 300_000:  # an item holds 400 KB; a longer answer is told anew from the ticket
        table.update(
            f"I#{once.actor}#{once.key}",
            "I",
            "SET #status = :status, answer = :answer",
            {":status": status, ":answer": text},
            condition="attribute_exists(pk)",
            names={"#status": "status"},
        )


# -- mails that could not be taken in


@dataclass(frozen=True)
class FailedMail:
    """`id` is the object's name below `failed/`."""

    id: str
    reason: str
    at: str
    size: int


def put_failed(mail_id: str, reason: str, size: int, now: datetime) -> None:
    table.put({"pk": "F", "sk": mail_id, "reason": reason, "at": instant(now), "size": size})


def failed_mails() -> list[FailedMail]:
    items = table.query("F")
    return [FailedMail(str(item["sk"]), str(item["reason"]), str(item["at"]), int(item["size"])) for item in items]


def failed_mail(mail_id: str) -> FailedMail | None:
    return next((mail for mail in failed_mails() if mail.id == mail_id), None)


def drop_failed(mail_id: str) -> None:
    table.delete("F", mail_id)


# -- what an agent has seen


def see(agent: str, number: str, seq: int, now: datetime) -> None:
    table.put({"pk": f"SEEN#{agent}", "sk": number, "seq": seq, "ttl": int(now.timestamp()) + 90 * DAY})


def seen(agent: str) -> dict[str, int]:
    """The last article that the agent has had on the screen, by ticket."""
    return {str(item["sk"]): int(item["seq"]) for item in table.query(f"SEEN#{agent}")}


# -- views: searches that an agent has kept


def put_views(agent: str, views: list[dict[str, Any]]) -> None:
    table.put({"pk": f"VIEWS#{agent}", "sk": "V", "doc": dumped(views)})


def views(agent: str) -> list[dict[str, Any]]:
    item = table.get(f"VIEWS#{agent}", "V")
    found: list[dict[str, Any]] = json.loads(str(item["doc"])) if item else []
    return found


# -- drafts: what agents type, before they say it


def put_draft(number: str, draft: Draft, only_if_none: bool = False) -> None:
    table.put(
        {
            "pk": f"T#{number}",
            "sk": f"D#{draft.agent}#{draft.kind}",
            "at": instant(draft.at),
            "body": dumped(draft.body),
            "ttl": int(draft.at.timestamp()) + 90 * DAY,
        },
        "attribute_not_exists(pk)" if only_if_none else "",
    )


def drop_draft(number: str, agent: str, kind: str) -> None:
    table.delete(f"T#{number}", f"D#{agent}#{kind}")


def drafts(number: str, agent: str) -> list[Draft]:
    """Those of one agent in one ticket."""
    return [draft_of(item) for item in table.query(f"T#{number}", prefix=f"D#{agent}#")]


# -- customers


def known_as(customer: Address) -> Write:
    """The name by which he is known; who leaves it out does not take it from him."""
    return Write(
        key=("CUSTOMERS", customer.email),
        expression="SET #name = :name" if customer.name else "SET #name = if_not_exists(#name, :name)",
        condition="",
        values={":name": customer.name},
        names={"#name": "name"},
    )
