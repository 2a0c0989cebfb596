"""A connection to the index, kept between requests."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from codearch.snapshot.scored import Scores
from codearch.store.database import FILE_NAME, connect_reader, inode_of, translated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from codearch.facts import FileFacts
    from codearch.snapshot.history import LineCache
    from codearch.store.database import Connection

FACTS_KEPT = 64  # files
# A file as the session sees it: its own buffer where there is one, else what is on disk.
_VISIBLE = """
CREATE TEMP VIEW visible AS SELECT * FROM main.files AS f WHERE f.session = {session}
    OR (f.session = 0 AND NOT EXISTS
        (SELECT 1 FROM main.files o WHERE o.session = {session} AND o.path = f.path))
"""
# The rows of all that it sees, and of what lies on disk below its buffers: edges may name either.
_KNOWN = "CREATE TEMP VIEW known AS SELECT * FROM main.files WHERE session IN (0, {session})"
_VISIBLE_DISK = "CREATE TEMP VIEW visible AS SELECT * FROM main.files WHERE session = 0"


class Reader:
    """A connection for one session's reads; one snapshot at a time."""

    def __init__(self, folder: Path, root: Path, session: int = 0) -> None:
        self.root = root
        self.session = session
        self.path = folder / FILE_NAME
        self.inode = inode_of(self.path)
        self.facts_cache: OrderedDict[int, FileFacts] = OrderedDict()
        self.line_cache: LineCache = OrderedDict()
        self.scores = Scores()
        self.lock = threading.Lock()
        self.closed = False
        with translated(self.path, self.inode):
            self.connection: Connection = connect_reader(self.path)
            view = _VISIBLE.format(session=int(session)) if session else _VISIBLE_DISK
            # query_only forbids even temporary views
            self.connection.execute("PRAGMA query_only = OFF")
            self.connection.execute(view)
            self.connection.execute(_KNOWN.format(session=int(session)))
            self.connection.execute("PRAGMA query_only = ON")

    @property
    def current(self) -> bool:
        """Whether the database that is read still stands in its place, or none does."""
        return inode_of(self.path) in (self.inode, 0)

    def keep(self, facts: Mapping[int, FileFacts]) -> None:
        """Keep the facts of contents, by number, that will be asked for next."""
        self.facts_cache.update(facts)
        while len(self.facts_cache) > FACTS_KEPT:
            self.facts_cache.popitem(last=False)

    def close(self) -> None:
        """Give the connection back once nobody reads by it."""
        with self.lock:
            self.closed = True
            self.connection.close()
