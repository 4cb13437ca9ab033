"""Headers as people meant them, however their programs wrote them down."""

from datetime import UTC, datetime

import pytest

from chalicelib import incoming, mail_headers
from chalicelib.article import Address
from tests.letters import RECEIVED, UNKNOWN, from_ses, letter, multipart, part


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"Printer on fire", "Printer on fire"),
        (b"=?utf-8?B?0J/RgNC40L3RgtC10YAg0LPQvtGA0LjRgg==?=", "Принтер горит"),
        (b"=?koi8-r?Q?=F0=D2=C9=CE=D4=C5=D2?= =?koi8-r?Q?_=C7=CF=D2=C9=D4?=", "Принтер горит"),
        (b"=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9_au_lait?=", "café au lait"),
        (b"=?utf-8?B?0J/RgNC40L3RgtC10Y?=\r\n =?utf-8?B?A=?=", "Принтер"),
        (b"=?utf-8?Q?two words inside?=", "two words inside"),
        (b"=?UTF-8?Q?Really??=", "Really?"),
        (b"Re: =?iso-8859-1*fr?Q?d=E9j=E0?= vu", "Re: déjà vu"),
        (b"=?gb2312?B?xPq6wyDpRg==?=", "您好 镕"),
        (b"=?us-ascii?Q?=D0=B4=D0=B0?=", "да"),
        (b"=?utf-8?Q?no_end", "no end"),
        (b"=?no-such-charset?Q?plain?=", "plain"),
        (b"a folded\r\n subject", "a folded subject"),
        (b"Padded" + "\u3000".encode() * 3000 + b"until here", "Padded until here"),
        ("Принтер".encode(), "Принтер"),
        ("Принтер не печатает".encode("cp1251"), "Принтер не печатает"),
        ("Принтер не печатает".encode("koi8-r"), "Принтер не печатает"),
        (b"=?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "こんにちは"),
        (b"=?iso-2022-jp?B?GyRCJVclaiVz?= =?iso-2022-jp?B?JT8bKEI=?=", "プリンタ"),
        (b"=?windows-1251?B?8NLJztTF0iDOxSDQxd7B1MHF1Cwg0M/Nz8fJ1MU=?=", "Принтер не печатает, помогите"),
        (b"=?utf-8?X?abc?= =?utf-8??abc?=", "=?utf-8?X?abc?= =?utf-8??abc?="),
        (b"bell\x07 and null\x00", "bell and null"),
    ],
)
def test_a_subject_is_read_as_it_was_meant(written, meant):
    assert incoming.parse(letter(subject=written)).subject == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Order &quot;Rose&quot; &#8470;5 &amp; delivery", 'Order "Rose" №5 & delivery'),
        ("Filter &lt;5 mm&gt;", "Filter <5 mm>"),
        ("Two&nbsp;&#160; words", "Two words"),
        ("&amp;quot;", "&quot;"),
        ("AT&T &notit; &unknown; &#; R&D;", "AT&T &notit; &unknown; &#; R&D;"),
        ("Hi&#13;&#x0a;Bcc: eve@evil.example", "Hi Bcc: eve@evil.example"),
        ("a&#0;b&#7;&NewLine;c&#8238;d&shy;e&#xD800;", "a\ufffdb&#7; c&#8238;d&shy;e\ufffd"),
    ],
)
def test_a_subject_written_as_html_is_read_as_its_words(written, meant):
    assert incoming.parse(letter(subject=written.encode())).subject == meant


