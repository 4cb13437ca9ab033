"""A desk's data folder opened for a tool: the cloud as it was left, in this process. One process at a time has it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev.cloud import Cloud, fake_cloud
from dev.folder import Folder, InUse

HOME = Path(__file__).parent.parent / ".desk"


class NoDesk(Exception):
    """There is no desk in that folder, or another process works with it."""


@contextmanager
def desk_at(path: Path, new: bool = False) -> Iterator[Cloud]:
    """What is written here is kept. Raises NoDesk; `new` allows an empty folder."""
    if not new and not any(path.glob("journal-*")):
        raise NoDesk(f"There is no desk in {path}.")
    with fake_cloud() as cloud:
        cloud.forget_messages()
        try:
            folder = Folder(path, cloud)
        except InUse as error:
            raise NoDesk(str(error)) from error
        folder.load()
        try:
            yield cloud
        finally:
            folder.close()
