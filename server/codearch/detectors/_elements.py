"""Elements of XML found in its text, in time that grows with the text, whatever it holds."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*\"([^\"<]*)\"")


class Element(NamedTuple):
    """One element: where it begins, its attributes as written, and what is in it, with its start.

    One of the same name within it is part of what is in it, up to the first end.
    """

    start: int
    head: str
    head_start: int
    inner: str
    inner_start: int
    end: int

    @property
    def attributes(self) -> dict[str, str]:
        """Return the values of its attributes."""
        return {match[1]: match[2] for match in _ATTRIBUTE.finditer(self.head)}

    def place_of(self, attribute: str) -> tuple[int, int]:
        """Return where the value of an attribute stands in the text; its start without one."""
        for match in _ATTRIBUTE.finditer(self.head):
            if match[1] == attribute:
                start, end = match.span(2)
                return self.head_start + start, self.head_start + end
        return self.start, self.start


def elements(text: str, name: str) -> Iterator[Element]:
    """Yield the elements of a name in the order of the text, those that do not end left out."""
    opening, closing = _opening(name), f"</{name}>"
    at = 0
    while (found := opening.search(text, at)) is not None:
        head = found[1]
        close = end = found.end()
        if not head.endswith("/"):
            close = text.find(closing, end)
            if close < 0:
                return  # so has no later one an end
            end = close + len(closing)
        inner = text[found.end() : close]
        yield Element(found.start(), head, found.start(1), inner, found.end(), end)
        at = end


def written(text: str, name: str) -> str:
    """Return the text in the first element of a name; "" where there is none, or more elements."""
    for each in elements(text, name):
        return "" if "<" in each.inner else each.inner.strip()
    return ""


def comments(text: str) -> Iterator[tuple[int, int]]:
    """Yield where comments begin and end."""
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        at = end + len("-->")
        yield start, at


@functools.cache
def _opening(name: str) -> re.Pattern[str]:
    return re.compile(rf"<{name}(?=[\s/>])([^<>]*)>")
