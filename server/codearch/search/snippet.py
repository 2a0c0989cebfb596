"""The lines of a symbol that answer the question, and what to mark in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from codearch.facts import Highlight
from codearch.text import identifier_words, parts_of, utf16_length

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codearch.facts import Span

MOST_LINES = 12
MOST_COLUMNS = 240  # of a line in a snippet; what is longer is cut
MOST_HIGHLIGHTS = 40
_MOST_LOOKED_AT = 4000  # lines of one symbol
_MOST_MARKED = 2000  # characters of a line in which words are looked for
_MOST_LEAD = 30  # lines of comment above a definition
_HEADER_SHARE = 1.0  # of the best line's worth, for showing the definition's own line
_REPEATED = 0.1  # of a word's worth, each time that a stretch shows it
_SHIFTS = (0, 2, 5, 8, 11)  # lines of a stretch above a match
_IDENTIFIER = re.compile(r"\w+")
_COMMENT = re.compile(r"\s*(?://|/?\*|#(?!\s*(?:include|define|if|endif))|--|;|%|'''|\"\"\"|<!--)")

_Match = tuple[int, int, str]  # characters from and to, and the word


@dataclass(frozen=True, slots=True)
class Snippet:
    """Lines as they stand in the file; `line` is the first one's number, 0-based."""

    text: str
    line: int
    highlights: tuple[Highlight, ...]


class Marks:
    """What may be marked, on one page of results: words with their worth, and exact phrases."""

    def __init__(self, worth: Mapping[str, float], phrases: Sequence[str] = ()) -> None:
        self.worth = worth
        self._phrases = [phrase.lower() for phrase in phrases]
        self._known: dict[str, tuple[_Match, ...]] = {}  # identifiers repeat from line to line

    def by_line(self, lines: Sequence[str]) -> dict[int, list[_Match]]:
        """Return what was asked for in the lines that hold any of it, by their places."""
        found = {}
        for at in self._likely(lines):
            matches = self._in_line(lines[at])
            if matches:
                found[at] = matches
        return found

    def _likely(self, lines: Sequence[str]) -> list[int]:
        """Return the lines in which something may stand, by one pass a word over all the text.

        A whole identifier is found by its parts, of which the first is in the text as it is.
        """
        text = "\n".join(lines).lower()
        found: set[int] = set()
        for word in (*self.worth, *self._phrases):
            line, before = 0, 0
            at = text.find(word)
            while at >= 0:
                line += text.count("\n", before, at)
                found.add(line)
                before = text.find("\n", at)
                at = text.find(word, before) if before >= 0 else -1
        return sorted(found)

    def _in_line(self, line: str) -> list[_Match]:
        """Return what of a line was asked for: phrases, whole identifiers, or parts of them."""
        found: list[_Match] = []
        lowered = line.lower() if self._phrases else ""
        for phrase in self._phrases:
            at = lowered.find(phrase)
            while at >= 0:
                found.append((at, at + len(phrase), phrase))
                at = lowered.find(phrase, at + len(phrase))
        known = self._known
        for identifier in _IDENTIFIER.finditer(line[:_MOST_MARKED]):
            name = identifier.group()
            matches = known.get(name)
            if matches is None:
                matches = known[name] = self._in_identifier(name)
            if matches:
                start = identifier.start()
                found += [(start + left, start + right, word) for left, right, word in matches]
        return sorted(found)

    def _in_identifier(self, name: str) -> tuple[_Match, ...]:
        held = [word for word in identifier_words(name) if word in self.worth]
        if not held:
            return ()
        parts = parts_of(name)
        if all(word != held[-1] for word, _, _ in parts):  # the identifier written as one word
            return ((0, len(name), held[-1]),)
        return tuple((left, right, word) for word, left, right in parts if word in self.worth)


def snippet(source: bytes, span: Span, marks: Marks) -> Snippet:
    """Cut the best stretch out of the lines of a symbol and the comment directly above it."""
    lines, offset = _lines_of(source, span)
    header = span.line - offset
    start = _with_lead(lines, header)
    del lines[:start], lines[_MOST_LOOKED_AT:]
    offset, header = offset + start, header - start
    matches = marks.by_line(lines)
    begin = _best_window(matches, len(lines), header, marks.worth)
    end = min(begin + MOST_LINES, len(lines))
    while begin < end - 1 and not lines[begin].strip():
        begin += 1
    while end > begin + 1 and not lines[end - 1].strip():
        end -= 1
    highlights = [
        Highlight(offset + at, _column(lines[at], left), _column(lines[at], right))
        for at in range(begin, end)
        for left, right in _joined(matches.get(at, ()))
    ]
    text = "\n".join(_cut(line) for line in lines[begin:end])
    return Snippet(text, offset + begin, tuple(highlights[:MOST_HIGHLIGHTS]))


def _joined(matches: Sequence[_Match]) -> list[tuple[int, int]]:
    """Return what of a line to mark, each place once: matches that overlap become one."""
    found: list[tuple[int, int]] = []
    for left, right, _ in matches:  # in the line's order
        if found and left < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], right))
        else:
            found.append((left, right))
    return found


def _lines_of(source: bytes, span: Span) -> tuple[list[str], int]:
    """Return a span's lines and those above that may be its comment, and the first one's number.

    The rest of the file is not looked at: it may be a hundred times longer.
    """
    line = span.line
    start = source.rfind(b"\n", 0, span.start_byte) + 1
    while start > 0 and span.line - line < _MOST_LEAD:
        start = source.rfind(b"\n", 0, start - 1) + 1
        line -= 1
    end = source.find(b"\n", span.end_byte)
    text = source[start : end if end >= 0 else len(source)]
    return text.decode("utf-8", errors="replace").split("\n"), line


def _with_lead(lines: Sequence[str], first: int) -> int:
    """Return where the comment directly above a definition begins."""
    at = first
    while at > 0 and _COMMENT.match(lines[at - 1]):
        at -= 1
    return at


def _best_window(
    matches: Mapping[int, Sequence[_Match]], size: int, header: int, worth: Mapping[str, float]
) -> int:
    """Return the first line of the stretch that shows most of what was asked for.

    A word counts once, and a little each time that it is repeated.
    """
    last = size - MOST_LINES
    if last <= 0:
        return 0
    held = list(matches)
    shown = [{word: worth.get(word, 1.0) for _, _, word in line} for line in matches.values()]
    sums = [sum(words.values()) for words in shown]
    before = [0.0, *accumulate(sums)]
    bonus = _HEADER_SHARE * max(sums, default=0.0) or 1.0
    most = sum({word: value for words in shown for word, value in words.items()}.values())
    best, best_value = header, -1.0
    for begin in sorted({min(max(at - by, 0), last) for at in (*held, header) for by in _SHIFTS}):
        left, right = bisect_left(held, begin), bisect_left(held, begin + MOST_LINES)
        value = _REPEATED * (before[right] - before[left])
        if begin <= header < begin + MOST_LINES:
            value += bonus
        if value + most <= best_value:  # not even with every word
            continue
        different = {word: one for words in shown[left:right] for word, one in words.items()}
        value += sum(different.values())
        if value > best_value + 1e-9:
            best, best_value = begin, value
    return best


def _column(line: str, at: int) -> int:
    return at if line.isascii() else utf16_length(line[:at])


def _cut(line: str) -> str:
    line = line.rstrip("\r\n")
    return line if len(line) <= MOST_COLUMNS else line[: MOST_COLUMNS - 1] + "…"
