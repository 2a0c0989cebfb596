"""Worker processes that parse in bulk, since tree-sitter holds the GIL while it parses."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from codearch.index.found import FoundAlone
from codearch.index.prepare import Prepared, prepare
from codearch.index.shape import same_code
from codearch.parse import LastTree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.index.unpacking import Stored
    from codearch.settings import RuleSettings

_END_SECONDS = 5.0
_SOON_SECONDS = 1.0
_COLLECTED = 20_000  # objects more than before: what a file leaves is little, and most of it alive
_NICER = 5  # of the 20 steps below the usual priority


class Wanted(msgspec.Struct, frozen=True):
    """What rules need to know of a file beside its content."""

    path: str
    test: bool
    rules: dict[str, RuleSettings]  # as the settings have them for this path
    keeping: list[str]  # ids of the rules of the project that keep something of each file
    crowded: list[str]  # of those that would if there were fewer
    shape: bytes  # of the content before, b"" for none: findings are carried from the same code
    empty: list[str]  # folders that rules read, and that hold nothing
    history_told: bool  # there may be answers of git's history to what rules ask of it


class Job(NamedTuple):
    """A file's bytes, its language's name, what rules need of it, and the version before it."""

    data: bytes
    language: str
    wanted: Wanted | None = None
    before: Stored | None = None


def worker_count(wish: int | str) -> int:
    """Return how many workers to run: as wished, else one a core, at most eight."""
    if isinstance(wish, int):
        return wish
    return min(8, os.cpu_count() or 1)


class Made(msgspec.Struct, array_like=True):
    """What a worker made of several files, and the processor time in seconds that parsing took."""

    contents: list[Prepared]
    found: list[FoundAlone]
    seconds: float = 0.0


# Pickling it would take three times as long.
packed = msgspec.msgpack.Encoder().encode
unpacked = msgspec.msgpack.Decoder(Made).decode


def prepare_many(jobs: Sequence[Job]) -> bytes:
    """Prepare several contents, have rules look at them, and pack what was `Made`; in a worker."""
    made = Made([], [])
    for data, language, wanted, before in jobs:
        began, last = time.process_time(), LastTree()
        prepared = prepare(data, language, last, before)
        made.seconds += time.process_time() - began
        made.contents.append(prepared)
        if wanted is None or (wanted.shape and same_code(wanted.shape, prepared.shape)):
            continue
        # Rules take a moment to import, and where comments alone have changed nobody needs them.
        from codearch.indexer.alone import found_alone  # noqa: PLC0415 - see above

        made.found.append(found_alone(wanted, data, prepared, last))
    return packed(made)


class Workers:
    """A pool made when bulk work begins and given up when it ends: idle costs nothing."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool: ProcessPoolExecutor | None = None
        self._ending: list[tuple[threading.Thread, Any]] = []  # and the pool's results

    def begin(self) -> None:
        """Have the processes start, which takes a moment: to be called where much is to come."""
        for _ in range(self.count):
            self.submit([])

    def submit(self, jobs: Sequence[Job]) -> Future[bytes]:
        """Have a chunk of contents prepared."""
        if self._pool is None:
            # Never fork: the parent has threads, and the children should share nothing with it.
            self._pool = ProcessPoolExecutor(
                self.count,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
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
        self._ending = [each for each in self._ending if each[0].is_alive()]
        results = getattr(self._pool, "_result_queue", None)
        thread = threading.Thread(target=_shut_down, args=(self._pool,), daemon=True)
        self._pool = None
        thread.start()
        self._ending.append((thread, results))

    def end(self) -> None:
        """End the workers and give back what was shared with them: the process is about to end.

        Else Python would complain of leaked semaphores where people look for what went wrong.
        """
        self.close()
        children = multiprocessing.active_children()
        for child in children:
            child.terminate()
        for child in children:
            child.join(_END_SECONDS)
        while self._ending:
            thread, results = self._ending.pop()
            thread.join(_SOON_SECONDS)
            if thread.is_alive():
                # A worker was ended in the middle of a result, and who reads it waits for the rest
                # as long as anybody could write it: we ourselves.
                with contextlib.suppress(AttributeError, OSError):
                    results._writer.close()  # noqa: SLF001 - there is no other way to end it
            thread.join(_END_SECONDS)
            del results
        gc.collect()  # a pool holds itself


def _shut_down(pool: ProcessPoolExecutor) -> None:
    with contextlib.suppress(OSError):  # `end` closed first what the pool closes last
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """Make a worker yield to everybody else, and end with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _lower_priority()
    gc.freeze()
    gc.set_threshold(_COLLECTED)
    threading.Thread(target=_end_with_parent, name="codearch-parent", daemon=True).start()


def _end_with_parent() -> None:
    """End the worker as soon as its parent has ended, however that did."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(0)


def _lower_priority() -> None:
    """Let everything go first that people wait for: editors, compilers, the indexer's answers."""
    if sys.platform == "win32":
        import psutil  # noqa: PLC0415 - elsewhere a worker has no use for it

        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(_NICER)
