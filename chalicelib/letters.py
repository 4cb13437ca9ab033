"""A mail on its way into one queue: under which names the table knows it, and the article that it becomes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib import automatic, follow_up, likeness, outbox, outlook, records, table, taking_part, threads
from chalicelib.article import CUSTOMER, EMAIL, SYSTEM, UNPROVEN, Address, Article, StoredFile
from chalicelib.config import config
from chalicelib.follow_up import Clue, without_plus
from chalicelib.mail import Mail
from chalicelib.packing import instant
from chalicelib.queues import Queue
from chalicelib.settings import settings
from chalicelib.table import Item, Key, Write
from chalicelib.ticket import LAST_THREAD, Ticket

EXPECTED_DAYS = 30  # for how long a mail that was overtaken is expected
MOST_EXPECTED = 10
SIMILAR = timedelta(days=14)  # for how long a letter reminds of another one
MOST_ASKED = 100  # letters of one sender that a new one is compared with


@dataclass(frozen=True)
class Letter:
    """A mail on its way into one queue: its name (the object's below `in/`) and its files, which are safe already.

    `old`: it was received long ago, elsewhere, and is only brought here: nobody is answered.
    """

    name: str
    mail: Mail
    queue: Queue
    files: tuple[StoredFile, ...]
    old: bool = False


# -- names


def own_key(letter: Letter) -> Key:
    """The same Message-ID over another content is another mail: ids are the sender's to choose (dedupe poisoning).

    A mail with neither id nor date has no identity but the object that it lies in: “Thanks!” may well be said twice.
    """
    return key_in(letter, letter.queue)


def copy_keys(letter: Letter) -> list[Key]:
    """The same for its copies: a mail to several queues may come once for each of their addresses."""
    named = follow_up.written_to(letter.mail, config().queues.values())
    return [key_in(letter, queue) for queue in named if queue.id != letter.queue.id]


def key_in(letter: Letter, queue: Queue) -> Key:
    mail = letter.mail
    identity = mail.message_id or ("" if mail.date else letter.name)
    return outbox.message_key(f"{identity}|{mail.digest}", queue.id)


def clues_of(letter: Letter) -> list[Clue]:
    return follow_up.clues(letter.mail, config().secret, settings().hook, letter.queue.external_numbers)


def clue_keys(clue: Clue, letter: Letter) -> list[Key]:
    """Where the table knows what the clue points to."""
    if clue.number:
        return [ticket_key(clue.number)]
    if clue.external:
        return [external_key(clue.external, letter)]
    # Ours first: what a stranger refers to is expected in the queue, and must not hide the mail that we have sent.
    return [outbox.message_key(clue.message_id or "", where) for where in ("*", letter.queue.id)]


def keys_elsewhere(letter: Letter) -> list[Key]:
    """Where the table knows, in the other queues, what the letter goes on with: the newest ids and the first, as many as one
    read holds."""
    ids = [clue.message_id for clue in clues_of(letter) if clue.message_id and not clue.hints]
    others = [queue for queue in config().queues if queue != letter.queue.id]
    newest = max(table.MOST_KEYS // max(len(others), 1) - 1, 1)
    chosen = dict.fromkeys([*ids[:newest], *ids[-1:]])
    return [outbox.message_key(each, queue) for each in chosen for queue in others]


def external_key(named: str, letter: Letter) -> Key:
    """Other systems count alike: what one of them calls 4711 is no business of another's."""
    domain = letter.mail.sender.email.rpartition("@")[2] if letter.mail.sender else ""
    return f"N#{letter.queue.id}#{domain}#{named}", "N"


def id_key(letter: Letter) -> Key:
    return outbox.message_key(letter.mail.message_id or letter.mail.digest, letter.queue.id)


def same_key(letter: Letter) -> Key:
    return asked_key(letter), likeness.letter_of(letter.mail)


def asked_key(letter: Letter) -> str:
    """The partition of all that the sender has asked this queue lately."""
    return f"SAME#{likeness.sender_of(automatic.asks(letter.mail), letter.queue)}"


def customer_key(letter: Letter) -> Key:
    return "CUSTOMERS", letter.mail.sender.email if letter.mail.sender else "-"


def ticket_key(number: str) -> Key:
    return f"T#{number}", "#"


# -- what is written


def own_write(letter: Letter, number: str) -> Write:
    pk, sk = own_key(letter)
    return Write({"pk": pk, "sk": sk, "number": number})


def copy_checks(letter: Letter, seen: dict[Key, Item]) -> list[Write]:
    """Two copies that are taken in at the same instant would not know each other: one of them has to look again."""
    unseen = [key for key in copy_keys(letter) if key not in seen]
    return [Write(key=key, condition="attribute_not_exists(pk)", only_asks=True) for key in unseen]


def id_writes(letter: Letter, number: str, seq: int, seen: dict[Key, Item], now: datetime) -> list[Write]:
    """The customer's own id, so that his colleague's answer to it finds the ticket. The first mail of an id keeps it."""
    mail_id, known = letter.mail.message_id, seen.get(id_key(letter))
    if not mail_id or known and "expected" not in known:
        return []
    item = outbox.message_item(mail_id, number, seq, now, letter.queue.id)
    # What was not expected when the letter was judged must not be now: a follow-up may just have overtaken it.
    return [Write(item, condition="attribute_exists(expected)" if known else "attribute_not_exists(pk)")]


def expecting_writes(letter: Letter, number: str, seen: dict[Key, Item], now: datetime) -> list[Write]:
    """A follow-up has overtaken the mails that it refers to: they are expected here, from the same sender."""
    mail = letter.mail
    if not mail.authenticated or not mail.sender or mail.automatic or mail.is_list:
        return []
    ids = [clue.message_id for clue in clues_of(letter) if clue.message_id and not clue.hints]
    # The newest and the root: more would cost more than a thread that has lost all of these is worth.
    wanted = [*ids[: MOST_EXPECTED - 1], ids[-1]] if len(ids) > MOST_EXPECTED else ids
    items = [outbox.message_item(each, number, 0, now, letter.queue.id) for each in wanted if each != mail.message_id]
    ttl = int((now + timedelta(days=EXPECTED_DAYS)).timestamp())
    return [
        Write(item | {"expected": mail.sender.email, "ttl": ttl})
        for item in items
        if (str(item["pk"]), str(item["sk"])) not in seen
    ]


def external_keys(letter: Letter) -> list[Key]:
    named = follow_up.external_numbers(letter.mail.subject, letter.queue.external_numbers)
    return [external_key(each, letter) for each, _ in named]


def external_writes(letter: Letter, number: str, seen: dict[Key, Item]) -> list[Write]:
    """Numbers that the customer's own system gave the matter, so that its mails find the ticket."""
    return [Write({"pk": pk, "sk": sk, "number": number}) for pk, sk in external_keys(letter) if (pk, sk) not in seen]


def same_write(letter: Letter, number: str, seen: dict[Key, Item], now: datetime) -> Write:
    """What was asked, for as long as the same letter is the same matter, and a while longer for similar ones.

    It takes the place of one whose ticket the letter could not go to (whose_ticket.same_letter).
    """
    pk, sk = same_key(letter)
    known = str(seen[pk, sk]["number"]) if (pk, sk) in seen else ""
    ends = now + timedelta(hours=letter.queue.same_letter_hours)
    ttl = int(max(ends, now + SIMILAR).timestamp()) + records.DAY
    item: Item = {"pk": pk, "sk": sk, "number": number, "ends": instant(ends), "at": instant(now), "ttl": ttl}
    condition = "attribute_not_exists(pk) OR ends <= :now OR #number = :known"
    values: Item = {":now": instant(now), ":known": known}
    return Write(item | {"gist": likeness.gist(letter.mail)}, condition, values, {"#number": "number"})


def remembering(opened: Ticket, mail: Mail) -> Ticket:
    """What our answers need to thread in the customer's program, where he wants them, and whom he takes in."""
    after = taking_part.taken_in(opened, mail, config().addresses)
    if taking_part.is_aside(opened, mail):
        return after
    # With what his program knows of ours: SES's ids, by which it finds the mails that it answers.
    ours = threads.REFERENCE
    chain = [*opened.thread, *(each for each in mail.references if not ours.match(each)), mail.message_id]
    thread = tuple(dict.fromkeys(each for each in chain if each))[-LAST_THREAD:]
    index = mail.headers.get("thread-index", "")
    after = replace(after, thread=thread, answer_to=answer_to(opened, mail))
    return replace(after, thread_index=index) if outlook.known(index) else after


def answer_to(opened: Ticket, mail: Mail) -> Address | None:
    """Only the customer says where his answers go, and only when he is who he says he is: else they could be led to anybody.

    A site's form writes from an address that nobody reads, for whom it names in Reply-To: by its first letter, for all that it
    sends comes from one sender, whoever has filled it in.
    """
    his = mail.sender is not None and mail.sender.email == opened.customer.email
    believed = his and mail.authenticated and not mail.is_list  # a list names itself
    first = not opened.article_count
    believed = believed and (not mail.automatic or first and automatic.is_for_another(mail))
    elsewhere = mail.reply_to and without_plus(mail.reply_to[0].email) not in config().addresses
    return mail.reply_to[0] if believed and elsewhere else opened.answer_to


def infected(mail: Mail) -> bool:
    """SES has found a virus. The letter stays readable, its files are given to nobody."""
    return mail.verdicts.virus == "fail"


def doubt(letter: Letter, may_join: bool) -> str:
    """What came elsewhere, long ago, was never judged. Who `may_join` without other proof has our signature, which is one."""
    found = letter.mail.doubt
    return "" if letter.old or may_join and found == UNPROVEN else found


def history_name(mail: Mail) -> str:
    return "customer" if mail.sender else "system"


def letter_article(letter: Letter, seq: int, now: datetime) -> Article:
    mail = letter.mail
    attached = letter.files
    if mail.broken:
        original = StoredFile(
            f"mail/{letter.name}", "mail.eml", "message/rfc822", mail.size, quarantined=infected(mail)
        )
        attached = (*attached, original)
    return Article(
        seq=seq,
        kind="mail",
        channel=EMAIL,
        sender=CUSTOMER if mail.sender else SYSTEM,
        sent_from=mail.sender or Address(""),
        to=mail.to,
        cc=mail.cc,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        fold=mail.fold,
        blocked=mail.blocked,
        at=now,
        attachments=attached,
        automatic=mail.automatic,
        message_id=mail.message_id,
        references=mail.references,
        mail_key=f"mail/{letter.name}",
    )