def test_an_unlabelled_subject_is_in_the_charset_of_the_letter():
    mail = letter("счёт".encode("koi8-r"), subject="Счёт".encode("koi8-r"), content_type=b"text/plain; charset=koi8-r")
    assert incoming.parse(mail).subject == "Счёт"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"carla@carla.example", Address("carla@carla.example")),
        (b"Carla <Carla@Carla.Example>", Address("carla@carla.example", "Carla")),
        (b'"Doe, Carla" <carla@carla.example>', Address("carla@carla.example", "Doe, Carla")),
        (b"carla@carla.example (Carla Doe)", Address("carla@carla.example", "Carla Doe")),
        (b"=?utf-8?B?0JrQsNGA0LvQsCwg0JvRgtC0?= <carla@carla.example>", Address("carla@carla.example", "Карла, Лтд")),
        (b'"=?utf-8?Q?K=C3=A4rla?=" <carla@carla.example>', Address("carla@carla.example", "Kärla")),
        (b"=?utf-8?Q?Carla_<carla@carla.example>?=", Address("carla@carla.example", "Carla")),
        (b"'carla@carla.example' <carla@carla.example>", Address("carla@carla.example", "carla@carla.example")),
        (b"Carla [Sales] <carla@carla.example>", Address("carla@carla.example", "Carla [Sales]")),
        (b"Carla <<carla@carla.example>>", Address("carla@carla.example", "Carla")),
        (b"<carla@carla.example", Address("carla@carla.example")),
        (b'"Carla <carla@carla.example>', Address("carla@carla.example", "Carla")),
        (b"mailto:carla@carla.example", Address("carla@carla.example")),
        (b"Carla <carla(her account)@carla.example(her host)>", Address("carla@carla.example", "Carla")),
        (b"Carla <@relay.example,@other.example:carla@carla.example>", Address("carla@carla.example", "Carla")),
        (b"carla@carla  . example", Address("carla@carla.example")),
        (b"(carla@carla.example)", Address("carla@carla.example")),
        (b"Doe, Carla <carla@carla.example>", Address("carla@carla.example", "Doe, Carla")),
        (b"=?utf-8?B?0JrQsNGA0LvQsCA8Y2FybGFAY2FybGEuZXhhbXBsZT4=?=", Address("carla@carla.example", "Карла")),
        (b"Carla =?utf-8?Q?<carla=40carla.example>?=", Address("carla@carla.example", "Carla")),
        ("carla@carla.example\u200b".encode(), Address("carla@carla.example")),
        (b"Carla\r\n <carla@carla.example>;", Address("carla@carla.example", "Carla")),
        (b"Carla <carla@carla.example", Address("carla@carla.example", "Carla")),
        (b'"carla doe"@carla.example', Address('"carladoe"@carla.example')),
        (b"MAILER-DAEMON (Mail Delivery System)", Address("mailer-daemon", "Mail Delivery System")),
    ],
)
def test_a_sender_is_read_as_it_was_meant(written, meant):
    assert incoming.parse(letter(sender=written)).sender == meant


def test_without_an_address_in_from_the_answer_goes_where_replies_go():
    assert incoming.parse(letter(sender=b'"Carla" <>', reply_to=b"carla@carla.example")).sender == Address(
        "carla@carla.example"
    )


def test_a_sender_who_is_nobody_is_none():
    assert incoming.parse(letter(sender=b"Carla")).sender is None


@pytest.mark.parametrize(
    ("written", "emails"),
    [
        (b"a@x.example, B <b@x.example>; c@x.example", ["a@x.example", "b@x.example", "c@x.example"]),
        (b"Team: a@x.example, b@x.example;, c@x.example", ["a@x.example", "b@x.example", "c@x.example"]),
        (b"undisclosed-recipients:;", []),
        (b"a@x.example,\r\n\tA <A@X.example>", ["a@x.example"]),
        (b"a@x.example b@x.example", ["a@x.example"]),
    ],
)
def test_recipients_are_read_from_lists_and_groups(written, emails):
    assert [each.email for each in incoming.parse(letter(cc=written)).cc] == emails


def test_no_more_than_500_addresses_are_kept():
    assert len(mail_headers.addresses(b", ".join(b"u%d@x.example" % n for n in range(2000)))) == 500


def test_where_the_mail_was_delivered_is_told_in_order():
    mail = incoming.parse(b"Delivered-To: billing@desk.example\r\nX-Original-To: Support@desk.example\r\n" + letter())
    assert mail.delivered_to == ("billing@desk.example", "support@desk.example")


def test_references_are_told_oldest_first_without_brackets():
    mail = incoming.parse(letter(references=b"<1@x>\r\n <2@x> <1@x>", in_reply_to=b"<2@x> (Carla's message)"))
    assert (mail.references, mail.in_reply_to, mail.message_id) == (("1@x", "2@x"), ("2@x",), "1@carla.example")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"Mon, 23 Nov 2026 10:00:00 +0300", datetime(2026, 11, 23, 7, tzinfo=UTC)),
        (b"23 Nov 2026 10:00 GMT", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        (b"yesterday", None),
        (b"Mon, 99 Nov 2026 10:00:00 +9999", None),
    ],
)
def test_a_date_is_utc_or_none(written, meant):
    assert incoming.parse(letter(date=written)).date == meant


def test_the_same_mail_by_another_way_has_the_same_digest():
    first = incoming.parse(letter(date=b"Mon, 23 Nov 2026 10:00:00 +0000"))
    again = incoming.parse(
        b"Received: from elsewhere\r\n" + letter(date=b"Mon, 23 Nov 2026 10:00:00\r\n +0000").replace(b".\r\n", b". \n")
    )
    assert first.digest == again.digest != incoming.parse(letter()).digest


def test_a_junk_line_among_the_headers_does_not_end_them():
    mail = incoming.parse(b"From: carla@carla.example\r\nthis is no header\r\n \r\nSubject: Printer\r\n\r\nHello")
    assert (mail.subject, mail.text) == ("Printer", "Hello")


@pytest.mark.parametrize(
    "above", [b"\r\n\r\n", b"\xef\xbb\xbf", b"From carla Mon Nov 23 10:00:00 2026\r\n", b"   \r\n"]
)
def test_what_stands_above_the_headers_does_no_harm(above):
    assert incoming.parse(above + letter()).subject == "Printer"


