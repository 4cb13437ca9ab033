"""What is stuck, in plain words, and what to do about it: `./desk doctor`. Reads only."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib import files, lists, outbox, records, store
from chalicelib.article import DUE, SENDING, UNKNOWN, Article
from chalicelib.config import config
from chalicelib.errors import NotFound
from chalicelib.packing import instant
from chalicelib.settings import settings

MANY_CLOSINGS = 100  # of one day
LATE_MAIL = timedelta(minutes=15)
LATE_TIMER = timedelta(minutes=5)
LATE_SENDING = timedelta(minutes=10)


@dataclass(frozen=True)
class Finding:
    """`what` is wrong, and what to do: `advice`. `urgent`: somebody waits because of it."""

    what: str
    advice: str
    urgent: bool = True


def examine(now: datetime, wall: datetime) -> list[Finding]:
    """All findings, the urgent ones first. `now` is the desk's time, `wall` that of S3: a laptop's desk may be days ahead."""
    checks: list[Callable[[datetime], Iterator[Finding]]] = [failed, mail_out, timers, closings, set_up]
    found = [*mail_in(wall), *(finding for check in checks for finding in check(now))]
    return sorted(found, key=lambda each: not each.urgent)


def mail_in(wall: datetime) -> Iterator[Finding]:
    late = [key for since, key in files.waiting_in() if since < wall - LATE_MAIL]
    if late:
        yield Finding(
            f"{counted(len(late), 'mail has', 'mails have')} waited in in/ for more than 15 minutes, the first is {late[0]}.",
            "The function take_in fails on them or does not run: look into its log. They are taken in by themselves once it works.",
        )


def failed(now: datetime) -> Iterator[Finding]:
    mails = records.failed_mails()
    if mails:
        yield Finding(
            f"{counted(len(mails), 'mail', 'mails')} could not be read; the last reason: {mails[-1].reason}",
            "Open “Failed mails” in the desk: download, try again, or make a ticket of each.",
            urgent=False,
        )


def mail_out(now: datetime) -> Iterator[Finding]:
    late: list[str] = []
    unknown: list[str] = []
    refused: list[str] = []
    for number, article in unsent():
        state = article.delivery.state if article.delivery else ""
        due = (article.delivery.not_before or article.delivery.at) if article.delivery else now
        if state in (DUE, SENDING):
            late += [number] if due < now - LATE_SENDING else []
        else:
            (unknown if state == UNKNOWN else refused).append(number)
    if late:
        yield Finding(
            f"{counted(len(late), 'mail', 'mails')} should have left more than ten minutes ago, the first of ticket {late[0]}.",
            "The outbox shows the reason: SES is throttled, paused or still in its sandbox, or the function tick does not run.",
        )
    if unknown:
        yield Finding(
            f"Of {counted(len(unknown), 'mail', 'mails')} nobody knows whether they left: {', '.join(unknown[:5])}.",
            "An agent decides in the ticket: “Send again”, or leave it.",
        )
    if refused:
        yield Finding(
            f"{counted(len(refused), 'mail', 'mails')} did not arrive: {', '.join(refused[:5])}.",
            "The tickets say why; correct the address, or call.",
            urgent=False,
        )


def unsent() -> Iterator[tuple[str, Article]]:
    for number, seq in outbox.unsent():
        try:
            yield number, store.ticket_and_article(number, seq)[1]
        except NotFound:
            continue


def timers(now: datetime) -> Iterator[Finding]:
    late = [number for since, number in outbox.due_tickets(now) if since < now - LATE_TIMER]
    if late:
        yield Finding(
            f"{counted(len(late), 'timer', 'timers')} should have fired more than five minutes ago, the first of ticket {late[0]}.",
            "The function tick fails on them or does not run: look into its log.",
        )


def closings(now: datetime) -> Iterator[Finding]:
    """A wrong setting is seen before it does anything: what would close by itself within a day."""
    until = instant(now + timedelta(days=1))
    rows = lists.open_rows(queue.id for queue in config().queues.values())
    soon = [row for row in rows if row["state"].startswith("pending auto") and (row["pending_until"] or "~") <= until]
    if len(soon) > MANY_CLOSINGS:
        yield Finding(
            f"{len(soon)} tickets close by themselves within a day, the first is {min(soon, key=when)['number']}.",
            f"Look through them (list of pending tickets, sorted by their time); at most {settings().closings_a_day} a day will close, the others a day later.",
            urgent=False,
        )


def when(row: lists.Row) -> str:
    return str(row["pending_until"])


def set_up(now: datetime) -> Iterator[Finding]:
    """Queues that nobody can work in or that mail cannot reach."""
    agents = [agent for agent in config().agents.values() if agent.valid]
    for queue in config().queues.values():
        able = [agent for agent in agents if agent.role != "admin" and agent.rights.get(queue.id) == "write"]
        waiting = lists.open_rows([queue.id]) if queue.valid and not able and queue.id != "junk" else []
        if waiting:
            yield Finding(
                f"{counted(len(waiting), 'open ticket lies', 'open tickets lie')} in the queue {queue.name}, in which no agent may write.",
                "Give an agent the right to write there, or move the tickets.",
            )
    if config().answers_stopped(now):
        yield Finding(
            f"Automatic answers are stopped until {config().silent_until}.",
            "More of them were due than a desk should ever send; look at the newest tickets, they may be a flood.",
        )
    for crowd, until in config().silent_crowds.items():
        if now < until:
            whom = "senders who prove nothing" if crowd == "unproven" else f"everybody at {crowd}"
            yield Finding(
                f"Automatic answers to {whom} are stopped until {until}.",
                "They had three quarters of what the desk sends in an hour; look at the newest tickets, they may be a flood.",
            )
    if not any(agent.role == "admin" for agent in agents):
        yield Finding("There is no administrator.", "Make one, or nobody can set the desk up.")


def counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
