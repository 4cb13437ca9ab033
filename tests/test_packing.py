"""What is stored comes back as it was: tickets, articles, queues and history."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from chalicelib import history, ticket_lock
from chalicelib.access import Agent
from chalicelib.article import Address, Article, Delivery, StoredFile
from chalicelib.history import Event
from chalicelib.packing import expanded, instant, pack, squeezed, unpack
from chalicelib.queues import Queue, Template
from chalicelib.store import ticket_item
from chalicelib.ticket import Link, Ticket
from chalicelib.ticket_lock import Lock
from chalicelib.working_time import Calendar
from dev.cloud import Cloud
from tests.cast import MONDAY, SUPPORT, carlas_ticket

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
moments = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
addresses = st.builds(Address, texts, texts)
locks = st.builds(Lock, agent=texts, epoch=st.integers(0), since=moments, until=st.none() | moments)
things = (
    st.builds(
        Ticket,
        number=texts,
        title=texts,
        queue=texts,
        customer=addresses,
        created=moments,
        changed=moments,
        lock=st.none() | locks,
        pending_until=st.none() | moments,
        participants=st.frozensets(texts),
        tags=st.lists(texts).map(tuple),
        fields=st.dictionaries(texts, texts),
        links=st.lists(st.builds(Link, texts, texts)).map(tuple),
        answer_to=st.none() | addresses,
        time_units=st.integers(0, 999) | st.floats(0, 999),
    )
    | st.builds(
        Article,
        seq=st.integers(1),
        kind=texts,
        channel=texts,
        sender=texts,
        sent_from=addresses,
        subject=texts,
        text=texts,
        at=moments,
        html=st.none() | texts,
        fold=st.none() | st.integers(0),
        to=st.lists(addresses).map(tuple),
        attachments=st.lists(st.builds(StoredFile, texts, texts, texts, st.integers(0))).map(tuple),
        delivery=st.none() | st.builds(Delivery, texts, moments),
    )
    | st.builds(
        Queue,
        id=texts,
        name=texts,
        address=texts,
        salutation=st.dictionaries(texts, texts),
        auto_responses=st.dictionaries(texts, st.dictionaries(texts, st.builds(Template, texts, texts))),
        unlock_minutes=st.none() | st.integers(1),
        calendar=st.none()
        | st.builds(
            Calendar,
            zone=texts,
            hours=st.dictionaries(st.integers(0, 6), st.lists(st.tuples(st.integers(), st.integers())).map(tuple)),
            holidays=st.frozensets(st.dates(date(1970, 1, 1))),
        ),
    )
    | st.builds(Agent, texts, texts, texts, rights=st.dictionaries(texts, texts))
)


@given(things)
def test_what_is_stored_comes_back(thing: object) -> None:
    assert unpack(type(thing), json.loads(json.dumps(pack(thing)))) == thing


@given(moments, moments)
def test_times_sort_as_text(one: datetime, other: datetime) -> None:
    assert (instant(one) < instant(other)) == (one < other)


def test_what_a_newer_release_has_written_is_no_trouble() -> None:
    packed = pack(carlas_ticket()) | {"mood": "cheerful"}
    assert unpack(Ticket, packed) == carlas_ticket()


# -- the history tells the difference


def types(before: Ticket | None, after: Ticket) -> list[str]:
    return [event.type for event in history.between(before, after, (), "ann", MONDAY)]


def test_every_change_is_told_in_the_desks_words() -> None:
    before = carlas_ticket()
    after = replace(before, title="Water", priority=5, queue="billing", owner="ben", tags=("wet",))
    assert types(before, after) == ["TitleUpdate", "Move", "PriorityUpdate", "OwnerUpdate", "Misc"]


def test_a_renewed_lock_is_no_event() -> None:
    held = ticket_lock.lock(carlas_ticket(), "ann", SUPPORT, MONDAY)
    assert types(held, ticket_lock.lock(held, "ann", SUPPORT, MONDAY.replace(hour=10))) == []


def test_the_history_itself_comes_back() -> None:
    held = ticket_lock.lock(carlas_ticket(), "ann", SUPPORT, MONDAY)
    for event in history.between(carlas_ticket(), held, (), "ann", MONDAY):
        assert unpack(Event, json.loads(json.dumps(pack(event)))) == event


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_a_squeezed_row_comes_back_and_one_that_was_never_squeezed_is_read_too(text: str) -> None:
    assert expanded(squeezed(text)) == text
    assert expanded(text) == text


def test_two_and_a_half_thousand_rows_are_one_query(cloud: Cloud) -> None:
    """DynamoDB ends a page at 1 MB, names of attributes and keys included."""
    many = carlas_ticket(
        title="Ошибка при оплате заказа: " + "не приходит письмо с подтверждением", tags=("оплата", "почта")
    )
    item = ticket_item(many)
    assert sum(len(name) + (len(value.encode()) if isinstance(value, str) else len(value) if isinstance(value, bytes) else 8)
               for name, value in item.items() if name in ("pk", "sk", "lp", "ls", "v", "row")) * 2500 < 1_000_000  # fmt: skip
