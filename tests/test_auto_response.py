"""Which automatic answer is due, to whom, in which words; and when the desk keeps silent."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from chalicelib import auto_response, follow_up, mime_out, seeds, wording
from chalicelib.article import DUE, SYSTEM, Address, Article
from chalicelib.follow_up import Outcome
from chalicelib.mail import Mail, Verdicts
from chalicelib.queues import AUTO_FOLLOW_UP, AUTO_REPLY, REJECT, Queue, Template
from chalicelib.ticket import Ticket
from tests.cast import CARLA, DAY, EVE, MONDAY, NUMBER, SUPPORT, carlas_ticket

QUEUES = {queue.id: queue for queue in seeds.queues("desk.localhost")}
QUEUE = QUEUES["support"]
OWN = frozenset(queue.address for queue in QUEUES.values())
PROVEN = Verdicts(dmarc="pass", dmarc_aligned=True, spam="pass", virus="pass")
FORGED = Verdicts(dmarc="fail", spam="pass", virus="pass")


def mail(**fields: object) -> Mail:
    written = Mail(PROVEN, CARLA, "The printer is on fire", "Please help!", "digest")
    return replace(written, **fields)  # type: ignore[arg-type]


def due(
    written: Mail | None = None,
    outcome: Outcome = Outcome.NEW_TICKET,
    queue: Queue = QUEUE,
    ticket: Ticket | None = None,
) -> Article | None:
    return auto_response.due(outcome, ticket or carlas_ticket(), written or mail(), queue, OWN, "Ticket#", MONDAY)


def answered(*arguments: object, **named: object) -> Article:
    answer = due(*arguments, **named)  # type: ignore[arg-type]
    assert answer is not None
    return answer


# -- what is said


def test_a_new_request_is_answered_with_its_number() -> None:
    answer = answered()
    assert NUMBER in answer.text and answer.to == (CARLA,)
    assert answer.subject == f"[Ticket#{NUMBER}] Re: The printer is on fire"
    assert answer.sent_from == Address(SUPPORT.address, "Support")


def test_the_answer_is_the_tickets_next_article_and_due_at_once() -> None:
    answer = answered(ticket=carlas_ticket(thread=("first@customer.example",)))
    assert (answer.seq, answer.kind, answer.subkind, answer.sender) == (2, "auto", AUTO_REPLY, SYSTEM)
    assert answer.delivery and answer.delivery.state == DUE and answer.visible
    assert answer.references == ("first@customer.example",)


@pytest.mark.parametrize(("language", "greeting"), [("en", "Hello Carla,"), ("ru", "Здравствуйте, Carla!")])
def test_the_answer_is_in_the_letters_language(language: str, greeting: str) -> None:
    assert answered(ticket=carlas_ticket(language=language)).text.startswith(greeting)


@pytest.mark.parametrize("title", ["", "Re:", f"[Ticket#{NUMBER}] Fwd: "])
@pytest.mark.parametrize(
    ("language", "subject"), [("en", "Your request"), ("ru", "Ваше обращение"), ("de", "Your request")]
)
def test_a_letter_without_a_subject_is_answered_under_one(title: str, language: str, subject: str) -> None:
    untitled = carlas_ticket(title=title, language=language)
    assert answered(ticket=untitled).subject == f"[Ticket#{NUMBER}] Re: {subject}"
    assert auto_response.reminder(untitled, QUEUE, "Ticket#", MONDAY).subject == f"[Ticket#{NUMBER}] Re: {subject}"


def test_without_a_name_the_greeting_still_reads_well() -> None:
    for language, greeting in (("en", "Hello,\n"), ("ru", "Здравствуйте!\n")):
        unnamed = carlas_ticket(language=language, customer=Address(CARLA.email))
        assert answered(ticket=unnamed).text.startswith(greeting)


def test_where_the_language_has_no_text_the_queues_own_is_taken() -> None:
    russian = replace(
        QUEUE, language="ru", auto_responses={AUTO_REPLY: {"ru": Template("{{title}}", "Номер {{number}}")}}
    )
    assert f"Номер {NUMBER}" in answered(queue=russian).text


@pytest.mark.parametrize(
    ("outcome", "word"), [(Outcome.NEW_AFTER_CLOSED, "opened a new one"), (Outcome.REJECTED, "write us a new mail")]
)
def test_each_outcome_has_its_own_words(outcome: Outcome, word: str) -> None:
    assert word in answered(outcome=outcome).text


def test_a_follow_up_is_answered_only_where_the_queue_wants_it() -> None:
    assert due(outcome=Outcome.FOLLOW_UP) is None
    eager = replace(QUEUE, auto_responses={AUTO_FOLLOW_UP: seeds.TEXTS[AUTO_FOLLOW_UP]})
    assert "has arrived" in answered(outcome=Outcome.FOLLOW_UP, queue=eager).text


def test_the_impatient_customer_gets_no_second_answer() -> None:
    assert due(outcome=Outcome.SAME_LETTER) is None


def test_an_answer_goes_where_the_customer_wants_it() -> None:
    elsewhere = Address("office@customer.example", "Carla's office")
    assert answered(mail(reply_to=(elsewhere, EVE))).to == (Address(elsewhere.email),)


# -- strangers


def test_a_stranger_reads_the_number_and_nothing_of_what_he_wrote() -> None:
    written = mail(
        verdicts=FORGED, subject="Buy watches", text="at evil.example", sender=Address(EVE.email, "Cheap watches")
    )
    eves = carlas_ticket(title="Buy watches", customer=written.sender)
    answer = answered(written, ticket=eves)
    seen = f"{answer.subject} {answer.text} {answer.to[0]}"
    assert NUMBER in answer.text and NUMBER in answer.subject
    assert not re.search("watches|at evil", seen, re.IGNORECASE)


def test_a_stranger_cannot_make_us_write_to_somebody_else() -> None:
    assert answered(mail(verdicts=FORGED, reply_to=(EVE,))).to == (Address(CARLA.email),)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_stranger_whose_ticket_is_closed_hears_just_that(language: str) -> None:
    answer = answered(mail(verdicts=FORGED), Outcome.REJECTED, ticket=carlas_ticket(language=language))
    assert answer.text.startswith(wording.FIXED_REJECT[language][1].split("{{")[0])


# -- silence


@pytest.mark.parametrize(
    "fields",
    [
        {"automatic": True},
        {"is_list": True},
        {"sender": None},
        {"verdicts": replace(PROVEN, spam="fail")},
        {"verdicts": replace(PROVEN, virus="fail")},
    ],
)
def test_machines_lists_spam_and_viruses_are_not_answered(fields: dict[str, object]) -> None:
    assert due(mail(**fields)) is None


@pytest.mark.parametrize(
    "email",
    [
        "mailer-daemon@customer.example",
        "MAILER-DAEMON@customer.example",
        "postmaster@customer.example",
        "abuse@customer.example",
        "noreply@customer.example",
        "no-reply@customer.example",
        "no.reply@customer.example",
        "do_not_reply@customer.example",
        "donotreply@customer.example",
        "no-reply+abc@customer.example",
        "noreply-123@customer.example",
        "bounces+17=carla@lists.example",
        "carla",
        "carla@",
        "@customer.example",
        "carla@customer.example\r\nBcc: eve@evil.example",
        "кар.ла@customer.example",
    ],
)
def test_where_nobody_reads_nobody_is_answered(email: str) -> None:
    assert due(mail(sender=Address(email))) is None
    assert due(mail(reply_to=(Address(email),))) is None


@pytest.mark.parametrize(
    "email",
    ["support@desk.localhost", f"support+{NUMBER}.aaaaaaaaaaaaaaaa@desk.localhost", "raw@desk.localhost"],
)
def test_the_desk_answers_neither_itself_nor_in_place_of_the_customer(email: str) -> None:
    assert due(mail(sender=Address(email))) is None
    assert answered(mail(reply_to=(Address(email),))).to == (CARLA,)


def test_whom_carla_names_to_be_answered_reads_nothing_of_what_she_wrote() -> None:
    """She is believed, he has asked for nothing: our answers must not carry anybody's words to whomever he likes."""
    said = answered(
        mail(reply_to=(EVE,)), ticket=carlas_ticket(title="Buy watches", customer=Address(CARLA.email, "Buy"))
    )
    assert (said.to, said.wary) == ((Address(EVE.email),), True)
    assert "Buy" not in said.subject + said.text and NUMBER in said.text


