"""Stored forms of a content's source and outline; its facts have a module of their own."""

from __future__ import annotations

import contextlib
import zlib
from typing import TYPE_CHECKING

import msgspec

from codearch.errors import UnusableStoreError
from codearch.graph.outline import Outline

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEVEL = 5
_encode = msgspec.msgpack.Encoder().encode
_decode_outline = msgspec.msgpack.Decoder(Outline).decode


@contextlib.contextmanager
def readable() -> Iterator[None]:
    """Turn what goes wrong with a stored form into UnusableStoreError: only a rebuild helps."""
    try:
        yield
    except (zlib.error, msgspec.MsgspecError, ValueError, IndexError) as error:
        message = f"A stored content cannot be read ({error})."
        raise UnusableStoreError(message) from error


def pack_outline(outline: Outline) -> bytes:
    """Return the stored form of an outline."""
    return zlib.compress(_encode(outline), _LEVEL)


def unpack_outline(blob: bytes) -> Outline:
    """Return the outline of a stored content."""
    with readable():
        return _decode_outline(zlib.decompress(blob))


def unpack_source(blob: bytes) -> bytes:
    """Return the UTF-8 source of a stored content."""
    with readable():
        return zlib.decompress(blob)


def pack_source(source: bytes) -> bytes:
    """Return the stored form of a source in UTF-8."""
    return zlib.compress(source, _LEVEL)
