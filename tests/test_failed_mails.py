"""What could not be taken in can be tried again, as often as one likes, and is never lost by it."""

from typing import Any

import pytest

from chalicelib import desk_files, files, postmaster, records
from dev.cloud import Cloud
from tests.cast import ANN, MONDAY
from tests.client import signed_in


@pytest.fixture
def noise(cloud: Cloud) -> str:
    files.put("in/noise", b"\x00???", "application/octet-stream")
    postmaster.take_in("in/noise", MONDAY)
    return "noise"


def test_a_retried_mail_goes_the_way_of_any_mail(noise: str, cloud: Cloud) -> None:
    desk_files.retry(noise, ANN)
    assert (cloud.objects("in/"), cloud.objects("failed/"), records.failed_mails()) == (["in/noise-retry1"], [], [])


def test_a_mail_that_fails_again_is_in_the_list_again(noise: str, cloud: Cloud) -> None:
    for name in ("noise", "noise-retry1"):
        desk_files.retry(name, ANN)
        postmaster.take_in(cloud.objects("in/")[0], MONDAY)
    assert [failed.id for failed in records.failed_mails()] == ["noise-retry2"]


def test_a_mail_that_fails_again_before_its_retry_has_ended_is_kept(noise: str, cloud: Cloud) -> None:
    def at_once(**_: Any) -> None:
        files.client().meta.events.unregister("after-call.s3.CopyObject", at_once)
        postmaster.take_in("in/noise-retry1", MONDAY)

    files.client().meta.events.register("after-call.s3.CopyObject", at_once)
    desk_files.retry(noise, ANN)
    assert cloud.objects("failed/") == ["failed/noise-retry1"]
    assert [failed.id for failed in records.failed_mails()] == ["noise-retry1"]


def test_a_ticket_is_made_of_it_with_the_mail_as_its_file(cloud: Cloud) -> None:
    records.put_failed("noise", "There is neither a From nor a Date.", 3, MONDAY)
    files.put("failed/noise", b"???", "text/plain")
    made = signed_in(ANN).post("/failed-mails/noise/ticket", {"queue": "Support"})
    assert made.status == 201
    (article,) = made.json["articles"]
    assert "neither a From nor a Date" in article["text"]
    assert (article["attachments"][0]["filename"], article["raw"]) == ("mail.eml", True)
    assert files.read("mail/noise") == b"???"
    assert (records.failed_mails(), cloud.objects("failed/")) == ([], [])
    assert signed_in(ANN).post("/failed-mails/noise/ticket", {"queue": "Support"}).status == 404


def test_not_in_a_queue_in_which_she_may_not_write(cloud: Cloud) -> None:
    records.put_failed("noise", "No mail.", 3, MONDAY)
    files.put("failed/noise", b"???", "text/plain")
    assert signed_in(ANN).post("/failed-mails/noise/ticket", {"queue": "Billing"}).status == 403
    assert len(records.failed_mails()) == 1
