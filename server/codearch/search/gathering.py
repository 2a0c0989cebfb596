"""Files on their way into the catalogue: many at once become columns of numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from codearch.facts import TYPE_KINDS
from codearch.search.paths import role_of, split_words
from codearch.search.postings import OWN_SHIFT, Rows, weighed
from codearch.search.query import name_key
from codearch.text import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from codearch.search.vocabulary import Vocabulary
    from codearch.search.weights import Weights

_HEADER_BYTES = 8  # of a passage's packed words: four lengths, then a number a word
_NO_WORDS = b"\0" * _HEADER_BYTES
_COUNT_BITS = 10

PART = np.dtype([("symbol", "i4"), ("passage", "i8")])
SYMBOL = np.dtype(
    [
        ("uid", "i8"),
        ("file", "i4"),
        ("part", "i4"),
        ("kind", "u1"),
        ("sort", "u1"),
        ("test", "?"),
        ("words", "u1"),
        ("size", "f4"),
    ]
)
FILE = np.dtype(
    [("symbol", "i4"), ("length", "f4"), ("session", "i8"), ("role", "u1"), ("alive", "?")]
)

PLAIN, TYPE, MODULE = range(3)  # sorts of symbols, as far as they rank differently
_TYPE_LINE = re.compile(
    r"(?:[\w@()\[\]]+\s+){0,4}?(?:class|module|interface|trait|object|struct|enum|union|protocol"
    r"|record|namespace|data|newtype|defmodule|defprotocol|type)\s+\w"
    r"|(?:pub\s+)?(?:const\s+)?\w+\s*=\s*(?:\w+\s+)?(?:struct|enum|union|opaque)\b"
)
_LAST_PART = re.compile(r"[.:/#\\]+")


class CataloguedSymbol(msgspec.Struct, frozen=True, gc=False):
    """A symbol to be searched. `passages` are (passage id, its packed words), one a part.

    The id 0 is for words that have no vector.
    """

    uid: int
    name: str
    container: str
    kind: str
    signature: str
    test: bool
    passages: tuple[tuple[int, bytes], ...]
    declares: tuple[str, ...] = ()  # variables, constants and fields inside, which are no symbols


class CataloguedFile(msgspec.Struct, frozen=True):
    """A version of a file; of an unsaved buffer where `session` is not 0."""

    path: str
    language: str
    symbols: tuple[CataloguedSymbol, ...]
    session: int = 0
    test: bool = False
    generated: bool = False


class Gathered(msgspec.Struct, frozen=True):
    """What some files add to the catalogue; numbers go on where the catalogue ends."""

    parts: NDArray[np.void]
    symbols: NDArray[np.void]
    files: NDArray[np.void]
    rows: Rows | None


def gather(
    files: Sequence[CataloguedFile],
    ends: tuple[int, int, int],
    kinds: dict[str, int],
    vocabulary: Vocabulary,
    weights: Weights,
) -> Gathered:
    """Return files as columns; `ends` are the next part's, symbol's and file's numbers.

    New kinds of symbols are numbered in `kinds`.
    """
    next_part, next_symbol, next_file = ends
    parts: list[tuple[int, int]] = []
    symbols: list[tuple[int, int, int, int, int, bool, int, float]] = []
    placed: list[tuple[int, float, int, int, bool]] = []
    blobs: list[bytes] = []
    named: list[list[int]] = []
    for number, file in enumerate(files, next_file):
        first = next_symbol + len(symbols)
        for symbol in file.symbols:
            kind = kinds.setdefault(symbol.kind, len(kinds))
            sort = sort_of(symbol.kind, symbol.signature)
            found = words(symbol.name)
            part = next_part + len(parts)
            for passage, blob in symbol.passages or ((0, _NO_WORDS),):
                parts.append((next_symbol + len(symbols), passage))
                blobs.append(blob)
            named.append(vocabulary.numbers(found))
            count = _parts_in(symbol.name, found)
            symbols.append((symbol.uid, number, part, kind, sort, symbol.test, count, 0.0))
        role = role_of(file.path, test=file.test, generated=file.generated)
        placed.append((first, 0.0, file.session, role, True))
    gathered = Gathered(
        np.array(parts, PART),
        np.array(symbols, SYMBOL),
        np.array(placed, FILE),
        _rows(blobs, parts, named, (next_part, next_symbol), weights) if blobs else None,
    )
    _measure(gathered, blobs, next_symbol, next_file)
    return gathered


def _rows(
    blobs: Sequence[bytes],
    parts: Sequence[tuple[int, int]],
    named: Sequence[Sequence[int]],
    first: tuple[int, int],
    weights: Weights,
) -> Rows:
    """Return the postings of parts; `named` are the words of each symbol's own name."""
    first_part, first_symbol = first
    sizes = np.fromiter((len(blob) for blob in blobs), np.int64, len(blobs))
    packed = np.frombuffer(b"".join(blob[_HEADER_BYTES:] for blob in blobs), "<u4")
    local = np.repeat(np.arange(len(blobs), dtype=np.int64), (sizes - _HEADER_BYTES) // 4)
    terms = (packed >> _COUNT_BITS).astype(np.int32)
    counts = (packed & ((1 << _COUNT_BITS) - 1)).astype(np.uint16)
    keys = [
        part << 32 | term
        for part, (symbol, _) in enumerate(parts)
        for term in named[symbol - first_symbol]
    ]
    counts[np.isin(local << 32 | terms, np.array(keys, np.int64))] |= np.uint16(1 << OWN_SHIFT)
    own = np.array([len(named[symbol - first_symbol]) for symbol, _ in parts], np.uint16)
    lengths = np.column_stack([_lengths(blobs), own])
    weighted = weighed(counts, lengths[local], weights)
    return Rows(terms, (local + first_part).astype(np.int32), counts, weighted)


def _lengths(blobs: Sequence[bytes]) -> NDArray[np.uint16]:
    """Return the lengths in words of each part's four fields."""
    heads = b"".join(blob[:_HEADER_BYTES] for blob in blobs)
    return np.frombuffer(heads, "<u2").reshape(-1, 4)


def _measure(gathered: Gathered, blobs: Sequence[bytes], next_symbol: int, next_file: int) -> None:
    """Fill in how many words symbols and files have."""
    if not blobs:
        return
    sizes = _lengths(blobs).sum(axis=1, dtype=np.float64)
    symbols, files = gathered.symbols, gathered.files
    owners = gathered.parts["symbol"] - next_symbol
    symbols["size"] = np.bincount(owners, sizes, len(symbols))
    files["length"] = np.bincount(symbols["file"] - next_file, symbols["size"], len(files))


def sort_of(kind: str, signature: str) -> int:
    """Return what sort of definition a symbol is, by its kind or, in a text, by its first line."""
    if kind == "module":
        return MODULE
    if kind in TYPE_KINDS or (kind == "section" and _TYPE_LINE.match(signature)):
        return TYPE
    return PLAIN


def _parts_in(name: str, found: Sequence[str]) -> int:
    """Return how many different words a name has, wholes apart."""
    if name.isidentifier():
        return max(len(set(found)) - (len(found) > 1), 1)
    return min(len(set(split_words(name))), 255)


def name_keys(name: str) -> set[str]:
    """Return the keys under which a name is looked up: its own, and that of its last part."""
    if name.isidentifier():
        return {name.replace("_", "").lower()} - {""}
    return {name_key(name), name_key(_LAST_PART.split(name)[-1])} - {""}
