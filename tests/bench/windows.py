"""How soon an indexer is gone when nobody needs it, and back when somebody does."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import psutil
from editor import READY_SECONDS, Editor
from figures import Figure
from inputs import generated

from patience import seconds_until

if TYPE_CHECKING:
    from pathlib import Path

FILES = 1_000
WINDOWS = 5
_IDLE = "CODEARCH_INDEXER_IDLE_SECONDS"
_LONGEST_SECONDS = 60.0


def measure(folder: Path, files: int) -> list[Figure]:
    """Kill the indexer of five windows, close them in order, then kill a server with its editor."""
    root = generated(folder / "windows", files)
    before = os.environ.pop(_IDLE, None)  # as long as it is for everybody
    try:
        with ExitStack() as open_windows:
            windows = [open_windows.enter_context(Editor(root)) for _ in range(WINDOWS)]
            if not windows[0].ready_within(READY_SECONDS):
                raise TimeoutError(f"{root} was not ready")
            indexers = windows[0].indexers()
            back = _seconds_back(windows, indexers[0])
            left = _seconds_left(windows)
        with Editor(root) as last:
            last.command("index.flush")
            killed = _seconds_killed(last)
    finally:
        if before is not None:
            os.environ[_IDLE] = before
    return [
        Figure(f"indexers of {WINDOWS} windows", len(indexers), "", 1),
        Figure(f"indexer killed → answers in {WINDOWS} windows", back, "s", 5),
        Figure("last window closed → indexer gone", left, "s", 5),
        Figure("server killed → indexer and workers gone", killed, "s", 5),
    ]


def _seconds_back(windows: list[Editor], indexer: psutil.Process) -> float:
    """Kill the indexer and return when all windows answer from an index that is up to date."""
    began = time.perf_counter()
    indexer.kill()
    for window in windows:
        window.command("index.flush")
    return time.perf_counter() - began


def _seconds_left(windows: list[Editor]) -> float:
    """Close all windows; return how long the indexer stays after the last."""
    *others, last = windows
    for each in others:
        each.ask("shutdown", None)
        each.tell("exit", None)
        each.process.wait(_LONGEST_SECONDS)
    left = _with_children(last.indexers())
    last.ask("shutdown", None)
    last.tell("exit", None)
    last.process.wait(_LONGEST_SECONDS)
    return seconds_until(lambda: not any(map(_runs, left)), "processes to end")


def _seconds_killed(last: Editor) -> float:
    """Kill a server as it is when its editor is killed; return how long its indexer stays."""
    left = _with_children(last.indexers())
    last.process.kill()
    last.process.wait(_LONGEST_SECONDS)
    return seconds_until(lambda: not any(map(_runs, left)), "processes to end")


def _with_children(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [*processes, *(child for each in processes for child in each.children(recursive=True))]


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
