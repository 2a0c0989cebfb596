"""Read connections to the index, one a session, given back together when it is replaced."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from codearch.snapshot import Reader

if TYPE_CHECKING:
    from pathlib import Path


class Readers:
    """Opens a connection when a session first reads, and keeps it. Safe from any thread."""

    def __init__(self, folder: Path, root: Path) -> None:
        self._folder = folder
        self._root = root
        self._readers: dict[int, Reader] = {}
        self._lock = threading.Lock()

    def of(self, session: int) -> Reader:
        """Return the connection of a session."""
        with self._lock:
            reader = self._readers.get(session)
        if reader is not None and not reader.current:
            self.forget(session)
        with self._lock:
            reader = self._readers.get(session)
            if reader is None:
                reader = Reader(self._folder, self._root, session)
                self._readers[session] = reader
            return reader

    def forget(self, session: int) -> None:
        """Give back what a session that has gone held."""
        with self._lock:
            reader = self._readers.pop(session, None)
        if reader is not None:
            reader.close()

    def close(self) -> None:
        """Give back everything; whoever asks again gets a new connection."""
        with self._lock:
            readers, self._readers = list(self._readers.values()), {}
        for reader in readers:
            reader.close()
