"""`./desk import`: what was elsewhere comes into the desk: an export of a desk, an old mailbox, an export of OTRS."""

import argparse
import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import config
from chalicelib.queues import Queue
from dev import old_mail, otrs, people, restore
from dev.at_hand import HOME, NoDesk, desk_at
from dev.aws import inside
from dev.aws.account import Stopped, account, add_place
from dev.progress import Progress


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./desk import", description="Takes over what was elsewhere.")
    parser.add_argument(
        "source", type=Path, metavar="SOURCE", help="what ./desk export wrote, for an empty desk; or with"
    )
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument(
        "--mbox", action="store_true", help="an old mailbox: an mbox file, a Maildir, a folder of .eml files"
    )
    kinds.add_argument("--otrs", action="store_true", help="what OTRS, Znuny or OTOBO answer to TicketGet, as JSON")
    parser.add_argument("--queue", default="", help="where mail goes that names no queue of ours")
    parser.add_argument(
        "--open-days", type=int, default=30, help="tickets that were quiet for longer are closed (default: 30)"
    )
    parser.add_argument(
        "--own", action="append", default=[], metavar="ADDRESS", help="whose mails were answers of the firm"
    )
    parser.add_argument("--data", type=Path, default=HOME, metavar="DIR", help="where the desk keeps everything")
    add_place(parser, "into a desk in your AWS account instead, e.g. prod")
    asked = parser.parse_args(arguments)
    try:
        with opened(asked):
            if asked.mbox or asked.otrs:
                return (mailbox if asked.mbox else other_desk)(asked, queue_of(asked))
            return whole_desk(asked)
    except (NoDesk, Stopped, restore.Refused, old_mail.NoMailbox, otrs.NoExport, BotoCoreError, ClientError) as error:
        sys.exit(str(error))


@contextmanager
def opened(asked: argparse.Namespace) -> Iterator[None]:
    if asked.stage:
        asked.data.mkdir(parents=True, exist_ok=True)  # for the note of how far it has come
        with inside.desk_of(account(asked.stage, asked.region)):
            yield
        return
    with desk_at(asked.data, new=True) as cloud:
        if asked.mbox or asked.otrs:
            people.settle(cloud.domain, cloud.user_pool)
        yield


def progress(asked: argparse.Namespace, name: str, words: str) -> Progress:
    """Each desk's own: one that was broken off goes on, and another begins."""
    return Progress(asked.data / f"{'-'.join(filter(None, (name, asked.stage, asked.region)))}.json", words)


def whole_desk(asked: argparse.Namespace) -> int:
    told = restore.restore(asked.source, progress(asked, "import", "Importing"))
    print(f"{told['tickets']} tickets, {told['items']} other items and {told['objects']} files have been imported.")
    if asked.stage:
        new = inside.sign_up_agents()
        print(f"{new} agents were given an account; each chooses a password with “Forgot your password?”.")
        print(f"Now make the search index: ./desk reindex --stage {asked.stage}")
    return 0


def queue_of(asked: argparse.Namespace) -> Queue:
    queue = config.config().queue_named(asked.queue) if asked.queue else config.config().default_queue
    if queue is None:
        sys.exit(f"There is no queue “{asked.queue}”.")
    return queue


def other_desk(asked: argparse.Namespace, queue: Queue) -> int:
    report = otrs.bring_in(asked.source, queue, progress(asked, "import-otrs", "Tickets"), datetime.now(UTC))
    for kind, count in report.done.items():
        print(f"{count:7} {kind}")
    for name, count in report.unknown.most_common():
        print(f"{count:7} times unknown here: {name}")
    return 0


def mailbox(asked: argparse.Namespace, queue: Queue) -> int:
    wishes = old_mail.Wishes(queue, asked.open_days, frozenset(each.lower() for each in asked.own))
    # By the mailbox's name: two of them may be brought in one after the other, and each goes on where it was.
    name = hashlib.sha256(str(asked.source.resolve()).encode()).hexdigest()[:12]
    report = old_mail.bring_in(asked.source, wishes, progress(asked, f"import-{name}", "Letters"), datetime.now(UTC))
    for kind, count in report.items():
        print(f"{count:7} {kind}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
