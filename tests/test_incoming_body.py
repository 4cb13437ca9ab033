"""What one reads: the text and the HTML of every structure and charset."""

import base64
import quopri

import pytest

from chalicelib import incoming
from chalicelib.html_text import text_of
from tests.letters import letter, multipart, part

HTML = b"text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("charset", "data", "text"),
    [
        (b"utf-8", "Привет".encode(), "Привет"),
        (b"windows-1251", "Привет".encode("cp1251"), "Привет"),
        (b"iso-8859-1", b"\x80 100 \x96 caf\xe9", "€ 100 – café"),
        (b"iso-8859-1", "Ошибка".encode(), "Ошибка"),
        (b"gb2312", "镕基".encode("gb18030"), "镕基"),
        (b"ks_c_5601-1987", "똠방각하".encode("cp949"), "똠방각하"),
        (b"iso-2022-jp", "①と②".encode("iso2022_jp_ext", "ignore") or b"", "と"),
        (b"iso-2022-jp", b"\x1b$B-!\x1b(B", "①"),
        (b"iso-2022-jp", "ツール".encode("cp932"), "ツール"),
        (b"utf-7", b"+BB8EQAQ4BDIENQRC-", "Привет"),
        (b"us-ascii", "Привет, это письмо".encode("cp1251"), "Привет, это письмо"),
        (b"unknown-8bit", "Привет, это письмо".encode("koi8-r"), "Привет, это письмо"),
        (b'"utf-8', "Привет".encode(), "Привет"),
        (b"x-no-such", b"plain", "plain"),
        (b"csISO2022JP", "こんにちは".encode("iso2022_jp"), "こんにちは"),
        (b"ISO_8859-1:1987", b"caf\xe9", "café"),
        (b"utf-16", "Привет".encode("utf-16-be"), "Привет"),
        (b"unicode_escape", b"\\u0041", "\\u0041"),
        (b"base64", b"plain", "plain"),
        (b"utf-8", "Привет".encode()[:-1] + b" and on", "Приве\ufffd and on"),
    ],
)
def test_text_is_read_in_the_charset_it_is_really_in(charset, data, text):
    assert incoming.parse(letter(data, content_type=b"text/plain; charset=" + charset)).text == text


RUSSIAN = "Здравствуйте! Принтер не печатает уже второй день, помогите, пожалуйста."


@pytest.mark.parametrize("really", ["cp1251", "koi8-r", "cp866", "iso8859-5", "utf-8"])
@pytest.mark.parametrize(
    "label", ["windows-1251", "koi8-r", "ibm866", "iso-8859-5", "iso-8859-1", "utf-8", "us-ascii", "x-none", ""]
)
def test_russian_is_read_whatever_its_label_says(label, really):
    content_type = b"text/plain; charset=" + label.encode()
    assert incoming.parse(letter(RUSSIAN.encode(really), content_type=content_type)).text == RUSSIAN


@pytest.mark.parametrize(
    "words",
    [
        "Забыл пароль от кабинета",
        "Здравствуйте, забыл пароль.",
        "Уточните, пожалуйста, срок",
        "Хочу вернуть товар",
        "Чек не пришёл",
        "Это не работает",
        "Юрист нужен",
    ],
)
def test_the_capital_of_a_few_russian_words_is_no_quotation_mark(words: str) -> None:
    mail = incoming.parse(letter(words.encode("cp1251"), content_type=b"text/plain", subject=words.encode("cp1251")))
    assert (mail.subject, mail.text) == (words, words)


A_WORD_OR_TWO = (
    "Юрист нужен|нужен юрист|Добрый день|Резюме|Прайс|Вы где|Яна|Щукин|Подъезд 5|СРОЧНО|ВАЖНО|пароль|Re: Вопрос|Чек|Да"
)


@pytest.mark.parametrize("codec", ["cp1251", "koi8_r", "cp866", "iso8859_5"])
@pytest.mark.parametrize("words", A_WORD_OR_TWO.split("|"))
def test_a_word_or_two_of_russian_need_no_label(words: str, codec: str) -> None:
    assert incoming.parse(letter(subject=words.encode(codec))).subject == words


