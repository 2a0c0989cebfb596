"""The roots of a session: their settings, their indexers, and connections to read through."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codearch.commands._command import Workspace
from codearch.detectors import known_rules
from codearch.indexer.client import SEARCHES, Client
from codearch.server.fallback import WordsAlone
from codearch.settings import LoadedSettings, is_whole_disk, load_settings, root_cache
from codearch.snapshot import Reader, Snapshot
from codearch.store.database import FILE_NAME, inode_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_Told = dict[str, Any]


class Root:
    """One workspace folder of one session."""

    def __init__(
        self,
        path: Path,
        client_settings: dict[str, Any],
        on_event: Callable[[Root, str, _Told], None],
    ) -> None:
        self.path = path
        self.loose = is_whole_disk(path)  # it serves open files that lie in no folder, alone
        self.status: _Told | None = None  # as the indexer last told it
        self.failed_openings = 0  # since one succeeded
        self._folder = root_cache(path)
        self._readers = threading.local()
        self._opened: set[Reader] = set()
        self.loaded: LoadedSettings = _loaded(path, client_settings)
        self.client = Client(
            path,
            client_settings=client_settings,
            on_event=lambda event, told: on_event(self, event, told),
            repeating=SEARCHES,  # who asks has seen part of an index before
        )

        self.indexer = WordsAlone(
            self.client,
            lambda: Snapshot(self._reader(), self.loaded.settings),
            lambda: self.status,
        )

    def configure(self, client_settings: dict[str, Any]) -> None:
        """Take the editor's settings over, and hand them on."""
        self.loaded = _loaded(self.path, client_settings)
        self.client.configure(client_settings)

    def reload(self, client_settings: dict[str, Any]) -> None:
        """Read the workspace's own settings again."""
        self.loaded = _loaded(self.path, client_settings)

    def workspace(self, cancelled: Callable[[], bool]) -> Workspace:
        """Return the root as commands and features see it."""
        return Workspace(
            self.path,
            self.loaded.settings,
            self.indexer,
            lambda: Snapshot(self._reader(), self.loaded.settings, cancelled),
            self.loaded.problems,
            loose=self.loose,
        )

    def close(self) -> None:
        """Leave the indexer and give the connections back."""
        self.client.close()
        while self._opened:
            self._opened.pop().close()

    def _reader(self) -> Reader:
        """Return this thread's connection; a new one where session or store have been replaced.

        Where the store has been deleted, what was read from it serves until there is another.
        """
        known: Reader | None = getattr(self._readers, "reader", None)
        if known is not None:
            same = known.session == self.client.session and known.current
            if not known.closed and (same or not inode_of(self._folder / FILE_NAME)):
                return known
            self._readers.reader = None
            self._opened.discard(known)
            known.close()
        reader = self._readers.reader = Reader(self._folder, self.path, self.client.session)
        self._opened.add(reader)
        return reader


def _loaded(path: Path, client_settings: dict[str, Any]) -> LoadedSettings:
    return load_settings(path, client=client_settings, known_rules=known_rules())


def outermost(folders: Iterable[Path]) -> list[Path]:
    """Return the folders that lie in no other: an inner one is served by the outer's index."""
    real = sorted({folder.resolve() for folder in folders}, key=lambda each: len(each.parts))
    kept: list[Path] = []
    for folder in real:
        if not any(folder.is_relative_to(outer) for outer in kept):
            kept.append(folder)
    return kept
