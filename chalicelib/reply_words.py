"""The words by which mail programs announce a quote or a signature, by language. Nothing here decides: see reply_marks.

Gathered from what Gmail, Outlook, Apple Mail, Thunderbird, Yahoo, mail.ru, Yandex and telephones write in each language.
"""

# "On <date>, <name> wrote:" where the verb ends the line (English, Romance and Slavic languages, Finnish, Turkish, Chinese, ...)
LAST_VERBS = {
    "en": "wrote|writes|sent",
    "ru": "написал|написала|написал(а)|написал (-а)|написали|пишет|писал|писала|писал(а)|пишете|писали",
    "de": "schrieb|schrieb folgendes|geschrieben|schreibt",
    "fr": "a écrit|écrit|écrivait|a ecrit|a répondu|a envoyé",
    "es": "escribió|escribio|ha escrito|escribiste",
    "it": "ha scritto|scritto|scrive|scrisse",
    "pt": "escreveu|escreveram",
    "nl": "schreef|geschreven|het volgende geschreven|schreef het volgende",
    "pl": "napisał|napisała|napisał(a)|napisał/a|pisze|napisali",
    "uk": "написав|написала|написав(ла)|пише|писав|пишуть",
    "sv": "skrev|skrev följande|skriver",
    "da": "skrev|skrev følgende|har skrevet",
    "no": "skrev|skrev følgende|skreiv|skriver",
    "fi": "kirjoitti|kirjoitti seuraavasti",
    "cs": "napsal|napsala|napsal(a)|napsal/a|píše|napísal|napísala|napísal(a)",
    "tr": "yazdı|şunu yazdı|şunları yazdı|yazmış",
    "zh": "写道|寫道|写到|來信|来信|撰寫",
    "ja": "のメール|書きました|さんは書きました|が書き込みました|のメッセージ|wrote",
    "hu": "írta|ezt írta",
    "ro": "a scris|scrie",
    "el": "έγραψε",
    "bg": "написа",
    "ko": "작성|님이 작성|썼습니다",
    "vi": "đã viết",
    "ca": "va escriure",
    "hr": "napisao je|napisala je|napisao/la je|je napisao|je napisala|je napisao/la|piše",
    "he": "כתב|כתבה|‏כתב/ה|מאת",
    "id": "menulis",
}

# ... and where the name follows it: "Am <date> schrieb <name>:"
MIDDLE_VERBS = {
    "de": "schrieb",
    "nl": "schreef",
    "sv": "skrev",
    "da": "skrev",
    "no": "skrev|skreiv",
    "cs": "napsal|napsal(a)",
    "pl": "napisał|napisał(a)|pisze",
    "ru": "написал|пишет|пользователь",
    "hu": "írta",
    "tr": "tarihinde",
    "fi": "kirjoitti",
}

# What such a line begins with, before the date
OPENERS = {
    "en": "on|at|in",
    "ru": "от|в|во",
    "de": "am|den",
    "fr": "le|en date du",
    "es": "el|en",
    "it": "il|in data|il giorno|alle",
    "pt": "em|a|no dia|às",
    "nl": "op",
    "pl": "w dniu|dnia|dn.|w",
    "uk": "о|від|в|у",
    "sv": "den|på",
    "da": "den|på|d.",
    "no": "den|på|kl.",
    "cs": "dne|dňa|v",
    "zh": "在|于|於",
    "ro": "la|în|pe data de",
    "el": "στις|την",
    "bg": "на",
    "ca": "el|al",
    "vi": "vào",
    "id": "pada",
    "hr": "dana|u",
    "fi": "lähetetty",
}

FIRST_PERSON = "i|ich|ik|jag|jeg|eg|we|wir|wij|vi"

