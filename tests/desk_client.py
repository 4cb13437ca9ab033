"""A script's view of the desk: what api.md says and SMTP, nothing else."""

import http.client
import json
import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent
T = TypeVar("T")


class Desk:
    """A running `./desk run --json`, with the line that it printed."""

    def __init__(self, data: Path, *flags: str) -> None:
        command = [
            sys.executable,
            "-m",
            "dev.server",
            "--port",
            "0",
            "--smtp-port",
            "0",
            "--json",
            "--data",
            str(data),
            *flags,
        ]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout
        self.told: dict[str, Any] = json.loads(self.process.stdout.readline())

    def stop(self, *how: signal.Signals) -> int:
        """By one signal (SIGTERM where none is named) or several at once, as an impatient hand sends them."""
        for each in how or (signal.SIGTERM,):
            self.process.send_signal(each)
        return self.process.wait(10)

    def agent(self, name: str) -> "Browser":
        """Signed in."""
        people = [*self.told["agents"], self.told["admin"]]
        known = next(each for each in people if each["login"].startswith(name))
        browser = Browser(self.told["web"])
        assert browser.post("/api/session", {"login": known["login"], "password": known["password"]})[0] == 200
        return browser

    def browser(self) -> "Browser":
        return Browser(self.told["web"])

    def send(self, message: EmailMessage, to: str = "support@desk.localhost") -> None:
        host, _, port = self.told["smtp"].partition(":")
        with smtplib.SMTP(host, int(port)) as smtp:
            smtp.send_message(message, message["From"], [to])

    def outbox(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.browser().get("/dev/outbox")[1]
        return found

    def clock(self, shift: str) -> None:
        assert self.browser().post("/dev/clock", {"shift": shift})[0] == 200


class Browser:
    """Keeps its cookies and says X-Otklik on every changing request."""

    def __init__(self, origin: str) -> None:
        self.host = urlsplit(origin).netloc
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> tuple[int, Any]:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        return self.ask("POST", path, body, headers)

    def put(self, path: str, body: Any = None) -> tuple[int, Any]:
        return self.ask("PUT", path, body, {})

    def patch(self, path: str, body: Any) -> tuple[int, Any]:
        return self.ask("PATCH", path, body, {})

    def delete(self, path: str) -> tuple[int, Any]:
        return self.ask("DELETE", path, None, {})

    def ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self.host, timeout=30)
        sent = {"X-Otklik": "1", "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent["Content-Type"] = "application/json"
        connection.request(method, path, None if body is None else json.dumps(body), sent)
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        raw = answer.read()
        self.headers = answer.headers
        is_json = "json" in (answer.headers.get("Content-Type") or "")
        return answer.status, json.loads(raw) if is_json and raw else raw


@contextmanager
def running_desk(data: Path, *flags: str) -> Iterator[Desk]:
    desk = Desk(data, *flags)
    try:
        yield desk
    finally:
        if desk.process.poll() is None:
            desk.process.kill()
            desk.process.wait(10)


def eventually(found: Callable[[], T], seconds: float = 20) -> T:
    """The first true answer; another process does the work, so there is nothing to wait for but it."""
    end = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < end, "It never happened."
        os.sched_yield()
        time.sleep(0.1)
    return answer


def letter(text: str, subject: str, sender: str = "Carla <carla@customer.example>", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "support@desk.localhost"
    message["Subject"] = subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message
