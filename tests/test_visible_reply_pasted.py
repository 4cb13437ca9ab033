"""A mail or a log that the customer pastes into his letter and writes on below is shown; what a program quotes is folded."""

import pytest

from chalicelib import visible_reply

CARLA = "Carla Conti carla@carla.example"
OLEG = "Олег Орлов oleg@client.example"
BANK = "From: Bank <bank@evil.example>\nSent: Monday, November 23, 2026 10:15 AM\nTo: Carla\nSubject: Your account\n\n"
БАНК = "От: Банк <bank@evil.example>\nОтправлено: 3 февраля 2026 г. 10:15\nКому: Олег\nТема: Счёт\n\n"
DESK = (
    "From: Support <support@desk.example>\nSent: Monday, November 23, 2026 10:15 AM\nTo: Carla Conti\nSubject: Fire\n\n"
)
OWN = (
    "From: Conti, Carla <carla@carla.example>\nSent: Monday, November 23, 2026 9:15 AM\nTo: Support\nSubject: Fire\n\n"
)


def is_whole(text: str, sender: str, answers: bool) -> bool:
    return visible_reply.split(text, sender, answers) == visible_reply.Split(text.strip(), None, None)


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        (f"I got this:\n\n-----Original Message-----\n{BANK}Click here.\n\nIs it from you?", CARLA),
        (f"I got this:\n\n-----Original Message-----\n{BANK}Click here.\n\nIs it from you?\n\nRegards,\nCarla", CARLA),
        ("The screen shows\n\n-----Original Message-----\n\nand nothing else. What do I do?", CARLA),
        ("We read:\n\nOn 3 Feb 2026, 10:15, Bank <bank@evil.example> wrote:\nPay.\n\nMust we?", CARLA),
        (f"Пришло письмо:\n\n-----Исходное сообщение-----\n{БАНК}Оплатите.\n\nЭто вы прислали?", OLEG),
        ("Нам ответили:\n\n3 февраля 2026 г., 10:15, Банк <bank@evil.example> написал:\nПлатите.\n\nЧто это?", OLEG),
    ],
)
def test_a_question_below_a_mail_that_was_pasted_into_a_first_letter_stays(text: str, sender: str) -> None:
    assert is_whole(text, sender, answers=False)


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        (f"I got this:\n\n{BANK}Click.\n\nRegards,\nYour bank\n\nI did not.\n\nRegards,\nCarla Conti", CARLA),
        (f"I got this:\n\n-----Original Message-----\n{BANK}Click.\n\nI did not.\n\nRegards,\nCarla", CARLA),
        (f"Пришло письмо:\n\n{БАНК}Оплатите счёт.\n\nЭто вы прислали?\n\nС уважением,\nОлег Орлов", OLEG),
    ],
)
def test_what_the_sender_signs_below_a_mail_of_somebody_else_stays_in_any_letter(text: str, sender: str) -> None:
    assert is_whole(text, sender, answers=True)


@pytest.mark.parametrize("answers", [False, True])
@pytest.mark.parametrize(
    "log",
    [
        "2026-11-28 10:00:01 delivery to <carla@carla.example>:\nconnection refused",
        "2026-11-28T10:00:01.123 carla@carla.example sent:\nconnection refused",
        "28.11.2026 10:00:01 доставка <carla@carla.example>:\nconnection refused",
        "Nov 28 10:11:12 mx postfix[7]: from=<a@x.example>\nNov 28 10:11:13 mx postfix[7]: to=<b@x.example>:\nlost",
        "[2026-11-28 10:00:01] <carla@carla.example>:\nconnection refused",
    ],
)
def test_the_line_of_a_log_announces_no_quote(log: str, answers: bool) -> None:
    assert is_whole(f"Our log says\n\n{log}\n\nPlease look into it", CARLA, answers)
    assert is_whole(f"Вот что в журнале\n\n{log}\n\nПосмотрите, пожалуйста", OLEG, answers)


@pytest.mark.parametrize(
    "quote",
    [
        f"{DESK}Hello Carla,\n\nDoes it print?\n\nBest regards,\nAnn",
        f"-----Original Message-----\n{DESK}Does it print?\n\nAnn\n\n-----Original Message-----\n{OWN}It burns.\n\nRegards,\nCarla",
        f"{DESK}Does it print?\n\nAnn\n\nOn Mon, 23 Nov 2026 at 9:15, Carla Conti wrote:\n\nIt burns.\n\nRegards,\nCarla",
        f"{DESK}Does it print?\n\n-- \nCarla Conti",
        f"Regards,\nCarla Conti\n\n{DESK}Does it print?\n\nAnn",
        "2026-11-23 10:15:02 GMT+03:00 Support <support@desk.example>:\n\nDoes it print?",
        "2026-11-23 10:15 Support <support@desk.example>:\n\nDoes it print?",
    ],
)
def test_what_outlook_and_others_quote_is_folded_as_before(quote: str) -> None:
    assert visible_reply.split(f"It prints again.\n\n{quote}", CARLA).visible == "It prints again."


def test_a_letter_that_quotes_without_saying_that_it_answers_is_folded_where_nothing_is_asked_below() -> None:
    quote = f"-----Original Message-----\n{DESK}Hello Carla,\n\nit should print now.\n\nAnn"
    assert visible_reply.split(f"It prints again.\n\n{quote}", CARLA, answers=False).visible == "It prints again."


def test_who_is_not_known_by_name_signs_nothing() -> None:
    quote = f"{BANK}Click.\n\nI did not.\n\nRegards,\nCarla Conti"
    assert visible_reply.split(f"I got this:\n\n{quote}", " carla@carla.example").visible == "I got this:"
