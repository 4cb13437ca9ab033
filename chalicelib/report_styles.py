"""Reports that say in plain words whom they are about: qmail, exim, old sendmails, Exchange, Domino, and many others.

Not one parser for each program, but the few shapes that they have in common: an address and a colon, an address alone in its
line, an address behind certain words. Only what stands above the returned mail is read.
"""

import re
from collections.abc import Iterable

from chalicelib.lazily import Lazily
from chalicelib.report_fields import ADDRESS, CODE, STATUS, Row

MAX_LINES, MAX_REASON = 1500, 1200

RETURNED = Lazily(
    r"(?im)^[ \t*>#=-]*+(?:"
    r"below this line is (?:a copy|the (?:orig|returned))|this is a copy of (?:the|your) (?:orig|mess|first)|(?:below|here) is a copy of"
    r"|(?:the )?(?:original|returned|unsent|rejected|undelivered|your) message(?: (?:follows|below|headers?|text|contents?|is|as received|header follows))?\s*[:.-]*\s*-*$"
    r"|original (?:mail|message) (?:as |follows|attached|text|headers)|message (?:headers? follow|text follows)|unsent message|returned mail follows"
    r"|included is a copy of|the (?:header|first|body|headers) of the original|a copy of the original message below|original message:?"
    r"|(?:begin|start) of (?:original|returned)|copy of (?:your )?(?:original )?message|mensaje original|mensagem original|message d'origine|ursprüngliche nachricht"
    r"|the original message (?:is included|headers)|message header|(?<=-)forwarded message|forwarded message -+|texte original"
    r"|以下是|オリジナル|元のメール|原信|(?<=-------)original message)[^\n]{0,60}$"
)
HEADERS = Lazily(r"(?m)^(?:Return-Path|Received): ?[^\n]*\n(?:[ \t][^\n]*\n|[A-Z][\w-]+:[^\n]*\n){2}")

WRAPPED = r"[\s*>•·-]*[\"'<(\[]{0,2}"
AT_COLON = Lazily(
    rf"{WRAPPED}({ADDRESS.pattern})[\"'>)\]]{{0,2}}(?:\s*\([^)]{{0,200}}\)|\s*<[^>]{{0,200}}>|\[mailto:[^\]]*\])?\s*[:：]"
)
ALONE = Lazily(
    rf"{WRAPPED}({ADDRESS.pattern})[\"'>)\];,.]{{0,3}}(?:\s*<(?:mailto:)?[^>]{{0,200}}>|\s*\([^)]{{0,200}}\)?|\s*\[[^\]]{{0,200}}\]?|\s+on \w{{3,9}},? .{{0,60}}"
    rf"|\s+on \d.{{0,40}})?\s*[-.]*\Z"
)
NUMBERED = Lazily(rf"\s*(?:<<< )?[45]\d\d[ -][^@]{{0,40}}?<({ADDRESS.pattern})>\s*(?:\.\.\.|:)")
BEHIND = Lazily(
    rf"(?:rcpt to|recipient(?:\(s\)|s)?(?: address)?|failed recipient|final-recipient|original-recipient|error-for|delivered to|undeliverable\s+to|attempts"
    rf"|userid|(?:deliver|send)\w*\s+(?:your\s+|the\s+|this\s+|a\s+)?(?:message|mail|e-mail|email)?\s*(?:was\s+|has\s+)?to|(?:message|mail|delivery) to"
    rf"|mailbox is full|for user|user unknown|unknown user|did not reach[\w ]*|address(?:\(es\)|es)?|your m\w+ to|mailbox for|dda:smtp|addressed to)(?!\w)"
    rf"\s*[:=(]?\s*(?:rfc822;)?\s*[\"'<(\[]{{0,2}}({ADDRESS.pattern})",
    re.I,
)
NOT_THEM = Lazily(
    r"(?i)mail from:|^\s*(from|sender|return-path|reply-to|cc|subject|contact|postmaster|message-id|x-[\w-]+)\s*:|contact\b|envelope-from|sent by"
    r"|message-id|expanded from:?\s*<?\Z|reply to\b"
)
HIS_OWN = Lazily(r"(?i)mailer-daemon@|postmaster@|mail-daemon@|no-?reply@|abuse@")


