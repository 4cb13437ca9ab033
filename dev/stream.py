"""The table's stream on the laptop: what changed goes to `app.index` as Lambda would bring it, in batches, filtered."""

import sys
import threading
import time
from typing import Any

from dev import moto_safe

TOGETHER = 0.15  # seconds for which changes gather before the handler is called
MOST = 100  # records of a batch


class Stream:
    """Hears of every change from `open` to `close`; `drain` calls the handler for what has gathered."""

    def __init__(self, table: str, handler: Any) -> None:
        self.table, self.handler = table, handler
        self.waiting: dict[tuple[str, str], None] = {}
        self.bell = threading.Event()
        self.closing = False
        self.thread: threading.Thread | None = None

    def open(self) -> None:
        moto_safe.listeners.append(self.hear)

    def start(self) -> None:
        """Drains by itself, in a thread."""
        self.open()
        self.thread = threading.Thread(target=self.work, name="stream", daemon=True)
        self.thread.start()

    def close(self) -> None:
        moto_safe.listeners.remove(self.hear)
        self.closing = True
        self.bell.set()
        if self.thread:
            self.thread.join(4)

    def hear(self, commit: list[moto_safe.Change]) -> None:
        """Keeps the filter of infra/functions.json: the tickets themselves, which every save of a ticket writes."""
        for table, before, after in commit:
            item = after or before
            if item is None or table.name != self.table or item.range_key is None:
                continue
            pk, sk = item.hash_key.value, item.range_key.value
            if pk.startswith("T#") and sk == "#":
                self.waiting[pk, sk] = None
                self.bell.set()

    def work(self) -> None:
        while not self.closing:
            self.bell.wait()
            self.bell.clear()
            threading.Event().wait(TOGETHER)
            try:
                self.drain()
            except Exception as error:
                print(f"The index could not follow: {error!r}", file=sys.stderr)

    def drain(self) -> int:
        """Answers how many tickets there were. What fails waits for the next time."""
        done = 0
        while self.waiting:
            with moto_safe.lock:
                batch = list(self.waiting)[:MOST]
                for key in batch:
                    del self.waiting[key]
            try:
                self.handler({"Records": [record(pk, sk) for pk, sk in batch]}, None)
            except Exception:
                with moto_safe.lock:
                    self.waiting.update(dict.fromkeys(batch))
                raise
            done += len(batch)
        return done


def record(pk: str, sk: str) -> dict[str, Any]:
    keys = {"pk": {"S": pk}, "sk": {"S": sk}}
    told = {"Keys": keys, "NewImage": {}, "OldImage": {}, "SequenceNumber": "1", "StreamViewType": "KEYS_ONLY"}
    told |= {"ApproximateCreationDateTime": time.time(), "SizeBytes": 100}
    return {"eventID": "1", "eventName": "MODIFY", "eventSourceARN": "arn", "awsRegion": "", "dynamodb": told}
