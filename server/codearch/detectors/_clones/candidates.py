"""Which files may hold clones of each other, step by step as files change."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from typing import TYPE_CHECKING

from codearch.detectors._clones.evidence import FILE_BITS, Entries, entries, none, pairs
from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from codearch.detectors._clones.prints import Prints
else:
    np = Lazy("numpy")

_LOW = (1 << FILE_BITS) - 1


class Candidates:
    """The prints of all files, and the pairs of files that have been compared.

    Files are known by their number in the order of paths; another one moves the numbers behind it.
    """

    def __init__(self) -> None:
        self.paths: list[str] = []
        self._prints = none()  # ascending
        self._compared = np.empty(0, np.uint64)  # pairs, ascending
        self._shared: NDArray[np.uint64] | None = None  # pairs, ascending; None where not known

    def change(self, made: Mapping[str, Prints], gone: Collection[str]) -> None:
        """Know the prints of files that are new or other ones, and forget those that are gone."""
        self._shared = None
        present = self.paths
        out = {path for path in present if path in gone} if gone else set()
        new = made.keys() - set(present) if len(made) > 1 else self._unknown(made)
        kept = np.array([path not in out and path not in made for path in present], np.bool_)
        if len(kept):
            self._prints = self._prints.where(kept[_second(self._prints.keys)])
        self._compared = self._both(kept)
        if out or new:
            self._renumber(sorted({*present, *new} - out))
        parts = [entries(each, self.number(path)) for path, each in made.items()]
        if parts:
            self._insert(Entries(*map(np.concatenate, zip(*parts, strict=True))))

    def _insert(self, more: Entries) -> None:
        order = np.lexsort((more.rest, more.keys))
        more = more.where(order)
        places = np.searchsorted(self._prints.keys, more.keys)
        self._prints = Entries(
            np.insert(self._prints.keys, places, more.keys),
            np.insert(self._prints.rest, places, more.rest),
        )

    def _unknown(self, made: Mapping[str, object]) -> set[str]:
        return {path for path in made if self.number(path) < 0}

    def _both(self, kept: NDArray[np.bool_]) -> NDArray[np.uint64]:
        """Return the compared pairs of which both files are kept."""
        if not len(self._compared):
            return self._compared
        both = kept[_first(self._compared)] & kept[_second(self._compared)]
        return self._compared[both]

    def _renumber(self, paths: list[str]) -> None:
        """Give files the numbers of another list of paths, in the same order."""
        places = {path: number for number, path in enumerate(paths)}
        now = np.array([places.get(path, 0) for path in self.paths], np.uint64)
        self.paths = paths
        if len(now):
            keys, shift = self._prints.keys, np.uint64(FILE_BITS)
            keys = keys >> shift << shift | now[_second(keys)]
            self._prints = self._prints._replace(keys=keys)
            self._compared = now[_first(self._compared)] << shift | now[_second(self._compared)]

    def number(self, path: str) -> int:
        """Return a file's number, -1 where it is not known."""
        at = bisect_left(self.paths, path)
        return at if at < len(self.paths) and self.paths[at] == path else -1

    def note_compared(self, pairs: Collection[tuple[int, int]]) -> None:
        """Note that the files of these pairs have been compared as they are."""
        if pairs:
            more = np.array([i << FILE_BITS | j for i, j in pairs], np.uint64)
            self._compared = np.union1d(self._compared, more)

    def missing(self) -> list[tuple[int, int]]:
        """Return the pairs of files that share enough and have not been compared yet."""
        left = np.setdiff1d(self._all(), self._compared, assume_unique=True)
        return list(zip(_first(left).tolist(), _second(left).tolist(), strict=True))

    def sharing(self, files: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Yield those of some pairs of files that share enough."""
        numbers = [self.number(a) << FILE_BITS | self.number(b) for a, b in files]
        shared = np.isin(np.array(numbers, np.uint64), self._all())
        return itertools.compress(files, shared.tolist())

    def _all(self) -> NDArray[np.uint64]:
        if self._shared is None:
            self._shared = pairs(self._prints)
        return self._shared


def _first(pairs: NDArray[np.uint64]) -> NDArray[np.intp]:
    return (pairs >> np.uint64(FILE_BITS)).astype(np.intp)


def _second(pairs: NDArray[np.uint64]) -> NDArray[np.intp]:
    return (pairs & np.uint64(_LOW)).astype(np.intp)