def above_original(text: str) -> tuple[str, str]:
    """What the program says, and the returned mail below it."""
    text = text[:300_000]
    cuts = [
        found.start()
        for found in (RETURNED.search(text, 1), HEADERS.search(text, 1))
        if found and text[: found.start()].strip()
    ]
    at = min(cuts, default=len(text))
    return text[:at], text[at:]


def told(text: str, ours: Iterable[str]) -> list[Row]:
    """The recipients that the words tell of, without our own addresses; the surest shape that yields any decides."""
    lines = text.split("\n")[:MAX_LINES]
    ours = set(ours)
    for shape in (colons, alone, behind, anywhere):
        found = [(at, email.lower()) for at, email in shape(lines)]
        others = [each for each in found if each[1] not in ours and not HIS_OWN.match(each[1])]
        others = others or [each for each in found if shape is not anywhere and each[1] not in ours]
        if others:
            return rows_of(lines, others)
    return []


def colons(lines: list[str]) -> list[tuple[int, str]]:
    found = []
    for at, line in enumerate(lines):
        match = AT_COLON.match(line[:400]) or NUMBERED.match(line[:400])
        if match and not NOT_THEM.search(line[: match.start(1)]):
            found.append((at, match[1]))
    return found


def alone(lines: list[str]) -> list[tuple[int, str]]:
    return [(at, match[1]) for at, line in enumerate(lines) if (match := ALONE.match(line[:400].rstrip()))]


def behind(lines: list[str]) -> list[tuple[int, str]]:
    """Behind such words, in the same line or the next one."""
    found = []
    for at, line in enumerate(lines):
        both = line[:400] + " " + (lines[at + 1][:200].strip() if at + 1 < len(lines) else "")
        match = BEHIND.search(both)
        if match and match.start() <= len(line[:400]) and not NOT_THEM.search(both[: match.start(1)][-40:]):
            found.append((at, match[1]))
    return found


def anywhere(lines: list[str]) -> list[tuple[int, str]]:
    return [
        (at, match[0])
        for at, line in enumerate(lines)
        for match in ADDRESS.finditer(line[:400])
        if not NOT_THEM.search(line[: match.start()])
    ]


def rows_of(lines: list[str], found: list[tuple[int, str]]) -> list[Row]:
    """Each address once, with the lines from its own to the next address as the reason."""
    rows: dict[str, Row] = {}
    for (at, email), (until, _) in zip(found, [*found[1:], (len(lines), "")], strict=True):
        reason = " ".join(" ".join(lines[at : max(until, at + 1)]).split())[:MAX_REASON]
        before = rows.get(email)
        if before is None or not before.status and STATUS.search(reason):
            status = STATUS.search(reason)
            rows[email] = Row(email, "", status[1] if status else None, reason)
    return list(rows.values())


GONE = Lazily(
    r"(?i)(user|recipient|mailbox|address|account|host|domain|adressat|local part)[\w' ]{0,30}(unknown|not? (found|exist|recogni[sz]ed|listed|valid)|doesn'?t exist"
    r"|does not exist|disabled|discontinued|invalid|inactive)|unknown[\w ]{0,12} (user|recipient|address|host|domain)|no such (user|recipient|address|mailbox|domain|person)"
    r"|no mailbox here|invalid (user|recipient|address|final)|unrouteable address|dns lookup fail|host (name )?(\S+ )?(lookup|unknown|not found)|nxdomain|no valid recipient"
    r"|name is not recogni[sz]ed|not listed in|couldn'?t be found|no longer (valid|active|exists)|address not found|nobody here|permanent (error|fail|fatal)"
    r"|failed permanently|has been disabled|nicht bekannt|unbekannt|неизвестен|не существует|недействителен|n'existe pas|no existe|non esiste|não existe|存在しません|不存在"
)
FULL = Lazily(
    r"(?i)mailbox (is )?(full|exceed)|over ?quota|quota|mailfolder is full|exceeds? (the )?(size|limit|maximum)|too (large|big|long)|insufficient (system|disk)"
)


def permanent(row: Row) -> bool | None:
    """By the status's class, else by the reply code, else by what it says; None: cannot be told."""
    if row.action == "delayed":
        return False
    if row.status and not row.status.endswith(".0.0"):
        return row.status.startswith("5")
    code = CODE.search(row.diagnostic)
    if code or row.status:
        return (code[1] if code and not row.status else row.status or "").startswith("5")
    if FULL.search(row.diagnostic):
        return None
    return True if GONE.search(row.diagnostic) else None
