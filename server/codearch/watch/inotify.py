"""Linux: one inotify watch for each folder that is not ignored, on watchdog's reader of events.

Watchdog's own recursive watch covers ignored folders too (`node_modules` alone can take tens of
thousands of watches), and swallows that the system's limit was reached. Its `InotifyFD` beneath has
neither fault: it reads the events of all watches on one thread.
"""

from __future__ import annotations

import errno
import itertools
import os
import threading
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING

from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyConstants,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchDescriptor,
)

from codearch.history.repository import repository_at
from codearch.watch import gitstate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.index.ignore import Ignore
    from codearch.watch.changes import Changes

# Opening and reading are no changes: asking for them would make events of our own reads.
_FOLDER_EVENTS = (
    InotifyConstants.IN_CREATE
    | InotifyConstants.IN_MODIFY
    | InotifyConstants.IN_CLOSE_WRITE
    | InotifyConstants.IN_ATTRIB
    | InotifyConstants.IN_MOVE
    | InotifyConstants.IN_DELETE
    | InotifyConstants.IN_ONLYDIR
    | InotifyConstants.IN_EXCL_UNLINK
)
_TREE = Mask(_FOLDER_EVENTS | InotifyConstants.IN_DONT_FOLLOW)
_ROOT = Mask(_FOLDER_EVENTS | InotifyConstants.IN_DELETE_SELF | InotifyConstants.IN_MOVE_SELF)
_GIT = Mask(_FOLDER_EVENTS & ~InotifyConstants.IN_ATTRIB)
_ROOT_GONE = (
    InotifyConstants.IN_DELETE_SELF | InotifyConstants.IN_MOVE_SELF | InotifyConstants.IN_UNMOUNT
)
_ARRIVED = InotifyConstants.IN_CREATE | InotifyConstants.IN_MOVED_TO
_LEFT = InotifyConstants.IN_DELETE | InotifyConstants.IN_MOVED_FROM
_LIMITS = frozenset({errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOMEM})


class _Reader(InotifyFD):
    """Reads events, and knows whether there are some that were not handled yet."""

    def __init__(self) -> None:
        super().__init__()
        self._handling = False

    def _check_inotify_fd(self) -> bool:
        # Between two reads: what was read before has been handled, what comes is still unread.
        self._handling = False
        self._handling = super()._check_inotify_fd()
        return self._handling

    @property
    def behind(self) -> bool:
        """Whether events are unread, or read and in the hands of the reading thread."""
        # In this order: the thread says that it handles events before it takes them out.
        return bool(wait([self._inotify_fd], 0)) or self._handling


