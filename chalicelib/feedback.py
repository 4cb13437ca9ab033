"""SES tells what became of a mail that left: the article shows it, and what was unknown is settled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib import outbox
from chalicelib.article import BOUNCED, COMPLAINED, DELAYED, DELIVERED, FAILED, SENT

# SES's event types (event publishing); opens and clicks are never asked for.
STATES = {
    "Send": SENT,
    "DeliveryDelay": DELAYED,
    "Delivery": DELIVERED,
    "Reject": FAILED,
    "Bounce": BOUNCED,
    "Complaint": COMPLAINED,
}


def hear(event: Mapping[str, Any], now: datetime) -> bool:
    """One event as SES publishes it. False where it tells nothing new, or is about no article of ours."""
    state = STATES.get(str(event.get("eventType")))
    mail = event.get("mail") or {}
    number, _, seq = str(next(iter(mail.get("tags", {}).get("outbox", [])), "")).partition("-")
    if state is None or not number.isdigit() or not seq.isdigit():
        return False
    return outbox.told(number, int(seq), state, detail(event), str(mail.get("messageId", "")), now)


def detail(event: Mapping[str, Any]) -> str:
    """The receiving server's own words, for every recipient of whom there are any."""
    bounce, delay, reject = (event.get(name) or {} for name in ("bounce", "deliveryDelay", "reject"))
    told = [
        f"{each.get('emailAddress', '')}: {each.get('diagnosticCode') or each.get('status') or ''}".strip(": ")
        for each in [*bounce.get("bouncedRecipients", []), *delay.get("delayedRecipients", [])]
    ]
    return "; ".join(filter(None, [*told, str(reject.get("reason", ""))]))[:1000]
