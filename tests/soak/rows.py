"""What an index holds, free of all that depends on its past: row numbers, ids, generations.

A symbol is named by its file and its place there. Its id is left out: it survives edits and moves,
so an index with a past has other ids than one without. That each is there once is looked at, and
that no edge leads to one that is not there.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from codearch.index import project_findings
from codearch.index.contents import unpack_said
from codearch.index.found import COLUMNS, unpack
from codearch.store.database import FILE_NAME, connect_reader
from codearch.store.vectors import Vectors

if TYPE_CHECKING:
    from pathlib import Path

    from codearch.store.database import Connection

Rows = dict[str, set[tuple[Any, ...]]]

_SYMBOL = (
    "s.position, s.name, s.container, s.kind, s.start_byte, s.bytes, s.line, s.column, s.breaks,"
    " s.end_column, s.named, s.exported, s.test, s.parameters, s.cyclomatic,"
    " s.cognitive, s.nesting, s.code_lines, s.body"
)


class Holding:
    """The rows of one index, read in one transaction."""

    def __init__(self, folder: Path) -> None:
        db = connect_reader(folder / FILE_NAME)
        try:
            db.execute("BEGIN")
            held = _held(db)
            self.sessions = {files: number for number, files in held.items() if number}
            self._rows = {number: _rows(db, number) for number in (0, *self.sessions.values())}
            self.vectors = _vectors(db, folder)
        finally:
            db.close()

    def of(self, session: int) -> Rows:
        """Return the rows of the disk, 0, or of a session's buffers."""
        return self._rows[session]


Held = frozenset[tuple[str, bytes]]  # path and digest of each file


def held_files(folder: Path) -> tuple[Held, list[Held]]:
    """Return the files of the disk, and those of each session's buffers."""
    db = connect_reader(folder / FILE_NAME)
    try:
        held = _held(db)
    finally:
        db.close()
    return held.pop(0, frozenset()), list(held.values())


def _held(db: Connection) -> dict[int, Held]:
    held: dict[int, set[tuple[str, bytes]]] = {}
    for session, path, digest in db.execute("SELECT session, path, digest FROM files"):
        held.setdefault(session, set()).add((path, digest))
    return {session: frozenset(files) for session, files in held.items()}


Ids = dict[str, tuple[bytes, tuple[int, ...]]]  # path -> digest, ids of its symbols in order


def ids_of(folder: Path) -> Ids:
    """Return the ids of all symbols on disk."""
    db = connect_reader(folder / FILE_NAME)
    try:
        digests: dict[str, bytes] = dict(
            db.execute("SELECT path, digest FROM files WHERE session = 0").fetchall()
        )
        ids: dict[str, list[int]] = {path: [] for path in digests}
        for path, uid in db.execute(
            "SELECT f.path, s.uid FROM symbols s JOIN files f ON f.id = s.file"
            " WHERE f.session = 0 ORDER BY f.path, s.position"
        ):
            ids.setdefault(path, []).append(uid)
    finally:
        db.close()
    return {path: (digest, tuple(ids[path])) for path, digest in digests.items()}


def strangers(before: Ids, after: Ids) -> list[str]:
    """Return the files that moved, with no other of the same content about, and lost their ids."""
    gone = {path: before[path] for path in before.keys() - after.keys()}
    come = {path: after[path] for path in after.keys() - before.keys()}
    copies = Counter(digest for digest, _ in (*before.values(), *come.values()))
    places = {digest: path for path, (digest, _) in come.items()}
    return [
        f"{path} -> {places[digest]}"
        for path, (digest, ids) in sorted(gone.items())
        if digest in places and copies[digest] == 2 and come[places[digest]][1] != ids
    ]


