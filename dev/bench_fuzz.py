"""Questions that nobody would type: mutated and hostile ones, for dev/bench_search.py."""

import random
from collections.abc import Iterator

from dev.bench_letters import Words


def fuzz(words: Words) -> Iterator[str]:
    draw = random.Random(4)
    pieces = (
        '"',
        "-",
        "*",
        ":",
        "OR",
        "AND",
        "(",
        ")",
        "queue:",
        "created:",
        "..",
        ">",
        "ё",
        "\u0000",
        "^9",
        "~",
        "[",
        "{",
        "tag:",
        ",",
    )
    while True:
        some = [
            draw.choice(
                (draw.choice(pieces), draw.choice(words.known["ru"][:500]), draw.choice(words.known["en"][:500]))
            )
            for _ in range(draw.randrange(1, 25))
        ]
        yield draw.choice((" ", "")).join(some)


def hostile() -> list[str]:
    """Each in ten lengths: what brings other parsers down."""
    seeds = (
        "(",
        ")",
        "NOT ",
        "-",
        '"',
        "a* ",
        "* ",
        "OR ",
        "a OR ",
        "\\",
        "^1e20 ",
        "[* TO *] ",
        "{",
        ".*",
        "x" * 10,
        "é",
        "\U0001f600",
        "queue:",
        "number:.*",
        "\u202e",
    )
    return [seed * count for seed in seeds for count in (1, 2, 5, 10, 24, 50, 100, 500, 5000, 20_000)]
