"""Where the signature begins at the end of what somebody wrote: `-- `, "Sent from my iPhone", "Best regards,", a block of contacts."""

import re
from collections.abc import Sequence
from functools import partial

from chalicelib import reply_words as words
from chalicelib.lazily import Lazily
from chalicelib.reply_marks import blank, either

LONGEST_LINE, MOST_LINES, MOST_FOOTER_LINES = 70, 10, 25

DELIMITER, LIKE_ONE = Lazily(r"\s*(--|__)\s*\Z"), Lazily(r"\s*(—|–|-- -|---)\s*\Z")
UNDERSCORES = Lazily(r"\s*_{5,}\s*\Z")
SENT_FROM = Lazily(rf"[\s*_–—-]*{either(*words.SENT_FROM.values())}", re.I)
SENT_END = Lazily(rf"{either(words.SENT_ENDS)}[.!]?\s*\Z", re.I)
DEVICE = Lazily(
    r"iphone|ipad|ipod|android|samsung|galaxy|blackberry|windows|outlook|mail|nokia|xperia|huawei|xiaomi|redmi|pixel|htc|mobil|telefon|phone"
    r"|handy|tablet|yahoo|gmail|телефон|яндекс|смартфон|планшет|手机|smartphone|proton|thunderbird|k-9|spark|sparrow|bluemail|typeapp|wiko|device"
    r"|appareil|dispositivo|gerät|mobile|почт|пошт|app\b",
    re.I,
)
DEVICE_LINE = Lazily(rf"\s*{either(*words.SENT_FROM.values())}", re.I)
CLOSING = Lazily(rf"[\s*_-]*{either(words.CLOSINGS)}\s*[,.!;:)，。！、]*(?:\s*[:;]-?\))?[\s*_]*\Z", re.I)
THANKS = Lazily(rf"[\s*_-]*{either(words.THANKS)}\s*[,.!;:)，。！、]*(?:\s*[:;]-?\))?[\s*_]*\Z", re.I)
CLOSING_NAME = Lazily(
    rf"[\s*_-]*(?i:{either(words.CLOSINGS, words.THANKS)})\s*[,.!]\s*(?:[A-ZÀ-ÞА-ЯЁІЇЄҐ][\w.'-]*\s*){{1,3}}\Z"
)
CONTACT = Lazily(
    r"@\w|https?://|www\.|(?:\+|\b00)\d[\d ()/.-]{6,}|\(\d{2,5}\)\s*\d|\b(?:tel|phone|fax|mobile?|cell|тел|моб|telefon|mobil|handy|t|m|f)\b\.?\s*:",
    re.I,
)
NAME = Lazily(r"(?:#sig#)?[A-ZÀ-ÞА-ЯЁІЇЄҐ][\w.'’-]+(?:\s+[A-ZÀ-ÞА-ЯЁІЇЄҐ][\w.'’-]*){1,3}(?:,\s*[\w. ]{1,12})?\s*\Z")
SIGNED = Lazily(r"[\s*_-]*(?:#sig#)?[A-ZÀ-ÞА-ЯЁІЇЄҐ][\w.'’-]*(?:[ ,]+[A-ZÀ-ÞА-ЯЁІЇЄҐ][\w.'’-]*){0,3}[ ,]*\Z")
# What is said below a name all the same
MORE = Lazily(
    r"\s*(?:p\.? ?p?\.? ?s\b|п\.? ?с\b|з\.? ?ы\b)|.{0,60}(?:во вложени[ия]|приложени[ея]:|attached\b|enclosed\b)", re.I
)
# What was asked for: an order's number, a serial number; a firm's own numbers (VAT, register) are no such thing
NUMBER = Lazily(
    r"[\s*•–-]*(?:(?:мой|наш|номер|my|our|the) )?(?:заказ\w{0,2}|заявк\w|обращени\w|договор\w{0,2}|сч[её]т\w{0,2}|лицевой сч[её]т|накладн\w{1,2}|трек(?:-номер)?|серийный номер"
    r"|зав(?:одской|\.) ?(?:номер|№)|инвентарный номер|артикул|order|invoice|contract|ticket|request|case|reference|ref|serial|s/n|sn|tracking|parcel|booking|customer|account|imei"
    r"|(?=№|#))[ \t.:#№-]{0,4}(?:(?:number|no|nr|номер|№|is|:)[ \t.:#№-]{0,4}){0,2}(?=[\w/-]{0,20}\d)[\w/-]{3,30}\b",
    re.I,
)
# ... and above the farewell it is said that something follows
FOLLOWS = Lazily(
    r"\b(?:below|as follows|following|ниже|следующ\w{2,3}|под подписью|после подписи)\b|(?:адрес|address|телефон|phone|номер|number|реквизиты|данные|details)\w{0,2}\s*:\s*\Z",
    re.I,
)
FORM = Lazily(r"\s*[^\W\d][\w /-]{1,30}:\s*\S")
SENTENCE = Lazily(r"\s*(?:\S+\s+){2,}\S*[\w)\"'»”][.!?]\s*\Z")
ITEM = Lazily(r"\s*(?:\d{1,2}[.)]|[-*•–])\s+\S")
SURNAME = Lazily(r"\s*[A-ZÀ-ÞА-ЯЁІЇЄҐ][\w'’-]+\s+(?:[A-ZА-ЯЁІЇЄҐ]\.\s?){1,2}[,;]?\s*\Z")


