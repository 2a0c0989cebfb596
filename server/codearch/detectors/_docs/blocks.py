"""Which lines of a doc belong to one of its entries, by the form that the doc has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from codearch.detectors._docs.entry import Entry

Lines = frozenset[int]
_FIELD = re.compile(r"[:@]\w")
_AT = re.compile(r"@\w")
_AT_OR_BACKSLASH = re.compile(r"[@\\]\w")
_TITLE = re.compile(r"\w[\w ]*:\s*$")
_UNDERLINE = re.compile(r"(?:-{3,}|={3,})\s*$")
_HEADING = re.compile(r"#+\s")
_ITEM = re.compile(r"[-*+]\s")


class Rows(NamedTuple):
    """The lines of a doc without its markers."""

    texts: tuple[str, ...]
    starts: tuple[int, ...]  # characters

    def at(self, character: int) -> int:
        """Return the line of a character."""
        return max(n for n, start in enumerate(self.starts) if start <= character)

    def indent(self, line: int) -> int:
        """Return how many characters stand before a line's text."""
        text = self.texts[line]
        return len(text) - len(text.lstrip())

    def blank(self, line: int) -> bool:
        """Say whether nothing is written in a line, or it is beyond the end."""
        return line >= len(self.texts) or not self.texts[line].strip()

    def begins(self, line: int, pattern: re.Pattern[str]) -> bool:
        """Say whether a line's text begins so."""
        return pattern.match(self.texts[line].lstrip()) is not None

    def following(self, line: int) -> int:
        """Return the next line with text, the number of lines where there is none."""
        return next((n for n in range(line + 1, len(self.texts)) if not self.blank(n)), len(self))

    def deeper(self, line: int) -> int:
        """Return the line after those that are indented more than one, trailing blanks apart."""
        last = line
        while (after := self.following(last)) < len(self) and self.indent(after) > self.indent(
            line
        ):
            last = after
        return last + 1

    def __len__(self) -> int:
        return len(self.texts)


def rows_of(text: str) -> Rows:
    """Return the lines of a doc's text."""
    texts = tuple(text.split("\n"))
    starts = [0]
    for each in texts[:-1]:
        starts.append(starts[-1] + len(each) + 1)
    return Rows(texts, tuple(starts))


def lines_of(language: str, rows: Rows, entries: Sequence[Entry]) -> Lines | None:
    """Return the lines that belong to these entries, None where that is not certain."""
    found: set[int] = set()
    for entry in entries:
        own = _FORMS[language](rows, entry)
        if own is None:
            return None
        found |= own
    return _with_titles(rows, frozenset(found))


# --- tags ----------------------------------------------------------------------------------------


def _tagged(begin: re.Pattern[str]) -> Callable[[Rows, Entry], Lines | None]:
    """Return what finds a tag's lines: up to the next tag, a blank line or the end."""

    def lines(rows: Rows, entry: Entry) -> Lines | None:
        first = rows.at(entry.start)
        while first > 0 and not rows.begins(first, begin):
            first -= 1
        if not rows.begins(first, begin):
            return None
        last = first
        while not rows.blank(last + 1) and not rows.begins(last + 1, begin):
            last += 1
        after = rows.following(last)
        if after > last + 1 and after < len(rows) and not rows.begins(after, begin):
            return None  # a paragraph that may belong to the tag, or to all of the doc
        return frozenset(range(first, last + 1))

    return lines


# --- Python --------------------------------------------------------------------------------------


def _python(rows: Rows, entry: Entry) -> Lines | None:
    line = rows.at(entry.start)
    for first in (line, line - 1):  # what a field says may stand in the line after it
        if first >= 0 and rows.begins(first, _FIELD):
            return _field(rows, first)
    if entry.kind == "returns":
        return _section(rows, line)
    end = rows.deeper(line)
    return frozenset(range(line, end)) if _title_of(rows, line) else None


def _field(rows: Rows, first: int) -> Lines | None:
    end = rows.deeper(first)
    if not rows.blank(end) and not rows.begins(end, _FIELD):
        return None  # a line that goes on without being indented
    return frozenset(range(first, end))


def _title_of(rows: Rows, line: int) -> range | None:
    """Return the lines of the title of the section that an item stands in."""
    indent = rows.indent(line)
    for above in range(line - 1, -1, -1):
        if rows.blank(above):
            continue
        if rows.indent(above) == indent and rows.begins(above, _UNDERLINE) and above:
            return range(above - 1, above + 1)
        if rows.indent(above) < indent:
            return range(above, above + 1) if rows.begins(above, _TITLE) else None
    return None


def _section(rows: Rows, line: int) -> Lines | None:
    """Return a section of Google's or NumPy's form by its first line."""
    title = _title_of(rows, line)
    if title is None:
        return None
    if len(title) == 1:
        return frozenset(range(title.start, rows.deeper(title.start)))
    last = line
    while not rows.blank(last + 1):
        last += 1
    after = rows.following(last)
    if after + 1 < len(rows) and not rows.begins(after + 1, _UNDERLINE):
        return None  # it goes on after a blank line
    return frozenset(range(title.start, last + 1))


# --- Rust ----------------------------------------------------------------------------------------


def _rust(rows: Rows, entry: Entry) -> Lines | None:
    line = rows.at(entry.start)
    if rows.begins(line, _HEADING):
        end = line + 1
        while end < len(rows) and not rows.begins(end, _HEADING):
            end += 1
        while rows.blank(end - 1):
            end -= 1
        return frozenset(range(line, end))
    last = line
    while not rows.blank(last + 1) and not any(
        rows.begins(last + 1, each) for each in (_ITEM, _HEADING)
    ):
        last += 1
    after = rows.following(last)
    goes_on = after < len(rows) and rows.indent(after) > rows.indent(line)
    return None if goes_on else frozenset(range(line, last + 1))


# --- all -----------------------------------------------------------------------------------------


def _with_titles(rows: Rows, gone: Lines) -> Lines:
    """Add the titles below which nothing is left."""
    found = set(gone)
    for line in gone:
        above = next(
            (n for n in range(line - 1, -1, -1) if not rows.blank(n) and n not in found), -1
        )
        if above < 0:
            continue
        title = _bare_title(rows, above, line)
        below = next(
            (n for n in range(line + 1, len(rows)) if not rows.blank(n) and n not in found), -1
        )
        if title is not None and (below < 0 or _ends_section(rows, title, below)):
            found |= set(range(title.start, line))
    return frozenset(found)


def _bare_title(rows: Rows, above: int, line: int) -> range | None:
    """Return the lines of the title that a line is, if the one below it stands in its section."""
    if rows.begins(above, _HEADING):
        return range(above, above + 1)
    if rows.begins(above, _UNDERLINE) and above and rows.indent(above) == rows.indent(line):
        return range(above - 1, above + 1)
    if rows.begins(above, _TITLE) and rows.indent(above) < rows.indent(line):
        return range(above, above + 1)
    return None


def _ends_section(rows: Rows, title: range, below: int) -> bool:
    if rows.begins(title.start, _HEADING):
        return rows.begins(below, _HEADING)
    if len(title) == 1:
        return rows.indent(below) <= rows.indent(title.start)
    return below + 1 < len(rows) and rows.begins(below + 1, _UNDERLINE)


_FORMS: Mapping[str, Callable[[Rows, Entry], Lines | None]] = {
    "python": _python,
    "javascript": _tagged(_AT),
    "typescript": _tagged(_AT),
    "java": _tagged(_AT),
    "c": _tagged(_AT_OR_BACKSLASH),
    "cpp": _tagged(_AT_OR_BACKSLASH),
    "rust": _rust,
}
