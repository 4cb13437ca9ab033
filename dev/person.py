"""`./desk person ADDRESS`: what the desk knows of a person, exported (--export DIR) or erased (--erase). Told again, it goes on.

Erasing leaves numbers, queues, states, dates and working time, so that statistics stay; words, files, names and addresses go, the
original mails with all their versions too. A tombstone keeps the address's hash. Backups forget when they end (docs/decisions/0008).
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib import files, store, table
from chalicelib.article import Address, Article
from chalicelib.history import Event
from chalicelib.packing import instant
from chalicelib.settings import settings
from chalicelib.store import Whole
from chalicelib.table import Item
from chalicelib.ticket import Ticket
from dev import export
from dev.at_hand import HOME, NoDesk, desk_at

ERASED = "[erased]"
PERSONAL = {"title", "customer", "participants", "fields"}  # of whose changes the history keeps the values
NOBODY = Address("")


@dataclass(frozen=True)
class Found:
    """Tickets of the person's own, and those of others in which the person wrote or was written to."""

    own: list[str]
    others: list[str]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./desk person", description="What the desk knows of a person.")
    parser.add_argument("email", metavar="ADDRESS")
    deed = parser.add_mutually_exclusive_group()
    deed.add_argument("--export", type=Path, metavar="DIR", help="writes it down, as ./desk export does")
    deed.add_argument("--erase", action="store_true", help="erases it; numbers and dates stay")
    parser.add_argument("--data", type=Path, default=HOME, metavar="DIR", help="where the desk keeps everything")
    asked = parser.parse_args(arguments)
    try:
        with desk_at(asked.data):
            return carried_out(asked)
    except NoDesk as error:
        sys.exit(str(error))


def carried_out(asked: argparse.Namespace) -> int:
    email = asked.email.strip().lower()
    found = find(email)
    print(f"{len(found.own)} tickets are {email}'s own, in {len(found.others)} others the address takes part.")
    if asked.export:
        print(f"{write(email, found, asked.export)} files are in {asked.export}.")
    if asked.erase:
        erase(email, found, datetime.now(UTC))
        print("It is erased. Mails that could not be read are not searched: look through “Failed mails”.")
    return 0


def find(email: str) -> Found:
    """Goes through the whole table: who takes part stands in no index."""
    own, others = [], []
    for partition in export.partitions(None):
        pk = partition[0]["pk"]["S"]
        if not pk.startswith("T#"):
            continue
        whole = store.whole(pk[2:])
        if whole.ticket.customer.email == email:
            own.append(whole.ticket.number)
        elif takes_part(whole, email):
            others.append(whole.ticket.number)
    return Found(own, others)


def takes_part(whole: Whole, email: str) -> bool:
    linked = any(link.email == email for link in whole.links)
    return linked or email in whole.ticket.participants or any(concerns(article, email) for article in whole.articles)


def concerns(article: Article, email: str) -> bool:
    return any(each.email == email for each in (article.sent_from, *article.to, *article.cc, *article.bcc))


# -- exported


