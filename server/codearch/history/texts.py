"""What files held in commits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.history.git import git

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MISSING = (b"missing", b"ambiguous")


def contents_at(root: Path, places: Sequence[tuple[str, str]]) -> list[bytes | None]:
    """Return what stood in files, each given as a revision and a path below `root`.

    None for one that was not there, or that a shallow or partial clone lacks. Secrets are not
    hidden. Raises GitError.
    """
    asked = [f"{revision}:./{path}" for revision, path in places]
    if any("\n" in each for each in asked):
        return [None] * len(asked)
    told = git(root, "cat-file", "--batch", stdin="".join(f"{each}\n" for each in asked).encode())
    found: list[bytes | None] = []
    at = 0
    for _ in asked:
        end = told.index(b"\n", at)
        _, kind, size = (b"", *told[at:end].rsplit(b" ", 2))[-3:]
        at = end + 1
        if size in _MISSING:
            found.append(None)
            continue
        content = told[at : at + int(size)]
        at += len(content) + 1
        found.append(content if kind == b"blob" else None)
    return found
