"""Watches a root: one thread hands out batches of changes, and at idle it costs nothing."""

from __future__ import annotations

import errno
import math
import os
import stat
import sys
import threading
import time
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from codearch.errors import EXHAUSTED, CodearchError
from codearch.watch import gitstate
from codearch.watch.changes import Batch, Changes, Gathered
from codearch.watch.remote import remote_file_system

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codearch.index.ignore import Ignore


class Source(Protocol):
    """Whatever tells a `Changes` of events below a root."""

    tells_of_root: bool  # also that the root itself went away or was replaced
    events: int  # how many it has been told of

    @property
    def watches(self) -> int:
        """How many the system holds for it."""

    @property
    def behind(self) -> bool:
        """Whether it has been told of events that its `Changes` does not know yet."""

    def start(self) -> None:
        """Begin; no change after this returns is missed. Raises OSError where it cannot."""

    def renew(self) -> None:
        """Watch what the rules and the disk now ask for."""

    def stop(self) -> None:
        """End, and give back what it holds."""


class Seen(NamedTuple):
    """How changes come to be known, and what that has cost."""

    by: Literal["events", "polling"]
    watches: int
    events: int
    interval_s: float | None  # between two polls, None where events tell all


class _Trouble(NamedTuple):
    """Why events do not tell all, and whether polls stand in their stead or come besides."""

    reason: str
    how: str
    mend: str = ""


class Pace(NamedTuple):
    """When batches come: after a quiet moment, or at the latest; with how many paths at most."""

    quiet_ms: int = 20
    longest_ms: int = 250
    burst: int = 2000
    poll_interval_s: float = 10.0  # where the system cannot watch, at least
    longest_poll_s: float = 60.0
    poll_share: float = 0.002  # of a core, which polls may take as long as that interval allows it
    root_interval_s: float = 0.5  # a glance at the root, while it is gone or where none is told
    again_s: float = 600.0  # after which watching is tried again where the system refused it


_USUAL = Pace()
_FEW_PATHS = 64  # what is worth looking at while git is at work
_GIT_LOOK_SECONDS = 0.1


