"""A passage's words as packed numbers: which words, how often in which field.

One 32-bit number a distinct word: 22 bits of term id, then how often the word stands in the name
(2 bits), the signature (2), the doc (2) and the body (4). Counts saturate, as BM25 does anyway.
Before them stand the four fields' lengths in words, as 16-bit numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codearch.text import words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from codearch.facts import Passage

FIELDS = ("name", "signature", "doc", "body")
MAX_TERMS = 1 << 22
_SHIFTS = (8, 6, 4, 0)
_MASKS = (3, 3, 3, 15)
_HEADER_BYTES = 8


def count(passage: Passage) -> tuple[tuple[int, int, int, int], dict[str, int]]:
    """Return the fields' lengths in words, and each word's packed counts."""
    lengths = [0, 0, 0, 0]
    packed: dict[str, int] = {}
    fields = (passage.name, passage.signature, passage.doc, passage.body)
    for index, text in enumerate(fields):
        if not text:
            continue
        found = words(text)
        lengths[index] = min(len(found), 0xFFFF)
        shift, mask = _SHIFTS[index], _MASKS[index]
        for word in found:
            value = packed.get(word, 0)
            if (value >> shift) & mask < mask:
                packed[word] = value + (1 << shift)
    return (lengths[0], lengths[1], lengths[2], lengths[3]), packed


def pack(
    lengths: tuple[int, int, int, int], counts: Mapping[str, int], term_id: Callable[[str], int]
) -> bytes:
    """Return the stored form of what `count` gave."""
    header = np.array(lengths, dtype="<u2").tobytes()
    body = np.fromiter(
        ((term_id(word) << 10) | value for word, value in counts.items()),
        dtype="<u4",
        count=len(counts),
    )
    body.sort()
    return header + body.tobytes()


def unpack(blob: bytes) -> tuple[NDArray[np.uint16], NDArray[np.uint32], NDArray[np.uint8]]:
    """Return the fields' lengths (4,), term ids (n,), and counts (n, 4) in the order of FIELDS."""
    lengths = np.frombuffer(blob, dtype="<u2", count=4)
    packed = np.frombuffer(blob, dtype="<u4", offset=_HEADER_BYTES)
    counts = np.stack(
        [(packed >> shift) & mask for shift, mask in zip(_SHIFTS, _MASKS, strict=True)],
        axis=1,
        dtype=np.uint8,
        casting="unsafe",
    )
    return lengths, packed >> np.uint32(10), counts