@pytest.mark.parametrize(
    "email", ["nora.reply@customer.example", "abuser@customer.example", "bo@xn--80a1acny.xn--p1ai"]
)
def test_people_with_odd_names_are_answered(email: str) -> None:
    assert due(mail(sender=Address(email))) is not None


def test_junk_is_not_answered() -> None:
    assert due(queue=QUEUES["junk"]) is None


@pytest.mark.parametrize("state", ["merged", "removed"])
def test_a_ticket_that_is_no_more_says_nothing(state: str) -> None:
    assert due(outcome=Outcome.REJECTED, ticket=carlas_ticket(state=state)) is None


def test_a_conversation_without_an_end_is_left_to_people() -> None:
    assert due(ticket=carlas_ticket(article_count=follow_up.LONG + 1)) is None


@pytest.mark.parametrize("count", [follow_up.LONG, follow_up.LONG + 1])
def test_whoever_cannot_be_told_that_he_is_rejected_is_not(count: int) -> None:
    closed = carlas_ticket(state="closed successful", article_count=count)
    outcome = follow_up.outcome(closed, replace(QUEUE, follow_up=REJECT))
    assert (outcome == Outcome.REJECTED) == (due(outcome=Outcome.REJECTED, ticket=closed) is not None)
    assert outcome in (Outcome.REJECTED, Outcome.NEW_AFTER_CLOSED)


def test_a_ticket_has_one_automatic_answer_an_hour() -> None:
    assert due(ticket=carlas_ticket(auto_at=MONDAY - timedelta(minutes=59))) is None
    assert due(ticket=carlas_ticket(auto_at=MONDAY - timedelta(minutes=60))) is not None


