"""The rows of symbols, and what their contents say of them once for all files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from codearch.facts import FileFacts, SymbolFact


class Keys(NamedTuple):
    """What ties a symbol's row to others, in the order of the table's columns."""

    file: int
    position: int
    uid: int
    parent: int | None  # uid


INSERT_SYMBOL = "INSERT INTO symbols VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"


def symbol_row(keys: Keys, symbol: SymbolFact, body: int) -> tuple[object, ...]:
    """Return the row of a symbol; `body` is the hash of its text.

    Most places stand as distances: SQLite keeps small numbers in one byte, 0 and 1 in none.
    """
    span, name, metrics = symbol.span, symbol.name_span, symbol.metrics
    return (
        *keys,
        symbol.name, symbol.container, symbol.kind,
        span.start_byte, span.end_byte - span.start_byte,
        span.line, span.column, span.end_line - span.line, span.end_column,
        name.start_byte - span.start_byte, name.end_byte - name.start_byte,
        name.line - span.line, name.column,
        name.end_line - name.line, name.end_column - name.column,
        symbol.exported, symbol.test, len(symbol.parameters),
        metrics.cyclomatic if metrics else None,
        metrics.cognitive if metrics else None,
        metrics.nesting if metrics else None,
        metrics.code_lines if metrics else None,
        body,
    )  # fmt: skip


def said(facts: FileFacts) -> list[tuple[str, str]]:
    """Return the signature and the summary of each symbol."""
    return [(symbol.signature, summary(symbol.doc)) for symbol in facts.symbols]


def summary(doc: str, limit: int = 300) -> str:
    """Return the first paragraph of a doc in one line, cut at `limit` characters."""
    paragraph = " ".join(doc.strip().split("\n\n", 1)[0].split())
    return paragraph if len(paragraph) <= limit else paragraph[: limit - 1].rstrip() + "…"
