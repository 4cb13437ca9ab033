"""A calendar invitation (RFC 5545, RFC 5546) in words: what it is, when, where, who asks, who answers. In English and Russian."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from chalicelib import language

MAX_CALENDAR = 256 * 1024
EVENTS = {"VEVENT", "VTODO"}
LABELS = {
    "en": {
        "REQUEST": "Invitation",
        "PUBLISH": "Event",
        "CANCEL": "Cancelled",
        "COUNTER": "Another time is proposed",
        "ACCEPTED": "Accepted",
        "DECLINED": "Declined",
        "TENTATIVE": "Accepted with reservation",
        "DTSTART": "From",
        "DTEND": "To",
        "DUE": "Due",
        "DURATION": "For",
        "RRULE": "Repeats",
        "LOCATION": "Where",
        "ORGANIZER": "Organizer",
        "DAILY": "daily",
        "WEEKLY": "weekly",
        "MONTHLY": "monthly",
        "YEARLY": "yearly",
    },
    "ru": {
        "REQUEST": "Приглашение",
        "PUBLISH": "Событие",
        "CANCEL": "Отменено",
        "COUNTER": "Предложено другое время",
        "ACCEPTED": "Принято",
        "DECLINED": "Отклонено",
        "TENTATIVE": "Принято под вопросом",
        "DTSTART": "Начало",
        "DTEND": "Конец",
        "DUE": "Срок",
        "DURATION": "Продолжительность",
        "RRULE": "Повторяется",
        "LOCATION": "Место",
        "ORGANIZER": "Организатор",
        "DAILY": "ежедневно",
        "WEEKLY": "еженедельно",
        "MONTHLY": "ежемесячно",
        "YEARLY": "ежегодно",
    },
}
FACTS = ("DTSTART", "DTEND", "DUE", "DURATION", "RRULE", "LOCATION", "ORGANIZER")


@dataclass
class Event:
    """The first event of a calendar: its properties as (options, value), and what the calendar is sent for."""

    method: str = ""
    told: dict[str, tuple[str, str]] = field(default_factory=dict)


def summary(text: str, about: str = "") -> str:
    """The first event as a few lines, in Russian where it is (or `about`, the subject), else in English; empty: there is none."""
    event = first_event(text)
    value = inclusive({name: readable(name, *told) for name, told in event.told.items()})
    if not value:
        return ""
    words = LABELS[language.of(value.get("SUMMARY", "") + " " + value.get("DESCRIPTION", ""), about) or "en"]
    kind = words.get(answer(event) or event.method)
    title = ": ".join(part for part in (kind, value.get("SUMMARY")) if part)
    repeats = re.search(r"FREQ=(\w+)", value.pop("RRULE", ""))
    if repeats and repeats[1] in words:
        value["RRULE"] = words[repeats[1]]
    facts = [f"{words[name]}: {value[name]}" for name in FACTS if value.get(name)]
    description = value.get("DESCRIPTION", "")
    return "\n".join([part for part in (title, *facts) if part] + (["", description] if description else [])).strip()


def title(text: str) -> str:
    """What the first event is called; empty where it does not say."""
    return readable("SUMMARY", *first_event(text).told.get("SUMMARY", ("", "")))


def invites(text: str, said: str) -> bool:
    """Whether it is an invitation or an answer to one, and `said`, the text of the mail, does not tell its time itself."""
    event = first_event(text)
    if not event.told or event.method not in ("REQUEST", "CANCEL", "REPLY", "COUNTER"):
        return False
    begins = re.search(r"T(\d\d)(\d\d)", event.told.get("DTSTART", ("", ""))[1])
    if not begins:
        return True
    hours = {int(begins[1]), int(begins[1]) % 12 or 12}
    return not any(re.search(rf"(?<!\d)0?{hour}[:.]{begins[2]}(?!\d)", said) for hour in hours)


def inclusive(value: dict[str, str]) -> dict[str, str]:
    """The end of a whole day is the day after (RFC 5545 3.6.1); people name the last one, and of one day only that."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value.get("DTEND", "")):
        last = str(date.fromisoformat(value["DTEND"]) - timedelta(days=1))
        return value | {"DTEND": "" if last <= value.get("DTSTART", "") else last}
    return value


def first_event(text: str) -> Event:
    event, within = Event(), ""
    for line in re.sub(r"\r?\n[ \t]", "", text[:MAX_CALENDAR]).splitlines():
        name, options, value = divided(line)
        if name == "BEGIN":
            within = value.strip().upper()
        elif name == "END" and value.strip().upper() in EVENTS:
            break
        elif name == "METHOD" and within == "VCALENDAR":
            event.method = value.strip().upper()
        elif within in EVENTS:
            event.told.setdefault(name, (options, value))
    return event


def answer(event: Event) -> str:
    """What the one who answers an invitation says: ACCEPTED, DECLINED, TENTATIVE; empty where nobody answers."""
    options = event.told.get("ATTENDEE", ("", ""))[0]
    found = re.search(r"PARTSTAT=(\w+)", options, re.I)
    return found[1].upper() if found and event.method == "REPLY" else ""


def divided(line: str) -> tuple[str, str, str]:
    """NAME;OPTION="a:b":value as its three parts."""
    head = re.match(r'(?:[^":]|"[^"]*+"?)*+', line)
    name, _, options = (head[0] if head else "").partition(";")
    return name.upper(), options, line[head.end() + 1 :] if head else ""


def readable(name: str, options: str, value: str) -> str:
    if name in ("DTSTART", "DTEND", "DUE"):
        return moment(value, re.search(r"TZID=\"?([^;:\"]+)", options))
    if name == "DURATION":
        return duration(value)
    if name == "ORGANIZER":
        known = re.search(r'CN=(?:"([^"]*)"|([^;]+))', options)
        return ((known[1] or known[2]) + " " if known else "") + f"<{value.lower().removeprefix('mailto:')}>"
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def duration(value: str) -> str:
    """PT1H30M as 1:30; what has another form stays as it is."""
    found = re.fullmatch(r"P?T?(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:0+S)?", value.strip())
    return f"{int(found[1] or 0)}:{int(found[2] or 0):02}" if found and (found[1] or found[2]) else value.strip()


def moment(value: str, zone: re.Match[str] | None) -> str:
    """20260131T140000Z as 2026-01-31 14:00 UTC; what has another form stays as it is."""
    for form, shown in (
        ("%Y%m%dT%H%M%SZ", "%Y-%m-%d %H:%M UTC"),
        ("%Y%m%dT%H%M%S", "%Y-%m-%d %H:%M"),
        ("%Y%m%d", "%Y-%m-%d"),
    ):
        try:
            said = datetime.strptime(value.strip(), form).strftime(shown)
            return said + (f" ({zone[1]})" if zone and not value.endswith("Z") else "")
        except ValueError:
            continue
    return value.strip()
