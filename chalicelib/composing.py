"""From what an agent types to the article that says it: who it goes to, under which subject, with which files."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib import files, html_text, links, mime_out, quoting, safe_html, threads, wire, wording
from chalicelib.access import Agent
from chalicelib.article import AGENT, CUSTOMER, DUE, EMAIL, NOTE, PHONE, Address, Article, Delivery, StoredFile
from chalicelib.config import config
from chalicelib.errors import Refused
from chalicelib.queues import Queue
from chalicelib.settings import settings
from chalicelib.ticket import Ticket

MOST_RECIPIENTS = 50  # of one message (SES quota)
SMALL_PICTURES = 1_000_000  # bytes of all pictures that an answer's quote keeps
CHANNELS = {"reply": EMAIL, "forward": EMAIL, "note": NOTE, "phone": PHONE}


@dataclass(frozen=True)
class NewTicket:
    """What an agent opens by hand: a call that came (`phone`), or a mail that she writes first (`email`).

    `queue` is a full name; `attachments` are upload ids; `time_units` are minutes. As in Saying: `cc`, `send_after`, `hold`.
    """

    channel: str
    queue: str
    customer: Address
    title: str
    text: str
    html: str | None = None
    attachments: tuple[str, ...] = ()
    state: str | None = None
    pending_until: datetime | None = None
    priority: int | None = None
    owner: str | None = None
    time_units: float = 0
    cc: tuple[Address, ...] = ()
    send_after: datetime | None = None
    hold: bool = False


@dataclass(frozen=True)
class Saying:
    """What an agent says in a ticket. `epoch` (of her lock) and `seen` (the last article on her screen) belong to reply and forward.

    `send_after`: leaves no sooner, and with `unless_answered` not at all when the customer writes first. `hold`: whoever asks
    offers to take the mail back for the queue's `undo_seconds`, and comes back for it (desk_sent.leave). `visible`: None is what is
    usual for the kind. `mind_own`: an answer of her own past what she has seen stops her too, since another window of hers
    may have sent it. `quote`: the seq of the article that stands below; in `html`, `cid:` with an upload's id shows that upload
    as a picture.
    """

    kind: str
    text: str
    html: str | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    subject: str | None = None
    attachments: tuple[str, ...] = ()
    visible: bool | None = None
    time_units: float = 0
    next_state: str | None = None
    pending_until: datetime | None = None
    epoch: int | None = None
    seen: int | None = None
    send_after: datetime | None = None
    quote: int | None = None
    unless_answered: bool = False
    hold: bool = False
    mind_own: bool = False


def attached(who: str, uploads: tuple[str, ...], number: str) -> tuple[StoredFile, ...]:
    """The uploads, kept for the ticket. Raises Refused for an upload that is not there or not theirs."""
    waiting = [files.uploaded(who, upload) for upload in uploads]
    return tuple(files.keep(file, f"files/{number}/{secrets.token_hex(8)}") for file in waiting)


def article(
    before: Ticket,
    by: Agent,
    saying: Saying,
    queue: Queue,
    attachments: tuple[StoredFile, ...],
    now: datetime,
    original: Article | None = None,
) -> Article:
    """The next article of the ticket, as `saying` says it; `original` is what it quotes."""
    page, attachments = with_pictures(clean(saying.html), saying.attachments, attachments)
    said = Article(
        seq=before.article_count + 1,
        kind=saying.kind,
        channel=CHANNELS[saying.kind],
        sender=AGENT,
        sent_from=Address(by.email, by.name),
        subject=saying.subject or before.title,
        text=in_words(saying.text, page),
        html=page,
        to=saying.to,
        cc=saying.cc,
        bcc=saying.bcc,
        visible=saying.kind in ("reply", "phone") if saying.visible is None else saying.visible,
        attachments=attachments,
        by=by.login,
        time_units=saying.time_units,
        unless_answered=saying.unless_answered,
        at=now,
    )
    not_before = saying.send_after or held_until(queue, saying.hold, now)
    return leaving(said, before, by, queue, not_before, original, now) if said.channel == EMAIL else said


def held_until(queue: Queue, hold: bool, now: datetime) -> datetime | None:
    """Only for those who ask for it: a script shows nobody a button, and would find its letters a minute late."""
    return now + timedelta(seconds=queue.undo_seconds) if hold and queue.undo_seconds else None


def with_pictures(
    page: str | None, uploads: tuple[str, ...], attachments: tuple[StoredFile, ...]
) -> tuple[str | None, tuple[StoredFile, ...]]:
    """Uploads that the HTML shows become part of it, under content ids of our own."""
    if page is None:
        return None, attachments
    shown = quoting.pictures_in(page)
    found = []
    for upload, file in zip(uploads, attachments, strict=True):
        if upload in shown:
            cid = f"{upload}@{settings().domain}"
            page = page.replace(f'"cid:{upload}"', f'"cid:{cid}"')
            file = replace(file, inline=True, content_id=cid)
        found.append(file)
    return page, tuple(found)


def leaving(
    said: Article,
    before: Ticket,
    by: Agent,
    queue: Queue,
    not_before: datetime | None,
    original: Article | None,
    now: datetime,
) -> Article:
    """A mail in the outbox: the customer where nobody is named, the queue's sender, salutation, signature, and the quote."""
    to = said.to or ((before.answer_to or before.customer,) if said.kind != "forward" else ())
    to = tuple(each for each in to if each.email)
    said = replace(said, cc=tuple(each for each in said.cc if each.email not in {other.email for other in to}))
    check_recipients(to, (*to, *said.cc, *said.bcc))
    if said.kind == "forward" and original and original.html and not said.html:
        said = replace(said, html=quoting.as_html(said.text.strip()))  # so that tables and pictures go on as they came
    said = replace(said, attachments=with_files(said, original, now))
    text, page = with_links(said, before)
    greeted = replace(before, customer=reader(before, to))
    letter = replace(
        said,
        to=to,
        sent_from=Address(queue.address, queue.sender_name or queue.name),
        subject=tagged_subject(said, before),
        text=wording.letter(queue, greeted, text, by.name),
        html=wording.letter_html(queue, greeted, page, by.name) if page else None,
        references=before.thread,
        delivery=Delivery(DUE, now, not_before=not_before),
    )
    return with_quote(letter, original, before.language, queue) if original else letter


