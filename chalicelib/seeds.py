"""What a new desk starts with: four queues, their texts in English and Russian, three agents and an administrator."""

from dataclasses import replace

from chalicelib.access import ADMIN, WRITE, Agent
from chalicelib.queues import AUTO_FOLLOW_UP, AUTO_REJECT, AUTO_REPLY, AUTO_REPLY_NEW_TICKET, Queue, Template

SALUTATION = {"en": "Hello {{customer}},", "ru": "Здравствуйте, {{customer}}!"}
SIGNATURES = {
    "Support": {"en": "Kind regards\nYour support team", "ru": "С уважением,\nслужба поддержки"},
    "Billing": {"en": "Kind regards\nYour billing team", "ru": "С уважением,\nотдел расчётов"},
}

# Salutation and signature of the queue go around these.
TEXTS = {
    AUTO_REPLY: {
        "en": Template(
            "{{title}}",
            "Thank you for writing to us. Your letter has arrived, its number is {{number}}, and we will answer as soon as "
            "we can.\n\nThere is no need to send it again. If you want to add something, simply answer this mail: it will "
            "be kept together with your letter.",
        ),
        "ru": Template(
            "{{title}}",
            "Спасибо, что написали нам. Ваше письмо получено, его номер {{number}}. Мы ответим, как только сможем.\n\n"
            "Посылать письмо ещё раз не нужно. Если захотите что-то добавить, просто ответьте на это сообщение: ваш ответ "
            "попадёт в то же обращение.",
        ),
    },
    AUTO_FOLLOW_UP: {
        "en": Template(
            "{{title}}",
            "Thank you, what you have added to your request {{number}} has arrived. We will come back to you soon.",
        ),
        "ru": Template(
            "{{title}}",
            "Спасибо, ваше дополнение к обращению {{number}} получено. Скоро мы вам ответим.",
        ),
    },
    AUTO_REJECT: {
        "en": Template(
            "{{title}}",
            "Your request {{number}} is closed, and answers to it are no longer read. Please write us a new mail, and we "
            "will gladly look into it.",
        ),
        "ru": Template(
            "{{title}}",
            "Ваше обращение {{number}} закрыто, ответы на него мы больше не читаем. Напишите нам, пожалуйста, новое письмо, "
            "и мы с радостью поможем.",
        ),
    },
    AUTO_REPLY_NEW_TICKET: {
        "en": Template(
            "{{title}}",
            "Thank you for writing again. Your earlier request is closed, so we have opened a new one for this letter; its "
            "number is {{number}}. We can still see everything that was said before.",
        ),
        "ru": Template(
            "{{title}}",
            "Спасибо, что снова написали нам. Прежнее обращение уже закрыто, поэтому для этого письма мы открыли новое, его "
            "номер {{number}}. Всё, о чём мы говорили раньше, нам видно.",
        ),
    },
}
UNDO_SECONDS = 5  # frontend.md; people know 5 to 30 from Gmail, and nobody waits long for his own letter
# An answer to every single letter is more than most people want: an administrator may switch the others on.
ACTIVE = (AUTO_REPLY, AUTO_REJECT, AUTO_REPLY_NEW_TICKET)


def queues(domain: str) -> list[Queue]:
    """Support, Billing, Junk and Raw; Raw takes the mail that names no queue."""
    answers = {kind: TEXTS[kind] for kind in ACTIVE}
    named = [
        Queue(
            id=name.lower(),
            name=name,
            address=f"{name.lower()}@{domain}",
            sender_name="Support" if name == "Raw" else name,
            salutation=SALUTATION,
            signature=SIGNATURES.get(name, SIGNATURES["Support"]),
            auto_responses=answers,
            undo_seconds=UNDO_SECONDS,
        )
        for name in ("Support", "Billing", "Junk", "Raw")
    ]
    return [replace(queue, auto_responses={}) if queue.id == "junk" else queue for queue in named]


def agents(domain: str) -> list[Agent]:
    """Ann and Ben work in Support, Olga in Billing, Ada is the administrator."""
    support, billing = {"support": WRITE}, {"billing": WRITE}
    return [
        Agent("ann", "Ann Archer", f"ann@{domain}", rights=support),
        Agent("ben", "Ben Brooks", f"ben@{domain}", rights=support),
        Agent("olga", "Olga Orlova", f"olga@{domain}", rights=billing, language="ru"),
        Agent("ada", "Ada Adler", f"ada@{domain}", role=ADMIN),
    ]