WESTERN_WORDS = "été|È possibile|à|Ärger|Åh nej|Öl|Noël|São Paulo|© Copyright|äöü, öäü und so weiter"


@pytest.mark.parametrize("words", WESTERN_WORDS.split("|"))
def test_accented_words_without_a_label_are_not_taken_for_russian(words: str) -> None:
    assert incoming.parse(letter(subject=words.encode("cp1252"))).subject == words


@pytest.mark.parametrize("words", ["Уточните, пожалуйста, срок", "меня не пускает", "«Ромашка» просит счёт"])
def test_russian_of_an_old_mac_is_still_read(words: str) -> None:
    assert incoming.parse(letter(words.encode("mac_cyrillic"), content_type=b"text/plain")).text == words


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("windows-1251", RUSSIAN.upper()),
        ("koi8-r", RUSSIAN.upper()),
        ("koi8-u", "Добрий день! Мій принтер не працює вже тиждень, допоможіть, будь ласка."),
        ("windows-1251", "Здравейте, принтерът ми не работи от вчера. Моля, помогнете ми."),
        ("windows-1251", "Добар дан, мој штампач не ради од јуче. Молим вас за помоћ што пре."),
        ("windows-1252", "Señor Müller était très déçu: l'imprimante ne marche pas, ça m'énerve."),
        ("windows-1254", "Yazıcım çalışmıyor, lütfen yardım edin. Teşekkür ederim, iyi günler."),
        ("windows-1250", "Příliš žluťoučký kůň úpěl ďábelské ódy, tiskárna nefunguje."),
        ("windows-1253", "Ο εκτυπωτής μου δεν λειτουργεί από χθες, βοηθήστε με παρακαλώ."),
        ("windows-1255", "המדפסת שלי לא עובדת מאתמול, בבקשה עזרו לי"),
        ("windows-1256", "الطابعة لا تعمل منذ أمس، ساعدوني من فضلكم"),
        ("iso-8859-1", "ÆØÅ æøå ÄÖÜ äöüß ÀÉÈ àéè ÑÕ ñõ ÇÐÞ çðþ"),
    ],
)
def test_a_label_that_is_right_is_believed(label, text):
    mail = letter(text.encode(label), content_type=b"text/plain; charset=" + label.encode())
    assert incoming.parse(mail).text == text


@pytest.mark.parametrize(
    ("label", "really", "text"),
    [
        ("iso-8859-2", "cp1250", "„Zażółć” – š"),
        ("iso-8859-7", "cp1253", "“Γειά” – €"),
        ("iso-8859-1", "gb18030", "打印机坏了，请帮忙看一下"),
        ("iso-8859-1", "cp932", "プリンターが壊れました。助けてください"),
        ("us-ascii", "utf-8", "© café"),
        ("utf-8", "utf-16", "Привет, мир"),
        ("", "utf-16", "Привет, мир"),
        ("utf-16le", "utf-16", "Привет, мир"),
        ("utf-8", "utf-8-sig", "Привет, мир"),
        ("utf-7", "utf-8", "Привет, мир"),
    ],
)
def test_other_labels_that_lie_are_not_believed_either(label, really, text):
    mail = letter(text.encode(really), content_type=b"text/plain; charset=" + label.encode())
    assert incoming.parse(mail).text == text


@pytest.mark.parametrize(
    ("encoding", "coded"),
    [
        (b"base64", base64.encodebytes(b"my printer")),
        (b"BASE64", b"bXkgcHJp\r\n\r\nbnRlcg"),
        (b"base64", b"bXkgcHJpbnRlcg==\r\n\r\n-- \r\nThe list's footer"),
        (b"quoted-printable", quopri.encodestring(b"my printer")),
        (b"quoted-printable", b"my=20print=\r\ner"),
        (b"quoted-printable", b"my print= \t\r\ner"),
        (b"8bit", b"my printer"),
        (b"nonsense", b"my printer"),
        (b"base64", b"my printer"),
        (b"base64", b"bXkgcHJpbnRlcg==\r\n\r\n"),
        (b"x-uuencode", b"begin 644 a\n*;7D@<')I;G1E<@  \n`\nend\n"),
    ],
)
def test_the_transfer_encoding_is_undone_as_far_as_it_can_be(encoding, coded):
    assert incoming.parse(letter(coded, content_transfer_encoding=encoding)).text == "my printer"


