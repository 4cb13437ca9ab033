"""The whole desk on one laptop, in one process: `python -m dev.server`, which `./desk run` becomes.

Pages, API, mail in and out, time and the fake cloud, all on 127.0.0.1; what comes in is kept in the data folder.
"""

import argparse
import gc
import json
import os
import signal
import sys
import threading
import time
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

STARTED = time.monotonic()
HOME = Path(__file__).parent.parent / ".desk"
TICK = 10  # seconds between two looks at what is due


def main() -> None:
    asked = arguments()
    try:
        with ExitStack() as stack:
            desk = Desk(asked, stack)
            desk.start()
            desk.wait()
    except Cannot as error:
        sys.exit(f"The desk cannot start. {error}")
    # Everything is saved and closed; what a library still has to tidy up in this process is nobody's business.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


class Cannot(Exception):
    """The desk cannot run here, and this is why."""


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./desk run", description="The whole desk on this computer.")
    parser.add_argument("--data", default=str(HOME), metavar="DIR", help="where everything is kept (default: .desk)")
    parser.add_argument("--reset", action="store_true", help="start anew, without what was kept")
    parser.add_argument("--port", type=int, default=8025, help="of the web desk (0: any free one)")
    parser.add_argument("--smtp-port", type=int, default=2525, help="for mail in (0: any free one)")
    parser.add_argument("--json", action="store_true", help="one line of JSON once everything answers")
    parser.add_argument("--demo", action="store_true", help="take in the mails of dev/mails")
    parser.add_argument("--relay", metavar="HOST:PORT", help="hand outgoing mail to this SMTP server too")
    parser.add_argument("--tick", type=float, default=TICK, help=argparse.SUPPRESS)
    return parser.parse_args(given)


