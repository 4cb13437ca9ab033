"""Invitations are told in words, in the language they are written in; the calendar stays a file."""

import pytest

from chalicelib import incoming
from tests.letters import letter, multipart, part

CALENDAR = b"text/calendar; charset=utf-8; method=REQUEST"


def ics(*lines: str, method: str = "REQUEST") -> bytes:
    event = ["BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"]
    return "\r\n".join([*event, ""]).encode()


def told(*lines: str, method: str = "REQUEST", subject: str = "Printer") -> str:
    return incoming.parse(letter(ics(*lines, method=method), content_type=CALENDAR, subject=subject.encode())).text


def test_an_invitation_is_told_in_words():
    mail = incoming.parse(
        letter(
            ics(
                "SUMMARY:Printer\\, again",
                "DTSTART;TZID=Europe/Berlin:20261124T100000",
                "DTEND;TZID=Europe/Berlin:20261124T113000",
                "RRULE:FREQ=WEEKLY;COUNT=4",
                "LOCATION:Room 1",
                'ORGANIZER;CN="Doe: Carla":mailto:carla@carla.example',
                "DESCRIPTION:Please bring\\nthe toner",
                "BEGIN:VALARM",
                "DESCRIPTION:no",
                "END:VALARM",
            ),
            content_type=CALENDAR,
        )
    )
    assert mail.text == (
        "Invitation: Printer, again\nFrom: 2026-11-24 10:00 (Europe/Berlin)\nTo: 2026-11-24 11:30 (Europe/Berlin)\n"
        "Repeats: weekly, 4 times\nWhere: Room 1\nOrganizer: Doe: Carla <carla@carla.example>\n\nPlease bring\nthe toner"
    )
    assert mail.attachments[0].filename.endswith(".ics")


def test_a_russian_invitation_is_told_in_russian():
    lines = ("SUMMARY:Ремонт принтера", "DTSTART:20261124T100000Z", "DURATION:PT1H30M", "LOCATION:Кабинет 1")
    assert told(*lines, subject="Приглашение") == (
        "Приглашение: Ремонт принтера\nНачало: 2026-11-24 10:00 UTC\nПродолжительность: 1:30\nМесто: Кабинет 1"
    )


@pytest.mark.parametrize(
    ("method", "attendee", "begins"),
    [
        ("CANCEL", "ATTENDEE:mailto:a@b.example", "Cancelled: Repair"),
        ("REPLY", "ATTENDEE;PARTSTAT=ACCEPTED;CN=Ann:mailto:a@b.example", "Accepted: Repair"),
        ("REPLY", "ATTENDEE;PARTSTAT=DECLINED:mailto:a@b.example", "Declined: Repair"),
        ("REPLY", "ATTENDEE;PARTSTAT=TENTATIVE:mailto:a@b.example", "Accepted with reservation: Repair"),
        ("COUNTER", "ATTENDEE:mailto:a@b.example", "Another time is proposed: Repair"),
        ("X-NONE", "ATTENDEE:mailto:a@b.example", "Repair"),
    ],
)
def test_an_answer_to_an_invitation_says_so_first(method: str, attendee: str, begins: str):
    assert told("SUMMARY:Repair", attendee, method=method) == begins


@pytest.mark.parametrize(
    ("end", "text"),
    [("20261125", "Event: Fair\nFrom: 2026-11-24"), ("20261127", "Event: Fair\nFrom: 2026-11-24\nTo: 2026-11-26")],
)
def test_the_last_of_whole_days_is_named_and_not_the_day_after(end: str, text: str):
    dates = ("DTSTART;VALUE=DATE:20261124", f"DTEND;VALUE=DATE:{end}")
    assert told("SUMMARY:Fair", *dates, method="PUBLISH") == text


def both(plain: bytes, page: bytes = b"") -> incoming.Mail:
    event = ics("SUMMARY:Repair", "DTSTART:20261124T140000Z")
    forms = [part(plain)] + ([part(page, b"text/html; charset=utf-8")] if page else [])
    return incoming.parse(multipart(b"alternative", *forms, part(event, CALENDAR)))


def test_what_is_written_beside_an_invitation_stands_below_its_words():
    mail = both(b"Please come.", b"<p>Please come.</p>")
    assert mail.text == "Invitation: Repair\nFrom: 2026-11-24 14:00 UTC\n\nPlease come."
    assert mail.html is not None
    assert mail.html.index("Invitation") < mail.html.index("Please come.")


@pytest.mark.parametrize("plain", [b"On Tuesday, 14:00, at yours", b"Tue 2:00 PM", b"Di 14.00 Uhr"])
def test_an_invitation_that_tells_its_time_is_not_told_twice(plain: bytes):
    assert both(plain).text == plain.decode()


def test_a_calendar_that_is_only_attached_does_not_speak_before_carla():
    event = ics("SUMMARY:Holidays", "DTSTART:20261224", method="PUBLISH")
    mail = incoming.parse(multipart(b"mixed", part(b"Our holidays."), part(event, b"text/calendar; name=a.ics")))
    assert (mail.text, [each.filename for each in mail.attachments]) == ("Our holidays.", ["a.ics"])


@pytest.mark.parametrize(
    "lines",
    [b"", b"BEGIN:VCALENDAR", b"BEGIN:VEVENT\r\nDTSTART:soon\r\n", b"\xff\xfe\x00", b"BEGIN:VEVENT\r\n:;:\r\nRRULE:x"],
)
def test_no_calendar_is_too_broken(lines: bytes):
    assert incoming.parse(letter(lines, content_type=CALENDAR)).broken is None


