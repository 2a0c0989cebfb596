"""Facts become rows: one transaction a batch, so that a reader sees all of it or nothing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from codearch.graph.workspace import touched
from codearch.index import terms
from codearch.index.contents import pack_outline, unpack_outline, unpack_source
from codearch.index.identity import Known, assign
from codearch.index.numbering import read_words, write_words
from codearch.index.packing import unpack
from codearch.index.prepare import (
    Prepared,
    PreparedPassage,
    body_hashes,
    prepared_passages,
)
from codearch.index.rows import INSERT_SYMBOL, Keys, symbol_row
from codearch.store.database import transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codearch.facts import FileFacts, Passage
    from codearch.graph.outline import Outline
    from codearch.store.database import Connection

_CHUNK = 500  # bound parameters a statement; SQLite's oldest limit is 999


class Incoming(msgspec.Struct, frozen=True):
    """A file's new content. `prepared` is None where the content is stored already."""

    path: str
    language: str
    key: bytes
    digest: bytes
    size: int
    mtime_ns: int
    inode: int
    seen_ns: int
    test: bool
    prepared: Prepared | None


class Written(msgspec.Struct):
    """What a batch did: the new generation and the passages that have no vector yet."""

    generation: int
    files: int = 0
    symbols: int = 0
    reused_passages: int = 0
    fresh: dict[int, Passage] = {}
    paths: list[str] = []


class _Content(msgspec.Struct):
    id: int
    facts: FileFacts
    outline: Outline
    bodies: list[int]


def check_targets_again(connection: Connection, file: int) -> None:
    """Have the files checked again that a file imports: what they pass on may now be used."""
    connection.execute(
        "UPDATE files SET checked = 0 WHERE checked = 1 AND path IN"
        " (SELECT target FROM imports WHERE file = ? AND position >= 0)",
        (file,),
    )


