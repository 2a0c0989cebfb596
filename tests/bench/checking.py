"""`codearch check` of CPython's library: with nothing indexed, and again."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import inputs
from figures import Figure

if TYPE_CHECKING:
    from pathlib import Path


def measure(library: Path, folder: Path, most: int | None = None) -> list[Figure]:
    """Check a copy twice, as somebody would in a terminal."""
    root = inputs.copy_of(library, folder / "checked", most)
    cold, found = _checked(root)
    warm, _ = _checked(root)
    return [
        Figure("check: nothing indexed", cold, "s", 60),
        Figure("check: again", warm, "s", 5),
        Figure("check: findings", found, ""),
    ]


def _checked(root: Path) -> tuple[float, int]:
    """Return how long it took, from the process's start to its end, and what was found."""
    command = [sys.executable, "-m", "codearch", "check", "--root", str(root), "--format", "jsonl"]
    began = time.perf_counter()
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return time.perf_counter() - began, done.stdout.count(b"\n")
