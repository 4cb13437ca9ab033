"""The index in S3: files that never change, bundled, and one manifest that says which of them count.

Bundles go up first and the manifest last, by a conditional PUT: whoever is cut off leaves only bundles that nobody needs,
and of two writers the second has to begin anew from what the first one made. Two PUTs make a change known.
"""

import hashlib
import json
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib import files, log
from chalicelib.errors import NotFound
from chalicelib.search import schema

MANIFEST = "index/manifest.json"
BESIDE = "index/beside.json"  # the manifest of an index that is being made anew
BUNDLES = "index/b/"
LARGE = 8 * 1024 * 1024  # a file of that size goes up alone, so that nothing is kept in memory twice
PARTS = (".idx", ".pos", ".term", ".store", ".fast", ".fieldnorm")
FETCHERS = 8
UNNEEDED = timedelta(hours=24)  # after that nobody can be on the way to a bundle that no manifest names


class OtherVersion(Exception):
    """The index was made by another release; `./desk reindex` makes it anew."""


@dataclass(frozen=True)
class Manifest:
    """`files`: where each one lies, as (bundle, offset, length); `meta`: tantivy's meta.json; `etag` is S3's."""

    gen: int = 0
    files: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    meta: str = ""
    etag: str | None = None


def manifest(known: str | None, key: str = MANIFEST) -> Manifest | None:
    """The present one; None where it is still the one of the etag `known`; an empty one where there is none.

    Raises OtherVersion.
    """
    try:
        found = files.newer(key, known)
    except NotFound:
        return Manifest()
    if found is None:
        return None
    told = json.loads(found[0])
    if told["schema"] != schema.VERSION:
        raise OtherVersion
    places = {name: (str(place[0]), int(place[1]), int(place[2])) for name, place in told["files"].items()}
    return Manifest(int(told["gen"]), places, told["meta"], found[1])


class Copy:
    """The index in a folder of this machine, as the last manifest says. One thread at a time."""

    def __init__(self, key: str = MANIFEST) -> None:
        self.key = key
        # Gone with this copy, at the latest with the process; a searcher that still reads it keeps what it has open.
        self.place = tempfile.TemporaryDirectory(prefix="otklik-index-", ignore_cleanup_errors=True)
        self.folder = Path(self.place.name)
        self.manifest: Manifest | None = None
        self.have: dict[str, tuple[str, int, int]] = {}  # what lies in the folder, and where it came from

    def sync(self) -> bool:
        """Fetches what is new; False where nothing is."""
        found = manifest(self.manifest.etag if self.manifest else None, self.key)
        if found is None:
            return False
        if self.manifest and found.etag is None and self.manifest.etag is None:
            return False
        self.bring(found)
        return True

    def bring(self, wanted: Manifest) -> None:
        """Also where it is interrupted, what lies in the folder is whole: files get their names last."""
        # By their places: two writers may have made different files of one name, of which one was published.
        missing = {name for name, place in wanted.files.items() if self.have.get(name) != place}
        bundles = {wanted.files[name][0] for name in missing}
        with ThreadPoolExecutor(FETCHERS) as pool:
            list(pool.map(lambda bundle: self.fetch(bundle, wanted, missing), bundles))
        self.have = dict(wanted.files)
        self.tidy(wanted)
        if wanted.meta:
            self.write("meta.json", [wanted.meta.encode()])
        self.manifest = wanted

    def fetch(self, bundle: str, wanted: Manifest, missing: set[str]) -> None:
        """Its missing files. Where the bundle has gone, so has its manifest: raises NotFound, and the next look is at a newer one."""
        inside = {name: place for name, place in wanted.files.items() if place[0] == bundle and name in missing}
        if len(inside) == 1:
            [(name, (_, start, length))] = inside.items()
            self.write(name, files.chunks(bundle, start, length))
            return
        data = b"".join(files.chunks(bundle))
        for name, (_, start, length) in inside.items():
            self.write(name, [data[start : start + length]])

    def write(self, name: str, chunks: Iterable[bytes]) -> None:
        """Beside it first: a crash leaves no half file under its name."""
        beside = self.folder / f"{name}.new"
        with beside.open("wb") as file:
            file.writelines(chunks)
        beside.rename(self.folder / name)

    def tidy(self, wanted: Manifest) -> None:
        """What the manifest does not name is an attempt that came to nothing, or has been merged into something else."""
        for path in self.folder.iterdir():
            if path.name not in wanted.files and path.is_file():
                path.unlink()

    # -- publishing

    def publish(self) -> None:
        """What tantivy has committed in the folder. Raises table.Changed where another writer was faster."""
        before = self.manifest or Manifest()
        meta = (self.folder / "meta.json").read_text()
        named = sorted(parts(json.loads(meta)))
        places = {name: before.files[name] for name in named if name in before.files}
        for bundle in bundled(
            [self.folder / name for name in named if name not in before.files and (self.folder / name).exists()]
        ):
            places |= put(bundle)
        told = {"schema": schema.VERSION, "gen": before.gen + 1, "files": places, "meta": meta}
        etag = files.put_over(self.key, json.dumps(told).encode(), before.etag)
        self.manifest = Manifest(before.gen + 1, places, meta, etag)
        self.have = dict(places)

    def move(self, key: str) -> None:
        """This manifest in place of the one at `key`, whatever that says."""
        told = json.loads(files.read(self.key))
        files.put(key, json.dumps(told | {"gen": told["gen"] + 1}).encode(), "application/json")