WHEN = "DTSTART;TZID=Europe/Moscow:20261124T100000"


@pytest.mark.parametrize(
    ("rule", "english", "russian"),
    [
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", "every 2 weeks, Mon, Wed", "каждые 2 недели, пн, ср"),
        ("FREQ=MONTHLY;BYDAY=1MO;COUNT=6", "monthly, first Mon, 6 times", "ежемесячно, 1-й пн, 6 раз"),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", "monthly, last Fri, 3 times", "ежемесячно, последний пт, 3 раза"),
        ("FREQ=DAILY;UNTIL=20270101T000000Z", "daily, until 2027-01-01", "ежедневно, до 2027-01-01"),
        ("freq=yearly;interval=5", "every 5 years", "каждые 5 лет"),
        ("FREQ=WEEKLY;INTERVAL=x;COUNT=;BYDAY=XX", "weekly", "еженедельно"),
    ],
)
def test_how_often_an_event_comes_is_told_whole(rule: str, english: str, russian: str) -> None:
    assert told("SUMMARY:The call", WHEN, f"RRULE:{rule}").split("Repeats: ")[1] == english
    assert told("SUMMARY:Созвон", WHEN, f"RRULE:{rule}", subject="Созвон").split("Повторяется: ")[1] == russian


@pytest.mark.parametrize(
    ("lasts", "english", "russian"),
    [
        ("P1D", "1 day", "1 день"),
        ("P1DT2H", "1 day 2:00", "1 день 2:00"),
        ("P2W", "2 weeks", "2 недели"),
        ("PT90M", "0:90", "0:90"),
        ("soon", "soon", "soon"),
    ],
)
def test_how_long_an_event_takes_is_told_in_words(lasts: str, english: str, russian: str) -> None:
    assert told("SUMMARY:The call", WHEN, f"DURATION:{lasts}").endswith(f"For: {english}")
    assert told("SUMMARY:Созвон", WHEN, f"DURATION:{lasts}", subject="-").endswith(f"Продолжительность: {russian}")


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Russian Standard Time", "Russian Standard Time"),
        ('"(UTC+03:00) Moscow, St. Petersburg"', "(UTC+03:00) Moscow, St. Petersburg"),
        ("/freeassociation.example/Europe/Moscow", "Europe/Moscow"),
        ("/citadel.example/20190411_1/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
    ],
)
def test_a_time_zone_that_the_calendar_does_not_explain_is_named(zone: str, said: str) -> None:
    assert f"From: 2026-11-24 10:00 ({said})" in told("SUMMARY:The call", f"DTSTART;TZID={zone}:20261124T100000")


def test_one_event_of_a_series_that_is_cancelled_is_not_the_series() -> None:
    lines = ("SUMMARY:The call", WHEN, "RECURRENCE-ID;TZID=Europe/Moscow:20261124T100000")
    assert told(*lines, method="CANCEL").endswith("Of the series only: 2026-11-24 10:00 (Europe/Moscow)")
    assert "Из серии только: 2026-11-24" in told("SUMMARY:Созвон", *lines[1:], method="CANCEL", subject="Созвон")


@pytest.mark.parametrize("method", ["REQUEST", "PUBLISH"])
def test_an_event_that_says_it_is_cancelled_is(method: str) -> None:
    assert told("SUMMARY:Созвон", WHEN, "STATUS:CANCELLED", method=method).startswith("Отменено: Созвон")


def test_what_is_said_with_an_answer_is_shown_and_who_has_not_answered_says_nothing() -> None:
    answers = ("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:b@b.example", "ATTENDEE;PARTSTAT=DECLINED:mailto:a@b.example")
    said = told("SUMMARY:Созвон", WHEN, *answers, "COMMENT:Буду в отпуске\\, до 5-го", method="REPLY")
    assert said.startswith("Отклонено: Созвон")
    assert said.endswith("\n\nБуду в отпуске, до 5-го")


@pytest.mark.parametrize(
    ("line", "link"),
    [
        ("X-GOOGLE-CONFERENCE:https://meet.example/a", "https://meet.example/a"),
        ("X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.example/l", "https://teams.example/l"),
        ("X-TELEMOST-CONFERENCE:https://telemost.example/j/1", "https://telemost.example/j/1"),
        ("CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://zoom.example/j/1", "https://zoom.example/j/1"),
        ("CONFERENCE;VALUE=URI:javascript:alert(1)", None),
        ("CONFERENCE:https://zoom.example/1\r\nLOCATION:https://zoom.example/1", None),
    ],
)
def test_the_link_by_which_one_takes_part_is_told_once(line: str, link: str | None) -> None:
    text = told("SUMMARY:The call", WHEN, line)
    assert (f"Join: {link}" in text) == bool(link)
    assert "javascript" not in text


def test_what_google_draws_around_its_words_is_left_out() -> None:
    drawn = "-::~:~::~:~:~:~:~:~:~:~:~:~"
    text = told("SUMMARY:The call", WHEN, f"DESCRIPTION:{drawn}\\nJoin: https://meet.example/a\\n{drawn}")
    assert text.endswith("\n\nJoin: https://meet.example/a")


@pytest.mark.parametrize("method", ["ADD", "REFRESH", "DECLINECOUNTER", "DELEGATED"])
def test_every_kind_of_calendar_mail_says_what_it_is_for(method: str) -> None:
    answer = ("ATTENDEE;PARTSTAT=DELEGATED:mailto:a@b.example",) if method == "DELEGATED" else ()
    text = told("SUMMARY:The call", WHEN, *answer, method="REPLY" if answer else method)
    assert not text.startswith("The call")
