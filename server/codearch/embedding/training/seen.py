"""Which functions a model was trained on, so that nobody asks it about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codearch.embedding.training.functions import Function

FILE = "seen.txt"


def note(home: Path, name: str, functions: Sequence[Function]) -> None:
    """Write down the bodies that a model has seen: digests, one a line."""
    bodies = sorted({one.body for one in functions})
    (home / name / FILE).write_text("".join(f"{body}\n" for body in bodies), "utf-8")


def seen(home: Path, name: str) -> frozenset[str]:
    """Return the bodies that a model was trained on here; none for other models."""
    path = home / name / FILE
    return frozenset(path.read_text("utf-8").split()) if path.is_file() else frozenset()
