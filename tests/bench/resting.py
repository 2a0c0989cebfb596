"""What an index costs when nothing happens: processor time, and place on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from figures import Figure

from codearch.settings import Settings, root_cache
from codearch.snapshot import Reader, Snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from editor import Editor

IDLE_SECONDS = 60.0
_VECTORS = "vectors"


def idle(editor: Editor, seconds: float = IDLE_SECONDS) -> list[Figure]:
    """Return what share of a core server and indexer use while nobody asks."""
    editor.until_quiet()
    share = editor.work_within(seconds) / seconds * 100
    return [Figure(f"idle over {seconds:.0f} s", share, "% core", 0.5)]


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
