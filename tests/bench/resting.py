"""What an index costs when nothing happens: processor time, and place on disk."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from editor import READY_SECONDS, Editor, cpu_seconds
from figures import Figure
from inputs import generated

from codearch.settings import Settings, root_cache
from codearch.snapshot import Reader, Snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

IDLE_SECONDS = 60.0
FILES = 10_000
WINDOWS = 3
_VECTORS = "vectors"


def idle(editor: Editor, seconds: float = IDLE_SECONDS) -> list[Figure]:
    """Return what share of a core server and indexer use while nobody asks."""
    editor.until_quiet()
    share = editor.work_within(seconds) / seconds * 100
    return [Figure(f"idle over {seconds:.0f} s", share, "% core", 0.5)]


def calm(folder: Path, files: int, seconds: float) -> list[Figure]:
    """Return what share of a core some windows on one large root use while nobody asks."""
    root = generated(folder / "calm", files)
    with ExitStack() as open_windows:
        windows = []
        for _ in range(WINDOWS):
            windows.append(open_windows.enter_context(Editor(root)))
            if not windows[-1].ready_within(READY_SECONDS):
                raise TimeoutError(f"{root} was not ready")
        for each in windows:
            each.until_quiet()
        share = _work_within(seconds, windows) / seconds * 100
        watching = windows[0].command("status")["folders"][0]["watching"]
    interval = watching["intervalSeconds"]
    known = watching["by"] if interval is None else f"polling every {interval:.0f} s"
    name = f"idle over {seconds:.0f} s, {files:,} files, {WINDOWS} windows ({known})"
    return [Figure(name, share, "% core", 0.5)]


def _work_within(seconds: float, windows: Sequence[Editor]) -> float:
    """Return the processor seconds that all processes of some windows use from now on."""
    before = _work(windows)
    time.sleep(seconds)  # what is measured is that nothing happens
    return _work(windows) - before


def _work(windows: Sequence[Editor]) -> float:
    processes = {each.pid: each for window in windows for each in window.processes()}
    return sum(map(cpu_seconds, processes.values()))


def store(editor: Editor) -> list[Figure]:
    """Return how large the index is beside the source that it holds."""
    folder = root_cache(editor.root)
    reader = Reader(folder, editor.root)
    with Snapshot(reader, Settings()) as snapshot:
        source = sum(file.size for file in snapshot.files())
    reader.close()
    whole, vectors = _size(folder), _size(folder / _VECTORS)
    return [
        Figure("source that is indexed", source / 1e6, "MB"),
        Figure("vectors on disk", vectors / 1e6, "MB"),
        Figure("the rest of the store", (whole - vectors) / 1e6, "MB"),
        Figure("the rest of the store, of the source", (whole - vectors) / source, "times", 2),
    ]


def _size(folder: Path) -> int:
    return sum(each.lstat().st_size for each in folder.rglob("*") if each.is_file())
