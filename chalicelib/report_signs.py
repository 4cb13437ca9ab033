"""Whether a mail is a report of a mail program about a mail of ours, and of which kind, where no standard part says so."""

import re
from email.message import Message

from chalicelib import threads
from chalicelib.lazily import Lazily
from chalicelib.mail_words import text_of
from chalicelib.report_fields import ADDRESS, leaves

# Local parts and names that no person has; where the domain says such words, a firm may simply be called so.
DAEMON = Lazily(
    r"(?i)^(mailer[-_. ]?daemon|post_master|mail[-_. ]?(delivery|daemon|administrator|system)|mail(er)?[-_.]?error|mdaemon|ndr$|bounces?([-+=_].*)?$"
    r"|delivery[-_. ]?(subsystem|system|status|failure|agent)|microsoftexchange)"
)
DAEMONS_NAME = Lazily(
    r"(?i)mailer[-_. ]?daemon|mail[-_. ]?(daemon|system)\b|(mail|message) delivery (sub)?system|delivery[-_. ]?subsystem"
)
POSTMASTER = Lazily(r"(?i)^postmaster")
# A person who looks after the mail may write of such things, but not under the very titles that programs give them
TITLE = Lazily(
    r"(?i)^(delivery (status )?notification|undeliver(able|ed)( mail| message)?\b|non-?delivery (report|notification)|failed mail\b|returned mail\b"
    r"|failure notice|mail delivery (failed|failure)|unzustellbar:)"
)
SUBJECT = Lazily(
    r"(?i)undeliver|non[- ]?deliver|not (be )?deliver|deliver\w* (status|fail|report|problem|error|has failed|has been delayed)|fail\w* (to )?deliver"
    r"|failure (notice|delivery)|returned? (mail|message|to sender)|mail (delivery|system|failure)|failed mail|\bdelayed (mail|message)|(mail|message)\b.{0,40}\bdelayed|\(delay\)|returning message"
    r"|message (status|delivery|could|not)|warning: (could|message|send)|bounced?\b|rejected( mail)?\b|mailbox (is )?full|over ?quota|quota exceeded|error (notif|sending your)|(sending|mail|smtp) (error|fail)|fail\w* notif"
    r"|wasn'?t (sent|delivered)|could not (be )?(sen[dt]|deliver)|unable to deliver|user unknown|address not found|loop alert|postmaster notify"
    r"|unzustellbar|nicht zugestellt|nicht zustellbar|zustell\w*( ist)? (fehl|nicht)|zustellung|rückläufer"
    r"|не доставлен|недоставлен|невозможно доставить|ошибка доставки|отчет о доставке|возврат почты|не доставлено|не удалось доставить|затримано"
    r"|non remis|non distribu|échec|retourn|notification d'état|non recens|no (se )?(pudo|puede|ha) .{0,20}entreg|devuelto|error (de|en la) entreg"
    r"|no entregado|mancato recapito|mancata consegna|non recapitab|não (entregue|foi)|falha na entrega|devolvid|onbestelbaar|niet (worden )?bezorg"
    r"|mislukt|nie (mo\w+ |zosta\w+ )?dostarcz|niedostarcz|zwrot|недоставлен|не доставлено|kunde inte leverer|misslyck|olevererbar|kunne ikke lever"
    r"|uleverbar|mislykk|ikke leveret|toimittaminen|ei voitu toimitta|epäonnist|palautettu|nedoručit|nedoručen|doručení|iletilemedi|teslim edil"
    r"|退信|退回|邮件传输失败|无法投递|未送达|投递失败|系统退信|郵件遞送|未傳遞|配信不能|配信エラー|エラー通知|送信できません|配信できません"
)
SENTENCE = Lazily(
    r"(?i)(could|can|was|were|has|is|may|did|would)\s*(not|n[o']t)\s+(yet\s+)?(been?\s+)?(be\s+)?(reach|deliver|sent|accept|found|exist|allowed)"
    r"|cannot be (delivered|reached)|un(able|successful)\w* to (deliver|send|relay|reach)|undeliver(able|ed)|delivery (to|of|for|has|was|status|fail|temp)"
    r"|delevery to the following|(permanent|fatal|transient|delivery|temporary)[\w ]* (error|failure|problem)|fail(ed|ure)s? (to|permanently|recipient|address)"
    r"|address(es)?\(?e?s?\)? (had|failed|couldn|affected)|returned (mail|message)|user (is )?(unknown|not (found|listed))|unknown (user|recipient|local)"
    r"|no such (user|address|recipient|mailbox)|mailbox (is )?(full|unavailable|not)|recipients? (was|were|has|have|could|address|\(s\))"
    r"|invalid (final|user|recipient|address)|error (occurred|deliver|was detected|message)|message (has been|was|is being) (delayed|rejected|blocked|returned)"
    r"|delivering your m|wasn't able to deliver|will be retried|keep trying|still (being|trying)|rcpt to:|over ?quota|quota exceeded|mail system error"
    r"|transcript of session|this account has been (disabled|discontinued)|loop alert|duplicated message-id|automatically rejected|bouncedrecipients"
    r"|tried to contact|rejected by|zugestellt werden|zustellung|не может быть доставлено|не доставлен|не удалось доставить|не удаётся|n'a pas (pu|été)"
    r"|no (se )?(pudo|ha podido|puede) (ser )?entreg|impossibile recapitare|consegna|não (pôde|pode|foi) (ser )?entreg|kan niet|kon niet|nie (mo\w+|zosta\w+)"
    r"|送信できません|配信できません|配信エラー|メールボックス|无法发送|投递失败|无法送达|退信|neexistuje|kunde inte|kunne ikke|ei voitu"
)
DELAYED = Lazily(
    r"(?i)\bdelay(ed)?\b|not yet been delivered|has not yet|will (be retried|continue|keep|try again|retry)|keep trying|still (being|trying)"
    r"|do not need to resend|don'?t need to resend|temporary (failure|problem)|warning: (could|message)|verzögert|задерж|отложен|retard|ritard|vertraagd"
    r"|opóźni|fördröj|forsink|viivästy|延迟|遅延|this is (only )?a warning|no action is required on your part|status: delayed"
)
FINAL = Lazily(
    r"(?i)permanent (error|failure|fatal)|given up|giving up|gave up|failed permanently|undeliverable|could not be delivered (for|after)|will not be retried"
    r"|no longer|returned to sender|returning message|fatal error|delivery failed|did not reach|unable to deliver|expired|wasn't able"
)
VACATION = Lazily(r"(?i)out of (the )?office|vacation|auto(matic)?[- ]?repl|abwesen|away from|absence|автоответ")


