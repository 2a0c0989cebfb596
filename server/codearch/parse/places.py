"""Spans of nodes, and which lines of a file hold code."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from typing import TYPE_CHECKING

from codearch.facts import Span
from codearch.text import Lines

if TYPE_CHECKING:
    from tree_sitter import Node


class Places:
    """Positions within one UTF-8 source."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.lines = Lines(source)
        self._plain = source.isascii()

    def text(self, node: Node) -> str:
        """Return a node's source."""
        return self.source[node.start_byte : node.end_byte].decode(errors="replace")

    def start(self, node: Node) -> tuple[int, int]:
        """Return the line and UTF-16 column of a node's beginning."""
        line, column = node.start_point
        return line, column if self._plain else self.lines.utf16_column(line, column)

    def span(self, node: Node) -> Span:
        """Return a node's span."""
        line, column = node.start_point
        end_line, end_column = node.end_point
        if not self._plain:
            column = self.lines.utf16_column(line, column)
            end_column = self.lines.utf16_column(end_line, end_column)
        return Span(node.start_byte, node.end_byte, line, column, end_line, end_column)

    def between(self, start: int, end: int) -> Span:
        """Return the span of a stretch of bytes."""
        line, column = self.lines.position(start)
        end_line, end_column = self.lines.position(end)
        return Span(start, end, line, column, end_line, end_column)

    def comment(self, node: Node) -> tuple[str, Span]:
        """Return a comment's text and span, without the line's end."""
        text = self.text(node).rstrip()
        span = self.span(node)
        if span.end_column == 0:
            span = self.between(span.start_byte, span.start_byte + len(text.encode()))
        return text, span

    def is_own_line(self, span: Span) -> bool:
        """Say whether nothing stands before a span on its line."""
        return not self.source[self.lines.starts[span.line] : span.start_byte].strip()

    def line_count(self) -> int:
        """Return the number of lines, an empty last one apart."""
        source = self.source
        return source.count(b"\n") + (not source.endswith(b"\n") and bool(source))

    def whole(self) -> Span:
        """Return the span of the file."""
        return self.between(0, len(self.source))


class CodeLines:
    """How many lines of any stretch hold code: not blank, and more than a comment."""

    def __init__(self, source: bytes, comments: Iterable[Span]) -> None:
        parts, at = [], 0
        for span in sorted(comments, key=lambda each: each.start_byte):
            start, end = max(span.start_byte, at), max(span.end_byte, at)
            parts += [source[at:start], b"\n" * source.count(b"\n", start, end)]
            at = end
        rows = b"".join((*parts, source[at:])).split(b"\n")
        self._before = list(accumulate((bool(row.strip()) for row in rows), initial=0))

    def count(self, first: int, last: int) -> int:
        """Return the number of code lines from line `first` to line `last`, both included."""
        return self._before[last + 1] - self._before[first]

    @property
    def total(self) -> int:
        """Return the number of code lines of the file."""
        return self._before[-1]
