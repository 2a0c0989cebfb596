"""Findings are carried along where an edit of comments and blank lines has only moved them.

Such an edit leaves the lines of code as they were and in their order. So a line that stands in a
text several times is found again by which of them it is, and all that a finding tells of its file
moves with certainty; where it does not, its rule has to run again.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from codearch.facts import Anchor, Span
from codearch.moving import anchor_at
from codearch.text import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.facts import Comment, Finding, Fix, Related

_LINE = re.compile(
    r"(?P<before>\blines? )(?P<line>\d+)(?P<to>(?: to | and |-)(?=\d))?(?P<last>\d+)?"
)


class Carrying:
    """From one text of a file to another whose code is the same."""

    def __init__(self, before: bytes, now: bytes, comments: Sequence[Comment]) -> None:
        self._before, self._now = Lines(before), Lines(now)
        self._then, self._here = _Rows(before), _Rows(now)
        self._said = {
            line for each in comments for line in range(each.span.line + 1, each.span.end_line + 1)
        }

    def finding(self, finding: Finding) -> Finding | None:
        """Return a finding where it stands now, None where that is not certain."""
        anchor = finding.anchor
        by = self._shift(anchor.line, anchor.end_line) if anchor is not None else None
        if anchor is None or by is None:
            return None
        related = [self._related(finding.path, each) for each in finding.related]
        fix = self._fix(finding.path, finding.fix) if finding.fix else None
        message = self._message(finding.message)
        if message is None or None in related or (finding.fix and fix is None):
            return None
        return replace(
            finding,
            message=message,
            span=self._span(finding.span, by),
            fix=fix,
            related=tuple(each for each in related if each is not None),
            anchor=self._anchor(anchor, by),
        )

    def _line(self, line: int) -> int | None:
        """Return where a line of code stands now."""
        if not 0 <= line < len(self._before):
            return None
        text = self._before.line_bytes(line)
        then, here = self._then.of(text), self._here.of(text)
        if len(then) != len(here) or not text.strip() or not self._said.isdisjoint(here):
            return None
        return here[then.index(line)]

    def _shift(self, line: int, last: int) -> int | None:
        """Return by how many lines a stretch of lines has moved as a whole.

        A statement of several lines may end with a comment, and begin with one: up to the next line
        of code all has to be as it was.
        """
        now = self._line(line)
        if now is None:
            return None
        by = now - line
        if last > line:
            last = self._code_from(last + 1, 1)
            line = self._code_from(line - 1, -1)
        old, new = self._before, self._now
        if (last < len(old)) != (last + by < len(new)) or (line < 0) != (line + by < 0):
            return None
        rows = range(max(line, 0), min(last + 1, len(old)))
        return by if all(old.line_bytes(row) == new.line_bytes(row + by) for row in rows) else None

    def _code_from(self, line: int, step: int) -> int:
        """Return the next line that is code for certain, or what is beyond the text."""
        while 0 <= line < len(self._before) and self._line(line) is None:
            line += step
        return line

    def _span(self, span: Span, by: int) -> Span:
        line, end_line = span.line + by, span.end_line + by
        start = span.start_byte - self._before.starts[span.line] + self._now.starts[line]
        end = span.end_byte - self._before.starts[span.end_line] + self._now.starts[end_line]
        return Span(start, end, line, span.column, end_line, span.end_column)

    def _anchor(self, anchor: Anchor, by: int) -> Anchor:
        return anchor_at(self._now, anchor.line + by, anchor.end_line + by)

    def _related(self, path: str, place: Related) -> Related | None:
        if place.path != path:
            return place
        by = self._shift(place.line, place.end_line)
        if by is None:
            return None
        anchor = self._anchor(place.anchor, by) if place.anchor is not None else None
        return replace(place, line=place.line + by, end_line=place.end_line + by, anchor=anchor)

    def _fix(self, path: str, fix: Fix) -> Fix | None:
        """Return a fix where all lines on which it rests are as they were."""
        edits = []
        for edit in fix.edits:
            anchor = edit.anchor
            if edit.path != path or anchor is None:
                return None
            by = self._shift(anchor.line, anchor.end_line)
            if by is None:
                return None
            span, anchor = self._span(edit.span, by), self._anchor(anchor, by)
            edits.append(replace(edit, span=span, anchor=anchor))
        return replace(fix, edits=tuple(edits))

    def _message(self, message: str) -> str | None:
        """Return a message with the lines that it names, but for what it quotes of the code."""
        parts = message.split("`")
        for at in range(0, len(parts), 2):
            told = self._told(parts[at])
            if told is None:
                return None
            parts[at] = told
        return "`".join(parts)

    def _told(self, text: str) -> str | None:
        told, at = "", 0
        for match in _LINE.finditer(text):
            line = self._line(int(match["line"]) - 1)
            last = self._line(int(match["last"]) - 1) if match["last"] else -1
            if line is None or last is None:
                return None
            told += f"{text[at : match.start()]}{match['before']}{line + 1}"
            told += f" to {last + 1}" if match["last"] else ""
            at = match.end()
        return told + text[at:]


class _Rows:
    """The lines of a text, by what they hold."""

    def __init__(self, source: bytes) -> None:
        rows = source.split(b"\n")
        self._rows = [row.rstrip(b"\r") for row in rows] if b"\r" in source else rows
        self._times = Counter(self._rows)
        self._last = dict(zip(self._rows, range(len(rows)), strict=True))

    def of(self, text: bytes) -> list[int]:
        """Return at which lines it stands."""
        if self._times.get(text, 0) == 1:
            return [self._last[text]]
        return self._all.get(text, [])

    @cached_property
    def _all(self) -> dict[bytes, list[int]]:
        """Each line's places: most lines that are asked for stand once, and need no such table."""
        places: dict[bytes, list[int]] = {}
        for number, row in enumerate(self._rows):
            places.setdefault(row, []).append(number)
        return places
