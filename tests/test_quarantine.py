"""A mail in which SES found a virus: its words can be read, its files are kept and given to nobody."""

from collections.abc import Callable

import pytest

from chalicelib import files
from dev.cloud import Cloud
from tests.cast import ADA, ANN, CARLA_HERSELF
from tests.client import is_refusal, proven, signed_in
from tests.posting import mail
from tests.test_postmaster import only_ticket


@pytest.fixture
def number(cloud: Cloud, take_in: Callable[..., None]) -> str:
    infected = mail(files=(("invoice.zip", b"EICAR"),)).replace(
        b"X-SES-Virus-Verdict: PASS", b"X-SES-Virus-Verdict: FAIL"
    )
    take_in(infected, "in/1")
    return only_ticket().ticket.number


def test_the_letter_can_be_read_and_nobody_is_answered(number: str, cloud: Cloud) -> None:
    article = signed_in(ANN).get(f"/tickets/{number}").json["articles"][0]
    assert "full of smoke" in article["text"]
    assert [(file["filename"], file["quarantined"]) for file in article["attachments"]] == [("invoice.zip", True)]
    assert cloud.outbox == []


def test_the_file_is_kept_where_no_function_reads(number: str, cloud: Cloud) -> None:
    assert cloud.objects("files/") == []
    assert files.read(cloud.objects("quarantine/")[0]) == b"EICAR"


def test_nobody_is_given_the_file(number: str) -> None:
    for person, path in (
        (signed_in(ANN), "/tickets"),
        (signed_in(ADA), "/tickets"),
        (proven(CARLA_HERSELF), "/portal/tickets"),
    ):
        assert is_refusal(person.get(f"{path}/{number}/articles/1/attachments/1"), 403, "quarantined")


def test_the_whole_mail_is_for_administrators(number: str) -> None:
    assert is_refusal(signed_in(ANN).get(f"/tickets/{number}/articles/1/raw"), 403, "quarantined")
    assert signed_in(ADA).get(f"/tickets/{number}/articles/1/raw").status == 302


def test_files_of_a_clean_mail_are_given_out(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail(files=(("invoice.zip", b"PK"),)), "in/1")
    number = only_ticket().ticket.number
    assert signed_in(ANN).get(f"/tickets/{number}/articles/1/attachments/1").status == 302
