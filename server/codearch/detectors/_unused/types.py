"""The types of a workspace by name: whose member may be called as another's."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from codearch.detectors._unused.extract import hashes
from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray
else:
    np = Lazy("numpy")


class Types:
    """What types inherit from, and what inherits from them; all by the hashes of their names."""

    def __init__(self, outlines: Iterable[bytes], members: Iterable[tuple[int, int]]) -> None:
        pairs = hashes(outlines).reshape(-1, 2)
        self._names = np.unique(pairs[:, 0])
        self._upward = _Edges(pairs)
        self._downward = _Edges(pairs[:, ::-1])
        self._having = Counter(members)  # types of a name with a member

    def may_be_called(self, name: int, member: int) -> bool:
        """Say whether a type's member may be called as that of a type above or below it.

        Types count that an heir has beside it, too: they may call each other's.
        """
        above = self._upward.closure({name})
        if not self._known(above):
            return True
        if name in above and self._having[name, member] > 1:
            return True  # a type of this name inherits from another of this name
        below = self._downward.closure({name})
        around = above | below | self._upward.closure(below)
        return any(self._having[each, member] for each in around - {name})

    def may_inherit(self, name: int, other: int) -> bool:
        """Say whether an object of a type may have what another type defines; 0 is no type."""
        if not name or name == other:
            return True
        above = self._upward.closure({name})
        if not self._known(above | {name}):
            return True
        below = self._downward.closure({name})
        return other in above | below | self._upward.closure(below)

    def _known(self, names: set[int]) -> bool:
        wanted = np.fromiter(names, np.uint32)
        places = self._names.searchsorted(wanted)
        if len(places) and int(places.max()) >= len(self._names):
            return False
        return bool((self._names[places] == wanted).all())


class _Edges:
    """From hash to hashes, as two sorted columns."""

    def __init__(self, pairs: NDArray[np.uint32]) -> None:
        kept = pairs[(pairs[:, 0] != 0) & (pairs[:, 1] != 0)]
        kept = kept[kept[:, 0].argsort(kind="stable")]
        self._sources, self._targets = kept[:, 0].copy(), kept[:, 1].copy()

    def closure(self, names: set[int]) -> set[int]:
        """Return all that these lead to; themselves only where something leads back."""
        found: set[int] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            low, high = self._sources.searchsorted(np.array([name, name + 1], np.uint32))
            for each in self._targets[low:high].tolist():
                if each not in found:
                    found.add(each)
                    waiting.append(each)
        return found
