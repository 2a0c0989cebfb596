"""The doc of a definition as it stands in the file, character by character."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codearch.detectors._detector import FileView
    from codearch.facts import Comment, Span, SymbolFact

_DOCSTRING = re.compile(
    rb"(?:[ \t\r\n]|#[^\n]*\n)*([rRbBuU]{0,2})(\"\"\"|'''|\"|')(.*?)(?<!\\)\2", re.DOTALL
)
_BLOCK_MARK = re.compile(r"\A/\*+!?<?|^[ \t]*\*(?!/)|\**\*/\s*\Z", re.MULTILINE)
_LINE_MARK = re.compile(r"\A//+!?<?")


class DocText(NamedTuple):
    """A doc whose markers are spaces: what is at a character here is there in the source too."""

    text: str
    start_byte: int

    def span(self, file: FileView, start: int, end: int) -> Span:
        """Return the place of a stretch of characters in the file."""
        return file.span(self.byte(start), self.byte(end))

    def byte(self, character: int) -> int:
        """Return where a character of the doc is in the file."""
        return self.start_byte + len(self.text[:character].encode())


def leading_comments(file: FileView) -> Mapping[int, Sequence[Comment]]:
    """Return the doc comments that stand before each definition, by its index."""
    found: dict[int, list[Comment]] = {}
    symbols = file.facts.symbols
    for comment in file.facts.comments:
        if comment.kind != "doc" or comment.symbol < 0:
            continue
        symbol = symbols[comment.symbol]
        if symbol.lead_byte <= comment.span.start_byte < symbol.span.start_byte:
            found.setdefault(comment.symbol, []).append(comment)
    return found


def comment_text(file: FileView, comments: Sequence[Comment]) -> DocText:
    """Return the last of the comments, or of the runs of line comments, before a definition."""
    first = len(comments) - 1
    while first > 0 and not any(
        each.text.startswith("/*") for each in comments[first - 1 : first + 1]
    ):
        first -= 1
    own = comments[first:]
    parts = []
    place = own[0].span.start_byte
    for comment in own:
        between = file.source[place : comment.span.start_byte].decode("utf-8", "replace")
        parts.append(_blank(between))
        mark = _BLOCK_MARK if comment.text.startswith("/*") else _LINE_MARK
        parts.append(mark.sub(lambda match: _blank(match.group()), comment.text))
        place = comment.span.end_byte
    return DocText("".join(parts), own[0].span.start_byte)


def docstring_text(file: FileView, symbol: SymbolFact) -> DocText | None:
    """Return the string that a body begins with."""
    literal = _DOCSTRING.match(file.source, symbol.body_byte, symbol.span.end_byte)
    if literal is None:
        return None
    return DocText(literal.group(3).decode("utf-8", "replace"), literal.start(3))


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", lambda match: " " * len(match.group()), text)
