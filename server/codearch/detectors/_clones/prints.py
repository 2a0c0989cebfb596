"""A few hashes of each file by which files that hold the same code are found.

Winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003): of each window of so many neighbouring
grams the one with the least hash is kept, so that two files which share a stretch of the least
size for a clone share a print, wherever it stands in them.
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
WINDOW = 35  # grams: GRAM + WINDOW - 1 are the 50 tokens that a clone has at least
HASH_BITS, CHECK_BITS = 28, 6  # of a print that is kept, and of each of the two grams beside it
_FUNCTION_BITS = 32
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

    def chosen(self) -> NDArray[np.intp]:
        """Return the places of the grams that winnowing keeps."""
        if len(self.hashes) == 0:
            return np.empty(0, np.intp)
        hashes = np.where(self.telling, self.hashes, np.uint32(_NONE))
        window = min(WINDOW, len(hashes))
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
    """What the index keeps of a file's grams: numbers of bits, by part and function."""

    numbers: NDArray[np.uint64]  # ascending in each function
    units: tuple[int, ...]  # of each in turns: its part, its tokens, 0 outside of all, its prints

    @property
    def hashes(self) -> NDArray[np.uint32]:
        """The numbers without what tells of the grams beside them."""
        return (self.numbers >> np.uint64(2 * CHECK_BITS)).astype(np.uint32)

    @property
    def columns(self) -> NDArray[np.int64]:
        """The parts, the tokens and the counts of its units."""
        return np.array(self.units, np.int64).reshape(-1, 3).T


def kept(
    grams: Grams,
    places: NDArray[np.intp],
    parts: NDArray[np.intp],
    functions: NDArray[np.int32],
    sizes: Sequence[int],
) -> Prints:
    """Return the prints at places, given the part and the function of each, and functions' sizes.

    Winnowing has chosen small hashes; mixed again they are spread evenly over their bits. Below
    them stand some bits of the grams after and before: where one of these is the same as well,
    twice as many tokens are.
    """
    numbers = mixed(grams.hashes[places]).astype(np.uint64)
    for distance in (GRAM, -GRAM):
        beside = mixed(grams.beside(places, distance), CHECK_BITS)
        numbers = numbers << np.uint64(CHECK_BITS) | beside
    units = (parts << _FUNCTION_BITS) + functions + 1
    order = np.lexsort((numbers, units))
    numbers, units = numbers[order], units[order]
    again = np.flatnonzero((numbers[2:] == numbers[:-2]) & (units[2:] == units[:-2]))
    numbers, units = np.delete(numbers, again), np.delete(units, again)
    which, counts = np.unique(units, return_counts=True)
    tokens = np.array((0, *sizes), np.int64)[which & (1 << _FUNCTION_BITS) - 1]
    columns = which >> _FUNCTION_BITS, tokens, counts
    return Prints(numbers, tuple(np.stack(columns, axis=1).ravel().tolist()))


def mixed(hashes: NDArray[np.uint32], bits: int = HASH_BITS) -> NDArray[np.uint32]:
    """Return so many bits of each hash, spread evenly."""
    return hashes * np.uint32(_MIX) >> np.uint32(32 - bits)


def packed(numbers: NDArray[np.uint64]) -> bytes:
    """Return the numbers of prints as bytes."""
    return numbers.astype(">u8").view(np.uint8).reshape(-1, 8)[:, -_BYTES:].tobytes()


def unpacked(data: bytes) -> NDArray[np.uint64]:
    """Return the numbers of prints that were packed."""
    rows = np.zeros((len(data) // _BYTES, 8), np.uint8)
    rows[:, -_BYTES:] = np.frombuffer(data, np.uint8).reshape(-1, _BYTES)
    return rows.view(">u8").astype(np.uint64).ravel()
