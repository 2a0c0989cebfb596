"""Reading what lies in a workspace, indexed or not, and in the stores of package managers."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from codearch.history.repository import SMALL_FILE_BYTES, read_regular

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.detectors._detector import Project

T = TypeVar("T")
_MOST_KEPT = 50_000
_kept: dict[tuple[str, object], Any] = {}  # what was made of a content: true for good


class Files:
    """The files of one workspace: indexed ones as they are in editors, others as on disk."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self.root = project.root

    def read(self, path: str, *, most_bytes: int = SMALL_FILE_BYTES) -> str | None:
        """Return a file's text by its path below the root, None where there is none."""
        if self._project.file(path) is not None:
            return self._project.source(path).decode("utf-8", "replace")
        return self.outside(self.root / path, most_bytes=most_bytes) if self.root else None

    def outside(self, path: Path, *, most_bytes: int = SMALL_FILE_BYTES) -> str | None:
        """Return the text of a file that the index does not have."""
        found = read_regular(path, most_bytes=most_bytes)
        return None if found is None else found.decode("utf-8", "replace")

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder of the workspace that the index does not have."""
        return names_in(self.root / folder) if self.root else []

    def home(self) -> Path | None:
        """Return where package managers keep what they fetched; None for a workspace in memory."""
        try:
            return Path.home() if self.root else None
        except RuntimeError:
            return None


def names_in(folder: Path) -> list[str]:
    """Return the names in a folder, none where it cannot be read."""
    try:
        return sorted(each.name for each in folder.iterdir())
    except OSError:
        return []


def kept(digest: str, make: Callable[[], T], kind: object) -> T:
    """Return what is made of a content, at once where it has been made before."""
    if not digest:
        return make()
    key = (digest, kind)
    if key not in _kept:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = make()
    found: T = _kept[key]
    return found


def parents(path: str) -> list[str]:
    """Return the folders around a file, the innermost first, "" for the root."""
    return ["" if str(each) == "." else str(each) for each in PurePosixPath(path).parents]


def joined(folder: str, name: str) -> str:
    """Return a path in a folder, which is "" for the root."""
    return f"{folder}/{name}" if folder else name
