"""The words of the whole index and their numbers, stored by the batch that brought them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from codearch.index.compression import compress, decompress
from codearch.index.contents import readable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codearch.store.database import Connection

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[str]).decode


def read_words(connection: Connection, known: int = 0) -> Iterator[tuple[int, str]]:
    """Yield (number, word) of what came after the first `known` words, in the order of numbers."""
    rows = connection.execute("SELECT first, words FROM terms WHERE first > ?", (known,))
    for first, packed in rows.fetchall():
        with readable():
            words = _decode(decompress(packed))
        yield from enumerate(words, first)


def write_words(connection: Connection, first: int, words: Sequence[str]) -> None:
    """Store words that are numbered from `first` on."""
    packed = compress(_encode(words))
    connection.execute("INSERT INTO terms VALUES (?, ?)", (first, packed))
