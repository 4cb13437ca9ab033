"""The whole desk as a process, driven by a script that knows only api.md and SMTP."""

import base64
import re
import signal
import smtplib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.desk_client import Browser, Desk, eventually, letter, running_desk

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with running_desk(tmp_path_factory.mktemp("desk")) as running:
        yield running


@pytest.fixture(scope="module")
def ann(desk: Desk) -> Browser:
    return desk.agent("ann")


@pytest.fixture(scope="module")
def ben(desk: Desk) -> Browser:
    return desk.agent("ben")


def rows(browser: Browser, title: str, query: str = "") -> list[dict[str, Any]]:
    status, body = browser.get(f"/api/tickets?limit=200{query}")
    assert status == 200, body
    return [row for row in body["tickets"] if row["title"] == title]


def opened(desk: Desk, ann: Browser, title: str, text: str = "Please help me with this matter.", **headers: str) -> str:
    """The number of the ticket that a new letter has led to."""
    desk.send(letter(text, title, Message_ID=f"<{title.replace(' ', '.')}@customer.example>", **headers))
    return str(eventually(lambda: rows(ann, title))[0]["number"])


def answer_to(desk: Desk, number: str) -> EmailMessage:
    def found() -> list[dict[str, Any]]:
        return [sent for sent in desk.outbox() if number in base64.b64decode(sent["raw"]).decode()]

    raw = base64.b64decode(eventually(found)[0]["raw"])
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def ticket(browser: Browser, number: str) -> dict[str, Any]:
    status, body = browser.get(f"/api/tickets/{number}")
    assert status == 200, body
    assert isinstance(body, dict)
    return body


def grown(browser: Browser, number: str, count: int) -> dict[str, Any]:
    return eventually(lambda: found if len((found := ticket(browser, number))["articles"]) >= count else None) or {}


def test_a_russian_letter_with_a_file_is_answered_in_russian(desk: Desk, ann: Browser) -> None:
    message = letter("Здравствуйте, у нас горит принтер. Помогите, пожалуйста!", "Принтер горит")
    message.add_attachment(b"%PDF \xff\x00", maintype="application", subtype="pdf", filename="счёт.pdf")
    desk.send(message)
    number = str(eventually(lambda: rows(ann, "Принтер горит"))[0]["number"])
    answer = answer_to(desk, number)
    assert "Здравствуйте" in answer.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    (attachment,) = ticket(ann, number)["articles"][0]["attachments"]
    assert attachment["filename"] == "счёт.pdf"
    status, _ = ann.get(f"/api/tickets/{number}/articles/1/attachments/{attachment['n']}")
    assert status == 302
    place = str(ann.headers["Location"])
    status, content = ann.get(place.partition(ann.host)[2])
    assert (status, content) == (200, b"%PDF \xff\x00")
    assert "attachment" in str(ann.headers["Content-Disposition"])


@pytest.mark.parametrize("clue", ["reply-to", "references", "message-id", "own id", "subject"])
def test_follow_ups_by_each_clue(clue: str, desk: Desk, ann: Browser) -> None:
    title = f"Follow up by {clue}"
    number = opened(desk, ann, title)
    answer = answer_to(desk, number)
    to, headers, subject = "support@desk.localhost", {}, "Something else"
    if clue == "reply-to":
        to = str(answer["reply-to"].addresses[0].addr_spec)
    elif clue == "references":
        headers = {"References": str(answer["references"])}
    elif clue == "message-id":
        headers = {"In-Reply-To": str(answer["message-id"])}
    elif clue == "own id":
        headers = {"References": f"<{title.replace(' ', '.')}@customer.example>"}
    else:
        subject = f"Re: {answer['subject']}"
    desk.send(letter("One more thing.", subject, **headers), to)
    assert grown(ann, number, 3)["articles"][2]["text"].startswith("One more thing.")


def test_the_same_letter_again_makes_no_second_ticket(desk: Desk, ann: Browser) -> None:
    number = opened(desk, ann, "Impatience")
    desk.send(letter("Please help me with this matter.", "Impatience", Message_ID="<again@customer.example>"))
    grown(ann, number, 3)
    assert len(rows(ann, "Impatience")) == 1


