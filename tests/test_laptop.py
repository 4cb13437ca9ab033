"""The laptop's own server: doors, pages, the bucket, the clock, and the whole way of a letter."""

import base64
import gzip
import json
import queue
import smtplib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request as Call
from urllib.request import urlopen

import pytest

from dev import clock, outbox, ses, site
from dev.bucket import Bucket
from dev.cloud import Cloud, Context
from dev.gateway import Answer, Gateway, Request
from dev.server import Desk, arguments
from dev.web import Site

ORIGIN = "http://127.0.0.1:8025"
HOST = {"host": "127.0.0.1:8025"}
ROUTES = {"/tickets/{number}": {"GET": 0, "PATCH": 0}, "/tickets/bulk": {"POST": 0}, "/health": {"GET": 0}}


def echo(event: Any, context: Any) -> dict[str, Any]:
    return {"statusCode": 200, "headers": {}, "multiValueHeaders": {}, "body": json.dumps(event)}


@pytest.fixture
def doors(one_cloud: Cloud) -> Site:
    one_cloud.empty()
    gateway = Gateway(echo, ROUTES, Context)
    return Site(
        gateway, Bucket(one_cloud.bucket, ORIGIN), lambda by: (datetime(2026, 1, 1, tzinfo=UTC) + by).isoformat()
    )


def ask(doors: Site, method: str, target: str, body: bytes = b"", **headers: str) -> Answer:
    return doors.answer(Request(method, target, HOST | headers, body))


# -- the gateway


def test_an_address_with_words_of_its_own_goes_before_one_with_a_name(doors: Site) -> None:
    event = json.loads(ask(doors, "POST", "/api/tickets/bulk").body)
    assert (event["resource"], event["pathParameters"]) == ("/tickets/bulk", None)


def test_path_and_query_arrive_as_they_were_sent(doors: Site) -> None:
    event = json.loads(ask(doors, "GET", "/api/tickets/a%2Fb?tag=x&tag=y&q=%D1%8F&empty=").body)
    assert event["pathParameters"] == {"number": "a%2Fb"}
    assert event["multiValueQueryStringParameters"] == {"tag": ["x", "y"], "q": ["я"], "empty": [""]}


def test_bytes_that_are_no_text_arrive_coded(doors: Site) -> None:
    event = json.loads(ask(doors, "PATCH", "/api/tickets/1", b"\xff\x00").body)
    assert (base64.b64decode(event["body"]), event["isBase64Encoded"]) == (b"\xff\x00", True)


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/api", 404),
        ("GET", "/api/", 404),
        ("GET", "/api/nowhere", 404),
        ("GET", "/api/tickets/", 404),
        ("GET", "/api/tickets/1/2", 404),
        ("GET", "/api/tickets/../health", 400),
        ("GET", "/api/%2e%2E/health", 400),
        ("GET", "/api/./health", 400),
        ("DELETE", "/api/health", 405),
        ("GET", "/dev/nowhere", 404),
        ("GET", "/dev/clock", 404),
    ],
)
def test_what_is_not_there_is_refused_in_the_form_of_all_refusals(
    doors: Site, method: str, target: str, status: int
) -> None:
    answer = ask(doors, method, target)
    assert (answer.status, set(json.loads(answer.body))) == (status, {"code", "message"})


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:8025"])
def test_a_name_that_is_not_this_computer_s_is_refused(doors: Site, host: str) -> None:
    assert doors.answer(Request("GET", "/api/health", {"host": host})).status == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:9", "desk.localhost:8025"])
def test_this_computer_s_names_are_taken(doors: Site, host: str) -> None:
    assert doors.answer(Request("GET", "/api/health", {"host": host})).status == 200


def test_another_site_cannot_move_the_clock(doors: Site) -> None:
    assert ask(doors, "POST", "/dev/clock", b'{"shift": "+3d"}', origin="https://evil.example").status == 403


# -- the clock


def test_the_clock_answers_the_new_now(doors: Site) -> None:
    answer = ask(doors, "POST", "/dev/clock", b'{"shift": "+3d"}')
    assert json.loads(answer.body) == {"now": "2026-01-04T00:00:00+00:00"}


