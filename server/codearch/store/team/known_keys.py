"""Which vectors a store has: the keys of all its packs in one sorted array."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codearch.store.team.pack import KEY_BYTES, Label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


class KnownKeys:
    """The keys of some packs; it never changes. A million of them take 80 MB."""

    def __init__(self, labels: Mapping[str, Label]) -> None:
        self.labels = dict(labels)
        self._names = list(self.labels)
        joined = b"".join(label.keys for label in self.labels.values())
        self._keys = np.frombuffer(joined, np.uint8).reshape(-1, KEY_BYTES)
        sizes = [len(label) for label in self.labels.values()]
        self._starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
        beginnings = _beginnings(self._keys)
        self._order = np.argsort(beginnings, kind="stable")
        self._sorted = beginnings[self._order]

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, keys: Sequence[bytes]) -> dict[bytes, tuple[str, int]]:
        """Return the pack and the row of each key that is known."""
        if not keys or not len(self):
            return {}
        asked = np.frombuffer(b"".join(keys), np.uint8).reshape(-1, KEY_BYTES)
        places = np.searchsorted(self._sorted, _beginnings(asked))
        rows = self._order[np.minimum(places, len(self) - 1)]
        same = (self._keys[rows] == asked).all(axis=1)
        packs = np.searchsorted(self._starts, rows, side="right") - 1
        return {
            key: (self._names[pack], int(row - self._starts[pack]))
            for key, pack, row, found in zip(keys, packs, rows, same, strict=True)
            if found
        }


def _beginnings(keys: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return the first eight bytes of each key as a number: two that share them are not expected.

    Where they do all the same, the second is not known, and is made again.
    """
    found: NDArray[np.uint64] = np.ascontiguousarray(keys[:, :8]).view(">u8").ravel()
    return found.astype(np.uint64)
