"""What the index keeps of a file for the search for clones: its prints, and what was found by them.

So a process reads the sources of those files alone that have changed, and of their partners.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from codearch.detectors._clones.lexicons import LEXICONS
from codearch.detectors._clones.prints import chosen, grams, kept, packed
from codearch.detectors._clones.tokens import tokens_of
from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np

    from codearch.detectors._detector import FileView
    from codearch.facts import Symbol, SymbolFact
else:
    np = Lazy("numpy")

RULE = "clone"
DIGEST = 12  # hexadecimal digits of a file's digest that tell it from all others
_MARK = 6  # of them that tell a file that was compared, and holds no clone

Span = tuple[int, int, int, int, int, int]  # lines of both places, type, tokens
Lines = tuple[int, int]  # the first and the last


class Kept(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """What is kept of one file. Others are known by their digest, so it outlives their edits."""

    digest: bytes
    prints: bytes
    repeats: bool = False  # something in it stands there twice
    tests: tuple[Lines, ...] = ()
    clones: tuple[tuple[bytes, tuple[Span, ...]], ...] = ()  # by the other file's digest
    others: bytes = b""  # digests of files that were compared, without a clone


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Kept)


def extract(view: FileView) -> bytes:
    """Return what is kept of a file before it has been compared."""
    file = view.project.file(view.path) if view.project else None
    if file is None or view.generated:
        return b""
    return pack(made_of(view.source, view.facts.language, file.digest, view.facts.symbols))


def made_of(
    source: bytes, language: str, digest: str, symbols: Sequence[Symbol | SymbolFact]
) -> Kept:
    """Return what is kept of a file's text."""
    hashes = grams(tokens_of(source, language))
    places = hashes[chosen(hashes)]
    return Kept(
        short(digest),
        packed(kept(hashes)),
        len(np.unique(places)) < len(places),
        tests_of(symbols),
    )


def tests_of(symbols: Iterable[Symbol | SymbolFact]) -> tuple[Lines, ...]:
    """Return the lines of a file's tests: those that are in no other test."""
    found: list[Lines] = []
    for each in symbols:
        lines = each.span.line, each.span.end_line
        if each.test and not (found and found[-1][0] <= lines[0] <= lines[1] <= found[-1][1]):
            found.append(lines)
    return tuple(found)


def short(digest: str) -> bytes:
    """Return what a file's content is known by here."""
    return bytes.fromhex(digest[:DIGEST])


def mark(digest: bytes) -> bytes:
    """Return what tells a content that was compared."""
    return digest[: _MARK // 2]


def marks(others: bytes) -> set[bytes]:
    """Return the contents that a file was compared with, without a clone."""
    size = _MARK // 2
    return {others[at : at + size] for at in range(0, len(others), size)}


def pack(made: Kept) -> bytes:
    """Return it as the index keeps it."""
    return _encode(made)


def unpack(data: bytes) -> Kept | None:
    """Return it as it was kept; None where there is nothing, or what another version kept."""
    if not data:
        return None
    try:
        return _decoder.decode(data)
    except msgspec.MsgspecError:
        return None


def counts(language: str) -> bool:
    """Say whether clones are looked for in a language."""
    return language in LEXICONS
