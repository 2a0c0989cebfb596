"""The lines of a symbol that answer the question, and what to mark in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codearch.facts import Highlight
from codearch.text import identifier_words, parts_of, utf16_length

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_LINES = 12
MOST_COLUMNS = 240  # of a line in a snippet; what is longer is cut
MOST_HIGHLIGHTS = 40
_MOST_LOOKED_AT = 4000  # lines of one symbol
_MOST_LEAD = 30  # lines of comment above a definition
_HEADER_SHARE = 1.0  # of the best line's worth, for showing the definition's own line
_IDENTIFIER = re.compile(r"\w+")
_COMMENT = re.compile(r"\s*(?://|/?\*|#(?!\s*(?:include|define|if|endif))|--|;|%|'''|\"\"\"|<!--)")


@dataclass(frozen=True, slots=True)
class Snippet:
    """Lines as they stand in the file; `line` is the first one's number, 0-based."""

    text: str
    line: int
    highlights: tuple[Highlight, ...]


def snippet(
    lines: Sequence[str],
    first: int,
    last: int,
    wanted: Mapping[str, float],
    phrases: Sequence[str] = (),
) -> Snippet:
    """Cut the best stretch out of lines `first` to `last` (included) and the comment above them.

    `wanted` gives each word that may be marked its worth; words that are worth the same as forms of
    one thing count once in a stretch by having the same worth.
    """
    start = _with_lead(lines, first)
    stop = min(last + 1, start + _MOST_LOOKED_AT, len(lines))
    # A whole identifier is found by its parts, of which the first is in the text as it is.
    likely = _likely(lines[start:stop], [*wanted, *map(str.lower, phrases)])
    matches = [
        _matches(lines[at], wanted, phrases) if at - start in likely else []
        for at in range(start, stop)
    ]
    begin = start + _best_window(matches, first - start, wanted)
    end = min(begin + MOST_LINES, stop)
    while begin < end - 1 and not lines[begin].strip():
        begin += 1
    while end > begin + 1 and not lines[end - 1].strip():
        end -= 1
    highlights = [
        Highlight(at, _column(lines[at], left), _column(lines[at], right))
        for at in range(begin, end)
        for left, right, _ in matches[at - start]
    ]
    text = "\n".join(_cut(lines[at]) for at in range(begin, end))
    return Snippet(text, begin, tuple(highlights[:MOST_HIGHLIGHTS]))


_Match = tuple[int, int, str]  # characters from and to, and the word


def _likely(lines: Sequence[str], words: Iterable[str]) -> set[int]:
    """Return the lines in which some of the words may stand, by one pass a word over all text."""
    text = "\n".join(lines).lower()
    found: set[int] = set()
    for word in words:
        line, before = 0, 0
        at = text.find(word)
        while at >= 0 and len(found) < len(lines):
            line += text.count("\n", before, at)
            found.add(line)
            before = at
            at = text.find(word, at + 1)
    return found


def _with_lead(lines: Sequence[str], first: int) -> int:
    """Return where the comment directly above a definition begins."""
    at = first
    while at > 0 and first - at < _MOST_LEAD and _COMMENT.match(lines[at - 1]):
        at -= 1
    return at


def _matches(line: str, wanted: Mapping[str, float], phrases: Sequence[str]) -> list[_Match]:
    """Return what of a line was asked for: phrases, whole identifiers, or parts of them."""
    found: list[_Match] = []
    lowered = line.lower() if phrases else ""
    for phrase in phrases:
        at = lowered.find(phrase.lower())
        while at >= 0:
            found.append((at, at + len(phrase), phrase.lower()))
            at = lowered.find(phrase.lower(), at + len(phrase))
    for identifier in _IDENTIFIER.finditer(line[:2000]):
        held = [word for word in identifier_words(identifier.group()) if word in wanted]
        if not held:
            continue
        parts = parts_of(identifier.group())
        whole = held[-1]
        if all(word != whole for word, _, _ in parts):  # the identifier written as one word
            found.append((identifier.start(), identifier.end(), whole))
            continue
        found += [
            (identifier.start() + left, identifier.start() + right, word)
            for word, left, right in parts
            if word in wanted
        ]
    return sorted(found)


def _best_window(
    matches: Sequence[Sequence[_Match]], header: int, wanted: Mapping[str, float]
) -> int:
    """Return the first line of the stretch that shows most of what was asked for."""
    if len(matches) <= MOST_LINES:
        return 0
    worth = [{word: wanted.get(word, 1.0) for _, _, word in line} for line in matches]
    sums = [sum(line.values()) for line in worth]
    bonus = _HEADER_SHARE * max(sums, default=0.0) or 1.0
    best, best_worth = header, -1.0
    last = len(matches) - MOST_LINES
    held = [at for at, line in enumerate(worth) if line]
    begins = {min(max(at - shift, 0), last) for at in [*held, header] for shift in (0, 2, 5, 8, 11)}
    for begin in sorted(begins):
        stretch = worth[begin : begin + MOST_LINES]
        different = {word: value for line in stretch for word, value in line.items()}
        value = sum(different.values()) + 0.1 * sum(sums[begin : begin + MOST_LINES])
        if begin <= header < begin + MOST_LINES:
            value += bonus
        if value > best_worth + 1e-9:
            best, best_worth = begin, value
    return best


def _column(line: str, at: int) -> int:
    return at if line.isascii() else utf16_length(line[:at])


def _cut(line: str) -> str:
    line = line.rstrip("\r\n")
    return line if len(line) <= MOST_COLUMNS else line[: MOST_COLUMNS - 1] + "…"
