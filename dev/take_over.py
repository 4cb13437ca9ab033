"""`./desk import`: what was elsewhere comes into the desk: an export of a desk, an old mailbox, an export of OTRS."""

import argparse
import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path

from chalicelib import config
from chalicelib.queues import Queue
from dev import old_mail, otrs, people, restore
from dev.at_hand import HOME, NoDesk, desk_at
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
    asked = parser.parse_args(arguments)
    try:
        with desk_at(asked.data, new=True) as cloud:
            if asked.mbox or asked.otrs:
                people.settle(cloud.domain, cloud.user_pool)
                return (mailbox if asked.mbox else other_desk)(asked, queue_of(asked))
            return whole_desk(asked)
    except (NoDesk, restore.Refused, old_mail.NoMailbox, otrs.NoExport) as error:
        sys.exit(str(error))


def whole_desk(asked: argparse.Namespace) -> int:
    told = restore.restore(asked.source, Progress(asked.data / "import.json", "Importing"))
    print(f"{told['tickets']} tickets, {told['items']} other items and {told['objects']} files have been imported.")
    return 0


def queue_of(asked: argparse.Namespace) -> Queue:
    queue = config.config().queue_named(asked.queue) if asked.queue else config.config().default_queue
    if queue is None:
        sys.exit(f"There is no queue “{asked.queue}”.")
    return queue


def other_desk(asked: argparse.Namespace, queue: Queue) -> int:
    report = otrs.bring_in(asked.source, queue, Progress(asked.data / "import-otrs.json", "Tickets"), datetime.now(UTC))
    for kind, count in report.done.items():
        print(f"{count:7} {kind}")
    for name, count in report.unknown.most_common():
        print(f"{count:7} times unknown here: {name}")
    return 0


def mailbox(asked: argparse.Namespace, queue: Queue) -> int:
    wishes = old_mail.Wishes(queue, asked.open_days, frozenset(each.lower() for each in asked.own))
    # By the mailbox's name: two of them may be brought in one after the other, and each goes on where it was.
    name = hashlib.sha256(str(asked.source.resolve()).encode()).hexdigest()[:12]
    report = old_mail.bring_in(
        asked.source, wishes, Progress(asked.data / f"import-{name}.json", "Letters"), datetime.now(UTC)
    )
    for kind, count in report.items():
        print(f"{count:7} {kind}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
