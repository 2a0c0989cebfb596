"""A few hashes of each file by which files that hold the same code are found.

Winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003): of each window of so many neighbouring
grams the one with the least hash is kept, so that two files which share a stretch of GRAM + WINDOW
- 1 tokens share a print, wherever it stands in them. What the index keeps of a file are fewer, by
the WIDE window: those that a stretch of the least size for a clone shares.
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
WIDE = 35  # grams: GRAM + WIDE - 1 are the 50 tokens that a clone has at least
BITS = 28  # of a print that is kept: two of them are seven bytes
_MIX = 0x9E3779B1
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


def chosen(hashes: NDArray[np.uint32], window: int = WINDOW) -> NDArray[np.intp]:
    """Return the places of the grams that winnowing keeps."""
    if len(hashes) == 0:
        return np.empty(0, np.intp)
    window = min(window, len(hashes))
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


def kept(hashes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return what the index keeps of a file's grams: numbers of BITS bits, ascending.

    Winnowing has chosen small hashes; mixed again they are spread evenly over those bits.
    """
    mixed = hashes[chosen(hashes, WIDE)] * np.uint32(_MIX)
    return np.unique(mixed >> np.uint32(32 - BITS)).astype(np.uint64)


def packed(prints: NDArray[np.uint64]) -> bytes:
    """Return prints as bytes, seven for two; the last of an odd number stands there twice."""
    if len(prints) % 2:
        prints = np.append(prints, prints[-1])
    both = prints[0::2] << np.uint64(BITS) | prints[1::2]
    return both.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 1:].tobytes()


def unpacked(data: bytes) -> NDArray[np.uint64]:
    """Return the prints that were packed."""
    rows = np.zeros((len(data) // 7, 8), np.uint8)
    rows[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 7)
    both = rows.view(">u8").astype(np.uint64).ravel()
    prints = np.empty(2 * len(both), np.uint64)
    prints[0::2], prints[1::2] = both >> np.uint64(BITS), both & np.uint64((1 << BITS) - 1)
    return prints[:-1] if len(prints) and prints[-1] == prints[-2] else prints
