"""The words of a content's parts: which words, how often in which field of which part.

A part is a passage, or the comments in a symbol. In memory it has 16 bits for each field's length
in words, then 32 bits a distinct word: 22 bits of term id, then how often the word stands in the
name (2 bits), the signature (2), the doc (2) and the body (4). Counts saturate, as in BM25.

On disk all parts of a content stand together, word by word: a third of the room, since the parts
of one file share most of their words.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from codearch.index.columns import differences, numbers, read_differences, read_numbers
from codearch.index.contents import readable
from codearch.text import words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codearch.facts import Passage

FIELDS = ("name", "signature", "doc", "body")
MAX_TERMS = 1 << 22
_SHIFTS = (8, 6, 4, 0)
_MASKS = (3, 3, 3, 15)
_COUNT_BITS = 10
_HEAD_BYTES = 8
_FEW = 1 << 16  # parts
_LEVEL = 5

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[bytes]).decode


class Counted(msgspec.Struct, frozen=True, array_like=True):
    """One part: its fields' lengths in words, and each word's packed counts."""

    lengths: tuple[int, int, int, int]
    counts: dict[str, int]


class Words(msgspec.Struct, frozen=True, array_like=True):
    """The parts of a content: its distinct words, and where they stand, packed."""

    vocabulary: list[str]
    places: bytes


def count(passage: Passage) -> Counted:
    """Return a passage's words, counted."""
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
    return Counted((lengths[0], lengths[1], lengths[2], lengths[3]), packed)


def gather(parts: Sequence[Counted]) -> Words:
    """Return parts as the words of one content."""
    all_words = [word for counted in parts for word in counted.counts]
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys(all_words))}
    term = np.array([vocabulary[word] for word in all_words], np.int32)
    part = np.repeat(np.arange(len(parts)), [len(counted.counts) for counted in parts])
    value = np.array([each for counted in parts for each in counted.counts.values()], np.int32)
    order = np.argsort(term, kind="stable")  # word by word, its parts in their order
    columns = [
        np.array([counted.lengths for counted in parts], "<u2").T.tobytes(),
        numbers(np.bincount(term, minlength=len(vocabulary))),
        differences(part[order]),
        numbers(value[order]),
    ]
    return Words(list(vocabulary), zlib.compress(_encode(columns), _LEVEL))


def pack(found: Words, term_id: Callable[[str], int]) -> bytes:
    """Return the stored form of what `gather` gave."""
    terms = zlib.compress(differences([term_id(word) for word in found.vocabulary]), _LEVEL)
    return _encode((terms, found.places))


def unpack(blob: bytes) -> list[bytes]:
    """Return each part of a content as it is held in memory."""
    with readable():
        return _unpack(blob)


def _unpack(blob: bytes) -> list[bytes]:
    terms, places = map(zlib.decompress, _decode(blob))
    lengths, counts, parts, values = _decode(places)
    heads = np.frombuffer(lengths, "<u2").reshape(4, -1).T.tobytes()
    size = len(heads) // _HEAD_BYTES
    part = read_differences(parts)
    if size <= _FEW:
        part = part.astype(np.uint16)  # sorted by digits, five times as fast
    ids = np.repeat(read_differences(terms), read_numbers(counts))
    packed_words = (ids << _COUNT_BITS) | read_numbers(values)
    packed = packed_words[np.argsort(part, kind="stable")].astype("<u4", copy=False).tobytes()
    ends = 4 * np.cumsum(np.bincount(part, minlength=size))
    found = []
    at = begin = 0
    for end in ends.tolist():
        found.append(heads[at : at + _HEAD_BYTES] + packed[begin:end])
        at, begin = at + _HEAD_BYTES, end
    return found
