"""Where the customer writes on below what looks like the end of his letter, all of it is shown; where it is the end, it is folded."""

import pytest

from chalicelib import incoming, visible_reply
from tests.letters import letter

CARLA = "Carla Conti carla@carla.example"
OLEG = "Олег Орлов oleg@client.example"
OUTLOOK = "От: Support <support@desk.example>\nОтправлено: 3 февраля 2025 г. 10:15\nКому: Олег\nТема: Принтер\n\n"


def shown(text: str, sender: str = OLEG, **more: bool) -> str:
    return visible_reply.split(text, sender, **more).visible


@pytest.mark.parametrize(
    "text",
    [
        "Добрый день!\nСпасибо.\nНо касса всё равно не открывает смену.",
        "Добрый день!\n\nСпасибо!\n\nА мастер когда приедет",
        "Добрый день!\nСпасибо.\nПомогло",
        "Касса не открывает смену.\n\nСпасибо, не помогло",
        "Hello,\n\nThanks, still broken",
        "Касса молчит.\nСпасибо! Жду мастера завтра",
        "Hello,\n\nThanks\n\nSerial number: CN77\nModel: LJ 5",
        "Касса не открывает смену.\n\nЗаранее спасибо\n\nООО «Липа»\nИНН 7712345678\nЛента 57 мм, 3 рулона",
        "Касса не открывает смену.\n\nС уважением,\nОлег Орлов\n\nP.S. Звоните после обеда.",
        "Касса не открывает смену.\n\nС уважением, Олег\n\nПС. Код двери 4512",
        "The printer jams.\n\nRegards,\nCarla\nPhotos attached",
        "Касса не открывает смену.\n\nС уважением,\nОлег Орлов\n\nЗаказ № 12345",
        "Касса не открывает смену.\n\nС уважением,\nОлег Орлов\nномер заказа: А-12345",
        "Касса не открывает смену.\n\nС уважением,\nОлег\n\nСерийный номер 00107702",
        "The printer jams.\n\nRegards,\nCarla\n\nOrder 4711-22",
        "The printer jams.\n\nRegards,\nCarla\nSerial no. CN77X12",
        "The printer jams.\n\nRegards,\nCarla\n\n#12345",
        "Адрес для доставки ниже.\n\nС уважением,\nОлег\n\nМосква, ул. Ленина, д. 5, кв. 3",
        "My address is below.\n\nRegards,\nCarla\n\n12 Baker Street\nLondon",
        "Касса не открывает смену.\n\nОтправлено с iPhone\n\nЗабыл: ошибка 4012",
        "Касса молчит, посмотрите\n\n--\n\nКасса №3, второй этаж\nОшибка 4012",
        "Касса молчит, посмотрите\n—\nКасса №3, второй этаж",
    ],
)
def test_words_below_thanks_a_device_or_a_dash_stay(text: str) -> None:
    assert shown(text) == text


@pytest.mark.parametrize(
    "signature",
    [
        "Спасибо!",
        "Спасибо,\nОлег",
        "Заранее спасибо!\nС уважением,\nОлег Орлов\nглавный инженер",
        "Благодарю.\n\nОрлов Олег Иванович\n+7 495 123-45-67",
        "Отправлено с iPhone\n\nОлег Орлов\n+7 495 123-45-67",
        "Получить Outlook для iOS<https://aka.ms/o0ukef>",
        "--\nОлег",
        "—\nОлег Орлов",
        "С уважением,\nОлег Орлов\nООО «Липа»\nИНН 7712345678\nр/с 40702810\n+7 495 123-45-67",
        "С уважением,\nОлег Орлов\n\nООО «Липа»\nМосква, ул. Ленина, д. 5",
        "Regards,\nOleg Orlov\nOrder Management\nReg. no. 1234567\nPhone: 12345678",
    ],
)
def test_what_ends_a_letter_is_folded(signature: str) -> None:
    assert shown(f"Касса не открывает смену.\n\n{signature}") == "Касса не открывает смену."


def test_the_answer_below_a_quote_with_initials_stays() -> None:
    text = "Здравствуйте, Анна.\n\n3 февраля 2025 г., 10:15:52, Вы писали:\n\nАА> Какая касса?\n\nТретья, второй этаж."
    assert shown(text).endswith("Третья, второй этаж.")
    below = "Третья, второй этаж.\n\n3 февраля 2025 г., 10:15:52, Вы писали:\n\nАА> Какая касса?\nАА> И где она?"
    assert shown(below) == "Третья, второй этаж."


