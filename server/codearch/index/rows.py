"""The rows of symbols, and what their contents say of them once for all files.

A name nearly always stands in its symbol's first line as it is. Then the column `named` has how
many bytes it is away from the symbol's first, and else all numbers of its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from codearch.facts import Span
from codearch.store.schema import KIND_NUMBERS

if TYPE_CHECKING:
    from codearch.facts import FileFacts, SymbolFact

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Span).decode


class Keys(NamedTuple):
    """What ties a symbol's row to others, in the order of the table's columns."""

    file: int
    position: int
    uid: int
    parent: int | None  # uid


INSERT_SYMBOL = f"INSERT INTO symbols VALUES ({', '.join('?' * 22)})"


def symbol_row(keys: Keys, symbol: SymbolFact, body: int) -> tuple[object, ...]:
    """Return the row of a symbol; `body` is the hash of its text.

    Most places stand as distances: SQLite keeps small numbers in one byte, 0 and 1 in none.
    """
    span, metrics = symbol.span, symbol.metrics
    return (
        *keys,
        symbol.name, symbol.container, KIND_NUMBERS[symbol.kind],
        span.start_byte, span.end_byte - span.start_byte,
        span.line, span.column, span.end_line - span.line, span.end_column,
        _named(symbol),
        symbol.exported, symbol.test, len(symbol.parameters),
        metrics.cyclomatic if metrics else None,
        metrics.cognitive if metrics else None,
        metrics.nesting if metrics else None,
        metrics.code_lines if metrics else None,
        body,
    )  # fmt: skip


def _named(symbol: SymbolFact) -> int | bytes:
    away = symbol.name_span.start_byte - symbol.span.start_byte
    if name_span(symbol.span, symbol.name, away) == symbol.name_span:
        return away
    return _encode(symbol.name_span)


def name_span(span: Span, name: str, named: int | bytes) -> Span:
    """Return where the name of a symbol stands, by what its row has of it."""
    if isinstance(named, bytes):
        return _decode(named)
    at, column, size = span.start_byte + named, span.column + named, len(name)
    if name.isascii():
        return Span(at, at + size, span.line, column, span.line, column + size)
    size = len(name.encode("utf-8", "surrogatepass"))
    units = len(name) + sum(character > "\uffff" for character in name)
    return Span(at, at + size, span.line, column, span.line, column + units)


def said(facts: FileFacts) -> list[tuple[str, str]]:
    """Return the signature and the summary of each symbol."""
    return [(symbol.signature, summary(symbol.doc)) for symbol in facts.symbols]


def summary(doc: str, limit: int = 300) -> str:
    """Return the first paragraph of a doc in one line, cut at `limit` characters."""
    paragraph = " ".join(doc.strip().split("\n\n", 1)[0].split())
    return paragraph if len(paragraph) <= limit else paragraph[: limit - 1].rstrip() + "…"