def test_a_stranger_and_a_forger_get_tickets_of_their_own(desk: Desk, ann: Browser) -> None:
    number = opened(desk, ann, "Secret matter")
    answer = answer_to(desk, number)
    desk.send(letter("Let me in", str(answer["subject"]), "Eve <eve@evil.example>"))
    desk.send(letter("Me too", str(answer["subject"]), X_Dev_Verdict="dmarc=fail, spf=fail, dkim=fail"))
    eventually(
        lambda: len([r for r in ann.get("/api/tickets?limit=200")[1]["tickets"] if "Secret matter" in r["title"]]) == 3
    )
    assert len(ticket(ann, number)["articles"]) == 2


def test_two_agents_race_for_twenty_locks(desk: Desk, ann: Browser, ben: Browser) -> None:
    for n in range(20):
        desk.send(letter(f"Race matter {n}", f"Race {n}", Message_ID=f"<race{n}@customer.example>"))
    numbers = [str(eventually(lambda title=f"Race {n}": rows(ann, title))[0]["number"]) for n in range(20)]  # type: ignore[misc]

    def take(each: tuple[Browser, str]) -> int:
        fresh = Browser(desk.told["web"])
        fresh.cookies = dict(each[0].cookies)
        return fresh.put(f"/api/tickets/{each[1]}/lock", {})[0]

    with ThreadPoolExecutor(8) as pool:
        for number in numbers:
            assert sorted(pool.map(take, [(ann, number), (ben, number)])) == [200, 409]


def test_a_reply_reaches_the_customer_and_a_stale_epoch_does_not(desk: Desk, ann: Browser, ben: Browser) -> None:
    number = opened(desk, ann, "Stale epoch")
    lock = ann.put(f"/api/tickets/{number}/lock", {})[1]
    status, refused = ben.put(f"/api/tickets/{number}/lock", {})
    assert (status, refused["reason"]) == (409, "locked")
    reply = {"kind": "reply", "text": "Pull the plug.", "epoch": lock["epoch"], "seen": 1}
    assert ben.put(f"/api/tickets/{number}/lock", {"takeover": True})[0] == 200
    status, refused = ann.post(f"/api/tickets/{number}/articles", reply)
    assert (status, refused["reason"]) == (409, "lock_lost")
    lock = ben.put(f"/api/tickets/{number}/lock", {})[1]
    status, article = ben.post(
        f"/api/tickets/{number}/articles", reply | {"epoch": lock["epoch"]}, Idempotency_Key="k1"
    )
    assert status == 201, article
    again = ben.post(f"/api/tickets/{number}/articles", reply | {"epoch": lock["epoch"]}, Idempotency_Key="k1")
    assert again == (201, article)
    other = ben.post(f"/api/tickets/{number}/articles", reply | {"text": "Other"}, Idempotency_Key="k1")
    assert other[0] == 422
    sent = [mail for mail in desk.outbox() if mail["to"] == ["carla@customer.example"] and number in mail["subject"]]
    assert len(sent) == 2


def test_a_waiting_ticket_closes_by_itself_and_opens_again(desk: Desk, ann: Browser) -> None:
    number = opened(desk, ann, "Time passes")
    lock = ann.put(f"/api/tickets/{number}/lock", {})[1]
    reply = {"kind": "reply", "text": "Done?", "epoch": lock["epoch"], "seen": 1}
    assert ann.post(f"/api/tickets/{number}/articles", reply)[0] == 201
    assert ticket(ann, number)["state"] == "pending auto close+"
    desk.clock("+8d")
    assert ticket(ann, number)["state"] == "closed successful"
    desk.send(letter("No!", "Re: Time passes", References="<Time.passes@customer.example>"))
    assert grown(ann, number, 4)["state"] == "open"