def test_who_writes_to_a_ticket_that_was_just_closed_hears_of_it_once() -> None:
    before, closed = MONDAY - timedelta(minutes=30), MONDAY - timedelta(minutes=20)
    after = MONDAY - timedelta(minutes=10)
    told = carlas_ticket(auto_at=before, state="closed successful", closed_at=closed)
    assert due(outcome=Outcome.REJECTED, ticket=told) is not None
    assert due(outcome=Outcome.FOLLOW_UP, ticket=told) is None
    assert due(outcome=Outcome.REJECTED, ticket=replace(told, auto_at=after)) is None


@pytest.mark.parametrize(
    "subject",
    [
        "[Ticket#2026112310000013] We have received your letter",
        "Re: [Support #123456] Invoice",
        "[ABC-1234] Printer on fire",
        "INC0012345 has been opened",
        "Your case: 00123456",
        "(Case 12345: #4711) Printer",
        "Заявка №4711 принята",
        "Обращение 123456",
        "Ticket ID: 4711",
        "Vorgang Nr. 4711",
        "Re: #12345: Printer",
    ],
)
def test_numbers_in_subjects_show_that_a_desk_may_be_writing(subject: str) -> None:
    assert answered(mail(subject=subject)).to_desk


@pytest.mark.parametrize(
    "subject",
    [
        "The printer is on fire",
        "Case for 2 printers",
        "Room 101",
        "Order of 12 chairs",
        "Windows 11 23H2",
        "[EXTERNAL] 3 questions",
        "Question about order #10231",
        "Order #10418 arrived damaged",
        "Error KB5034441 on my PC",
        "",
    ],
)
def test_ordinary_subjects_do_not(subject: str) -> None:
    assert not answered(mail(subject=subject)).to_desk


# -- the portal, the reminder


def test_what_is_asked_in_the_portal_is_answered_by_mail() -> None:
    answer = auto_response.due_on_the_web(Outcome.NEW_TICKET, carlas_ticket(), QUEUE, "Ticket#", MONDAY)
    assert answer and answer.to == (CARLA,) and NUMBER in answer.text


def test_the_customer_hears_when_his_ticket_will_be_closed() -> None:
    for language, day in (("en", "1 December 2026"), ("ru", "01.12.2026")):
        waiting = carlas_ticket(language=language, pending_until=MONDAY + 8 * DAY)
        said = auto_response.reminder(waiting, QUEUE, "Ticket#", MONDAY)
        assert said.kind == "reminder" and day in said.text and said.delivery


def test_who_has_no_mailbox_is_reminded_of_nothing() -> None:
    said = auto_response.reminder(carlas_ticket(customer=Address("", "Carla")), QUEUE, "Ticket#", MONDAY)
    assert said.to == () and said.delivery is None


# -- templates


@given(some.text(some.characters(codec=None)))
@example("{{number}} {{{{title}}}}")
@example("Fire\r\nBcc: eve@evil.example")
def test_what_a_customer_calls_his_ticket_stays_what_it_is(title: str) -> None:
    echo = replace(
        QUEUE, auto_responses={AUTO_REPLY: {"en": Template("{{title}}", "“{{title}}” {{ number }} {{nothing}}")}}
    )
    answer = answered(queue=echo, ticket=carlas_ticket(title=title))
    assert "\n" not in answer.subject and "\r" not in answer.subject
    assert f"“{wording.one_line(title)}” {NUMBER}" in answer.text


@given(some.text(some.characters(codec=None)))
def test_whatever_his_name_the_answer_can_be_sent(name: str) -> None:
    named = carlas_ticket(customer=Address(CARLA.email, name))
    answer = answered(mail(sender=named.customer), ticket=named)
    assert mime_out.build(named, answer, QUEUE, b"secret", "desk.localhost").isascii()


def test_every_seeded_text_is_filled_in_both_languages() -> None:
    assert {queue.id for queue in QUEUES.values()} == {"support", "billing", "junk", "raw"}
    for kind, texts in seeds.TEXTS.items():
        assert set(texts) == {"en", "ru"}, kind
        for template in texts.values():
            filled = wording.fill(template.text, wording.values_of(carlas_ticket(), QUEUE))
            assert NUMBER in filled and "{" not in filled


def test_html_is_framed_as_the_text_is() -> None:
    named = carlas_ticket(customer=Address(CARLA.email, "<b>Carla</b>"))
    page = wording.letter_html(QUEUE, named, "<p>Use water.</p>")
    assert page.startswith("<p>Hello &lt;b&gt;Carla&lt;/b&gt;,</p>\n<p>Use water.</p>\n")
    assert "Your support team" in page


def test_the_seeded_agents_work_where_they_should() -> None:
    rights = {agent.login: (agent.role, dict(agent.rights)) for agent in seeds.agents("desk.localhost")}
    assert rights == {
        "ann": ("agent", {"support": "write"}),
        "ben": ("agent", {"support": "write"}),
        "olga": ("agent", {"billing": "write"}),
        "ada": ("admin", {}),
    }
