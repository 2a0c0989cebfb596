"""Which files may hold clones of each other: those that share prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
else:
    np = Lazy("numpy")


_NEIGHBOURS = 8  # of a file that are looked at for one print: so pairs grow with files
_RARE = 5  # files with a print, so that it alone makes a pair of two of them


def pairs(prints: Sequence[NDArray[np.uint32]]) -> list[tuple[int, int]]:
    """Return the pairs of files that share a rare print or several, by their indices.

    Of the files that share one, each is paired with the next few: what all of them share is found
    from neighbour to neighbour.
    """
    sizes = [len(each) for each in prints]
    if not sum(sizes):
        return []
    hashes = np.concatenate(prints)
    files = np.repeat(np.arange(len(prints), dtype=np.int64), sizes)
    order = np.argsort(hashes, kind="stable")
    hashes, files = hashes[order], files[order]
    _, group, counts = np.unique(hashes, return_inverse=True, return_counts=True)
    rare = counts[group] <= _RARE
    found, alone = [], []
    for step in range(1, _NEIGHBOURS + 1):
        same = hashes[:-step] == hashes[step:]
        found.append(files[:-step][same] << 32 | files[step:][same])
        alone.append(rare[step:][same])
    unique, back, shared = np.unique(np.concatenate(found), return_inverse=True, return_counts=True)
    unique = unique[(shared > 1) | (np.bincount(back, np.concatenate(alone), len(unique)) > 0)]
    return list(zip((unique >> 32).tolist(), (unique & 0xFFFFFFFF).tolist(), strict=True))
