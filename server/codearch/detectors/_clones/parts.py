"""A file in parts: its functions, each with what stands before it, short ones with the next.

Two files are compared by those of their parts that share a print. What that shows hangs on nothing
else: it stands as long as these parts do, whatever is edited in others.
"""

from __future__ import annotations

import functools
import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._clones.prints import GRAM, WINDOW
from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from codearch.detectors._clones.bare import Bare
    from codearch.detectors._clones.sources import Source, Unit
else:
    np = Lazy("numpy")

MOST_GAP = 24  # tokens between functions that are one clone
_LEAST = GRAM + WINDOW - 1  # tokens: so many that two files have in common hold a print
_DIGEST, _KEY = 4, 8  # bytes
_STORED = ">u4"
_NEW_LINE = ord("\n")


class Parts(NamedTuple):
    """The parts of a file in order, and its prints."""

    tokens: NDArray[np.int32]  # where each part begins, and where the last one ends
    rows: NDArray[np.int32]  # the same in lines of code
    digests: NDArray[np.uint32]
    prints: NDArray[np.uint32]  # ascending
    of: NDArray[np.int32]  # the part of each print

    def around(self, row: int, last: int) -> bytes:
        """Return what tells some lines of code from all others, wherever in a file they stand."""
        low = int(self.rows.searchsorted(row, "right")) - 1
        high = int(self.rows.searchsorted(last, "right"))
        return b"%d %d " % (row - self.rows[low], last - row) + self.digests[low:high].tobytes()


def parts_of(
    sizes: Sequence[int], digests: bytes, prints: NDArray[np.uint32], of: NDArray[np.integer]
) -> Parts:
    """Return the parts of a file as they were kept, given its prints and the part of each."""
    tokens, rows = np.array(sizes, np.int32).reshape(-1, 2).T
    order = np.argsort(prints, kind="stable")
    return Parts(
        _bounds(tokens),
        _bounds(rows),
        np.frombuffer(digests, _STORED).astype(np.uint32),
        prints[order],
        of[order].astype(np.int32),
    )


