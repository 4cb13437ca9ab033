"""What an answer quotes: who wrote when, in the ticket's language, and his words below; folded again when it comes back."""

from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import config, desk, files, quoting, store, visible_reply
from chalicelib.article import Address, Article
from chalicelib.composing import Saying
from chalicelib.errors import Refused
from chalicelib.working_time import Calendar
from dev.cloud import Cloud
from tests.cast import ANN, BEN, MONDAY, SUPPORT, letter
from tests.client import signed_in
from tests.posting import mail
from tests.test_postmaster import only_ticket

CARLAS = replace(letter(1), text="Please help!\n\n> Have you tried water?\nYes.\n\n-- \nCarla\n", fold=44)
MOSCOW = replace(SUPPORT, calendar=Calendar("Europe/Moscow"))


def test_an_answer_says_who_wrote_when_and_quotes_his_own_words() -> None:
    assert quoting.text_of(CARLAS, "en", SUPPORT).splitlines() == [
        "On 23 November 2026 at 09:00 UTC, Carla <carla@customer.example> wrote:",
        "> Please help!",
        ">",
        ">> Have you tried water?",
        "> Yes.",
    ]


def test_a_russian_ticket_is_quoted_in_russian_and_in_the_queues_time() -> None:
    first = quoting.text_of(CARLAS, "ru", MOSCOW).splitlines()[0]
    assert first == "23 ноября 2026 г., 12:00 MSK, Carla <carla@customer.example> пишет:"


def test_a_forward_hands_on_all_of_it_with_its_headers() -> None:
    lines = quoting.text_of(
        replace(CARLAS, to=(Address("support@desk.localhost"),)), "en", SUPPORT, forward=True
    ).splitlines()
    assert lines[:5] == [
        "---------- Forwarded message ----------",
        "From: Carla <carla@customer.example>",
        "Date: 23 November 2026 at 09:00 UTC",
        "Subject: The printer is on fire",
        "To: support@desk.localhost",
    ]
    assert lines[-1] == "Carla"


def test_html_is_quoted_as_a_citation_without_pictures_that_stay_behind() -> None:
    page = '<p>See <img src="cid:a@x" alt="A"><img src="cid:b@x"></p>'
    found = quoting.html_of(replace(CARLAS, html=page, fold=None), "en", SUPPORT, frozenset({"a@x"}))
    assert '<blockquote type="cite"><p>See <img src="cid:a@x" alt="A"></p></blockquote>' in found
    assert "Carla &lt;carla@customer.example&gt; wrote:" in found


BELOW = '<div data-mark="quote">On Monday Eve wrote:<blockquote><p>The boss must not know.</p></blockquote></div>'
BELOW_AS_TEXT = "On Monday Eve wrote:\n\n> The boss must not know.\n"


def quoted(page: str, text: str) -> str:
    """What an answer's HTML quotes of a letter whose text is folded below its `text`."""
    original = replace(CARLAS, html=page, text=f"{text}\n{BELOW_AS_TEXT}", fold=len(text) + 1)
    return quoting.html_of(original, "en", SUPPORT, frozenset({"a@x"})).partition("wrote:</p>\n")[2]


@pytest.mark.parametrize(
    ("own", "text", "kept"),
    [
        ("<div><p>It is <b>hot</b>.</p></div>", "It is hot.", "<div><p>It is <b>hot</b>.</p></div>"),
        ("<p>Look:</p><p><img src=\"cid:a@x\"></p><p><br></p>", "Look:", "<p>Look:</p><p><img src=\"cid:a@x\"></p>"),
        ("<p>1 &lt; 2 &amp;<br>so on</p>", "1 < 2 &\nso on", "<p>1 &lt; 2 &amp;<br>so on</p>"),
        ("<p>See</p><img src=\"cid:a@x\">", "See\n[a.png]", "<p>See</p><img src=\"cid:a@x\"><div data-mark=\"quote\"></div>"),
        ("<p>Other words</p>", "His words", "<p>Other words</p><div data-mark=\"quote\"></div>"),
    ],
)  # fmt: skip
def test_html_is_quoted_without_what_is_folded_in_it(own: str, text: str, kept: str) -> None:
    assert quoted(own + BELOW, text) == f'<blockquote type="cite">{kept}</blockquote>'


def test_where_html_and_text_say_different_things_the_text_is_quoted() -> None:
    assert quoted("<p>Something else</p><blockquote>Quite</blockquote>", "His <words>") == (
        '<blockquote type="cite"><p>His &lt;words&gt;</p></blockquote>'
    )


