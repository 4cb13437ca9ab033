"""A desk in AWS, or in what stands in for it, from outside: its API, its mail, its functions."""

import http.client
import json
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from dev.aws import operate, stack
from dev.aws.account import Account
from dev.aws.outside import Answer
from dev.emulator import wait_for
from dev.smtp import stamp

DOMAIN = "help.example.com"


class Failed(Exception):
    """A step did not come to what it should."""


def need(held: object, otherwise: str) -> None:
    if not held:
        raise Failed(otherwise)


def asked(address: str, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request(method, path, body, dict(headers))
    answer = connection.getresponse()
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())


def api_host(to: Account, address: str) -> str:
    return f"{stack.look(to).output('RestAPIId')}.execute-api.localhost:{urlsplit(address).port}"


@dataclass
class Desk:
    """As somebody's browser and mail program know it. `patience`: seconds for what happens by itself."""

    to: Account
    address: str
    patience: float = 100
    cookies: dict[str, str] = field(default_factory=dict)
    names: Any = field(default_factory=count)

    def __post_init__(self) -> None:
        self.host = api_host(self.to, self.address)

    def fresh(self) -> str:
        return f"n{next(self.names)}"

    def soon(self, found: Callable[[], Any], what: str) -> Any:
        return wait_for(found, self.patience, what)

    # -- its API

    def send(self, method: str, path: str, body: Any = None) -> Answer:
        sent = {"Host": self.host, "X-Otklik": "1", "Content-Type": "application/json"}
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        content = None if body is None else json.dumps(body).encode()
        answer = asked(self.address, method, f"/api{path}", sent, content)
        name, _, value = answer.headers.get("set-cookie", "").partition(";")[0].partition("=")
        if name:
            self.cookies[name] = value
        return answer

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.send(method, path, body)
        need(answer.status == status, f"{method} {path} answered {answer.status}: {answer.body[:500]!r}")
        return json.loads(answer.body) if answer.body else None

    def file(self, path: str) -> bytes:
        """What a link of the desk leads to."""
        place = urlsplit(self.send("GET", path).headers.get("location", ""))
        need(place.path, f"{path} leads nowhere.")
        answer = asked(self.address, "GET", f"{place.path}?{place.query}", {}, None)
        need(answer.status == 200, f"{path} leads to {answer.status}: {answer.body[:500]!r}")
        return answer.body

    def upload(self, name: str, content: bytes) -> str:
        wanted = {"filename": name, "content_type": "text/plain", "size": len(content)}
        form = self.ask("POST", "/uploads", wanted, 201)
        kind, body = multipart(form["fields"], content)
        answer = asked(self.address, "POST", urlsplit(form["url"]).path, {"Content-Type": kind}, body)
        need(answer.status in (200, 201, 204), f"The upload was refused: {answer.body[:500]!r}")
        return str(form["upload"])

    def ticket(self, title: str) -> dict[str, Any] | None:
        found = self.ask("GET", "/tickets?queue=Support&limit=100")["tickets"]
        return next((each for each in found if each["title"] == title), None)

    # -- its mail

    def bring(self, name: str, raw: bytes) -> None:
        """As SES puts a mail into the bucket."""
        self.to.client("s3").put_object(Bucket=stack.look(self.to).output("MailBucket"), Key=f"in/{name}", Body=raw)
        self.came(name)

    def came(self, name: str) -> None:
        """`in/<name>` is there. S3's event wakes the function that takes it in."""

    def letters(self, to: str) -> list[str]:
        """What left for that address, as the emulator shows it."""
        with urllib.request.urlopen(f"{self.address}/_ministack/ses/messages") as answer:
            told = json.load(answer)["messages"]
        everyone = [json.dumps(each, ensure_ascii=False) for account in told.values() for each in account]
        return [each for each in everyone if to in each]

    def tell(self, event: dict[str, Any]) -> None:
        """As SES publishes what became of a mail."""
        self.to.client("sns").publish(TopicArn=operate.physical(self.to, "SesEventTopic"), Message=json.dumps(event))

    # -- its functions

    def wake(self, function: str, event: dict[str, Any]) -> None:
        answer = self.to.client("lambda").invoke(
            FunctionName=operate.physical(self.to, function), Payload=json.dumps(event).encode()
        )
        need("FunctionError" not in answer, f"{function} has failed: {answer['Payload'].read()[-2000:]!r}")


def multipart(fields: Mapping[str, str], content: bytes) -> tuple[str, bytes]:
    """Content type and body of a browser's form with a file."""
    line = b"--walk\r\nContent-Disposition: form-data; name="
    parts = [line + f'"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    parts.append(line + b'"file"; filename="file"\r\nContent-Type: text/plain\r\n\r\n' + content + b"\r\n--walk--\r\n")
    return "multipart/form-data; boundary=walk", b"".join(parts)


def letter(
    name: str, sender: str, title: str, *, answers: str = "", file: bytes = b"", words: str = "", own: str = ""
) -> bytes:
    """With SES's own block on top. `answers` is the Message-ID that it answers."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"Carla <{sender}>"
    mail["To"] = f"support@{DOMAIN}"
    mail["Subject"] = title
    mail["Message-ID"] = f"<{name}@customer.example>"
    mail["Date"] = "Tue, 24 Nov 2026 10:00:00 +0000"
    if answers:
        mail["In-Reply-To"] = f"<{answers}@customer.example>"
    if own:
        mail["X-Dev-Verdict"] = own
    mail.set_content(words or f"Чай остыл. The samovar {name} from Tula leaks.\n")
    if file:
        mail.add_attachment(file, "text", "plain", filename="passport.txt")
    return stamp(mail.as_bytes(), sender, [f"support@{DOMAIN}"], own=name)


def a_ticket(desk: Desk, **more: Any) -> tuple[str, str]:
    """(number, address of the customer) of a letter that has come in."""
    name = desk.fresh()
    sender, title = f"carla-{name}@customer.example", f"The samovar {name} leaks"
    desk.bring(name, letter(name, sender, title, **more))
    return desk.soon(lambda: desk.ticket(title), f"the ticket of {title}")["number"], sender


# -- what its functions say


def told(to: Account, function: str = "") -> str:
    """What the functions, or one of them, have written into their logs."""
    groups = to.client("logs").describe_log_groups(logGroupNamePrefix=f"/{to.stack}/{function}")["logGroups"]
    return "\n".join(f"{name}\n{lines(to, name)}" for name in sorted(each["logGroupName"] for each in groups))


def lines(to: Account, group: str) -> str:
    pages = to.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    return "\n".join(each["message"] for page in pages for each in page["events"])
