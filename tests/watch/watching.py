"""A watcher under test: what it told so far, and waiting until it has told enough."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from codearch.index.ignore import Ignore
from codearch.watch import Batch, Pace, Watcher

DEADLINE_S = 20.0  # far beyond what anything takes; reached only where a test fails
QUICK = Pace(quiet_ms=10, longest_ms=50, poll_interval_s=0.05, root_interval_s=0.05)


class Told:
    """Collects batches from the watcher's thread."""

    watcher: Watcher
    ignore: Ignore

    def __init__(self, root):
        self.root = root
        self.batches: list[Batch] = []
        self._condition = threading.Condition()
        self._numbers = itertools.count()

    def take(self, batch: Batch) -> None:
        with self._condition:
            self.batches.append(batch)
            self._condition.notify_all()

    def until(self, enough: Callable[[], bool]) -> None:
        """Wait until enough has been told."""
        with self._condition:
            assert self._condition.wait_for(enough, DEADLINE_S), self.batches

    @property
    def paths(self) -> set[str]:
        return {path for batch in self.batches for path in batch.paths}

    @property
    def git_changed(self) -> bool:
        return any(batch.git_changed for batch in self.batches)

    @property
    def reconcile(self) -> bool:
        return any(batch.reconcile for batch in self.batches)

    def everything(self) -> set[str]:
        """Return all paths told so far; what came before a mark of ours has been told with it."""
        mark = f"mark-{next(self._numbers)}"
        (self.root / mark).write_text("")
        self.until(lambda: mark in self.paths)
        (self.root / mark).unlink()
        return {path for path in self.paths if not path.startswith("mark-")}

    def forget(self) -> None:
        self.everything()
        with self._condition:
            self.batches.clear()


@contextmanager
def watched(root, *, pace=QUICK, open_source=None, patterns=()) -> Iterator[Told]:
    told = Told(root)
    told.ignore = Ignore(root, patterns)
    watcher = Watcher(root, told.ignore, told.take, pace=pace, open_source=open_source)
    told.watcher = watcher
    watcher.start()
    try:
        yield told
    finally:
        watcher.stop()
