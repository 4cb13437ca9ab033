"""To which letter of a ticket a search leads."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

import app
from chalicelib import desk, desk_lists
from chalicelib.composing import Saying
from chalicelib.desk_lists import Wanted
from chalicelib.search import engines, searching
from chalicelib.search.engine import Engine
from dev.cloud import Cloud
from dev.stream import Stream
from tests.cast import ANN, MONDAY
from tests.posting import mail

SOON = MONDAY + timedelta(minutes=5)


@pytest.fixture
def number(take_in: Callable[..., None], cloud: Cloud, engine: Engine) -> Iterator[str]:
    """Carla's ticket, which Ann has answered with her letter quoted below."""
    stream = Stream(cloud.table, app.index)
    stream.open()
    take_in(mail())
    (row,) = desk_lists.tickets(ANN, Wanted(), MONDAY).rows
    epoch = desk.lock(row["number"], ANN, False, SOON).epoch
    desk.say(row["number"], ANN, Saying("reply", "Pull the plug.", epoch=epoch, seen=1, quote=1), SOON)
    stream.drain()
    yield str(row["number"])
    stream.close()


def articles(typed: str) -> list[int | None]:
    engines.engine().forget()
    return [each.article for each in searching.search(ANN, typed, "relevance", 0, 20, SOON).results]


def test_what_a_letter_quotes_leads_to_the_letter_that_says_it(number: str) -> None:
    assert "smoke" in desk.show(number, ANN, SOON).articles[-1].text
    assert articles("smoke") == articles("printer") == [1]
    assert articles("plug") == [3]


def test_words_of_a_letter_and_of_its_answer_find_the_ticket_together(number: str) -> None:
    assert len(articles("smoke plug")) == 1


def test_what_every_automatic_answer_says_finds_nothing(number: str) -> None:
    assert articles("writing") == []  # Thank you for writing to us
