"""What the desk says in its own words: templates filled in, letters with salutation and signature. English and Russian."""

import html
import re
from collections.abc import Mapping
from datetime import datetime

from chalicelib.queues import Queue
from chalicelib.threads import bare_subject, one_line
from chalicelib.ticket import Ticket

LONGEST_NAME = 80  # of a customer in a letter: what is longer is no name

# Sent in place of the queue's own text where the sender may be forged: it repeats nothing that he wrote.
FIXED = {
    "en": (
        "We have received your message",
        "Hello,\n\nWe have received your message. Its number is {{number}}.\n\nThere is no need to send it again. If you "
        "want to add something, simply answer this mail.\n\nIf you have not written to us, somebody has used your "
        "address; please ignore this mail then.",
    ),
    "ru": (
        "Мы получили ваше письмо",
        "Здравствуйте!\n\nМы получили ваше письмо, его номер {{number}}.\n\nПосылать его ещё раз не нужно. Если захотите "
        "что-то добавить, просто ответьте на это письмо.\n\nЕсли вы нам не писали, значит, кто-то указал ваш адрес: "
        "тогда просто не обращайте на это письмо внимания.",
    ),
}
FIXED_REJECT = {
    "en": (
        "Your request is closed",
        "Hello,\n\nYour request {{number}} is closed, and answers to it are no longer read. Please write us a new mail, "
        "and we will gladly look into it.",
    ),
    "ru": (
        "Ваше обращение закрыто",
        "Здравствуйте!\n\nВаше обращение {{number}} закрыто, ответы на него мы больше не читаем. Напишите нам, пожалуйста, "
        "новое письмо, и мы с радостью поможем.",
    ),
}
CODE = {
    "en": (
        "Your sign-in code: {{code}}",
        "Hello,\n\nYour code is {{code}}. It is valid for 15 minutes and only once.\n\nIf you did not ask for it, please "
        "ignore this mail: nobody can sign in without the code.",
    ),
    "ru": (
        "Код для входа: {{code}}",
        "Здравствуйте!\n\nВаш код: {{code}}. Он действует 15 минут и только один раз.\n\nЕсли вы его не запрашивали, просто "
        "не обращайте внимания на это письмо: без кода войти нельзя.",
    ),
}
PASSWORD = {
    "en": (
        "Your password code: {{code}}",
        "Hello,\n\nYour code for a new password is {{code}}. It is valid for 15 minutes.\n\nIf you did not ask for it, please tell "
        "your administrator.",
    ),
    "ru": (
        "Код для нового пароля: {{code}}",
        "Здравствуйте!\n\nВаш код для нового пароля: {{code}}. Он действует 15 минут.\n\nЕсли вы его не запрашивали, сообщите "
        "администратору.",
    ),
}
WELCOME = {
    "en": (
        "Welcome to the help desk",
        "Hello {{name}},\n\nYou can now sign in at {{origin}} as {{login}}. Your first password is\n\n    {{password}}\n\nand the "
        "desk will ask you for one of your own.",
    ),
    "ru": (
        "Добро пожаловать в службу поддержки",
        "Здравствуйте, {{name}}!\n\nТеперь вы можете войти на {{origin}} под именем {{login}}. Ваш первый пароль:\n\n"
        "    {{password}}\n\nПри входе система попросит придумать свой.",
    ),
}
CLOSING = {
    "en": (
        "{{title}}",
        "We have not heard from you since our last answer, and hope that all is well now. So we will close your request "
        "{{number}} on {{date}}.\n\nIf anything is still open, simply answer this mail: also later, your answer opens the "
        "request again.",
    ),
    "ru": (
        "{{title}}",
        "После нашего последнего ответа вы не писали, и мы надеемся, что вопрос решён. Поэтому {{date}} мы закроем ваше "
        "обращение {{number}}.\n\nЕсли что-то ещё не решено, просто ответьте на это письмо: ответ откроет обращение снова, "
        "даже если оно уже будет закрыто.",
    ),
}
MERGED = {
    "en": (
        "Merged into {{into}}",
        "This ticket has been merged into {{into}}; everything that was said here is there now.",
    ),
    "ru": ("Объединено с {{into}}", "Это обращение объединено с {{into}}: всё, что здесь было сказано, теперь там."),
}
UNREADABLE = {
    "en": (
        "A mail that could not be read",
        "The desk could not read this mail: {{reason}}\n\nIt is attached as it came.",
    ),
    "ru": (
        "Письмо, которое не удалось прочитать",
        "Прочитать письмо не удалось: {{reason}}\n\nОно приложено в исходном виде.",
    ),
}
# The subject of our letters where the customer's had none
UNTITLED = {"en": "Your request", "ru": "Ваше обращение"}
UNTITLED_FORWARD = {"en": "A letter without a subject", "ru": "Письмо без темы"}  # to others: it is not theirs
REMINDER = {"en": "The reminder of this ticket has come up.", "ru": "Подошло время напоминания по этой заявке."}


