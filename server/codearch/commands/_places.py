"""Places as LSP has them: URIs, and 0-based ranges in the encoding that was agreed on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec import Meta

from codearch.errors import UsageError
from codearch.text import Lines, PositionEncoding, from_encoding, to_encoding

if TYPE_CHECKING:
    from codearch.facts import Highlight, Span
    from codearch.snapshot import Snapshot


class Position(msgspec.Struct, frozen=True):
    """A 0-based line and column."""

    line: Annotated[int, Meta(ge=0)]
    character: Annotated[int, Meta(ge=0)]


class Range(msgspec.Struct, frozen=True):
    """A stretch of a file, end exclusive."""

    start: Position
    end: Position


def path_of_uri(uri: str, field: str = "uri") -> Path:
    """Return the canonical path of a file URI; raise UsageError for any other text."""
    parts = urlsplit(uri)
    if parts.scheme != "file" or not parts.path:
        message = f"`{field}` must be a file URI such as file:///home/me/project, not {uri!r}."
        raise UsageError(message, field=field)
    path = unquote(parts.path)
    if os.name == "nt":
        path = f"//{parts.netloc}{path}" if parts.netloc else path.lstrip("/")
    return Path(os.path.realpath(path))


class Places:
    """Converts between spans and ranges of one snapshot's files; keeps the lines it has read."""

    def __init__(self, snapshot: Snapshot, encoding: PositionEncoding) -> None:
        self._snapshot = snapshot
        self._encoding = encoding
        self._lines: dict[str, Lines] = {}

    def uri(self, path: str) -> str:
        """Return the URI of a path below the root."""
        return (self._snapshot.root / path).as_uri()

    def range(self, path: str, span: Span) -> Range:
        """Return the range of a span."""
        return Range(
            Position(span.line, self._character(path, span.line, span.column)),
            Position(span.end_line, self._character(path, span.end_line, span.end_column)),
        )

    def highlight(self, path: str, place: Highlight) -> Range:
        """Return the range of a match."""
        return Range(
            Position(place.line, self._character(path, place.line, place.column)),
            Position(place.line, self._character(path, place.line, place.end_column)),
        )

    def lines(self, path: str, first: int, last: int) -> Range:
        """Return the range from the beginning of one line to the end of another."""
        end = self._text(path, last)
        column = to_encoding(end, len(end.encode("utf-16-le")) // 2, self._encoding)
        return Range(Position(first, 0), Position(last, column))

    def column(self, path: str, position: Position) -> int:
        """Return the UTF-16 column of a position."""
        if self._encoding == "utf-16":
            return position.character
        text = self._text(path, position.line)
        return from_encoding(text, position.character, self._encoding)

    def _character(self, path: str, line: int, column: int) -> int:
        if self._encoding == "utf-16":
            return column
        return to_encoding(self._text(path, line), column, self._encoding)

    def _text(self, path: str, line: int) -> str:
        lines = self._lines.get(path)
        if lines is None:
            lines = self._lines[path] = Lines(self._snapshot.source(path))
        if line >= len(lines):
            return ""
        return lines.line_bytes(line).decode("utf-8", "replace")
