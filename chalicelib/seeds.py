"""What a new desk starts with: four queues, their texts in English and Russian, three agents and an administrator."""

from dataclasses import replace

from chalicelib.access import ADMIN, WRITE, Agent
from chalicelib.queues import AUTO_REJECT, AUTO_REPLY, AUTO_REPLY_NEW_TICKET, Queue, Template

SALUTATION = {"en": "Hello {{customer}},", "ru": "Здравствуйте, {{customer}}!"}
SIGNATURE = {"en": "Kind regards\n{{queue}}", "ru": "С уважением,\n{{queue}}"}

RESPONSES = {
    AUTO_REPLY: {
        "en": Template(
            "{{title}}",
            "Thank you for writing to us. Your request has the number {{number}}, and we will answer it as soon as we can.\n\n"
            "If you want to add something, simply answer this mail: it will reach the same request.",
        ),
        "ru": Template(
            "{{title}}",
            "Спасибо, что написали нам. Вашему обращению присвоен номер {{number}}, мы ответим, как только сможем.\n\n"
            "Если захотите что-то добавить, просто ответьте на это письмо: оно попадёт в то же обращение.",
        ),
    },
    AUTO_REJECT: {
        "en": Template(
            "{{title}}",
            "Your request {{number}} is closed, and answers to it are no longer worked on. Please write us a new mail, "
            "and we will take care of it.",
        ),
        "ru": Template(
            "{{title}}",
            "Ваше обращение {{number}} закрыто, и ответы на него больше не рассматриваются. Напишите нам, пожалуйста, "
            "новое письмо, и мы им займёмся.",
        ),
    },
    AUTO_REPLY_NEW_TICKET: {
        "en": Template(
            "{{title}}",
            "Your earlier request is closed, so we have opened a new one for your mail. Its number is {{number}}.",
        ),
        "ru": Template(
            "{{title}}",
            "Ваше прежнее обращение закрыто, поэтому для вашего письма мы открыли новое. Его номер: {{number}}.",
        ),
    },
}


def queues(domain: str) -> list[Queue]:
    """Support, Billing, Junk and Raw; Raw takes the mail that names no queue."""
    named = [
        Queue(
            id=name.lower(),
            name=name,
            address=f"{name.lower()}@{domain}",
            sender_name=name,
            salutation=SALUTATION,
            signature=SIGNATURE,
            auto_responses=RESPONSES,
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
