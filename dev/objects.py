"""The bucket on disk: an object is a file, named by the hash of its key, with a first line that says what it is.

After each request to S3 the files of the keys that it touched are made to be what the bucket now holds, so whoever has
S3's answer has the file.
"""

import hashlib
import json
import os
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from moto.s3.models import FakeKey
from moto.s3.responses import S3Response
from moto.s3.utils import _VersionedKeyStore

from dev.lines import write_whole
from dev.template import ACCOUNT, REGION

touched = threading.local()  # .keys: what this thread's request has changed so far


class Keys(_VersionedKeyStore):
    """A bucket's keys, which remember who was changed in this thread."""

    def __setitem__(self, key: str, value: Any) -> None:
        note(key)
        super().__setitem__(key, value)

    def setlist(self, key: Any, list_: Any) -> None:
        note(key)
        super().setlist(key, list_)

    def pop(self, key: str) -> None:  # type: ignore[override]
        note(key)
        super().pop(key)


def note(key: str) -> None:
    if not hasattr(touched, "keys"):
        touched.keys = set()
    touched.keys.add(key)


class StoredKey(FakeKey):
    """An object that is read from its file when somebody asks for it."""

    path: Path | None = None
    skip = 0

    @property
    def value(self) -> bytes:
        if self.path is None:
            return FakeKey.value.fget(self)  # type: ignore[attr-defined, no-any-return]
        with self.path.open("rb") as file:
            file.seek(self.skip)
            return file.read()

    @value.setter
    def value(self, new: bytes) -> None:
        FakeKey.value.fset(self, new)  # type: ignore[attr-defined]


class Objects:
    """Follows one bucket from `load` to `close`."""

    def __init__(self, folder: Path, bucket: Any) -> None:
        self.folder, self.bucket = folder / "objects", bucket
        self.guard = threading.Lock()

    def load(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        keys = Keys()
        for shelf in self.folder.iterdir():
            for path in shelf.iterdir():
                if path.suffix == ".tmp":
                    path.unlink()
                else:
                    key = self.opened(path)
                    dict.__setitem__(keys, key.name, [key])
        self.bucket.keys = keys
        after_requests.append(self.flush)

    def opened(self, path: Path) -> StoredKey:
        with path.open("rb") as file:
            line = file.readline()
        head = json.loads(line)
        key = StoredKey(head["key"], b"", ACCOUNT, REGION, etag=head["etag"], bucket_name=self.bucket.name)
        key.last_modified = datetime.fromisoformat(head["at"])
        key._metadata.update(head["metadata"])
        key.path, key.skip = path, len(line)
        key.contentsize = path.stat().st_size - len(line)
        return key

    def flush(self) -> None:
        """Makes the files of what this thread's request has touched equal to the bucket."""
        keys, touched.keys = getattr(touched, "keys", set()), set()
        for key in keys:
            # Under the lock: whoever comes last sees the last state, so no deleted object comes back.
            with self.guard:
                self.keep(key)

    def keep(self, name: str) -> None:
        path = self.path(name)
        key = self.bucket.keys.get(name)
        if key is None:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(exist_ok=True)
        head = {
            "key": name,
            "etag": key.etag.strip('"'),
            "at": key.last_modified.isoformat(),
            "metadata": {word: value for word, value in key.metadata.items() if isinstance(value, str)},
        }
        write_whole(path, json.dumps(head).encode() + b"\n" + key.value)

    def path(self, key: str) -> Path:
        """Hashed, so that no key can name a file of its own choice or one too long."""
        name = hashlib.sha256(key.encode()).hexdigest()
        return self.folder / name[:2] / name[2:40]

    def close(self) -> None:
        after_requests.remove(self.flush)


after_requests: list[Any] = []


def install() -> None:
    for name in ("key_response", "bucket_response"):
        setattr(S3Response, name, followed(getattr(S3Response, name)))


def followed(stock: Any) -> Any:
    def response(self: Any, *rest: Any) -> Any:
        try:
            return stock(self, *rest)
        finally:
            for each in after_requests:
                each()

    return response


install()


def wipe(folder: Path) -> None:
    for path in (folder / "objects").glob("*/*"):
        os.unlink(path)