@pytest.mark.parametrize("body", [b"", b"[]", b'{"shift": 3}', b'{"shift": "3 days"}', b'{"shift": "+"}', b"{"])
def test_the_clock_says_what_it_wants(doors: Site, body: bytes) -> None:
    assert ask(doors, "POST", "/dev/clock", body).status == 400


def test_shifts_add_up_and_are_kept() -> None:
    kept: list[timedelta] = []
    moved = clock.Clock(timedelta(days=1), kept.append)
    moved.move(clock.parsed("+1d12h"))
    moved.move(clock.parsed("-90m"))
    assert kept[-1] == moved.shift == timedelta(days=2, hours=10, minutes=30)


def test_nobody_moves_the_clock_out_of_the_calendar() -> None:
    with pytest.raises(ValueError, match="century"):
        clock.Clock().move(clock.parsed("+999999d"))


# -- pages


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    for name in ("index.html", "portal.html", "mail-frame.html", "assets/x.js"):
        (tmp_path / "dist" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "dist" / name).write_text(name * 100)
    (tmp_path / "secret").write_text("secret")
    return tmp_path / "dist"


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/", "index.html"),
        ("/tickets/7", "index.html"),
        ("/portal", "portal.html"),
        ("/portal/tickets/7", "portal.html"),
    ],
)
def test_an_address_without_an_ending_is_drawn_by_its_page(dist: Path, path: str, page: str) -> None:
    assert site.answer(Request("GET", path), dist).body.startswith(page.encode())


@pytest.mark.parametrize(
    "path", ["/../secret", "/%2e%2e/secret", "/assets/..%2f..%2fsecret", "/x.js", "/a\\..\\b", "/%00"]
)
def test_nothing_outside_of_the_pages_is_served(dist: Path, path: str) -> None:
    answer = site.answer(Request("GET", path), dist)
    assert (answer.status, b"secret" in answer.body) == (404, False)


def test_pages_carry_the_headers_that_infra_declares(dist: Path) -> None:
    headers = dict(site.answer(Request("GET", "/"), dist).headers)
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "$" not in headers["Content-Security-Policy"]


def test_the_frame_of_mails_has_a_policy_of_its_own(dist: Path) -> None:
    assert "sandbox" in dict(site.answer(Request("GET", "/mail-frame.html"), dist).headers)["Content-Security-Policy"]


def test_text_is_sent_packed_to_whoever_can_unpack_it(dist: Path) -> None:
    answer = site.answer(Request("GET", "/assets/x.js", {"accept-encoding": "gzip, br"}), dist)
    assert gzip.decompress(answer.body) == b"assets/x.js" * 100
    assert "immutable" in dict(answer.headers)["Cache-Control"]


def test_a_page_that_is_known_is_not_sent_again(dist: Path) -> None:
    tag = dict(site.answer(Request("GET", "/"), dist).headers)["ETag"]
    assert site.answer(Request("GET", "/", {"if-none-match": tag}), dist).status == 304


# -- the outbox


@pytest.fixture
def three_mails(one_cloud: Cloud) -> Iterator[None]:
    one_cloud.empty()
    for hour in (9, 10, 11):
        at = datetime(2026, 11, 23, hour, tzinfo=UTC)
        ses.outbox.append(ses.Sent(f"id{hour}", at, ("c@example.com",), DESK, "=?utf-8?b?0L/RgNC40LLQtdGC?=", b"\xff"))
    yield
    one_cloud.empty()


DESK = "support@desk.localhost"


@pytest.mark.parametrize(
    ("since", "ids"),
    [
        ("", ["id9", "id10", "id11"]),
        ("id9", ["id10", "id11"]),
        ("2026-11-23T10:00:00Z", ["id10", "id11"]),
        ("2026-11-23T13:30:00+03:00", ["id11"]),
        ("2026-11-23T13:30:00%2B03:00", ["id11"]),
    ],
)
def test_the_outbox_answers_what_left_since(three_mails: None, since: str, ids: list[str]) -> None:
    answer = outbox.answer(Request("GET", f"/dev/outbox?since={since}"))
    assert [mail["id"] for mail in json.loads(answer.body)] == ids


