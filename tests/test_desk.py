"""An agent works: locks, answers, notes, moves, closes; and what is refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from chalicelib import config, desk, desk_lists, desk_sent, store, tending
from chalicelib.access import Agent
from chalicelib.article import Address
from chalicelib.composing import NewTicket, Saying
from chalicelib.desk_lists import Wanted
from chalicelib.errors import Conflict, DeskError, NotFound, Refused
from chalicelib.store import Once
from chalicelib.table import Taken
from dev.cloud import Cloud
from tests.cast import ADA, ANN, BEN, CARLA, DAY, HOUR, MONDAY, OLGA
from tests.posting import mail

pytestmark = pytest.mark.usefixtures("cloud")

SOON = MONDAY + timedelta(minutes=5)


@pytest.fixture
def number(take_in: Callable[..., None], cloud: Cloud) -> str:
    """Carla's ticket; her automatic answer is out of the way."""
    take_in(mail())
    cloud.outbox.clear()
    (row,) = desk_lists.tickets(ANN, Wanted(), MONDAY).rows
    return str(row["number"])


def locked(number: str, by: Agent = ANN) -> int:
    return desk.lock(number, by, False, SOON).epoch


def reply(number: str, epoch: int, seen: int = 1, **fields: object) -> Saying:
    return Saying("reply", "Pull the plug.", epoch=epoch, seen=seen, **fields)  # type: ignore[arg-type]


def test_anns_reply_reaches_carla_under_the_tickets_number(number: str, cloud: Cloud) -> None:
    desk.say(number, ANN, reply(number, locked(number)), SOON)
    (sent,) = cloud.outbox
    message = message_from_bytes(sent.raw, policy=policy.default)
    assert message["to"] == "Carla <carla@customer.example>"
    assert f"[Ticket#{number}]" in message["subject"]
    assert "Pull the plug." in message.get_content()  # type: ignore[attr-defined]
    assert "first@customer.example" in message["references"]
    assert message["auto-submitted"] is None


def test_after_the_reply_the_ticket_waits_for_the_customer(number: str) -> None:
    after, article = desk.say(number, ANN, reply(number, locked(number)), SOON)
    assert (after.state, after.pending_until) == ("pending auto close+", SOON + 7 * DAY)
    assert article.delivery and article.delivery.state == "sent"


def test_a_reply_may_close_the_ticket(number: str) -> None:
    after, _ = desk.say(number, ANN, reply(number, locked(number), next_state="closed successful"), SOON)
    assert (after.state, after.lock) == ("closed successful", None)


def test_ben_sees_who_holds_the_ticket_and_cannot_reply(number: str) -> None:
    epoch = locked(number)
    with pytest.raises(Conflict) as refused:
        desk.lock(number, BEN, False, SOON)
    assert refused.value.details["lock"].agent == "ann"  # type: ignore[attr-defined]
    with pytest.raises(Conflict) as lost:
        desk.say(number, BEN, reply(number, epoch), SOON)
    assert lost.value.reason == "lock_lost"


def test_taking_over_is_recorded_and_the_loser_sends_nothing(number: str, cloud: Cloud) -> None:
    epoch = locked(number)
    desk.lock(number, BEN, True, SOON)
    with pytest.raises(Conflict) as lost:
        desk.say(number, ANN, reply(number, epoch), SOON)
    assert lost.value.reason == "lock_lost"
    assert cloud.outbox == []
    taken = [event for event in store.whole(number).history if event.type == "Lock" and event.detail.get("taken_over")]
    assert [(event.by, event.old) for event in taken] == [("ben", "ann")]


def test_a_reply_past_a_newer_letter_is_refused(number: str, take_in: Callable[..., None], cloud: Cloud) -> None:
    epoch = locked(number)
    take_in(
        mail("It is out.", "Re: fire", message_id="<2@c>", headers={"References": "<first@customer.example>"}), "in/2"
    )
    with pytest.raises(Conflict) as newer:
        desk.say(number, ANN, reply(number, epoch, seen=1), SOON)
    assert newer.value.reason == "newer_article"
    assert cloud.outbox == []
    desk.say(number, ANN, reply(number, epoch, seen=3), SOON)