class Watcher:
    """Calls `on_batch`, on a thread of its own, after each burst of changes below `root`.

    Where the system cannot watch, or cannot see all, `problem` says why, and a batch that asks to
    reconcile comes every so often (`seen.interval_s`): less often where comparing takes longer.
    A root that goes away is waited for. `on_batch` must not raise. `on_delay` is called before a
    batch that takes longer than usual: while git goes on changing files, many changes are passed
    on together once it has ended.
    """

    def __init__(
        self,
        root: Path,
        ignore: Ignore,
        on_batch: Callable[[Batch], None],
        pace: Pace = _USUAL,
        open_source: Callable[[Path, Ignore, Changes], Source] | None = None,
    ) -> None:
        self._trouble: _Trouble | None = None  # why events do not tell all
        self._comparing_s = 0.0  # of processor time, as far as is known
        self._again_at = 0.0  # when watching is tried again, where it was refused
        self.pace = pace
        self._root = root
        self._ignore = ignore
        self._on_batch = on_batch
        self.on_delay: Callable[[], None] = lambda: None
        self._changes = Changes(pace.quiet_ms, pace.longest_ms, pace.burst)
        self._open_source = open_source or native_source
        self._git_lock = gitstate.Lock(ignore.repository)
        self._source: Source | None = None
        self._events = 0  # of sources that have ended
        self._watched: tuple[int, int] | None = None  # which folder the source watches
        self._thread = threading.Thread(target=self._run, name="codearch-watch", daemon=True)

    def start(self) -> None:
        """Begin to watch; what changes after this has returned is told."""
        if self._root.is_dir():
            self._begin()
        self._thread.start()

    def stop(self) -> None:
        """End; no batch comes after this has returned, but for one that is being handled."""
        self._changes.close()
        if self._thread is not threading.current_thread() and self._thread.is_alive():
            self._thread.join()
        self._end()

    def rules_changed(self) -> None:
        """Watch by other rules, after the shared `Ignore` was configured; asks to reconcile."""
        self._changes.rules_changed()

    @property
    def pending(self) -> bool:
        """Whether changes are known that no batch has told of yet; asked by any thread.

        On Linux, the system included: what was changed before this is asked is pending, or told.
        """
        source = self._source
        return (source is not None and source.behind) or self._changes.pending

    @property
    def problem(self) -> CodearchError | None:
        """Say why the disk is looked through now and then, and how often; None where it is not."""
        if self._trouble is None:
            return None
        reason, how, mend = self._trouble
        often = f"it is looked through every {self._poll_interval_s:g} s {how}."
        return CodearchError(f"{reason}; {often}", mend=mend)

    def comparing_took(self, seconds: float) -> None:
        """Note the processor time of a comparison that found nothing; polls come by that."""
        self._comparing_s = seconds

    @property
    def _poll_interval_s(self) -> float:
        allowed = math.ceil(self._comparing_s / self.pace.poll_share)
        return max(self.pace.poll_interval_s, min(allowed, self.pace.longest_poll_s))

    @property
    def seen(self) -> Seen:
        """Return how changes come to be known; asked by any thread."""
        source = self._source
        watches, events = (source.watches, source.events) if source else (0, 0)
        if self._trouble is None:
            return Seen("events", watches, self._events + events, None)
        return Seen("polling", watches, self._events + events, self._poll_interval_s)

    def _run(self) -> None:
        while not self._changes.closed:
            gathered = self._changes.take(self._interval_s())
            if self._changes.closed:
                return
            if gathered is None:
                batch = self._looked_after()
            else:
                batch = self._settled(self._until_git_is_done(gathered))
            if batch is not None:
                self._on_batch(batch)
            self._changes.passed_on()

    def _interval_s(self) -> float | None:
        """Return how long to wait for changes before looking after things; None for ever."""
        if self._trouble is not None:
            return self._poll_interval_s
        told = self._source is not None and self._source.tells_of_root
        return None if told else self.pace.root_interval_s

    def _looked_after(self) -> Batch | None:
        """Do what is due when no event came: poll, or look whether the root is the one it was."""
        if self._trouble is not None:
            if self._source is None and time.monotonic() >= self._again_at:
                self._ignore.refresh()
                self._begin()
            return Batch(git_changed=True, reconcile=True)
        identity = _identity(self._root)
        if identity == self._watched:
            return None
        self._end()
        if identity is not None:
            self._ignore.refresh()
            self._begin()
        return Batch(git_changed=True, reconcile=True)

    def _until_git_is_done(self, gathered: Gathered) -> Gathered:
        """Wait for the rest of a checkout, so that the disk is compared once and not ten times."""
        while (
            self._may_be_part(gathered.batch)
            and gathered.lost is None
            and self._git_lock.held(self._ignore.repository)
        ):
            self.on_delay()
            later = self._changes.take(_GIT_LOOK_SECONDS)
            if self._changes.closed:
                break
            if later is not None:
                gathered = gathered.with_later(later, self.pace.burst)
        return gathered

    def _may_be_part(self, batch: Batch) -> bool:
        """Say whether to wait for the rest of a batch: what is gone may have been moved."""
        if batch.reconcile or len(batch.paths) > _FEW_PATHS:
            return True
        return any(not (self._root / path).exists() for path in batch.paths)

    def _settled(self, gathered: Gathered) -> Batch:
        """Bring rules and watches up to date before a batch is passed on: nothing falls between."""
        batch = gathered.batch
        if gathered.lost is not None:
            self._end()
            if gathered.lost.errno != errno.ENOENT:
                self._give_up(gathered.lost)
        if gathered.rules_changed or batch.git_changed:
            self.on_delay()  # git is asked anew, which takes longest in large repositories
        if gathered.rules_changed:
            self._ignore.refresh()
        elif batch.git_changed and not batch.reconcile:
            # Adding a file to git takes it out of what is ignored.
            before = self._ignore.tracked
            self._ignore.refresh()
            batch = batch._replace(reconcile=self._ignore.tracked != before)
        if batch.reconcile and self._source is not None:
            try:
                self._source.renew()
            except OSError as error:
                self._changes.lost(error)
        return batch

    def _begin(self) -> None:
        source = self._open_source(self._root, self._ignore, self._changes)
        identity = _identity(self._root)
        try:
            source.start()
        except OSError as error:
            source.stop()
            if error.errno != errno.ENOENT:
                self._give_up(error)
            return
        self._source, self._watched, self._trouble = source, identity, None
        remote = remote_file_system(self._root)
        if remote is not None:
            reason = f"{self._root} lies on {remote}, where changes made elsewhere cannot be seen"
            mend = "A copy of it on a disk of this machine is followed at once."
            self._trouble = _Trouble(reason, "besides", mend)

    def _end(self) -> None:
        source, self._source, self._watched = self._source, None, None
        if source is not None:
            self._events += source.events
            source.stop()

    def _give_up(self, error: OSError) -> None:
        often = f"it is tried again every {math.ceil(self.pace.again_s / 60)} minutes."
        raised = _raising(error)
        mend = f"{raised}; {often}" if raised else often.capitalize()
        reason = f"{self._root} cannot be watched ({error.strerror or error})"
        self._trouble = _Trouble(reason, "instead", mend)
        self._again_at = time.monotonic() + self.pace.again_s


def _raising(error: OSError) -> str:
    """Return how to raise the limit that a refused watch has met, "" where it is none."""
    if error.errno == errno.ENOSPC:
        return "Raise it with `sudo sysctl fs.inotify.max_user_watches=524288`"
    if error.errno == errno.ENFILE:
        return "Raise what the system may open with `sudo sysctl fs.file-max=2097152`"
    if error.errno != errno.EMFILE:
        return ""
    if _handles_are_left():
        return "Raise it with `sudo sysctl fs.inotify.max_user_instances=1024`"
    return "Raise the limit of open files, with `ulimit -n 4096` where the editor is started from"


def _handles_are_left() -> bool:
    """Say whether this process may open one more file: EMFILE is said of two limits."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return error.errno not in EXHAUSTED
    return True


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another one of its name; None where there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISDIR(status.st_mode) else None


def native_source(root: Path, ignore: Ignore, changes: Changes) -> Source:
    """Return the source of events that this system has."""
    if sys.platform == "linux":
        from codearch.watch.inotify import InotifySource  # noqa: PLC0415 - loads on Linux alone

        return InotifySource(root, ignore, changes)
    from codearch.watch.observer import ObserverSource  # noqa: PLC0415 - loads what Linux needs not

    return ObserverSource(root, ignore, changes)