def test_a_prompt_is_no_quote_with_initials() -> None:
    text = "It fails so:\n\nSQL> select 1\nSQL> commit"
    assert shown(text, CARLA) == text


@pytest.mark.parametrize("answers", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "Здравствуйте!\n10 мая 2025 г. ваш сотрудник мне написал:\nзаказ отменён.\nЯ его не отменял!",
        "Hello,\nOn 10 May 2025 your colleague wrote:\nyour order is cancelled.\nI did not cancel it!",
    ],
)
def test_what_carla_cites_by_hand_ends_nothing(text: str, answers: bool) -> None:
    assert shown(text, answers=answers) == text


def test_in_a_first_letter_only_an_address_announces_a_quote_without_marks() -> None:
    said = "Hello,\n10 May 2025, 10:15, Ivan wrote:\nyour order is cancelled.\nIs it?"
    assert shown(said, answers=False) == said
    assert shown(said) == "Hello,"
    assert shown(said.replace("Ivan", "Ivan <ivan@shop.example>"), answers=False) == "Hello,"


@pytest.mark.parametrize(
    "form",
    [
        "Новое обращение\n--------------------\nОт: Анна <anna@mail.example>\nТема: Возврат\nСообщение: Верните деньги",
        "Новое обращение\n\nОт: Анна <anna@mail.example>\nТелефон: 900\nТема: Возврат\nСообщение: Верните деньги",
    ],
)
def test_a_form_of_a_site_is_no_quote(form: str) -> None:
    assert shown(form) == form


@pytest.mark.parametrize(("subject", "folded"), [(b"Order #1024", False), (b"[Ticket#20250203] Order", True)])
def test_the_number_of_an_order_makes_no_answer(subject: bytes, folded: bool) -> None:
    page = b"New order\r\n\r\nFrom: Ann <a@mail.example>\r\nDate: 3 Feb 2025, 10:15\r\nSubject: Return\r\n\r\nGive it back.\r\n"
    assert (incoming.parse(letter(page, subject=subject)).fold is not None) == folded


@pytest.mark.parametrize(
    "above",
    [
        "Отправлено с iPhone",
        "-- \nОлег",
        "С уважением,\nОлег Орлов",
        "Добрый день!\n\nС уважением,\nОлег",
        "См. ниже",
        "",
    ],
)
def test_a_forward_without_own_words_is_shown_whole(above: str) -> None:
    text = f"{above}\n\n-------- Пересылаемое сообщение --------\nОт: Банк <bank@bank.example>\nТема: Отказ\n\nОтказано, код 57."
    assert "код 57" in shown(text, forwards=True)


@pytest.mark.parametrize(
    ("below", "stays"), [("Проверьте сумму, она неверна.", True), ("-- \nОлег", False), ("", False)]
)
def test_own_words_below_the_end_of_what_is_handed_on_stay(below: str, stays: bool) -> None:
    text = f"Вот счёт.\n\n-------- Пересылаемое сообщение --------\nОт: Банк <bank@bank.example>\nТема: Счёт\n\n100 р.\n-------- Конец пересылаемого сообщения --------\n\n{below}"
    assert ("100 р." in shown(text, forwards=True)) == stays


def test_a_forward_with_own_words_shows_them() -> None:
    text = "Добрый день, почему отказано?\n\n-------- Пересылаемое сообщение --------\nОт: Банк <bank@bank.example>\nТема: Отказ\n\nКод 57."
    assert shown(text, forwards=True) == "Добрый день, почему отказано?"


@pytest.mark.parametrize(
    "said", ["Ответы ниже красным.", "Мои комментарии в тексте письма.", "See my answers below, in red."]
)
def test_where_the_answers_stand_within_the_quote_it_stays(said: str) -> None:
    text = f"{said}\n\n{OUTLOOK}Какая касса?\nТретья.\nГде она?\nНа втором этаже.\n"
    assert shown(text) == text.strip()


def test_answers_that_the_program_has_named_stay() -> None:
    text = f"Добрый день\n\n{OUTLOOK}Какая касса?\n[Олег Орлов] Третья.\nГде она?\nСпасибо\n"
    assert shown(text) == text.strip()