def test_subjects_are_readable_and_the_raw_mail_is_whole(three_mails: None) -> None:
    mail = json.loads(outbox.answer(Request("GET", "/dev/outbox")).body)[0]
    assert (mail["subject"], mail["from"], base64.b64decode(mail["raw"])) == ("привет", DESK, b"\xff")


def test_a_time_that_is_none_is_refused(three_mails: None) -> None:
    assert outbox.answer(Request("GET", "/dev/outbox?since=yesterday")).status == 400


def test_the_page_for_people_shows_no_markup_of_strangers(one_cloud: Cloud) -> None:
    one_cloud.empty()
    raw = b"Subject: x\r\n\r\n<script>alert(1)</script>"
    ses.outbox.append(ses.Sent("id", datetime.now(UTC), ("c@example.com",), DESK, "<b>x</b>", raw))
    page = outbox.answer(Request("GET", "/dev/outbox/")).body
    assert b"<script" not in page and b"<b>x</b>" not in page and b"&lt;script&gt;" in page


# -- the whole desk


class Visitor:
    """Knows the desk by its addresses alone."""

    def __init__(self, desk: Desk, mails: "queue.Queue[ses.Sent]") -> None:
        self.desk, self.mails, self.cookie = desk, mails, ""

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        known = {"X-Otklik": "1", "Content-Type": "application/json", "Cookie": self.cookie}
        call = Call(self.desk.origin + path, data, known | headers, method=method)
        try:
            with urlopen(call, timeout=30) as answer:
                self.cookie = (answer.headers["Set-Cookie"] or self.cookie).partition(";")[0]
                return answer.status, json.loads(answer.read() or b"null")
        except HTTPError as error:
            return error.code, json.loads(error.read())

    def write(self, raw: bytes) -> None:
        host, _, port = self.desk.mail.address.partition(":")
        with smtplib.SMTP(host, int(port), timeout=30) as server:
            server.sendmail("carla@example.com", [DESK], raw)


@pytest.fixture
def visitor(one_cloud: Cloud, tmp_path: Path) -> Iterator[Visitor]:
    """A desk in this process, with its own folder."""
    mails: queue.Queue[ses.Sent] = queue.Queue()
    with ExitStack() as stack:
        asked = arguments(["--data", str(tmp_path / "desk"), "--port", "0", "--smtp-port", "0", "--json"])
        desk = Desk(asked, stack)
        desk.start()
        ses.listeners.append(mails.put)
        stack.callback(ses.listeners.remove, mails.put)
        yield Visitor(desk, mails)
        desk.ended.set()


LETTER = (
    b"From: Carla <carla@example.com>\r\nTo: support@desk.localhost\r\nSubject: Printer\r\n"
    b"Message-ID: <1@example.com>\r\n\r\nIt does not print.\r\n"
)


def test_a_letter_becomes_a_ticket_that_ann_can_read(visitor: Visitor) -> None:
    visitor.write(LETTER)
    answer = visitor.mails.get(timeout=30)
    assert (answer.to, "[Ticket#" in answer.subject) == (("carla@example.com",), True)
    assert visitor.call("POST", "/api/session", {"login": "ann", "password": "ann-desk-2026"})[0] == 200
    status, page = visitor.call("GET", "/api/tickets")
    assert (status, [ticket["title"] for ticket in page["tickets"]]) == (200, ["Printer"])


def test_a_huge_body_is_refused_in_our_form(visitor: Visitor) -> None:
    status, answer = visitor.call("POST", "/api/session", {"login": "x" * (11 * 1024 * 1024), "password": ""})
    assert (status, answer["code"]) == (413, "too_large")


def test_a_wrong_password_does_not_sign_in(visitor: Visitor) -> None:
    assert visitor.call("POST", "/api/session", {"login": "ann", "password": "wrong"})[0] == 401


def test_the_clock_moves_the_desk(visitor: Visitor) -> None:
    before = datetime.now(UTC)
    now = visitor.call("POST", "/dev/clock", {"shift": "+3d"})[1]["now"]
    assert datetime.fromisoformat(now.replace("Z", "+00:00")) - before >= timedelta(days=3, seconds=-1)
