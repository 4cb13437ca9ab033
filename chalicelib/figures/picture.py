"""Bars as a PNG picture, for mails: what programs show there is neither SVG nor script. Pure."""

import struct
import zlib
from collections.abc import Sequence

HEIGHT = 160  # pixels
Colour = tuple[int, int, int]
PAPER: Colour = (255, 255, 255)
LINE: Colour = (223, 227, 233)
COLOURS: tuple[Colour, ...] = ((59, 79, 196), (31, 122, 61))


def bars(groups: Sequence[Sequence[int]], width: int = 640) -> bytes:
    """A group of bars for each day, each bar in its colour, all in proportion to the highest of them."""
    top = max((value for group in groups for value in group), default=0) or 1
    rows = [[LINE if y in (0, HEIGHT // 2, HEIGHT - 1) else PAPER for _ in range(width)] for y in range(HEIGHT)]
    step = width / max(1, len(groups))
    for n, group in enumerate(groups):
        for place, value in enumerate(group):
            begin = n * step + step * 0.15 + place * step * 0.7 / len(group)
            paint(
                rows,
                round(begin),
                max(round(begin) + 1, round(begin + step * 0.7 / len(group))),
                round(value / top * (HEIGHT - 8)),
                COLOURS[place],
            )
    return png(width, HEIGHT, b"".join(b"\0" + bytes(part for pixel in row for part in pixel) for row in rows))


def paint(rows: list[list[Colour]], left: int, right: int, high: int, colour: Colour) -> None:
    for y in range(HEIGHT - 1 - high, HEIGHT - 1):
        rows[y][left:right] = [colour] * len(rows[y][left:right])


def png(width: int, height: int, lines: bytes) -> bytes:
    """The smallest form: eight bits for each of three colours (PNG specification, 5 and 11)."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
