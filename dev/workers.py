"""What Lambda does on the laptop: calls the handlers for what lies in the queues, in threads of its own.

Never from inside a call to the cloud: a handler calls the cloud again, and the caller holds its lock.
"""

import sys
import threading
import traceback
from typing import Any

from dev.cloud import Cloud, bells

bell = threading.Condition()


def ring() -> None:
    """There is something in a queue."""
    with bell:
        bell.notify_all()


class Workers:
    """`count` threads between `start` and `stop`; `stop` waits until each has finished what it does."""

    def __init__(self, cloud: Cloud, count: int = 2) -> None:
        self.cloud = cloud
        self.stopping = False
        self.threads = [threading.Thread(target=self.work, name=f"worker {each}", daemon=True) for each in range(count)]

    def start(self) -> None:
        bells.append(ring)
        for thread in self.threads:
            thread.start()

    def stop(self, seconds: float = 4) -> None:
        self.stopping = True
        ring()
        for thread in self.threads:
            thread.join(seconds)
        bells.remove(ring)

    def work(self) -> None:
        while not self.stopping:
            message = self.cloud.next_message()
            if message:
                self.handle(*message)
            else:
                # Time-outs end without a sound, so somebody looks every second.
                with bell:
                    bell.wait(1)

    def handle(self, queue: str, message: Any) -> None:
        try:
            self.cloud.handle(queue, message, {})
        except Exception:
            last = traceback.format_exc().strip().splitlines()[-1]
            attempt = message.approximate_receive_count
            print(f"A message of {queue} could not be handled (attempt {attempt}): {last}", file=sys.stderr)
            traceback.print_exc()