def write(email: str, found: Found, to: Path) -> int:
    """Own tickets whole; of others only the articles that concern the person. Answers how many files there are."""
    to.mkdir(parents=True, exist_ok=True)
    to.chmod(0o700)
    for number in (*found.own, *found.others):
        whole = store.whole(number)
        kept = [each for each in whole.articles if number in found.own or concerns(each, email)]
        wanted = {store.article_key(each.seq) for each in kept} | ({"#"} if number in found.own else set())
        lines = [export.line_of(item) for item in raw_items(f"T#{number}") if item["sk"]["S"] in wanted]
        (to / f"{number}.jsonl").write_text("".join(lines), encoding="utf-8")
        for key in (key for article in kept for key in objects_of(article)):
            export.fetch(key, to / export.path_of(key))
    known = table.get("CUSTOMERS", email)
    (to / "customer.json").write_text(json.dumps(known, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return sum(each.is_file() for each in to.rglob("*"))


def raw_items(pk: str) -> Iterator[export.Raw]:
    request = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": pk}}}
    for page in table.client().get_paginator("query").paginate(TableName=settings().table, **request):
        yield from page["Items"]


def objects_of(article: Article) -> list[str]:
    keys = [*([article.mail_key] if article.mail_key else []), *(file.key for file in article.attachments)]
    return list(dict.fromkeys(keys))


# -- erased


def erase(email: str, found: Found, now: datetime) -> None:
    """The ticket itself comes last of its parts: until then it is found again."""
    for number in found.own:
        erase_ticket(number, email, own=True, now=now)
    for number in found.others:
        erase_ticket(number, email, own=False, now=now)
    forget(email, {*found.own})
    table.put({"pk": "ERASED", "sk": hashlib.sha256(email.encode()).hexdigest(), "at": instant(now)})


def erase_ticket(number: str, email: str, own: bool, now: datetime) -> None:
    whole = store.whole(number)
    for article in whole.articles:
        if own or concerns(article, email):
            erase_article(number, article, email, own)
    for item in raw_items(f"T#{number}"):
        erase_beside(item, email, own)

    def story() -> None:
        before = store.ticket(number)
        after = without(before, email, own)
        if after != before:
            after = replace(after, version=before.version + 1)
            told = store.told(before, Event("Misc", now, "system", detail={"erased": True}))
            table.transact([store.ticket_write(before, after), told])

    table.insist(story)


def erase_article(number: str, article: Article, email: str, own: bool) -> None:
    """Own tickets lose all words, others those that the person wrote; addresses go in both."""
    wrote = own or article.sent_from.email == email
    left = replace(
        article,
        sent_from=NOBODY if article.sent_from.email == email else article.sent_from,
        to=strangers(article.to, email),
        cc=strangers(article.cc, email),
        bcc=strangers(article.bcc, email),
        changed={},  # who took part before it; nothing of that shall come back
    )
    if wrote:
        left = replace(left, subject=ERASED, text=ERASED, html=None, fold=None, attachments=(), mail_key=None)
        left = replace(left, message_id=None, references=())
    bodies = [
        str(item["body"])
        for item in [table.get(f"T#{number}", store.article_key(article.seq))]
        if item and "body" in item
    ]
    for key in [*objects_of(article), *bodies] if wrote else []:
        remove(key)
    # After its objects: until then it is known which they are.
    table.put(store.article_item(number, left), "attribute_exists(pk)")


def strangers(people: tuple[Address, ...], email: str) -> tuple[Address, ...]:
    return tuple(each for each in people if each.email != email)


def remove(key: str) -> None:
    """With all its versions: the bucket keeps what is deleted."""
    listed = files.client().list_object_versions(Bucket=settings().bucket, Prefix=key)
    for version in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]:
        if version["Key"] == key:
            files.client().delete_object(Bucket=settings().bucket, Key=key, VersionId=version["VersionId"])
    files.delete(key)


def erase_beside(item: export.Raw, email: str, own: bool) -> None:
    """Drafts, history and links of a ticket."""
    pk, sk = item["pk"]["S"], item["sk"]["S"]
    if sk.startswith("D#") and own:
        table.delete(pk, sk)
    if sk.startswith("L#") and item["email"]["S"] == email:
        table.update(pk, sk, "SET email = :none", {":none": ""}, "attribute_exists(pk)")
    if sk.startswith("H#") and (own or email in item["events"]["S"]):
        events = [forgetful(event) for event in json.loads(item["events"]["S"])]
        values: Item = {":events": store.dumped(events)}
        table.update(pk, sk, "SET events = :events", values, "attribute_exists(pk)")


def forgetful(event: dict[str, Any]) -> dict[str, Any]:
    """What happened, without whom and what it was about."""
    if event.get("name") in PERSONAL or event.get("type") == "NewTicket":
        return {name: value for name, value in event.items() if name not in ("old", "new")}
    return event


def without(ticket: Ticket, email: str, own: bool) -> Ticket:
    links = tuple(replace(link, email="") if own or link.email == email else link for link in ticket.links)
    left = replace(ticket, participants=ticket.participants - {email}, aside=ticket.aside - {email}, links=links)
    if not own:
        return left
    return replace(
        left,
        title=ERASED,
        customer=NOBODY,
        participants=frozenset(),
        aside=frozenset(),
        answer_to=None,
        thread=(),
        fields={},
        tags=(),
    )


def forget(email: str, numbers: set[str]) -> None:
    """The small things beside the tickets: the address book, letters that were compared, mails that were expected, sessions."""
    table.delete("CUSTOMERS", email)
    for partition in export.partitions(None):
        for item in partition:
            pk, number = item["pk"]["S"], item.get("number", {}).get("S", "")
            compared = pk.startswith(("SAME#", "N#")) and number in numbers
            expected = item.get("expected", {}).get("S") == email
            passing = pk.startswith(("S#", "SO#", "R#")) and email in json.dumps(item, default=str)
            if compared or expected or passing:
                table.delete(pk, item["sk"]["S"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
