"""People and reasons: blame of the files that somebody looks at, and the history of all files."""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import TYPE_CHECKING

import msgspec

from codearch.errors import GitError
from codearch.history import Blame, blame, head, repository_of, touched
from codearch.history.blame import IGNORED_REVISIONS
from codearch.history.reading import MAILMAP, Reading
from codearch.store.database import transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codearch.store.database import Connection

log = logging.getLogger(__name__)

_blames = msgspec.msgpack.Decoder(Blame)
_encode = msgspec.msgpack.Encoder().encode
_RENAMING = frozenset({IGNORED_REVISIONS, MAILMAP})  # these speak of every file's lines
_RECENT = 32  # files whose blame is read again as soon as a commit has touched them


class Memory:
    """Keeps what git knows in step with HEAD. `problem` says why it cannot.

    Only the blame of committed files is kept. Whose a symbol's lines are is seen when somebody
    asks, from the text as it is then: no edit, saved or not, makes what is kept untrue.
    """

    def __init__(self, connection: Connection, root: Path) -> None:
        self._db = connection
        self._root = root
        self._recent: OrderedDict[str, None] = OrderedDict()
        self._reading = Reading(connection, root)
        self._failure = ""  # why the history could not be read
        self.problem = ""
        self.note = ""  # what is as it is, and no problem
        self.head: str | None = None

    def look(self) -> bool:
        """Read where HEAD stands, drop blames that no longer hold; return whether it moved."""
        self.head, reason = self._where_head_stands()
        before = self._meta("head") or ""
        moved = self.head is not None and self.head != before
        self.problem = self.problem or self._failure
        if not moved and reason == self._meta("no_history"):
            return False
        changed = self._changed_since(before) if moved else frozenset()
        with transaction(self._db):
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('no_history', ?)", (reason,))
            if changed is None:
                self._db.execute("DELETE FROM blames WHERE head <> ?", (self.head,))
            else:  # what was read at this HEAD holds
                self._db.executemany(
                    "DELETE FROM blames WHERE path = ? AND head <> ?",
                    [(path, self.head) for path in changed],
                )
        return moved

    def want_history(self, max_commits: int) -> None:
        """Have the history behind HEAD read, if it is not; to be called after each look."""
        self._failure = ""
        if self.head is None:
            return
        self._reading.want(self.head, max_commits)
        if not self._reading.owed:
            self._note_head()

    @property
    def owes_history(self) -> bool:
        """Whether there is more of the history to be read."""
        return self._reading.owed

    @property
    def has_news(self) -> bool:
        """Whether the history that was read last is one that rules look at."""
        return self._reading.news

    def read_history(self, interrupted: Callable[[], bool]) -> bool:
        """Read the history on for some milliseconds; return whether all has been read by then."""
        try:
            done = self._reading.step(interrupted)
        except GitError as error:
            self.problem = self._failure = str(error)
            return True
        if done:
            self._note_head()
        return done

    def close(self) -> None:
        """End git where it is at work."""
        self._reading.close()

    def read_file(self, path: str) -> bool:
        """Have it known who wrote a file's committed lines; return whether that is news.

        HEAD is looked at each time: nobody is to be told twice what a commit has overtaken.
        """
        self.look()
        self._recent[path] = None
        self._recent.move_to_end(path)
        if len(self._recent) > _RECENT:
            self._recent.popitem(last=False)
        if self.head is None or self._knows(path):
            return False
        try:
            known = blame(self._root, path)
        except GitError as error:
            log.info("no blame of a file: %s", error)
            known = Blame(problem=error.message, tried=self._digest(path))
        with transaction(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO blames VALUES (?, ?, ?)", (path, self.head, _encode(known))
            )
        return True

    def missed(self) -> list[str]:
        """Return the files that were asked for lately and whose blame no longer holds."""
        return [path for path in self._recent if not self._knows(path)]

    def _note_head(self) -> None:
        """Note that everything has been read as of HEAD."""
        with transaction(self._db):
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('head', ?)", (self.head or "",))

    def _where_head_stands(self) -> tuple[str | None, str]:
        """Return the commit that is checked out, or None and why there is no history."""
        self.note = self.problem = ""
        repository = repository_of(self._root)
        if repository is None:
            self.note = "There is no git repository here: nothing is known of people and reasons."
            return None, "this is no git repository"
        try:
            now = head(self._root)
        except GitError as error:
            self.problem = str(error)
            return None, error.message.rstrip(".")
        if repository.shallow:
            self.note = (
                "This clone is shallow: of the history only what was fetched is known."
                " `git fetch --unshallow` brings the rest."
            )
        return now, "" if now else "nothing has been committed yet"

    def _changed_since(self, before: str) -> frozenset[str] | None:
        """Return the files whose blame HEAD's move from `before` has made untrue, None for all."""
        changed = touched(self._root, before, self.head or "") if before else None
        if changed is None or not _RENAMING.isdisjoint(changed):
            return None
        return changed

    def _knows(self, path: str) -> bool:
        """Say whether a file's blame holds; one that failed does until the file or HEAD changes."""
        row = self._db.execute("SELECT head, data FROM blames WHERE path = ?", (path,)).fetchone()
        if row is None:
            return False
        known = _blames.decode(row[1])
        return not known.problem or (row[0], known.tried) == (self.head, self._digest(path))

    def _digest(self, path: str) -> bytes:
        row = self._db.execute(
            "SELECT digest FROM files WHERE path = ? AND session = 0", (path,)
        ).fetchone()
        return bytes(row[0]) if row else b""

    def _meta(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None