@pytest.mark.parametrize(
    "arrived",
    [
        lambda lone: lone,
        lambda lone: lone + b"\r\n",
        lambda lone: from_ses(lone + b"\r\n"),
        lambda lone: from_ses(b"Received: from a.example by b.example;\r\n Mon, 23 Nov 2026\r\n" + lone + b"\r\n"),
        lambda lone: b"From carla@carla.example Mon Nov 23 10:00:00 2026\n" + lone + b"\n",
    ],
)
def test_lone_carriage_returns_are_line_ends(arrived):
    mail = incoming.parse(arrived(letter().replace(b"\r\n", b"\r")))
    assert (mail.subject, mail.text) == ("Printer", "Hello,\n\nmy printer is on fire.")


@pytest.mark.parametrize("arrived", [lambda doubled: doubled, from_ses])
def test_doubled_carriage_returns_make_no_empty_lines(arrived):
    mail = incoming.parse(arrived(letter().replace(b"\r\n", b"\r\r\n")))
    assert (mail.subject, mail.text) == ("Printer", "Hello,\n\nmy printer is on fire.")


def test_lone_carriage_returns_end_no_line_of_sess_own():
    hello = b"from evil.example\rX-SES-RECEIPT: forged\rFrom: carla@carla.example\r"
    lone = letter(sender=b"eve@evil.example").replace(b"\r\n", b"\r")
    mail = incoming.parse(from_ses(lone, UNKNOWN, RECEIVED.replace(b"from mail.carla.example ", hello)))
    assert (mail.sender.email, mail.verdicts.authenticated) == ("eve@evil.example", False)


def test_lone_carriage_returns_in_a_file_stay_what_they_are():
    raw = multipart(b"mixed", part(b"See the file."), part(b"a\rb\rc\r" * 99, b"application/x-log"))
    assert incoming.parse(raw).attachments[-1].content == b"a\rb\rc\r" * 99


@pytest.mark.parametrize(
    ("headers", "automatic"),
    [
        ({}, False),
        ({"auto_submitted": b"no"}, False),
        ({"auto_submitted": b"auto-replied; owner-email=x"}, True),
        ({"precedence": b"bulk"}, True),
        ({"list_id": b"<office.carla.example>", "precedence": b"list"}, False),
        ({"x_autoreply": b"yes"}, True),
        ({"x_auto_response_suppress": b"All"}, True),
        ({"x_loop": b"support@desk.example"}, True),
        ({"return_path": b"<>"}, True),
        ({"subject": "Автоответ: нет на месте".encode()}, True),
        ({"subject": b"Out of Office: holidays"}, True),
        ({"subject": b"What to do when I am out of the office?"}, False),
    ],
)
def test_what_a_program_wrote_is_automatic(headers, automatic):
    assert incoming.parse(letter(**headers)).automatic is automatic


@pytest.mark.parametrize(
    "sender",
    [b"mailer-daemon@x.example", b"no-reply@shop.example", b"noreply+1@shop.example", b"do_not_reply@a.example"],
)
def test_nobody_reads_what_is_sent_to_a_no_reply_address(sender):
    assert incoming.parse(letter(sender=sender)).automatic


def test_of_too_many_references_the_first_and_the_newest_are_known():
    many = b" ".join(b"<%d@x>" % n for n in range(500))
    found = incoming.parse(letter(references=many)).references
    assert (len(found), found[0], found[1], found[-1]) == (200, "0@x", "301@x", "499@x")


def test_a_vacation_note_is_out_of_office():
    assert incoming.parse(letter(subject=b"Automatic reply: Printer", auto_submitted=b"auto-replied")).out_of_office


def test_a_newsletter_is_from_a_list():
    assert incoming.parse(letter(list_unsubscribe=b"<mailto:x@y>")).is_list


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Здравствуйте! Принтер не печатает.", "ru"),
        ("Добрий день! Принтер не друкує, допоможіть її полагодити, будь ласка.", None),
        ("Hello, my printer does not print, can you help me please?", "en"),
        ("Guten Tag, mein Drucker druckt nicht mehr, bitte helfen Sie mir.", None),
        ("12345", None),
        ("Не работает Microsoft Office Outlook 365, ошибка 0x80070005", "ru"),
    ],
)
def test_the_language_is_told_by_the_letters(text, language):
    assert incoming.parse(letter(text.encode(), subject=b"-")).language == language


@pytest.mark.parametrize(
    ("text", "subject", "language"),
    [
        ("Yes, it works now. Thank you!", "Re: [Ticket#1] Не печатает принтер в бухгалтерии", "en"),
        ("Пришлите счёт", "[Ticket#1] RE: The invoice for the printer of our house", "ru"),
        ("HP 1020", "Re: Не печатает принтер", "ru"),
        ("Access to the path is denied.", "Не работает программа учёта", "ru"),
    ],
)
def test_the_subject_of_an_answer_tells_its_language_only_where_the_text_does_not(text, subject, language):
    assert incoming.parse(letter(text.encode(), subject=subject.encode())).language == language
