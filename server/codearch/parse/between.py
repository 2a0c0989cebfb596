"""The lines of two versions of a source: those of code, and what is between them in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codearch.facts import Span

NOWHERE = -1


class Part(NamedTuple):
    """Lines between two lines of code: one that is blank, or those of one comment."""

    first: int
    end: int
    said: bool


class Version:
    """One version's lines: which are code, and what is between them."""

    def __init__(self, source: bytes, said: Sequence[Span]) -> None:
        self.rows = source.split(b"\n")
        starts, at = [], 0
        for row in self.rows:
            starts.append(at)
            at += len(row) + 1
        starts.append(at)
        self.starts = starts  # and the end
        self.source = source
        self._last: dict[int, int] = {}  # a comment's first line -> its last
        for span in said:
            before = source[starts[span.line] : span.start_byte]
            after = source[span.end_byte : starts[span.end_line] + len(self.rows[span.end_line])]
            if not before.strip() and not after.strip():
                self._last[span.line] = span.end_line
        self.code: list[int] = []
        line, count = 0, len(self.rows)
        while line < count:
            if line in self._last:
                line = self._last[line]
            elif self.rows[line].strip():
                self.code.append(line)
            line += 1

    def text(self) -> list[bytes]:
        """Return the lines of code."""
        return [self.rows[line] for line in self.code]

    def between(self, number: int) -> tuple[int, int]:
        """Return the lines before a line of code, by its number among those: first, and end."""
        first = self.code[number - 1] + 1 if number else 0
        return first, self.code[number] if number < len(self.code) else len(self.rows)

    def gap(self, number: int) -> tuple[int, int]:
        """Return the bytes between the code before a line of code and that line's own."""
        start, end = 0, len(self.source)
        if number:
            above = self.code[number - 1]
            start = self.starts[above] + len(self.rows[above].rstrip())
        if number < len(self.code):
            row = self.rows[self.code[number]]
            end = self.starts[self.code[number]] + len(row) - len(row.lstrip())
        return start, end

    def parts(self, first: int, end: int) -> Iterator[Part]:
        """Yield what stands on lines that hold no code."""
        while first < end:
            last = self._last.get(first, first)
            yield Part(first, last + 1, first in self._last)
            first = last + 1

    def bytes_of(self, part: Part) -> list[bytes]:
        """Return the lines of a part."""
        return self.rows[part.first : part.end]


class Change(NamedTuple):
    """Where comments before a line of code are others, by lines; `code` is its number."""

    code: int
    old: tuple[int, int]
    new: tuple[int, int]
    parted: bool  # a blank line that was and is there follows it, before any code


def changes_between(old: Version, new: Version) -> tuple[list[int], list[Change]] | None:
    """Return the new line of each old one, and where comments are others; None if more is."""
    lines = [NOWHERE] * len(old.rows)
    changes = []
    for number in range(len(old.code) + 1):
        first, end = old.between(number)
        now, till = new.between(number)
        if old.rows[first:end] == new.rows[now:till]:
            lines[first:end] = range(now, till)
        else:
            change = _change(old, new, number, lines)
            if change is None:
                return None
            changes.append(change)
        if number < len(old.code):
            lines[end] = till
    return lines, changes


def _change(old: Version, new: Version, number: int, lines: list[int]) -> Change | None:
    """Return what is other before a line of code, and note the lines around it that are not."""
    was, now = list(old.parts(*old.between(number))), list(new.parts(*new.between(number)))
    if not any(part.said for part in (*was, *now)):
        return None  # blank lines may be those of a string
    if number and old.rows[old.code[number - 1]].rstrip().endswith(b"\\"):
        return None
    begin = 0
    while begin < min(len(was), len(now)) and _same(old, was[begin], new, now[begin]):
        begin += 1
    most, same = min(len(was), len(now)) - begin, 0
    while same < most and _same(old, was[-1 - same], new, now[-1 - same]):
        same += 1
    alike = [*range(begin), *range(-same, 0)]
    for part in alike:
        lines[was[part].first : was[part].end] = range(now[part].first, now[part].end)
    rest = now[len(now) - same :]
    ends = [
        (parts[begin].first, parts[len(parts) - same - 1].end)
        if begin < len(parts) - same
        else (0, 0)
        for parts in (was, now)
    ]
    # A comment above that is as it was may reach over the blank line, with its own line's end.
    parted = any(not part.said for part in rest) and not any(part.said for part in now[:begin])
    return Change(number, ends[0], ends[1], parted)


def _same(old: Version, was: Part, new: Version, now: Part) -> bool:
    return was.said == now.said and old.bytes_of(was) == new.bytes_of(now)
