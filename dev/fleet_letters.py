"""The letters of `./desk fleet`: threads of several customers, out of order, some of them twice, some no letters at all."""

from dataclasses import dataclass
from random import Random

from dev.smtp import stamp

FOLLOW_UPS, TWICE, SENT_AGAIN, POISON = 0.4, 0.1, 0.05, 0.02
WORDS = (
    "printer invoice router password contract delivery screen account refund update keyboard licence server backup cable "
    "принтер счёт пароль договор доставка экран возврат обновление клавиатура лицензия сервер кабель письмо заявка"
).split()


@dataclass(frozen=True)
class Letter:
    """`objects`: keys and bytes, two where the sender's server sent it again; `twice`: the event comes twice."""

    objects: dict[str, bytes]
    message_id: str
    thread: int
    twice: bool = False
    poison: bool = False


def letters(random: Random, count: int, domain: str) -> list[Letter]:
    """`count` of them, shuffled."""
    threads: list[list[str]] = []
    found = []
    for n in range(count):
        if random.random() < POISON:
            noise = stamp(random.randbytes(200).replace(b":", b";"), "noise@x.example", [f"support@{domain}"])
            found.append(Letter({f"in/p{n}": noise}, "", -1, poison=True))
            continue
        if threads and random.random() < FOLLOW_UPS:
            thread = random.randrange(len(threads))
        else:
            thread = len(threads)
            threads.append([])
        found.append(letter(random, n, thread, threads[thread], domain))
        threads[thread].append(found[-1].message_id)
    random.shuffle(found)
    return found


def letter(random: Random, n: int, thread: int, earlier: list[str], domain: str) -> Letter:
    sender = f"customer{thread // 2}@firm{thread // 2}.example"  # each has two matters
    message_id = f"{n}.{random.randrange(10**9)}@firm{thread // 2}.example"
    said = " ".join(random.choices(WORDS, k=12))
    headers = [
        f"From: Customer {thread // 2} <{sender}>",
        f"To: support@{domain}",
        f"Subject: {'Re: ' if earlier else ''}Matter {thread}: {random.choice(WORDS)}",
        f"Message-ID: <{message_id}>",
        "Date: Mon, 23 Nov 2026 08:59:58 +0000",
        "Content-Type: text/plain; charset=utf-8",
    ]
    if earlier:
        headers.append("References: " + " ".join(f"<{each}>" for each in earlier))
    own = "\r\n".join([*headers, "", f"Thing number {n}: {said}.", ""]).encode()
    names = [f"in/m{n}", f"in/m{n}-again"] if random.random() < SENT_AGAIN else [f"in/m{n}"]
    objects = {name: stamp(own, sender, [f"support@{domain}"]) for name in names}
    return Letter(objects, message_id, thread, twice=random.random() < TWICE)