def test_a_reply_past_a_colleagues_answer_is_refused_until_it_was_read(number: str, cloud: Cloud) -> None:
    desk.say(number, ANN, reply(number, locked(number)), SOON)
    epoch = desk.lock(number, BEN, True, SOON).epoch
    with pytest.raises(Conflict) as newer:
        desk.say(number, BEN, reply(number, epoch, seen=2), SOON)
    assert newer.value.reason == "newer_article"
    assert len(cloud.outbox) == 1
    desk.say(number, BEN, reply(number, epoch, seen=3), SOON)
    assert len(cloud.outbox) == 2


def test_ones_own_answer_a_note_and_a_forward_are_no_news(number: str, cloud: Cloud) -> None:
    epoch = locked(number)
    desk.say(number, ANN, reply(number, epoch), SOON)
    desk.say(number, ANN, reply(number, epoch), SOON)
    desk.say(number, BEN, Saying("note", "She is nice."), SOON)
    desk.say(
        number,
        ANN,
        Saying("forward", "Please look.", to=(Address("dave@supplier.example", "Dave"),), epoch=epoch, seen=1),
        SOON,
    )
    last = store.ticket(number)
    assert (last.last_reply_seq, last.last_reply_by, last.article_count) == (4, "ann", 6)
    desk.say(number, BEN, reply(number, desk.lock(number, BEN, True, SOON).epoch, seen=4), SOON)


def test_of_two_who_take_the_lock_at_once_one_gets_it(number: str) -> None:
    def take(by: Agent) -> str | None:
        try:
            desk.lock(number, by, False, SOON)
        except Conflict:
            return None
        return by.login

    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            won = [login for login in pool.map(take, [ANN, BEN]) if login]
            held = store.ticket(number).lock
            assert held and won == [held.agent]
            desk.unlock(number, ADA, True, SOON)


def test_the_same_request_twice_is_one_reply(number: str, cloud: Cloud) -> None:
    once = Once("ann", "key-1", "asked")
    saying = reply(number, locked(number))
    desk.say(number, ANN, saying, SOON, once)
    with pytest.raises((Taken, DeskError)):
        desk.say(number, ANN, replace(saying, seen=2), SOON, once)
    assert len(cloud.outbox) == 1


def test_a_reply_that_waited_leaves_when_its_time_has_come(number: str, cloud: Cloud) -> None:
    desk.say(number, ANN, reply(number, locked(number), send_after=SOON + HOUR), SOON)
    tending.tick(SOON + timedelta(minutes=30))
    assert cloud.outbox == []
    tending.tick(SOON + HOUR)
    tending.tick(SOON + HOUR)
    assert len(cloud.outbox) == 1


def test_what_has_left_cannot_be_stopped(number: str) -> None:
    _, article = desk.say(number, ANN, reply(number, locked(number)), SOON)
    with pytest.raises(Conflict):
        desk_sent.undo(number, article.seq, ANN, SOON)


def test_a_note_is_internal_and_its_time_is_counted(number: str, cloud: Cloud) -> None:
    after, article = desk.say(number, BEN, Saying("note", "Carla called twice.", time_units=15), SOON)
    assert (article.visible, after.time_units) == (False, 15)
    assert cloud.outbox == []


def test_a_phone_call_becomes_a_ticket_without_a_mail(cloud: Cloud) -> None:
    new = NewTicket("phone", "Support", CARLA, "Router", "She says it blinks red.", time_units=5)
    opened, article = desk.open_ticket(ANN, new, SOON)
    assert (opened.state, article.channel, article.sender) == ("open", "phone", "customer")
    assert cloud.outbox == []


def test_an_agent_may_write_first(cloud: Cloud) -> None:
    opened, _ = desk.open_ticket(ANN, NewTicket("email", "Support", CARLA, "Your order", "It is ready."), SOON)
    (sent,) = cloud.outbox
    assert f"[Ticket#{opened.number}] Your order".encode() in sent.raw


