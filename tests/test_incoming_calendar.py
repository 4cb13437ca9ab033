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
        "Repeats: weekly\nWhere: Room 1\nOrganizer: Doe: Carla <carla@carla.example>\n\nPlease bring\nthe toner"
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
