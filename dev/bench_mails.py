"""Mails as people write them, generated: English and Russian, plain and with HTML, some with a file. The same ones each time."""

import random
from email.message import EmailMessage
from email.policy import SMTP

from chalicelib import files
from dev.smtp import stamp

WORDS = {
    "en": "the printer order invoice please since yesterday nobody answers screen account broken thank you kindly".split(),
    "ru": "принтер заказ счёт пожалуйста со вчерашнего дня никто не отвечает экран запись сломан спасибо заранее".split(),
}


def letter(n: int, files: int = 0, number: str = "", sender: int | None = None, file_size: int = 60_000) -> bytes:
    """The n-th mail, as SES puts it into the bucket; `number` makes it an answer in that ticket. `file_size` in bytes."""
    chance = random.Random(n)
    language = "ru" if n % 3 == 0 else "en"
    address = f"customer{n if sender is None else sender}@customer.example"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"Customer {n} <{address}>"
    mail["To"] = "support@desk.localhost"
    mail["Subject"] = f"Re: [Ticket#{number}] {said(chance, language, 5)}" if number else said(chance, language, 6)
    mail["Message-ID"] = f"<{n}@customer.example>"
    mail["Date"] = "Mon, 23 Nov 2026 10:00:00 +0000"
    paragraphs = [said(chance, language, chance.randint(15, 60)) for _ in range(4)]
    mail.set_content("\n\n".join(paragraphs) + f"\n\n-- \nCustomer {n}\n")
    if n % 2:
        mail.add_alternative(
            "<html><body>" + "".join(f"<p>{each}</p>" for each in paragraphs) + "</body></html>", subtype="html"
        )
    for each in range(files):
        mail.add_attachment(chance.randbytes(file_size), "application", "pdf", filename=f"scan-{each}.pdf")
    return stamp(mail.as_bytes(), address, ["support@desk.localhost"])


def said(chance: random.Random, language: str, words: int) -> str:
    return " ".join(chance.choice(WORDS[language]) for _ in range(words))


def put(raw: bytes) -> str:
    """As SES does. Answers the key."""
    key = f"in/bench{random.getrandbits(64):x}"
    files.put(key, raw, "message/rfc822")
    return key