def test_an_alternative_is_one_text_in_two_forms():
    mail = incoming.parse(multipart(b"alternative", part(b"plain"), part(b"<p>rich</p>", HTML)))
    assert (mail.text, mail.html, mail.attachments) == ("plain", "<p>rich</p>", ())


def test_the_text_comes_from_the_html_where_the_plain_form_is_empty():
    assert incoming.parse(multipart(b"alternative", part(b"  \r\n"), part(b"<p>rich</p>", HTML))).text == "rich"


def test_several_texts_are_read_one_after_the_other():
    mail = incoming.parse(multipart(b"mixed", part(b"one"), part(b"PDF", b"application/pdf; name=a.pdf"), part(b"two")))
    assert mail.text == "one\ntwo"


def test_html_and_text_side_by_side_are_both_shown_in_the_html():
    mail = incoming.parse(multipart(b"mixed", part(b"<b>one</b>", HTML), part(b"two < three")))
    assert mail.html == '<b>one</b>\n<div style="white-space:pre-wrap">two &lt; three</div>'


def test_a_missing_closing_boundary_loses_nothing():
    assert incoming.parse(multipart(b"mixed", part(b"one"), part(b"two")).replace(b"--=_b--", b"")).text == "one\ntwo"


def test_a_boundary_that_was_declared_wrongly_is_found():
    mail = multipart(b"mixed", part(b"one"), part(b"two")).replace(b'boundary="=_b"', b'boundary="other"')
    assert incoming.parse(mail).text == "one\ntwo"


@pytest.mark.parametrize("times", [1, 2, 5])
def test_a_footer_directly_below_lines_of_base64_does_not_hide_the_text(times):
    coded = base64.encodebytes("Принтер не печатает, помогите!!\n".encode() * 3 * times)
    assert not coded.rstrip().endswith(b"=")
    mail = letter(coded + b"_______\r\nusers mailing list\r\n", content_transfer_encoding=b"base64")
    assert incoming.parse(mail).text.startswith("Принтер не печатает, помогите!!")


def test_a_footer_below_unpadded_base64_does_not_hide_the_text():
    coded = base64.encodebytes("Мой принтер не печатает!!".encode())
    assert b"=" not in coded
    mail = letter(coded + b"\r\nThis list is public.\r\n", content_transfer_encoding=b"base64")
    assert incoming.parse(mail).text == "Мой принтер не печатает!!"


def test_a_multipart_that_was_encoded_as_a_whole_is_taken_apart():
    coded = base64.encodebytes(b"--b\r\n\r\nhello\r\n--b\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n--b--")
    mail = letter(coded, content_type=b"multipart/mixed; boundary=b", content_transfer_encoding=b"base64")
    read = incoming.parse(mail)
    assert (read.text, [each.content for each in read.attachments]) == ("hello", [b"%PDF"])


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"Content-Type: text/html\r\nMIME-Version: 1.0\r\n\r\n<p>hello</p>", "hello"),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b--", "hello"),
        (
            b"Note: this is text\r\nContent-Type: text/html\r\n\r\n<p>",
            "Note: this is text\nContent-Type: text/html\n\n<p>",
        ),
        (
            b"From: eve@evil.example\r\nContent-Type: text/html\r\n\r\nx",
            "From: eve@evil.example\nContent-Type: text/html\n\nx",
        ),
    ],
    ids=["html", "parts", "prose", "a pasted mail"],
)
def test_headers_that_an_empty_line_cut_in_two_are_read_on(body, text):
    mail = incoming.parse(letter(body))
    assert (mail.text, str(mail.sender)) == (text, "Carla <carla@carla.example>")


