"""The texts of one file in the commits that changed it, newest first, read as they are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.errors import Cancelled
from codearch.history.texts import contents_at
from codearch.text import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from codearch.snapshot.past import PastVersion

_AT_ONCE = 16


class Versions:
    """Reads what a file held in commits, each text once; secrets are not hidden in them.

    `most` commits are told, the newest; what brought something is looked for in `every` one, and
    `whole` says whether the oldest of these made the file. Reading raises GitError, and Cancelled
    when something urgent waits.
    """

    def __init__(
        self,
        root: Path,
        every: Sequence[PastVersion],
        interrupted: Callable[[], bool],
        *,
        most: int,
        whole: bool,
    ) -> None:
        self.versions = every[:most]
        self.whole = whole and len(every) < most  # the oldest of them made the file
        self._every = every
        self._began = whole
        self._root = root
        self._interrupted = interrupted
        self._texts: dict[int, bytes | None] = {}  # of commits, by their place in `every`
        self._before: dict[int, bytes | None] = {}

    def __len__(self) -> int:
        """Return how many commits are told."""
        return len(self.versions)

    def text(self, index: int) -> bytes | None:
        """Return what a commit left; None where it deleted the file, or the clone lacks it."""
        if index not in self._texts:
            self._read_all(range(index, min(index + _AT_ONCE, len(self._every))))
        return self._texts[index]

    def text_before(self, index: int) -> bytes | None:
        """Return what a commit found; None where it made the file, or the clone ends there."""
        if index not in self._before:
            version = self._every[index]
            self._before[index] = self._read([(f"{version.hash}^", version.before)])[0]
        return self._before[index]

    def brought(self, words: str) -> PastVersion | None:
        """Return the commit that brought words into the file; None where no known one did.

        Some commits of many are read, then some of those between the oldest that has the words and
        the next that has not: where words came, went and came back, it may be any of the times.
        Commits of branches stand side by side, so that one without the words may be newer than the
        one that brought them.
        """
        here, gone = -1, len(self._every)
        while gone - here > 1:
            some = _spread(here + 1, gone)
            self._read_all(some)
            having = [index for index in some if self._has(index, words)]
            here = max(having, default=here)
            gone = min((index for index in some if index > here), default=gone)
        if here < 0:
            return None
        before = self.text_before(here)
        if before is None:
            made = here < len(self._every) - 1 or self._began
            return self._every[here] if made else None
        if words not in decode(before):
            return self._every[here]
        return self._older(words, here + 1)

    def _older(self, words: str, start: int) -> PastVersion | None:
        """Return the oldest commit with the words among the next, if it is what brought them."""
        nearby = range(start, min(start + _AT_ONCE, len(self._every)))
        self._read_all(nearby)
        here = max((index for index in nearby if self._has(index, words)), default=-1)
        if here < 0:
            return None
        before = self.text_before(here)
        return None if before is None or words in decode(before) else self._every[here]

    def _has(self, index: int, words: str) -> bool:
        text = self._texts[index]
        return text is not None and words in decode(text)

    def _read_all(self, indices: Sequence[int]) -> None:
        new = [index for index in indices if index not in self._texts]
        some = [(self._every[index].hash, self._every[index].path) for index in new]
        self._texts.update(zip(new, self._read(some) if some else (), strict=True))

    def _read(self, places: Sequence[tuple[str, str]]) -> list[bytes | None]:
        if self._interrupted():
            message = "Something more urgent waits."
            raise Cancelled(message)
        return contents_at(self._root, places)


def _spread(first: int, end: int) -> list[int]:
    """Return some of the numbers from `first` on, evenly, the last one among them."""
    size = end - first
    count = min(size, _AT_ONCE)
    return [first + (at + 1) * size // count - 1 for at in range(count)]
