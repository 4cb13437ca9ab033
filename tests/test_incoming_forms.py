"""The forms in which a letter comes: which of them is read, and which says nothing of its own."""

import pytest

from chalicelib import incoming
from tests.letters import letter, multipart, part

HTML = b"text/html; charset=utf-8"
REACTION = b"text/vnd.google.email-reaction+json; charset=utf-8"
THUMB = '{"emoji": "👍", "version": 1}'.encode()


def test_a_reaction_is_read_as_its_words_and_is_no_file():
    told = (part("👍\r\n\r\nCarla reacted".encode()), part(THUMB, REACTION), part("<p>👍</p>".encode(), HTML))
    mail = incoming.parse(multipart(b"alternative", *told))
    assert (mail.text, mail.attachments) == ("👍\n\nCarla reacted", ())
    assert "version" not in (mail.html or "")


def test_a_reaction_alone_is_its_emoji():
    mail = incoming.parse(letter(THUMB, content_type=REACTION))
    assert (mail.text, mail.attachments) == ("👍", ())
    assert incoming.parse(multipart(b"alternative", part(b""), part(THUMB, REACTION))).text == "👍"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[" * 100_000, b"[1]", b'{"emoji": 1}', b'{"emoji": "' + b"a" * 100 + b'"}', b'{"emoji": "\\ud83d"}'],
)
def test_a_reaction_that_cannot_be_read_is_kept_as_a_file(content):
    mail = incoming.parse(letter(content, content_type=REACTION))
    assert (mail.text, [each.content for each in mail.attachments]) == ("", [content])


@pytest.mark.parametrize("kind", [b"text/x-amp-html", b"text/watch-html"])
def test_a_third_form_of_a_letter_is_no_file(kind):
    third = part(b"<html amp4email>Ready</html>", kind)
    mail = incoming.parse(multipart(b"alternative", part(b"Ready."), third, part(b"<p>Ready.</p>", HTML)))
    assert (mail.text, mail.attachments) == ("Ready.", ())


def test_a_third_form_is_kept_where_nothing_else_tells():
    mail = incoming.parse(
        multipart(b"alternative", part(b" "), part(b"<html amp4email>Ready</html>", b"text/x-amp-html"))
    )
    assert [each.content for each in mail.attachments] == [b"<html amp4email>Ready</html>"]


@pytest.mark.parametrize(
    "excuse",
    [
        "Ваша почтовая программа не поддерживает HTML",
        "Ваш почтовый клиент не может отображать письма в формате HTML.",
        "Формат HTML не поддерживается вашей программой.",
        "Your mail program does not support HTML.",
        "Your mail client can't display HTML messages.",
        "HTML mail is not supported by your program.",
    ],
)
def test_an_excuse_gives_way_to_html_however_short_that_is(excuse):
    told = (part(excuse.encode()), part("<p>Заказ 5 оформлен</p>".encode(), HTML))
    assert incoming.parse(multipart(b"alternative", *told)).text == "Заказ 5 оформлен"


@pytest.mark.parametrize(
    ("plain", "html"),
    [
        ("Моя программа не показывает HTML", "<p>Моя <b>программа</b> не показывает HTML</p><p>Карла</p>"),
        ("My mail program does not show HTML, please help.", "<p>My mail program does not show HTML, please help.</p>"),
        ("Your mail program does not support HTML.", "<p> </p>"),
        ("The page shows no HTML.", "<p>See below.</p>"),
    ],
)
def test_carlas_own_words_about_html_are_no_excuse(plain, html):
    assert incoming.parse(multipart(b"alternative", part(plain.encode()), part(html.encode(), HTML))).text == plain
