"""Findings and their fixes move with the text, as long as their own lines stay what they were.

Rules run a moment after an edit, those of the whole workspace later still. Until then their places
are those of the text before: a place is found again by what its lines said.
"""

from __future__ import annotations

from bisect import bisect_left
from hashlib import blake2b
from typing import TYPE_CHECKING

from msgspec.structs import replace

from codearch.facts import Anchor, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codearch.facts import Finding, Fix, Related, Replacement
    from codearch.text import Lines

_SIZE = 6  # bytes of a hash
_NEAR = 50  # lines that begin alike are looked at on either side


def anchor_of(lines: Lines, span: Span) -> Anchor:
    """Return the lines that a span stands in, and what they say."""
    last = span.end_line - (span.end_column == 0 and span.end_line > span.line)
    return anchor_at(lines, span.line, last)


def anchor_at(lines: Lines, line: int, end_line: int) -> Anchor:
    """Return lines, the last one included, and what they say."""
    first = _first(lines, line) if end_line > line else b""
    return Anchor(line, end_line, first, _mark(lines, line, end_line))


def holds(lines: Lines, anchor: Anchor | None) -> bool:
    """Say whether lines are what they were, where they were."""
    if anchor is None or anchor.end_line >= len(lines):
        return False
    return _mark(lines, anchor.line, anchor.end_line) == anchor.mark


def moved(findings: Iterable[Finding], lines: Lines, *, fixes: bool) -> Iterator[Finding]:
    """Yield the findings of a file where they stand in its text as it is now.

    Without those whose lines are no more. With `fixes`, a fix stays where all that it was made for
    is as it was; in a text that is another by now it is not known to be safe.
    """
    text = _Text(lines)
    taken: dict[bytes, int] = {}  # the last line that was found, by what it says
    by = 0
    for finding in sorted(findings, key=lambda each: each.span.start_byte):
        anchor = finding.anchor
        at = text.find(anchor, by, taken.get(anchor.mark, -1)) if anchor is not None else None
        if anchor is None or at is None:
            continue
        taken[anchor.mark] = at
        by = at - anchor.line
        fix = _moved_fix(text, finding.path, finding.fix, by) if fixes and finding.fix else None
        yield replace(
            finding,
            span=text.moved(finding.span, by),
            anchor=_further(anchor, by),
            fix=fix,
            related=tuple(_moved_related(text, finding.related, by)),
        )


class _Text:
    """A text in which lines are looked for."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self._by_first: dict[bytes, list[int]] = {}

    def find(self, anchor: Anchor, by: int, after: int = -1) -> int | None:
        """Return the line at which a place stands now, None where it is not found.

        Of several that say the same it is the nearest to `by` lines below where it was: those above
        it have moved so far. All up to `after` are other places.
        """
        here = anchor.line + by
        if here > after and self._says(anchor, here):
            return here
        places = (at for at in self._near(anchor, here) if at > after and self._says(anchor, at))
        return min(places, key=lambda at: abs(at - here), default=None)

    def moved(self, span: Span, by: int) -> Span:
        """Return a span so many lines further below; its lines are the same."""
        line, end_line = span.line + by, span.end_line + by
        start = self.lines.byte_at(line, span.column)
        end = self.lines.byte_at(end_line, span.end_column)
        return Span(start, end, line, span.column, end_line, span.end_column)

    def _says(self, anchor: Anchor, line: int) -> bool:
        return line >= 0 and holds(self.lines, _further(anchor, line - anchor.line))

    def _near(self, anchor: Anchor, line: int) -> list[int]:
        """Return the lines nearest to one that say what the first line of a place did."""
        if not self._by_first:
            for number in range(len(self.lines)):
                self._by_first.setdefault(_first(self.lines, number), []).append(number)
        found = self._by_first.get(anchor.first or anchor.mark, [])
        at = bisect_left(found, line)
        return found[max(0, at - _NEAR) : at + _NEAR]


def _moved_related(text: _Text, related: Iterable[Related], by: int) -> Iterator[Related]:
    """Yield the other places of a finding, without those of its file that are no more."""
    for each in related:
        if each.anchor is None:
            yield each
            continue
        at = text.find(each.anchor, by)
        if at is not None:
            own = at - each.line
            anchor = _further(each.anchor, own)
            yield replace(each, line=at, end_line=each.end_line + own, anchor=anchor)


def _moved_fix(text: _Text, path: str, fix: Fix, by: int) -> Fix | None:
    """Return a fix whose edits of this file have moved; None where one stands on other lines now.

    Whoever makes it looks at the other files that it changes (`holds`).
    """
    edits: list[Replacement] = []
    for edit in fix.edits:
        if edit.path == path:
            at = text.find(edit.anchor, by) if edit.anchor is not None else None
            if edit.anchor is None or at is None:
                return None
            own = at - edit.anchor.line
            span = text.moved(edit.span, own)
            edit = replace(edit, span=span, anchor=_further(edit.anchor, own))  # noqa: PLW2901
        edits.append(edit)
    return replace(fix, edits=tuple(edits), safe=False)


def _further(anchor: Anchor, by: int) -> Anchor:
    return replace(anchor, line=anchor.line + by, end_line=anchor.end_line + by)


def _first(lines: Lines, line: int) -> bytes:
    return _hash(lines.line_bytes(line)) if 0 <= line < len(lines) else b""


def _mark(lines: Lines, line: int, last: int) -> bytes:
    if not 0 <= line <= last < len(lines):
        return b""
    end = lines.starts[last + 1] if last + 1 < len(lines) else len(lines.source)
    return _hash(lines.source[lines.starts[line] : end].rstrip(b"\r\n"))


def _hash(text: bytes) -> bytes:
    return blake2b(text, digest_size=_SIZE).digest()