# Weekdays and months by their beginnings: enough to tell a date from a name at the beginning of a line
DAYS = (
    "mon man tue wed thu fri sat sun mo di mi do fr sa so lun mar mer jeu ven sam dim lunes martes miércoles mié jueves jue viernes vie "
    "sábado sáb domingo dom mercoledì gio sab seg ter qua qui sex ma wo vr za zo pon wt śr czw pt sob ndz niedz mån tis ons tors "
    "fre lör sön tir tirs lør søn ti ke pe la su po út ut st čt pá ne pzt paz sal çar per cum cmt пн вт ср чт пт сб вс нд "
    "понедельник вторник среда четверг пятница суббота воскресенье понеділок вівторок середа четвер п'ятниця субота неділя "
    "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag lundi "
    "mardi mercredi jeudi vendredi samedi dimanche lunedì martedì giovedì venerdì sabato domenica maandag dinsdag woensdag "
    "donderdag vrijdag zaterdag zondag mandag tirsdag onsdag torsdag fredag lørdag søndag måndag tisdag lördag söndag "
    "понедельник, вторник, среду пятницу субботу segunda terça quarta quinta sexta poniedziałek wtorek środa czwartek piątek sobota"
)
MONTHS = (
    "jan feb mar apr may jun jul aug sep sept oct nov dec januar februar märz mär april mai juni juli august september oktober okt "
    "november dezember dez janv févr mars avr juin juil août oct déc ene abr ago dic gen mag giu lug set ott fev mei maj lip sie "
    "wrz paź lis gru января февраля марта апреля мая июня июля августа сентября октября ноября декабря янв фев мар апр июн июл авг "
    "сен окт ноя дек січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"
)

# The header block that Outlook and others put above the original, in the names of its fields
HEADERS = {
    "from": "from|от|от кого|von|absender|de|expéditeur|da|mittente|van|od|від|від кого|från|fra|avsändare|lähettäjä|kimden|gönderen|发件人|"
    "寄件者|寄件人|差出人|送信者|送信元|от:|feladó|από|보낸 사람|מאת|odesílatel|odosielateľ|nadawca|remitente|remetente|avsender|afzender",
    "sent": "sent|date|отправлено|дата|послано|gesendet|gesendet am|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviado em|fecha|"
    "data|inviato|verzonden|verstuurd|wysłano|wyslano|data wysłania|надіслано|skickat|sendt|dato|lähetetty|päivämäärä|päiväys|"
    "odesláno|odoslané|dátum|gönderildi|tarih|gönderme tarihi|发送时间|发送日期|日期|寄件日期|傳送時間|送信日時|日時|日付|elküldve|"
    "αποστολή|보낸 날짜|נשלח|message du|sent at|sent on|trimis|date and time",
    "to": "to|кому|an|empfänger|à|a|para|aan|do|кому|till|til|vastaanottaja|komu|pre|kime|alıcı|收件人|收件者|宛先|címzett|προς|받는 사람|אל|către|"
    "destinatario|destinataire|odbiorca|mottaker|modtager|mottagare|naar",
    "cc": "cc|копия|kopie|copie à|copia|copia a|kopia|копія|kopio|kopi|kopi til|cópia|dw|do wiadomości|bilgi|抄送|副本|副本抄送|másolat|κοιν|bcc",
    "subject": "subject|тема|betreff|objet|asunto|oggetto|assunto|onderwerp|temat|тема|ämne|emne|aihe|předmět|predmet|konu|主题|主旨|主題|件名|"
    "tárgy|θέμα|제목|נושא|subiect|sujet",
    "reply-to": "reply-to|reply to|antwort an|répondre à|responder a|ответить|odpowiedz do|importance|wichtigkeit|attachments|anlagen|organization",
}

