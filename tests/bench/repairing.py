"""How long a damaged index of 1,000 files takes to be right again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from editor import Editor
from figures import Figure
from inputs import copy_of

from codearch.settings import root_cache

if TYPE_CHECKING:
    from pathlib import Path

FILES = 1_000
_BOUND = 30.0  # seconds


def measure(library: Path, folder: Path, files: int) -> list[Figure]:
    """Index a part of the library, and damage the index in two ways while nobody has it open."""
    root = copy_of(library, folder / "repaired", files)
    from_nothing = _flushed(root)
    for store in root_cache(root).glob("index.db"):
        store.write_bytes(bytes(store.stat().st_size))
    zeros = _flushed(root)
    for manifest in (root_cache(root) / "vectors").rglob("*.manifest"):
        manifest.write_bytes(b"")
    empty = _flushed(root)
    return [
        Figure(f"{files:,} files indexed from nothing", from_nothing, "s"),
        Figure("a database of zeros: all is made again", zeros, "s", _BOUND),
        Figure("empty manifests: vectors are made again", empty, "s", _BOUND),
        Figure("nothing damaged", _flushed(root), "s"),
    ]


def _flushed(root: Path) -> float:
    """Return the seconds from a server's start until the index is whole."""
    began = time.perf_counter()
    with Editor(root) as editor:
        status = editor.command("index.flush")
        seconds = time.perf_counter() - began
        problems = [one["message"] for one in status.get("problems", ()) if one["severity"] > 4]
    if problems:
        raise RuntimeError(" ".join(problems))
    return seconds
