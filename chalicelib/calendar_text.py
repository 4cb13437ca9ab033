"""A calendar invitation (RFC 5545) in words: what, when, where, who asks."""

import re
from datetime import datetime

MAX_CALENDAR = 256 * 1024
SHOWN = {"SUMMARY": "", "DTSTART": "From: ", "DTEND": "To: ", "LOCATION": "Where: ", "ORGANIZER": "Organizer: ", "DESCRIPTION": "\n"}


def summary(text: str) -> str:
    """The first event as a few lines; empty where there is none."""
    lines = re.sub(r"\r?\n[ \t]", "", text[:MAX_CALENDAR])
    found = re.search(r"BEGIN:V(?:EVENT|TODO)\r?\n(.*?)(?:END:V(?:EVENT|TODO)|\Z)", lines, re.S | re.I)
    if not found:
        return ""
    event = re.sub(r"BEGIN:VALARM.*?END:VALARM", "", found[1], flags=re.S | re.I)
    told: dict[str, str] = {}
    for name, options, value in re.findall(r"^([A-Z-]+)((?:;[^:\r\n\"]*(?:\"[^\"\r\n]*\")?[^:\r\n]*)?):(.*?)\r?$", event, re.M | re.I):
        told.setdefault(name.upper(), readable(name.upper(), options, value))
    return "\n".join(label + told[name] for name, label in SHOWN.items() if told.get(name)).strip()


def readable(name: str, options: str, value: str) -> str:
    if name in ("DTSTART", "DTEND"):
        return moment(value, re.search(r"TZID=\"?([^;:\"]+)", options))
    if name == "ORGANIZER":
        known = re.search(r"CN=\"?([^;:\"]+)", options)
        return (known[1] + " " if known else "") + f"<{value.lower().removeprefix('mailto:')}>"
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def moment(value: str, zone: re.Match[str] | None) -> str:
    """20260131T140000Z as 2026-01-31 14:00 UTC; what has another form stays as it is."""
    for form, shown in (("%Y%m%dT%H%M%SZ", "%Y-%m-%d %H:%M UTC"), ("%Y%m%dT%H%M%S", "%Y-%m-%d %H:%M"), ("%Y%m%d", "%Y-%m-%d")):
        try:
            said = datetime.strptime(value.strip(), form).strftime(shown)
            return said + (f" ({zone[1]})" if zone and not value.endswith("Z") else "")
        except ValueError:
            continue
    return value.strip()
