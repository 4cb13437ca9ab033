"""Files that are too large for mail leave as links, which end, and lead to nothing but the file."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import config, desk, desk_files, desk_merge, files, links, store
from chalicelib.article import StoredFile
from chalicelib.composing import NewTicket, Saying
from chalicelib.errors import NotFound
from dev.cloud import Cloud
from tests.cast import ANN, CARLA, DAY, MONDAY, NUMBER
from tests.client import Client, is_refusal, signed_in
from tests.posting import mail
from tests.test_postmaster import only_ticket

MB = 1_000_000
SECRET = b"s" * 32


def file(n: int, size: int, **more: object) -> StoredFile:
    return replace(StoredFile(f"files/{n}", f"{n}.zip", "application/zip", size), **more)  # type: ignore[arg-type]


def test_what_fits_stays_in_the_letter() -> None:
    both = (file(1, 5 * MB), file(2, 5 * MB))
    assert links.chosen(both, 20 * MB, MONDAY) == both


def test_the_largest_ones_leave_as_links() -> None:
    found = links.chosen((file(1, 2 * MB), file(2, 90 * MB), file(3, 12 * MB), file(4, 4 * MB)), 20 * MB, MONDAY)
    assert [bool(each.link_until) for each in found] == [False, True, True, False]
    assert found[1].link_until == MONDAY + 30 * DAY


@given(st.lists(st.integers(0, 100 * MB), max_size=8))
def test_what_is_left_always_fits(sizes: list[int]) -> None:
    found = links.chosen([file(n, size) for n, size in enumerate(sizes)], 20 * MB, MONDAY)
    assert sum(links.encoded(each.size) for each in found if not each.link_until) <= 20 * MB


@given(st.text())
def test_no_other_token_is_ours(text: str) -> None:
    assert links.place_of(text, SECRET) is None
    assert links.place_of(f"{NUMBER}.1.1.{text}", SECRET) is None


def test_a_token_of_another_place_is_not_valid_here() -> None:
    mine = links.token(NUMBER, 3, 1, SECRET)
    assert links.place_of(mine, SECRET) == (NUMBER, 3, 1)
    assert links.place_of(mine.replace(".3.1.", ".2.1."), SECRET) is None
    assert links.place_of(mine, b"x" * 32) is None


# -- on the desk


@pytest.fixture
def sent(cloud: Cloud, take_in: Callable[..., None]) -> str:
    """Ann has sent a small file and a large one (S3 is told that it is); the address of the large one."""
    take_in(mail())
    number = only_ticket().ticket.number
    ann = signed_in(ANN)
    uploads = []
    for name, content in (("small.txt", b"small"), ("film.mp4", b"f" * (21 * MB))):
        wanted = {"filename": name, "content_type": "video/mp4", "size": len(content)}
        form = ann.post("/uploads", wanted).json
        files.client().put_object(
            Bucket=cloud.bucket,
            Key=form["fields"]["key"],
            Body=content,
            ContentType="video/mp4",
            Metadata={"name": form["fields"]["x-amz-meta-name"]},
        )
        uploads.append(form["upload"])
    epoch = ann.put(f"/tickets/{number}/lock", {}).json["epoch"]
    reply = {"kind": "reply", "text": "See there.", "html": "<p>See <b>there</b>.</p>", "attachments": uploads}
    answer = ann.post(f"/tickets/{number}/articles", reply | {"epoch": epoch, "seen": 1})
    assert answer.status == 201, answer.text
    assert [bool(each["link_until"]) for each in answer.json["attachments"]] == [False, True]
    token = links.token(number, 3, 2, config.config().secret)
    return f"/files/{token}"


def ends(sent: str) -> datetime:
    number = sent.removeprefix("/files/").partition(".")[0]
    article = store.article(number, 3)
    assert article and article.attachments[1].link_until
    return article.attachments[1].link_until


def test_the_letter_has_the_small_file_and_a_link_to_the_large_one(sent: str, cloud: Cloud) -> None:
    letter = message_from_bytes(cloud.outbox[-1].raw, policy=policy.default)
    assert [part.get_filename() for part in letter.iter_attachments()] == ["small.txt"]  # type: ignore[attr-defined]
    text, page = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[attr-defined]
    assert f"/api{sent}" in text and "film.mp4 (21.0 MB)" in text
    assert f"/api{sent}" in page and f"until {ends(sent):%-d %B %Y}" in page
    assert len(cloud.outbox[-1].raw) < MB


def test_whoever_has_the_link_gets_the_file_as_an_attachment(sent: str) -> None:
    answer = Client().get(sent)
    assert answer.status == 302
    assert "attachment" in answer.headers["Location"] and "film.mp4" in answer.headers["Location"]


def test_a_link_ends(sent: str) -> None:
    token = sent.removeprefix("/files/")
    assert desk_files.linked(token, ends(sent) - timedelta(seconds=1))
    with pytest.raises(NotFound, match="ended"):
        desk_files.linked(token, ends(sent))


def test_a_file_that_left_with_the_letter_has_no_link(sent: str) -> None:
    number = only_ticket().ticket.number
    other = links.token(number, 3, 1, config.config().secret)
    assert is_refusal(Client().get(f"/files/{other}"), 404, "not_found")
    assert Client().get(f"{sent[:-1]}{'a' if sent[-1] != 'a' else 'b'}").status == 404


def test_the_link_survives_a_merge(sent: str) -> None:
    kept, _ = desk.open_ticket(ANN, NewTicket("phone", "Support", CARLA, "Printer", "It burns."), MONDAY)
    lost = next(row["number"] for row in signed_in(ANN).get("/tickets").json["tickets"] if row["number"] != kept.number)
    desk_merge.merge(lost, kept.number, ANN, MONDAY)
    assert Client().get(sent).status == 302


def test_a_forward_leaves_out_what_no_mail_may_carry_and_says_so(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail(files=(("setup.exe", b"MZ"), ("a.pdf", b"%PDF"))))
    number = only_ticket().ticket.number
    epoch = desk.lock(number, ANN, False, MONDAY).epoch
    forward = Saying("forward", "Please look.", to=(CARLA,), epoch=epoch, seen=1, quote=1)
    _, article = desk.say(number, ANN, forward, MONDAY)
    assert [each.filename for each in article.attachments] == ["a.pdf"]
    assert "Not handed on: setup.exe" in article.text


def test_the_customers_own_ids_and_ours_make_one_chain(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail(message_id="<1@customer.example>"))
    ours = f"<{cloud.outbox[-1].id}@eu-west-1.amazonses.com>"
    headers = {"In-Reply-To": ours, "References": f"<1@customer.example> {ours}"}
    take_in(mail("More.", "Re: fire", message_id="<2@customer.example>", headers=headers), "in/2")
    number = only_ticket().ticket.number
    assert store.ticket(number).thread == ("1@customer.example", ours.strip("<>"), "2@customer.example")
