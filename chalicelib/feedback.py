"""SES tells what became of a mail that left: the article shows it, what was unknown is settled, trouble is told to the agents."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from chalicelib import outbox, store, undelivered
from chalicelib.article import DELIVERED, FAILED, SENT, Failure, Reported
from chalicelib.errors import NotFound
from chalicelib.reports import BOUNCE, COMPLAINT, DELAY

# SES's event types (event publishing); opens and clicks are never asked for.
STATES = {"Send": SENT, "Delivery": DELIVERED}
KINDS = {"Bounce": BOUNCE, "Complaint": COMPLAINT, "DeliveryDelay": DELAY, "Reject": BOUNCE}
LISTS = {"Bounce": "bouncedRecipients", "Complaint": "complainedRecipients", "DeliveryDelay": "delayedRecipients"}
SUPPRESSED = ("Suppressed", "OnAccountSuppressionList")  # bounceSubType: SES has not even tried


def hear(event: Mapping[str, Any], now: datetime) -> bool:
    """One event as SES publishes it. False where it tells nothing new, or is about no article of ours."""
    mail, kind = event.get("mail") or {}, str(event.get("eventType"))
    number, _, seq = str(next(iter(mail.get("tags", {}).get("outbox", [])), "")).partition("-")
    if not number.isdigit() or not seq.isdigit():
        return False
    message_id = str(mail.get("messageId", ""))
    with suppress(NotFound):
        if kind in KINDS:
            told = reported(kind, event)
            state = FAILED if kind == "Reject" else ""  # SES took the mail, and then would not send it
            undelivered.hear(number, int(seq), told, name_of(kind, message_id, told), message_id, now, state)
            return True
        return kind in STATES and arrived(number, int(seq), STATES[kind], message_id, now)
    return False


def arrived(number: str, seq: int, state: str, message_id: str, now: datetime) -> bool:
    if outbox.told(number, seq, state, "", message_id, now):
        return True
    place = store.place_of(
        number, seq
    )  # a second read only where the first place knew nothing new: it may have been merged
    return place != (number, seq) and outbox.told(*place, state, "", message_id, now)


def name_of(kind: str, message_id: str, told: Reported) -> str:
    """One name for all copies of an event; SES may tell of each recipient in an event of its own."""
    emails = " ".join(sorted(each.email for each in told.recipients))
    return f"{kind} {message_id} {hashlib.sha256(emails.encode()).hexdigest()[:16]}"


def reported(kind: str, event: Mapping[str, Any]) -> Reported:
    part = event.get(kind[0].lower() + kind[1:]) or {}
    if kind == "Reject":  # for the mail's own sake (a virus): it says nothing of those whom it was for
        to, why = (event.get("mail") or {}).get("destination") or [], str(part.get("reason") or "")[:300]
        return Reported(BOUNCE, None, tuple(Failure(str(each).lower(), None, None, why) for each in to[:50]))
    return Reported(KINDS[kind], None, tuple(failure(each, kind, part) for each in part.get(LISTS[kind], [])[:50]))


def failure(told: Mapping[str, Any], kind: str, part: Mapping[str, Any]) -> Failure:
    """The receiving server's own words, where there are any."""
    words = str(told.get("diagnosticCode") or "")
    if str(part.get("bounceSubType")) in SUPPRESSED:
        words = "SES did not try: the address is on its list of those that bounced or complained before."
    if kind == "Complaint":
        words = str(part.get("complaintFeedbackType") or "abuse")
    lasting = part.get("bounceType") == "Permanent" if kind == "Bounce" else None
    return Failure(str(told.get("emailAddress", "")).lower(), told.get("status"), lasting, words[:300])