def tagged_subject(said: Article, before: Ticket) -> str:
    forward, hook = said.kind == "forward", settings().hook
    tagged = threads.reply_subject if before.article_count else threads.new_subject
    tagged = threads.forward_subject if forward else tagged
    return tagged(before.number, wording.titled(said.subject, before.language, hook, forward), hook)


def reader(before: Ticket, to: tuple[Address, ...]) -> Address:
    """Whom the salutation greets: never the customer where the letter goes to others, and nobody by name where to several."""
    elsewhere = before.answer_to
    if elsewhere and elsewhere.name and elsewhere in to:
        return elsewhere  # a form names who has filled it in
    if any(each.email in (before.customer.email, elsewhere and elsewhere.email) for each in to):
        return before.customer
    return to[0] if len(to) == 1 else Address("")


def with_files(said: Article, original: Article | None, now: datetime) -> tuple[StoredFile, ...]:
    """What the letter carries, the largest ones as links where it is too much. Raises Refused for what SES does not send."""
    files = (*said.attachments, *(brought_along(original, said) if original else ()))
    files = links.chosen(files, mime_out.ROOM, now)
    size = sum(file.size for file in files if not file.link_until)
    mime_out.refuse_unsendable([file.filename for file in files], size)
    return files


def with_quote(letter: Article, original: Article, language: str, queue: Queue) -> Article:
    """The original below; here it is shown folded."""
    forward = letter.kind == "forward"
    pictures = frozenset(file.content_id or "" for file in letter.attachments if file.inline)
    quote = quoting.text_of(original, language, queue, forward)
    missing = [file.filename for file in original.attachments if forward and not is_handed_on(file)]
    left_out = quoting.left_out(missing, language)
    page = quoting.html_of(original, language, queue, pictures, forward) if letter.html else None
    return replace(
        letter,
        fold=len(letter.text) + 1,
        text=f"{letter.text}\n{quote}\n{left_out}\n" if left_out else f"{letter.text}\n{quote}",
        html=f"{letter.html}\n{page}{quoting.as_html(left_out) if left_out else ''}" if page else None,
    )


