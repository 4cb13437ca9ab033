"""Replies as the programs people use write them, in the languages they are set to, taken in whole: the quote is folded.

What each program puts above its quotes is written down here by language; {a} is the address.
"""

import html

import pytest

from chalicelib import incoming
from tests.letters import letter, multipart, part

NEW = "Thank you, the printer works again.\nOnly the second tray still jams."
FIRST, SECOND = NEW.split("\n")
A = "<support@desk.example>"

GMAIL = {
    "en": "On Mon, Feb 3, 2025 at 10:15 AM Ann {a} wrote:",
    "ru": "пн, 3 февр. 2025 г. в 10:15, Ann {a}:",
    "de": "Am Mo., 3. Feb. 2025 um 10:15 Uhr schrieb Ann {a}:",
    "fr": "Le lun. 3 févr. 2025 à 10:15, Ann {a} a écrit :",
    "es": "El lun, 3 feb 2025 a las 10:15, Ann ({a}) escribió:",
    "it": "Il giorno lun 3 feb 2025 alle ore 10:15 Ann {a} ha scritto:",
    "pt": "Em seg., 3 de fev. de 2025 às 10:15, Ann {a} escreveu:",
    "nl": "Op ma 3 feb 2025 om 10:15 schreef Ann {a}:",
    "pl": "pon., 3 lut 2025 o 10:15 Ann {a} napisał(a):",
    "uk": "пн, 3 лют. 2025 р. о 10:15 Ann {a} пише:",
    "sv": "Den mån 3 feb. 2025 kl 10:15 skrev Ann {a}:",
    "da": "Den man. 3. feb. 2025 kl. 10.15 skrev Ann {a}:",
    "no": "man. 3. feb. 2025 kl. 10:15 skrev Ann {a}:",
    "fi": "ma 3.2.2025 klo 10.15 Ann {a} kirjoitti:",
    "cs": "po 3. 2. 2025 v 10:15 odesílatel Ann {a} napsal:",
    "tr": "Ann {a}, 3 Şub 2025 Pzt, 10:15 tarihinde şunu yazdı:",
    "zh": "Ann {a} 于2025年2月3日周一 10:15写道：",
    "zh-TW": "Ann {a} 於 2025年2月3日 週一 上午10:15寫道：",
    "ja": "2025年2月3日(月) 10:15 Ann {a}:",
}
APPLE = {
    "en": "On Feb 3, 2025, at 10:15 AM, Ann {a} wrote:",
    "ru": "3 февр. 2025 г., в 10:15, Ann {a} написал(а):",
    "de": "Am 03.02.2025 um 10:15 schrieb Ann {a}:",
    "fr": "Le 3 févr. 2025 à 10:15, Ann {a} a écrit :",
    "es": "El 3 feb 2025, a las 10:15, Ann {a} escribió:",
    "it": "Il giorno 3 feb 2025, alle ore 10:15, Ann {a} ha scritto:",
    "pt": "Em 3 de fev. de 2025, à(s) 10:15, Ann {a} escreveu:",
    "pt-PT": "No dia 03/02/2025, às 10:15, Ann {a} escreveu:",
    "nl": "Op 3 feb 2025, om 10:15 heeft Ann {a} het volgende geschreven:",
    "pl": "Wiadomość napisana przez Ann {a} w dniu 3 lut 2025, o godz. 10:15:",
    "uk": "3 лют. 2025 р. о 10:15 Ann {a} написав(-ла):",
    "sv": "3 feb. 2025 kl. 10:15 skrev Ann {a}:",
    "da": "Den 3. feb. 2025 kl. 10.15 skrev Ann {a}:",
    "no": "3. feb. 2025 kl. 10:15 skrev Ann {a}:",
    "fi": "Ann {a} kirjoitti 3.2.2025 kello 10.15:",
    "cs": "3. 2. 2025 v 10:15, Ann {a}:",
    "tr": "Ann {a} şunları yazdı (3 Şub 2025 10:15):",
    "zh": "2025年2月3日 10:15，Ann {a} 写道：",
    "zh-TW": "Ann {a} 於 2025年2月3日 上午10:15 寫道：",
    "ja": "2025/02/03 10:15、Ann {a}のメール:",
}
THUNDERBIRD = {
    "en": "On 2/3/25 10:15 AM, Ann wrote:",
    "ru": "03.02.2025 10:15, Ann пишет:",
    "de": "Am 03.02.25 um 10:15 schrieb Ann:",
    "fr": "Le 03/02/2025 à 10:15, Ann a écrit :",
    "es": "El 3/2/25 a las 10:15, Ann escribió:",
    "it": "Il 03/02/25 10:15, Ann ha scritto:",
    "pt": "Em 03/02/2025 10:15, Ann escreveu:",
    "pt-PT": "Às 10:15 de 03/02/2025, Ann escreveu:",
    "nl": "Op 03-02-2025 om 10:15 schreef Ann:",
    "pl": "W dniu 3.02.2025 o 10:15, Ann pisze:",
    "uk": "03.02.25 10:15, Ann пише:",
    "sv": "Den 2025-02-03 kl. 10:15, skrev Ann:",
    "da": "Den 03.02.2025 kl. 10.15 skrev Ann:",
    "no": "Den 03.02.2025 10:15, skrev Ann:",
    "fi": "Ann kirjoitti 3.2.2025 klo 10.15:",
    "cs": "Dne 03. 02. 25 v 10:15 Ann napsal(a):",
    "tr": "3.02.2025 10:15 tarihinde Ann yazdı:",
    "zh": "在 2025/2/3 10:15, Ann 写道:",
    "zh-TW": "Ann 於 2025/2/3 上午 10:15 寫道:",
    "ja": "On 2025/02/03 10:15, Ann wrote:",
}
YAHOO = {
    "en": "On Monday, February 3, 2025 at 10:15:02 AM GMT+1, Ann {a} wrote:",
    "ru": "понедельник, 3 февраля 2025 г. в 10:15:02 GMT+3, Ann {a} написал(а):",
    "de": "Am Montag, 3. Februar 2025 um 10:15:02 MEZ hat Ann {a} Folgendes geschrieben:",
    "fr": "Le lundi 3 février 2025 à 10:15:02 UTC+1, Ann {a} a écrit :",
    "es": "El lunes, 3 de febrero de 2025, 10:15:02 CET, Ann {a} escribió:",
    "it": "Il lunedì 3 febbraio 2025 alle ore 10:15:02 CET, Ann {a} ha scritto:",
    "pt": "Em segunda-feira, 3 de fevereiro de 2025 10:15:02 BRT, Ann {a} escreveu:",
    "nl": "Op maandag 3 februari 2025 om 10:15:02 CET schreef Ann {a}:",
    "pl": "W dniu poniedziałek, 3 lutego 2025 10:15:02 CET Ann {a} napisał(a):",
    "uk": "понеділок, 3 лютого 2025 р. о 10:15:02 GMT+2, Ann {a} пише:",
    "sv": "Den måndag 3 februari 2025 10:15:02 CET, Ann {a} skrev:",
    "da": "Den mandag den 3. februar 2025 10.15.02 CET skrev Ann {a}:",
    "no": "mandag 3. februar 2025 kl. 10:15:02 CET skrev Ann {a}:",
    "fi": "maanantai 3. helmikuuta 2025 klo 10.15.02 UTC+2 Ann {a} kirjoitti:",
    "cs": "Dne pondělí 3. února 2025 10:15:02 SEČ, Ann {a} napsal(a):",
    "tr": "3 Şubat 2025 Pazartesi 10:15:02 GMT+3 tarihinde Ann {a} şunu yazdı:",
    "zh": "在 2025年2月3日星期一 GMT+8 10:15:02，Ann {a} 写道：",
    "ja": "2025年2月3日月曜日 10:15:02 JST、Ann {a} さんが書きました:",
}
MAIL_RU = {
    "ru": "Понедельник, 3 февраля 2025, 10:15 +03:00 от Ann {a}:",
    "en": "Monday, February 3, 2025, 10:15 +03:00 from Ann {a}:",
    "uk": "Понеділок, 3 лютого 2025, 10:15 +02:00 від Ann {a}:",
}
YANDEX = {
    "ru": '03.02.2025, 10:15, "Ann" {a}:',
    "en": 'On 03.02.2025, 10:15, "Ann" {a}:',
    "tr": '03.02.2025, 10:15, "Ann" {a}:',
}
OUTLOOK = {
    "en": ("From", "Sent", "To", "Subject"),
    "ru": ("От", "Отправлено", "Кому", "Тема"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "fr": ("De", "Envoyé", "À", "Objet"),
    "es": ("De", "Enviado", "Para", "Asunto"),
    "it": ("Da", "Inviato", "A", "Oggetto"),
    "pt": ("De", "Enviada em", "Para", "Assunto"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "pl": ("Od", "Wysłano", "Do", "Temat"),
    "uk": ("Від", "Надіслано", "Кому", "Тема"),
    "sv": ("Från", "Skickat", "Till", "Ämne"),
    "da": ("Fra", "Sendt", "Til", "Emne"),
    "no": ("Fra", "Sendt", "Til", "Emne"),
    "fi": ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
    "cs": ("Od", "Odesláno", "Komu", "Předmět"),
    "tr": ("Kimden", "Gönderildi", "Kime", "Konu"),
    "zh": ("发件人", "发送时间", "收件人", "主题"),
    "zh-TW": ("寄件者", "寄件日期", "收件者", "主旨"),
    "ja": ("差出人", "送信日時", "宛先", "件名"),
}
VALUES = (f"Ann {A}", "Monday, 3 February 2025 10:15", "Carla <carla@carla.example>", "RE: The printer")

# What surrounds the attribution {attr}; the quote is Ann's.
SHAPES = {
    "gmail": f'<div dir="ltr"><div>{FIRST}</div><div>{SECOND}</div></div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
    'class="gmail_attr">{attr}<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid #ccc"><div>Did it help?</div>'
    "<div>Ann</div></blockquote></div>",
    "apple": f'<html><body>{FIRST}<div>{SECOND}</div><div><br><blockquote type="cite"><div>{{attr}}</div><br><div>Did it help?<br>Ann</div>'
    "</blockquote></div></body></html>",
    "iphone": f'<html><body dir="auto"><div>{FIRST}</div><div>{SECOND}</div><div dir="ltr"><br><blockquote type="cite">{{attr}}<br><br></blockquote>'
    '</div><blockquote type="cite"><div dir="ltr">Did it help?<br>Ann</div></blockquote></body></html>',
    "thunderbird": f'<p>{FIRST}<br>{SECOND}</p><div class="moz-cite-prefix">{{attr}}<br></div><blockquote type="cite" cite="mid:1@desk.example">'
    "<p>Did it help?</p><p>Ann</p></blockquote>",
    "yahoo": f'<div class="ydpyahoo-style-wrap"><div>{FIRST}</div><div>{SECOND}</div><div><br></div></div><div id="ydpyahoo_quoted_1" '
    'class="ydpyahoo_quoted"><div style="font-size:13px"><div>{attr}</div><div><br></div><div>Did it help?</div><div>Ann</div></div></div>',
    "mail.ru": f'<HTML><BODY><div>{FIRST}</div><div>{SECOND}</div><div>&nbsp;</div><blockquote style="border-left:1px solid #0857A6;margin:10px;'
    'padding:0 0 0 10px;">{attr}<br>&nbsp;<div id="">Did it help?<br>Ann</div></blockquote></BODY></HTML>',
    "yandex": f"<div>{FIRST}</div><div>{SECOND}</div><div> </div><div>{{attr}}</div><blockquote><p>Did it help?</p><p>Ann</p></blockquote>",
}
PROGRAMS = {
    "gmail": GMAIL,
    "apple": APPLE,
    "iphone": APPLE,
    "thunderbird": THUNDERBIRD,
    "yahoo": YAHOO,
    "mail.ru": MAIL_RU,
    "yandex": YANDEX,
}
SAID = [(program, language) for program, said in PROGRAMS.items() for language in said]
LANGUAGES = {"en", "ru", "de", "fr", "es", "it", "pt", "nl", "pl", "uk", "sv", "da", "no", "fi", "cs", "tr", "zh", "ja"}


def visible(raw: bytes) -> str:
    mail = incoming.parse(raw)
    return mail.text[: mail.fold].strip() if mail.fold is not None else mail.text


def of_html(page: str) -> bytes:
    return letter(page.encode(), subject=b"RE: Printer", content_type=b"text/html; charset=utf-8")


def of_text(text: str) -> bytes:
    return letter(
        text.replace("\n", "\r\n").encode(), subject=b"RE: Printer", content_type=b"text/plain; charset=utf-8"
    )


def attribution(program: str, language: str) -> str:
    return PROGRAMS[program][language].format(a=A)


@pytest.mark.parametrize("said", [GMAIL, APPLE, THUNDERBIRD, YAHOO, OUTLOOK])
def test_every_language_is_written_down_for_every_program(said: dict[str, str]) -> None:
    assert set(said) >= LANGUAGES


@pytest.mark.parametrize(("program", "language"), SAID)
def test_the_quote_of_an_html_reply_is_folded(program: str, language: str) -> None:
    page = SHAPES[program].replace("{attr}", html.escape(attribution(program, language), quote=False))
    assert visible(of_html(page)) == NEW


@pytest.mark.parametrize(("program", "language"), SAID)
def test_the_quote_of_a_plain_reply_is_folded(program: str, language: str) -> None:
    text = f"{NEW}\n\n{attribution(program, language)}\n\n> Did it help?\n>\n> Ann\n"
    assert visible(of_text(text)) == NEW


@pytest.mark.parametrize(("program", "language"), SAID)
def test_the_quote_of_a_reply_in_both_forms_is_folded(program: str, language: str) -> None:
    attr = attribution(program, language)
    page = SHAPES[program].replace("{attr}", html.escape(attr, quote=False)).encode()
    plain = f"{NEW}\r\n\r\n{attr}\r\n> Did it help?\r\n> Ann\r\n".encode()
    both = multipart(b"alternative", part(plain), part(page, b"text/html; charset=utf-8"))
    assert visible(both) == NEW


DESKTOP = (
    f'<div class="WordSection1"><p class="MsoNormal">{FIRST}<o:p></o:p></p><p class="MsoNormal">{SECOND}<o:p></o:p></p><p class="MsoNormal">'
    '<o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{block}'
    '</p></div></div><p class="MsoNormal">Did it help?</p><p class="MsoNormal">Ann</p></div>'
)
WEB = (
    f'<div class="elementToProof">{FIRST}</div><div class="elementToProof">{SECOND}</div><div id="appendonsend"></div><hr style="width:98%">'
    '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">{block}</font><div>&nbsp;</div></div><div>Did it help?</div><div>Ann</div>'
)


@pytest.mark.parametrize("language", OUTLOOK)
@pytest.mark.parametrize("shape", [DESKTOP, WEB], ids=["desktop", "web"])
def test_outlooks_quote_is_folded(shape: str, language: str) -> None:
    pairs = zip(OUTLOOK[language], VALUES, strict=True)
    block = "<br>".join(f"<b>{name}:</b> {html.escape(value)}" for name, value in pairs)
    page = shape.replace("{block}", block)
    said = visible(of_html(page))
    assert [line for line in said.split("\n") if line.strip("\xa0 ")] == [FIRST, SECOND]


@pytest.mark.parametrize("language", OUTLOOK)
def test_outlooks_quote_in_plain_text_is_folded(language: str) -> None:
    block = "\n".join(f"{name}: {value}" for name, value in zip(OUTLOOK[language], VALUES, strict=True))
    assert visible(of_text(f"{NEW}\n\n{'_' * 32}\n{block}\n\nDid it help?\n\nAnn\n")) == NEW