def test_a_forward_hands_on_what_is_folded_too() -> None:
    page = f"<p>Hello</p>{BELOW}"
    original = replace(CARLAS, html=page, text=f"Hello\n{BELOW_AS_TEXT}", fold=6)
    assert page in quoting.html_of(original, "en", SUPPORT, frozenset(), forward=True)


def test_where_a_picture_was_blocked_its_words_stand_and_no_broken_picture() -> None:
    page = '<p><img alt="Sale &gt; 5 &quot;%&quot;" width="1"><img width="600"><img src="data:image/gif;base64,R0l=" alt="x>y"></p>'
    found = quoting.html_of(replace(CARLAS, html=page, fold=None), "en", SUPPORT, frozenset())
    assert '<p>Sale &gt; 5 &quot;%&quot;<img src="data:image/gif;base64,R0l=" alt="x>y"></p>' in found


def test_text_without_html_is_escaped_in_the_html() -> None:
    found = quoting.html_of(replace(CARLAS, text="<b>1 < 2</b>", fold=None), "en", SUPPORT, frozenset())
    assert "&lt;b&gt;1 &lt; 2&lt;/b&gt;" in found


@given(st.text(), st.text(), st.sampled_from(["en", "ru", "xx"]), st.booleans())
def test_anything_can_be_quoted_and_stays_below_its_limit(text: str, name: str, language: str, forward: bool) -> None:
    said = replace(CARLAS, text=text * 50, fold=None, sent_from=Address("c@d.example", name))
    found = quoting.text_of(said, language, SUPPORT, forward)
    assert len(found) <= 3 * quoting.LONGEST_TEXT
    if not forward:
        assert all(line.startswith(">") for line in found.splitlines()[1:])


# -- on the desk


def said(number: str, **more: object) -> Article:
    epoch = desk.lock(number, ANN, False, MONDAY).epoch
    saying = Saying("reply", "Use water.", epoch=epoch, seen=store.ticket(number).last_customer_seq, **more)  # type: ignore[arg-type]
    return desk.say(number, ANN, saying, MONDAY)[1]


def test_the_mail_ends_with_the_quote_and_the_desk_shows_it_folded(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail())
    article = said(only_ticket().ticket.number, quote=1)
    assert article.fold and article.text[article.fold :].startswith("On 23 November 2026 at 09:00 UTC, Carla <")
    assert "> Please help, the printer is on fire" in article.text[article.fold :]
    assert "Kind regards" in article.text[: article.fold]
    sent = message_from_bytes(cloud.outbox[-1].raw, policy=policy.default)
    assert "> Please help, the printer is on fire" in sent.get_content()


def test_internal_words_are_never_quoted(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail())
    number = only_ticket().ticket.number
    _, note = desk.say(number, BEN, Saying("note", "She is difficult."), MONDAY)
    for seq in (note.seq, 99):
        with pytest.raises(Refused, match="cannot be quoted"):
            said(number, quote=seq)
    assert len(cloud.outbox) == 1


def test_a_forward_hands_on_the_files(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail(files=(("a.pdf", b"%PDF"),)))
    number = only_ticket().ticket.number
    epoch = desk.lock(number, ANN, False, MONDAY).epoch
    to = (Address("expert@other.example"),)
    forward = Saying("forward", "Please look.", to=to, epoch=epoch, seen=1, quote=1)
    _, article = desk.say(number, ANN, forward, MONDAY)
    assert [file.filename for file in article.attachments] == ["a.pdf"]
    sent = message_from_bytes(cloud.outbox[-1].raw, policy=policy.default)
    assert [part.get_content() for part in sent.iter_attachments()] == [b"%PDF"]  # type: ignore[attr-defined]


