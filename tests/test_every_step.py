"""Every step: a function dies before or after any of its calls to AWS, once or twice; told again, the end is the same.

Each story is a preparation and a deed; the deed is done again until it gets through, as SQS, a browser with its idempotency
key, or the next minute do it. What comes of it is compared with what comes of it in peace.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any

import pytest

from chalicelib import config, counter, desk, desk_merge, desk_sent, feedback, outbox, postmaster, store, table, tending
from chalicelib.composing import Saying
from chalicelib.errors import Conflict, NotFound
from chalicelib.store import Once
from dev.cloud import Cloud
from tests.cast import ANN, CARLA, CARLA_HERSELF, DAY, MONDAY
from tests.crashes import Crash, crash_at
from tests.posting import mail
from tests.test_postmaster import tickets
from tests.test_undelivered import report

Deed = Callable[[], Any]
MOST_PAIRS = 80  # of calls to die at, drawn from some hundreds
SOON = MONDAY + timedelta(minutes=1)


@dataclass(frozen=True)
class Story:
    """`prepare` sets the scene and answers the deed."""

    name: str
    prepare: Callable[[Cloud], Deed]


def first_letter(cloud: Cloud) -> Deed:
    cloud.deliver_mail(mail(files=(("a.pdf", b"%PDF"),)), "in/1")
    return lambda: postmaster.take_in("in/1", MONDAY)


def follow_up(cloud: Cloud) -> Deed:
    first_letter(cloud)()
    headers = {"References": "<first@customer.example>"}
    cloud.deliver_mail(mail("It is out.", "Re: fire", message_id="<2@customer.example>", headers=headers), "in/2")
    return lambda: postmaster.take_in("in/2", SOON)


def two_queues(cloud: Cloud) -> Deed:
    both = mail(to="support@desk.localhost, billing@desk.localhost")
    cloud.deliver_mail(both.replace(b" for <", b" for <nobody@x.example>, <"), "in/1")
    return lambda: postmaster.take_in("in/1", MONDAY)


def halves(cloud: Cloud) -> Deed:
    """The mail in the middle makes one thread of two."""
    for n, refers in ((3, "<2@customer.example>"), (1, ""), (2, "<1@customer.example>")):
        headers = {"References": refers} if refers else {}
        text = f"Matter of its own, number {n}, unlike all the others: {'abc'[n - 1] * 9}"
        cloud.deliver_mail(mail(text, f"N {n}", message_id=f"<{n}@customer.example>", headers=headers), f"in/{n}")
        if n != 2:
            postmaster.take_in(f"in/{n}", MONDAY)
    return lambda: postmaster.take_in("in/2", SOON)


def no_mail(cloud: Cloud) -> Deed:
    cloud.deliver_mail(b"\x00\x01\x02", "in/1")
    return lambda: postmaster.take_in("in/1", MONDAY)


def reply(cloud: Cloud) -> Deed:
    first_letter(cloud)()
    number = tickets()[0].ticket.number
    epoch = desk.lock(number, ANN, False, SOON).epoch

    def deed() -> None:
        try:
            desk.say(number, ANN, Saying("reply", "Use water.", epoch=epoch, seen=1), SOON, Once("ann", "k", "a"))
        except table.Taken:
            return  # said by an attempt whose answer was lost

    return deed


def merge(cloud: Cloud) -> Deed:
    first_letter(cloud)()
    cloud.deliver_mail(mail("The scanner scans nothing.", "Scanner", message_id="<s@customer.example>"), "in/2")
    postmaster.take_in("in/2", SOON)
    first, second = (each.ticket.number for each in tickets())

    def deed() -> None:
        try:
            desk_merge.merge(second, first, ANN, SOON, Once("ann", "k", "a"))
        except table.Taken:
            return

    return lambda: deed() if store.ticket(second).merged_into is None else None


def undo(cloud: Cloud) -> Deed:
    first_letter(cloud)()
    number = tickets()[0].ticket.number
    epoch = desk.lock(number, ANN, False, SOON).epoch
    saying = Saying("reply", "Use water.", epoch=epoch, seen=1, send_after=SOON + DAY)
    _, article = desk.say(number, ANN, saying, SOON)
    return lambda: desk_sent.undo(number, article.seq, ANN, SOON)


def auto_close(cloud: Cloud) -> Deed:
    reply(cloud)()
    return lambda: tending.tick(SOON + 8 * DAY)


def bounce(cloud: Cloud) -> Deed:
    """SES tells that Ann's answer came back."""
    reply(cloud)()
    sent = cloud.outbox[-1]
    failed = {"emailAddress": CARLA.email, "status": "5.1.1"}
    event = {
        "eventType": "Bounce",
        "mail": {"messageId": sent.id, "tags": {name: [value] for name, value in sent.tags.items()}},
        "bounce": {"bounceType": "Permanent", "bouncedRecipients": [failed]},
    }
    return lambda: feedback.hear(event, SOON)


def returned(cloud: Cloud) -> Deed:
    """The same as a mail."""
    reply(cloud)()
    of = f"Message-ID: <{cloud.outbox[-1].id}@eu-west-1.amazonses.com>"
    cloud.deliver_mail(report(of), "in/r")
    return lambda: postmaster.take_in("in/r", SOON)


