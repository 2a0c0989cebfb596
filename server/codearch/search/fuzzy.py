"""Which of many names fits a few letters best, as people type them into a symbol picker."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from codearch.text import split_identifier

if TYPE_CHECKING:
    from collections.abc import Iterable

Row = tuple[int, str, str]  # number, name, path
_EXACT, _PREFIX, _PART, _HUMPS, _LETTERS = range(5)


def best(letters: str, rows: Iterable[Row], limit: int) -> list[int]:
    """Return the numbers of the rows that fit best, best first; each holds the letters in order."""
    wanted = letters.lower()
    if not wanted:
        return [row[0] for row in heapq.nsmallest(limit, rows, key=lambda row: (row[2], row[0]))]
    found = heapq.nsmallest(limit, ((*_rank(wanted, letters, row), row[0]) for row in rows))
    return [each[-1] for each in found]


def _rank(wanted: str, letters: str, row: Row) -> tuple[int, int, int, str]:
    """Return what to sort by: how the letters fit, wrong case, length of the name, and path."""
    name = row[1]
    lowered = name.lower()
    if lowered == wanted:
        fit = _EXACT
    elif lowered.startswith(wanted):
        fit = _PREFIX
    elif wanted in lowered:
        fit = _PART
    elif lowered.lstrip("_$")[:1] == wanted[0] and _humps(name).startswith(wanted):
        fit = _HUMPS
    else:
        fit = _LETTERS
    return fit, int(letters not in name), len(name), row[2]


def _humps(name: str) -> str:
    """Return the first letters of a name's words: getHTTPServer and get_http_server give ghs."""
    return "".join(word[0] for word in split_identifier(name))