def chosen(texts: Mapping[str, tuple[str, str]], language: str, **values: str) -> tuple[str, str]:
    """(subject, text) in the language, else in English, filled in."""
    subject, text = texts.get(language) or texts["en"]
    return fill(subject, values), fill(text, values)


def fill(template: str, values: Mapping[str, str]) -> str:
    """{{name}} replaced in one pass: what a value says is never taken for a template. Unknown names become nothing."""
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda found: values.get(found[1], ""), template)


def values_of(ticket: Ticket, queue: Queue, agent: str = "") -> dict[str, str]:
    return {
        "number": ticket.number,
        "title": one_line(ticket.title),
        "queue": queue.sender_name or queue.name,
        "customer": one_line(ticket.customer.name)[:LONGEST_NAME],
        "agent": agent,
    }


def titled(subject: str, language: str, hook: str, forward: bool = False) -> str:
    """The subject where it says anything beside tags and prefixes, else words for it; the ticket's title stays empty."""
    if bare_subject(subject, hook):
        return subject
    untitled = UNTITLED_FORWARD if forward else UNTITLED
    return untitled.get(language, untitled["en"])


def day(moment: datetime, language: str) -> str:
    return f"{moment:%d.%m.%Y}" if language == "ru" else f"{moment:%d %B %Y}".removeprefix("0")


def in_language(texts: Mapping[str, str], ticket: Ticket, queue: Queue) -> str:
    return texts.get(ticket.language) or texts.get(queue.language) or next(iter(texts.values()), "")


def letter(queue: Queue, ticket: Ticket, text: str, agent: str = "") -> str:
    """Salutation, text, signature, in the ticket's language: the customer need not notice how many people answer him."""
    salutation, signature = frame(queue, ticket, agent)
    signed = f"-- \n{signature}" if signature else ""
    return "\n\n".join(part for part in (salutation, text.strip("\n"), signed) if part) + "\n"


def letter_html(queue: Queue, ticket: Ticket, page: str, agent: str = "") -> str:
    """The same around HTML that is safe already."""
    salutation, signature = (html.escape(part).replace("\n", "<br>\n") for part in frame(queue, ticket, agent))
    signed = f"<p>--&nbsp;<br>\n{signature}</p>" if signature else ""
    return "\n".join(part for part in (f"<p>{salutation}</p>" if salutation else "", page, signed) if part)


def frame(queue: Queue, ticket: Ticket, agent: str) -> tuple[str, str]:
    """What stands before and after the text."""
    values = values_of(ticket, queue, agent)
    signature = fill(in_language(queue.signature, ticket, queue), values)
    return greeting(in_language(queue.salutation, ticket, queue), values), signature.strip()


def greeting(template: str, values: Mapping[str, str]) -> str:
    """Where the name is not known, “Hello {{customer}},” becomes “Hello,”."""
    if not values["customer"]:
        template = re.sub(r",?\s*\{\{\s*customer\s*\}\}", "", template)
    return fill(template, values).strip()
