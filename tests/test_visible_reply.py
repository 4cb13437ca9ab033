"""What a customer wrote newly is told from what she quotes, in every language and every mail program's manner."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import visible_reply

NEW = "Thank you, the printer works again.\nOnly the second tray still jams."

ATTRIBUTIONS = [
    "On Mon, 3 Feb 2025 at 10:15, Ann from Support <support@desk.example> wrote:",
    "On Feb 3, 2025, at 10:15 AM, Ann <support@desk.example> wrote:",
    "On Monday, February 3, 2025 at 10:15:02 AM GMT+1, Ann <support@desk.example> wrote:",
    "On 2025-02-03 10:15, Ann wrote:",
    "On 3/2/25 10:15, Ann wrote:",
    "Ann <support@desk.example> wrote on 3 Feb 2025:",
    "Ann <support@desk.example> writes:",
    "---- On Mon, 03 Feb 2025 10:15:02 +0100 Ann <support@desk.example> wrote ----",
    "2025-02-03 10:15 GMT+01:00 Ann <support@desk.example>:",
    "пн, 3 февр. 2025 г. в 10:15, Ann <support@desk.example>:",
    "3 февраля 2025 г., в 10:15, Ann <support@desk.example> написал(а):",
    "Понедельник, 3 февраля 2025, 10:15 +03:00 от Ann <support@desk.example>:",
    '03.02.2025, 10:15, "Ann" <support@desk.example>:',
    "03.02.2025 10:15, Ann пишет:",
    "Am Mo., 3. Feb. 2025 um 10:15 Uhr schrieb Ann <support@desk.example>:",
    "Am 03.02.2025 um 10:15 schrieb Ann:",
    "Ann <support@desk.example> schrieb am Mo., 3. Feb. 2025, 10:15:",
    "Le lun. 3 févr. 2025 à 10:15, Ann <support@desk.example> a écrit :",
    "Le 03/02/2025 à 10:15, Ann a écrit :",
    "El lun, 3 feb 2025 a las 10:15, Ann (<support@desk.example>) escribió:",
    "El 3 feb 2025, a las 10:15, Ann <support@desk.example> escribió:",
    "Il giorno lun 3 feb 2025 alle ore 10:15 Ann <support@desk.example> ha scritto:",
    "Il 03/02/2025 10:15, Ann ha scritto:",
    "Em seg., 3 de fev. de 2025 às 10:15, Ann <support@desk.example> escreveu:",
    "Em 03/02/2025 10:15, Ann escreveu:",
    "Op ma 3 feb 2025 om 10:15 schreef Ann <support@desk.example>:",
    "Op 3 feb. 2025 om 10:15 heeft Ann <support@desk.example> het volgende geschreven:",
    "pon., 3 lut 2025 o 10:15 Ann <support@desk.example> napisał(a):",
    "W dniu 3.02.2025 o 10:15, Ann pisze:",
    "пн, 3 лют. 2025 р. о 10:15 Ann <support@desk.example> пише:",
    "3 лют. 2025 р. о 10:15 Ann <support@desk.example> написав(ла):",
    "Den mån 3 feb. 2025 kl 10:15 skrev Ann <support@desk.example>:",
    "3 feb. 2025 kl. 10:15 skrev Ann <support@desk.example>:",
    "Den man. 3. feb. 2025 kl. 10.15 skrev Ann <support@desk.example>:",
    "man. 3. feb. 2025 kl. 10:15 skrev Ann <support@desk.example>:",
    "ma 3. helmik. 2025 klo 10.15 Ann (support@desk.example) kirjoitti:",
    "Ann <support@desk.example> kirjoitti 3.2.2025 kello 10.15:",
    "po 3. 2. 2025 v 10:15 odesílatel Ann <support@desk.example> napsal:",
    "Dne 03. 02. 25 v 10:15 Ann napsal(a):",
    "Ann <support@desk.example>, 3 Şub 2025 Pzt, 10:15 tarihinde şunu yazdı:",
    "Ann <support@desk.example> 于2025年2月3日周一 10:15写道：",
    "在 2025年2月3日，10:15，Ann <support@desk.example> 写道：",
    '在2025-02-03 10:15:02，"Ann" <support@desk.example> 写道：',
    "2025年2月3日(月) 10:15 Ann <support@desk.example>:",
    "2025/02/03 10:15、Ann <support@desk.example>のメール:",
]

HEADER_BLOCKS = [
    ("From", "Sent", "To", "Subject"),
    ("From", "Date", "To", "Subject"),
    ("От", "Отправлено", "Кому", "Тема"),
    ("От кого", "Дата", "Кому", "Тема"),
    ("Von", "Gesendet", "An", "Betreff"),
    ("Von", "Datum", "An", "Betreff"),
    ("De", "Envoyé", "À", "Objet"),
    ("De", "Date", "À", "Objet"),
    ("De", "Enviado el", "Para", "Asunto"),
    ("De", "Fecha", "Para", "Asunto"),
    ("Da", "Inviato", "A", "Oggetto"),
    ("De", "Enviado", "Para", "Assunto"),
    ("Van", "Verzonden", "Aan", "Onderwerp"),
    ("Od", "Wysłano", "Do", "Temat"),
    ("Від", "Надіслано", "Кому", "Тема"),
    ("Från", "Skickat", "Till", "Ämne"),
    ("Fra", "Sendt", "Til", "Emne"),
    ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
    ("Od", "Odesláno", "Komu", "Předmět"),
    ("Kimden", "Gönderildi", "Kime", "Konu"),
    ("发件人", "发送时间", "收件人", "主题"),
    ("寄件者", "寄件日期", "收件者", "主旨"),
    ("差出人", "送信日時", "宛先", "件名"),
]

RULES = [
    "-----Original Message-----",
    "-----Исходное сообщение-----",
    "-----Ursprüngliche Nachricht-----",
    "-----Message d'origine-----",
    "-----Mensaje original-----",
    "-----Messaggio originale-----",
    "-----Mensagem original-----",
    "-----Oorspronkelijk bericht-----",
    "-----Wiadomość oryginalna-----",
    "-----Оригінальне повідомлення-----",
    "-----Ursprungligt meddelande-----",
    "-----Oprindelig meddelelse-----",
    "-----Opprinnelig melding-----",
    "-----Alkuperäinen viesti-----",
    "-----Původní zpráva-----",
    "-----Orijinal Mesaj-----",
    "------------------ 原始邮件 ------------------",
    "-----元のメッセージ-----",
    "-------- Forwarded Message --------",
    "---------- Forwarded message ---------",
    "Begin forwarded message:",
    "-------- Пересылаемое сообщение --------",
    "##- Please type your reply above this line -##",
]

DEVICES = [
    "Sent from my iPhone",
    "Sent from my Samsung Galaxy smartphone.",
    "Sent from Mail for Windows",
    "Get Outlook for Android<https://aka.example/x>",
    "Sent from Yahoo Mail on Android",
    "Отправлено с iPhone",
    "Отправлено из мобильной Почты Mail.ru",
    "Von meinem iPhone gesendet",
    "Gesendet mit der GMX Mail App",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Enviado do meu iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Wysłane z iPhone'a",
    "Надіслано з iPhone",
    "Skickat från min iPhone",
    "Sendt fra min iPhone",
    "Lähetetty iPhonesta",
    "Odesláno z iPhonu",
    "iPhone'umdan gönderildi",
    "发自我的 iPhone",
    "iPhoneから送信",
]

CLOSINGS = [
    "Best regards,",
    "С уважением,",
    "Mit freundlichen Grüßen",
    "Cordialement,",
    "Un saludo,",
    "Cordiali saluti",
    "Atenciosamente,",
    "Met vriendelijke groet,",
    "Pozdrawiam",
    "З повагою,",
    "Med vänlig hälsning",
    "Med venlig hilsen",
    "Vennlig hilsen",
    "Ystävällisin terveisin",
    "S pozdravem",
    "Saygılarımla,",
    "此致",
    "よろしくお願いいたします。",
]


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_a_marked_quote_below_is_folded(line: str) -> None:
    assert visible_reply.split(f"{NEW}\n\n{line}\n\n> Did it help?\n> Ann\n").visible == NEW


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_an_unmarked_quote_below_is_folded_by_its_announcement(line: str) -> None:
    assert visible_reply.split(f"{NEW}\n\n{line}\n\nDid it help?\n\nAnn\n").visible == NEW


@pytest.mark.parametrize("line", [line for line in ATTRIBUTIONS if "<" in line and not line.startswith("Ann")])
def test_an_announcement_that_was_wrapped_is_still_one(line: str) -> None:
    at = line.index("<")
    assert visible_reply.split(f"{NEW}\n\n{line[: at + 1]}\n{line[at + 1 :]}\n\n> Did it help?\n").visible == NEW


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_a_reply_below_the_quote_is_what_remains(line: str) -> None:
    assert visible_reply.split(f"{line}\n> Did it help?\n> Ann\n\n{NEW}\n").visible == NEW


@pytest.mark.parametrize("names", HEADER_BLOCKS, ids="/".join)
@pytest.mark.parametrize("form", ["{}: {}", "*{}:* {}", "  {} : {}", "{}：{}"])
def test_outlooks_header_block_begins_the_quote(names: tuple[str, ...], form: str) -> None:
    values = [
        "Ann <support@desk.example>",
        "Monday, 3 February 2025 10:15",
        "Carla <carla@customer.example>",
        "RE: The printer",
    ]
    block = "\n".join(form.format(name, value) for name, value in zip(names, values, strict=True))
    assert visible_reply.split(f"{NEW}\n\n{block}\n\nDid it help?\n\nAnn").visible == NEW


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_names_the_original_begins_the_quote(rule: str) -> None:
    assert visible_reply.split(f"{NEW}\n\n{rule}\n\nDid it help?\nAnn").visible == NEW


@pytest.mark.parametrize("line", DEVICES)
def test_the_line_of_a_telephone_is_a_signature(line: str) -> None:
    found = visible_reply.split(
        f"{NEW}\n\n{line}\n\nOn 3 Feb 2025, at 10:15, Ann <support@desk.example> wrote:\n\n> Did it help?\n"
    )
    assert (found.visible, found.signature) == (NEW, line)


@pytest.mark.parametrize("line", CLOSINGS)
def test_a_closing_and_the_name_below_it_are_a_signature(line: str) -> None:
    found = visible_reply.split(f"{NEW}\n\n{line}\nCarla Müller\n")
    assert (found.visible, found.signature) == (NEW, f"{line}\nCarla Müller")


def test_a_signature_behind_its_mark_is_folded() -> None:
    found = visible_reply.split(f"{NEW}\n-- \nCarla\nThe Bakery, 12 Mill Lane\n")
    assert (found.visible, found.signature) == (NEW, "-- \nCarla\nThe Bakery, 12 Mill Lane")


def test_answers_between_the_quotes_stay_with_what_they_answer() -> None:
    text = "> Which printer?\n\nThe blue one.\n\n> Since when?\n\nSince Monday."
    found = visible_reply.split("On 3 Feb 2025, at 10:15, Ann wrote:\n\n" + text)
    assert (found.visible, found.fold) == (text, None)


def test_a_quote_that_carla_made_herself_stays() -> None:
    text = "The manual says:\n\n> Open the tray.\n\nI did, and nothing happened."
    assert visible_reply.split(text).visible == text


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I wrote to you:\nthe printer is broken.\nNothing happened since.",
        "My booking:\nFrom: Berlin\nTo: Prague\nDate: 3 February 2025\nPlease change it.",
        "Sent from my desk, which is more comfortable than the sofa.\nThe printer is broken.",
        "Dear Ann,\n\n2025-02-03 10:15 it broke\n15.02.2025 11:00 it broke again\n\nWhat now?",
        "Thanks,\nbut the printer is still broken, and now the second one is too. What shall I do?",
        "It printed this:\n>>> ERROR <<<\nWhat does it mean?",
        "The notice says --- do not open --- and so I did not.",
        "On Thursday:\nthe technician comes.\nOn Friday:\nwe are closed.",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    assert visible_reply.split(text) == visible_reply.Split(text, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "> Did it help?\n> Ann",
        "-- \nCarla",
        "Best regards,\nCarla",
        "---------- Forwarded message ---------\nFrom: A <a@b.example>\nSubject: Bill\n\nThe bill.",
    ],
)
def test_a_mail_with_nothing_else_in_it_is_shown_whole(text: str) -> None:
    assert visible_reply.split(text) == visible_reply.Split(text, None, None)


def test_the_fold_is_where_the_visible_part_ends() -> None:
    text = f"{NEW}\n\nOn 3 Feb 2025, at 10:15, Ann <a@b.example> wrote:\n> Did it help?\n"
    found = visible_reply.split(text)
    assert text[: found.fold].strip() == found.visible == NEW


HTML_QUOTES = [
    '<div class="gmail_quote"><div class="gmail_attr">On Mon, 3 Feb 2025 at 10:15, Ann wrote:</div><blockquote class="gmail_quote">Did it help?</blockquote></div>',
    '<div id="divRplyFwdMsg"><b>From:</b> Ann<br><b>Sent:</b> Monday</div><div>Did it help?</div>',
    '<div id="appendonsend"></div><hr><div><b>Von:</b> Ann</div><div>Did it help?</div>',
    '<div style="border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Ann &lt;a@b.example&gt;<br><b>Sent:</b> Monday, 3 February 2025<br><b>To:</b> Carla<br>'
    "<b>Subject:</b> Printer</p></div><p>Did it help?</p>",
    '<div class="moz-cite-prefix">On 03.02.2025 10:15, Ann wrote:<br></div><blockquote type="cite" cite="mid:1">Did it help?</blockquote>',
    '<div class="ydp1yahoo_quoted"><div>On Monday, Ann wrote:</div><div>Did it help?</div></div>',
    '<br>Понедельник, 3 февраля 2025, 10:15 +03:00 от Ann &lt;a@b.example&gt;:<br><blockquote style="border-left:1px solid #0857A6">Did it help?</blockquote>',
    '<div>03.02.2025, 10:15, "Ann" &lt;a@b.example&gt;:</div><blockquote><p>Did it help?</p></blockquote>',
    '<div><br><blockquote type="cite"><div>On Feb 3, 2025, at 10:15, Ann &lt;a@b.example&gt; wrote:</div><br><div>Did it help?</div></blockquote></div>',
    '<div class="protonmail_quote">On Monday, Ann wrote:<blockquote type="cite">Did it help?</blockquote></div>',
]


@pytest.mark.parametrize("quote", HTML_QUOTES)
def test_the_quotes_of_html_mails_are_told_by_their_marks(quote: str) -> None:
    first, second = NEW.split("\n")
    assert (
        visible_reply.split_html(f"<html><body><div>{first}</div><div>{second}</div>{quote}</body></html>").visible
        == NEW
    )


PIECES = st.sampled_from(
    [
        "Hello,",
        "It is broken.",
        "",
        "",
        "> quoted",
        ">> deeper",
        "On 3 Feb 2025, Ann <a@b.example> wrote:",
        "-- ",
        "Best regards,",
        "Carla",
        "From: Ann <a@b.example>",
        "Sent: Monday",
        "Subject: Re: it",
        "-----Original Message-----",
        "Sent from my iPhone",
        "| bar",
        "____________",
        "2025-02-03 10:15 GMT+01:00 Ann <",
        "a@b.example>:",
        "Am 3.2.2025 schrieb Ann:",
        "\t",
        "日本",
        "###",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(PIECES, max_size=25).flatmap(
        lambda lines: st.sampled_from(["\n", "\r\n"]).map(lambda end: end.join(lines))
    ),
)


@given(TEXTS)
def test_what_is_visible_are_lines_of_the_text_in_their_order(text: str) -> None:
    lines = iter(text.replace("\r\n", "\n").split("\n"))
    for line in visible_reply.split(text).visible.replace("\r\n", "\n").split("\n"):
        assert any(line.strip() in each for each in lines)


@given(TEXTS)
def test_the_fold_splits_the_text_exactly(text: str) -> None:
    found = visible_reply.split(text)
    if found.fold is not None:
        assert text[: found.fold].strip() == found.visible and found.visible and text[found.fold :].strip()


@given(TEXTS)
def test_whoever_wrote_something_is_shown_something(text: str) -> None:
    assert bool(visible_reply.split(text).visible) == bool(text.strip())


@given(
    st.one_of(
        TEXTS,
        st.lists(
            st.sampled_from(
                [
                    "<div>",
                    "</div>",
                    "<blockquote>",
                    "</blockquote>",
                    "<",
                    "<!--",
                    "-->",
                    "a",
                    "<br>",
                    "<p class='gmail_quote'>",
                    "<style>",
                    "</style>",
                    "&amp;",
                    "<pre>\n",
                ]
            ),
            max_size=20,
        ).map("".join),
    )
)
@settings(max_examples=50)
def test_no_html_is_too_broken(html: str) -> None:
    assert visible_reply.split_html(html).fold is None


@pytest.mark.parametrize(
    "piece",
    [
        ">",
        "> a\n",
        "\n",
        "On 3 Jan 2020 at 10:00\n",
        "From: a@b\n",
        "_____\n",
        "<",
        "Name <\n",
        "-",
        "Regards,\n",
        "wrote ",
        "1.1.1.1 ",
        "[(<",
    ],
)
def test_a_megabyte_of_anything_is_read(piece: str) -> None:
    """In seconds; what is quadratic in the length takes hours, and would be noticed."""
    text = piece * (1_000_000 // len(piece))
    assert visible_reply.split(text).visible in text.strip()
