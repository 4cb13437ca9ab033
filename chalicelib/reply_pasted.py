"""A mail that the sender himself has put into his letter, to write on below it. No mark tells it from the quote of a program,
but what comes last does: his own name, or in a letter that answers nothing, a question. Pure.
"""

import re

from chalicelib import reply_marks, reply_signature
from chalicelib.lazily import Lazily
from chalicelib.reply_marks import blank

LAST = 5  # lines in which a name is looked for, an office and a telephone below it
ASKED = Lazily(r"\?[\s)\"'»”*_!?]*\Z")


def goes_on(below: str, sender: str, answers: bool) -> bool:
    """Whether words of the sender's stand at the end of `below`, which begins with the headers of another's mail."""
    lines = [line.rstrip("\r") for line in below.split("\n")]
    first = next((at for at, line in enumerate(lines) if not blank(line) and not reply_marks.rule(line)), len(lines))
    heads = head(lines, first)
    if not heads or any(map(reply_marks.quoted, lines)):
        return False
    rest = lines[first + heads :]
    return signed(rest, lines, sender) or not answers and asks(rest, sender)


def head(lines: list[str], at: int) -> int:
    """How many lines the announcement takes, the fields below it included; 0: there is none."""
    if at >= len(lines):
        return 0
    end = at + int(reply_marks.original(lines[at]))
    block = (reply_marks.header_block(lines, end) or reply_marks.attribution(lines, end)) if end < len(lines) else 0
    while not block and at < end < len(lines) and reply_marks.FIELD.match(lines[end][: reply_marks.LONGEST]):
        end += 1
    return end + block - at


def signed(rest: list[str], lines: list[str], sender: str) -> bool:
    """Whether it ends with his name although none of the mails in it is his."""
    name, _, address = sender.casefold().rpartition(" ")
    words = set(re.findall(r"[^\W\d_]{3,}", name))
    last = [line[: reply_marks.LONGEST] for line in rest if not blank(line)][-LAST:]
    # Programs put a signature with its delimiter below whatever they quote.
    if not any(names(line, words) for line in last) or any(map(reply_signature.DELIMITER.match, last)):
        return False
    return not any(is_his(line.casefold(), words, address) for line in lines)


def names(line: str, words: set[str]) -> bool:
    """Whether the line is nothing but his name, or a part of it; with a comma it greets him."""
    told = set(re.findall(r"[^\W\d_]{3,}", line.casefold()))
    return bool(told) and told <= words and bool(reply_signature.SIGNED.match(line)) and not line.rstrip().endswith(",")


def is_his(line: str, words: set[str], address: str) -> bool:
    """Whether the line, in small letters, says that he has written what comes next."""
    line = line[: reply_marks.LONGEST]
    field = reply_marks.FIELD.match(line)
    if field:
        told = line[field.end() :]
        return field.lastgroup == "from" and (address in told or words <= set(re.findall(r"[^\W\d_]+", told)))
    return address in line or bool(reply_marks.attribution([line], 0)) and words <= set(re.findall(r"[^\W\d_]+", line))


def asks(rest: list[str], sender: str) -> bool:
    """Whether a paragraph of its own comes last, above his signature, and asks something."""
    end = reply_signature.start(rest, sender=sender)
    paragraphs = re.split(r"\n\s*\n", "\n".join(rest[:end]).strip())
    return len(paragraphs) > 1 and any(ASKED.search(line[-100:]) for line in paragraphs[-1].split("\n"))
