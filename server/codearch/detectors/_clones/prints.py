"""A few hashes of each file by which files that hold the same code are found.

Winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003): of each window of so many neighbouring
grams the one with the least hash is kept, so that two files which share a stretch of GRAM + WINDOW
- 1 tokens share a print, wherever it stands in them. What the index keeps of a file are fewer, by
the WIDE window: those that a stretch of the least size for a clone shares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._clones.tokens import VALUE
from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from codearch.detectors._clones.tokens import Tokens
else:
    np = Lazy("numpy")


GRAM = 16  # tokens
WINDOW = 20  # grams
WIDE = 35  # grams: GRAM + WIDE - 1 are the 50 tokens that a clone has at least
HASH_BITS, CHECK_BITS = 28, 6  # of a print that is kept, and of each of the two grams beside it
_BYTES = 5
_MIX = 0x9E3779B1
_FACTOR = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
_NONE = 0xFFFFFFFF  # of grams that say nothing
_MOST_VALUES = 5  # in a gram: beyond it stands in a table of data


class Grams(NamedTuple):
    """A hash of each GRAM tokens that follow each other, by the place of the first."""

    hashes: NDArray[np.uint32]
    telling: NDArray[np.bool_]  # False in tables of data

    def chosen(self, window: int = WINDOW) -> NDArray[np.intp]:
        """Return the places of the grams that winnowing keeps."""
        if len(self.hashes) == 0:
            return np.empty(0, np.intp)
        hashes = np.where(self.telling, self.hashes, np.uint32(_NONE))
        window = min(window, len(hashes))
        least = _over(hashes, window, np.minimum)
        edge = np.zeros(window - 1, np.uint32)
        greatest = _over(np.concatenate((edge, least, edge)), window, np.maximum)
        return np.flatnonzero((greatest == hashes) & self.telling)

    def beside(self, places: NDArray[np.intp], distance: int) -> NDArray[np.uint32]:
        """Return the hashes that begin so many tokens from these places, 0 beyond the file."""
        size = abs(distance)
        edge = np.zeros(size, np.uint32)
        return np.concatenate((edge, self.hashes, edge))[places + size + distance]


def grams(tokens: Tokens) -> Grams:
    """Return the grams of a file."""
    if len(tokens) < GRAM:
        return Grams(np.empty(0, np.uint32), np.empty(0, np.bool_))
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
    return Grams(hashes, before[GRAM:] - before[:-GRAM] <= _MOST_VALUES)


def _joined(
    first: NDArray[np.uint64], second: NDArray[np.uint64], width: int, more: int
) -> NDArray[np.uint64]:
    """Return the hashes of so many tokens followed by so many more."""
    size = len(second) - width
    return first[:size] * np.uint64(pow(_FACTOR, more, _MASK + 1)) + second[width:]


def _over(values: NDArray[np.uint32], window: int, combine: np.ufunc) -> NDArray[np.uint32]:
    """Return the least, or the greatest, of each window of neighbouring values."""
    width = 1
    while 2 * width <= window:
        values = combine(values[:-width], values[width:])
        width *= 2
    rest = window - width
    return combine(values[:-rest], values[rest:]) if rest else values


class Prints(NamedTuple):
    """What the index keeps of a file's grams: numbers of bits, function by function."""

    numbers: NDArray[np.uint64]  # ascending in each function
    units: tuple[tuple[int, int], ...]  # of each the tokens and the prints; no tokens: outside


def kept(grams: Grams, innermost: NDArray[np.int32], sizes: Sequence[int]) -> Prints:
    """Return the prints of a file, given the function around each token and functions' sizes.

    Winnowing has chosen small hashes; mixed again they are spread evenly over their bits. Below
    them stand some bits of the grams after and before: where one of these is the same as well,
    twice as many tokens are.
    """
    places = grams.chosen(WIDE)
    numbers = _mixed(grams.hashes[places], HASH_BITS)
    for distance in (GRAM, -GRAM):
        beside = _mixed(grams.beside(places, distance), CHECK_BITS)
        numbers = numbers << np.uint64(CHECK_BITS) | beside
    units = innermost[places]
    order = np.lexsort((numbers, units))
    numbers, units = numbers[order], units[order]
    again = np.flatnonzero((numbers[2:] == numbers[:-2]) & (units[2:] == units[:-2]))
    numbers, units = np.delete(numbers, again), np.delete(units, again)
    which, counts = np.unique(units, return_counts=True)
    return Prints(
        numbers,
        tuple(
            (sizes[unit] if unit >= 0 else 0, count)
            for unit, count in zip(which.tolist(), counts.tolist(), strict=True)
        ),
    )


def _mixed(hashes: NDArray[np.uint32], bits: int) -> NDArray[np.uint64]:
    return (hashes * np.uint32(_MIX) >> np.uint32(32 - bits)).astype(np.uint64)


def packed(numbers: NDArray[np.uint64]) -> bytes:
    """Return the numbers of prints as bytes."""
    return numbers.astype(">u8").view(np.uint8).reshape(-1, 8)[:, -_BYTES:].tobytes()


def unpacked(data: bytes) -> NDArray[np.uint64]:
    """Return the numbers of prints that were packed."""
    rows = np.zeros((len(data) // _BYTES, 8), np.uint8)
    rows[:, -_BYTES:] = np.frombuffer(data, np.uint8).reshape(-1, _BYTES)
    return rows.view(">u8").astype(np.uint64).ravel()
