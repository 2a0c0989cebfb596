"""A few hashes of each file by which files that hold the same code are found.

Winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003): of each window of so many neighbouring
grams the one with the least hash is kept, so that two files which share a stretch of GRAM + WINDOW
- 1 tokens share a print, wherever it stands in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._clones.tokens import VALUE
from codearch.lazy import Lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from codearch.detectors._clones.tokens import Tokens
else:
    np = Lazy("numpy")


GRAM = 16  # tokens
WINDOW = 20  # grams
_FACTOR = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
_NONE = 0xFFFFFFFF  # of grams that say nothing
_MOST_VALUES = 5  # in a gram: beyond it stands in a table of data


def grams(tokens: Tokens) -> NDArray[np.uint32]:
    """Return a hash of each GRAM tokens that follow each other, by the place of the first."""
    if len(tokens) < GRAM:
        return np.empty(0, np.uint32)
    whole, width = tokens.forms.astype(np.uint64), 1
    parts = [(whole, width)]
    while 2 * width <= GRAM:
        whole, width = _joined(whole, whole, width, width), 2 * width
        parts.append((whole, width))
    for part, more in reversed(parts[:-1]):
        if width + more <= GRAM:
            whole, width = _joined(whole, part, width, more), width + more
    whole ^= whole >> np.uint64(29)
    whole *= np.uint64(_FACTOR)
    hashes = (whole >> np.uint64(32)).astype(np.uint32)
    before = np.concatenate(([0], np.cumsum(tokens.forms == VALUE)))
    hashes[before[GRAM:] - before[:-GRAM] > _MOST_VALUES] = _NONE
    return hashes


def _joined(
    first: NDArray[np.uint64], second: NDArray[np.uint64], width: int, more: int
) -> NDArray[np.uint64]:
    """Return the hashes of so many tokens followed by so many more."""
    size = len(second) - width
    return first[:size] * np.uint64(pow(_FACTOR, more, _MASK + 1)) + second[width:]


def chosen(hashes: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Return the places of the grams that winnowing keeps."""
    if len(hashes) == 0:
        return np.empty(0, np.intp)
    window = min(WINDOW, len(hashes))
    least = _over(hashes, window, np.minimum)
    edge = np.zeros(window - 1, np.uint32)
    greatest = _over(np.concatenate((edge, least, edge)), window, np.maximum)
    return np.flatnonzero((greatest == hashes) & (hashes != _NONE))


def _over(values: NDArray[np.uint32], window: int, combine: np.ufunc) -> NDArray[np.uint32]:
    """Return the least, or the greatest, of each window of neighbouring values."""
    width = 1
    while 2 * width <= window:
        values = combine(values[:-width], values[width:])
        width *= 2
    rest = window - width
    return combine(values[:-rest], values[rest:]) if rest else values