def test_carla_helps_herself(desk: Desk, ann: Browser) -> None:
    number = opened(desk, ann, "Portal matter")
    carla = desk.browser()
    assert carla.post("/api/portal/session", {"email": "carla@customer.example"})[0] == 202
    raw = base64.b64decode(desk.outbox()[-1]["raw"])
    code = re.search(r"\b\d{6}\b", message_from_bytes(raw, policy=policy.default).get_content())  # type: ignore[attr-defined]
    assert code
    assert carla.put("/api/portal/session", {"email": "carla@customer.example", "code": code[0]})[0] == 200
    assert ann.post(f"/api/tickets/{number}/articles", {"kind": "note", "text": "difficult"})[0] == 201
    status, shown = carla.get(f"/api/portal/tickets/{number}")
    assert status == 200
    assert "difficult" not in str(shown)
    assert "ann@" not in str(shown)
    assert carla.post(f"/api/portal/tickets/{number}/articles", {"text": "From the portal"})[0] == 201
    assert ticket(ann, number)["articles"][-1]["channel"] == "web"
    assert carla.get("/api/tickets")[0] == 401


@pytest.mark.parametrize(
    "path",
    ["/api/nothing", "/api/../etc/passwd", "/api/tickets/..%2f..", "/api/tickets/%00", "/api/tickets/12/articles/x"],
)
def test_odd_paths_are_answered_in_json(path: str, desk: Desk, ann: Browser) -> None:
    status, body = ann.get(path)
    assert 400 <= status < 500
    assert isinstance(body, dict)
    assert body["code"]


def test_noise_ends_in_the_list_of_failed_mails(desk: Desk, ann: Browser) -> None:
    host, _, port = desk.told["smtp"].partition(":")
    with smtplib.SMTP(host, int(port)) as smtp:
        smtp.sendmail("noise@customer.example", ["support@desk.localhost"], b"\x00\x01\x02 noise \r\n\r\n" * 50)
    assert eventually(lambda: ann.get("/api/failed-mails")[1]["failed_mails"])


def test_what_was_taken_in_is_there_after_a_restart_and_after_a_kill(tmp_path: Path) -> None:
    with running_desk(tmp_path) as first:
        number = opened(first, first.agent("ann"), "Kept")
        assert first.stop(signal.SIGINT) == 0
    with running_desk(tmp_path) as second:
        ann = second.agent("ann")
        assert len(ticket(ann, number)["articles"]) == 2
        other = opened(second, ann, "Kept too")
        answer_to(second, other)
        safe = time.monotonic() + 1.5  # a kill may cost the last second
        eventually(lambda: time.monotonic() > safe)
        second.process.kill()
        second.process.wait()
    with running_desk(tmp_path) as third:
        ann = third.agent("ann")
        assert ticket(ann, number)["number"] == number
        assert len(ticket(ann, other)["articles"]) == 2


def test_a_thousand_letters_in_one_go(desk: Desk, ann: Browser) -> None:
    def send(part: int) -> None:
        host, _, port = desk.told["smtp"].partition(":")
        with smtplib.SMTP(host, int(port)) as smtp:
            for n in range(part, 1000, 5):
                sender = f"customer{n}@many.example"
                message = letter(f"Letter number {n}", f"Thousand {n}", sender, Message_ID=f"<{n}@many.example>")
                smtp.send_message(message, sender, ["support@desk.localhost"])

    before = waiting(ann)
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(send, range(5)))

    def titles() -> list[str]:
        found, cursor = [], ""
        while True:
            page = ann.get(f"/api/tickets?limit=200&sort=number{cursor}")[1]
            found += [row["title"] for row in page["tickets"] if row["title"].startswith("Thousand")]
            if not page["next"]:
                return found
            cursor = f"&cursor={page['next']}"

    eventually(lambda: waiting(ann) >= before + 1000, 600)
    assert sorted(titles()) == sorted(f"Thousand {n}" for n in range(1000))


def waiting(browser: Browser) -> int:
    return int(sum(queue["counts"]["new"] for queue in browser.get("/api/queues")[1]["queues"]))


def test_an_impatient_hand_ends_the_desk_as_well(tmp_path: Path) -> None:
    for _ in range(3):
        with running_desk(tmp_path) as desk:
            assert desk.stop(*[signal.SIGINT, signal.SIGTERM] * 10) == 0
