"""NumPy's sections in Python docstrings: underlined titles, types behind a colon."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._docs.entry import Entry, listed, named

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGN = re.compile(
    r"^[ \t]*(?:Parameters|Arguments|Returns|Raises)[ \t]*\n[ \t]*(?:---|===)", re.MULTILINE
)
_TITLE = re.compile(
    r"^(?P<indent>[ \t]*)(?P<title>\w[\w ]*?)[ \t]*\n(?P=indent)(?:-{3,}|={3,})[ \t]*$",
    re.MULTILINE,
)
_LINE = re.compile(r"^(?P<indent>[ \t]*)(?P<said>\S.*?)[ \t]*$", re.MULTILINE)
_ITEM = re.compile(r"(?P<names>[\w\\*`]+(?:\s*,\s*[\w\\*`]+)*)\s*(?:$|:(?:\s|$)|\s:)")


def entries(text: str) -> Iterator[Entry]:
    """Yield what the sections say: their lines that are indented as the title is."""
    titles = list(_TITLE.finditer(text))
    for place, title in enumerate(titles):
        end = titles[place + 1].start() if place + 1 < len(titles) else len(text)
        lines = _items(text, title, end)
        match title.group("title"):
            case "Parameters" | "Arguments":
                for line in lines:
                    item = _ITEM.match(line.group("said"))
                    if item:
                        yield from listed("parameter", item.group("names"), line.start("said"))
            case "Returns":
                yield from (named("returns", line, "said") for line in lines[:1])
            case "Raises":
                for line in lines:
                    yield named("raises", line, "said")
            case _:
                pass


def _items(text: str, title: re.Match[str], end: int) -> list[re.Match[str]]:
    return [
        line
        for line in _LINE.finditer(text, title.end(), end)
        if line.group("indent") == title.group("indent")
    ]
