"""Which commit left a comment or docs behind: rules ask, and git is asked when nobody waits.

The answers stand in the index under what was asked, which names the comment and the code beside
it: an edit elsewhere asks nothing again. A file is asked about anew when another commit has
changed it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from codearch.detectors import FileView, file_detectors, runs
from codearch.errors import Cancelled, GitError
from codearch.settings import rules_at
from codearch.snapshot import Snapshot
from codearch.snapshot.origins import Origins, decode, editions, encode
from codearch.snapshot.versions import Versions
from codearch.store.database import transaction
from codearch.store.schema import CHECKED, COMMENTS_UNCHECKED

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from codearch.indexer.workshop import Workshop
    from codearch.snapshot.past import Past
    from codearch.store.database import Connection

log = logging.getLogger(__name__)

MOST_COMMITS = 100  # of a file that are looked at, the newest
_MOST_BYTES = 8_000_000  # of all its texts, about: they are in memory together
_NOTHING = encode({})


def note_asked(connection: Connection, asked: Mapping[str, Collection[str]]) -> None:
    """Note what rules have asked of the history of files, where it has not answered all of it."""
    for path, keys in asked.items():
        row = connection.execute(
            "SELECT asked, data FROM origins WHERE path = ?", (path,)
        ).fetchone()
        if not keys:
            if row is not None:
                connection.execute("DELETE FROM origins WHERE path = ?", (path,))
        elif row is None:
            connection.execute("INSERT INTO origins VALUES (?, 1, '', ?)", (path, _NOTHING))
        elif not row[0] and not decode(row[1]).keys() >= set(keys):
            connection.execute("UPDATE origins SET asked = 1 WHERE path = ?", (path,))


class Asking:
    """Asks git what rules want to know, one file at a time. The engine's thread alone."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._head = ""  # as of which all answers hold
        self._seen = -1  # changes of the store, as nothing was owed

    @property
    def owed(self) -> bool:
        """Whether there is a file to be asked about."""
        connection = self._shop.connection
        if connection.total_changes == self._seen:
            return False
        with self._snapshot() as snapshot:
            past = snapshot.past()
        if past is not None:
            self._follow(past)
            query = "SELECT 1 FROM origins WHERE asked <> 0 LIMIT 1"
            if connection.execute(query).fetchone() is not None:
                return True
        self._seen = connection.total_changes
        return False

    def step(self, interrupted: Callable[[], bool]) -> str:
        """Ask about the next file; return its name if its findings may be others now."""
        connection = self._shop.connection
        row = connection.execute(
            "SELECT path, data FROM origins WHERE asked <> 0 ORDER BY path LIMIT 1"
        ).fetchone()
        if row is None:
            return ""
        path, before = str(row[0]), decode(row[1])
        with self._snapshot() as snapshot:
            past = snapshot.past()
            if past is None or snapshot.file(path) is None:
                answers, edition = {}, ""
            else:
                edition = editions(connection, path)[path]
                try:
                    answers = self._answers(snapshot, past, path, interrupted)
                except Cancelled:
                    return ""
                except GitError as error:
                    log.info("git does not tell the past of a file: %s", error)
                    answers = before
        news = _known(answers) != _known(before)
        with transaction(connection):
            connection.execute(
                "UPDATE origins SET asked = 0, edition = ?, data = ? WHERE path = ?",
                (edition, encode(answers), path),
            )
            if news:
                connection.execute(
                    "UPDATE files SET checked = ? WHERE path = ? AND checked = ?",
                    (COMMENTS_UNCHECKED, path, CHECKED),
                )
        return path if news else ""

    def _snapshot(self) -> Snapshot:
        return Snapshot(self._shop.loop_readers.of(0), self._shop.settings)

    def _answers(
        self, snapshot: Snapshot, past: Past, path: str, interrupted: Callable[[], bool]
    ) -> Origins:
        file = snapshot.file(path)
        rules = rules_at(snapshot.settings, path)
        source = snapshot.source(path)
        most = min(MOST_COMMITS, max(2, _MOST_BYTES // max(len(source), 1)))
        every = past.versions(path)
        whole = not past.shallow and not past.cut
        versions = Versions(snapshot.root, every, interrupted, most=most, whole=whole)
        view = FileView(
            path,
            snapshot.facts(path),
            source,
            test=file is not None and file.test,
            generated=file is not None and file.generated,
            project=snapshot,
        )
        found: Origins = {}
        for rule in file_detectors():
            if rule.origins and runs(rule, rules) and view.facts.language in rule.languages:
                found |= rule.origins(view, versions)
        return found

    def _follow(self, past: Past) -> None:
        """Have files asked about anew that another commit has changed since they were."""
        if past.head == self._head:
            return
        connection = self._shop.connection
        rows = connection.execute("SELECT path, edition FROM origins WHERE asked = 0").fetchall()
        now = editions(connection)
        changed = [(path,) for path, edition in rows if now[path] != edition]
        with transaction(connection):
            connection.executemany("UPDATE origins SET asked = 1 WHERE path = ?", changed)
            connection.execute("DELETE FROM origins WHERE path NOT IN (SELECT path FROM files)")
        self._head = past.head


def _known(answers: Origins) -> Origins:
    return {key: origin for key, origin in answers.items() if origin is not None}
