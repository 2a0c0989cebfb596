"""People and reasons: blame of the files that somebody looks at, churn of the whole history."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from codearch.errors import GitError
from codearch.facts import Span
from codearch.history import Blame, blame, churn, head, repository_of, symbol_history, touched
from codearch.index.contents import unpack_source
from codearch.store.database import transaction

if TYPE_CHECKING:
    from pathlib import Path

    from codearch.store.database import Connection

log = logging.getLogger(__name__)

_blames = msgspec.msgpack.Decoder(Blame)
_encode = msgspec.msgpack.Encoder().encode


class Memory:
    """Keeps what git knows in step with HEAD and with the files. `problem` says why it cannot."""

    def __init__(self, connection: Connection, root: Path) -> None:
        self._db = connection
        self._root = root
        self.problem = ""
        self.note = ""  # what is as it is, and no problem
        self.head: str | None = None

    def look(self) -> bool:
        """Read where HEAD stands, drop blames that no longer hold; return whether it moved."""
        if repository_of(self._root) is None:
            self.note = "There is no git repository here: nothing is known of people and reasons."
            return False
        self.note = ""
        try:
            now = head(self._root)
        except GitError as error:
            self.problem = str(error)
            return False
        self.problem = ""
        row = self._db.execute("SELECT value FROM meta WHERE key = 'head'").fetchone()
        before = row[0] if row else ""
        self.head = now
        if now == before or now is None:
            return False
        changed = touched(self._root, before, now) if before else None
        with transaction(self._db):
            if changed is None:
                self._db.execute("DELETE FROM blames")
            else:
                self._db.executemany(
                    "DELETE FROM blames WHERE path = ?", [(path,) for path in changed]
                )
        return True

    def read_churn(self, max_commits: int) -> None:
        """Read how often files change, and which change together, and note HEAD as read."""
        try:
            found = churn(self._root, max_commits)
        except GitError as error:
            self.problem = str(error)
            return
        with transaction(self._db):
            self._db.execute("DELETE FROM churn")
            self._db.execute("DELETE FROM coupling")
            self._db.executemany("INSERT INTO churn VALUES (?, ?)", found.commits.items())
            self._db.executemany(
                "INSERT OR REPLACE INTO coupling VALUES (?, ?, ?, ?)",
                [(one.source, one.target, one.count, one.confidence) for one in found.coupling],
            )
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('head', ?)", (self.head or "",))

    def read_file(self, path: str) -> None:
        """Read who wrote a file, and keep each symbol's history."""
        if self.head is None:
            return
        row = self._db.execute("SELECT data FROM blames WHERE path = ?", (path,)).fetchone()
        if row is not None:
            known = _blames.decode(row[0])
        else:
            try:
                known = blame(self._root, path)
            except GitError as error:
                log.info("no blame of a file: %s", error)
                known = Blame()
        with transaction(self._db):
            if row is None:
                self._db.execute(
                    "INSERT OR REPLACE INTO blames VALUES (?, ?, ?)",
                    (path, self.head, _encode(known)),
                )
            self._keep(path, known)

    def knows(self, path: str) -> bool:
        """Say whether a file's blame is kept."""
        row = self._db.execute("SELECT 1 FROM blames WHERE path = ?", (path,)).fetchone()
        return row is not None

    def _keep(self, path: str, known: Blame) -> None:
        row = self._db.execute(
            "SELECT f.id, c.source FROM files f JOIN contents c ON c.id = f.content"
            " WHERE f.path = ? AND f.session = 0",
            (path,),
        ).fetchone()
        if row is None:
            return
        lines = known.align(unpack_source(row[1]))
        times = self._db.execute("SELECT commits FROM churn WHERE path = ?", (path,)).fetchone()
        symbols = self._db.execute(
            "SELECT uid, line, column, line + breaks, end_column FROM symbols WHERE file = ?",
            (row[0],),
        ).fetchall()
        for uid, line, column, end_line, end_column in symbols:
            span = Span(0, 0, line, column, end_line, end_column)
            history = symbol_history(lines, span, times[0] if times else 0)
            if history is None:
                self._db.execute("DELETE FROM histories WHERE uid = ?", (uid,))
            else:
                self._db.execute(
                    "INSERT OR REPLACE INTO histories VALUES (?, ?)", (uid, _encode(history))
                )