def test_a_table_goes_on_as_a_table_even_below_plain_words(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(in_html("<table><tr><td>Paper</td><td>5</td></tr></table><img src='data:image/png;base64,iVBORw=='>"))
    sent = forwarded(cloud)
    page = sent.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<p>Please &lt;look&gt;.</p>" in page and "<td>Paper</td>" in page
    (picture,) = [part for part in sent.walk() if part.get_content_type() == "image/png"]
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in page
    assert picture.get_content() == b"\x89PNG"


def test_what_is_not_handed_on_is_told_in_both_forms(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(in_html("<p>Run it</p>", files=(("<b>.exe", b"MZ"),)))
    sent = forwarded(cloud)
    assert "Not handed on: _b_.exe" in sent.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "<p>Not handed on: _b_.exe</p>" in sent.get_body(("html",)).get_content()  # type: ignore[union-attr]


def in_html(page: str, **more: object) -> bytes:
    raw = message_from_bytes(mail(**more), policy=policy.default)  # type: ignore[arg-type]
    text = raw.get_body(("plain",))  # type: ignore[attr-defined]
    text.add_alternative(page, subtype="html")
    return bytes(raw)


def forwarded(cloud: Cloud) -> EmailMessage:
    """The mail with which Ann hands the letter on, in plain words."""
    number = only_ticket().ticket.number
    epoch = desk.lock(number, ANN, False, MONDAY).epoch
    to = (Address("expert@other.example"),)
    desk.say(number, ANN, Saying("forward", "Please <look>.", to=to, epoch=epoch, seen=1, quote=1), MONDAY)
    return message_from_bytes(cloud.outbox[-1].raw, policy=policy.default)  # type: ignore[return-value]


def test_a_picture_in_the_composer_becomes_part_of_the_letter(cloud: Cloud, take_in: Callable[..., None]) -> None:
    take_in(mail())
    number = only_ticket().ticket.number
    ann = signed_in(ANN)
    form = ann.post("/uploads", {"filename": "a.png", "content_type": "image/png", "size": 4}).json
    files.put(form["fields"]["key"], b"\x89PNG", "image/png")
    epoch = ann.put(f"/tickets/{number}/lock", {}).json["epoch"]
    page = f'<p>See <img src="cid:{form["upload"]}" alt="here"></p>'
    reply = {"kind": "reply", "text": "See", "html": page, "attachments": [form["upload"]], "epoch": epoch, "seen": 1}
    answer = ann.post(f"/tickets/{number}/articles", reply | {"quote": "1"}).json
    (shown,) = answer["attachments"]
    assert shown["inline"] and f'src="cid:{shown["content_id"]}"' in answer["html"]
    sent = message_from_bytes(cloud.outbox[-1].raw, policy=policy.default)
    (picture,) = [part for part in sent.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == f"<{shown['content_id']}>"
    assert '<blockquote type="cite">' in sent.get_body(("html",)).get_content()  # type: ignore[attr-defined]


def test_the_first_letter_of_a_ticket_may_show_pictures_too(cloud: Cloud) -> None:
    ann = signed_in(ANN)
    form = ann.post("/uploads", {"filename": "a.png", "content_type": "image/png", "size": 4}).json
    files.put(form["fields"]["key"], b"\x89PNG", "image/png")
    page = f'<p>See <img src="cid:{form["upload"]}"></p>'
    new = {"channel": "email", "queue": "Support", "customer": {"email": "carla@customer.example"}, "title": "Hello",
           "text": " ", "html": page, "attachments": [form["upload"]]}  # fmt: skip
    assert ann.post("/tickets", new).status == 201
    sent = message_from_bytes(cloud.outbox[-1].raw, policy=policy.default)
    (picture,) = [part for part in sent.walk() if part.get_content_type() == "image/png"]
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in sent.get_body(("html",)).get_content()  # type: ignore[attr-defined]
    assert "See" in sent.get_body(("plain",)).get_content()  # type: ignore[attr-defined]


# -- and back again


def came_back(article: Article) -> dict[str, str]:
    """The customer's answer to our mail, as programs shape it."""
    marked = "\n".join(f">{line}" if line.startswith(">") else f"> {line}" for line in article.text.splitlines())
    block = f"From: Support <support@desk.localhost>\nSent: Monday, November 23, 2026 10:00\nTo: Carla\nSubject: {article.subject}"
    return {
        "gmail": f"Thanks!\n\nOn Mon, Nov 23, 2026 at 10:00 AM Support <support@desk.localhost> wrote:\n\n{marked}\n",
        "thunderbird": f"Thanks!\n\nOn 23.11.26 10:00, Support wrote:\n{marked}\n",
        "apple": f"Thanks!\n\n> On 23. Nov 2026, at 10:00, Support <support@desk.localhost> wrote:\n> \n{marked}\n",
        "outlook": f"Thanks!\n\n________________________________\n{block}\n\n{article.text}\n",
        "mail.ru": f"Thanks!\n\nПонедельник, 23 ноября 2026, 10:00 +03:00 от Support <support@desk.localhost>:\n\n{marked}\n",
    }


@pytest.mark.parametrize("shape", ["gmail", "thunderbird", "apple", "outlook", "mail.ru"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_our_letter_with_its_quote_is_folded_when_it_comes_back(
    shape: str, language: str, cloud: Cloud, take_in: Callable[..., None]
) -> None:
    config.put_queue(replace(config.config().queues["support"], language=language))
    take_in(
        mail(
            "Помогите, принтер горит, и весь офис в дыму!"
            if language == "ru"
            else "The printer is on fire, please help!"
        )
    )
    article = said(only_ticket().ticket.number, quote=1)
    back = came_back(article)[shape]
    assert visible_reply.split(back).visible.strip() == "Thanks!"
