"""How a mail finds its ticket again: the tag in the subject, a signed plus-address, a signed reference.

The number is for people and authorises nothing; the signature (80 bits of HMAC-SHA256) does. SES rewrites Message-ID,
so we never thread on our own; References and Reply-To it leaves alone.
"""

import base64
import hashlib
import hmac
import re

LONGEST_SUBJECT = 200
CUT = " [...]"

# ASCII throughout: \d and small letters regardless of case would take digits and letters of other alphabets too.
TOKEN = r"(?P<number>[0-9]{1,40})\.(?P<token>[A-Za-z2-7]{16})"
ADDRESS = re.compile(rf"[^@+\s]+\+{TOKEN}@")
REFERENCE = re.compile(rf"<?[Tt]\.{TOKEN}@")
OWN_ID = re.compile(r"<?[Aa]\.(?P<number>[0-9]{1,40})\.(?P<seq>[0-9]{1,6})\.(?P<token>[A-Za-z2-7]{16})@")

# What mail programs put before the subject of an answer or a forward, by language of the program.
ANSWERS = (
    "re|r|aw|antw|antwort|betr|sv|vs|ha|rif|res|ref|odp|ynt|vá|atb|ats|rép|отв|ответ|відп|на|回复|回覆|答复|答覆|返信"
)
FORWARDS = "fwd|fw|wg|tr|rv|enc|i|vl|vb|doorst|pd|fs|przek|továbbítás|i̇lt|ilt|пересл|переслано|переадр|перенаправлено|转发|轉寄|転送"
WORDS = f"{ANSWERS}|{FORWARDS}"
COUNT = r"\[[0-9]{1,3}\]|\([0-9]{1,3}\)|\^[0-9]{1,3}"
PREFIX = rf"(?:{WORDS}) ?(?:{COUNT})? ?[:：]"
PREFIXES = re.compile(rf"(?:{PREFIX} ?)*", re.IGNORECASE)
# The subject of an answer or a forward. A gateway may have put its own mark before it: [EXTERN] Re: ...
GOES_ON = re.compile(rf"\s*(?:\[[^\]]{{0,60}}\]\s*)?{PREFIX}", re.IGNORECASE)

# Line breaks and other controls would begin headers of somebody else's making, half surrogates cannot be encoded, and
# what turns the direction of writing makes a subject or a file name lie.
UNSPEAKABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


def token(number: str, secret: bytes) -> str:
    digest = hmac.new(secret, f"ticket {number}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()


def valid(number: str, found: str, secret: bytes) -> bool:
    return hmac.compare_digest(token(number, secret).encode(), found.lower().encode(errors="replace"))


def reply_address(queue_address: str, number: str, secret: bytes) -> str:
    """`support+<number>.<token>@domain`: the receipt rule is for the whole domain, so it arrives."""
    local, _, domain = queue_address.rpartition("@")
    return f"{local}+{number}.{token(number, secret)}@{domain}"


def reference(number: str, secret: bytes, domain: str) -> str:
    """A message id that no mail has; in the References of all of ours, so that every answer carries it."""
    return f"<t.{number}.{token(number, secret)}@{domain}>"


def read_token(address: str) -> tuple[str, str] | None:
    """(number, token) of a plus-address, whether the token is right or not."""
    return pair(ADDRESS.match(address))


def read_reference(message_id: str) -> tuple[str, str] | None:
    return pair(REFERENCE.match(message_id))


def read_own_id(message_id: str) -> tuple[str, int, str] | None:
    """(number, seq, token) of the Message-ID that we gave a mail; SES replaces it, other ways out may not."""
    found = OWN_ID.match(message_id)
    return (found["number"], int(found["seq"]), found["token"].lower()) if found else None


def pair(found: re.Match[str] | None) -> tuple[str, str] | None:
    return (found["number"], found["token"].lower()) if found else None


# -- subjects


def number_tag(number: str, hook: str) -> str:
    return f"[{hook}{number}]"


def number_in(subject: str, hook: str) -> list[str]:
    """Numbers that the subject carries, `[Ticket#1]`, `Ticket# 1` and `Ticket#:1` alike, in their order."""
    found = re.findall(tag_pattern(hook) + r"([0-9]{1,40})(?![0-9])", subject, re.IGNORECASE)
    return list(dict.fromkeys(found))


def tag_pattern(hook: str) -> str:
    """What stands before a number (OTRS's forms). Programs that wrap a subject leave a space where there was none."""
    return re.escape(hook) + r"\s?:?\s{0,2}"


def reply_subject(number: str, subject: str, hook: str) -> str:
    """`[Ticket#1] Re: ...` without the tags and prefixes that have piled up."""
    return f"{number_tag(number, hook)} Re: {bare_subject(subject, hook)}".rstrip()


def forward_subject(number: str, subject: str, hook: str) -> str:
    """The same for a letter that is handed on (OTRS)."""
    return f"{number_tag(number, hook)} Fwd: {bare_subject(subject, hook)}".rstrip()


def new_subject(number: str, subject: str, hook: str) -> str:
    """The same for a mail that answers nothing."""
    return f"{number_tag(number, hook)} {bare_subject(subject, hook)}".rstrip()


def bare_subject(subject: str, hook: str) -> str:
    """The subject itself, in one line of at most LONGEST_SUBJECT characters."""
    tag = rf"\[?{tag_pattern(hook)}[0-9]{{1,40}}(?![0-9])\]?\s*"
    bare = one_line(re.sub(tag, " ", one_line(subject), flags=re.IGNORECASE))
    bare = PREFIXES.sub("", bare, count=1)
    return bare if len(bare) <= LONGEST_SUBJECT else bare[: LONGEST_SUBJECT - len(CUT)].rstrip() + CUT


def one_line(text: str) -> str:
    """Whatever it was, it is one line of it now, and can stand in a header."""
    return " ".join(UNSPEAKABLE.sub(" ", text).split())
