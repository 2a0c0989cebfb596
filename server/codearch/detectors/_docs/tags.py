"""Block tags, which begin a line: `@param name text` and its like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Tag(NamedTuple):
    """A block tag and the characters of what follows it, up to the next tag."""

    name: str
    start: int
    end: int


def block_tags(text: str, begin: re.Pattern[str]) -> Iterator[Tag]:
    """Yield the tags of a doc; `begin` matches one's mark and name at the beginning of a line."""
    found = list(begin.finditer(text))
    for place, match in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(text)
        yield Tag(match.group("tag"), match.end(), end)


def first_line(text: str, tag: Tag) -> tuple[str, int, int]:
    """Return a tag's first words, with where they begin and end."""
    words = re.compile(r"\s*(.*)").match(text, tag.start, tag.end)
    if words is None:
        return "", tag.start, tag.start
    said = words.group(1).rstrip()
    return said, words.start(1), words.start(1) + len(said)
