"""A function dies before or after any of its calls to AWS, or somebody else is faster."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from chalicelib import files, outgoing, table


class Crash(BaseException):
    """The function is gone: nothing in it may catch this."""


@contextmanager
def crash_at(call: int, after: bool) -> Iterator[list[str]]:
    """The `call`-th AWS call (from 1) never happens, or happens and its answer is lost. Yields the calls made."""
    made: list[str] = []
    clients = [table.client(), files.client(), outgoing.client()]
    moment = "after-call" if after else "before-call"

    def hook(model: object, **_: object) -> None:
        made.append(getattr(model, "name", "?"))
        if len(made) == call:
            raise Crash

    for client in clients:
        client.meta.events.register(moment, hook)
    try:
        yield made
    finally:
        for client in clients:
            client.meta.events.unregister(moment, hook)


@contextmanager
def meanwhile(deed: Callable[[], object], before: str) -> Iterator[None]:
    """Somebody else does the deed just before the next call of that name to the table."""
    events, name = table.client().meta.events, f"before-call.dynamodb.{before}"

    def hook(**_: object) -> None:
        events.unregister(name, hook)
        deed()

    events.register(name, hook)
    try:
        yield
    finally:
        events.unregister(name, hook)
