"""A mail of ours came back, is late, or was called spam: joined to the very article, the address marked, the owner told.

It comes as a mail (anybody may have written it) or as an event of SES. A report is a hint and never a right: as a mail it is
believed only where it quotes what nobody else knows, our signature or SES's id, and marks only who was written to.
What a participant has written is his letter, whatever it quotes.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from chalicelib import automatic, follow_up, history, notes, outbox, returned_words, store, table, threads, ticket
from chalicelib.article import AGENT, BOUNCED, COMPLAINED, DELAYED, FORGED, Article, Failure, Reported
from chalicelib.config import config
from chalicelib.mail import Mail
from chalicelib.packing import instant
from chalicelib.reports import BOUNCE, COMPLAINT, DELAY, Report
from chalicelib.store import Whole, dumped
from chalicelib.table import Item, Key, Write
from chalicelib.ticket import MERGED, OPEN, REMOVED, Ticket

STATES = {BOUNCE: BOUNCED, DELAY: DELAYED, COMPLAINT: COMPLAINED}
MOST_IDS = 20
MOST_MARKED = 10  # addresses of one report


# -- which article a report is about


def ids_of(mail: Mail, report: Report) -> list[str]:
    """Ids that may be those of our mail, or carry our signature; what the report itself answers to comes last."""
    own = [report.original_message_id] if report.original_message_id else []
    return list(dict.fromkeys([*own, *reversed(report.original_references), *mail.in_reply_to, *mail.references]))[
        :MOST_IDS
    ]


def keys_of(mail: Mail) -> list[Key]:
    """Where the table knows SES's ids; nothing for ordinary mail."""
    return [outbox.message_key(each) for each in ids_of(mail, mail.report)] if mail.report else []


def about(mail: Mail, report: Report, seen: dict[Key, Item]) -> tuple[str, int | None] | None:
    """(ticket, article) as they were when our mail left; no article where only the ticket is signed. None: not ours."""
    ids, secret = ids_of(mail, report), config().secret
    for each in ids:
        found = threads.read_own_id(each)
        if found and threads.valid(found[0], found[2], secret):
            return found[0], found[1]
    for item in (seen.get(outbox.message_key(each)) for each in ids):
        if item:
            return str(item["number"]), int(item["seq"])
    signed = [*map(threads.read_reference, ids), *map(threads.read_token, addresses(mail))]
    return next(
        ((number, None) for number, token in filter(None, signed) if threads.valid(number, token, secret)), None
    )


def addresses(mail: Mail) -> tuple[str, ...]:
    """Old MTAs report to the Reply-To, which carries our signature."""
    return (*follow_up.recipients(mail), *mail.delivered_to, *(each.email for each in (*mail.to, *mail.cc)))


def original(found: Whole, seq: int | None, report: Report) -> Article | None:
    """The article that came back: the one that is named, else the last mail to one of those whom the report is about."""
    left = [article for article in found.articles if article.delivery]
    if seq is not None:
        return next((article for article in left if article.seq == seq), None)
    failed = {each.email for each in report.recipients}
    return next((article for article in reversed(left) if failed & receivers(article)), None)


def receivers(article: Article) -> set[str]:
    return {each.email for each in (*article.to, *article.cc, *article.bcc)}


def reported(report: Report, of: Article) -> Reported:
    """Only of those who were written to: a report could name anybody."""
    told = [each for each in report.recipients if each.email in receivers(of)]
    failures = tuple(Failure(each.email, each.status, each.permanent, each.sentence) for each in told)
    return Reported(report.kind, of.seq, failures)


def is_persons(mail: Mail, report: Report, before: Ticket) -> bool:
    """Whether somebody who takes part has written it, and not a program: he quotes a report, or his words are like one."""
    return not report.standard and mail.sender is not None and mail.sender.email in before.participants


def as_persons(mail: Mail) -> Mail:
    """The letter as one of his, which is shown and opens its ticket like any other."""
    return automatic.judged(replace(mail, report=None))


# -- what follows from it