def test_nobody_opens_tickets_in_a_foreign_queue() -> None:
    with pytest.raises(Refused):
        desk.open_ticket(ANN, NewTicket("phone", "Billing", CARLA, "Invoice", "?"), SOON)


def test_a_moved_ticket_is_olgas_and_no_longer_anns(number: str) -> None:
    version = store.ticket(number).version
    desk.change(number, ANN, version, {"queue": "Billing"}, SOON)
    assert store.ticket(number).queue == "billing"
    with pytest.raises(NotFound):
        desk.show(number, ANN, SOON)
    assert desk.show(number, OLGA, SOON).ticket.number == number


def test_a_change_of_an_old_version_is_refused(number: str) -> None:
    version = store.ticket(number).version
    desk.change(number, ANN, version, {"priority": 5}, SOON)
    with pytest.raises(Conflict) as changed:
        desk.change(number, BEN, version, {"priority": 1}, SOON)
    assert changed.value.reason == "changed"


def test_olga_does_not_learn_that_a_support_ticket_exists(number: str) -> None:
    for story in (desk.show, lambda *who: desk.lock(who[0], who[1], False, SOON)):
        with pytest.raises(NotFound):
            story(number, OLGA, SOON)


def test_the_list_sorts_by_any_column_and_pages_without_a_gap(take_in: Callable[..., None], cloud: Cloud) -> None:
    for n in range(7):
        take_in(mail(f"Matter {n}", f"{n % 3} of them", message_id=f"<{n}@c>"), f"in/{n}")
    for sort in ("-created", "title", "-number", "owner", "customer", "-priority"):
        whole = [row["number"] for row in desk_lists.tickets(ANN, Wanted(sort=sort), MONDAY).rows]
        paged, after = [], None
        while True:
            page = desk_lists.tickets(ANN, Wanted(sort=sort, limit=3, after=after), MONDAY)
            paged += [row["number"] for row in page.rows]
            if (after := page.next) is None:
                break
        assert paged == whole
        assert len(whole) == 7


def test_the_list_sorts_owners_by_their_names(take_in: Callable[..., None], cloud: Cloud) -> None:
    config.put_agent(replace(ANN, name="Zoe Archer"))
    for n, owner in enumerate((ANN, BEN)):
        take_in(mail(f"Matter {n}", f"Matter {n}", message_id=f"<{n}@c>"), f"in/{n}")
        (free,) = desk_lists.tickets(ANN, Wanted(owner="none"), MONDAY).rows
        desk.lock(free["number"], owner, False, MONDAY)
    for sort in ("owner", "lock"):
        assert [row["owner"] for row in desk_lists.tickets(ANN, Wanted(sort=sort), MONDAY).rows] == ["ben", "ann"]


def test_closed_tickets_are_listed_by_the_day_of_closing(take_in: Callable[..., None], cloud: Cloud) -> None:
    for n in range(5):
        take_in(mail(f"Matter {n}", f"Matter {n}", message_id=f"<{n}@c>"), f"in/{n}")
    rows = desk_lists.tickets(ANN, Wanted(sort="number"), MONDAY).rows
    for n, row in enumerate(rows):
        held = desk.lock(row["number"], ANN, False, MONDAY)
        desk.change(row["number"], ANN, held.version, {"state": "closed successful"}, MONDAY + n * HOUR)
    listed, after = [], None
    while True:
        page = desk_lists.tickets(ANN, Wanted(states=("closed",), limit=2, after=after), MONDAY)
        listed += [row["number"] for row in page.rows]
        if (after := page.next) is None:
            break
    assert listed == [row["number"] for row in reversed(rows)]


def test_a_letter_is_unread_until_the_ticket_was_on_the_screen(number: str) -> None:
    assert desk_lists.tickets(ANN, Wanted(), SOON).rows[0]["unread"]
    desk.show(number, ANN, SOON)
    assert not desk_lists.tickets(ANN, Wanted(), SOON).rows[0]["unread"]
    assert desk_lists.tickets(BEN, Wanted(), SOON).rows[0]["unread"]


