"""The files that are listed and not indexed, each with the reason."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from codearch.store.database import transaction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codearch.index.content import Entry
    from codearch.index.listing import Listing
    from codearch.store.database import Connection

_ANY_SIZE = -1  # of a reason that the content has no part in


class LeftOut:
    """Keeps what speaks against files.

    Their name or state does until the next look at the disk, their content until it changes.
    """

    def __init__(self, connection: Connection, root: Path) -> None:
        self._db = connection
        self._root = root

    def listed(self, found: Listing) -> None:
        """Note what a look at the disk has left out, in place of what the last one had."""
        rows = [(path, reason, _ANY_SIZE, 0) for path, reason in found.skipped.items()]
        stored = self._db.execute("SELECT path, reason, size, mtime_ns FROM skipped WHERE size < 0")
        if set(rows) == set(stored):
            return
        with transaction(self._db):
            self._db.execute("DELETE FROM skipped WHERE size < 0")
            self._db.executemany("INSERT OR REPLACE INTO skipped VALUES (?, ?, ?, ?)", rows)

    def refuse(self, refused: dict[Entry, str]) -> None:
        """Keep what content told against files, so that they are not read before they change."""
        if not refused:
            return
        with transaction(self._db):
            self._db.executemany(
                "INSERT OR REPLACE INTO skipped VALUES (?, ?, ?, ?)",
                [(each.path, reason, each.size, each.mtime_ns) for each, reason in refused.items()],
            )

    def refused(self) -> set[tuple[str, int, int]]:
        """Return (path, size, mtime_ns) of the files that their content speaks against."""
        return set(self._db.execute("SELECT path, size, mtime_ns FROM skipped WHERE size >= 0"))

    def welcome(self, paths: Sequence[str]) -> None:
        """Forget what was against these files: they are gone, or another content is there."""
        held = [
            (path,)
            for path in paths
            if self._db.execute("SELECT 1 FROM skipped WHERE path = ?", (path,)).fetchone()
        ]
        if held:
            with transaction(self._db):
                self._db.executemany("DELETE FROM skipped WHERE path = ?", held)

    def welcome_gone(self, paths: Sequence[str]) -> None:
        """Forget the files that are gone with these paths, files or folders."""
        gone: list[str] = []
        for path in paths:
            rows = self._db.execute(
                "SELECT path FROM skipped WHERE path = :path OR"
                " (path >= :path || '/' AND path < :path || '0')",
                {"path": path},
            )
            gone += [row[0] for row in rows if not os.path.lexists(self._root / row[0])]
        self.welcome(gone)

    def by_reason(self) -> dict[str, int]:
        """Return how many files are left out, by reason."""
        rows = self._db.execute("SELECT reason, count(*) FROM skipped GROUP BY reason")
        return dict(rows.fetchall())
