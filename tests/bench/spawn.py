"""From the spawn of the server to the answer to `initialize`."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from editor import Editor
from figures import Figure
from inputs import generated

if TYPE_CHECKING:
    from pathlib import Path

RUNS = 5


def measure(folder: Path) -> list[Figure]:
    """Start the server five times on a small folder."""
    root = generated(folder / "spawn", 3)
    taken = []
    for _ in range(RUNS):
        with Editor(root) as editor:
            taken.append(editor.initialized_after)
    return [Figure("spawn to `initialize` answered", statistics.median(taken), "s", 0.9)]
