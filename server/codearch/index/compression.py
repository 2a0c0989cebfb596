"""Compressed frames: zstandard, where there is one with a dictionary of what many files share.

A frame names its dictionary, which the store holds: so it is read the same way whether it was
packed again since or not. It begins without zstandard's mark, which would be a tenth of the short
ones. No other module knows zstandard.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import zstandard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.store.database import Connection

CompressionError = zstandard.ZstdError

_LEVEL = 3
_LEVEL_AT_LEISURE = 9
_FORMAT = zstandard.FORMAT_ZSTD1_MAGICLESS
_MOST_BYTES = 1 << 30  # of what a frame holds; more is damage
_SEGMENT_BYTES, _STEP_BYTES = 200, 8  # k and d of zstd's cover algorithm
_IDS = range(1 << 15, 1 << 31)  # others are zstd's own
_DICTIONARIES_KEPT = 16

_of_thread = threading.local()


def compress(data: bytes) -> bytes:
    """Return data as a frame without a dictionary."""
    packer: zstandard.ZstdCompressor | None = getattr(_of_thread, "packer", None)
    if packer is None:
        packer = _of_thread.packer = zstandard.ZstdCompressor(compression_params=_at(_LEVEL))
    return packer.compress(data)


def decompress(frame: bytes, connection: Connection | None = None) -> bytes:
    """Return what a frame holds; raises CompressionError or ValueError for what is none.

    Without a connection only frames without a dictionary can be read.
    """
    known = zstandard.get_frame_parameters(frame, format=_FORMAT)
    if known.content_size > _MOST_BYTES:
        message = f"a frame of {known.content_size} bytes"
        raise ValueError(message)
    return _reader(known.dict_id, connection).read(frame)


class Packer:
    """Packs with a dictionary, better and more slowly than is right while somebody waits."""

    def __init__(self, dictionary: bytes) -> None:
        found = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        self._zstd = zstandard.ZstdCompressor(
            compression_params=_at(_LEVEL_AT_LEISURE), dict_data=found
        )

    def pack(self, data: bytes) -> bytes:
        """Return data as a frame."""
        return self._zstd.compress(data)


def _at(level: int) -> zstandard.ZstdCompressionParameters:
    return zstandard.ZstdCompressionParameters(
        compression_level=level, format=_FORMAT, write_checksum=True, write_dict_id=True
    )


def trained(samples: Sequence[bytes], size: int) -> bytes:
    """Return a dictionary of at most so many bytes, a useless one where samples are too few.

    Its number is a hash of all that it is made of: no two dictionaries have the same.
    """
    digest = hashlib.blake2b(size.to_bytes(4), digest_size=8)
    for sample in samples:
        digest.update(sample)
    number = _IDS[int.from_bytes(digest.digest()) % len(_IDS)]
    try:
        found = zstandard.train_dictionary(
            size, list(samples), k=_SEGMENT_BYTES, d=_STEP_BYTES, dict_id=number
        )
    except zstandard.ZstdError:
        return b""
    return found.as_bytes()


def number_of(dictionary: bytes) -> int:
    """Return the number by which frames name a dictionary."""
    return zstandard.ZstdCompressionDict(dictionary).dict_id()


class _Reader:
    """Reads frames of one dictionary; zstandard's own objects are not to be shared by threads."""

    def __init__(self, dictionary: bytes | None) -> None:
        found = None if dictionary is None else zstandard.ZstdCompressionDict(dictionary)
        self._zstd = zstandard.ZstdDecompressor(dict_data=found, format=_FORMAT)
        self._lock = threading.Lock()

    def read(self, frame: bytes) -> bytes:
        with self._lock:
            return self._zstd.decompress(frame)


_plain = _Reader(None)
_readers: OrderedDict[int, _Reader] = OrderedDict()  # of any store: the numbers are hashes
_readers_lock = threading.Lock()


def _reader(number: int, connection: Connection | None) -> _Reader:
    if number == 0:
        return _plain
    with _readers_lock:
        reader = _readers.get(number)
        if reader is not None:
            _readers.move_to_end(number)
            return reader
    query = "SELECT data FROM dictionaries WHERE id = ?"
    row = connection.execute(query, (number,)).fetchone() if connection else None
    if row is None:
        message = f"there is no dictionary {number}"
        raise ValueError(message)
    reader = _Reader(_plain.read(row[0]))
    with _readers_lock:
        _readers[number] = reader
        if len(_readers) > _DICTIONARIES_KEPT:
            _readers.popitem(last=False)
    return reader