def start(lines: Sequence[str], alone: bool = False, sender: str = "") -> int | None:
    """The index of the line at which the signature begins that these lines end with; None: there is none.
    At least one line that says something stays above it, unless it may stand `alone`. `sender`: name and address, if known."""
    first = next((index for index in range(len(lines)) if not blank(lines[index])), len(lines))
    if first == len(lines):
        return None
    found = begin_of(lines, first - alone, len(lines), sender)
    return found if found is None or found > first else first


def begin_of(lines: Sequence[str], first: int, end: int, sender: str) -> int | None:
    """The earliest of: PGP's signature, a delimiter, a device's line, a closing, contacts; each looked for below `first`."""
    at = None
    for look in (armour, delimiter, device, partial(closing, sender=sender), contacts):
        found = look(lines, first, end if look is delimiter else trimmed(lines, first, end))
        if look is contacts and found is not None and not own(lines[found:end], sender):
            continue
        if found is not None and found > first:
            at = end = found
    return at


def trimmed(lines: Sequence[str], first: int, end: int) -> int:
    while end > first and blank(lines[end - 1]):
        end -= 1
    return end


def armour(lines: Sequence[str], first: int, end: int) -> int | None:
    """The signature of a text that PGP has signed (RFC 4880 7), when nothing stands below it."""
    if lines[end - 1].strip() != "-----END PGP SIGNATURE-----":
        return None
    begins = (at for at in range(end - 1, first, -1) if lines[at].strip() == "-----BEGIN PGP SIGNATURE-----")
    return next(begins, None)


def delimiter(lines: Sequence[str], first: int, end: int) -> int | None:
    """The first `-- ` line below which nothing long comes; a row of underscores when what comes is short (a list's footer)."""
    for at in range(max(first + 1, end - 3 * MOST_FOOTER_LINES), end):
        line = lines[at][:100]
        said = [each for each in lines[at + 1 : end] if not blank(each)]
        if line.rstrip("\r") == "-- " and len(said) <= 3 * MOST_FOOTER_LINES:
            return at
        most = (
            MOST_FOOTER_LINES
            if DELIMITER.match(line)
            else MOST_LINES
            if UNDERSCORES.match(line)
            else 6
            if LIKE_ONE.match(line)
            else 0
        )
        if not 0 < len(said) <= most or not short(said) or goes_on(lines, at, said):
            continue
        if len(said) == 1 and DELIMITER.match(line) or any(map(tells_who, said)):
            return at
    return None


def tells_who(line: str) -> bool:
    """Whether the line is one of a signature's by itself: a name, where he can be found, what he wrote with, a farewell."""
    line = line[:300]
    found = (
        NAME.match(line.strip())
        or SIGNED.match(line)
        or CONTACT.search(line)
        or CLOSING.match(line)
        or THANKS.match(line)
    )
    return bool(found) or sent_from(line)


def goes_on(lines: Sequence[str], at: int, said: Sequence[str]) -> bool:
    """Whether the letter goes on below the line that looks like a delimiter: announced by a colon above, with more fields of
    a form, or in sentences close to it. A motto is one too, but programs leave a line empty above it."""
    above = next((line[:200].rstrip() for line in reversed(lines[max(0, at - 3) : at]) if not blank(line)), "")
    if above.endswith((":", "：")) and not CLOSING.match(above):
        return True
    if FORM.match(above) and FORM.match(said[0][:200]):
        return True
    return not blank(lines[at - 1]) and all(SENTENCE.match(line[:300]) for line in said)


def short(said: Sequence[str]) -> bool:
    """Mostly lines that no one writes a paragraph in."""
    return sum(len(line) > 2 * LONGEST_LINE for line in said) <= len(said) // 4


def device(lines: Sequence[str], first: int, end: int) -> int | None:
    """The line that a telephone adds, when it is the last one or only a few short ones follow."""
    at = end
    for count, index in enumerate(range(end - 1, first, -1)):
        if count > 6:
            break
        if not blank(lines[index]) and sent_from(lines[index]):
            at = index
    if at == end or not blank(lines[at - 1]) and at < end - 1:
        return None
    if not all(blank(line) or tells_who(line) for line in lines[at:end]):
        return None  # he has written on below it
    named = at - 1 > first and NAME.match(lines[at - 1].strip()) and blank(lines[at - 2])
    return at - 1 if named else at


