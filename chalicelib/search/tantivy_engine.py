"""tantivy over the shelf: one reader and one writer for this process."""

import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from chalicelib import files, table
from chalicelib.search import documents, embedded, shelf
from chalicelib.search.clauses import Clause
from chalicelib.search.documents import Document
from chalicelib.search.engine import Away, Hit, Hits

HEAP = 30_000_000  # bytes; one thread is enough for what a desk writes


class TantivyEngine:
    """See Engine."""

    def __init__(self, key: str = shelf.MANIFEST) -> None:
        self.reader = shelf.Reader(embedded.opened, key)
        self.copy = shelf.Copy(key)
        self.writing = threading.Lock()

    def replace(self, tickets: Mapping[str, Sequence[Document]]) -> None:
        with self.writing:
            try:
                self.copy.sync()
                self.write(tickets)
                self.copy.publish()
            except BaseException:
                # What lies in the folder now nobody knows: the next writing begins from the manifest.
                self.copy.manifest = None
                raise

    def write(self, tickets: Mapping[str, Sequence[Document]]) -> None:
        index = embedded.opened(str(self.copy.folder))
        writer = index.writer(HEAP, 1)
        for number, found in tickets.items():
            writer.delete_documents_by_term(
                "number", number
            )  # by words only: a whole number is taken for a signed one, and nothing fits
            for each in found:
                writer.add_document(embedded.document(each))
        writer.commit()
        writer.wait_merging_threads()  # else a merge would change the files while they are read

    def find(self, wanted: Clause, text: Mapping[str, float], sort: str, limit: int) -> Hits:
        with self.asking() as searcher:
            return embedded.find(searcher, wanted, text, sort, limit)

    def tickets(self, wanted: Clause, text: Mapping[str, float], most: int) -> list[int]:
        with self.asking() as searcher:
            return embedded.tickets(searcher, wanted, text, most)

    def similar(self, words: str, within: Clause, limit: int) -> list[Hit]:
        with self.asking() as searcher:
            return embedded.similar(searcher, words, within, limit)

    def aggregate(self, wanted: Clause, asked: Mapping[str, Any]) -> dict[str, Any]:
        with self.asking() as searcher:
            return dict(searcher.aggregate(embedded.compiled(wanted, {}), dict(asked)))

    def snippets(self, wanted: Clause, text: Mapping[str, float], said: Sequence[str]) -> list[str]:
        with self.asking() as searcher:
            return embedded.snippets(searcher, wanted, text, said)

    def versions(self, numbers: Sequence[str]) -> dict[str, int]:
        keys = {documents.key(number): number for number in numbers}
        with self.asking() as searcher:
            return {keys[key]: version for key, version in embedded.versions(searcher, list(keys)).items()}

    def beside(self) -> "TantivyEngine":
        files.delete(shelf.BESIDE)
        return TantivyEngine(shelf.BESIDE)

    def take_over(self) -> None:
        """One PUT: readers and writers find other files named in their manifest, and fetch those."""
        self.copy.sync()
        self.copy.move(shelf.MANIFEST)

    def forget(self) -> None:
        self.reader.looked = -math.inf

    def tidy(self, now: datetime) -> None:
        shelf.tidy(now)

    @contextmanager
    def asking(self) -> Iterator[Any]:
        """A searcher. Whatever goes wrong with it is the search that is away, not the desk."""
        try:
            searcher = self.reader.current()
            if searcher is None:
                raise Away("The index is still being fetched.", warming=True)
            yield searcher
        except shelf.OtherVersion:
            raise Away("The index was made by another release; ./desk reindex makes it anew.") from None
        except (Away, table.Changed, KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:  # the engine's own panics are no Exceptions
            raise Away(f"The index could not be read ({type(error).__name__}).") from error