# -----Original Message-----
ORIGINALS = (
    "original|"
    "original message|original appointment|original nachricht|ursprüngliche nachricht|ursprungliche nachricht|originalnachricht|"
    "original-nachricht|reply message|replied message|forwarded message|forwarded mail|исходное сообщение|исходное письмо|пересылаемое сообщение|"
    "пересланное сообщение|перенаправленное сообщение|первоначальное сообщение|конец пересылаемого сообщения|"
    "message d'origine|message d’origine|message original|message d'origine|message transféré|message transmis|courriel original|"
    "mensaje original|mensaje reenviado|mensaje original:|messaggio originale|messaggio inoltrato|mensagem original|mensagem encaminhada|"
    "oorspronkelijk bericht|origineel bericht|doorgestuurd bericht|oorspronkelijke bericht|wiadomość oryginalna|oryginalna wiadomość|"
    "wiadomość przekazana dalej|przekazana wiadomość|treść przekazanej wiadomości|оригінальне повідомлення|початкове повідомлення|"
    "переслане повідомлення|вихідне повідомлення|ursprungligt meddelande|originalmeddelande|vidarebefordrat meddelande|"
    "oprindelig meddelelse|oprindelig besked|videresendt meddelelse|videresendt besked|opprinnelig melding|opprinneleg melding|"
    "videresendt melding|alkuperäinen viesti|välitetty viesti|edelleenlähetetty viesti|původní zpráva|původní e-mail|přeposlaná zpráva|"
    "pôvodná správa|preposlaná správa|orijinal mesaj|özgün ileti|özgün mesaj|iletilen mesaj|iletilmiş mesaj|yönlendirilen mesaj|"
    "原始邮件|原邮件|原始郵件|轉寄的郵件|轉寄郵件|转发的邮件|转发邮件|转发邮件信息|原始信件|元のメッセージ|元のメール|転送されたメッセージ|"
    "転送メッセージ|転送|original e-mail|original email|eredeti üzenet|továbbított üzenet|mesaj original|mesaj redirecționat|"
    "αρχικό μήνυμα|원본 메일|원본 메시지|weitergeleitete nachricht|izvorna poruka|изходно съобщение|missatge original|quoted message"
)
BEGIN_FORWARD = (
    "begin forwarded message|forwarded message|начало переадресованного сообщения|начало переадресованного письма|"
    "anfang der weitergeleiteten nachricht|anfang der weitergeleiteten e-mail|début du message réexpédié|début du message transféré|"
    "inicio del mensaje reenviado|inizio messaggio inoltrato|início da mensagem reencaminhada|início da mensagem encaminhada|"
    "begin doorgestuurd bericht|początek przekazywanej wiadomości|початок переадресованого повідомлення|"
    "початок листа, що пересилається|vidarebefordrat brev|start på videresendt besked|start på videresendt melding|"
    "videresendt melding|videresendt besked|välitetty viesti alkaa|začátek přeposílané zprávy|başlangıç: iletilen mesaj|"
    "iletilen mesajın başlangıcı|下面是被转发的邮件|以下は、転送されたメッセージです|転送されたメッセージ|開始轉寄郵件"
)

# "Please reply above this line" of other desks and forums
ABOVE = (
    "reply above this line|above this line to reply|write above this line|type your reply above|respond above this line|"
    "oberhalb dieser zeile|über dieser zeile|au-dessus de cette ligne|ci-dessus de cette ligne|encima de esta línea|"
    "por encima de esta linea|sobre esta línea|sopra questa riga|sopra questa linea|al di sopra di questa riga|acima desta linha|"
    "boven deze regel|boven deze lijn|powyżej tej linii|nad tą linią|выше этой строки|выше этой линии|над этой строкой|"
    "над этой чертой|вище цього рядка|вище цієї лінії|над цим рядком|ovanför denna rad|ovanför den här raden|over denne linje|"
    "over denne linjen|tämän rivin yläpuolelle|nad tento řádek|nad tímto řádkem|nad touto čarou|bu satırın üstüne|bu satırın üzerine|"
    "在此行上方|在此行之上|在這行上方|请在此线以上|この行より上|この線より上|above the line"
)
PREVIOUS = (
    "previous replies|vorherige antworten|réponses précédentes|respuestas anteriores|risposte precedenti|respostas anteriores|"
    "vorige antwoorden|vorige reacties|poprzednie odpowiedzi|предыдущие ответы|попередні відповіді|tidigare svar|tidligere svar|"
    "aiemmat vastaukset|edelliset vastaukset|předchozí odpovědi|önceki cevaplar|önceki yanıtlar|之前的回复|先前的回覆|以前の返信"
)

# What webmailers and The Bat! write instead
QUOTING = (
    "quoting|citando|zitat von|zitiere|citation de|citat från|citerar|citerer|cytowanie|cytat|цитирую|citát|citace|alıntı|citaat van|"
    "вы писали|ви писали|you wrote|sie schrieben|tú escribiste|vous avez écrit"
)
HIDDEN = (
    "quoted text hidden|цитируемый текст скрыт|zitierter text ausgeblendet|texte des messages précédents masqué|"
    "el texto citado está oculto|testo tra virgolette nascosto|texto das mensagens anteriores oculto|tekst uit oorspronkelijke bericht is verborgen|"
    "ukryto cytowany tekst|цитований текст сховано|citerad text är dold|citeret tekst er skjult|sitert tekst er skjult|lainattu teksti on piilotettu|"
    "citovaný text byl skryt|alıntılanan metin gizlendi|引用文字已隐藏|引用文を隠す"
)