def on_the_web(cloud: Cloud) -> Deed:
    def deed() -> None:
        try:
            counter.open_ticket(CARLA_HERSELF, "Printer", "It burns.", (), SOON, Once("carla", "k", "a"))
        except table.Taken:
            return

    return deed


def failed_to_ticket(cloud: Cloud) -> Deed:
    """An agent makes a ticket of what nobody can read."""
    no_mail(cloud)()

    def deed() -> None:
        try:
            desk.ticket_of_failed("1", "Support", ANN, SOON, Once("ann", "k", "a"))
        except (table.Taken, NotFound):
            return

    return deed


def sent_again(cloud: Cloud) -> Deed:
    """Ann sends again what may never have left."""
    first_letter(cloud)()
    number = tickets()[0].ticket.number
    epoch = desk.lock(number, ANN, False, SOON).epoch
    with crash_at(3, after=True), suppress(Crash):  # read, save, claim
        desk.say(number, ANN, Saying("reply", "Use water.", epoch=epoch, seen=1), SOON)
    outbox.abandoned(number, 3, SOON)

    def deed() -> None:
        try:
            desk_sent.send_again(number, 3, ANN, SOON, Once("ann", "again", "a"))
        except (table.Taken, Conflict):
            return

    return deed


STORIES = [
    Story(each.__name__, each)
    for each in (
        first_letter,
        follow_up,
        two_queues,
        halves,
        no_mail,
        reply,
        merge,
        undo,
        auto_close,
        bounce,
        returned,
        on_the_web,
        failed_to_ticket,
        sent_again,
    )
]


def end(cloud: Cloud) -> list[Any]:
    """What there is at the end, without what chance decides. Whether a mail that left is known to have left may differ."""
    settle(cloud)
    found: list[Any] = [cloud.objects("in/"), len(cloud.objects("failed/"))]
    for each in sorted(tickets(), key=lambda each: (each.ticket.queue, each.ticket.title, each.ticket.customer.email)):
        said = sorted((article.kind, article.text.split("\n")[0][:20], fate(article)) for article in each.articles)
        kinds = {link.kind for link in each.links}
        found.append(
            (each.ticket.queue, each.ticket.state, bool(each.ticket.lock), each.ticket.time_units, said, kinds)
        )
    return found


def settle(cloud: Cloud) -> None:
    """What SES tells is heard, and what was left half done is seen to by the timer."""
    now = SOON + 2 * outbox.CLAIM
    for sent in list(cloud.outbox):
        cloud.tell(sent, "Send")
    cloud.show_again()
    cloud.run_events()
    tending.tick(now)


def fate(article: Any) -> str:
    return {"unknown": "left", "sent": "left", None: ""}.get(article.delivery and article.delivery.state, "stays")


def insisted(deed: Deed) -> None:
    for _ in range(5):
        try:
            deed()
            return
        except Crash:
            continue
    raise AssertionError("The deed never got through.")


def in_peace(story: Story, cloud: Cloud) -> tuple[list[Any], int, int]:
    """The end of it, the number of calls that the deed takes, and of mails that leave."""
    config.config()
    deed = story.prepare(cloud)
    with crash_at(0, False) as made:
        deed()
    return end(cloud), len(made), len(cloud.outbox)


def dying(story: Story, cloud: Cloud, deaths: list[tuple[int, bool]]) -> tuple[list[Any], int]:
    cloud.empty()
    seed(cloud)
    deed = story.prepare(cloud)
    for call, after in deaths:
        try:
            with crash_at(call, after):
                deed()
        except Crash:
            pass
    insisted(deed)
    return end(cloud), len(cloud.outbox)


def seed(cloud: Cloud) -> None:
    from chalicelib import seeds

    for queue in seeds.queues(cloud.domain):
        config.put_queue(queue)
    config.put_agent(ANN)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_death_at_any_step_changes_nothing(story: Story, cloud: Cloud) -> None:
    peaceful, calls, mails = in_peace(story, cloud)
    for call, after in product(range(1, calls + 1), (False, True)):
        found, left = dying(story, cloud, [(call, after)])
        assert found == peaceful, (call, after)
        assert left <= mails, (call, after)


@pytest.mark.long
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_two_deaths_change_nothing_either(story: Story, cloud: Cloud) -> None:
    peaceful, calls, mails = in_peace(story, cloud)
    every = list(pairs(calls))
    for deaths in Random(1).sample(every, min(MOST_PAIRS, len(every))):
        found, left = dying(story, cloud, deaths)
        assert found == peaceful, deaths
        assert left <= mails, deaths


def pairs(calls: int) -> Iterator[list[tuple[int, bool]]]:
    for first, second in product(range(1, calls + 1), repeat=2):
        for befores in product((False, True), repeat=2):
            yield [(first, befores[0]), (second, befores[1])]


def test_the_stories_do_what_they_say(cloud: Cloud) -> None:
    """A story that did nothing would survive everything."""
    ends = {}
    for story in STORIES:
        cloud.empty()
        seed(cloud)
        ends[story.name] = in_peace(story, cloud)
    assert all(calls for _, calls, _ in ends.values())
    assert [mails for _, _, mails in ends.values()] == [1, 1, 2, 2, 0, 2, 2, 1, 2, 2, 2, 1, 0, 2]
