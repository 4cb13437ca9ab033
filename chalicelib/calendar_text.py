"""A calendar invitation (RFC 5545) in words: what, when, where, who asks."""

import re
from datetime import datetime

MAX_CALENDAR = 256 * 1024
EVENTS = {"VEVENT", "VTODO"}
SHOWN = {
    "SUMMARY": "",
    "DTSTART": "From: ",
    "DTEND": "To: ",
    "LOCATION": "Where: ",
    "ORGANIZER": "Organizer: ",
    "DESCRIPTION": "\n",
}


def summary(text: str) -> str:
    """The first event as a few lines; empty where there is none."""
    told: dict[str, str] = {}
    within = ""
    for line in re.sub(r"\r?\n[ \t]", "", text[:MAX_CALENDAR]).splitlines():
        name, options, value = divided(line)
        if name == "BEGIN":
            within = value.strip().upper()
        elif name == "END" and value.strip().upper() in EVENTS:
            break
        elif within in EVENTS:
            told.setdefault(name, readable(name, options, value))
    return "\n".join(label + told[name] for name, label in SHOWN.items() if told.get(name)).strip()


def divided(line: str) -> tuple[str, str, str]:
    """NAME;OPTION="a:b":value as its three parts."""
    head = re.match(r'(?:[^":]|"[^"]*+"?)*+', line)
    name, _, options = (head[0] if head else "").partition(";")
    return name.upper(), options, line[head.end() + 1 :] if head else ""


def readable(name: str, options: str, value: str) -> str:
    if name in ("DTSTART", "DTEND"):
        return moment(value, re.search(r"TZID=\"?([^;:\"]+)", options))
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
            return said + (f" ({zone[1]})" if zone and not value.endswith("Z") else "")
        except ValueError:
            continue
    return value.strip()