def with_links(said: Article, of: Ticket) -> tuple[str, str | None]:
    """Text and HTML of the letter, with the addresses of files that are too large for mail below."""
    secret, origin = config().secret, settings().origin
    linked = [
        (file, f"{origin}/api/files/{links.token(of.number, said.seq, n, secret)}")
        for n, file in enumerate(said.attachments, 1)
        if file.link_until
    ]
    if not linked:
        return said.text, said.html
    text = f"{said.text.rstrip()}\n\n{links.as_text(linked, of.language)}"
    return text, said.html and f"{said.html}\n{links.as_html(linked, of.language)}"


def brought_along(original: Article, said: Article) -> list[StoredFile]:
    """A forward hands on all files; an answer in HTML keeps the pictures that the quote shows, where they are small."""
    safe = [replace(file, link_until=None) for file in original.attachments if is_handed_on(file)]
    if said.kind == "forward":
        return safe
    shown = quoting.pictures_in(quoting.page_of(original)) if said.html else frozenset()
    pictures = [file for file in safe if file.inline and file.content_id in shown]
    return pictures if sum(file.size for file in pictures) <= SMALL_PICTURES else []


def is_handed_on(file: StoredFile) -> bool:
    """What must not leave does not keep the rest from leaving."""
    return not file.quarantined and not mime_out.is_unsendable(file.filename)


def check_recipients(to: tuple[Address, ...], everybody: tuple[Address, ...]) -> None:
    """Before anything is saved: what SES will not send to is said to the one who wrote it."""
    if not to:
        raise Refused("This mail needs a recipient.", code="malformed")
    if len(everybody) > MOST_RECIPIENTS:
        raise Refused(f"A mail can go to {MOST_RECIPIENTS} addresses at most.", code="malformed")
    for each in everybody:
        wire.wire_address(each.email)


def first_article(
    opened: Ticket, by: Agent, new: NewTicket, queue: Queue, attachments: tuple[StoredFile, ...], now: datetime
) -> Article:
    """A call is what the customer said; a mail is what the agent writes to him."""
    phone = new.channel == PHONE
    page, attachments = with_pictures(clean(new.html), new.attachments, attachments)
    said = Article(
        seq=1,
        kind="phone" if phone else "mail",
        channel=PHONE if phone else EMAIL,
        sender=CUSTOMER if phone else AGENT,
        sent_from=new.customer if phone else Address(queue.address, queue.sender_name or queue.name),
        subject=new.title,
        text=in_words(new.text, page),
        html=page,
        cc=() if phone else new.cc,
        attachments=attachments,
        by=by.login,
        time_units=new.time_units,
        at=now,
    )
    not_before = new.send_after or held_until(queue, new.hold, now)
    return said if phone else leaving(said, opened, by, queue, not_before, None, now)


def in_words(text: str, page: str | None) -> str:
    """The text, made from the HTML where a script has given that alone: every letter has both forms."""
    return text if text.strip() or not page else html_text.text_of(page)


def clean(html: str | None) -> str | None:
    """Agents' HTML goes through the same sieve as everybody's: their session may be somebody else's script."""
    return safe_html.sanitised(html)[0] if html else None