# "Sent from my iPhone": beginnings, and for the languages that put the verb last, ends
SENT_FROM = {
    "en": "sent from|sent wirelessly|sent via|sent with|sent by|sent using|get outlook for|composed on|via mobile|posted from|written on my|"
    "sent on the|delivered by|sent through",
    "ru": "отправлено с|отправлено из|отправлено через|послано с|написано с|отправлено от мобильного|отправлено мобильным|"
    "отправлено мобильной|скачать outlook|получите outlook|получить outlook|отправлено от моего",
    "de": "gesendet von|gesendet mit|gesendet über|gesendet aus|gesendet via|von meinem|von meiner|holen sie sich outlook|"
    "outlook für|diese nachricht wurde von meinem|mobil gesendet",
    "fr": "envoyé de|envoyé sans fil|envoyé depuis|envoyé à partir|envoyé avec|envoyé par|obtenez outlook|télécharger outlook|provenance :|"
    "envoyé via|envoyé d'",
    "es": "enviado desde|enviado de|enviado con|enviado vía|obtener outlook|obtenga outlook|descargar outlook|enviado por",
    "it": "inviato da|inviato dal|inviato con|inviato dall|scarica outlook|ottieni outlook|inviata da",
    "pt": "enviado do|enviado da|enviado a partir|enviado através|enviado pelo|obter o outlook|obtenha o outlook",
    "nl": "verzonden vanaf|verstuurd vanaf|verzonden met|verzonden via|verstuurd met|outlook voor|outlook downloaden|verstuurd via",
    "pl": "wysłane z|wysłano z|wysłane za|wysłane przez|wysłana z|pobierz outlook|pobierz program outlook|wysłano za",
    "uk": "надіслано з|надіслано за|відправлено з|надіслано через|завантажити outlook|отримайте outlook",
    "sv": "skickat från|skickat med|skickat via|skickades från|hämta outlook|skaffa outlook",
    "da": "sendt fra|sendt med|sendt via|hent outlook|få outlook",
    "no": "sendt fra|sendt med|sendt via|skaff deg outlook|last ned outlook|få outlook",
    "fi": "lähetetty|hanki outlook|hanki outlookin",
    "cs": "odesláno z|odesláno pomocí|odoslané z|odesláno přes|získejte outlook|stáhnout outlook|zasláno z",
    "tr": "outlook'u edinin|outlook'u indirin",
    "zh": "发自我的|發自我的|从我的|來自我的|来自我的|自我的|获取 outlook|取得 outlook|使用|通过|传送自我的|從我的",
    "ja": "iphoneから送信|ipadから送信|android から|outlook for|outlook を入手|iphone から送信|スマートフォンから送信|私の",
    "hu": "elküldve|küldve az",
    "ro": "trimis de pe|trimis din",
    "el": "στάλθηκε από|απεσταλμένο από",
    "ko": "나의 iphone",
    "ca": "enviat des",
}
SENT_ENDS = "gesendet|gönderildi|gönderilmiştir|から送信|から送信されました|발송|发送|發送|傳送|送信しました|lähetetty"

