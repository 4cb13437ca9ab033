"""A file of JSON lines that survives a crash: only ever appended to, each line with its checksum.

What a process wrote before it was killed is there; what the machine had not flushed when the power went is cut off at
the first line that is not whole. `sync` is for the power, and may be called once a second.
"""

import json
import os
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


class Lines:
    """Opened for appending. What `read` finds broken at the end is cut off before."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.guard = threading.Lock()
        self.file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600)
        self.dirty = False

    def append(self, value: Any, default: Callable[[Any], Any] | None = None) -> None:
        line = packed(value, default)
        with self.guard:
            # One write for one line: another process would see all of it or nothing. Short writes are finished.
            while line:
                line = line[os.write(self.file, line) :]
            self.dirty = True

    def sync(self) -> None:
        if self.dirty:
            self.dirty = False
            os.fsync(self.file)

    def size(self) -> int:
        return os.fstat(self.file).st_size

    def close(self) -> None:
        self.sync()
        os.close(self.file)


def packed(value: Any, default: Callable[[Any], Any] | None = None) -> bytes:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=default).encode()
    return b"%08x %s\n" % (zlib.crc32(body), body)


def read(path: Path) -> Iterator[Any]:
    """The values of all whole lines; whatever follows the first broken one is cut off the file."""
    if not path.exists():
        return
    good = 0
    with path.open("rb") as file:
        for line in file:
            body = line[9:-1]
            if not line.endswith(b"\n") or line[:9] != b"%08x " % zlib.crc32(body):
                break
            good += len(line)
            yield json.loads(body)
    if good < path.stat().st_size:
        os.truncate(path, good)


def write_whole(path: Path, data: bytes) -> None:
    """The file has either its old or its new content, whatever happens meanwhile."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    with open(os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
