"""A walk through a desk: letters, agents, the customer, time. Each step stands for itself.

`./desk system-test` goes through all of them once; dev/policies.py goes again and again, each time with less allowed.
"""

import base64
import hashlib
import hmac
import json
import random
import re
import struct
import time
from typing import Any

from dev.aws import inside, operate
from dev.emulator import REGION
from dev.visitor import Desk, a_ticket, letter, need, told

ADA = ("ada", "Nobody-knows-1-of-these")
FILE = b"Tula, 1870: 4.5 litres"
# As much as an article may have, of letters that no compression makes small enough for an item of the table.
LONG = "".join(map(chr, random.Random(2026).choices(range(0x4E00, 0x9FA5), k=190_000)))


def signs_in(desk: Desk) -> None:
    """An agent signs in; who does not know the password does not"""
    gets_password(desk)
    desk.ask("POST", "/session", {"login": ADA[0], "password": "something-else-1A"}, 401)
    comes_in(desk)


def gets_password(desk: Desk) -> None:
    from chalicelib import accounts

    with inside.desk_of(desk.to):
        accounts.set_password(*ADA)


def comes_in(desk: Desk) -> None:
    """Who knows the password comes in"""
    desk.ask("POST", "/session", {"login": ADA[0], "password": ADA[1]})
    need(desk.ask("GET", "/session")["login"] == ADA[0], "Somebody else is signed in.")


def takes_in(desk: Desk) -> None:
    """A letter becomes a ticket, and its writer hears the number"""
    number, sender = a_ticket(desk)
    [answer] = desk.soon(lambda: desk.letters(sender), "the automatic answer")
    need(number in answer, "The automatic answer has no number.")


def goes_on(desk: Desk) -> None:
    """Three letters of a thread, the middle one last: two halves become one ticket"""
    first, second, third = (desk.fresh() for _ in range(3))
    sender, title = f"carla-{first}@customer.example", f"The samovar {first} leaks"
    desk.bring(first, letter(first, sender, title))
    number = desk.soon(lambda: desk.ticket(title), "the first ticket")["number"]
    desk.bring(third, letter(third, sender, f"Re: {title} still", answers=second, words=LONG))
    desk.soon(lambda: desk.ticket(f"Re: {title} still"), "the second ticket")
    desk.bring(second, letter(second, sender, f"Re: {title}", answers=first))
    desk.soon(lambda: len(customers_words(desk, number)) == 3, "the three letters in one ticket")


def customers_words(desk: Desk, number: str) -> list[dict[str, Any]]:
    said = desk.ask("GET", f"/tickets/{number}")["articles"]
    return [each for each in said if each["sender"] == "customer"]


def gives_out(desk: Desk) -> None:
    """A file that came by mail is given out, and the mail as it was sent"""
    number, _ = a_ticket(desk, file=FILE)
    need(desk.file(f"/tickets/{number}/articles/1/attachments/1") == FILE, "The file is another.")
    need(b"passport.txt" in desk.file(f"/tickets/{number}/articles/1/raw"), "The mail is another.")


def keeps_long_letters(desk: Desk) -> None:
    """A letter too long for the table lies beside it"""
    number, _ = a_ticket(desk, words=LONG)
    need(LONG in texts(desk, number)[0], "The letter is another.")


def texts(desk: Desk, number: str) -> list[str]:
    return [each["text"] for each in desk.ask("GET", f"/tickets/{number}")["articles"]]


def quarantines(desk: Desk) -> None:
    """The files of an infected mail are given to nobody"""
    number, _ = a_ticket(desk, file=FILE, own="virus=fail")
    answer = desk.send("GET", f"/tickets/{number}/articles/1/attachments/1")
    need(b"quarantined" in answer.body, f"The file is given out: {answer.status}")


def answers_the_letter(desk: Desk) -> None:
    """An agent takes the lock and replies, with a file; the letter leaves"""
    number, sender = a_ticket(desk)
    desk.soon(lambda: desk.letters(sender), "the automatic answer")
    lock = desk.ask("PUT", f"/tickets/{number}/lock", {})
    said = {"kind": "reply", "text": "Please turn the tap.", "to": [{"email": sender}], "seen": 2}
    said |= {"epoch": lock["epoch"], "attachments": [desk.upload("tap.txt", b"righty tighty")]}
    desk.ask("POST", f"/tickets/{number}/articles", said, 201)
    # The emulator shows the last text of a letter, which is its file.
    desk.soon(lambda: [each for each in desk.letters(sender) if "righty tighty" in each], "the reply")


def writes_at_length(desk: Desk) -> None:
    """An agent's long note is kept, and read again"""
    number, _ = a_ticket(desk)
    desk.ask("POST", f"/tickets/{number}/articles", {"kind": "note", "text": LONG}, 201)
    need(LONG in texts(desk, number), "The note is another.")


def merges(desk: Desk) -> None:
    """Two tickets become one"""
    (one, _), (other, _) = a_ticket(desk), a_ticket(desk)
    desk.ask("POST", f"/tickets/{one}/merge", {"into": other})
    need(len(customers_words(desk, other)) == 2, "Not everything has come.")


def finds(desk: Desk) -> None:
    """The table's stream tells the index, and the letter is found by a word, and what resembles it"""
    number, _ = a_ticket(desk)
    # A word of the text: where the index is away, the rows of open tickets are asked instead, and these hold the subject only.
    desk.soon(lambda: desk.ask("GET", "/search?q=tula")["hits"], "the ticket in the index")
    desk.ask("GET", f"/tickets/{number}/similar")


