"""The words of a content's parts: which words, how often in which field of which part.

A part is a passage, or the comments in a symbol. In memory it has 16 bits for each field's length
in words, then 32 bits a distinct word: 22 bits of term id, then how often the word stands in the
name (2 bits), the signature (2), the doc (2) and the body (4). Counts saturate, as in BM25.

On disk all parts of a content stand together, word by word in the order of their numbers: a third
of the room, since the parts of one file share most of their words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from codearch.index.columns import differences, numbers, read_differences, read_numbers
from codearch.index.compression import compress, decompress
from codearch.index.contents import readable
from codearch.text import words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codearch.facts import Passage
    from codearch.store.database import Connection

FIELDS = ("name", "signature", "doc", "body")
MAX_TERMS = 1 << 22
_SHIFTS = (8, 6, 4, 0)
_MASKS = (3, 3, 3, 15)
_COUNT_BITS = 10
_HEAD_BYTES = 8
_FEW = 1 << 16  # parts

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[bytes]).decode


class Counted(msgspec.Struct, frozen=True, array_like=True):
    """One part: its fields' lengths in words, and each word's packed counts."""

    lengths: tuple[int, int, int, int]
    counts: dict[str, int]


class Words(msgspec.Struct, frozen=True, array_like=True):
    """The parts of a content: its distinct words, and where they stand, word by word.

    The lengths of the parts are 16 bits each, the other columns 32: of each word how many parts
    have it, of each of these the part and the packed counts.
    """

    vocabulary: list[str]
    lengths: bytes
    spread: bytes
    parts: bytes
    counts: bytes


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
    return Words(
        list(vocabulary),
        np.array([counted.lengths for counted in parts], "<u2").T.tobytes(),
        np.bincount(term, minlength=len(vocabulary)).astype("<i4").tobytes(),
        part[order].astype("<i4").tobytes(),
        value[order].astype("<i4").tobytes(),
    )


def pack(found: Words, term_id: Callable[[str], int]) -> bytes:
    """Return the stored form of what `gather` gave."""
    ids = np.array([term_id(word) for word in found.vocabulary], np.int32)
    spread, parts, counts = (
        np.frombuffer(column, "<i4") for column in (found.spread, found.parts, found.counts)
    )
    order = np.argsort(np.repeat(ids, spread), kind="stable")
    words = np.argsort(ids)
    columns = (
        differences(ids[words]),
        found.lengths,
        numbers(spread[words]),
        differences(parts[order]),
        numbers(counts[order]),
    )
    return compress(_encode(columns))


def unpack(blob: bytes, connection: Connection | None = None) -> list[bytes]:
    """Return each part of a content as it is held in memory."""
    with readable():
        return _unpack(decompress(blob, connection))


def _unpack(packed: bytes) -> list[bytes]:
    terms, lengths, counts, parts, values = _decode(packed)
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
