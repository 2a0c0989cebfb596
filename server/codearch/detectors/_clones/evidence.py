"""Which files share so much that they are compared.

A clone of the least size shares a print whose neighbour is the same too; functions that are alike
but for some statements share a part of their prints (an overlap of parts instead of whole texts, as
in SourcererCC: Sajnani et al., ICSE 2016). What chance or habit makes common is neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._clones.prints import CHECK_BITS
from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from codearch.detectors._clones.prints import Prints
else:
    np = Lazy("numpy")

FILE_BITS = 32
_AFTER, _BEFORE = 64 - CHECK_BITS, 64 - 2 * CHECK_BITS  # where checks begin
_UNIT_BITS, _COUNT_BITS, _SIZE_BITS = 20, 12, 20
_NEIGHBOURS = 8  # of a file that are looked at for one print: so pairs grow with files
_MOST_PLACES = 3  # of a print in a file
_LEAST_TOKENS, _LEAST_OVERLAP = 50, 0.7  # of functions, and of their lengths
_LEAST_SHARED = 0.25  # of the prints of the one that has more
_FACTOR = 0x9E3779B97F4A7C15


class Entries(NamedTuple):
    """Prints of files, each in two numbers.

    `keys` are the hash above the number of the file; `rest` are the checks (see prints.kept) above
    the number of the function, of its prints, and of its tokens.
    """

    keys: NDArray[np.uint64]
    rest: NDArray[np.uint64]

    def where(self, kept: NDArray[np.bool_] | NDArray[np.intp]) -> Entries:
        """Return some of them."""
        return Entries(self.keys[kept], self.rest[kept])


def none() -> Entries:
    """Return no prints."""
    return Entries(np.empty(0, np.uint64), np.empty(0, np.uint64))


def entries(prints: Prints, file: int) -> Entries:
    """Return the prints of one file."""
    if not len(prints.numbers):
        return none()
    _, sizes, counts = prints.columns.astype(np.uint64)
    function = np.arange(len(counts), dtype=np.uint64)
    for values, bits in ((counts, _COUNT_BITS), (sizes, _SIZE_BITS)):
        function = function << np.uint64(bits) | np.minimum(values, np.uint64((1 << bits) - 1))
    checks = _low(prints.numbers, 2 * CHECK_BITS) << np.uint64(_BEFORE)
    hashes = prints.hashes.astype(np.uint64)
    return Entries(
        hashes << np.uint64(FILE_BITS) | np.uint64(file),
        checks | np.repeat(function, counts.astype(np.intp)),
    )


def pairs(known: Entries) -> NDArray[np.uint64]:
    """Return the pairs of files to be compared, ascending: the first one's number above FILE_BITS.

    Of the files that share a print each is paired with the next few: what all of them share is
    found from neighbour to neighbour. A file in which one stands twice is paired with itself.
    """
    found, alike = [np.empty(0, np.uint64)], []
    for one, other in _meeting(_shared(known)):
        strong = _are_longer(one.rest, other.rest)
        found.append(_paired(one.where(strong), other.where(strong)))
        fit = ~strong & _fit(one.rest, other.rest)
        alike.append((one.where(fit), other.where(fit)))
    return np.unique(np.concatenate([*found, _overlapping(alike)]))


def _shared(known: Entries) -> Entries:
    """Return the prints that stand in several places, of each file some."""
    same = np.diff(known.keys >> np.uint64(FILE_BITS)) == 0
    several = np.append(same, False)
    several[1:] |= same
    some = known.where(several[: len(known.keys)])
    few = np.ones(len(some.keys), np.bool_)
    few[_MOST_PLACES:] = some.keys[_MOST_PLACES:] != some.keys[:-_MOST_PLACES]
    return some.where(few)


def _meeting(some: Entries) -> Iterator[tuple[Entries, Entries]]:
    """Yield places of equal prints in files that are neighbours among those with the print."""
    hashes = some.keys >> np.uint64(FILE_BITS)
    runs = np.cumsum(np.diff(some.keys, prepend=some.keys[:1]) != 0)  # one for each file of a print
    for step in range(1, min((_NEIGHBOURS + 1) * _MOST_PLACES, len(hashes))):
        apart = runs[step:] - runs[:-step]
        met = (hashes[:-step] == hashes[step:]) & (apart <= _NEIGHBOURS)
        places = np.flatnonzero(met)
        yield some.where(places), some.where(places + step)


def _are_longer(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Say of which prints a neighbour is the same as well."""
    differs = one ^ other
    after, before = differs >> np.uint64(_AFTER), differs >> np.uint64(_BEFORE)
    same: NDArray[np.bool_] = (after == 0) | (_low(before, CHECK_BITS) == 0)
    return same


def _fit(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Say which prints stand in functions that are large enough and of like size."""
    sizes, others = _low(one, _SIZE_BITS), _low(other, _SIZE_BITS)
    least = np.maximum(_LEAST_TOKENS, _LEAST_OVERLAP * np.maximum(sizes, others))
    return np.minimum(sizes, others) >= least


def _overlapping(met: Sequence[tuple[Entries, Entries]]) -> NDArray[np.uint64]:
    """Return the pairs of files with functions that share a part of their prints."""
    if not met:
        return np.empty(0, np.uint64)
    one, other = (
        Entries(np.concatenate(keys), np.concatenate(rest))
        for keys, rest in (zip(*each, strict=True) for each in zip(*met, strict=True))
    )
    both = _function(one) * np.uint64(_FACTOR) + _function(other)  # tells two functions
    _, firsts, shared = np.unique(both, return_index=True, return_counts=True)
    one, other = one.where(firsts), other.where(firsts)
    most = np.maximum(_count(one), _count(other))
    enough = shared >= _LEAST_SHARED * most
    return _paired(one.where(enough), other.where(enough))


def _paired(one: Entries, other: Entries) -> NDArray[np.uint64]:
    return one.keys << np.uint64(FILE_BITS) | _low(other.keys, FILE_BITS)


def _function(of: Entries) -> NDArray[np.uint64]:
    """Return what tells the function of each print from all others."""
    number = _low(of.rest >> np.uint64(_COUNT_BITS + _SIZE_BITS), _UNIT_BITS)
    return of.keys << np.uint64(FILE_BITS) | number


def _count(of: Entries) -> NDArray[np.uint64]:
    return _low(of.rest >> np.uint64(_SIZE_BITS), _COUNT_BITS)


def _low(values: NDArray[np.uint64], bits: int) -> NDArray[np.uint64]:
    return values & np.uint64((1 << bits) - 1)
