"""What an agent fetches: attachments, mails as they came, and the mails that could not be taken in."""

from datetime import datetime

from chalicelib import access, files, links, records, store
from chalicelib.access import Agent
from chalicelib.article import StoredFile
from chalicelib.config import config
from chalicelib.errors import NotFound, Refused
from chalicelib.records import FailedMail


def attachment(number: str, seq: int, n: int, by: Agent) -> str:
    """A short-lived address of the article's file `n`, counted from 1."""
    ticket, article = store.ticket_and_article(number, seq)
    access.check_read(by, ticket)
    return files.download_url(article.file(n))


def raw(number: str, seq: int, by: Agent) -> str:
    """A short-lived address of the mail as it came."""
    ticket, article = store.ticket_and_article(number, seq)
    access.check_read(by, ticket)
    if article.mail_key is None:
        raise NotFound("This article did not come by mail.")
    if any(file.quarantined for file in article.attachments) and by.role != access.ADMIN:
        raise Refused("A virus was found in this mail; only an administrator may download it.", code="quarantined")
    return files.download_url(StoredFile(article.mail_key, f"{number}-{seq}.eml", "message/rfc822", 0))


def linked(token: str, now: datetime) -> str:
    """Where a link in a letter leads. Raises NotFound for one that is not ours, or has ended."""
    gone = NotFound("This link has ended, or was never ours. Please answer the letter that it came with.")
    found = links.place_of(token, config().secret)
    if found is None:
        raise gone
    number, seq, n = found
    article = store.article(*store.place_of(number, seq))
    file = article.file(n) if article else None
    if file is None or file.link_until is None or file.link_until <= now:
        raise gone
    return files.download_url(file)


def failed_mails(by: Agent) -> list[FailedMail]:
    """Everybody who works here may see them: nobody knows yet whose they are."""
    return records.failed_mails()


def retry(mail_id: str, by: Agent) -> None:
    """Back into `in/`, where the event takes it in anew. Raises NotFound.

    Under a new name: were it to fail again before we have tidied up, we would throw away what that has put into `failed/`.
    """
    if records.failed_mail(mail_id) is None:
        raise NotFound("There is no such failed mail.")
    files.copy(f"failed/{mail_id}", f"in/{next_name(mail_id)}")
    records.drop_failed(mail_id)
    files.delete(f"failed/{mail_id}")


def next_name(mail_id: str) -> str:
    """abc -> abc-retry1 -> abc-retry2"""
    name, _, times = mail_id.rpartition("-retry")
    return f"{name}-retry{int(times) + 1}" if name and times.isdecimal() else f"{mail_id}-retry1"


def failed_raw(mail_id: str, by: Agent) -> str:
    if records.failed_mail(mail_id) is None:
        raise NotFound("There is no such failed mail.")
    return files.download_url(StoredFile(f"failed/{mail_id}", f"{mail_id}.eml", "message/rfc822", 0))
