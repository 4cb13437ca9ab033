"""A calendar invitation (RFC 5545, RFC 5546) in words: what it is, when, where, who asks, who answers. In English and Russian."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from chalicelib import calendar_repeats, language

MAX_CALENDAR = 256 * 1024
EVENTS = {"VEVENT", "VTODO"}
LABELS = {
    "en": {
        "REQUEST": "Invitation",
        "PUBLISH": "Event",
        "CANCEL": "Cancelled",
        "COUNTER": "Another time is proposed",
        "DECLINECOUNTER": "The proposed time is declined",
        "REFRESH": "Asks for the event again",
        "ADD": "Invitation",
        "DELEGATED": "Delegated",
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
        "RECURRENCE-ID": "Of the series only",
        "JOIN": "Join",
    },
    "ru": {
        "REQUEST": "Приглашение",
        "PUBLISH": "Событие",
        "CANCEL": "Отменено",
        "COUNTER": "Предложено другое время",
        "DECLINECOUNTER": "Предложенное время отклонено",
        "REFRESH": "Просят прислать событие ещё раз",
        "ADD": "Приглашение",
        "DELEGATED": "Передано другому",
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
        "RECURRENCE-ID": "Из серии только",
        "JOIN": "Подключиться",
    },
}
FACTS = ("DTSTART", "DTEND", "DUE", "DURATION", "RRULE", "RECURRENCE-ID", "LOCATION", "JOIN", "ORGANIZER")
# Where Google, Microsoft, Yandex and others (RFC 7986) say by which link one takes part
JOINS = (
    "CONFERENCE",
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
    "X-TELEMOST-CONFERENCE",
    "X-TELEMOST-URL",
)
# What Google draws around what it adds
DRAWN = re.compile(r"(?m)^[-:~_*=]{10,}[ \t]*$\n?")


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
    spoken = language.of(value.get("SUMMARY", "") + " " + value.get("DESCRIPTION", ""), about) or "en"
    words = LABELS[spoken]
    said = "\n\n".join(filter(None, (value.get("COMMENT", ""), DRAWN.sub("", value.get("DESCRIPTION", "")).strip())))
    title = ": ".join(part for part in (words.get(meant(event)), value.get("SUMMARY")) if part)
    value |= {"RRULE": calendar_repeats.told(value.get("RRULE", ""), spoken), "JOIN": joins(event, said)}
    value["DURATION"] = calendar_repeats.duration(value.get("DURATION", ""), spoken)
    facts = [f"{words[name]}: {value[name]}" for name in FACTS if value.get(name)]
    return "\n".join([part for part in (title, *facts) if part] + (["", said] if said else [])).strip()


def meant(event: Event) -> str:
    """What the calendar is sent for, by its method, unless the answer or the state of the event says more."""
    cancelled = event.told.get("STATUS", ("", ""))[1].strip().upper() == "CANCELLED"
    return answer(event) or ("CANCEL" if cancelled and event.method in ("REQUEST", "PUBLISH") else event.method)


def joins(event: Event, said: str) -> str:
    """The link by which one takes part, where the words of the invitation do not have it."""
    links = (event.told.get(name, ("", ""))[1].strip() for name in JOINS)
    link = next((each for each in links if each.lower().startswith("https://")), "")
    return "" if link in said or link in event.told.get("LOCATION", ("", ""))[1] else link


def title(text: str) -> str:
    """What the first event is called; empty where it does not say."""
    return readable("SUMMARY", *first_event(text).told.get("SUMMARY", ("", "")))


def invites(text: str, said: str) -> bool:
    """Whether it is an invitation or an answer to one, and `said`, the text of the mail, does not tell its time itself."""
    event = first_event(text)
    if not event.told or event.method not in ("REQUEST", "ADD", "CANCEL", "REPLY", "COUNTER", "DECLINECOUNTER"):
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
        elif within in EVENTS and not (name == "ATTENDEE" and "NEEDS-ACTION" in options.upper()):
            event.told.setdefault(name, (options, value))  # who has not answered yet says nothing
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
    if name in ("DTSTART", "DTEND", "DUE", "RECURRENCE-ID"):
        return moment(value, re.search(r'TZID=(?:"([^"]+)"|([^;:"]+))', options, re.I))
    if name == "ORGANIZER":
        known = re.search(r'CN=(?:"([^"]*)"|([^;]+))', options)
        return ((known[1] or known[2]) + " " if known else "") + f"<{value.lower().removeprefix('mailto:')}>"
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def moment(value: str, zone: re.Match[str] | None) -> str:
    """20260131T140000Z as 2026-01-31 14:00 UTC; what has another form stays as it is."""
    for form, shown in (
        ("%Y%m%dT%H%M%SZ", "%Y-%m-%d %H:%M UTC"),
        ("%Y%m%dT%H%M%S", "%Y-%m-%d %H:%M"),
        ("%Y%m%d", "%Y-%m-%d"),
    ):
        try:
            said = datetime.strptime(value.strip(), form).strftime(shown)
            return said + (f" ({place(zone[1] or zone[2])})" if zone and not value.strip().endswith("Z") else "")
        except ValueError:
            continue
    return value.strip()


def place(zone: str) -> str:
    """A time zone as people know it: some programs put a path before it."""
    known = re.search(
        r"(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[\w/+-]+\Z", zone[-80:]
    )
    return known[0] if known else zone.strip()