def test_a_part_whose_headers_have_no_empty_line_below_loses_no_text():
    broken = b"Content-Type: text/plain\r\nmy printer\r\nis on fire"
    assert incoming.parse(multipart(b"mixed", broken)).text == "my printer\nis on fire"


@pytest.mark.parametrize("ends", [b"\r", b"\n", b"\r\r\n"])
def test_line_ends_of_any_system_are_line_ends(ends):
    mail = incoming.parse(multipart(b"mixed", part(b"one\r\ntwo"), part(b"three")).replace(b"\r\n", ends))
    assert (mail.text, mail.subject) == ("one\ntwo\nthree", "Printer")


def test_texts_and_files_in_turn_keep_their_order():
    parts = (
        part(b"one"),
        part(b"PNG", b"image/png; name=a.png"),
        part(b"two"),
        part(b"<b>three</b>", HTML),
        part(b"%PDF", b"application/pdf; name=b.pdf"),
        part(b"four", b"text/plain", b"Content-Disposition: inline"),
    )
    mail = incoming.parse(multipart(b"mixed", *parts))
    assert mail.text == "one\ntwo\nthree\nfour"
    assert [each.filename for each in mail.attachments] == ["a.png", "b.pdf"]


def test_an_excuse_for_html_is_not_what_carla_wrote():
    long = b"<p>" + b"My printer is on fire. " * 10 + b"</p>"
    mail = multipart(b"alternative", part(b"Your mail program does not support HTML."), part(long, HTML))
    assert incoming.parse(mail).text.startswith("My printer is on fire.")


def test_a_short_text_that_speaks_of_html_is_what_carla_wrote():
    mail = multipart(b"alternative", part(b"The HTML is broken."), part(b"<p>The HTML is broken.</p>", HTML))
    assert incoming.parse(mail).text == "The HTML is broken."


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        (b"text/enriched", b"<bold>one</bold>\r\nline << two\r\n\r\nnext", "one line < two\nnext"),
        (b"text/richtext", b"<bold>one</bold><nl>two <lt> three", "one\ntwo < three"),
        (b"text/markdown", b"# one", "# one"),
        (b"html", b"<p>one</p>", "one"),
        (b"application/pgp; format=text", b"one", "one"),
        (b"text/plain", b"\x1b[31mred\x1b[0m and\x07 bell", "red and bell"),
    ],
)
def test_texts_of_unusual_types_are_read(kind, data, text):
    assert incoming.parse(letter(data, content_type=kind)).text == text


def test_a_multipart_without_parts_is_text():
    assert incoming.parse(letter(b"just text", content_type=b"multipart/mixed; boundary=x")).text == "just text"


def test_what_stands_before_the_parts_is_read_only_where_there_is_nothing_else():
    parts = multipart(b"mixed", part(b"PDF", b"application/pdf; name=a.pdf"))
    assert incoming.parse(parts.replace(b"\r\n\r\n--=_b", b"\r\n\r\nSee below\r\n--=_b", 1)).text == "See below"


def test_flowed_text_flows_and_keeps_its_quotes():
    flowed = b"> a long \r\n> line\r\nmy long \r\nanswer\r\n-- \r\nCarla\r\n"
    assert (
        incoming.parse(letter(flowed, content_type=b"text/plain; format=flowed")).text
        == "> a long line\nmy long answer\n-- \nCarla"
    )


def test_flowed_text_may_delete_its_spaces():
    flowed = "При \r\nвет".encode()
    assert incoming.parse(letter(flowed, content_type=b"text/plain; format=flowed; delsp=yes")).text == "Привет"


def test_an_empty_line_ends_a_flowed_paragraph():
    flowed = b"one \r\n\r\ntwo \r\nthree"
    assert incoming.parse(letter(flowed, content_type=b"text/plain; format=flowed")).text == "one \n\ntwo three"


