"""What agents read when a mail came back, in the queue's language. Pure."""

from collections.abc import Sequence

from chalicelib.article import Failure

HEADS = {
    "bounce": {"en": "A mail could not be delivered.", "ru": "Письмо не удалось доставить."},
    "delay": {
        "en": "A mail is late; it is still being tried.",
        "ru": "Письмо задерживается; попытки доставить его продолжаются.",
    },
    "complaint": {"en": "The receiver has called a mail spam.", "ru": "Получатель пожаловался на письмо как на спам."},
}
SUBJECTS = {
    "bounce": {"en": "Not delivered: {subject}", "ru": "Не доставлено: {subject}"},
    "delay": {"en": "Delayed: {subject}", "ru": "Задерживается: {subject}"},
    "complaint": {"en": "Complaint: {subject}", "ru": "Жалоба: {subject}"},
}


def subject(kind: str, of: str, language: str) -> str:
    return chosen(SUBJECTS[kind], language).format(subject=of)


def text(kind: str, recipients: Sequence[Failure], language: str) -> str:
    """A sentence, and a line for each recipient: whom, the status, the receiving server's own words."""
    return "\n".join([chosen(HEADS[kind], language), "", *map(line, recipients)]).strip()


def line(failure: Failure) -> str:
    status = f"{failure.status} " if failure.status and failure.status not in failure.sentence else ""
    return f"{failure.email}: {status}{failure.sentence}".strip(": ")


def chosen(words: dict[str, str], language: str) -> str:
    return words.get(language) or words["en"]
