"""What a customer wrote newly is told from what she quotes, in every language and every mail program's manner."""

import pytest

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

UNUSUAL = [
    "Ann/DESK/DE schrieb am 03.02.2025 10:15:12:",
    "On Monday, February 3, 2025, 10:15:02 AM, you wrote:",
    "Вы писали 3 февраля 2025 г., 10:15:02:",
    "Zitat von Ann <support@desk.example>:",
    "Quoting Ann <support@desk.example>:",
    "[Quoted text hidden]",
    "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐",
    '------------------ Original ------------------\nFrom: "Ann"<support@desk.example>;\nDate: Mon\nTo: "C"<c@d.example>;',
    '----------------\nКому: Support (support@desk.example);\nТема: Re: printer;\n03.02.2025, 10:15, "Ann" <a@b.example>:',
    "From: Ann <a@b.example> Sent: Monday, February 3, 2025 10:15 AM To: Carla <c@d.example> Subject: RE: x",
    "---\n*Previous Replies*",
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


@pytest.mark.parametrize("lines", UNUSUAL)
def test_unusual_programs_announce_their_quotes_too(lines: str) -> None:
    assert visible_reply.split(f"{NEW}\n\n{lines}\n\nDid it help?\n\nAnn\n").visible == NEW
