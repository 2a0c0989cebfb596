"""macOS and Windows: watchdog's own observer, recursive as the system offers it, then filtered."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from watchdog.events import (
    EVENT_TYPE_CLOSED_NO_WRITE,
    EVENT_TYPE_CREATED,
    EVENT_TYPE_MOVED,
    EVENT_TYPE_OPENED,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from codearch.watch import gitstate

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

    from codearch.index.ignore import Ignore
    from codearch.watch.changes import Changes


class ObserverSource(FileSystemEventHandler):
    """Watches a root, and its repository's git folder where that lies outside the root."""

    tells_of_root = False

    def __init__(self, root: Path, ignore: Ignore, changes: Changes) -> None:
        self._root = root.resolve()
        self._ignore = ignore
        self._changes = changes
        self._observer: BaseObserver = Observer()
        self.watches = 0  # each covers a folder and all below it
        self.events = 0

    @property
    def behind(self) -> bool:
        """Whether watchdog has events that were not taken; what the system has is not known."""
        return not self._observer.event_queue.empty()

    def start(self) -> None:
        """Begin to watch; raise OSError where the system refuses."""
        self._observer.schedule(self, os.fspath(self._root), recursive=True)
        self.watches = 1
        repository = self._ignore.repository
        if repository is not None and not repository.common_dir.is_relative_to(self._root):
            self._observer.schedule(self, os.fspath(repository.common_dir), recursive=True)
            self.watches += 1
        self._observer.start()

    def renew(self) -> None:
        """Nothing to do: all folders are watched, and each event is filtered by the rules."""

    def stop(self) -> None:
        """End, and wait for watchdog's threads."""
        self._observer.stop()
        if self._observer.is_alive():
            self._observer.join()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Take one event, on watchdog's thread."""
        if event.event_type in (EVENT_TYPE_OPENED, EVENT_TYPE_CLOSED_NO_WRITE):
            return
        self.events += 1
        self._take(Path(os.fsdecode(event.src_path)), event)
        if event.event_type == EVENT_TYPE_MOVED and event.dest_path:
            self._take(Path(os.fsdecode(event.dest_path)), event)

    def _take(self, place: Path, event: FileSystemEvent) -> None:
        if self._take_git(place):
            return
        if not place.is_relative_to(self._root):
            return
        path = place.relative_to(self._root).as_posix()
        if path == ".":
            if not self._root.is_dir():
                self._changes.lost(FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)))
        elif place.name == ".git":
            if event.event_type != "modified":
                self._changes.git_changed()
                self._changes.rules_changed()
        elif self._ignore.ignored(path, event.is_directory):
            return
        elif self._ignore.is_source(path):
            self._changes.changed(path)
            self._changes.rules_changed()
        elif not event.is_directory:
            self._changes.changed(path)
        elif event.event_type != "modified":
            self._take_folder(path, place, event)

    def _take_folder(self, path: str, place: Path, event: FileSystemEvent) -> None:
        self._changes.changed(path)
        self._ignore.forget(path)
        if event.event_type in (EVENT_TYPE_CREATED, EVENT_TYPE_MOVED):
            for folder, _, files in os.walk(place):
                for name in files:
                    inner = (Path(folder) / name).relative_to(self._root).as_posix()
                    if not self._ignore.ignored(inner):
                        self._changes.changed(inner)

    def _take_git(self, place: Path) -> bool:
        """Take a path inside the git folders; return whether it was one."""
        repository = self._ignore.repository
        folder = self._root / ".git" if repository is None else repository.common_dir
        if not place.is_relative_to(folder):
            return False
        meaning = gitstate.meaning(repository, place)
        if meaning is not None:
            self._changes.git_changed()
        if meaning == "rules":
            self._changes.rules_changed()
        return place != folder