def test_quotes_of_other_depths_do_not_flow_together():
    flowed = b">> a \r\n> b \r\nc\r\n > d\r\n From e"
    text = incoming.parse(letter(flowed, content_type=b"text/plain; format=flowed")).text
    assert text == ">> a \n> b \nc\n> d\nFrom e"


def test_a_signed_mail_shows_what_was_signed():
    mail = incoming.parse(
        multipart(b"signed", part(b"signed words"), part(b"---", b"application/pgp-signature; name=s.asc"))
    )
    assert (mail.text, [each.filename for each in mail.attachments]) == ("signed words", ["s.asc"])


def test_an_opaque_signed_mail_is_unwrapped():
    inner = b"Content-Type: text/plain\r\n\r\nsigned words"

    def tlv(tag: int, *content: bytes) -> bytes:
        data = b"".join(content)
        return bytes([tag, 0x81, len(data)]) + data

    encapsulated = tlv(0x30, b"\x06\x09" + bytes.fromhex("2a864886f70d010701"), tlv(0xA0, tlv(0x04, inner)))
    signed = tlv(
        0x30,
        b"\x06\x09" + bytes.fromhex("2a864886f70d010702"),
        tlv(0xA0, tlv(0x30, b"\x02\x01\x01", tlv(0x31), encapsulated)),
    )
    mail = letter(
        base64.encodebytes(signed),
        content_type=b"application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        content_transfer_encoding=b"base64",
    )
    assert incoming.parse(mail).text == "signed words"


def test_an_opaque_signature_in_the_indefinite_form_is_unwrapped():
    inner = b"Content-Type: text/plain\r\n\r\nsigned words"
    octets = b"\x24\x80" + b"".join(b"\x04" + bytes([len(each)]) + each for each in (inner[:20], inner[20:])) + b"\0\0"
    encapsulated = b"\x30\x80\x06\x09" + bytes.fromhex("2a864886f70d010701") + b"\xa0\x80" + octets + b"\0\0\0\0"
    signed = (
        b"\x30\x80\x06\x09"
        + bytes.fromhex("2a864886f70d010702")
        + b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00"
        + encapsulated
        + b"\0\0" * 3
    )
    mail = letter(signed, content_type=b"application/pkcs7-mime", content_transfer_encoding=b"binary")
    assert incoming.parse(mail).text == "signed words"


def test_an_encrypted_mail_stays_the_file_that_it_is():
    mail = incoming.parse(letter(b"\x30\x03\x02\x01\x00", content_type=b"application/pkcs7-mime; name=smime.p7m"))
    assert [each.filename for each in mail.attachments] == ["smime.p7m"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<ul><li>a<li>b</ul>", "* a\n* b"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a  b\nc"),
        ('<a href="https://x.example/a">here</a>', "here <https://x.example/a>"),
        ('<a href="https://x.example/">x.example</a>', "x.example"),
        ("<blockquote>quoted<br>twice</blockquote>mine", "> quoted\n> twice\n\nmine"),
        ("<style>p {color: red}</style><script>if (a<b) alert('</p>')</script>text", "text"),
        ("<head><title>no</title></head><body>yes</body>", "yes"),
        ("a&nbsp;&lt;b&gt; &amp; &#1078;", "a\xa0<b> & ж"),
        ("<!-- hidden -->shown<!-- > -->", "shown"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ('<img alt="logo" src=x>', "logo"),
        ("<p title='a>b'>c</p", "c"),
        ("<div><div><div>deep</div></div></div>\n\n\n<div>flat</div>", "deep\nflat"),
    ],
)
def test_html_is_told_as_it_looks(html, text):
    assert text_of(html) == text


LETTER = "<div>Hello, my printer is broken</div>"


@pytest.mark.parametrize(
    "before",
    [
        "<html><head><meta charset=utf-8><style>p{}</style>",
        "<head><title>Printer</title><link rel=x><noscript><style>p{}</style></noscript>",
        "<head><script>if (a<b) x()</script>\n</body>",
        "<head><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml>",
        "<svg><path d='x'>",
        "<svg><g><svg><text>42</text>",
        "<math><mi>",
        "<object data='cid:x'>",
    ],
)
def test_a_letter_behind_what_was_never_closed_is_read(before):
    assert text_of(before + LETTER) == "Hello, my printer is broken"


