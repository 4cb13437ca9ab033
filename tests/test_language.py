"""In which language a ticket is answered: the first one that its words tell, not the queue's for ever."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib import config, counter, desk, desk_merge, desk_sent, language, store, threads
from chalicelib.article import Address, Article
from chalicelib.composing import NewTicket, Saying
from chalicelib.ticket import Ticket
from dev.cloud import Cloud
from tests.cast import ANN, CARLA, CARLA_HERSELF, HOUR, MONDAY, SUPPORT
from tests.posting import mail
from tests.test_postmaster import only_ticket, tickets

pytestmark = pytest.mark.usefixtures("cloud")
TakeIn = Callable[..., None]
RUSSIAN = "Здравствуйте, принтер опять не печатает, помогите, пожалуйста."


def opened(text: str, channel: str = "phone") -> Ticket:
    """By Ann, in a queue that speaks English."""
    return desk.open_ticket(ANN, NewTicket(channel, "Support", CARLA, "1C 8.3", text), MONDAY)[0]


def replied(number: str, text: str) -> Article:
    now = MONDAY + HOUR
    epoch, seen = desk.lock(number, ANN, False, now).epoch, store.ticket(number).article_count
    return desk.say(number, ANN, Saying("reply", text, epoch=epoch, seen=seen), now)[1]


@pytest.mark.parametrize("channel", ["phone", "email"])
def test_what_ann_opens_in_russian_is_answered_in_russian(channel: str, cloud: Cloud) -> None:
    assert opened(RUSSIAN, channel).language == "ru"
    assert "Здравствуйте, Carla" in replied(tickets()[0].ticket.number, "Готово.").text


def test_a_photo_says_nothing_and_the_next_letter_does(take_in: TakeIn) -> None:
    take_in(mail("", "IMG_2231", files=(("IMG_2231.jpg", b"jpg"),)), "in/1")
    assert (only_ticket().ticket.language, only_ticket().ticket.language_guessed) == ("en", True)
    answers = {"References": "<first@customer.example>"}
    take_in(mail(RUSSIAN, "Re: IMG_2231", message_id="<2@customer.example>", headers=answers), "in/2")
    assert only_ticket().ticket.language == "ru"
    take_in(mail("Thank you, it is all right now.", "Re", message_id="<3@customer.example>", headers=answers), "in/3")
    assert only_ticket().ticket.language == "ru"


def test_the_notes_of_a_machine_say_nothing(take_in: TakeIn) -> None:
    take_in(mail("", "IMG_2231", files=(("IMG_2231.jpg", b"jpg"),)), "in/1")
    away = {"References": "<first@customer.example>", "Auto-Submitted": "auto-replied"}
    take_in(mail(RUSSIAN, "Re", message_id="<2@customer.example>", headers=away), "in/2")
    assert only_ticket().ticket.language_guessed


def test_ann_tells_the_language_where_the_customer_has_not(take_in: TakeIn) -> None:
    take_in(mail("", "IMG_2231", files=(("IMG_2231.jpg", b"jpg"),)), "in/1")
    said = replied(only_ticket().ticket.number, "Добрый день, на снимке ничего не видно.")
    assert said.text.startswith("Здравствуйте, Carla")
    assert only_ticket().ticket.language == "ru"


def test_merged_tickets_speak_what_one_of_them_is_known_to_speak(take_in: TakeIn) -> None:
    take_in(mail("", "IMG_2231", files=(("IMG_2231.jpg", b"jpg"),)), "in/1")
    take_in(mail(RUSSIAN, "Принтер", message_id="<2@customer.example>"), "in/2")
    photo, letter = (each.ticket.number for each in tickets())
    desk_merge.merge(letter, photo, ANN, MONDAY + HOUR)
    assert (store.ticket(photo).language, store.ticket(photo).language_guessed) == ("ru", False)


def test_what_carla_writes_in_the_portal_tells_it_too(take_in: TakeIn) -> None:
    take_in(mail("", "IMG_2231", files=(("IMG_2231.jpg", b"jpg"),)), "in/1")
    number = only_ticket().ticket.number
    counter.write(number, CARLA_HERSELF, RUSSIAN, (), MONDAY + HOUR)
    assert store.ticket(number).language == "ru"


def test_a_supplier_who_was_asked_aside_does_not(take_in: TakeIn) -> None:
    take_in(mail("", "IMG_2231", files=(("IMG_2231.jpg", b"jpg"),)), "in/1")
    number = only_ticket().ticket.number
    epoch = desk.lock(number, ANN, False, MONDAY).epoch
    sam = Address("sam@supplier.example", "Sam")
    desk.say(number, ANN, Saying("forward", "?", to=(sam,), epoch=epoch, seen=1, quote=1), MONDAY)
    reply = threads.reply_address(SUPPORT.address, number, config.config().secret)
    take_in(mail(RUSSIAN, "Re", sender=sam, to=reply, message_id="<s@supplier.example>"), "in/2")
    assert (store.whole(number).articles[-1].visible, store.ticket(number).language) == (False, "en")


def test_a_reply_that_is_taken_back_has_told_nothing(take_in: TakeIn) -> None:
    config.put_queue(replace(SUPPORT, undo_seconds=5))
    take_in(mail("", "IMG_2231", files=(("IMG_2231.jpg", b"jpg"),)), "in/1")
    number = only_ticket().ticket.number
    epoch, seen = desk.lock(number, ANN, False, MONDAY).epoch, store.ticket(number).last_customer_seq
    held = Saying("reply", "Добрый день, что на снимке?", epoch=epoch, seen=seen, hold=True)
    _, article = desk.say(number, ANN, held, MONDAY)
    assert store.ticket(number).language == "ru"
    desk_sent.undo(number, article.seq, ANN, MONDAY)
    assert (store.ticket(number).language, store.ticket(number).language_guessed) == ("en", True)


LOG = "\n".join(f"2026-11-28 10:00:{n:02} ERROR could not connect to the server db{n}: refused" for n in range(60))
TRACE = 'Traceback (most recent call last):\n  File "a.py", line 12, in my_main\nValueError: this is not a number\n' * 9


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"Помогите!\n\n{LOG}", "ru"),
        (f"{LOG}\n\nЧто это?", "ru"),
        (f"Здравствуйте!\n{TRACE}\nОлег", "ru"),
        (f"Вот лог:\n{TRACE}\nСпасибо", "ru"),
        (f"Допоможіть!\n{LOG}\nщо це?", None),
        (f"{LOG}\nOlga", "en"),
        (f"Hello, I get this:\n\nне удалось открыть файл\n\nWhat does it mean? Thanks.\n{TRACE}", "en"),
        ("The device does not start, see the log that you have asked for.\nИван Петров", "en"),
        ("Hello, I have the order of Иван Петров and ООО Ромашка, please help.", "en"),
        ("Иван Петров, ООО Ромашка", "ru"),
    ],
)
def test_a_few_words_around_a_log_tell_the_language_and_names_do_not(text: str, told: str | None) -> None:
    assert language.of(text) == told


def test_who_writes_two_words_around_an_english_log_is_answered_in_russian(take_in: TakeIn) -> None:
    take_in(mail(f"Не работает\n\n{LOG}", "Error 4012"), "in/1")
    assert only_ticket().ticket.language == "ru"
