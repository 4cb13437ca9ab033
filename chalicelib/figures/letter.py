"""The week's figures as a mail, with a picture, for those who never sign in: on Monday morning, to whom the settings name."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib import log, outgoing, records
from chalicelib.access import ADMIN, Agent
from chalicelib.article import Address
from chalicelib.config import config
from chalicelib.figures import people, picture, tickets
from chalicelib.figures.asked import Asked, Period, Table
from chalicelib.settings import settings

HOUR = 7  # of Monday, in the desk's time zone
MOST = 8  # rows of a list in a letter
DESK = Agent("", "", "", role=ADMIN)  # for whom the desk counts by itself: all queues

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "subject": "The desk's week: {came} in, {went} closed, {still} open", "days": "Tickets by day", "in": "In", "closed": "Closed", "open": "Open",
        "day": "Day", "backlog": "Open now, by age in days", "queue": "Queue", "topics": "Topics", "count": "Count", "work": "Working time (minutes)",
        "name": "Name", "minutes": "Minutes", "picture": "Bars: what came in and what was closed, each day", "more": "More in the desk:",
        "first": "First answer, median (hours)",
    },
    "ru": {
        "subject": "Неделя поддержки: пришло {came}, закрыто {went}, открыто {still}", "days": "Заявки по дням", "in": "Пришло", "closed": "Закрыто",
        "open": "Открыто", "day": "День", "backlog": "Открыто сейчас, по возрасту в днях", "queue": "Очередь", "topics": "Темы", "count": "Сколько",
        "work": "Рабочее время (минуты)", "name": "Имя", "minutes": "Минуты", "picture": "Столбцы: сколько пришло и закрыто по дням",
        "more": "Подробнее — в системе:", "first": "Первый ответ, медиана (часы)",
    },
}  # fmt: skip


def due(now: datetime) -> bool:
    """Sends the letter in its hour; False where it is not the hour, nobody wants it, or it has been sent."""
    local = now.astimezone(ZoneInfo(settings().zone))
    wanted = config().rates.mail_to
    if not wanted or (local.weekday(), local.hour) != (0, HOUR):
        return False
    # Counted first: of two functions that run at once one sends, and a letter that fails is not worth a second attempt.
    if not records.counter(f"week#{local:%G%V}", 1, now, 86400):
        return False
    message = letter(now)
    for recipient in wanted:
        send(message, recipient)
    log.event("figures_sent", to=len(wanted))
    return True


def send(message: EmailMessage, recipient: str) -> None:
    """To each apart: none is told of the others."""
    del message["To"]
    message["To"] = recipient
    sender = Address(str(message["From"]))
    outgoing.client().send_email(**outgoing.asked(sender, {"ToAddresses": (Address(recipient),)}, message.as_bytes()))


def letter(now: datetime) -> EmailMessage:
    """The seven days before today."""
    words = WORDS[config().rates.mail_language]
    today = now.astimezone(ZoneInfo(settings().zone)).date()
    queues = tuple(config().queues)
    period = Period(today - timedelta(days=7), today - timedelta(days=1), queues)
    asked = Asked(DESK, period, now, False, {queue.id: queue.name for queue in config().queues.values()})
    week = tickets.days(asked)
    message = EmailMessage()
    message["Subject"] = words["subject"].format(
        came=sum(row[1] for row in week.rows), went=sum(row[2] for row in week.rows), still=week.rows[-1][3]
    )
    message["From"] = config().default_queue.address
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=settings().domain)
    message["Auto-Submitted"] = "auto-generated"
    parts = sections(asked, week, words)
    message.set_content(
        "\n\n".join(as_text(*part) for part in parts) + f"\n\n{words['more']} {settings().origin}/reports\n"
    )
    html = "".join(as_html(*part) for part in parts)
    link = f'<p>{words["more"]} <a href="{settings().origin}/reports">{settings().origin}/reports</a></p>'
    image = f'<p><img src="cid:week@otklik" alt="{escape(words["picture"])}" width="640" height="{picture.HEIGHT}"></p>'
    message.add_alternative(f"<div>{image}{html}{link}</div>", subtype="html")
    bars = picture.bars([(row[1], row[2]) for row in week.rows])
    message.get_payload()[1].add_related(bars, "image", "png", cid="<week@otklik>")  # type: ignore[union-attr,index]
    return message


Section = tuple[str, Sequence[str], Sequence[Sequence[Any]]]


def sections(asked: Asked, week: Table, words: Mapping[str, str]) -> list[Section]:
    ages = [
        column.name.removeprefix("under_").replace("over_", "> ") for column in tickets.backlog(asked).columns[1:-1]
    ]
    topics = [row[1:3] for row in people.topics(asked).rows][:MOST]
    worked = [(row[1], row[3]) for row in people.work(asked).rows if row[0] == "agent"][:MOST]
    answered = [(row[0], round(row[2] / 3600, 1)) for row in tickets.times(asked).rows if row[0] and row[2] is not None]
    found: list[Section] = [
        (words["days"], [words[name] for name in ("day", "in", "closed", "open")], week.rows),
        (words["backlog"], [words["queue"], *(f"≤ {age}" if age[0] != ">" else age for age in ages), words["open"]], tickets.backlog(asked).rows),
        (words["first"], [words["queue"], words["first"]], answered), (words["topics"], [words["name"], words["count"]], topics),
        (words["work"], [words["name"], words["minutes"]], worked),
    ]  # fmt: skip
    return [section for section in found if section[2]]


def as_text(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    return "\n".join([title, "\t".join(columns), *("\t".join(map(str, row)) for row in rows)])


def as_html(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    style = 'style="padding:2px 12px 2px 0;text-align:left"'
    head = "".join(f"<th {style}>{escape(column)}</th>" for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td {style}>{escape(str(value))}</td>" for value in row) + "</tr>" for row in rows
    )
    return f"<h3>{escape(title)}</h3><table><tr>{head}</tr>{body}</table>"
