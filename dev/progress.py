"""How far a long piece of work has come: kept in a file, so that it goes on where it was, and shown while it lasts."""

import json
import sys
import time
from pathlib import Path
from typing import Any

EVERY = 0.5  # seconds between two looks at the screen, and between two notes of where the work is


class Progress:
    """`get` and `set` what was reached; `step` counts for the eye only."""

    def __init__(self, file: Path, words: str, total: int | None = None) -> None:
        self.file, self.words, self.total = file, words, total
        self.reached: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
        self.count = 0
        self.shown = self.kept = 0.0

    def get(self, name: str) -> Any:
        return self.reached.get(name)

    def set(self, name: str, value: Any) -> None:
        """Kept at once when a part is finished (`all`), else now and then: what was done twice does no harm."""
        self.reached[name] = value
        self.step()
        if value == "all" or time.monotonic() - self.kept > EVERY:
            self.keep()

    def keep(self) -> None:
        new = self.file.with_name(self.file.name + ".new")
        new.write_text(json.dumps(self.reached))
        new.replace(self.file)
        self.kept = time.monotonic()

    def step(self) -> None:
        self.count += 1
        if time.monotonic() - self.shown > EVERY and sys.stderr.isatty():
            of = f" of {self.total}" if self.total else ""
            print(f"\r{self.words}: {self.count}{of}", end="", file=sys.stderr, flush=True)
            self.shown = time.monotonic()

    def done(self) -> None:
        """The work is finished: told again, it begins anew."""
        if self.shown:
            print(file=sys.stderr)
        self.file.unlink(missing_ok=True)
