"""Every mail of a corpus through the real parser: `python -m dev.corpus CASES.jsonl [OUT]` writes one JSON line a case.

The lines are what the corpus's own README asks for, so that its grade.py can judge them. Files are looked up beside CASES.
"""

import base64
import hashlib
import json
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from chalicelib import incoming, visible_reply

Line = dict[str, Any]


def main(cases_path: str, out: str | None = None) -> None:
    """Writes the result lines to `out`, or to the standard output."""
    with open(out, "w", encoding="utf-8") if out else nullcontext(sys.stdout) as target:
        for line in results(Path(cases_path)):
            target.write(json.dumps(line) + "\n")


def results(cases: Path) -> Iterator[Line]:
    for text in cases.read_text(encoding="utf-8").split("\n"):
        if text.strip():
            yield result(json.loads(text), cases.parent)


def result(case: Line, folder: Path) -> Line:
    raw = (folder / case["path"]).read_bytes()
    began = time.perf_counter()
    try:
        line = KINDS[case["input_kind"]](raw)
    except Exception as error:  # the whole corpus is told, also what crashes
        line = {"error": f"{type(error).__name__}: {error}"}
    return {"path": case["path"], **line, "seconds": round(time.perf_counter() - began, 4)}


def of_mail(raw: bytes) -> Line:
    try:
        return said(incoming.read(raw))
    except incoming.NotMail as error:
        return {"error": None, "text": "", "not_mail": str(error)}


def said(mail: incoming.Mail) -> Line:
    # As the desk does: who wrote it, and whether it answers anything, decides what is folded.
    split = visible_reply.split(mail.text, incoming.named(mail.sender), incoming.answers(mail))
    return {
        "from_email": mail.sender.email if mail.sender else None,
        "from_name": mail.sender.name if mail.sender else mail.headers.get("from"),
        "to_emails": [each.email for each in mail.to],
        "cc_emails": [each.email for each in mail.cc],
        "reply_to": ", ".join(map(str, mail.reply_to)) or None,
        "subject": mail.subject,
        "message_id": mail.message_id,
        "in_reply_to": " ".join(mail.in_reply_to) or None,
        "references": list(mail.references),
        "text": mail.text,
        "html": mail.html,
        "attachments": list(map(file, mail.attachments)),
        "visible_reply": split.visible,
        "signature": split.signature,
        "is_auto_reply": mail.out_of_office or mail.automatic and mail.report is None and not mail.is_list,
        "broken": mail.broken,
        "language": mail.language,
        **bounce(mail),
    }


def bounce(mail: incoming.Mail) -> Line:
    report = mail.report
    if report is None or report.kind == "complaint":
        return {"is_bounce": False}
    told = [each.permanent for each in report.recipients if each.permanent is not None]
    return {
        "is_bounce": True,
        "failed_recipients": [each.email for each in report.recipients],
        "permanent_failure": any(told) if told else None,
    }


def file(part: incoming.Part) -> Line:
    return {
        "filename": part.filename,
        "content_type": part.content_type,
        "size": len(part.content),
        "md5": hashlib.md5(part.content, usedforsecurity=False).hexdigest(),
        "inline": part.inline,
        "content_id": part.content_id,
    }


def of_text(raw: bytes) -> Line:
    split = visible_reply.split(raw.decode("utf-8", "replace"))
    return {"visible_reply": split.visible, "signature": split.signature}


def of_html(raw: bytes) -> Line:
    split = visible_reply.split_html(raw.decode("utf-8", "replace"))
    return {"visible_reply": split.visible, "signature": split.signature}


def of_tnef(raw: bytes) -> Line:
    """As if it came as the winmail.dat of a mail that says nothing."""
    coded = base64.encodebytes(raw)
    return said(
        incoming.read(
            b"From: a@b.example\nContent-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n" + coded
        )
    )


def of_msg(raw: bytes) -> Line:
    """Outlook's own format is kept as a file, never opened."""
    return {"text": "", "attachments": []}


KINDS = {"raw_mail": of_mail, "plain_text": of_text, "html": of_html, "tnef": of_tnef, "msg": of_msg}

if __name__ == "__main__":
    main(*sys.argv[1:3])
