"""Keeps a catalogue in step with the index on disk: what changed since the last look is read."""

from __future__ import annotations

import threading
from collections import defaultdict
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from codearch.index.remarks import PackedRemarks, unpack
from codearch.search.catalogue import Catalogue
from codearch.search.gathering import CataloguedFile, CataloguedSymbol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codearch.search.view import View
    from codearch.store.database import Connection

_FILES_AT_ONCE = 400  # in one statement
_NO_PASSAGE = 0  # what has words but no vector

_FileRow = tuple[int, int, str, str, int, int, int]  # id, session, path, language, ..., generation


class StoredCatalogue:
    """A catalogue that reads what it lacks before each search; safe to share by threads."""

    def __init__(self) -> None:
        self.catalogue = Catalogue()
        self._lock = threading.Lock()
        self._generation = -1
        self._terms = 0
        self._known: dict[tuple[int, str], int] = {}  # session and path -> generation

    def view(self, connection: Connection, generation: int) -> View:
        """Return what is searchable in the generation that the connection's transaction sees."""
        with self._lock:
            if generation > self._generation:
                self._catch_up(connection)
                self._generation = generation
            return self.catalogue.view()

    def forget(self) -> None:
        """Begin anew: the index was replaced by another."""
        with self._lock:
            self.catalogue = Catalogue()
            self._generation = -1
            self._terms = 0
            self._known = {}

    def _catch_up(self, connection: Connection) -> None:
        rows: list[_FileRow] = connection.execute(
            "SELECT id, session, path, language, generated, test, generation FROM main.files"
        ).fetchall()
        terms = connection.execute(
            "SELECT id, word FROM terms WHERE id > ?", (self._terms,)
        ).fetchall()
        self.catalogue.add_terms(terms)
        self._terms += len(terms)
        present = {(row[1], row[2]): row[6] for row in rows}
        for session, gone in _by_session(self._known.keys() - present.keys()):
            self.catalogue.drop(gone, session)
        changed = [row for row in rows if self._known.get((row[1], row[2])) != row[6]]
        for start in range(0, len(changed), _FILES_AT_ONCE):
            self.catalogue.put(_files(connection, changed[start : start + _FILES_AT_ONCE]))
        self._known = present


def _by_session(keys: set[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    for session, group in groupby(sorted(keys), key=itemgetter(0)):
        yield session, [path for _, path in group]


def _files(connection: Connection, rows: Sequence[_FileRow]) -> Iterator[CataloguedFile]:
    marks = ",".join(str(row[0]) for row in rows)
    symbols = connection.execute(
        "SELECT s.file, s.id, s.uid, s.position, s.name, s.container, s.kind, s.signature, s.test"  # noqa: S608
        f" FROM symbols s WHERE s.file IN ({marks}) ORDER BY s.file, s.position"
    ).fetchall()
    parts = connection.execute(
        "SELECT l.symbol, p.id, p.terms FROM symbols s JOIN symbol_passages l ON l.symbol = s.id"  # noqa: S608
        f" JOIN passages p ON p.id = l.passage WHERE s.file IN ({marks}) ORDER BY l.symbol, l.part"
    ).fetchall()
    by_symbol = {
        symbol: tuple((number, blob) for _, number, blob in group)
        for symbol, group in groupby(parts, key=itemgetter(0))
    }
    remarks = _remarks(connection, marks)
    by_file = {file: list(group) for file, group in groupby(symbols, key=itemgetter(0))}
    for number, session, path, language, generated, test, _ in rows:
        said = dict(remarks[number].words)
        declared: dict[int, list[str]] = defaultdict(list)
        for position, name in remarks[number].names:
            declared[position].append(name)
        found = tuple(
            CataloguedSymbol(
                uid,
                name,
                container,
                kind,
                signature,
                bool(tested),
                by_symbol.get(symbol, ())
                + (((_NO_PASSAGE, said[position]),) if position in said else ()),
                tuple(declared.get(position, ())),
            )
            for _, symbol, uid, position, name, container, kind, signature, tested in by_file.get(
                number, ()
            )
        )
        yield CataloguedFile(path, language, found, session, bool(test), bool(generated))


def _remarks(connection: Connection, marks: str) -> dict[int, PackedRemarks]:
    """Return the remarks of files."""
    rows = connection.execute(
        "SELECT f.id, c.remarks FROM main.files f JOIN contents c ON c.id = f.content"  # noqa: S608
        f" WHERE f.id IN ({marks})"
    )
    return {file: unpack(packed) for file, packed in rows}
