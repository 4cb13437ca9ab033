"""Tickets of OTRS come into the desk: number, articles, files, dates and time as they were."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib import config, files, postmaster, store
from dev import otrs
from dev.cloud import Cloud
from dev.progress import Progress
from tests.cast import CARLA, MONDAY
from tests.crashes import Crash, crash_at
from tests.posting import mail

NUMBER = "2018030510000017"


def article(n: int, **more: Any) -> dict[str, Any]:
    plain = {
        "ArticleID": str(n),
        "From": f"Carla <{CARLA.email}>",
        "To": "Support <support@desk.localhost>",
        "Subject": "Printer",
        "Body": f"Article {n}: принтер горит.",
        "ContentType": "text/plain; charset=utf-8",
        "CreateTime": f"2018-03-05 1{n}:00:00",
        "SenderType": "customer",
        "IsVisibleForCustomer": "1",
        "CommunicationChannelID": 1,
        "MessageID": f"<{n}@customer.example>",
    }
    return plain | more


def told(**more: Any) -> dict[str, Any]:
    file = {"Filename": "a.pdf", "ContentType": "application/pdf", "Content": base64.b64encode(b"%PDF").decode()}
    page = {"Filename": "file-2", "ContentType": "text/html; charset=utf-8", "Disposition": "inline"}
    page |= {"Content": base64.b64encode(b"<p>Use <b>water</b><script>x</script></p>").decode()}
    plain = {
        "TicketID": "17",
        "TicketNumber": NUMBER,
        "Title": "Printer",
        "Queue": "Support",
        "State": "closed successful",
        "StateType": "closed",
        "Priority": "4 high",
        "PriorityID": "4",
        "Owner": "ann",
        "Responsible": "root@localhost",
        "CustomerUserID": CARLA.email,
        "Created": "2018-03-05 10:59:58",
        "Changed": "2018-03-05 16:00:00",
        "DynamicField": [{"Name": "Floor", "Value": "2"}, {"Name": "Empty", "Value": None}],
        "Article": [
            article(1, Attachment=[file]),
            article(2, SenderType="agent", From="Support <support@desk.localhost>", To=CARLA.email, CreateBy="ann", Attachment=[page], TimeUnit="5.5"),
            article(3, SenderType="agent", IsVisibleForCustomer="0", CommunicationChannelID=3, MessageID="", CreateBy="ann"),
        ],
    }  # fmt: skip
    return plain | more


def brought(folder: Path, *documents: Any) -> otrs.Report:
    (folder / "otrs.json").write_text("\n".join(json.dumps(each) for each in documents))
    queue = config.config().queues["raw"]
    return otrs.bring_in(folder / "otrs.json", queue, Progress(folder / "p.json", "Tickets"), MONDAY)


def test_a_ticket_keeps_its_number_dates_people_and_time(cloud: Cloud, tmp_path: Path) -> None:
    assert brought(tmp_path, {"Ticket": [told()]}).done == {"tickets": 1}
    found = store.whole(NUMBER)
    one = found.ticket
    assert (one.state, one.priority, one.owner, one.responsible) == ("closed successful", 4, "ann", None)
    assert (one.customer, one.fields["Floor"], one.time_units) == (CARLA, "2", 5.5)
    assert one.created == datetime(2018, 3, 5, 10, 59, 58, tzinfo=UTC)
    assert [(each.kind, each.sender, each.visible) for each in found.articles] == [
        ("mail", "customer", True),
        ("reply", "agent", True),
        ("note", "agent", False),
        ("note", "system", False),
    ]


def test_files_come_along_and_html_is_made_safe(cloud: Cloud, tmp_path: Path) -> None:
    brought(tmp_path, told())
    first, second, *_ = store.whole(NUMBER).articles
    assert files.read(first.attachments[0].key) == b"%PDF"
    assert (second.html, second.attachments) == ("<p>Use <b>water</b></p>", ())


def test_carla_goes_on_with_it_by_number_or_id(cloud: Cloud, tmp_path: Path) -> None:
    brought(tmp_path, told())
    headers = {"References": "<2@customer.example>"}
    letters = [
        mail("Again.", f"Re: [Ticket#{NUMBER}]", message_id="<a@x.example>"),
        mail("And again.", "Re", headers=headers),
    ]
    for n, raw in enumerate(letters):
        cloud.deliver_mail(raw, f"in/{n}")
        postmaster.take_in(f"in/{n}", MONDAY)
    found = store.whole(NUMBER)
    assert (found.ticket.state, [each.kind for each in found.articles].count("mail")) == ("open", 3)


def test_told_again_nothing_is_doubled(cloud: Cloud, tmp_path: Path) -> None:
    brought(tmp_path, told())
    before = store.whole(NUMBER)
    assert brought(tmp_path, told()).done == {"there already": 1}
    assert store.whole(NUMBER) == before


def test_a_ticket_that_has_grown_in_otrs_since_is_left_as_it_is_and_said_so(cloud: Cloud, tmp_path: Path) -> None:
    brought(tmp_path, told())
    before = store.whole(NUMBER)
    grown = told(Article=[article(n, CreateTime="2018-03-05 11:00:00") for n in range(1, 8)])
    assert brought(tmp_path, grown).done == {"left out: it has more articles there than when it was brought here": 1}
    assert store.whole(NUMBER) == before


def test_a_long_ticket_that_was_interrupted_is_completed(cloud: Cloud, tmp_path: Path) -> None:
    long = told(Article=[article(n, CreateTime="2018-03-05 11:00:00") for n in range(1, 60)])
    with crash_at(4, after=True), pytest.raises(Crash):
        brought(tmp_path, long)
    brought(tmp_path, long)
    assert [each.seq for each in sorted(store.whole(NUMBER).articles, key=lambda each: each.seq)] == list(range(1, 61))


def test_what_this_desk_does_not_know_is_reported(cloud: Cloud, tmp_path: Path) -> None:
    strange = told(Queue="Sales::East", Owner="gus", State="waiting for godot", StateType="pending reminder")
    report = brought(tmp_path, strange)
    assert set(report.unknown) == {"queue Sales::East: its tickets are in Raw", "agent gus", "state waiting for godot"}
    assert (store.ticket(NUMBER).queue, store.ticket(NUMBER).state) == ("raw", "open")


def test_a_reminder_that_is_still_to_come_stays_one(cloud: Cloud, tmp_path: Path) -> None:
    until = MONDAY + timedelta(days=3)
    brought(tmp_path, told(State="pending reminder", RealTillTimeNotUsed=str(int(until.timestamp()))))
    assert (store.ticket(NUMBER).state, store.ticket(NUMBER).pending_until) == ("pending reminder", until)


def test_articles_of_older_versions_are_understood(cloud: Cloud, tmp_path: Path) -> None:
    old = {"IsVisibleForCustomer": None, "CommunicationChannelID": None, "SenderType": "agent"}
    kinds = ["email-external", "email-internal", "note-internal", "phone", "webrequest"]
    articles = [
        {name: value for name, value in article(n, ArticleType=kind, **old).items() if value}
        for n, kind in enumerate(kinds, 1)
    ]
    brought(tmp_path, told(Article=articles))
    found = store.whole(NUMBER).articles[:-1]
    assert [(each.channel, each.visible) for each in found] == [
        ("email", True),
        ("email", False),
        ("note", False),
        ("phone", True),
        ("web", True),
    ]


def test_a_number_that_is_taken_is_left_out(cloud: Cloud, tmp_path: Path) -> None:
    brought(tmp_path, told())
    assert list(brought(tmp_path, told(TicketID="18")).done) == ["left out: there is a ticket with this number already"]


@pytest.mark.parametrize("text", ["", "no json", '{"Hello": 1}', "[1]"])
def test_what_is_no_export_is_refused_in_a_sentence(text: str, cloud: Cloud, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(otrs.NoExport):
        list(otrs.tickets(tmp_path / "x.json"))
