"""Stored mails are read once more, because the reader has learned something since: text, HTML, fold and files, nothing else.

What agents did stays as it is, and so does an article that reads the same. Doing it again does no harm.
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from chalicelib import files, history, incoming, letters, store, table
from chalicelib.article import FORGED, Article, StoredFile
from chalicelib.errors import NotFound
from chalicelib.history import Event
from chalicelib.mail import Mail, NotMail, Part
from chalicelib.table import Write

READ, CHANGED, FAILED = "read", "changed", "failed"


def reread(number: str, now: datetime) -> Counter[str]:
    """How many mails of the ticket were read, changed, and could not be read (any more). Raises NotFound."""
    counts: Counter[str] = Counter()
    for article in store.whole(number).articles:
        if article.mail_key:
            counts[READ] += 1
            counts[one(number, article, now)] += 1
    del counts[""]
    return counts


def one(number: str, article: Article, now: datetime) -> str:
    """changed, failed, or nothing."""
    try:
        mail = incoming.read(files.read(article.mail_key or ""))
    except (NotFound, NotMail):
        return FAILED

    def story() -> str:
        # Both as they are now: whatever has changed since the mail was fetched is not undone.
        before, known = store.ticket_and_article(number, article.seq)
        fresh = read_anew(known, mail)
        if fresh == known:
            return ""
        after = replace(before, version=before.version + 1)
        told = store.told(before, Event("Misc", now, history.SYSTEM, detail={"reparsed": article.seq}))
        # A merge may move the article meanwhile: here it is not brought back.
        put = Write(store.article_item(number, fresh), condition="attribute_exists(pk)")
        table.transact([store.ticket_write(before, after), told, put])
        return CHANGED

    try:
        return table.insist(story)
    except (table.Changed, NotFound):  # others keep changing it, or it has been merged away meanwhile
        return FAILED


def read_anew(article: Article, mail: Mail) -> Article:
    """The article as it would be made today. Nothing that could be read before is given up for nothing."""
    if article.text.strip() and not mail.text.strip():
        return article
    attachments = stored(article, mail)
    doubt = FORGED if mail.doubt == FORGED else article.doubt  # whether his signature was valid then is not asked again
    return replace(
        article,
        text=mail.text,
        html=mail.html,
        fold=mail.fold,
        blocked=mail.blocked,
        attachments=attachments,
        doubt=doubt,
    )


def stored(article: Article, mail: Mail) -> tuple[StoredFile, ...]:
    """Files that were there keep their places, new ones follow. Those of infected mail go where the others are."""
    left = list(mail.attachments)
    kept = [renewed(file, part) if (part := taken(left, file)) else file for file in article.attachments]
    # A file that is not found again keeps its place too: it may have been linked to, and nothing is given up for nothing.
    return (*kept, *(put(article, part, letters.infected(mail)) for part in left))


def taken(left: list[Part], file: StoredFile) -> Part | None:
    """The part that this file is; by its content, the name may be what was misread."""
    same = [part for part in left if len(part.content) == file.size]
    if not same or file.quarantined:
        found = next((part for part in same if part.filename == file.filename), None)
    else:
        content = content_of(file)
        found = next((part for part in same if part.content == content), None)
    if found:
        left.remove(found)
    return found


def content_of(file: StoredFile) -> bytes | None:
    try:
        return files.read(file.key)
    except NotFound:
        return None


def renewed(file: StoredFile, part: Part) -> StoredFile:
    return replace(
        file,
        filename=part.filename,
        content_type=part.content_type,
        inline=part.inline,
        content_id=part.content_id,
    )


def put(article: Article, part: Part, infected: bool) -> StoredFile:
    """Named by its content, so that putting it twice does no harm."""
    folder = "quarantine" if infected else "files"
    key = f"{folder}/{(article.mail_key or '').removeprefix('mail/')}/{files.content_name(part.content)}"
    files.put(key, part.content, part.content_type)
    size = len(part.content)
    return StoredFile(key, part.filename, part.content_type, size, part.inline, part.content_id, infected)