def parts(meta: dict[str, Any]) -> Iterator[str]:
    """The names of all files that the segments of a meta.json may have."""
    for segment in meta["segments"]:
        name = str(segment["segment_id"]).replace("-", "")
        yield from (name + ending for ending in PARTS)
        if segment.get("deletes"):
            yield f"{name}.{segment['deletes']['opstamp']}.del"


def bundled(paths: list[Path]) -> Iterator[list[Path]]:
    """Large files alone, all others together."""
    small = [path for path in paths if path.stat().st_size < LARGE]
    yield from ([path] for path in paths if path not in small)
    if small:
        yield small


def put(bundle: list[Path]) -> dict[str, tuple[str, int, int]]:
    """Named by its content: put twice it is the same object."""
    digest = hashlib.sha256()
    for path in bundle:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    key = BUNDLES + digest.hexdigest()[:32]
    if len(bundle) == 1:
        files.put_file(key, bundle[0])
    else:
        files.put(key, b"".join(path.read_bytes() for path in bundle), "application/octet-stream")
    places, start = {}, 0
    for path in bundle:
        places[path.name] = (key, start, path.stat().st_size)
        start += path.stat().st_size
    return places


def tidy(now: datetime) -> int:
    """Deletes the bundles that the manifest does not name (any more); how many. New ones may belong to the next manifest."""
    present = [manifest(None, key) or Manifest() for key in (MANIFEST, BESIDE)]
    needed = {place[0] for each in present for place in each.files.values()}
    old = [key for since, key in files.listed(BUNDLES) if since < now - UNNEEDED and key not in needed]
    for key in old:
        files.delete(key)
    return len(old)


# -- reading


class Reader:
    """A copy that keeps up by itself: a look at the manifest at most once a second, in a thread beside the question."""

    FRESH = 1.0  # seconds
    PATIENCE = 0.3  # seconds that a question waits for news
    FIRST = 3.0  # seconds that the first one waits for the index as such

    def __init__(self, opened: Any, key: str = MANIFEST) -> None:
        """`opened(folder)` opens the engine's index."""
        self.opened = opened
        self.copy = Copy(key)
        self.searcher: Any = None
        self.failed: Exception | None = None
        self.looked = -1e9
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None

    def current(self) -> Any:
        """A searcher; None where the index is still being fetched. Raises what the last look failed with, if there is none."""
        with self.lock:
            if (self.thread is None or not self.thread.is_alive()) and time.monotonic() - self.looked > self.FRESH:
                self.thread = threading.Thread(target=self.look, name="index", daemon=True)
                self.thread.start()
            thread = self.thread
        if thread:
            thread.join(self.FIRST if self.searcher is None else self.PATIENCE)
        if self.searcher is None and self.failed and not (thread and thread.is_alive()):
            raise self.failed
        return self.searcher

    def look(self) -> None:
        """What cannot be fetched now leaves things as they were."""
        try:
            if self.copy.sync() or self.searcher is None:
                self.searcher = self.opened(str(self.copy.folder)).searcher()
            self.failed = None
        except Exception as error:
            self.failed = error
            log.event("index_not_read", error=type(error).__name__)
        finally:
            self.looked = time.monotonic()