def is_believed(mail: Mail, report: Report, told: Reported, named: bool, seen: dict[Key, Item]) -> bool:
    """Whether the letter's state, its ticket and its receivers' addresses may change. If not, agents read it, and that is all.

    A report cannot prove who it is from: hardly any is signed. So what counts is what it knows. SES's own id of the mail
    is known to its receivers; the ticket's token to whoever was ever forwarded any of its mails. With the token alone it
    takes a domain that does not disown the report, and somebody whom we wrote to: in mere words, in that very letter (`named`).
    That a mail was led on to an address that we do not know is told by a standard report with SES's id, else by none.
    """
    knows = any(key in seen for key in keys_of(mail))
    if told.recipients:
        return knows or mail.doubt != FORGED and (named or report.standard)
    # Providers black out who complained, so a complaint need not name anybody.
    return knows and report.standard and bool(report.recipients or report.kind == COMPLAINT)


def reason(report: Report, told: Reported) -> str:
    """Why, as the receiving servers say it; of a mail that was led on, what the last of them says."""
    failures = told.recipients or tuple(
        Failure(each.email, each.status, each.permanent, each.sentence) for each in report.recipients
    )
    return "; ".join(map(returned_words.line, failures))[:1000]


def noticed(before: Ticket, of: Article, kind: str, now: datetime) -> Ticket:
    """An agent's letter that never arrived brings its ticket back: the customer is still waiting. Nothing else does."""
    asleep = before.state_type not in ("new", "open") and before.state not in (MERGED, REMOVED)
    return ticket.into_state(before, OPEN, None, now) if kind == BOUNCE and of.sender == AGENT and asleep else before


def settle(
    number: str, of: Article, told: Reported, now: datetime, message_id: str = "", state: str = "", detail: str = ""
) -> None:
    """The article's own state (by default the report's), and the marks; safe to be done again."""
    detail = detail or "; ".join(map(returned_words.line, told.recipients))[:1000]
    outbox.told(
        number,
        of.seq,
        state or STATES[told.kind],
        detail,
        message_id or (of.delivery.message_id or "" if of.delivery else ""),
        now,
    )
    for failure in told.recipients[:MOST_MARKED]:
        if told.kind == COMPLAINT or told.kind == BOUNCE and failure.permanent:
            mark(failure, told.kind, now)


def mark(failure: Failure, kind: str, now: datetime) -> None:
    """Beside the customer's name, until he writes again."""
    told = {"at": instant(now), "kind": kind, "status": failure.status, "permanent": failure.permanent}
    table.update(
        "CUSTOMERS",
        failure.email,
        "SET undeliverable = :told, #name = if_not_exists(#name, :none)",
        {":told": dumped(told | {"sentence": failure.sentence}), ":none": ""},
        names={"#name": "name"},
    )


def is_marked(email: str) -> bool:
    return "undeliverable" in (table.get("CUSTOMERS", email) or {})


def unmark(email: str) -> Write:
    return Write(key=("CUSTOMERS", email), expression="REMOVE undeliverable", condition="")


# -- told by SES itself


def hear(number: str, seq: int, told: Reported, name: str, message_id: str, now: datetime, state: str = "") -> None:
    """An event of SES, by its `name`: as a note for the agents, once however often it comes. Raises NotFound."""
    pk, sk = outbox.message_key(f"event {name}", "SES")

    def story() -> None:
        if table.get(pk, sk):
            return  # heard before: meanwhile its owner may have taken the mark away, or an agent sent the mail again
        to, at = store.place_of(number, seq)
        found = store.whole(to)
        of = next((article for article in found.articles if article.seq == at), None)
        if of is None or found.ticket.merged_into:
            raise table.Changed  # it is just being merged, or still on its way there: later it is where it belongs
        own = replace(told, of=of.seq)
        settle(to, of, own, now, message_id, state)
        if told.kind == DELAY:
            return  # the article says so; nobody has to do anything
        said = note(found.ticket, of, own, now)
        after = ticket.said(noticed(found.ticket, of, told.kind, now), said)
        once = Write({"pk": pk, "sk": sk, "number": to, "ttl": int(now.timestamp()) + 30 * 86400}, name="event")
        store.save(found.ticket, after, [said], by=history.SYSTEM, now=now, also=[once])

    with suppress(table.Taken):  # another copy of it was faster
        table.insist(story)


def note(before: Ticket, of: Article, told: Reported, now: datetime) -> Article:
    queue = config().queues[before.queue]
    subject = returned_words.subject(told.kind, of.subject, queue.language)
    text = returned_words.text(told.kind, told.recipients, queue.language)
    return notes.note(before.article_count + 1, queue, subject, text, now, told)