class InotifySource:
    """Watches the folders of a root, and those of its repository that tell of git's state."""

    tells_of_root = True

    def __init__(self, root: Path, ignore: Ignore, changes: Changes) -> None:
        self._root = root
        self._ignore = ignore
        self._changes = changes
        self._reader: _Reader | None = None
        self._numbers = itertools.count()
        self._ids: dict[WatchDescriptor, CallbackId] = {}
        self._lock = threading.RLock()
        self._folders: dict[str, WatchDescriptor] = {}  # of the tree, relative to the root
        self._paths: dict[WatchDescriptor, str] = {}
        self._git_paths: dict[WatchDescriptor, Path] = {}
        self.events = 0

    @property
    def watches(self) -> int:
        """How many folders are watched, those of git's state included."""
        return len(self._folders) + len(self._git_paths)

    @property
    def behind(self) -> bool:
        """Whether the kernel has told of events that were not taken yet."""
        reader = self._reader
        return reader is not None and reader.behind

    def start(self) -> None:
        """Watch everything that is there; raise OSError where a limit is reached."""
        self._reader = _Reader()
        with self._lock:
            self._watch_tree("", report=False)
            self._watch_git()
            if "" not in self._folders:
                code = errno.EACCES if self._root.is_dir() else errno.ENOENT
                raise OSError(code, os.strerror(code), os.fspath(self._root))
        self._reader.start()

    def renew(self) -> None:
        """Watch what is new or no longer ignored, and leave what is ignored now."""
        with self._lock:
            for path in [
                path for path in self._folders if path and self._ignore.ignored(path, True)
            ]:
                self._leave(path)
            self._watch_tree("", report=False)
            self._watch_git()

    def stop(self) -> None:
        """Give back all watches."""
        with self._lock:
            reader, self._reader = self._reader, None
        if reader is None:
            return
        reader.stop()
        if reader.is_alive() and reader is not threading.current_thread():
            reader.join()

    # --- called by watchdog, on its thread -----------------------------------------------------

    def on_event(self, event: InotifyEvent) -> None:
        """Take one event."""
        try:
            with self._lock:
                self.events += 1
                self._take(event)
        except OSError as error:
            self._changes.lost(error)

    def on_watch_deleted(self, wd: WatchDescriptor) -> None:
        """Forget a folder that is gone."""
        with self._lock:
            self._ids.pop(wd, None)
            self._git_paths.pop(wd, None)
            self._forget(wd)

    def on_queue_overflow(self) -> None:
        """The kernel dropped events."""
        self._changes.missed()

    # --- events --------------------------------------------------------------------------------

    def _take(self, event: InotifyEvent) -> None:
        git_folder = self._git_paths.get(event.wd)
        if git_folder is not None:
            self._take_git(git_folder / os.fsdecode(event.name), event)
            return
        folder = self._paths.get(event.wd)
        if folder is None:
            return
        if not event.name:
            if folder == "" and event.mask & _ROOT_GONE:
                self._changes.lost(FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)))
            return
        name = os.fsdecode(event.name)
        path = f"{folder}/{name}" if folder else name
        if name == ".git":
            if event.mask & (_ARRIVED | _LEFT):
                self._changes.git_changed()
                self._changes.rules_changed()
        elif event.mask & InotifyConstants.IN_ISDIR:
            self._take_folder(path, event.mask)
        else:
            if self._ignore.is_source(path):
                self._changes.rules_changed()
            if not self._ignore.ignored(path):
                self._changes.changed(path)

    def _take_folder(self, path: str, mask: int) -> None:
        if mask & _LEFT:
            self._leave(path, with_inner=bool(mask & InotifyConstants.IN_MOVED_FROM))
            if not self._ignore.ignored(path, is_folder=True):
                self._changes.changed(path)
        elif mask & _ARRIVED:
            self._ignore.forget(path)
            if not self._ignore.ignored(path, is_folder=True):
                self._leave(path)
                self._watch_tree(path, report=True)

    def _take_git(self, path: Path, event: InotifyEvent) -> None:
        meaning = gitstate.meaning(self._ignore.repository, path)
        if meaning is None:
            return
        self._changes.git_changed()
        if meaning == "rules":
            self._changes.rules_changed()
        elif event.mask & InotifyConstants.IN_ISDIR and event.mask & _ARRIVED:
            self._watch_git()

    # --- watches -------------------------------------------------------------------------------

    def _watch_tree(self, top: str, *, report: bool) -> None:
        """Watch a folder and all in it that is not ignored; report the files, if they are new.

        Each folder is watched before it is read: what comes later makes an event.
        """
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            if folder not in self._folders and not self._watch(folder):
                continue
            for path, is_folder in self._inside(folder):
                if is_folder:
                    if not self._ignore.ignored(path, is_folder=True):
                        waiting.append(path)
                elif report and not self._ignore.ignored(path):
                    self._changes.changed(path)
                if report and self._ignore.is_source(path):
                    self._changes.rules_changed()

    def _inside(self, folder: str) -> Iterator[tuple[str, bool]]:
        prefix = f"{folder}/" if folder else ""
        try:
            with os.scandir(self._root / folder) as entries:
                for entry in entries:
                    yield prefix + entry.name, entry.is_dir(follow_symlinks=False)
        except OSError:
            return

    def _watch(self, folder: str) -> bool:
        """Watch one folder of the tree; return whether it could be."""
        descriptor = self._add(self._root / folder, _TREE if folder else _ROOT)
        if descriptor is None:
            return False
        self._folders[folder] = descriptor
        self._paths[descriptor] = folder
        return True

    def _watch_git(self) -> None:
        known = set(self._git_paths.values())
        repository = self._ignore.repository
        for folder in gitstate.folders(self._root, repository):
            if folder not in known:
                descriptor = self._add(folder, _GIT)
                if descriptor is not None:
                    self._git_paths[descriptor] = folder
        if repository is None and repository_at(self._root) is not None:
            self._changes.rules_changed()  # it began before its folder was watched

    def _add(self, folder: Path, mask: Mask) -> WatchDescriptor | None:
        """Add a watch; None for a folder that is gone or closed to us. Raise OSError at a limit."""
        if self._reader is None:
            return None
        number = CallbackId(next(self._numbers))
        try:
            descriptor = self._reader.add_callback(os.fsencode(folder), mask, self, number)
        except OSError as error:
            if error.errno in _LIMITS:
                raise
            return None
        # The same folder under an earlier name, if its renaming has not been read yet.
        self._remove(descriptor)
        self._forget(descriptor)
        self._ids[descriptor] = number
        if descriptor == -1:  # how watchdog says that access was denied
            self._remove(descriptor)
            return None
        return descriptor

    def _remove(self, descriptor: WatchDescriptor) -> None:
        number = self._ids.pop(descriptor, None)
        if self._reader is not None and number is not None:
            self._reader.remove_callbacks([(descriptor, number)])

    def _forget(self, descriptor: WatchDescriptor) -> None:
        path = self._paths.pop(descriptor, None)
        if path is not None and self._folders.get(path) == descriptor:
            del self._folders[path]

    def _leave(self, path: str, *, with_inner: bool = True) -> None:
        """Stop watching a folder, and what is in it."""
        if path not in self._folders:
            return
        gone = [path]
        if with_inner:
            inner = path + "/"
            gone += [folder for folder in self._folders if folder.startswith(inner)]
        for folder in gone:
            descriptor = self._folders[folder]
            self._forget(descriptor)
            self._remove(descriptor)
