"""The one HTTP server of the laptop: pages, `/api`, `/dev`, each answered by its own module."""

import contextlib
import json
import re
import sys
import traceback
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from chalicelib.errors import NotFound
from dev import outbox, site
from dev.bucket import PLACE, Bucket
from dev.clock import parsed
from dev.gateway import LARGEST_BODY, Answer, Gateway, Request, refusal

# Whoever makes a browser believe that his name is this computer's must not get in.
OURS = re.compile(r"(127\.0\.0\.1|\[::1\]|localhost|[a-z0-9-]+(\.[a-z0-9-]+)*\.localhost)(:\d+)?", re.I)
LARGEST_UPLOAD = 110 * 1024 * 1024


class Site:
    """Answers every request. `move` moves the clock and runs what is due; it answers the new now as text."""

    def __init__(self, gateway: Gateway, bucket: Bucket, move: Callable[[Any], str]) -> None:
        self.gateway, self.bucket, self.move = gateway, bucket, move

    def answer(self, request: Request) -> Answer:
        path = urlsplit(request.target).path
        inner = path.startswith(("/api/", "/dev/")) or path in ("/api", "/dev")
        if not OURS.fullmatch(request.headers.get("host", "")):
            return refusal(403, "not_allowed", "The desk on this laptop answers to 127.0.0.1 and localhost only.")
        if not inner:
            return site.answer(request)
        if path.startswith("/api"):
            return self.bucket.shown(self.gateway.answer(request))
        return self.dev(request, path)

    def dev(self, request: Request, path: str) -> Answer:
        origin = request.headers.get("origin")
        if origin and not OURS.fullmatch(origin.partition("://")[2]):
            return refusal(403, "not_allowed", "Other sites have no business here.")
        if path.startswith(PLACE.rstrip("/")):
            return self.bucket.answer(request)
        if path.rstrip("/") == "/dev/outbox" and request.method == "GET":
            return outbox.answer(request)
        if path == "/dev/clock" and request.method == "POST":
            return self.clock(request)
        if path == "/dev/reparse" and request.method == "POST":
            return self.reparse(request)
        if path == "/dev/reindex" and request.method == "POST":
            return self.reindex()
        if path == "/dev/doctor" and request.method == "GET":
            return Answer(200, self.doctor(), (("Content-Type", "application/json"),))
        return refusal(404, "not_found", "There is no such address.")

    def reparse(self, request: Request) -> Answer:
        import app
        from dev.reparse import answered

        try:
            told = answered(json.loads(request.body), app.clock())
        except NotFound as error:
            return refusal(404, "not_found", error.message)
        except ValueError:
            return refusal(400, "malformed", 'Send {"number": "..."}, or {} for all numbers.')
        return Answer(200, json.dumps(told).encode(), (("Content-Type", "application/json"),))

    def reindex(self) -> Answer:
        import app
        from chalicelib.search import indexing

        count = indexing.rebuild(app.clock(), lambda done: None)
        return Answer(200, json.dumps({"tickets": count}).encode(), (("Content-Type", "application/json"),))

    def doctor(self) -> bytes:
        import app
        from dev.doctor import told_now

        return json.dumps({"findings": told_now(app.clock())}).encode()

    def clock(self, request: Request) -> Answer:
        try:
            asked = json.loads(request.body)
            by = parsed(asked.get("shift") if isinstance(asked, dict) else None)
            now = self.move(by)
        except ValueError as error:
            words = str(error) if "clock" in str(error) else 'Send {"shift": "+3d"}.'
            return refusal(400, "malformed", words)
        return Answer(200, json.dumps({"now": now}).encode(), (("Content-Type", "application/json"),))


class Handler(BaseHTTPRequestHandler):
    """One connection. What goes wrong here is never a page and never a trace."""

    protocol_version = "HTTP/1.1"
    timeout = 60
    site: Site

    def answer(self) -> None:
        answer = self.refused_before() or self.answered(self.read())
        with contextlib.suppress(ConnectionError):
            self.write(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def refused_before(self) -> Answer | None:
        """Before the body is read: then the connection cannot go on."""
        length = self.headers.get("Content-Length", "0")
        limit = LARGEST_UPLOAD if self.path.startswith(PLACE) else LARGEST_BODY
        if "Transfer-Encoding" in self.headers or not re.fullmatch(r"\d{1,15}", length):
            refused = refusal(411, "malformed", "Say how long the body is (Content-Length).")
        elif int(length) > limit:
            self.drain(int(length))
            refused = refusal(413, "too_large", "This is more than the 10 MB that one request may have.")
        else:
            return None
        self.close_connection = True
        return refused

    def drain(self, length: int) -> None:
        """Reads what was announced, within reason: a client that is still sending would not hear the refusal."""
        left = min(length, 4 * LARGEST_UPLOAD)
        while left > 0 and (read := self.rfile.read(min(left, 65536))):
            left -= len(read)

    def read(self) -> Request:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, self.path, headers, body, self.client_address[0])

    def answered(self, request: Request) -> Answer:
        try:
            return self.site.answer(request)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            return refusal(500, "failed", "The desk could not do this. Please try again.")

    def write(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value.encode("latin-1", "replace").decode("latin-1"))
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status not in (204, 304):
            self.wfile.write(answer.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What http.server itself cannot read: in our form too."""
        self.close_connection = True
        with contextlib.suppress(ConnectionError):
            self.write(refusal(code, "malformed", message or "This request cannot be read."))

    def version_string(self) -> str:
        return "otklik"

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    """On 127.0.0.1 only. Open connections do not keep it from ending."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away is no news."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"