def _rows(db: Connection, session: int) -> Rows:
    mine = f"f.session = {int(session)}"
    places = _places(db, session)
    found: Rows = {
        "files": {
            (*rest, *unpack_said(said, db))
            for said, *rest in db.execute(
                "SELECT c.said, f.path, f.language, f.package, f.digest, c.key, f.lines, f.errors,"
                " f.generated, f.test, f.resolved, f.checked FROM files f"
                f" JOIN contents c ON c.id = f.content WHERE {mine}"
            )
        },
        "symbols": {
            (path, _place(places, parent), *rest)
            for path, parent, *rest in db.execute(
                f"SELECT f.path, s.parent, {_SYMBOL} FROM symbols s"
                f" JOIN files f ON f.id = s.file WHERE {mine}"
            )
        },
        "imports": set(
            db.execute(
                "SELECT f.path, i.position, t.path, i.deferred FROM imports i"
                f" JOIN files f ON f.id = i.file LEFT JOIN files t ON t.id = i.target WHERE {mine}"
            )
        ),
        "calls": {
            (path, _place(places, target), kind, _place(places, source), *rest)
            for path, target, kind, source, *rest in db.execute(
                "SELECT f.path, c.target, c.kind, c.source, c.start_byte, c.line, c.column,"
                f" c.columns, c.confidence FROM calls c JOIN files f ON f.id = c.file WHERE {mine}"
            )
        },
        "findings": _findings(db, session),
        "passages": _passages(db, mine),
    }
    if session == 0:
        known = Counter(row[0] for row in db.execute(_UIDS))
        found["ids that stand twice"] = {(uid,) for uid, count in known.items() if count > 1}
        found["left out"] = set(db.execute("SELECT path, reason FROM skipped"))
    return found


_UIDS = "SELECT s.uid FROM symbols s JOIN files f ON f.id = s.file WHERE f.session = 0"


def _places(db: Connection, session: int) -> dict[int, tuple[str, int]]:
    """Return where each symbol stands that the session sees."""
    rows = db.execute(
        "SELECT s.uid, f.path, s.position FROM symbols s JOIN files f ON f.id = s.file"
        " WHERE f.session = :session OR (f.session = 0 AND f.path NOT IN"
        " (SELECT path FROM files WHERE session = :session AND session <> 0))",
        {"session": session},
    )
    return {uid: (path, position) for uid, path, position in rows}


def _place(places: dict[int, tuple[str, int]], uid: int | None) -> object:
    return None if uid is None else places.get(uid, "a symbol that is not there")


def _findings(db: Connection, session: int) -> set[tuple[Any, ...]]:
    rows = db.execute(
        f"SELECT n.file IS NULL, {COLUMNS} FROM findings n"
        " LEFT JOIN files f ON f.id = n.file WHERE coalesce(f.session, 0) = ?",
        (session,),
    )
    return {
        (repr(project_findings.unpack(row[-1])[1] if of_project else unpack(*row)),)
        for of_project, *row in rows
    }


def _passages(db: Connection, mine: str) -> set[tuple[Any, ...]]:
    """Return which passages each symbol has, and whether their vectors are said to be there."""
    keys = {row[0]: row[1:] for row in db.execute("SELECT id, key, embedded FROM passages")}
    rows = db.execute(
        f"SELECT f.path, c.passages FROM files f JOIN contents c ON c.id = f.content WHERE {mine}"
    )
    return {
        (path, position, *keys.get(number, ("swept", number)))
        for path, packed in rows
        for position, part in enumerate(msgspec.msgpack.decode(packed))
        for number in part
    }


def _vectors(db: Connection, folder: Path) -> dict[int, bytes]:
    """Return the vector of each passage of a file, by the passage's key."""
    import lancedb  # costs 1.5 s

    meta = dict(db.execute("SELECT key, value FROM meta").fetchall())
    name = f"passages_{hashlib.sha256(meta['encoder'].encode()).hexdigest()[:16]}"
    place = folder / "vectors" / meta["store"]
    live = "SELECT DISTINCT h.passage FROM holders h JOIN files f ON f.content = h.content"
    wanted = dict(db.execute(f"SELECT id, key FROM passages WHERE id IN ({live})").fetchall())
    schema = lancedb.connect(str(place)).open_table(name).schema
    found = Vectors(place, name, schema.field("vector").type.list_size).get(list(wanted))
    return {
        wanted[number]: np.asarray(vector, np.float32).tobytes() for number, vector in found.items()
    }
