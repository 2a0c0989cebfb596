"""How much memory all processes take together: shared pages count once (PSS)."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psutil

if TYPE_CHECKING:
    from editor import Editor

_LOOK_SECONDS = 0.5


def megabytes(*editors: Editor) -> float:
    """Return the megabytes of the servers, the indexer that they share, and its workers."""
    processes = {each.pid: each for editor in editors for each in editor.processes()}
    return sum(_bytes(each) for each in processes.values()) / 1_000_000


def _bytes(process: psutil.Process) -> int:
    try:
        if sys.platform == "linux":
            for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    return int(line.split()[1]) * 1024
        return int(process.memory_full_info().uss)
    except (OSError, psutil.Error):
        return 0  # it has just ended


class Peak:
    """Looks twice a second how much memory is taken, as long as it is entered."""

    def __init__(self, editor: Editor) -> None:
        self.megabytes = 0.0
        self._editor = editor
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            self.megabytes = max(self.megabytes, megabytes(self._editor))
