"""The desk against a model of a hundred lines: letters, locks, replies, notes, merges, closing and time, in any order.

Hypothesis draws the order; whatever an agent does may die at one of its calls, and is then done again. After each step the
desk must be what the model says: who holds which ticket in which epoch, what was said, what left, what is open.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from chalicelib import config, desk, desk_merge, lists, postmaster, seeds, store, table, tending, threads
from chalicelib import settings as settings_of_desk
from chalicelib.article import Address
from chalicelib.composing import Saying
from chalicelib.errors import Conflict, Refused
from chalicelib.store import Once
from dev.cloud import Cloud
from tests.cast import ANN, BEN, MONDAY, SUPPORT
from tests.crashes import Crash, crash_at
from tests.posting import mail

AGENTS = {"ann": ANN, "ben": BEN}
UNLOCK = timedelta(minutes=120)
CLOSE = timedelta(days=7)


@dataclass
class Model:
    """A ticket as it should be."""

    number: str
    customer: Address
    state: str = "new"
    holder: str | None = None
    epoch: int = 0
    until: datetime = MONDAY
    pending: datetime | None = None
    letters: int = 1
    said: list[str] = field(default_factory=list)
    into: "Model | None" = None

    def held_against(self, agent: str, now: datetime) -> bool:
        return self.holder not in (None, agent) and now < self.until

    def wake(self, now: datetime) -> None:
        """A letter opens it, unless it is new; a held lock runs anew when it answers the agent."""
        if self.state != "new":
            self.state, self.pending = "open", None

    def end(self, state: str) -> None:
        self.state, self.holder, self.pending = state, None, None

    def pass_time(self, now: datetime) -> None:
        if self.holder and self.until <= now:
            self.holder = None
        if self.pending and self.pending <= now:
            self.end("closed successful")


class Machine(RuleBasedStateMachine):
    cloud: Cloud

    def __init__(self) -> None:
        super().__init__()
        self.cloud.empty()
        for queue in seeds.queues(self.cloud.domain):
            config.put_queue(queue)
        for agent in AGENTS.values():
            config.put_agent(agent)
        self.now = MONDAY
        self.count = 0
        self.tickets: list[Model] = []
        self.touched: list[Model] = []  # by the last step; the others are looked at in the end
        self.seen: dict[tuple[str, str], tuple[int, int]] = {}  # what an agent's screen shows: epoch, last letter

    # -- how things are done: once, though they may die on the way

    def do(self, deed: Any, dies: tuple[int, bool] | None) -> Any:
        if dies:
            try:
                with crash_at(*dies):
                    return deed()
            except Crash:
                pass
        return deed()

    def chosen(self, data: st.DataObject) -> Model:
        found = data.draw(st.sampled_from([each for each in self.tickets if each.into is None]))
        self.touched.append(found)
        return found

    def text(self, what: str) -> str:
        self.count += 1
        return f"{what} {self.count:05d}."

    def deliver(self, raw: bytes) -> None:
        key = f"in/{self.count}"
        self.cloud.deliver_mail(raw, key)
        self.do(lambda: postmaster.take_in(key, self.now), self.dies)

    dies: tuple[int, bool] | None = None
    deaths = st.one_of(st.none(), st.none(), st.tuples(st.integers(1, 9), st.booleans()))

    # -- what happens

    @precondition(lambda self: len(self.tickets) < 4)
    @rule(dies=deaths)
    def somebody_writes(self, dies: tuple[int, bool] | None) -> None:
        text = self.text("Letter")
        customer = Address(f"c{self.count}@customer.example", "")
        self.dies = dies
        self.deliver(mail(text, f"Matter {self.count}", customer, message_id=f"<{self.count}@customer.example>"))
        number = next(row["number"] for row in lists.customer_rows(customer.email))
        self.tickets.append(Model(number, customer, said=[text]))
        self.touched.append(self.tickets[-1])

    @precondition(lambda self: self.tickets)
    @rule(data=st.data(), dies=deaths)
    def the_customer_answers(self, data: st.DataObject, dies: tuple[int, bool] | None) -> None:
        asked = data.draw(st.sampled_from(self.tickets))  # also one that has been merged: its number is on old mails
        ticket, text = survivor(asked), self.text("Letter")
        self.touched += [asked, ticket]
        to = threads.reply_address(SUPPORT.address, asked.number, config.config().secret)
        self.dies = dies
        before = store.ticket(ticket.number)
        self.deliver(mail(text, "Re", asked.customer, to=to, message_id=f"<{self.count}@customer.example>"))
        ticket.said.append(text)
        ticket.letters += 1
        if ticket.holder and before.last_sender == "agent":
            ticket.until = self.now + UNLOCK
        ticket.wake(self.now)

    @precondition(lambda self: self.tickets)
    @rule(data=st.data(), agent=st.sampled_from(sorted(AGENTS)), takeover=st.booleans(), dies=deaths)
    def an_agent_takes(self, data: Any, agent: str, takeover: bool, dies: tuple[int, bool] | None) -> None:
        ticket = self.chosen(data)
        try:
            found = self.do(lambda: desk.lock(ticket.number, AGENTS[agent], takeover, self.now), dies)
        except Conflict:
            assert ticket.held_against(agent, self.now) and not takeover
            return
        assert takeover or not ticket.held_against(agent, self.now)
        if ticket.holder != agent:
            ticket.holder, ticket.epoch = agent, ticket.epoch + 1
        ticket.until = self.now + UNLOCK
        self.seen[agent, ticket.number] = (found.epoch, found.article_count)
        assert found.epoch == ticket.epoch

    @precondition(lambda self: self.tickets)
    @rule(data=st.data(), agent=st.sampled_from(sorted(AGENTS)), dies=deaths)
    def an_agent_lets_go(self, data: Any, agent: str, dies: tuple[int, bool] | None) -> None:
        ticket = self.chosen(data)
        try:
            self.do(lambda: desk.unlock(ticket.number, AGENTS[agent], False, self.now), dies)
        except Conflict:
            assert ticket.held_against(agent, self.now)
            return
        assert not ticket.held_against(agent, self.now)
        ticket.holder = None

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), dies=deaths)
    def an_agent_replies_from_what_the_screen_shows(self, data: Any, dies: tuple[int, bool] | None) -> None:
        agent, number = data.draw(st.sampled_from(sorted(self.seen)))
        ticket = next(each for each in self.tickets if each.number == number)
        self.touched.append(ticket)
        epoch, seen = self.seen[agent, number]
        text = self.text("Reply")
        allowed = ticket.into is None and (ticket.holder, ticket.epoch) == (agent, epoch)
        found = store.ticket(number)
        own = found.last_reply_by == agent
        allowed = allowed and seen >= max(found.last_customer_seq, 0 if own else found.last_reply_seq)
        saying = Saying("reply", text, epoch=epoch, seen=seen)
        try:
            self.do(lambda: once(desk.say, number, AGENTS[agent], saying, self.now, Once(agent, text, text)), dies)
        except (Conflict, Refused):
            assert not allowed
            return
        assert allowed
        ticket.said.append(text)
        ticket.state, ticket.pending, ticket.until = "pending auto close+", self.now + CLOSE, self.now + UNLOCK

    @precondition(lambda self: self.tickets)
    @rule(data=st.data(), agent=st.sampled_from(sorted(AGENTS)), dies=deaths)
    def an_agent_notes(self, data: Any, agent: str, dies: tuple[int, bool] | None) -> None:
        ticket, text = self.chosen(data), self.text("Note")
        note = Saying("note", text)
        self.do(lambda: once(desk.say, ticket.number, AGENTS[agent], note, self.now, Once(agent, text, text)), dies)
        ticket.said.append(text)

    @precondition(lambda self: self.tickets)
    @rule(data=st.data(), agent=st.sampled_from(sorted(AGENTS)))
    def an_agent_closes(self, data: Any, agent: str) -> None:
        ticket = self.chosen(data)
        version = store.ticket(ticket.number).version
        try:
            desk.change(ticket.number, AGENTS[agent], version, {"state": "closed successful"}, self.now)
        except Conflict:
            assert ticket.held_against(agent, self.now)
            return
        assert not ticket.held_against(agent, self.now)
        ticket.end("closed successful")

    @precondition(lambda self: len(self.tickets) > 1)
    @rule(data=st.data(), agent=st.sampled_from(sorted(AGENTS)), dies=deaths)
    def an_agent_merges(self, data: Any, agent: str, dies: tuple[int, bool] | None) -> None:
        lost, kept = data.draw(st.sampled_from(self.tickets)), data.draw(st.sampled_from(self.tickets))
        self.touched += [lost, kept]
        able = lost is not kept and not lost.into and not kept.into
        able = able and not lost.held_against(agent, self.now) and not kept.held_against(agent, self.now)
        asked = Once(agent, self.text("Merge"), "")
        try:
            self.do(lambda: once(desk_merge.merge, lost.number, kept.number, AGENTS[agent], self.now, asked), dies)
        except (Conflict, Refused) as error:
            # A mail whose sender died keeps its ticket for some minutes, until it is known to be unknown.
            assert not able or "leaving" in error.message
            return
        assert able
        kept.said += lost.said
        kept.letters += lost.letters
        if lost.state in ("new", "open") and kept.state not in ("new", "open"):
            kept.state, kept.pending = "open", None
        lost.said, lost.into = [], kept
        lost.end("merged")

    @precondition(lambda self: self.tickets)
    @rule(minutes=st.sampled_from([1, 30, 121, 3 * 1440, 8 * 1440]), dies=deaths)
    def time_passes(self, minutes: int, dies: tuple[int, bool] | None) -> None:
        self.now += timedelta(minutes=minutes)
        self.do(lambda: tending.tick(self.now), dies)
        for ticket in self.tickets:
            ticket.pass_time(self.now)
        self.touched += self.tickets

    # -- what must hold

    @invariant()
    def the_desk_is_what_the_model_says(self) -> None:
        touched, self.touched = {each.number: each for each in self.touched}, []
        for ticket in touched.values():
            found = store.whole(ticket.number)
            said = [article.text for article in found.articles if article.kind != "auto"]
            lock = found.ticket.lock
            assert (lock and lock.agent, found.ticket.epoch) == (ticket.holder, ticket.epoch)
            assert found.ticket.state == ticket.state
            assert sum(any(text in each for each in said) for text in ticket.said) == len(ticket.said)
            assert len(said) == len(ticket.said) + bool(ticket.into)  # a note tells where the others are
            assert len({article.seq for article in found.articles}) == len(found.articles)

    def teardown(self) -> None:
        self.touched = self.tickets
        self.the_desk_is_what_the_model_says()
        self.the_list_shows_what_is_open()

    @invariant()
    def no_reply_leaves_twice_and_none_that_was_refused(self) -> None:
        left = Counter(sent.tags["outbox"] for sent in self.cloud.outbox)
        assert max(left.values(), default=1) == 1
        replies = sum(text.startswith("Reply") for ticket in self.tickets for text in ticket.said)
        assert len([sent for sent in self.cloud.outbox if b"Auto-Submitted" not in sent.raw]) <= replies

    def the_list_shows_what_is_open(self) -> None:
        shown = {row["number"] for row in lists.open_rows(["support"])}
        assert shown == {each.number for each in self.tickets if not each.state.startswith(("closed", "merged"))}


def survivor(ticket: Model) -> Model:
    while ticket.into:
        ticket = ticket.into
    return ticket


def once(verb: Any, *arguments: Any) -> Any:
    """A second attempt under the same key finds that the first one has done it."""
    try:
        return verb(*arguments)
    except table.Taken:
        return None
    except (Conflict, Refused):
        asked = arguments[-1]
        if table.get(f"I#{asked.actor}#{asked.key}", "I") is None:
            raise
        return None


def played(cloud: Cloud, games: int, steps: int) -> None:
    Machine.cloud = cloud
    # Not shrunk: with a cloud at each step that takes longer than to read fifty steps.
    rules = settings(
        max_examples=games,
        stateful_step_count=steps,
        deadline=None,
        phases=(Phase.generate,),
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Machine, settings=rules)


@pytest.fixture
def cloud(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """Numbers that count: what is drawn must not depend on chance that Hypothesis knows nothing of."""
    monkeypatch.setenv("OTKLIK_NUMBERS", "AutoIncrement")
    settings_of_desk.settings.cache_clear()
    yield cloud
    monkeypatch.undo()
    settings_of_desk.settings.cache_clear()


def test_two_thousand_steps(cloud: Cloud) -> None:
    played(cloud, games=40, steps=50)


@pytest.mark.long
def test_twenty_thousand_steps(cloud: Cloud) -> None:
    played(cloud, games=400, steps=50)
