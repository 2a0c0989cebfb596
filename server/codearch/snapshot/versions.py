"""The texts of one file in the commits that changed it, newest first, read as they are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.errors import Cancelled
from codearch.history.texts import contents_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from codearch.snapshot.past import PastVersion

_AT_ONCE = 16


class Versions:
    """Reads what a file held in commits, each text once; secrets are not hidden in them.

    Reading raises GitError, and Cancelled when something urgent waits.
    """

    def __init__(
        self,
        root: Path,
        versions: Sequence[PastVersion],
        interrupted: Callable[[], bool],
        *,
        whole: bool,
    ) -> None:
        self.versions = versions
        self.whole = whole  # the oldest of them made the file
        self._root = root
        self._interrupted = interrupted
        self._texts: list[bytes | None] = []

    def __len__(self) -> int:
        """Return how many commits are known."""
        return len(self.versions)

    def text(self, index: int) -> bytes | None:
        """Return what a commit left; None where it deleted the file, or the clone lacks it."""
        while len(self._texts) <= index:
            start = len(self._texts)
            some = self.versions[start : start + _AT_ONCE]
            self._texts += self._read([(each.hash, each.path) for each in some])
        return self._texts[index]

    def text_before(self, index: int) -> bytes | None:
        """Return what a commit found; None where it made the file, or the clone ends there."""
        version = self.versions[index]
        return self._read([(f"{version.hash}^", version.before)])[0]

    def _read(self, places: Sequence[tuple[str, str]]) -> list[bytes | None]:
        if self._interrupted():
            message = "Something more urgent waits."
            raise Cancelled(message)
        return contents_at(self._root, places)