def key_hash(key: str) -> int:
    """Return the 32-bit hash under which a resolution's question is kept."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest(), signed=True)


def forget_edges(connection: Connection, file: int) -> None:
    """Delete what was resolved of a file."""
    connection.execute(
        "DELETE FROM called WHERE file = :file"
        " AND target IN (SELECT target FROM calls WHERE file = :file)",
        {"file": file},
    )
    for table in ("imports", "calls", "depends"):
        connection.execute(f"DELETE FROM {table} WHERE file = ?", (file,))


class Writer:
    """Writes the index. Only the indexer's main thread holds one."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._terms = {word: number for number, word in read_words(connection)}
        self._new_terms: list[str] = []
        self._next_symbol = self._one("SELECT coalesce(max(id), 0) + 1 FROM symbols")

    def generation(self) -> int:
        """Return the number of the last commit."""
        row = self._db.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
        return int(row[0]) if row else 0

    def bump(self) -> int:
        """Count one more commit; call inside a transaction."""
        number = self.generation() + 1
        self._db.execute("INSERT OR REPLACE INTO meta VALUES ('generation', ?)", (str(number),))
        return number

    def write(self, batch: Sequence[Incoming], removed: Sequence[str], session: int = 0) -> Written:
        """Write new versions of files and remove others, as one commit."""
        with transaction(self._db):
            written = Written(self.bump())
            written.fresh = {}
            written.paths = [*removed]
            departed = self._departed(removed, session)
            stale: set[str] = set()
            contents = self._contents(batch, written)
            for incoming in batch:
                content = contents[incoming.key]
                before = self._outline_before(incoming.path, session)
                stale |= touched(incoming.path, before, content.outline)
                self._write_file(incoming, content, departed, session, written)
                written.paths.append(incoming.path)
            for path in removed:
                stale |= touched(path, self._outline_before(path, session), None)
                self._check_targets_again(path, session)
                self._db.execute(
                    "DELETE FROM files WHERE path = ? AND session = ?", (path, session)
                )
            if session == 0:
                self._mark_stale(stale)
            self._write_terms()
        self._new_terms.clear()  # not before: what failed to be stored is stored the next time
        return written

    def restat(self, rows: Iterable[tuple[int, int, int, int, str]]) -> None:
        """Note new (size, mtime_ns, inode, seen_ns, path) of files whose content is the same."""
        with transaction(self._db):
            self._db.executemany(
                "UPDATE files SET size=?, mtime_ns=?, inode=?, seen_ns=?"
                " WHERE path=? AND session=0",
                rows,
            )

    def drop_session(self, session: int) -> list[str]:
        """Remove all buffers of a session; return their paths."""
        paths = [
            row[0] for row in self._db.execute("SELECT path FROM files WHERE session=?", (session,))
        ]
        if paths:
            with transaction(self._db):
                self.bump()
                self._db.execute("DELETE FROM files WHERE session = ?", (session,))
        return paths

    def known_contents(self, keys: Sequence[bytes]) -> set[bytes]:
        """Return which of these contents are stored."""
        return {row[0] for row in self._select_in("SELECT key FROM contents WHERE key", keys)}

    # --- contents and passages ---------------------------------------------------------------

    def _contents(self, batch: Sequence[Incoming], written: Written) -> dict[bytes, _Content]:
        """Return the contents of a batch, storing those that are new."""
        contents: dict[bytes, _Content] = {}
        for incoming in batch:
            if incoming.key in contents:
                continue
            if incoming.prepared is None:
                contents[incoming.key] = self._load(incoming.key, written)
            else:
                contents[incoming.key] = self._store(incoming.prepared, written)
        return contents

    def _store(self, prepared: Prepared, written: Written) -> _Content:
        ids = self._passage_ids(prepared.passages, written)
        cursor = self._db.execute(
            "INSERT INTO contents (key, used, passages, remarks, outline, words, source, facts)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET used = excluded.used RETURNING id",
            (
                prepared.key,
                written.generation,
                msgspec.msgpack.encode(ids),
                prepared.remarks,
                pack_outline(prepared.outline),
                terms.pack(prepared.words, self._term),
                prepared.source_blob,
                prepared.facts_blob,
            ),
        )
        number = int(cursor.fetchone()[0])
        self._hold(number, ids)
        return _Content(number, prepared.facts, prepared.outline, prepared.bodies)

    def _load(self, key: bytes, written: Written) -> _Content:
        row = self._db.execute(
            "UPDATE contents SET used = ? WHERE key = ?"
            " RETURNING id, facts, outline, source, passages",
            (written.generation, key),
        ).fetchone()
        number, facts_blob, outline_blob, source_blob, passages_blob = row
        source = unpack_source(source_blob)
        facts = unpack(facts_blob, source)
        ids = msgspec.msgpack.decode(passages_blob, type=list[list[int]])
        flat = sorted({each for part in ids for each in part})
        states = dict(self._select_in("SELECT id, embedded FROM passages WHERE id", flat))
        if len(states) != len(flat):  # swept: made again from the content
            ids = self._passage_ids(prepared_passages(facts, source), written)
            self._db.execute(
                "UPDATE contents SET passages = ? WHERE id = ?",
                (msgspec.msgpack.encode(ids), number),
            )
            self._hold(number, ids)
        else:
            written.reused_passages += len(flat)
        bodies = body_hashes(facts, source)
        return _Content(number, facts, unpack_outline(outline_blob), bodies)

    def _passage_ids(self, made: list[list[PreparedPassage]], written: Written) -> list[list[int]]:
        """Return the passages' ids by symbol, storing the unseen."""
        unique = {each.key: each for part in made for each in part}
        ids: dict[int, int] = {
            key: number
            for number, key in self._select_in(
                "SELECT id, key FROM passages WHERE key", list(unique)
            )
        }
        written.reused_passages += len(ids)
        for key, each in unique.items():
            if key in ids:
                continue
            cursor = self._db.execute("INSERT INTO passages (key) VALUES (?)", (key,))
            number = int(cursor.lastrowid or 0)
            ids[key] = number
            written.fresh[number] = each.passage
        return [[ids[each.key] for each in part] for part in made]

    def _hold(self, content: int, ids: list[list[int]]) -> None:
        """Note which symbols of a content have which passages."""
        self._db.executemany(
            "INSERT OR IGNORE INTO holders VALUES (?, ?, ?)",
            [(each, content, position) for position, part in enumerate(ids) for each in part],
        )

    def _term(self, word: str) -> int:
        number = self._terms.get(word)
        if number is None:
            number = len(self._terms) + 1
            self._terms[word] = number
            self._new_terms.append(word)
        return number

    def _write_terms(self) -> None:
        if self._new_terms:
            first = len(self._terms) - len(self._new_terms) + 1
            write_words(self._db, first, self._new_terms)

    # --- files and symbols -------------------------------------------------------------------

    def _write_file(
        self,
        incoming: Incoming,
        content: _Content,
        departed: list[_Departed],
        session: int,
        written: Written,
    ) -> None:
        facts = content.facts
        known = self._known(incoming.path, session)
        bodies = content.bodies
        if not known:
            known = _moved_from(incoming, bodies, departed)
        uids = assign(incoming.path, facts.symbols, bodies, known, self._taken(incoming.path))
        file = self._file_row(incoming, content, session, written.generation)
        forget_edges(self._db, file)
        for table in ("symbols", "findings"):
            self._db.execute(f"DELETE FROM {table} WHERE file = ?", (file,))
        rows = []
        for index, symbol in enumerate(facts.symbols):
            number = self._next_symbol
            self._next_symbol += 1
            parent = uids[symbol.parent] if symbol.parent >= 0 else None
            keys = Keys(number, uids[index], file, index, parent)
            rows.append(symbol_row(keys, symbol, bodies[index]))
        self._db.executemany(INSERT_SYMBOL, rows)
        written.files += 1
        written.symbols += len(rows)

    def _file_row(
        self, incoming: Incoming, content: _Content, session: int, generation: int
    ) -> int:
        facts = content.facts
        values = (
            session, incoming.path, incoming.language, facts.package, content.id, incoming.digest,
            incoming.size, incoming.mtime_ns, incoming.inode, incoming.seen_ns, facts.lines,
            len(facts.errors), facts.generated, incoming.test, generation,
        )  # fmt: skip
        cursor = self._db.execute(
            "INSERT INTO files (session, path, language, package, content, digest, size, mtime_ns,"
            " inode, seen_ns, lines, errors, generated, test, generation)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (session, path) DO UPDATE SET language=excluded.language,"
            " package=excluded.package, content=excluded.content, digest=excluded.digest,"
            " size=excluded.size, mtime_ns=excluded.mtime_ns, inode=excluded.inode,"
            " seen_ns=excluded.seen_ns, lines=excluded.lines, errors=excluded.errors,"
            " generated=excluded.generated, test=excluded.test, generation=excluded.generation,"
            " resolved=0, checked=0 RETURNING id",
            values,
        )
        return int(cursor.fetchone()[0])

    def _known(self, path: str, session: int) -> list[Known]:
        """Return the symbols of the version before: the session's own, else those on disk."""
        for owner in dict.fromkeys((session, 0)):
            rows = self._db.execute(
                "SELECT s.uid, s.container, s.name, s.kind, s.body FROM symbols s"
                " JOIN files f ON f.id = s.file WHERE f.path = ? AND f.session = ?"
                " ORDER BY s.position",
                (path, owner),
            ).fetchall()
            if rows:
                return [Known(*row) for row in rows]
        return []

    def _taken(self, path: str) -> _Taken:
        return _Taken(self._db, path)

    def _departed(self, removed: Sequence[str], session: int) -> list[_Departed]:
        """Return what is known of the files that this batch removes, for those that moved."""
        found = []
        for path in removed:
            row = self._db.execute(
                "SELECT digest, language FROM files WHERE path = ? AND session = ?", (path, session)
            ).fetchone()
            if row:
                found.append(_Departed(path, row[0], row[1], self._known(path, session)))
        return found

    def _outline_before(self, path: str, session: int) -> Outline | None:
        row = self._db.execute(
            "SELECT c.outline FROM files f JOIN contents c ON c.id = f.content"
            " WHERE f.path = ? AND f.session = ?",
            (path, session),
        ).fetchone()
        return unpack_outline(row[0]) if row else None

    def _check_targets_again(self, path: str, session: int) -> None:
        row = self._db.execute(
            "SELECT id FROM files WHERE path = ? AND session = ?", (path, session)
        ).fetchone()
        if row:
            check_targets_again(self._db, row[0])

    def _mark_stale(self, keys: set[str]) -> None:
        """Have files resolved again whose questions would be answered otherwise now."""
        hashes = [key_hash(key) for key in keys]
        for start in range(0, len(hashes), _CHUNK):
            chunk = hashes[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            self._db.execute(
                "UPDATE files SET resolved = 0 WHERE resolved = 1 AND id IN"
                f" (SELECT file FROM depends WHERE key IN ({marks}))",
                chunk,
            )

    def _select_in(self, select: str, values: Sequence[object]) -> Iterable[tuple]:  # type: ignore[type-arg]
        for start in range(0, len(values), _CHUNK):
            chunk = values[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            yield from self._db.execute(f"{select} IN ({marks})", chunk)

    def _one(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])


class _Taken:
    """Whether a uid lives in another file than this one."""

    def __init__(self, connection: Connection, path: str) -> None:
        self._db = connection
        self._path = path

    def __call__(self, uid: int) -> bool:
        row = self._db.execute(
            "SELECT 1 FROM symbols s JOIN files f ON f.id = s.file WHERE s.uid = ? AND f.path <> ?",
            (uid, self._path),
        ).fetchone()
        return row is not None


class _Departed(msgspec.Struct):
    path: str
    digest: bytes
    language: str
    known: list[Known]


def _moved_from(
    incoming: Incoming, bodies: Sequence[int], departed: list[_Departed]
) -> list[Known]:
    """Return the symbols of the removed file that this new one continues, none where there is none.

    Equal content first; else the removed file of the same language that shares most bodies, if
    that is at least half of its own.
    """
    same = next((each for each in departed if each.digest == incoming.digest), None)
    if same is None:
        mine = {body for body in bodies if body}
        best, shared = None, 0
        for each in departed:
            theirs = {one.body for one in each.known if one.body}
            common = len(mine & theirs)
            if each.language == incoming.language and common > shared and 2 * common >= len(theirs):
                best, shared = each, common
        same = best
    if same is None:
        return []
    departed.remove(same)
    return same.known
