"""Which files may hold clones of each other: those that share prints."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from typing import TYPE_CHECKING

from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray
else:
    np = Lazy("numpy")


_NEIGHBOURS = 8  # of a file that are looked at for one print: so pairs grow with files
_RARE = 5  # files with a print, so that it alone makes a pair of two of them
_SHIFT = 32  # a pair is the number of the first file, shifted so far, and that of the second
_LOW = (1 << _SHIFT) - 1


class Candidates:
    """The prints of all files, and the pairs of files that have been compared.

    Files are known by their number in the order of paths; another one moves the numbers behind it.
    """

    def __init__(self) -> None:
        self.paths: list[str] = []
        self._prints = np.empty(0, np.uint64)  # with the file's number below, ascending
        self._compared = np.empty(0, np.uint64)  # pairs, ascending
        self._shared: NDArray[np.uint64] | None = None  # pairs, ascending; None where not known

    def change(self, made: Mapping[str, NDArray[np.uint64]], gone: Collection[str]) -> None:
        """Know the prints of files that are new or other ones, and forget those that are gone."""
        self._shared = None
        present = self.paths
        out = {path for path in present if path in gone} if gone else set()
        new = made.keys() - set(present) if len(made) > 1 else self._unknown(made)
        numbers = np.array([path not in out and path not in made for path in present], np.bool_)
        self._prints = (
            self._prints[numbers[_second(self._prints)]] if len(numbers) else self._prints
        )
        self._compared = self._both(numbers)
        if out or new:
            self._renumber(sorted({*present, *new} - out))
        parts = [
            each << np.uint64(_SHIFT) | np.uint64(self.number(path)) for path, each in made.items()
        ]
        if parts:
            fresh = np.sort(np.concatenate(parts))
            places = np.searchsorted(self._prints, fresh)
            self._prints = np.insert(self._prints, places, fresh)

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
            prints, pairs = self._prints, self._compared
            shift = np.uint64(_SHIFT)
            self._prints = prints >> shift << shift | now[_second(prints)]
            self._compared = now[_first(pairs)] << shift | now[_second(pairs)]

    def number(self, path: str) -> int:
        """Return a file's number, -1 where it is not known."""
        at = bisect_left(self.paths, path)
        return at if at < len(self.paths) and self.paths[at] == path else -1

    def note_compared(self, pairs: Collection[tuple[int, int]]) -> None:
        """Note that the files of these pairs have been compared as they are."""
        if pairs:
            more = np.array([i << _SHIFT | j for i, j in pairs], np.uint64)
            self._compared = np.union1d(self._compared, more)

    def missing(self) -> list[tuple[int, int]]:
        """Return the pairs of files that share prints and have not been compared yet."""
        return _pairs(np.setdiff1d(self._all(), self._compared, assume_unique=True))

    def sharing(self, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Yield those of some pairs of files that share prints."""
        numbers = [self.number(a) << _SHIFT | self.number(b) for a, b in pairs]
        shared = np.isin(np.array(numbers, np.uint64), self._all())
        return itertools.compress(pairs, shared.tolist())

    def _all(self) -> NDArray[np.uint64]:
        if self._shared is None:
            self._shared = self._sharing()
        return self._shared

    def _sharing(self) -> NDArray[np.uint64]:
        """Return the pairs of files that share a rare print or several.

        Of the files that share one, each is paired with the next few: what all of them share is
        found from neighbour to neighbour.
        """
        hashes = self._prints >> np.uint64(_SHIFT)
        same = hashes[:-1] == hashes[1:]
        shared = np.zeros(len(hashes), np.bool_)
        shared[:-1] |= same
        shared[1:] |= same
        hashes, files = hashes[shared], self._prints[shared] & np.uint64(_LOW)
        if not len(hashes):
            return hashes
        starts = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1])))
        counts = np.diff(np.append(starts, len(hashes)))
        rare = np.repeat(counts <= _RARE, counts)
        found, alone = [], []
        for step in range(1, _NEIGHBOURS + 1):
            pair = hashes[:-step] == hashes[step:]
            found.append(files[:-step][pair] << np.uint64(_SHIFT) | files[step:][pair])
            alone.append(rare[step:][pair])
        every, back, times = np.unique(
            np.concatenate(found), return_inverse=True, return_counts=True
        )
        by_one = np.bincount(back, np.concatenate(alone), len(every)) > 0
        return every[(times > 1) | by_one]


def _first(pairs: NDArray[np.uint64]) -> NDArray[np.intp]:
    return (pairs >> np.uint64(_SHIFT)).astype(np.intp)


def _second(pairs: NDArray[np.uint64]) -> NDArray[np.intp]:
    return (pairs & np.uint64(_LOW)).astype(np.intp)


def _pairs(pairs: NDArray[np.uint64]) -> list[tuple[int, int]]:
    return list(zip(_first(pairs).tolist(), _second(pairs).tolist(), strict=True))
