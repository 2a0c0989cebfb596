"""Stored forms of a content's source and outline, and of what is said of its symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from codearch.errors import UnusableStoreError
from codearch.graph.outline import Outline
from codearch.index.compression import CompressionError, compress, decompress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.store.database import Connection

_encode = msgspec.msgpack.Encoder().encode
_decode_said = msgspec.msgpack.Decoder(list[tuple[str, str]]).decode
_decode_outline = msgspec.msgpack.Decoder(Outline).decode


class readable:  # noqa: N801 - used as a function; a generator takes three times as long
    """Turn what goes wrong with a stored form into UnusableStoreError: only a rebuild helps."""

    def __enter__(self) -> None:
        """Begin to read."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, (CompressionError, msgspec.MsgspecError, ValueError, IndexError)):
            message = f"A stored content cannot be read ({error})."
            raise UnusableStoreError(message) from error


def pack_outline(outline: Outline) -> bytes:
    """Return the stored form of an outline."""
    return compress(_encode(outline))


def unpack_outline(blob: bytes, connection: Connection | None = None) -> Outline:
    """Return the outline of a stored content."""
    with readable():
        return _decode_outline(decompress(blob, connection))


def unpack_source(blob: bytes, connection: Connection | None = None) -> bytes:
    """Return the UTF-8 source of a stored content."""
    with readable():
        return decompress(blob, connection)


def pack_source(source: bytes) -> bytes:
    """Return the stored form of a source in UTF-8."""
    return compress(source)


def pack_said(said: Sequence[tuple[str, str]]) -> bytes:
    """Return the stored form of the signature and the summary of each symbol."""
    return compress(_encode(said))


def unpack_said(blob: bytes, connection: Connection | None = None) -> list[tuple[str, str]]:
    """Return the signature and the summary of each symbol of a stored content."""
    with readable():
        return _decode_said(decompress(blob, connection))