def test_words_that_stand_bare_behind_an_open_head_are_read():
    assert (
        text_of("<html><head><meta charset=utf-8>\nHello, my printer <b>is</b> broken") == "Hello, my printer is broken"
    )


def test_a_drawing_within_a_letter_is_not_read():
    assert text_of("<p>Chart <svg><text>42%</text><style>b{}</style></svg>below</p>") == "Chart below"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<div style="white-space: pre-wrap">line 1\n  line 2\n\nline 3</div>', "line 1\n  line 2\n\nline 3"),
        ("<div style='color:red;WHITE-SPACE:Pre'>a\n b<b>\n  c</b></div>\nd\ne", "a\n b\n  c\nd e"),
        ('<p style="white-space:pre-line">a \n   b\n\nc</p>', "a\nb\n\nc"),
        (
            '<div style="white-space:pre-wrap">a\nb<p style="white-space: normal">c\nd</p>e\nf</div>',
            "a\nb\n\nc d\n\ne\nf",
        ),
        ('<div><span style="white-space:pre-wrap">a\nb</div>c\nd', "a\nb\nc d"),
        ('<p style="white-space:pre-wrap">a\nb<p>c\nd', "a\nb\n\nc d"),
        ('<div style="white-space:pre-wrap"><div>a\n</div><div>b\n</div></div>', "a\nb"),
        ("<pre>a\n b<br>c</pre>d\ne", "a\n b\nc\n\nd e"),
        ('<div style="white-space:inherit;font-family:x">a\nb</div>', "a b"),
    ],
)
def test_lines_stay_lines_where_a_letter_s_style_keeps_them(html, text):
    assert text_of(html) == text


def test_a_quote_in_a_letter_that_keeps_its_lines_is_folded():
    page = b'<div style="white-space: pre-wrap">It jams.\n\nOn 3 Feb 2025, at 10:15, Ann wrote:\n&gt; Did it\n&gt; help?</div>'
    mail = incoming.parse(letter(page, content_type=HTML))
    assert mail.text[: mail.fold].strip() == "It jams."


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<ol start="3"><li>c<li>d<li value="9">i<li>j</ol>', "3. c\n4. d\n9. i\n10. j"),
        ('<ol start="x"><li>a</ol>', "1. a"),
        (
            "<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ul><p>e</p>",
            "* a\n  * b\n    1. c\n* d\n\ne",
        ),
        ("<p>It costs <del>100</del> 90, <s>soon</s> <strike>now</strike></p>", "It costs ~100~ 90, ~soon~ ~now~"),
        ('<div style="DISPLAY: none">Open me!<p>x<ul><li>y</ul></div><p>Hello</p>', "Hello"),
        ('<blockquote><div style="display:none">x</blockquote>Hello', "Hello"),
        ('<blockquote style="display:none">x</blockquote><p>Hello</p>', "Hello"),
        ('<p style="display:block">Hello</p>', "Hello"),
    ],
)
def test_lists_and_deleted_and_hidden_words_read_as_they_look(html, text):
    assert text_of(html) == text


@pytest.mark.parametrize(
    ("plain", "read"),
    [
        ("To view this email, visit https://news.example/v?id=1234567890", True),
        ("View this message in your browser:\n<https://news.example/v>", True),
        ("Чтобы прочитать письмо, откройте https://news.example/v", True),
        ("My printer is at https://printer.example", False),
        ("Please open the email that I forwarded, then https://a.example; " + "I wait. " * 20, False),
    ],
)
def test_a_plain_form_that_only_leads_to_the_letter_gives_way_to_it(plain, read):
    page = "<p>" + "Your order has left our house. " * 20 + "</p>"
    mail = incoming.parse(
        multipart(b"alternative", part(plain.encode()), part(page.encode(), b"text/html; charset=utf-8"))
    )
    assert mail.text.startswith("Your order has left") == read
