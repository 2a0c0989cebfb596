"""Facts become rows: one transaction a batch, so that a reader sees all of it or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from codearch.graph.workspace import touched
from codearch.index.asked import Askers
from codearch.index.carrying import Carrying
from codearch.index.contents import unpack_outline
from codearch.index.edges import (
    check_again,
    check_tellers_again,
    forget_edges,
    imported,
    move_edges,
)
from codearch.index.found import COLUMNS, FoundAlone, pack, unpack
from codearch.index.identity import Known, assign
from codearch.index.moving import Departed, LatelyGone, moved_from
from codearch.index.prepare import Prepared
from codearch.index.rows import INSERT_SYMBOL, Keys, symbol_row
from codearch.index.shape import moved, same_code, same_places, same_structure
from codearch.index.storing import CHUNK, Content, ContentStore, Written
from codearch.store.database import transaction
from codearch.store.schema import COMMENTS_UNCHECKED, SYMBOL_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from codearch.graph.outline import Outline
    from codearch.store.database import Connection


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
    found: FoundAlone | None = None


class Writer:
    """Writes the index. Only the indexer's main thread holds one.

    `carries` tells by a rule's id whether its findings are carried along where comments change.
    """

    def __init__(
        self, connection: Connection, carries: Callable[[str], bool] = lambda _: True
    ) -> None:
        self._db = connection
        self._carries = carries
        self._store = ContentStore(connection)
        self._askers = Askers(connection)
        self._lately = LatelyGone()

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
            written.fresh, written.facts = {}, {}
            written.paths = [*removed]
            departed = self._departed(removed, session)
            left = {each.digest for each in departed}
            stale: set[str] = set()
            contents = self._contents(batch, written)
            # Equal ones first: what is merely alike must not take their place.
            for incoming in sorted(batch, key=lambda each: each.digest not in left):
                content = contents[incoming.key]
                before = self._outline_before(incoming.path, session)
                stale |= touched(incoming.path, before, content.outline)
                self._write_file(incoming, content, departed, session, written)
                written.paths.append(incoming.path)
            for path in removed:
                stale |= touched(path, self._outline_before(path, session), None)
                self._check_imported_again(path, session)
                self._db.execute(
                    "DELETE FROM files WHERE path = ? AND session = ?", (path, session)
                )
            if session == 0:
                self._mark_stale(stale)
            self._store.write_words()
        self._store.words_are_written()
        if session == 0:
            self._lately.remember(departed)
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
        return self._store.known(keys)

    def _contents(self, batch: Sequence[Incoming], written: Written) -> dict[bytes, Content]:
        """Return the contents of a batch, storing those that are new."""
        contents: dict[bytes, Content] = {}
        for incoming in batch:
            key, prepared = incoming.key, incoming.prepared
            if key in contents:
                continue
            if prepared is None:
                contents[key] = self._store.load(key, written)
            else:
                contents[key] = self._store.store(prepared, written)
        return contents

    # --- files and symbols -------------------------------------------------------------------

    def _write_file(
        self,
        incoming: Incoming,
        content: Content,
        departed: list[Departed],
        session: int,
        written: Written,
    ) -> None:
        facts = content.facts
        known = self._known(incoming.path, session)
        bodies = content.bodies
        if not known:
            known = moved_from(incoming.digest, incoming.language, bodies, departed)
        taken = self._taken(incoming.path)
        if not known and session == 0:
            known = self._lately.come_back(incoming.digest, taken)
        uids = assign(incoming.path, facts.symbols, bodies, known, taken)
        before = self._resolved(incoming.path, session)
        stood = self._standing(incoming.path, session)
        file = self._file_row(incoming, content, session, written.generation)
        if before is not None and uids == [one.uid for one in known] and before.like(content):
            self._keep_edges(file, incoming.path, before, content)
            if before.checked and before.same_code(content) and incoming.found is None:
                self._keep_findings(file, before, content, written.generation)
        else:
            if stood is not None:  # what it imported may be needed no longer
                check_again(self._db, imported(self._db, file), self._store.source(stood[1]))
            forget_edges(self._db, file)
        # Findings stay, and move with the text, until it has been checked again.
        if incoming.found is not None:
            self._write_findings(file, incoming.found, written.generation)
        if stood is None and session:
            self._take_findings_of_disk(file, incoming.path)
        self._db.execute("DELETE FROM symbols WHERE file = ?", (file,))
        rows = []
        for index, symbol in enumerate(facts.symbols):
            parent = uids[symbol.parent] if symbol.parent >= 0 else None
            keys = Keys(file, index, uids[index], parent)
            rows.append(symbol_row(keys, symbol, bodies[index]))
        self._db.executemany(INSERT_SYMBOL, rows)
        written.files += 1
        written.symbols += len(rows)

    def _standing(self, path: str, session: int) -> tuple[int, int] | None:
        """Return the row and the content of a file, None where it is not known yet."""
        found: tuple[int, int] | None = self._db.execute(
            "SELECT id, content FROM files WHERE path = ? AND session = ?", (path, session)
        ).fetchone()
        return found

    def _take_findings_of_disk(self, file: int, path: str) -> None:
        """Have a buffer begin with the findings of the file on disk."""
        self._db.execute(
            "INSERT INTO findings SELECT n.id, ?, n.path, n.rule, n.severity, n.data, n.generation"
            " FROM findings n JOIN files f ON f.id = n.file WHERE f.path = ? AND f.session = 0",
            (file, path),
        )

    def _file_row(self, incoming: Incoming, content: Content, session: int, generation: int) -> int:
        facts = content.facts
        values = (
            session, incoming.path, incoming.language, facts.package, content.id, incoming.digest,
            incoming.size, incoming.mtime_ns, incoming.inode, incoming.seen_ns, facts.lines,
            len(facts.errors), facts.generated, incoming.test, len(facts.symbols), generation,
        )  # fmt: skip
        cursor = self._db.execute(
            "INSERT INTO files (session, path, language, package, content, digest, size, mtime_ns,"
            " inode, seen_ns, lines, errors, generated, test, symbols, generation)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (session, path) DO UPDATE SET language=excluded.language,"
            " package=excluded.package, content=excluded.content, digest=excluded.digest,"
            " size=excluded.size, mtime_ns=excluded.mtime_ns, inode=excluded.inode,"
            " seen_ns=excluded.seen_ns, lines=excluded.lines, errors=excluded.errors,"
            " generated=excluded.generated, test=excluded.test, symbols=excluded.symbols,"
            " generation=excluded.generation, resolved=0, checked=0,"
            " beyond=NULL RETURNING id",
            values,
        )
        return int(cursor.fetchone()[0])

    def _resolved(self, path: str, session: int) -> _Resolved | None:
        """Return the content that a file's edges are of, None where they are to be made anew."""
        row = self._db.execute(
            "SELECT c.id, c.shape, f.checked, f.again"
            " FROM files f JOIN contents c ON c.id = f.content"
            " WHERE f.path = ? AND f.session = ? AND f.resolved = 1",
            (path, session),
        ).fetchone()
        return _Resolved(*row) if row else None

    def _keep_edges(self, file: int, path: str, before: _Resolved, content: Content) -> None:
        """Have what was resolved of a file stand: a comment or a blank line changes nothing."""
        if not same_places(before.shape, content.shape):
            move_edges(self._db, file, moved(self._store.facts(before.content), content.facts))
            check_tellers_again(self._db, file, path)
        self._db.execute("UPDATE files SET resolved = 1 WHERE id = ?", (file,))

    def _keep_findings(
        self, file: int, before: _Resolved, content: Content, generation: int
    ) -> None:
        """Have those findings stand that a comment or a blank line has only moved."""
        again = set(before.again.split()) if before.checked == COMMENTS_UNCHECKED else set()
        rows = self._db.execute(
            f"SELECT n.rowid, n.rule, {COLUMNS} FROM findings n WHERE n.file = ?", (file,)
        ).fetchall()
        waiting = [
            (row, unpack(*columns))
            for row, rule, *columns in rows
            if rule not in again and self._carries(rule)
        ]
        kept = []
        if waiting:
            texts = self._store.source(before.content), self._store.source(content.id)
            carrying = Carrying(*texts, content.facts.comments)
            for row, finding in waiting:
                carried = carrying.finding(finding)
                if carried is None:
                    again.add(finding.rule)
                else:
                    kept.append((pack(carried), generation, row))
        self._db.executemany("UPDATE findings SET data = ?, generation = ? WHERE rowid = ?", kept)
        self._db.execute(
            "UPDATE files SET checked = ?, again = ? WHERE id = ?",
            (COMMENTS_UNCHECKED, " ".join(sorted(again)), file),
        )

    def _write_findings(self, file: int, found: FoundAlone, generation: int) -> None:
        """Write what hangs on the content alone; those rules run again when it changes."""
        marks = ",".join("?" * len(found.beyond))
        self._db.execute(
            f"DELETE FROM findings WHERE file = ? AND rule NOT IN ({marks})", (file, *found.beyond)
        )
        self._db.executemany(
            "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (number, file, path, rule, severity, data, generation)
                for number, path, rule, severity, data in found.rows
            ],
        )
        self._db.executemany(
            "INSERT OR REPLACE INTO extracts VALUES (?, ?, ?)",
            [(file, rule, data) for rule, data in found.extracts],
        )
        beyond = " ".join(found.beyond)
        self._db.execute("UPDATE files SET beyond = ? WHERE id = ?", (beyond, file))

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
                return [
                    Known(uid, container, name, SYMBOL_KINDS[kind], body)
                    for uid, container, name, kind, body in rows
                ]
        return []

    def _taken(self, path: str) -> _Taken:
        return _Taken(self._db, path)

    def _departed(self, removed: Sequence[str], session: int) -> list[Departed]:
        """Return what is known of the files that this batch removes, for those that moved."""
        found = []
        for path in removed:
            row = self._db.execute(
                "SELECT digest, language FROM files WHERE path = ? AND session = ?", (path, session)
            ).fetchone()
            if row:
                found.append(Departed(path, row[0], row[1], self._known(path, session)))
        return found

    def _outline_before(self, path: str, session: int) -> Outline | None:
        row = self._db.execute(
            "SELECT c.outline FROM files f JOIN contents c ON c.id = f.content"
            " WHERE f.path = ? AND f.session = ?",
            (path, session),
        ).fetchone()
        return unpack_outline(row[0], self._db) if row else None

    def _check_imported_again(self, path: str, session: int) -> None:
        stood = self._standing(path, session)
        if stood is not None:
            check_again(self._db, imported(self._db, stood[0]), self._store.source(stood[1]))

    def _mark_stale(self, keys: set[str]) -> None:
        """Have files resolved again whose questions would be answered otherwise now."""
        files = sorted(self._askers.of(keys))
        for start in range(0, len(files), CHUNK):
            chunk = files[start : start + CHUNK]
            marks = ",".join("?" * len(chunk))
            self._db.execute(
                f"UPDATE files SET resolved = 0 WHERE resolved = 1 AND id IN ({marks})", chunk
            )


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


class _Resolved(msgspec.Struct):
    content: int
    shape: bytes
    checked: int
    again: str  # see the table

    def like(self, content: Content) -> bool:
        return same_structure(self.shape, content.shape)

    def same_code(self, content: Content) -> bool:
        return same_code(self.shape, content.shape)