def test_the_queues_show_how_much_is_waiting(number: str) -> None:
    locked(number)
    ((queue, counts),) = desk_lists.queues(ANN, SOON)["queues"]
    assert (queue.name, counts["new"], counts["locked"], counts["mine"]) == ("Support", 1, 1, 1)


def test_customers_are_found_by_a_part_of_their_name(number: str) -> None:
    assert desk_lists.customers(ANN, "arl") == [{"email": CARLA.email, "name": "Carla", "undeliverable": None}]
    assert desk_lists.customers(ANN, "zzz") == []


def test_a_forward_goes_where_it_is_sent_and_stays_internal(number: str, cloud: Cloud) -> None:
    plumber = (Address("plumber@example.org"),)
    saying = Saying("forward", "Can you look?", to=plumber, epoch=locked(number), seen=1)
    after, article = desk.say(number, ANN, saying, SOON)
    assert cloud.outbox[0].to == ("plumber@example.org",)
    assert (article.visible, after.state) == (False, "new")
    assert article.subject == f"[Ticket#{number}] Fwd: The printer is on fire"


@pytest.mark.parametrize(
    ("kind", "subject"), [("reply", "Re: Your request"), ("forward", "Fwd: A letter without a subject")]
)
def test_a_letter_without_a_subject_is_answered_and_forwarded_under_one(
    take_in: Callable[..., None], cloud: Cloud, kind: str, subject: str
) -> None:
    take_in(mail(subject=""))
    ((number, title),) = ((row["number"], row["title"]) for row in desk_lists.tickets(ANN, Wanted(), MONDAY).rows)
    to = (Address("plumber@example.org"),)
    _, said = desk.say(number, ANN, Saying(kind, "Can you look?", to=to, epoch=locked(number), seen=1), SOON)
    assert (title, said.subject) == ("", f"[Ticket#{number}] {subject}")


@pytest.mark.parametrize(
    ("to", "greeting"),
    [
        ((CARLA,), "Hello Carla,"),
        ((Address("plumber@example.org"), CARLA), "Hello Carla,"),
        ((Address("plumber@example.org", "Paul"),), "Hello Paul,"),
        ((Address("plumber@example.org"),), "Hello,"),
        ((Address("plumber@example.org", "Paul"), Address("pia@example.org", "Pia")), "Hello,"),
    ],
)
@pytest.mark.parametrize("kind", ["reply", "forward"])
def test_a_letter_greets_whoever_it_is_written_to(
    number: str, cloud: Cloud, kind: str, to: tuple[Address, ...], greeting: str
) -> None:
    desk.say(number, ANN, Saying(kind, "Can you look?", to=to, epoch=locked(number), seen=1), SOON)
    sent = message_from_bytes(cloud.outbox[0].raw, policy=policy.default)
    assert sent.get_content().splitlines()[0] == greeting


def test_drafts_are_kept_for_their_writer_alone(number: str) -> None:
    desk.draft(number, ANN, "reply", {"text": "Dear Ca"}, SOON)
    assert [draft.body for draft in desk.show(number, ANN, SOON).drafts] == [{"text": "Dear Ca"}]
    assert desk.show(number, BEN, SOON).drafts == ()
    desk.drop_draft(number, ANN, "reply")
    assert desk.show(number, ANN, SOON).drafts == ()


@pytest.mark.parametrize(
    "to", [["no address"], ["a@b\r\nBcc: eve@evil.example"], [f"{n}@example.org" for n in range(51)]]
)
def test_a_mail_to_nobody_that_can_be_reached_is_refused_before_it_is_saved(
    to: list[str], number: str, cloud: Cloud
) -> None:
    addresses = tuple(Address(each) for each in to)
    with pytest.raises(Refused):
        desk.say(number, ANN, reply(number, locked(number), to=addresses), SOON)
    assert [article.kind for article in store.whole(number).articles] == ["mail", "auto"]
