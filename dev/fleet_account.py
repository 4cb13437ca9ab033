"""What came of the fleet's letters: counted from the table, the bucket and what SES has sent."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from chalicelib import store
from chalicelib.store import Whole
from dev import ses
from dev.fleet_letters import Letter

if TYPE_CHECKING:
    from dev.fleet import Fleet


def kept(account: dict[str, Any]) -> bool:
    """Whether every promise was kept."""
    never = ("lost", "duplicate_tickets", "duplicate_articles", "duplicate_auto_replies")
    return not any(account[name] for name in never) and account["duplicate_replies"] == account["injected_unknowable"]


def counted(fleet: "Fleet", mails: list[Letter]) -> dict[str, Any]:
    tickets = [store.whole(str(item["pk"]["S"])[2:]) for item in fleet.cloud.items() if item["sk"]["S"] == "#"]
    living = [each for each in tickets if each.ticket.merged_into is None]
    articles = Counter(article.message_id for each in living for article in each.articles if article.message_id)
    good = [letter for letter in mails if not letter.poison]
    failed = [name.removeprefix("failed/") for name in fleet.cloud.objects("failed/")]
    poison = [key.removeprefix("in/") for letter in mails if letter.poison for key in letter.objects]
    automatic = Counter(sent.tags["outbox"].partition("-")[0] for sent in ses.outbox if b"Auto-Submitted" in sent.raw)
    lost = [letter.message_id for letter in good if not articles[letter.message_id]]
    lost += [name for name in poison if name not in failed] + fleet.cloud.objects("in/")
    lost += [text for text in fleet.replies if not said_times(text, living)]
    return {
        "mails": len(mails),
        "crashes": fleet.crashes,
        "throttles": fleet.throttles,
        "articles": sum(articles.values()),
        "failed": len(failed),
        "lost": len(lost),
        "duplicate_tickets": len(living) - len({letter.thread for letter in good}),
        "duplicate_articles": sum(times - 1 for times in articles.values())
        + sum(max(0, said_times(text, living) - 1) for text in fleet.replies),
        "duplicate_auto_replies": sum(times - 1 for times in automatic.values()),
        "replies": len(fleet.replies),
        "duplicate_replies": sum(times - 1 for times in left_times().values()),
        "injected_unknowable": len([tag for tag in fleet.unknowable if is_reply(tag)]),
    }


def said_times(text: str, tickets: list[Whole]) -> int:
    return sum(text in article.text for each in tickets for article in each.articles if article.kind == "reply")


def left_times() -> Counter[str]:
    """How often each reply left, by its place in its ticket."""
    return Counter(tag for sent in ses.outbox if is_reply(tag := sent.tags["outbox"]))


def is_reply(tag: str) -> bool:
    number, _, seq = tag.partition("-")
    article = store.article(*store.place_of(number, int(seq)))
    return article is not None and article.kind == "reply"


def pace(times: list[float]) -> dict[str, float]:
    """Milliseconds a letter near the beginning, when the workers are busy, and at the end: it must not grow with the table."""
    tenth = max(2, len(times) // 10)
    spans = (times[tenth : 2 * tenth], times[-tenth:])
    first, last = ((span[-1] - span[0]) / (len(span) - 1) * 1000 for span in spans)
    return {"ms_at_first": round(first, 1), "ms_at_last": round(last, 1)}