COMPLAINT = Lazily(r"(?i)complaint about message|\babuse report\b|spam (report|complaint)|\bfeedback (loop|report)")
COMPLAINER = Lazily(r"(?i)staff@|feedback|\bfbl|complaint|abuse|scomp@|postmaster@")


def looks_like_a_complaint(message: Message) -> bool:
    """Some providers send the mail back with nothing but a subject (Outlook.com's JMRP)."""
    told = COMPLAINT.search(subject_of(message)) and COMPLAINER.search(header(message, "From"))
    return bool(told) and returns_one(message)


def looks_like_one(message: Message, text: str, null_sender: bool = False) -> bool:
    """Whether it is a report, by what it says: it takes a sign that a program wrote it, and a subject or a sentence that tells why."""
    if message.get("X-Failed-Recipients") and not threads.GOES_ON.match(subject_of(message)):
        return True
    machine = signs_of_a_program(message, null_sender)
    if not machine or VACATION.search(subject_of(message)):
        return False
    # An answer has the subject of the mail that it answers: what that says is not what happened.
    says = 0 if threads.GOES_ON.match(subject_of(message)) else 2 * bool(SUBJECT.search(subject_of(message)))
    says += 2 * bool(SENTENCE.search(text[:6000]))
    return machine + says >= 4


def signs_of_a_program(message: Message, null_sender: bool = False) -> int:
    """0 to 4: a daemon as sender counts most, then the null sender, and that it answers automatically."""
    path = header(message, "Return-Path").strip()
    null = null_sender or path == "<>" or bool(re.search(r"(?i)<?mailer-daemon", path))
    submitted = header(message, "Auto-Submitted").lower()
    automatic = (
        submitted.startswith("auto-") and "replied; vacation" not in submitted or "report" in message.get_content_type()
    )
    nobody = re.search(r"(?i)no-?_?reply|do-?_?not-?_?reply", header(message, "From")) and returns_one(message)
    sender = daemon(header(message, "From"))
    if sender == 1 and TITLE.search(subject_of(message)):
        sender = 2
    return sender + null + automatic + (2 if nobody else 0)


def daemon(sender: str) -> int:
    """2: no person has such an address; 1: the person who looks after the mail has, too."""
    found = ADDRESS.findall(sender)
    local, _, domain = found[-1].partition("@") if found else ("", "", "")
    name = sender.rpartition("<")[0] or sender.partition("(")[2]
    notifies = local.lower() in ("no-reply", "noreply") and domain.lower() == "sns.amazonaws.com"
    if not found or notifies or DAEMON.search(local) or DAEMONS_NAME.search(name):
        return 2
    return int(bool(POSTMASTER.search(local)))


def returns_one(message: Message) -> bool:
    """Whether a mail, or the headers of one, is in it."""
    return any(part.get_content_type() in ("message/rfc822", "text/rfc822-headers") for part in leaves(message))


def subject_of(message: Message) -> str:
    """The subject, decoded as far as it needs to be to be recognised."""
    return text_of(header(message, "Subject").encode("utf-8", "surrogateescape"))[:300]


def header(message: Message, name: str) -> str:
    return str(message.get(name) or "")[:1000]


def delayed(message: Message, text: str) -> bool:
    """Whether it only tells that the mail is late."""
    says = subject_of(message) + "\n" + text[:6000]
    return bool(DELAYED.search(says)) and not FINAL.search(says)
