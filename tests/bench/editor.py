"""An editor without a window: the server as a child process, asked over its standard streams."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import psutil

from streams import Session

if TYPE_CHECKING:
    from pathlib import Path

READY_SECONDS = 1800.0
_QUIET_SHARE = 0.03  # of a core, within which the processes count as quiet


class Told(NamedTuple):
    """One status that the server told unasked, and when, in seconds since the spawn."""

    seconds: float
    status: dict[str, Any]


class Editor(Session):
    """One session on one folder; a context manager that leaves no process behind."""

    def __init__(self, root: Path) -> None:
        self.told: list[Told] = []
        self.initialized_after = 0.0  # seconds
        self._began = time.perf_counter()
        super().__init__(root)

    def __enter__(self) -> Self:
        self.begin()
        self.initialized_after = self.elapsed()
        return self

    def __exit__(self, *_: object) -> None:
        indexers = self.indexers()
        try:
            self.close()
        finally:
            end([*indexers, *(child for each in indexers for child in children(each))])

    # --- asking ------------------------------------------------------------------------------

    def timed(self, method: str, params: Any) -> tuple[float, Any]:
        """Return how many milliseconds a request took, as seen from here, and its result."""
        began = time.perf_counter()
        result = self.ask(method, params)
        return (time.perf_counter() - began) * 1000, result

    def elapsed(self) -> float:
        """Return the seconds since the server was spawned."""
        return time.perf_counter() - self._began

    def ready_within(self, seconds: float) -> bool:
        """Wait until the index is ready, at most so long; say whether it is."""
        with self.news:
            return self.news.wait_for(self._is_ready, seconds)

    def heard(self, status: dict[str, Any]) -> None:
        """Keep what the server tells."""
        self.told.append(Told(self.elapsed(), status))

    def _is_ready(self) -> bool:
        if self.process.poll() is not None:
            message = "the server has ended"
            raise RuntimeError(message)
        return bool(self.told) and self.told[-1].status["state"] == "ready"

    # --- processes ---------------------------------------------------------------------------

    def indexers(self) -> list[psutil.Process]:
        """Return the indexer processes of this folder."""
        found = []
        for process in psutil.process_iter(["cmdline"]):
            command = process.info["cmdline"] or []
            if "codearch.indexer" in command and command[-1] == str(self.root):
                found.append(process)
        return found

    def processes(self) -> list[psutil.Process]:
        """Return the server, the indexer and all that they started."""
        heads = [psutil.Process(self.process.pid), *self.indexers()]
        every = [*heads, *(child for each in heads for child in children(each))]
        return list({each.pid: each for each in every}.values())

    def work(self) -> float:
        """Return how many processor seconds the processes that run now have used so far."""
        return sum(map(cpu_seconds, self.processes()))

    def until_quiet(self, seconds: float = 120.0) -> float:
        """Wait until nothing is done any more; return how long that took, in seconds."""
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            if self.work_within(1.0) < _QUIET_SHARE and self._is_ready():
                break
        return time.perf_counter() - began

    def work_within(self, seconds: float) -> float:
        """Return how many processor seconds all processes used in the seconds from now on."""
        before = self.work()
        time.sleep(seconds)  # what is measured is this while
        return self.work() - before


def children(process: psutil.Process) -> list[psutil.Process]:
    """Return all that a process started, as far as it still runs."""
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def cpu_seconds(process: psutil.Process) -> float:
    """Return the processor time of a process so far, and of what it started and has seen end.

    0 for one that has gone: its parent, if that is counted as well, has its time from then on.
    """
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    ended = getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return float(times.user + times.system + ended)


def end(processes: list[psutil.Process]) -> None:
    """End these processes, gently first."""
    for each in processes:
        try:
            each.terminate()
        except psutil.Error:
            continue
    for each in psutil.wait_procs(processes, timeout=10)[1]:
        each.kill()
