"""Whose ticket a letter belongs to: what the table knows of it, and what its sender may join. One read, for nearly all."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from chalicelib import automatic, follow_up, letters, likeness, store, table, undelivered
from chalicelib.follow_up import Clue
from chalicelib.letters import Letter
from chalicelib.mail import Mail
from chalicelib.packing import instant
from chalicelib.table import Item, Key
from chalicelib.ticket import Link, Ticket

Seen = dict[Key, Item]


@dataclass(frozen=True)
class Belongs:
    """`joins`: the ticket that the letter goes on with. `possible`: where it joins none, what it may belong to, and how.

    `half`: another ticket that has waited for this very letter: the two are halves of one thread.
    """

    joins: Ticket | None = None
    possible: Link | None = None
    half: Ticket | None = None


def look(letter: Letter) -> Seen:
    """Everything that decides about the letter, in one read."""
    wanted = [letters.own_key(letter), letters.id_key(letter), letters.same_key(letter), letters.customer_key(letter)]
    for clue in letters.clues_of(letter):
        wanted += letters.clue_keys(clue, letter)
    others = [*letters.copy_keys(letter), *letters.external_keys(letter), *undelivered.keys_of(letter.mail)]
    return table.get_many([*wanted, *others])


def beside(letter: Letter, seen: Seen) -> list[Ticket]:
    """The tickets that the mail has already in other queues that it was written to. A second read, for such mails only."""
    numbers = dict.fromkeys(str(seen[key]["number"]) for key in letters.copy_keys(letter) if key in seen)
    found = [ticket_at(number, seen) for number in numbers]
    return [each for each in found if each and each.state != "removed"]


def belongs(letter: Letter, seen: Seen, besides: Collection[str]) -> Belongs:
    """The first ticket that a clue leads to and that the sender may join; a dead clue never stops the search.

    `besides`: tickets that have the mail already, by another of the queues that it was written to.
    """
    expecting = waiting_for(letter, seen, besides)
    possible: Link | None = None
    for clue in letters.clues_of(letter):
        found = None if clue.hints and possible else pointed_at(clue, letter, seen)
        if found is None or found.number in besides or found.state == "removed":
            continue
        if clue.hints:
            possible = Link(found.number, "follow-up")
            continue
        if follow_up.may_join(found, letter.mail, clue.proven) and not anothers(clue, found, letter.mail):
            return Belongs(joins=found, half=other_half(found, expecting, letter, seen, besides))
        # Who is who he says he is, and holds our signature, may well have been let in by somebody: an agent decides.
        waits = clue.proven and letter.mail.authenticated
        if possible is None or waits and possible.kind != "waiting":
            possible = Link(found.number, "waiting" if waits else "follow-up")
    if expecting is None and (moved := moved_here(letter, seen, besides)):
        return Belongs(joins=moved)
    if expecting is None and possible is None and (other := expected_by_others(letter, seen, besides)):
        possible = Link(other.number, "normal")
    return Belongs(joins=expecting, possible=possible)


def anothers(clue: Clue, found: Ticket, mail: Mail) -> bool:
    """Whether a number in the subject leads to the ticket of somebody else who has filled in the same form: whoever fills it in
    writes the subject, and all come from one sender."""
    told = clue.proven or clue.message_id is not None
    if told or not automatic.is_for_another(mail):
        return False
    return found.answer_to is None or found.answer_to.email != mail.reply_to[0].email


def pointed_at(clue: Clue, letter: Letter, seen: Seen) -> Ticket | None:
    items = [seen[key] for key in letters.clue_keys(clue, letter) if key in seen]
    if not items:
        return None
    return store.survivor(store.ticket_of(items[0])) if clue.number else ticket_at(str(items[0]["number"]), seen)


def ticket_at(number: str, seen: Seen) -> Ticket | None:
    """A second read, for a letter that only ids lead to: which ticket they belong to was in the first."""
    item = seen.get(letters.ticket_key(number)) or table.get(*letters.ticket_key(number))
    return store.survivor(store.ticket_of(item)) if item else None


def moved_here(letter: Letter, seen: Seen, besides: Collection[str]) -> Ticket | None:
    """The ticket that has come here from the queue in which the ids of its mails are known. Of a mail to two queues each has a
    ticket, so ids are their queue's: what is still in the other one stays there. A further read, of letters that would
    open a ticket although they go on with something."""
    keys = letters.keys_elsewhere(letter)
    known = table.get_many(keys) if keys else {}
    for number in dict.fromkeys(str(known[key]["number"]) for key in keys if key in known):
        found = ticket_at(number, seen) if number not in besides else None
        if found and found.queue == letter.queue.id and follow_up.may_join(found, letter.mail, False):
            return found
    return None


def waiting_for(letter: Letter, seen: Seen, besides: Collection[str]) -> Ticket | None:
    """The ticket of a follow-up that has overtaken this letter; only where both are of the same sender."""
    item, mail = seen.get(letters.id_key(letter)), letter.mail
    if item is None or "expected" not in item or not mail.sender or item["expected"] != mail.sender.email:
        return None
    found = ticket_at(str(item["number"]), seen)
    return found if found and found.number not in besides and follow_up.may_join(found, mail, False) else None


def other_half(
    joins: Ticket, expecting: Ticket | None, letter: Letter, seen: Seen, besides: Collection[str]
) -> Ticket | None:
    """Another ticket of the thread: one that has waited for this letter, or one that it refers to as well while a mail of the
    thread, for which one of the two waits, has never come. Where none is missing, the two are apart for a reason."""
    for found in (expecting, expected_by_others(letter, seen, besides), across_a_gap(joins, letter, seen, besides)):
        if found and found.number != joins.number:
            return found
    return None


def across_a_gap(joins: Ticket, letter: Letter, seen: Seen, besides: Collection[str]) -> Ticket | None:
    sender = letter.mail.sender
    ids = [each for each in letters.clues_of(letter) if each.message_id and not each.hints]
    keys = [key for each in ids for key in letters.clue_keys(each, letter)]
    items = [seen[key] for key in keys if key in seen]
    waiting = {
        str(item["number"]) for item in items if "expected" in item and sender and item["expected"] == sender.email
    }
    others = dict.fromkeys(str(item["number"]) for item in items if "expected" not in item) if waiting else {}
    for number in others:  # a further read, in a thread of which a mail is missing
        found = ticket_at(number, seen) if number != joins.number and waiting & {number, joins.number} else None
        if found and not found.closed and not joins.closed and found.number not in besides:
            return found if follow_up.may_join(found, letter.mail, False) else None
    return None


def expected_by_others(letter: Letter, seen: Seen, besides: Collection[str]) -> Ticket | None:
    """Somebody else has answered this very letter before it came. No more than a link: whoever guesses the id of a letter that is
    still to come, and writes to its sender too, would else have it in a ticket of his own."""
    item = seen.get(letters.id_key(letter))
    if item is None or "expected" not in item or not letter.mail.authenticated:
        return None
    found = ticket_at(str(item["number"]), seen)
    return found if found and found.state != "removed" and found.number not in besides else None


def same_letter(letter: Letter, seen: Seen, now: datetime) -> Ticket | None:
    """The ticket that the impatient customer has for this very letter already."""
    item = seen.get(letters.same_key(letter))
    if item is None or str(item["ends"]) <= instant(now):
        return None
    found = ticket_at(str(item["number"]), seen)
    sender = letter.mail.sender  # who has been sent away meanwhile does not come back by saying it again
    left = sender is not None and found is not None and sender.email not in found.participants
    return found if found and found.state != "removed" and not left else None


def asked_before(letter: Letter, seen: Seen, now: datetime) -> str | None:
    """The number of the last ticket in which the sender asked nearly the same. A second read, of known customers only."""
    by_machine = letter.mail.automatic and not automatic.is_for_another(letter.mail)
    if letters.customer_key(letter) not in seen or by_machine or letter.mail.is_list:
        return None
    own, since = likeness.gist(letter.mail), instant(now - letters.SIMILAR)
    asked = table.query(letters.asked_key(letter), limit=letters.MOST_ASKED)
    alike = [item for item in asked if str(item["at"]) > since and likeness.alike(str(item["gist"]), own)]
    for item in sorted(alike, key=lambda each: str(each["at"]), reverse=True):
        if found := ticket_at(str(item["number"]), seen):
            return found.number
    return None


def may_unite(joins: Ticket, half: Ticket, now: datetime) -> bool:
    """Whether two halves may become one without asking: one customer, one queue, and nobody at work on either."""
    held = any(each.lock and (each.lock.until is None or each.lock.until > now) for each in (joins, half))
    # Who may read in one queue need not be allowed to in the other.
    return joins.asks == half.asks and joins.queue == half.queue and not held
