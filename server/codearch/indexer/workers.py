"""Worker processes that parse in bulk, since tree-sitter holds the GIL while it parses."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from codearch.index.prepare import Prepared, prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

_END_SECONDS = 5.0
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
        self._ending: list[threading.Thread] = []

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
        """Let the workers end, without waiting for them."""
        if self._pool is None:
            return
        self._ending = [thread for thread in self._ending if thread.is_alive()]
        wishes = {"wait": True, "cancel_futures": True}
        thread = threading.Thread(target=self._pool.shutdown, kwargs=wishes, daemon=True)
        self._pool = None
        thread.start()
        self._ending.append(thread)

    def end(self) -> None:
        """End the workers and give back what was shared with them: the process is about to end.

        Else Python would complain of leaked semaphores where people look for what went wrong.
        """
        self.close()
        for child in multiprocessing.active_children():
            child.terminate()
        for thread in self._ending:
            thread.join(_END_SECONDS)
        gc.collect()  # a pool holds itself


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
