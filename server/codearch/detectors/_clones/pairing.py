"""Two files, or one with itself, as they are compared: by the parts that they share."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from codearch.detectors._clones.parts import shared
from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from codearch.detectors._clones.kept import Span, Spans
    from codearch.detectors._clones.parts import Parts

    Moving = Callable[[NDArray[np.int64]], NDArray[np.int64]]
else:
    np = Lazy("numpy")

_KEY = 8  # bytes


class Pairing:
    """What two files share, and what it is known by, whatever files have it.

    The one is told a little otherwise from the side of the other: they are always seen from the
    same one, or what is found would hang on what files are called.
    """

    def __init__(self, one: Parts, other: Parts) -> None:
        shares = shared(one, other)
        self.turned = shares[1].key < shares[0].key
        self.shares = shares[::-1] if self.turned else shares
        keys = {id(share): share.key for share in self.shares}.values()
        self.key = int.from_bytes(hashlib.blake2b(b"".join(keys), digest_size=_KEY).digest())

    def inward(self, spans: Sequence[Span]) -> Spans:
        """Return clones in lines of what is shared, given those of files seen from that side."""
        return _moved(spans, *(each.inward for each in self.shares))

    def outward(self, spans: Spans) -> Spans:
        """Return clones in lines of the two files, given those of what is shared."""
        found = _moved(spans, *(each.outward for each in self.shares))
        if not self.turned:
            return found
        return tuple((c, d, a, b, kind, tokens) for a, b, c, d, kind, tokens in found)


def _moved(spans: Sequence[Span], mine: Moving, theirs: Moving) -> Spans:
    if not spans:
        return ()
    a, b, c, d, kinds, tokens = np.array(spans, np.int64).T
    columns = mine(a), mine(b), theirs(c), theirs(d), kinds, tokens
    return tuple(map(tuple, np.stack(columns, axis=1).tolist()))
