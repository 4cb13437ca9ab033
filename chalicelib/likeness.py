"""Whether two letters of one sender say the same, or nearly so: the impatient customer writes again. Pure."""

import base64
import hashlib
import re
import unicodedata
import zlib

from chalicelib import follow_up, reply_marks, reply_signature, threads
from chalicelib.mail import Mail
from chalicelib.queues import Queue

MOST_WORDS = 40  # of a gist: the lowest hashes of all words, so that two long letters can be compared by few
SHORTEST_WORD = 3
MOST_SIGNED = 8  # lines of a signature
STEM = 6  # letters: what follows is mostly grammar, in English as in Russian
ALIKE = 0.5  # share of common words above which two letters ask the same
ALIKE_BY_TITLE = 0.2  # where their subjects, of more than one word, are the same
FEWEST_WORDS = 4  # fewer than that say nothing: “please help me”


def sender_of(email: str, queue: Queue) -> str:
    """One name for all that somebody writes to a queue."""
    return hashed(f"{email}\n{queue.id}")


def letter_of(mail: Mail) -> str:
    """One name for all letters of a sender that say the same, however they are wrapped.

    Authenticated letters have other names than those that merely claim their sender, and so have those of a contact form, which
    writes for everybody, by where their answers go. A letter that says nothing is like no other.
    """
    answers = sorted(each.email for each in mail.reply_to)
    told = exact(own_words(mail))
    files = sorted(hashlib.sha256(part.content).hexdigest() for part in mail.attachments)
    said = [str(mail.authenticated), *answers, exact(subject_of(mail)), told, *files]
    return hashed("\n".join(said if told or files else [*said, mail.digest]))


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def visible(mail: Mail) -> str:
    """“See below” over another forwarded mail is another letter."""
    folds = mail.fold is not None and not follow_up.FORWARD.match(mail.subject)
    return mail.text[: mail.fold] if folds else mail.text


def own_words(mail: Mail) -> str:
    """All of it but the signature that a program has put there: what differs below, two quoted errors, two addresses or two
    letters that are handed on, matters."""
    if mail.fold is None or follow_up.FORWARD.match(mail.subject):
        return mail.text
    below = [line.rstrip("\r") for line in mail.text[mail.fold :].splitlines() if line.strip()]
    return mail.text[: mail.fold] if below and is_signature(below) else mail.text


def is_signature(lines: list[str]) -> bool:
    """Whether these are nothing but a program's: what looks like a quote, or goes on for long, is not."""
    quote = any(reply_marks.quoted(line) or reply_marks.original(line) for line in lines)
    marked = lines[0] == "-- " and len(lines) <= MOST_SIGNED
    return marked and not quote or len(lines) == 1 and reply_signature.sent_from(lines[0])


def exact(text: str) -> str:
    """Words, numbers with their signs, and whatever else is meant by a sign; case, punctuation and white space change nothing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found = re.findall(r"[-+−]\d\w*|\w+|[^\w\s]", folded)
    return " ".join(each for each in found if len(each) > 1 or each.isalnum() or is_sign(each)) or folded.strip()


def is_sign(char: str) -> bool:
    return unicodedata.category(char).startswith("S") and char not in "<>|`^~"


def title(mail: Mail) -> str:
    return normal(subject_of(mail))


def subject_of(mail: Mail) -> str:
    bare = threads.PREFIXES.sub("", mail.subject, count=1)
    return follow_up.FORWARD.sub("", bare, count=1)


def normal(text: str) -> str:
    """Letters and digits only: case, punctuation and white space do not change what a letter says."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", folded))


# -- nearly the same


def gist(mail: Mail) -> str:
    """What a letter is about, in some 200 characters: a hash of its subject, then those of some of its words."""
    subject = title(mail)
    words = normal(f"{mail.subject}\n{visible(mail)}").split()
    stems = {zlib.crc32(word[:STEM].encode()) & 0xFFFFFF for word in words if len(word) >= SHORTEST_WORD}
    head = zlib.crc32(subject.encode()) & 0xFFFFFF if " " in subject else 0
    return base64.b64encode(b"".join(each.to_bytes(3, "big") for each in (head, *sorted(stems)[:MOST_WORDS]))).decode()


def alike(one: str, other: str) -> bool:
    """Whether two gists are of letters that ask the same (bottom-k estimate of the Jaccard index of their words)."""
    (head, *words), (other_head, *other_words) = parts(one), parts(other)
    fewest = min(len(words), len(other_words))
    if fewest < FEWEST_WORDS:
        return False
    lowest = sorted({*words, *other_words})[:MOST_WORDS]
    share = len(set(lowest) & set(words) & set(other_words)) / len(lowest)
    return share >= (ALIKE_BY_TITLE if head and head == other_head else ALIKE)


def parts(gist: str) -> list[int]:
    data = base64.b64decode(gist)
    return [int.from_bytes(data[at : at + 3], "big") for at in range(0, len(data), 3)]
