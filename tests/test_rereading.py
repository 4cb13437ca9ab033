"""Stored mails are read once more: what the reader has learned shows, what agents did stays."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib import desk, files, rereading, store, table
from chalicelib.article import FORGED
from chalicelib.composing import Saying
from dev.cloud import Cloud
from dev.reparse import answered, numbers_here
from tests.cast import ANN, MONDAY
from tests.posting import mail
from tests.test_postmaster import only_ticket


@pytest.fixture
def number(cloud: Cloud, take_in: Callable[..., None]) -> str:
    """A ticket at which Ann has worked; its first article was badly read, long ago."""
    take_in(mail(files=(("a.pdf", b"%PDF"), ("b.txt", b"bbb"))))
    found = only_ticket().ticket.number
    desk.lock(found, ANN, False, MONDAY)
    desk.say(found, ANN, Saying("note", "She is nice.", time_units=5), MONDAY)
    desk.draft(found, ANN, "reply", {"text": "Dear"}, MONDAY)
    first = store.article(found, 1)
    assert first
    poor = replace(first, text="Pl=65ase", html="<p>Pl=65ase</p>", fold=3, attachments=first.attachments[:1])
    table.put(
        store.article_item(found, replace(poor, attachments=(replace(first.attachments[0], filename="a=2Epdf"),)))
    )
    return found


def test_a_mail_that_was_badly_read_is_read_well(number: str) -> None:
    assert rereading.reread(number, MONDAY) == {"read": 1, "changed": 1}
    article = store.article(number, 1)
    assert article and "the printer is on fire" in article.text
    assert (article.html, article.fold) == (None, None)
    assert [(file.filename, files.read(file.key)) for file in article.attachments] == [
        ("a.pdf", b"%PDF"),
        ("b.txt", b"bbb"),
    ]


def test_the_file_that_was_there_keeps_its_place_and_object(number: str) -> None:
    before = store.article(number, 1)
    rereading.reread(number, MONDAY)
    after = store.article(number, 1)
    assert before and after and after.attachments[0].key == before.attachments[0].key


def test_what_ann_did_stays(number: str) -> None:
    before = store.whole(number)
    rereading.reread(number, MONDAY)
    after = store.whole(number)
    assert after.articles[1:] == before.articles[1:]
    assert after.drafts == before.drafts
    assert after.ticket == replace(before.ticket, version=before.ticket.version + 1)
    assert [event for event in after.history if "reparsed" not in event.detail] == list(before.history)
    assert [event.detail["reparsed"] for event in after.history if "reparsed" in event.detail] == [1]


def test_again_nothing_changes(number: str) -> None:
    rereading.reread(number, MONDAY)
    before = store.whole(number)
    assert rereading.reread(number, MONDAY) == {"read": 1}
    assert store.whole(number) == before


def test_an_original_that_is_gone_changes_nothing_and_is_told(number: str) -> None:
    before = store.whole(number)
    files.delete("mail/abc")
    assert rereading.reread(number, MONDAY) == {"read": 1, "failed": 1}
    assert store.whole(number) == before


def test_the_running_desk_answers_with_numbers_and_counts(number: str) -> None:
    assert answered({}, MONDAY) == {"numbers": [number]} == {"numbers": numbers_here()}
    assert answered({"number": number}, MONDAY) == {"read": 1, "changed": 1}


def test_a_letter_from_before_the_desk_kept_doubts_is_marked(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail(verdict="FAIL"))
    found = only_ticket()
    table.put(store.article_item(found.ticket.number, replace(found.articles[0], doubt="")))
    rereading.reread(found.ticket.number, MONDAY)
    assert only_ticket().articles[0].doubt == FORGED
