"""Gathers single events into batches: what a source of events tells, and one thread takes."""

from __future__ import annotations

import os
import threading
import time
from typing import NamedTuple


class Batch(NamedTuple):
    """What happened since the last batch.

    Each of `paths` is to be looked at again, and all that was known below it: it may be a file, or
    gone, or a folder that went and came back. `reconcile` asks to compare everything with the disk,
    since rules changed, events were lost, or were too many to be told one by one.
    """

    paths: frozenset[str] = frozenset()
    git_changed: bool = False
    reconcile: bool = False


class Gathered(NamedTuple):
    """A batch, and what the watcher itself has to do before it passes it on."""

    batch: Batch
    rules_changed: bool = False
    lost: OSError | None = None  # the source can go on no longer

    def with_later(self, later: Gathered, burst: int) -> Gathered:
        """Return both as one; more than `burst` paths ask to reconcile instead."""
        paths = self.batch.paths | later.batch.paths
        reconcile = self.batch.reconcile or later.batch.reconcile or len(paths) > burst
        git_changed = self.batch.git_changed or later.batch.git_changed
        return Gathered(
            Batch(frozenset() if len(paths) > burst else paths, git_changed, reconcile),
            self.rules_changed or later.rules_changed,
            self.lost or later.lost,
        )


class Changes:
    """Holds what sources of events tell, from any thread, until it has been quiet for a moment."""

    def __init__(self, quiet_ms: int, longest_ms: int, burst: int) -> None:
        self._quiet_s = quiet_ms / 1000
        self._longest_s = longest_ms / 1000
        self._burst = burst
        self._condition = threading.Condition()
        self._closed = False
        self._handed_out = False
        self._clear()

    def _clear(self) -> None:
        self._paths: set[str] = set()
        self._git = self._rules = self._reconcile = self._overrun = False
        self._lost: OSError | None = None
        self._first_at = self._last_at = 0.0

    # --- what sources tell ---------------------------------------------------------------------

    def changed(self, path: str) -> None:
        """Note that something happened to a path, relative to the root."""
        if not path.isascii() and path.encode(errors="ignore") != os.fsencode(path):
            return  # a name that is not UTF-8, which is not indexed
        with self._condition:
            if not self._overrun:
                self._paths.add(path)
                self._overrun = len(self._paths) > self._burst
            self._noted()

    def git_changed(self) -> None:
        """Note that HEAD, the index or a ref of the repository changed."""
        with self._condition:
            self._git = True
            self._noted()

    def rules_changed(self) -> None:
        """Note that an ignore file changed, or a repository came or went."""
        with self._condition:
            self._rules = self._reconcile = True
            self._noted()

    def missed(self) -> None:
        """Note that events were lost: any file may have changed, git's and ignore files as well."""
        with self._condition:
            self._git = self._rules = self._reconcile = True
            self._noted()

    def lost(self, error: OSError) -> None:
        """Note that the source can go on no longer."""
        with self._condition:
            self._lost = error
            self._reconcile = True
            self._noted()

    def _noted(self) -> None:
        self._last_at = time.monotonic()
        if not self._first_at:
            self._first_at = self._last_at
            self._condition.notify_all()

    @property
    def pending(self) -> bool:
        """Whether something was told that has not been passed on yet; asked by any thread."""
        with self._condition:
            return bool(self._first_at) or self._handed_out

    # --- what the watcher takes ----------------------------------------------------------------

    def close(self) -> None:
        """Let whoever waits go, for good."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    @property
    def closed(self) -> bool:
        """Whether nothing will be given out any more."""
        return self._closed

    def passed_on(self) -> None:
        """Note that what was taken so far is known to whoever asked for it."""
        with self._condition:
            self._handed_out = False

    def take(self, timeout_s: float | None) -> Gathered | None:
        """Wait for changes, then for a quiet moment, and return them; None when time is up.

        They are pending until `passed_on` is called.
        """
        with self._condition:
            self._condition.wait_for(lambda: self._first_at or self._closed, timeout_s)
            if not self._first_at or self._closed:
                return None
            while not self._closed:
                due = min(self._last_at + self._quiet_s, self._first_at + self._longest_s)
                left_s = due - time.monotonic()
                if left_s <= 0:
                    break
                self._condition.wait(left_s)
            paths = frozenset() if self._overrun else frozenset(self._paths)
            batch = Batch(paths, self._git, self._reconcile or self._overrun)
            gathered = Gathered(batch, self._rules, self._lost)
            self._clear()
            self._handed_out = True
            return gathered
