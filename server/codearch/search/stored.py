"""Keeps a catalogue in step with the index on disk: what changed since the last look is read."""

from __future__ import annotations

import threading
from collections import defaultdict
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import msgspec

from codearch.index import terms
from codearch.index.contents import unpack_said
from codearch.index.numbering import read_words
from codearch.index.remarks import unpack as unpack_remarks
from codearch.search.catalogue import Catalogue
from codearch.search.gathering import CataloguedFile, CataloguedSymbol
from codearch.store.schema import SYMBOL_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from codearch.search.view import View
    from codearch.store.database import Connection

_FILES_AT_ONCE = 100  # in one statement, between two looks whether somebody waits
_NO_PASSAGE = 0  # what has words but no vector
_decode_passages = msgspec.msgpack.Decoder(list[list[int]]).decode

_FileRow = tuple[int, int, str, str, int, int, int]  # id, session, path, language, ..., generation


class StoredCatalogue:
    """A catalogue that reads what it lacks before each search; safe to share by threads."""

    def __init__(self) -> None:
        self.catalogue = Catalogue()
        self._lock = threading.Lock()
        self._generation = -1
        self._terms = 0
        self._known: dict[tuple[int, str], int] = {}  # session and path -> generation
        self._store: tuple[str] | None = None  # what a store calls itself

    def view(self, connection: Connection, generation: int) -> View:
        """Return what is searchable in the generation that the connection's transaction sees."""
        with self._lock:
            self._look_at(connection)
            if generation > self._generation:
                self._catch_up(connection)
                self._generation = generation
            return self.catalogue.view()

    def warm(self, connection: Connection, generation: int, stop: Callable[[], bool]) -> bool:
        """Read what is searchable before anybody asks, until `stop` says that others wait.

        Return whether all of it is read, or a search is just doing that.
        """
        if not self._lock.acquire(blocking=False):
            return True
        try:
            self._look_at(connection)
            if generation > self._generation:
                if not self._catch_up(connection, stop):
                    return False
                self._generation = generation
                self.catalogue.view()
            return True
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Begin anew: the index was replaced by another."""
        with self._lock:
            self._begin_anew()

    def _look_at(self, connection: Connection) -> None:
        """Begin anew for another store: a rebuilt one counts its generations from the beginning."""
        row = connection.execute("SELECT value FROM main.meta WHERE key = 'store'").fetchone()
        if row != self._store:
            self._begin_anew()
            self._store = row

    def _begin_anew(self) -> None:
        self.catalogue = Catalogue()
        self._generation = -1
        self._terms = 0
        self._known = {}

    def _catch_up(self, connection: Connection, stop: Callable[[], bool] = lambda: False) -> bool:
        """Read what has changed; return whether that is all of it, as `stop` may end it before."""
        fresh = list(read_words(connection, self._terms))
        self.catalogue.add_terms(fresh)
        self._terms += len(fresh)
        rows: list[_FileRow] = connection.execute(
            "SELECT id, session, path, language, generated, test, generation FROM main.files"
            " WHERE generation > ?",
            (self._generation,),
        ).fetchall()
        changed = [row for row in rows if self._known.get((row[1], row[2])) != row[6]]
        for session, gone in _by_session(self._gone(connection, changed)):
            self.catalogue.drop(gone, session)
            for path in gone:
                del self._known[session, path]
        for start in range(0, len(changed), _FILES_AT_ONCE):
            some = changed[start : start + _FILES_AT_ONCE]
            self.catalogue.put(_files(connection, some))
            self._known |= {(row[1], row[2]): row[6] for row in some}
            if stop():
                return len(some) + start == len(changed)
        return True

    def _gone(self, connection: Connection, changed: Sequence[_FileRow]) -> set[tuple[int, str]]:
        """Return the files that are no more; where their number is right, there are none."""
        new = sum((row[1], row[2]) not in self._known for row in changed)
        (count,) = connection.execute("SELECT count(*) FROM main.files").fetchone()
        if count == len(self._known) + new:
            return set()
        return self._known.keys() - set(connection.execute("SELECT session, path FROM main.files"))


def _by_session(keys: set[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    for session, group in groupby(sorted(keys), key=itemgetter(0)):
        yield session, [path for _, path in group]


def _files(connection: Connection, rows: Sequence[_FileRow]) -> Iterator[CataloguedFile]:
    marks = ",".join(str(row[0]) for row in rows)
    symbols = connection.execute(
        "SELECT file, position, uid, name, container, kind, test"  # noqa: S608
        f" FROM symbols WHERE file IN ({marks}) ORDER BY file, position"
    ).fetchall()
    by_file = {file: list(group) for file, group in groupby(symbols, key=itemgetter(0))}
    contents = connection.execute(
        "SELECT f.id, c.said, c.passages, c.remarks, c.words FROM main.files f"  # noqa: S608
        f" JOIN contents c ON c.id = f.content WHERE f.id IN ({marks})"
    )
    blobs = {file: each for file, *each in contents}
    for number, session, path, language, generated, test, _ in rows:
        said, *rest = blobs[number]
        signatures = [signature for signature, _ in unpack_said(said, connection)]
        parts, declared = _content(connection, *rest)
        found = tuple(
            CataloguedSymbol(
                uid,
                name,
                container,
                SYMBOL_KINDS[kind],
                signatures[position],
                bool(tested),
                parts[position],
                tuple(declared.get(position, ())),
            )
            for _, position, uid, name, container, kind, tested in by_file.get(number, ())
        )
        yield CataloguedFile(path, language, found, session, bool(test), bool(generated))


def _content(
    connection: Connection, passages: bytes, remarks: bytes, words: bytes
) -> tuple[list[tuple[tuple[int, bytes], ...]], dict[int, list[str]]]:
    """Return the parts of each symbol of a content, and the names that some of them declare."""
    said, counted = unpack_remarks(remarks), iter(terms.unpack(words, connection))
    parts = [tuple(zip(numbers, counted, strict=False)) for numbers in _decode_passages(passages)]
    for position in said.symbols:
        parts[position] += ((_NO_PASSAGE, next(counted)),)
    declared: dict[int, list[str]] = defaultdict(list)
    for position, name in said.names:
        declared[position].append(name)
    return parts, declared
