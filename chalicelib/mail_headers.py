"""Who, to whom, when, about what, in answer to what: the headers of a mail as people meant them."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from html.entities import html5

from chalicelib.article import Address
from chalicelib.mail_words import decoded, one_line, text_of, unlabelled

MAX_ADDRESSES, MAX_REFERENCES, MAX_ID = 500, 200, 998

TOKEN = re.compile(r"""\s+|"(?:[^"\\]|\\.)*"?|<[^<>]*>?|[,;:]|[^\s",;:<>()]+|[()<>]""", re.S)
MAILBOX = re.compile(r"[^\s<>()\[\],;:\"@]+@(?:[^\s<>()\[\],;:\"@]+|\[[^\]\s]*\])")
SPACED_DOMAIN = re.compile(r"@[\w-]+(?:\s*\.\s*[\w-]+)+")
INVISIBLE = re.compile(r"[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
QUOTED_LOCAL = re.compile(r'"(?:[^"\\]|\\.)*"@[\w.-]+')


def subject(value: bytes, hint: str = "") -> str:
    """The subject in one line, without the entities that programs leave which write it as HTML (`&quot;`, `&#8470;`)."""
    return " ".join(ENTITY.sub(character, text_of(value, hint)).split())


def character(entity: re.Match[str]) -> str:
    """What the entity stands for; itself where it is none, or stands for what nobody would see."""
    found = unescape(entity[0]) if entity[0][1] == "#" else html5.get(entity[0][1:], "")
    found = " " if found.isspace() else found
    return found if found.isprintable() and found else entity[0]


def addresses(value: bytes, hint: str = "") -> tuple[Address, ...]:
    """The mailboxes of From, To, Cc, ...: groups opened, encoded names decoded, malformed ones as far as they make sense."""
    text = re.sub(r"\s*\n\s*", " ", unlabelled(value, hint))
    found = tuple(read_all(text))
    if "=?" in text and not any(
        "@" in each.email for each in found
    ):  # `Name <address>` in an encoded word, or half of it
        found = tuple(read_all(decoded(text))) or found
    return found or tuple(Address(clean(each)) for each in MAILBOX.findall(text)[:MAX_ADDRESSES])


def read_all(text: str) -> list[Address]:
    if text.count('"') % 2:  # one quote that nobody closed would swallow the rest
        text = text.replace('"', "")
    found: list[Address] = []
    for phrase in phrases(text):
        if address := mailbox(phrase):
            found.append(address)
        if len(found) >= MAX_ADDRESSES:
            break
    return found


def phrases(text: str) -> list[list[str]]:
    """The tokens of each mailbox. Splits at commas and semicolons, drops comments' nesting but keeps their tokens marked by
    a leading `(`, and forgets what stands before a group's colon."""
    out: list[list[str]] = [[]]
    depth = 0
    for token in TOKEN.findall(text):
        if token == "(":
            depth += 1
        elif token == ")":
            depth = max(0, depth - 1)
        elif depth:
            out[-1].append("(" + token)
        elif token in ",;":
            out.append([])
        elif token == ":" and not any("@" in part for part in out[-1]):
            out[-1] = []
        else:
            out[-1].append(token)
    return with_surnames([phrase for phrase in out if any(not part.isspace() for part in phrase)])


def with_surnames(phrases: list[list[str]]) -> list[list[str]]:
    """`Doe, Carla <carla@...>` without quotes is one mailbox: what stands before the comma is no address, so it is a name."""
    whole: list[list[str]] = []
    for phrase in phrases:
        before = whole[-1] if whole else ["@"]
        name_only = not any("@" in part or part[0] in "<(" for part in before)
        if name_only and any(part.startswith("<") for part in phrase):
            whole[-1] = [*before, ",", " ", *trimmed(phrase)]
        else:
            whole.append(phrase)
    return whole


def trimmed(phrase: list[str]) -> list[str]:
    return phrase[1:] if phrase[0].isspace() else phrase


def mailbox(tokens: list[str]) -> Address | None:
    """An address from the tokens of one mailbox: `<...>` first, else the first thing with an @; None where there is neither."""
    bare = [token for token in tokens if not token.startswith("(")]
    angle = next((token for token in reversed(bare) if token.startswith("<") and "@" in token), None)
    if angle is None:
        angle = next((token for token in reversed(bare) if token.startswith("<") and len(token) > 2), None)
    if angle is not None:
        email = angle.strip("<> \t").removeprefix("mailto:")
        email = re.sub(r"^@[^:]*:", "", re.sub(r"\([^()]*\)", "", email))  # comments, source route (RFC 5322 4.4)
        name = [token for token in bare if token is not angle and token.strip("<>")]
        return Address(clean(email), name_of(name) or comment_of(tokens)) if clean(email) else None
    joined = SPACED_DOMAIN.sub(lambda each: re.sub(r"\s", "", each[0]), "".join(bare))
    found = QUOTED_LOCAL.search(joined) or MAILBOX.search(decoded(joined) if "=?" in joined else joined)
    if not found:
        return local_only(tokens, bare)
    rest = [token for token in bare if found[0] not in token and token.strip("'\"<> ") not in found[0]]
    return Address(clean(found[0].strip("'")), name_of(rest) or comment_of(tokens))


def local_only(tokens: list[str], bare: list[str]) -> Address | None:
    """A mailbox of the machine that sent it, as in `MAILER-DAEMON (Mail Delivery System)`."""
    words = "".join(bare).strip()
    local = re.fullmatch(r"[\w.+-]{1,64}", words)
    return Address(words.lower(), comment_of(tokens)) if local and comment_of(tokens) else None


def clean(email: str) -> str:
    email = one_line(decoded(email)) if "=?" in email else one_line(email)
    return re.sub(r"\s+", "", INVISIBLE.sub("", email)).strip("'.,;").lower()[:320]


def name_of(tokens: list[str]) -> str:
    """The display name: quotes and escapes undone, encoded words decoded, an address as name kept as it is."""
    parts = [
        re.sub(r"\\(.)", r"\1", token[1:].removesuffix('"')) if token.startswith('"') else token for token in tokens
    ]
    name = re.sub(r" {2,}", " ", one_line(decoded("".join(parts))))
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return re.sub(r"(?<=\S)\s*<[^<>\s]+@[^<>\s]+>\Z", "", name)[:300]


def comment_of(tokens: list[str]) -> str:
    """The name as it was written in old mails: address (Name)."""
    return one_line(decoded("".join(token[1:] for token in tokens if token.startswith("("))))[:300]


def message_ids(value: bytes) -> tuple[str, ...]:
    """The ids in Message-ID, In-Reply-To or References, without brackets, oldest first; of too many the first and the newest."""
    text = decoded(unlabelled(value))
    found = re.findall(r"<\s*([^<>]+?)\s*>", text) or [
        word.strip("<>,;") for word in text.split() if "@" in word or len(text.split()) == 1
    ]
    ids = [re.sub(r"\s+", "", one_line(each)) for each in found]
    unique = tuple(dict.fromkeys(each[:MAX_ID] for each in ids if each))
    return unique[:1] + unique[1:][1 - MAX_REFERENCES :]


def date_of(value: bytes) -> datetime | None:
    """The Date as an aware UTC datetime; None where it is missing or makes no sense."""
    text = re.sub(r"\([^()]*\)", " ", one_line(unlabelled(value)[:200]))
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
