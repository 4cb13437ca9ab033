"""The fields of a document of the index, for every engine. One that changes needs a new VERSION, and `./desk reindex`."""

from dataclasses import dataclass

VERSION = 1

TEXT = "text"  # words in all their forms, Russian and English, with their places
EXACT = "exact"  # one value or several, as they are
NUMBER = "number"  # whole and not negative; moments are seconds of the epoch. Chosen by ranges
KEY = "key"  # a number that is chosen by its values
ORDER = "order"  # only to sort and to count by


@dataclass(frozen=True)
class Field:
    """`sorts`: lists can be in its order, reports can count by it."""

    kind: str
    sorts: bool = False
    kept: bool = False  # given back with a hit


FIELDS = {
    # What is found: an article, the ticket itself, or a piece of work (reports only).
    "kind": Field(KEY),
    "ticket": Field(KEY, sorts=True),  # a number for the ticket, to tell hits of one ticket from those of others
    "number": Field(EXACT, sorts=True, kept=True),
    "seq": Field(NUMBER, sorts=True),
    "version": Field(NUMBER, sorts=True),
    # Words.
    "title": Field(TEXT),
    "body": Field(TEXT),
    "sender": Field(TEXT),
    "customer_text": Field(TEXT),
    "files": Field(TEXT),  # names of attachments, and what is in them
    "desk": Field(TEXT),  # what only the desk knows: number, tags, owner, fields, other people in the letters
    # What tickets are chosen by.
    "visible": Field(KEY, sorts=True),
    "queue": Field(EXACT, sorts=True),
    "state": Field(EXACT, sorts=True),
    "owner": Field(EXACT, sorts=True),
    "customer": Field(EXACT, sorts=True),
    "company": Field(EXACT, sorts=True),
    "tag": Field(EXACT, sorts=True),
    "has": Field(EXACT),
    "priority": Field(KEY, sorts=True),
    "created": Field(NUMBER, sorts=True),
    "changed": Field(NUMBER, sorts=True),
    "closed": Field(NUMBER, sorts=True),
    # What they are sorted by besides.
    "by_title": Field(ORDER, sorts=True),
    "by_customer": Field(ORDER, sorts=True),
    "pending_until": Field(NUMBER, sorts=True),
    "due": Field(NUMBER, sorts=True),
    "article_count": Field(NUMBER, sorts=True),
    "time_units": Field(NUMBER, sorts=True),  # working minutes
    # Facts, of tickets.
    "created_day": Field(NUMBER, sorts=True),  # days since 1970-01-01 in the desk's time zone
    "created_month": Field(NUMBER, sorts=True),  # months since the year 0
    "closed_day": Field(NUMBER, sorts=True),
    "created_hour": Field(NUMBER, sorts=True),  # 0-167: hours since Monday's midnight
    "first_response": Field(NUMBER, sorts=True),  # seconds of working time, as are the next two
    "update": Field(NUMBER, sorts=True),
    "solution": Field(NUMBER, sorts=True),
    "reopened": Field(NUMBER, sorts=True),  # so often
    "auto_closed": Field(NUMBER, sorts=True),
    "same_letters": Field(NUMBER, sorts=True),
    "merged": Field(NUMBER, sorts=True),
    "topic": Field(EXACT, sorts=True),
    # Facts, of work.
    "day": Field(NUMBER, sorts=True),
    "agent": Field(EXACT, sorts=True),
    "activity": Field(EXACT, sorts=True),
    "minutes": Field(NUMBER, sorts=True),
}

# What plain words are looked for in, with their weights.
AGENT_TEXT = {"title": 2.0, "body": 1.0, "sender": 1.0, "customer_text": 1.0, "files": 1.0, "desk": 1.0}
CUSTOMER_TEXT = {"title": 2.0, "body": 1.0, "files": 1.0}

# A list's column, and the field that it is sorted by.
SORTS = {
    "title": "by_title",
    "customer": "by_customer",
    "closed_at": "closed",
} | {
    name: name
    for name in "number queue state priority owner created changed pending_until due article_count time_units version".split()
}
