"""The history of a test's repository, read into tables in memory."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from codearch.history import head
from codearch.history.reading import Reading
from codearch.snapshot.past import Past, coupling, past
from codearch.store.database import Connection, connect_writer
from codearch.store.schema import make_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.facts import Edge
    from codearch.snapshot.past import FileHistory

ALL = 100_000  # commits


class Book:
    """The tables of one folder, which follow its HEAD when asked."""

    def __init__(self, root: Path, database: Path | None = None, limit: int = ALL) -> None:
        path = database or root.parent / "index.db"
        self.db: Connection = connect_writer(path)
        make_tables(self.db, path)
        self.root = root
        self.limit = limit
        self.reading = Reading(self.db, root)

    def follow(self, interrupted: Callable[[], bool] = lambda: False) -> Past:
        """Read what is missing, and return what is known then."""
        now = head(self.root)
        assert now is not None
        self.reading.want(now, self.limit)
        while not self.reading.step(interrupted):
            pass
        found = past(self.db)
        assert found is not None
        return found

    def coupling(self) -> list[Edge]:
        return coupling(self.db, None)

    def close(self) -> None:
        self.reading.close()
        self.db.close()


def history_of(root: Path) -> dict[str, FileHistory]:
    """Return what is known of every file of a folder."""
    with TemporaryDirectory() as folder:
        book = Book(root, Path(folder, "index.db"))
        try:
            return book.follow().files
        finally:
            book.close()
