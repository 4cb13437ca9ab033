"""Letters that nobody wrote: Russian and English by their statistics alone, the same ones each time.

Words are made of syllables and drawn by Zipf's law, 60 % Russian and 40 % English, with endings that stemmers know; each
letter has one word that nobody else uses, as order numbers and ids are.
"""

import random
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate

from chalicelib.search.documents import ARTICLE, NOBODY, TICKET, WORK, Document, key, topics

WORDS_A_LETTER = 150
LETTERS_A_TICKET = 4
VOCABULARY = 60_000  # of each language
QUEUES = ("support", "billing", "sales", "returns")
AGENTS = ("ann", "ben", "olga", "ada", NOBODY)
STATES = ("closed successful",) * 8 + ("open", "new")
DAY = 86_400
FIRST = 1_700_000_000  # seconds of the epoch
YEARS = 3

SYLLABLES = {
    "ru": ("ка", "то", "пре", "ло", "ми", "ста", "не", "ро", "ди", "за", "ву", "чи", "гра", "шо", "бе", "пла", "зы", "кру", "ня"),
    "en": ("ba", "ro", "tin", "cle", "me", "sta", "po", "der", "fi", "ga", "lo", "vin", "su", "tra", "ke", "nor", "pi", "wel", "qua"),
}  # fmt: skip
ENDINGS = {
    "ru": ("", "а", "ы", "ами", "ов", "ую", "ить", "ение"),
    "en": ("", "s", "ed", "ing", "er", "ation", "ly", "ness"),
}


class Words:
    """`draw(n)` answers n words of one letter."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.known = {language: self.vocabulary(language) for language in SYLLABLES}
        self.weights = list(accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))

    def vocabulary(self, language: str) -> list[str]:
        found: dict[str, None] = {}
        while len(found) < VOCABULARY:
            length = self.random.choice((1, 2, 2, 3, 3, 4))
            word = "".join(self.random.choices(SYLLABLES[language], k=length)) + self.random.choice(ENDINGS[language])
            found[word if word not in found else word + self.random.choice(SYLLABLES[language])] = None
        return list(found)

    def draw(self, count: int) -> list[str]:
        words = self.known["ru" if self.random.random() < 0.6 else "en"]
        return [words[self.place()] for _ in range(count)]

    def place(self) -> int:
        return bisect(self.weights, self.random.random() * self.weights[-1])


def tickets(count: int, words: Words, letters: int = LETTERS_A_TICKET) -> Iterator[tuple[str, list[Document]]]:
    """Numbers with their documents, as documents.of makes them; without `letters` the facts alone."""
    for n in range(count):
        number = f"2026{n:011d}"
        shared = fields(n, number, words)
        said = [letter(shared, seq + 1, n, words) for seq in range(letters)]
        yield number, [*said, facts(shared, n, words.random), *work(shared, n, words.random)]


def fields(n: int, number: str, words: Words) -> Document:
    draw = words.random
    created = FIRST + draw.randrange(YEARS * 365 * DAY)
    state = draw.choice(STATES)
    customer = f"c{draw.randrange(max(10, n // 3 + 10))}@firm{draw.randrange(500)}.example"
    title = " ".join(words.draw(5)).capitalize()
    found = {
        "ticket": key(number), "number": number, "version": 7, "queue": draw.choice(QUEUES), "state": state,
        "owner": draw.choice(AGENTS), "customer": customer, "company": customer.partition("@")[2],
        "tag": [f"tag{int(draw.paretovariate(1)) % 300}"], "priority": draw.choice((2, 3, 3, 3, 4)),
        "created": created, "changed": created + draw.randrange(9 * DAY), "article_count": LETTERS_A_TICKET,
        "time_units": draw.randrange(60), "by_title": title.casefold()[:14], "by_customer": customer, "title": title, "customer_text": f"Carla {customer}", "desk": number,
    }  # fmt: skip
    return found | ({"closed": created + draw.randrange(20 * DAY)} if state.startswith("closed") else {})


def letter(shared: Document, seq: int, n: int, words: Words) -> Document:
    own = f"ERR-{n:x}{seq}q"
    return shared | {
        "kind": ARTICLE, "seq": seq, "visible": int(seq != 3), "body": " ".join([*words.draw(WORDS_A_LETTER - 1), own]),
        "sender": shared["customer_text"] if seq % 2 else "Ann Archer ann@desk.example",
    }  # fmt: skip


def facts(shared: Document, n: int, draw: random.Random) -> Document:
    day = shared["created"] // DAY
    closed = (
        {"closed_day": shared["closed"] // DAY, "solution": shared["closed"] - shared["created"]}
        if "closed" in shared
        else {}
    )
    return shared | closed | {
        "kind": TICKET, "created_day": day, "created_month": day // 30, "created_hour": draw.randrange(168),
        "first_response": int(draw.expovariate(1 / 7200)), "update": int(draw.expovariate(1 / 9000)),
        "reopened": int(draw.random() < 0.1), "auto_closed": int(draw.random() < 0.3), "same_letters": int(draw.random() < 0.05),
        "merged": 0, "topic": topics(shared["title"]),
    }  # fmt: skip


def work(shared: Document, n: int, draw: random.Random) -> list[Document]:
    names = ("ticket", "number", "queue", "customer", "company", "tag")
    own = {name: shared[name] for name in names}
    return [own | {"kind": WORK, "day": shared["created"] // DAY, "agent": draw.choice(AGENTS[:4]), "activity": "reply", "minutes": draw.randrange(40)}]  # fmt: skip