# What stands alone in the line above a name
CLOSINGS = (
    "regards|best regards|kind regards|kindest regards|warm regards|warmest regards|with regards|many regards|all the best|"
    "best wishes|with best wishes|with kind regards|with best regards|sincerely|yours sincerely|sincerely yours|"
    "yours truly|yours faithfully|faithfully|respectfully|thanks and regards|thanks & regards|thanks and best regards|"
    "best regards and thanks|cordially|br|rgds|kr|с уважением|с наилучшими пожеланиями|"
    "с уважением и наилучшими пожеланиями|всего доброго|всего хорошего|всего наилучшего|с благодарностью|с приветом|"
    "искренне ваш|искренне ваша|mit freundlichen grüßen|mit freundlichen grüssen|mit freundlichem gruß|"
    "mit freundlichem gruss|freundliche grüße|freundliche grüsse|freundlichen gruß|viele grüße|viele grüsse|"
    "viele liebe grüße|liebe grüße|liebe grüsse|lieben gruß|beste grüße|beste grüsse|schöne grüße|schönen gruß|"
    "herzliche grüße|herzliche grüsse|mit besten grüßen|mit besten grüssen|mit lieben grüßen|mit herzlichen grüßen|gruß|"
    "gruss|grüße|grüsse|mfg|lg|vg|hochachtungsvoll|danke und gruß|cordialement|bien cordialement|très cordialement|"
    "sincèrement|bien à vous|bien à toi|salutations|meilleures salutations|sincères salutations|salutations distinguées|"
    "amicalement|cdt|bien sincèrement|respectueusement|saludos|un saludo|saludos cordiales|un cordial saludo|cordialmente|"
    "atentamente|muy atentamente|atte|saludos atentos|gracias y saludos|cordiali saluti|distinti saluti|saluti|un saluto|"
    "tanti saluti|cari saluti|un cordiale saluto|grazie e saluti|atenciosamente|cumprimentos|com os melhores cumprimentos|"
    "melhores cumprimentos|saudações|att|met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|"
    "vriendelijke groeten|met hartelijke groet|groet|groeten|groetjes|mvg|hoogachtend|pozdrawiam|z poważaniem|"
    "serdecznie pozdrawiam|pozdrowienia|pozdrawiam serdecznie|z wyrazami szacunku|dziękuję i pozdrawiam|łączę pozdrowienia|"
    "з повагою|з найкращими побажаннями|щиро ваш|щиро ваша|всього найкращого|med vänlig hälsning|med vänliga hälsningar|"
    "vänliga hälsningar|vänlig hälsning|hälsningar|mvh|hälsning|bästa hälsningar|med venlig hilsen|venlig hilsen|"
    "de bedste hilsner|bedste hilsner|hilsen|kh|vh|dbh|mange hilsner|kærlig hilsen|med vennlig hilsen|vennlig hilsen|"
    "beste hilsen|med beste hilsen|ystävällisin terveisin|terveisin|parhain terveisin|terveiset|yst. terv.|yt|t.|kiittäen|"
    "kunnioittavasti|s pozdravem|s přátelským pozdravem|s úctou|s pozdravom|saygılarımla|saygılarımızla|saygılar|此致|敬礼|"
    "此致敬礼|顺祝商祺|順頌商祺|敬上|以上|よろしくお願いします|よろしくお願いいたします|宜しくお願いします|宜しくお願い致します|よろしくお願い致します|敬具|草々|üdvözlettel|tisztelettel|cu stimă|"
    "cu respect|με εκτίμηση|lep pozdrav|s poštovanjem|salutacions"
)
# ... and what ends many a sentence of a letter as well: the name has to be there
THANKS = (
    "best|cheers|thanks|thank you|many thanks|thanks a lot|thank you very much|thanks so much|thanks in advance|thx|"
    "take care|bye|спасибо|заранее спасибо|благодарю|заранее благодарю|удачи|хорошего дня|danke|vielen dank|besten dank|"
    "merci|merci d'avance|merci beaucoup|bonne journée|bonne soirée|gracias|muchas gracias|mil gracias|abrazos|un abrazo|"
    "grazie|grazie mille|buona giornata|abraço|abraços|obrigado|obrigada|muito obrigado|muito obrigada|grato|grata|"
    "hartelijk dank|dank u|bedankt|alvast bedankt|dziękuję|dzięki|дякую|щиро дякую|гарного дня|на все добре|tack|"
    "tack på förhand|tak|på forhånd tak|mange tak|takk|på forhånd takk|kiitos|zdravím|děkuji|díky|přeji hezký den|ďakujem|"
    "předem děkuji|iyi günler|iyi çalışmalar|teşekkürler|teşekkür ederim|sevgiler|selamlar|谢谢|謝謝|祝好|köszönöm|mulțumesc|"
    "ευχαριστώ"
)

# Greetings, and the few words over a letter that is handed on: what they say is in that letter
GREETINGS = (
    "здравствуйте|добрый день|доброе утро|добрый вечер|доброго дня|доброго времени суток|приветствую|привет|уважаемые коллеги|коллеги|"
    "hello|hi|hey|dear|good morning|good afternoon|good day|good evening|greetings|"
    "см. ниже|смотрите ниже|для информации|к сведению|fyi|see below|please see below|for your information"
)
ENDS_FORWARD = "конец пересылаемого сообщения|конец пересланного сообщения|end of forwarded message"
# That the answers stand within the quote
WITHIN = (
    r"(?:ответ|отвеч|коммент|замечани|пояснени|правк)\w*\W+(?:\w+\W+){0,3}(?:ниже|в тексте|в письме|по тексту|красным|синим|зел[её]ным|цветом)\b",
    r"\b(?:ниже|в тексте|красным|синим|зел[её]ным)\W+(?:\w+\W+){0,2}(?:ответ|отвеч|коммент)",
    r"\b(?:answer|comment|repl|respon|remark)\w*\W+(?:\w+\W+){0,3}(?:below|inline|in[- ]line|in (?:the )?(?:text|mail|red|blue|green|colou?r))\b",
    r"\b(?:see (?:below|inline)|inline (?:answer|comment|repl|respon)|(?:below|inline|in red|in blue)[,:]? (?:are )?my (?:answer|comment|repl))",
)