def keeps_what_failed(desk: Desk) -> None:
    """What is no mail lies where agents see it, is tried again, and becomes a ticket if they say so"""
    name = desk.fresh()
    desk.bring(name, f"{name} is no mail".encode())
    failed = desk.soon(lambda: failed_mail(desk, name), "the failed mail")
    need(desk.file(f"/failed-mails/{failed}/raw").startswith(name.encode()), "It is another.")
    desk.ask("POST", f"/failed-mails/{failed}/retry", status=202)
    desk.came(f"{failed}-retry1")
    again = desk.soon(lambda: failed_mail(desk, name), "the mail that failed again")
    desk.ask("POST", f"/failed-mails/{again}/ticket", {"queue": "Support"}, 201)


def failed_mail(desk: Desk, name: str) -> str | None:
    found = desk.ask("GET", "/failed-mails")["failed_mails"]
    return next((each["id"] for each in found if each["id"].startswith(name)), None)


def shows_the_customer(desk: Desk) -> None:
    """The customer gets a code, and sees her ticket with it"""
    _, sender = a_ticket(desk)
    desk.soon(lambda: desk.letters(sender), "the automatic answer")
    known = desk.letters(sender)
    desk.ask("POST", "/portal/session", {"email": sender}, 202)
    [sent] = desk.soon(lambda: [each for each in desk.letters(sender) if each not in known], "the code")
    desk.ask("PUT", "/portal/session", {"email": sender, "code": code_in(sent)})
    need(len(desk.ask("GET", "/portal/tickets")["tickets"]) == 1, "The customer does not see her ticket.")


def code_in(mail: str) -> str:
    """Six digits for a customer, eight for an agent."""
    return re.findall(r"\b(?:\d{6}|\d{8})\b", str(json.loads(mail)["BodyText"]))[-1]


def hires(desk: Desk) -> None:
    """An agent gets an account, chooses a password, forgets it, and sets up a second factor"""
    login = f"ben{desk.fresh()}"
    email = f"{login}@example.com"
    wanted = {"name": "Ben", "email": email, "role": "agent", "rights": {"Support": "write"}}
    desk.ask("PUT", f"/admin/agents/{login}", wanted)
    [welcome] = desk.soon(lambda: desk.letters(email), "the first password")
    [first] = re.findall(r"\S+-aZ7", welcome.replace("\\n", " "))
    his = Desk(desk.to, desk.address, desk.patience, names=desk.names)
    begun = his.ask("POST", "/session", {"login": login, "password": first})
    chosen = {"session": begun["session"], "password": "Samovars-are-2-hot"}
    his.ask("POST", "/session/challenge", chosen)
    his.ask("POST", "/session/forgotten", {"login": login}, 202)
    [sent] = desk.soon(lambda: [each for each in desk.letters(email) if each != welcome], "the code")
    password = "Kettles-are-3-hotter"
    his.ask("PUT", "/session/forgotten", {"login": login, "code": code_in(sent), "password": password})
    his.ask("POST", "/session", {"login": login, "password": password})
    factor = his.ask("POST", "/session/factor", {"password": password})
    proof = {"session": factor["session"], "code": totp(factor["secret"])}
    need(his.ask("POST", "/session/factor", proof)["enabled"], "There is no second factor.")
    his.ask("DELETE", "/session")


def totp(secret: str) -> str:
    """What an authenticator shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def hears(desk: Desk) -> None:
    """SES tells what became of a letter: it stands at its article, and a bounce marks the address"""
    number, sender = a_ticket(desk, words=LONG)
    desk.soon(lambda: desk.letters(sender), "the automatic answer")
    mail = {"messageId": desk.fresh(), "tags": {"outbox": [f"{number}-2"]}}
    desk.tell({"eventType": "Delivery", "mail": mail})
    desk.soon(lambda: delivery(desk, number) == "delivered", "the word that the letter was delivered")
    bounced = {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": sender, "status": "5.1.1"}]}
    desk.tell({"eventType": "Bounce", "mail": mail, "bounce": bounced})
    desk.soon(lambda: desk.ask("GET", f"/customers/{sender}")["undeliverable"], "the mark")


def delivery(desk: Desk, number: str) -> str:
    return str(desk.ask("GET", f"/tickets/{number}")["articles"][1]["delivery"]["state"])


def ticks(desk: Desk) -> None:
    """The minute's function runs to its end"""
    desk.soon(lambda: "REPORT" in told(desk.to, "tick"), "the minute")
    need("Traceback" not in told(desk.to, "tick"), "The minute's function has failed.")


def strikes(desk: Desk) -> None:
    """The hour's function runs to its end"""
    desk.wake("SweepIndex", PASSING)


# As EventBridge tells that time has passed.
PASSING: dict[str, Any] = {"version": "0", "id": "1", "account": "1", "region": REGION, "detail-type": "Scheduled Event",
                           "source": "aws.events", "time": "2026-11-24T10:00:00Z", "resources": [], "detail": {}}  # fmt: skip


def buries(desk: Desk) -> None:
    """What cannot be taken in comes to the dead letters (from where redrive tries it again: tests/test_operate.py)"""
    client = desk.to.client("sqs")
    queue = operate.physical(desk.to, "MailQueue")
    client.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "1"})  # minutes, in AWS
    client.send_message(QueueUrl=queue, MessageBody="no notice of S3")
    desk.soon(lambda: operate.depth(desk.to, "MailDead"), "the dead letter")
