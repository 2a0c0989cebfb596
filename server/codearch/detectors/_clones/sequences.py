"""How much of two sequences is alike, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence


def common(first: Sequence[Hashable], second: Sequence[Hashable]) -> int:
    """Return the length of the longest common subsequence.

    By bit vectors (Hyyrö, 2004): a step for each item of `second`, whatever `first` is.
    """
    places: dict[Hashable, int] = {}
    for index, item in enumerate(first):
        places[item] = places.get(item, 0) | 1 << index
    whole = (1 << len(first)) - 1
    left = whole
    for item in second:
        met = left & places.get(item, 0)
        left = (left + met | left - met) & whole
    return len(first) - left.bit_count()
