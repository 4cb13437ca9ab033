"""How often an event of a calendar comes (RFC 5545 3.3.10) and how long it takes, in words. In English and Russian. Pure."""

import re

ONE = {
    "en": {"HOURLY": "hourly", "DAILY": "daily", "WEEKLY": "weekly", "MONTHLY": "monthly", "YEARLY": "yearly"},
    "ru": {"HOURLY": "ежечасно", "DAILY": "ежедневно", "WEEKLY": "еженедельно", "MONTHLY": "ежемесячно", "YEARLY": "ежегодно"},
}  # fmt: skip
# One, two, five of them: English needs but two forms
UNITS = {
    "en": {"HOURLY": "hour hours hours", "DAILY": "day days days", "WEEKLY": "week weeks weeks", "MONTHLY": "month months months", "YEARLY": "year years years", "COUNT": "time times times"},
    "ru": {"HOURLY": "час часа часов", "DAILY": "день дня дней", "WEEKLY": "неделя недели недель", "MONTHLY": "месяц месяца месяцев", "YEARLY": "год года лет", "COUNT": "раз раза раз"},
}  # fmt: skip
DAYS = {
    "en": dict(zip("MO TU WE TH FR SA SU".split(), "Mon Tue Wed Thu Fri Sat Sun".split(), strict=True)),
    "ru": dict(zip("MO TU WE TH FR SA SU".split(), "пн вт ср чт пт сб вс".split(), strict=True)),
}
NTH = {
    "en": {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"},
    "ru": {"1": "1-й", "2": "2-й", "3": "3-й", "4": "4-й", "5": "5-й", "-1": "последний"},
}
EVERY, UNTIL = {"en": "every", "ru": "каждые"}, {"en": "until", "ru": "до"}


def told(rule: str, language: str) -> str:
    """FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE as “every 2 weeks, Mon, Wed”; empty where it cannot be told."""
    parts = dict(each.split("=", 1) for each in rule.strip().upper().split(";") if "=" in each)
    often = parts.get("FREQ", "")
    if often not in ONE[language]:
        return ""
    interval, count = number(parts.get("INTERVAL", "")), number(parts.get("COUNT", ""))
    every = ONE[language][often] if interval < 2 else f"{EVERY[language]} {counted(interval, often, language)}"
    until = re.match(r"(\d{4})(\d\d)(\d\d)", parts.get("UNTIL", ""))
    ends = f"{UNTIL[language]} {'-'.join(until.groups())}" if until else ""
    times = counted(count, "COUNT", language) if count else ""
    days = [day(each, language) for each in parts.get("BYDAY", "").split(",")[:7]]
    return ", ".join(each for each in (every, *days, times, ends) if each)


def number(digits: str) -> int:
    return int(digits) if re.fullmatch(r"[0-9]{1,4}", digits) else 0


def day(named: str, language: str) -> str:
    found = re.fullmatch(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", named.strip())
    if not found:
        return ""
    nth = NTH[language].get((found[1] or "").lstrip("+"), "")
    return f"{nth} {DAYS[language][found[2]]}".strip()


def counted(count: int, what: str, language: str) -> str:
    one, few, many = UNITS[language][what].split()
    last, teens = count % 10, 10 < count % 100 < 20
    if language == "en":
        return f"{count} {one if count == 1 else many}"
    return f"{count} {one if last == 1 and not teens else few if 1 < last < 5 and not teens else many}"


def duration(value: str, language: str) -> str:
    """PT1H30M as 1:30, P1DT2H as 1 day 2:00; what has another form stays as it is."""
    found = re.fullmatch(
        r"\+?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:\d{1,4}S)?)?", value.strip().upper()
    )
    if not found or not any(found.groups()):
        return value.strip()
    weeks, days, hours, minutes = (int(each or 0) for each in found.groups())
    whole = [counted(n, what, language) for n, what in ((weeks, "WEEKLY"), (days, "DAILY")) if n]
    return " ".join([*whole, *([f"{hours}:{minutes:02}"] if hours or minutes else [])])
