"""An old mailbox comes into the desk: dates, threads and answers as they were, nothing twice, and nobody is written to."""

import mailbox
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from chalicelib import config, records
from dev import old_mail
from dev.cloud import Cloud
from dev.old_mail import NoMailbox, Wishes, bring_in
from dev.progress import Progress
from tests.cast import CARLA, DAY, MONDAY
from tests.crashes import Crash, crash_at
from tests.test_postmaster import kinds, tickets

MARCH = datetime(2024, 3, 5, 10, 0, tzinfo=UTC)


def letter(n: int, text: str, day: int, sender: str = str(CARLA), answers: int = 0, subject: str = "Printer") -> bytes:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "support@desk.localhost" if "customer" in sender else str(CARLA)
    message["Subject"] = f"Re: {subject}" if answers else subject
    message["Date"] = format_datetime(MARCH + day * DAY)
    message["Message-ID"] = f"<{n}@old.example>"
    if answers:
        message["In-Reply-To"] = message["References"] = f"<{answers}@old.example>"
    message.set_content(text)
    return bytes(message)


MAILS = [
    letter(3, "It is out, thank you.", 2, answers=2),
    letter(1, "The printer burns.\n\nFrom the smoke I can see nothing.", 0),
    letter(2, "Use water.", 1, sender="Ann <ann@desk.localhost>", answers=1),
    letter(4, "Принтер опять горит, пришлите пожарных.", 40, subject="Опять пожар"),
    letter(1, "The printer burns.\n\nFrom the smoke I can see nothing.", 0),
]


def mbox(folder: Path, mails: list[bytes] = MAILS) -> Path:
    box = mailbox.mbox(folder / "old.mbox")
    for raw in mails:
        box.add(raw)
    box.close()
    return folder / "old.mbox"


def brought(source: Path, folder: Path, now: datetime = MONDAY) -> dict[str, int]:
    wishes = Wishes(config.config().queues["support"], open_days=30, own=frozenset({"boss@old.example"}))
    return dict(bring_in(source, wishes, Progress(folder / "progress.json", "Letters"), now))


def test_threads_dates_and_answers_are_as_they_were(cloud: Cloud, tmp_path: Path) -> None:
    brought(mbox(tmp_path), tmp_path)
    first, second = tickets()
    assert [(article.kind, article.by, article.at) for article in first.articles] == [
        ("mail", None, MARCH),
        ("reply", "ann", MARCH + DAY),
        ("mail", None, MARCH + 2 * DAY),
    ]
    assert (first.ticket.created, first.ticket.number[:8]) == (MARCH, "20240305")
    assert "From the smoke" in first.articles[0].text
    assert kinds(second) == ["mail"]


def test_nobody_is_answered_and_what_was_quiet_is_closed(cloud: Cloud, tmp_path: Path) -> None:
    brought(mbox(tmp_path), tmp_path, now=MARCH + 41 * DAY)
    assert cloud.outbox == []
    assert [each.ticket.state for each in tickets()] == ["closed successful", "new"]


def test_the_report_counts_everything(cloud: Cloud, tmp_path: Path) -> None:
    report = brought(mbox(tmp_path, [*MAILS, b"no mail at all\n"]), tmp_path)
    assert report == {
        "new tickets": 2,
        "answers": 1,
        "follow-ups": 1,
        "there already": 1,
        "unreadable, listed among the failed mails": 1,
        "tickets closed, because they were quiet": 2,
    }
    assert len(records.failed_mails()) == 1


def test_told_again_it_doubles_nothing(cloud: Cloud, tmp_path: Path) -> None:
    source = mbox(tmp_path)
    brought(source, tmp_path)
    before = tickets()
    assert brought(source, tmp_path)["there already"] == 5
    assert tickets() == before


@pytest.mark.parametrize("call", range(2, 36, 4))
def test_interrupted_anywhere_it_comes_to_the_same_end(call: int, cloud: Cloud, tmp_path: Path) -> None:
    source = mbox(tmp_path)
    with crash_at(call, after=call % 2 == 0), pytest.raises(Crash):
        brought(source, tmp_path)
    brought(source, tmp_path)
    assert [kinds(each) for each in tickets()] == [["mail", "reply", "mail"], ["mail"]]


def test_a_maildir_and_a_folder_of_eml_files_are_mailboxes_too(cloud: Cloud, tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "maildir")
    for raw in MAILS[:3]:
        box.add(raw)
    brought(tmp_path / "maildir", tmp_path)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.eml").write_bytes(MAILS[3])
    brought(tmp_path / "letters", tmp_path)
    assert [kinds(each) for each in tickets()] == [["mail", "reply", "mail"], ["mail"]]


def test_an_answer_without_a_letter_is_a_ticket_of_its_receiver(cloud: Cloud, tmp_path: Path) -> None:
    brought(mbox(tmp_path, [letter(9, "Your order has left.", 0, sender="boss@old.example")]), tmp_path)
    (found,) = tickets()
    assert (found.ticket.customer, kinds(found)) == (CARLA, ["reply"])


def test_a_new_letter_goes_on_with_an_old_thread(cloud: Cloud, tmp_path: Path) -> None:
    brought(mbox(tmp_path), tmp_path)
    from chalicelib import postmaster
    from tests.posting import mail

    headers = {"References": "<3@old.example>"}
    cloud.deliver_mail(mail("It burns again!", "Re: Printer", message_id="<n@x.example>", headers=headers), "in/1")
    postmaster.take_in("in/1", MONDAY)
    assert [len(each.articles) for each in tickets()] == [4, 1]


def test_what_is_no_mailbox_is_refused_in_a_sentence(cloud: Cloud, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Hello")
    for source in (tmp_path / "a.txt", tmp_path / "nowhere", tmp_path):
        with pytest.raises(NoMailbox, match=r"no|neither"):
            old_mail.opened(source)