def sent_from(line: str) -> bool:
    """Whether the line is one that a device or a program adds; "Sent from my desk, which is ..." is a sentence."""
    line = re.sub(r"<?https?://\S*|\[[^\]]*\]|\([^)]*\)", " ", line[:300]).strip(" <>")
    if not line or len(line) > 110:
        return False
    begins, ends = SENT_FROM.match(line), SENT_END.search(line)
    if not begins and not (ends and DEVICE.search(line)):
        return False
    told = len(line[begins.end() :].split()) if begins else len(line.split())
    return told <= (9 if DEVICE.search(line) else 6) and "," not in line.rstrip(",")


def closing(lines: Sequence[str], first: int, end: int, sender: str) -> int | None:
    """ "Best regards," and the like, below which only short lines follow: a name, an office, a number."""
    at, below = None, list[str]()
    for index in range(end - 1, first, -1):
        line = lines[index].rstrip()
        if blank(line):
            continue
        if ends(line[:100], below, sender) and not announced(lines, first, index, end):
            at = index
        below.insert(0, line[:100])
        if len(below) > MOST_LINES or sentence(line) and at != index:
            break
    return at


def announced(lines: Sequence[str], first: int, index: int, end: int) -> bool:
    """Whether the letter says above the farewell, in `index`, that something follows, and a paragraph does below the name."""
    parted = any(blank(line) for line in lines[index + 2 : end])
    last = [line[-200:] for line in lines[max(first, 0) : index] if not blank(line)][-2:]
    return parted and any(map(FOLLOWS.search, last))


def ends(line: str, below: Sequence[str], sender: str) -> bool:
    """Whether the letter ends with the line, and what is `below` it belongs to the signature. Thanks end a letter only where
    nothing, other such words or a name come next: "Thanks. But it still does not print."."""
    below = [each for each in below if not DELIMITER.match(each)]
    if not below:
        return bool(CLOSING.match(line) or THANKS.match(line) or CLOSING_NAME.match(line))
    if listed(below) or any(map(MORE.match, below)) or any(map(NUMBER.match, below)):
        return False
    next_ends = CLOSING.match(below[0]) or THANKS.match(below[0])
    return bool(CLOSING.match(line) or THANKS.match(line) and (next_ends or names(below[0], sender)))


def names(line: str, sender: str) -> bool:
    """Whether the line is a name; a single word has to be the sender's, where he is known."""
    if not SIGNED.match(line):
        return False
    words_of = set(re.findall(r"[^\W\d_]+", line.casefold()))
    return not sender or len(words_of) > 1 or bool(words_of & known(sender))


def listed(below: Sequence[str]) -> bool:
    """Whether steps, or several people, are told below the thanks: "1. open app", "Ivanov I. I."."""
    return len(below) > 1 and any(all(map(kind.match, below[:2])) for kind in (ITEM, SURNAME))


def sentence(line: str) -> bool:
    line = line.strip()
    return len(line) > LONGEST_LINE or line.endswith("?") or len(line.split()) > 8


def contacts(lines: Sequence[str], first: int, end: int) -> int | None:
    """The last paragraph, when it is a name and below it telephone numbers, addresses and the like."""
    begin = end
    while begin > first and not blank(lines[begin - 1]):
        begin -= 1
    block = [line.strip() for line in lines[begin:end]]
    if not 2 <= len(block) <= MOST_LINES or not NAME.match(block[0]) or any(map(sentence, block)):
        return None
    telling = sum(bool(CONTACT.search(line)) for line in block[1:])
    return begin if telling >= 1 and 2 * telling >= len(block) - 2 or sent_from(block[-1]) else None


def own(block: Sequence[str], sender: str) -> bool:
    """Whether the contacts are the sender's: without a closing above, a customer gives another's to be called, or added."""
    if not sender or sent_from(block[-1]):
        return True
    address = sender.casefold().rpartition(" ")[2]
    named = known(sender) & set(re.findall(r"[^\W\d_]+", block[0].casefold()))
    return bool(named) or any(address in line.casefold() for line in block)


def known(sender: str) -> set[str]:
    """The words of his name and of his mailbox."""
    name, _, address = sender.casefold().rpartition(" ")
    return set(re.findall(r"[^\W\d_]{3,}", f"{name} {address.partition('@')[0]}"))


def device_above_others(lines: Sequence[str], at: int) -> bool:
    """Whether a paragraph of its own, "Sent from my iPhone", ends the mail although text follows: then that is an unmarked quote."""
    if at and not blank(lines[at - 1]) or not sent_from(lines[at]) or not DEVICE_LINE.match(lines[at]):
        return False
    below = [line for line in lines[at + 1 : at + 3] if not blank(line)]
    return at + 2 < len(lines) and blank(lines[at + 1]) and len(below) == 1 and sentence(below[0])