class Desk:
    """Everything between start and stop. What is started is ended in the opposite order, by the stack."""

    def __init__(self, asked: argparse.Namespace, stack: ExitStack) -> None:
        self.asked, self.stack = asked, stack
        self.ended = threading.Event()
        self.told_to_end = False
        self.ticking = threading.Lock()

    def say(self, words: str) -> None:
        print(words, file=sys.stderr if self.asked.json else sys.stdout, flush=True)

    def start(self) -> None:
        for name in (signal.SIGINT, signal.SIGTERM):
            with suppress(ValueError):  # not the main thread: a test's
                signal.signal(name, self.hear)
        self.say("Starting the desk ...")
        self.open_door()
        self.open_cloud()
        self.open_desk()
        self.open_mail()
        # The table lies in this process: going through all of it at every turn would make each tenth answer slow.
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)
        self.serve()
        self.tell()
        if self.asked.demo:
            self.demo()

    def hear(self, *_: object) -> None:
        # No more than this: a second signal may come while the first is being heard, and an event's lock is not for that.
        self.told_to_end = True

    def open_door(self) -> None:
        """First of all, because the desk's address is part of its settings."""
        from dev.web import Server

        try:
            self.server = Server(self.asked.port)
        except (OSError, OverflowError) as error:
            raise Cannot(
                f"Port {self.asked.port} is taken or not allowed ({error}); choose one with --port."
            ) from error
        self.stack.callback(self.server.server_close)
        self.origin = self.server.origin

    def open_cloud(self) -> None:
        from dev.cloud import fake_cloud
        from dev.folder import Folder, InUse

        self.cloud = self.stack.enter_context(fake_cloud(origin=self.origin))
        self.cloud.forget_messages()
        path = Path(self.asked.data)
        try:
            self.folder = Folder(path, self.cloud, reset=self.asked.reset)
            self.folder.load()
        except InUse as error:
            raise Cannot(str(error)) from error
        except OSError as error:
            raise Cannot(f"The data folder {path} cannot be used: {error}") from error
        self.stack.callback(self.folder.close)
        kept = len(list(self.cloud.objects()))
        self.say(f"Data: {path.resolve()} ({kept} mails and files, loaded in {time.monotonic() - STARTED:.1f} s)")

    def open_desk(self) -> None:
        from chalice.local import LocalChalice

        from dev import people, ses
        from dev.clock import Clock
        from dev.workers import Workers

        import app  # isort: skip  # after the settings are in the environment

        self.app = app
        self.stack.callback(setattr, app.app, "__class__", app.app.__class__)
        self.stack.callback(setattr, app, "clock", app.clock)
        self.stack.callback(ses.clock.__setitem__, 0, ses.clock[0])
        # As `chalice local` does: the class that keeps the current request per thread.
        app.app.__class__ = LocalChalice
        self.clock = Clock(self.folder.shift(), self.folder.save_shift)
        app.clock = self.clock.now
        ses.clock[0] = self.clock.now
        people.settle(self.cloud.domain, self.cloud.user_pool)
        ses.listeners.append(self.news)
        self.stack.callback(ses.listeners.remove, self.news)
        self.workers = Workers(self.cloud)
        self.workers.start()
        self.stack.callback(self.workers.stop)
        self.follow()
        # Whatever was on its way when the last process ended.
        for key in self.cloud.objects("in/"):
            self.cloud.announce(key)

    def follow(self) -> None:
        """The index follows the table; what was written before it did is looked for once."""
        from dev.stream import Stream

        stream = Stream(self.cloud.table, self.app.index)
        stream.start()
        self.stack.callback(stream.close)
        threading.Thread(target=self.sweep_index, name="sweep index", daemon=True).start()

    def sweep_index(self) -> None:
        from chalicelib.search import indexing

        try:
            indexing.sweep(self.clock.now(), everything=True)
        except Exception as error:
            self.say(f"The index could not be brought up: {error!r}")

    def news(self, sent: Any) -> None:
        """SES tells of a mail that left, after a moment: never while the sender still waits for its answer."""
        threading.Timer(0.2, self.tell_of, (sent,)).start()

    def tell_of(self, sent: Any) -> None:
        from dev.workers import ring

        if not self.ended.is_set():
            for kind in ("Send", "Delivery"):
                self.cloud.tell(sent, kind)
            ring()

    def open_mail(self) -> None:
        from dev import smtp
        from dev.outbox import Relay

        self.mail = smtp.Server(self.cloud.domain, self.cloud.deliver_mail, self.asked.smtp_port)
        try:
            self.mail.start()
        except OSError as error:
            port = self.asked.smtp_port
            raise Cannot(f"Port {port} for mail is taken or not allowed; choose one with --smtp-port.") from error
        self.stack.callback(self.mail.stop)
        if self.asked.relay:
            self.stack.callback(Relay(self.asked.relay).close)

    def serve(self) -> None:
        from dev.bucket import Bucket
        from dev.cloud import Context
        from dev.gateway import Gateway
        from dev.web import Handler, Site

        gateway = Gateway(self.app.app, self.app.app.routes, Context)
        Handler.site = Site(gateway, Bucket(self.cloud.bucket, self.origin), self.move)
        threading.Thread(target=self.server.serve_forever, args=(0.2,), name="http", daemon=True).start()
        self.stack.callback(self.server.shutdown)
        threading.Thread(target=self.tick_again, name="tick", daemon=True).start()
        self.stack.callback(self.ended.set)

    # -- time

    def tick_again(self) -> None:
        while not self.ended.wait(self.asked.tick):
            self.tick()

    def tick(self) -> None:
        event = {word: "" for word in ("version", "id", "account", "region", "detail-type", "source", "time")}
        with self.ticking:
            try:
                self.app.tick(event | {"detail": {}, "resources": []}, None)
            except Exception as error:
                self.say(f"Something that was due could not be done: {error!r}")

    def move(self, by: timedelta) -> str:
        now = self.clock.move(by)
        # What becomes due by what was due (closing after the reminder) would have its turn a minute later.
        for _ in range(3):
            self.tick()
        return now.isoformat(timespec="seconds").replace("+00:00", "Z")

    # -- for people and scripts

    def tell(self) -> None:
        from dev import people
        from dev.lines import write_whole

        told = {"web": self.origin, "portal": f"{self.origin}/portal", "smtp": self.mail.address}
        told |= {"outbox": f"{self.origin}/dev/outbox"} | people.sign_ins(self.cloud.domain)
        running = Path(self.asked.data) / "running.json"
        write_whole(running, json.dumps(told | {"pid": os.getpid()}).encode())
        self.stack.callback(running.unlink, missing_ok=True)
        if self.asked.json:
            print(json.dumps(told), flush=True)
        else:
            self.welcome(told)

    def welcome(self, told: dict[str, Any]) -> None:
        logins = [*told["agents"], told["admin"] | {"queues": ["administrator"]}]
        rows = [f"    {each['login']:6}{each['password']:18}{', '.join(each['queues'])}" for each in logins]
        self.say(
            f"""
The desk is open ({time.monotonic() - STARTED:.1f} s).

  Web desk   {told["web"]}
  Portal     {told["portal"]}
  Mail in    {told["smtp"]} (SMTP), for example to support@{self.cloud.domain}
  Mail out   {told["outbox"]}/

  Sign in as
"""
            + "\n".join(rows)
            + "\n\n  Ctrl-C ends it.\n"
        )

    def demo(self) -> None:
        from dev.demo import send_all

        count = send_all(self.mail.address, self.cloud.domain)
        self.say(f"{count} letters of dev/mails have been posted.")

    def wait(self) -> None:
        # In short naps: a signal is heard between two of them.
        while not self.told_to_end and not self.ended.wait(0.5):
            pass
        self.ended.set()
        self.say("Closing ...")


if __name__ == "__main__":
    main()
