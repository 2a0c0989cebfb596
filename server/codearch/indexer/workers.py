"""Worker processes that parse in bulk, since tree-sitter holds the GIL while it parses."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from codearch.index.prepare import Prepared, prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

Job = tuple[bytes, str]  # a file's bytes and its language's name


def worker_count(wish: int | str) -> int:
    """Return how many workers to run: as wished, else one a core, at most eight."""
    if isinstance(wish, int):
        return wish
    return min(8, os.cpu_count() or 1)


def prepare_many(jobs: Sequence[Job]) -> list[Prepared]:
    """Prepare several contents; run in a worker."""
    return [prepare(data, language) for data, language in jobs]


class Workers:
    """A pool made when bulk work begins and given up when it ends: idle costs nothing."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, jobs: Sequence[Job]) -> Future[list[Prepared]]:
        """Have a chunk of contents prepared."""
        if self._pool is None:
            # Never fork: the parent has threads, and the children should share nothing with it.
            self._pool = ProcessPoolExecutor(
                self.count,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=(os.getpid(),),
            )
        try:
            return self._pool.submit(prepare_many, jobs)
        except BrokenProcessPool:
            self.close()
            return self.submit(jobs)

    def close(self) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _begin(parent: int) -> None:
    """Make a worker yield to everybody else, and end with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(5)
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            os._exit(0)