def _bounds(sizes: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.concatenate((np.zeros(1, np.int32), np.cumsum(sizes, dtype=np.int32)))


# --- what two files share ------------------------------------------------------------------------


class Share:
    """The parts of a file that share a print with another one, or with each other."""

    def __init__(self, parts: Parts, which: NDArray[np.intp]) -> None:
        self._parts, self._which = parts, which
        made = hashlib.blake2b(parts.digests[which].tobytes(), digest_size=_KEY)
        if len(which) > 1:
            made.update(self._apart.astype(np.uint8).tobytes())
        self.key = made.digest()  # of these parts, and of how they follow each other

    @functools.cached_property
    def _apart(self) -> NDArray[np.int32]:
        """How many tokens are between these parts, as far as that matters."""
        tokens, which = self._parts.tokens, self._which
        apart = tokens[which[1:]] - tokens[which[:-1] + 1]
        return apart.clip(max=MOST_GAP + 1)

    @functools.cached_property
    def _rows(self) -> NDArray[np.int32]:
        return self._parts.rows[self._which]

    @functools.cached_property
    def _before(self) -> NDArray[np.int64]:
        """How many lines of code of these parts stand before each."""
        sizes = self._parts.rows[self._which + 1] - self._rows
        return np.cumsum(sizes, dtype=np.int64) - sizes

    def stretches(self) -> tuple[list[int], list[int]]:
        """Return where neighbouring parts begin, and where they end, in tokens."""
        gaps, tokens = np.flatnonzero(self._apart), self._parts.tokens
        first, last = self._which[[0, *(gaps + 1)]], self._which[[*gaps, -1]]
        return tokens[first].tolist(), tokens[last + 1].tolist()

    def inward(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return lines of code in these parts, counted as if there were no others."""
        at = self._rows.searchsorted(rows, "right") - 1
        found: NDArray[np.int64] = rows - self._rows[at] + self._before[at]
        return found

    def outward(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return lines of code that were counted so as those of the file."""
        at = self._before.searchsorted(rows, "right") - 1
        found: NDArray[np.int64] = rows - self._before[at] + self._rows[at]
        return found


def shared(one: Parts, other: Parts) -> tuple[Share, Share]:
    """Return what two files share; of a file with itself what stands in it twice."""
    if one is other:
        same = one.prints[1:] == one.prints[:-1]
        share = _share(one, np.append(same, False) | np.append(False, same))
        return share, share
    found = _among(one.prints, other.prints), _among(other.prints, one.prints)
    return _share(one, found[0]), _share(other, found[1])


def _among(some: NDArray[np.uint32], others: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Say which numbers are among others, which ascend."""
    places = others.searchsorted(some)
    places[places == len(others)] = 0
    found: NDArray[np.bool_] = others[places] == some
    return found


def _share(parts: Parts, found: NDArray[np.bool_]) -> Share:
    has = np.zeros(len(parts.digests), np.bool_)
    has[parts.of[found]] = True
    return Share(parts, np.flatnonzero(has))


# --- how a file is cut ---------------------------------------------------------------------------


def ends_of(units: Iterable[Unit], tokens: int) -> list[int]:
    """Return behind which tokens parts end, given the functions, outer ones first."""
    ends: list[int] = []
    start = end = 0
    for unit in units:
        if unit.first >= end and end - start >= _LEAST:
            ends.append(end)
            start = end
        end = max(end, unit.end)
    if end - start >= _LEAST and end < tokens:
        ends.append(end)
    return [*ends, tokens]


def sizes_of(source: Source, ends: Sequence[int]) -> tuple[int, ...]:
    """Return the tokens and the lines of code of each part, in turns."""
    rows = [int(source.rows[end - 1]) + 1 if end else 0 for end in ends]
    sizes = np.stack((np.diff(ends, prepend=0), np.diff(rows, prepend=0)), axis=1)
    return tuple(sizes.ravel().tolist())


def digests_of(source: Source, ends: Sequence[int], bare: Bare) -> bytes:
    """Return a hash of each part: of its text, and of all that comparing it hangs on."""
    starts = [0, *ends[:-1]]
    said = (*zip(*(_by_part(*each, starts) for each in _said(source)), strict=True),)
    made = []
    for text, rows in zip(_texts(source, starts, bare), said, strict=True):
        digest = hashlib.blake2b(source.language.encode(), digest_size=_DIGEST)
        digest.update(text)
        for each in rows:
            digest.update(each)
        made.append(digest.digest())
    return b"".join(made)


def _texts(source: Source, starts: Sequence[int], bare: Bare) -> Iterable[bytes]:
    """Yield the bare lines of each part, those without tokens behind the part before."""
    lines = source.tokens.lines[starts[1:]]
    rows = np.append(0, np.flatnonzero(np.frombuffer(bare.text, np.uint8) == _NEW_LINE) + 1)
    places = rows[np.searchsorted(np.array(bare.lines, np.int32), lines)].tolist()
    return (bare.text[a:b] for a, b in pairwise((0, *places, len(bare.text))))


def _said(source: Source) -> Iterable[tuple[NDArray[np.integer], NDArray[np.integer], int]]:
    """Yield places, ascending, what is said of each, and how many columns of it are places too."""
    tokens, count = source.tokens, len(source.tokens)
    ends = np.zeros(count + 1, np.uint32)  # a statement's, before each token
    ends[0] = ends[source.statements] = 1
    first = np.diff(source.rows, prepend=-1).astype(np.uint32)
    flags = first | ends[:-1] << 1 | ends[1:] << 2 | np.diff(source.tables).astype(np.uint32) << 3
    yield np.arange(count), np.stack((tokens.forms, tokens.texts, flags), axis=1), 0
    places = source.chosen
    grams = [source.grams.beside(places, distance) for distance in (0, GRAM, -GRAM)]
    yield places, np.stack((places, *grams), axis=1), 1
    units = np.array(source.units, np.int64).reshape(-1, 2)
    yield units[:, 0], units, 2


def _by_part(
    places: NDArray[np.integer], rows: NDArray[np.integer], relative: int, starts: Sequence[int]
) -> Iterable[bytes]:
    bounds = [*places.searchsorted(starts).tolist(), len(places)]
    for (low, high), start in zip(pairwise(bounds), starts, strict=True):
        part = rows[low:high]
        if relative:
            part = part.copy()
            part[:, :relative] -= start
        yield part.tobytes()
