"""Google's sections in Python docstrings: `Args:` and an indented list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._docs.entry import Entry, listed, named

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGN = re.compile(r"^[ \t]*(?:Arg\w*|Param\w*|Returns?|Raises)\s*:[ \t]*$", re.MULTILINE)
_SECTION = re.compile(
    r"^(?P<indent>[ \t]*)(?P<title>Args|Arguments|Params|Parameters|Returns?|Raises)\s*:[ \t]*\n"
    r"(?P<body>(?:(?:(?P=indent)[ \t]+\S.*|[ \t]*)(?:\n|$))*)",
    re.MULTILINE,
)
_ITEM = re.compile(
    r"(?P<names>\\?\*{0,2}`{0,2}[^\W\d]\w*`{0,2}(?:\s*,\s*\\?\*{0,2}[^\W\d]\w*)*)\s*"
    r"(?P<type>\((?:[^()\n]|\([^()\n]*\))*\))?\s*:(?=\s|$)"
)
_EXCEPTION = re.compile(r"(?P<name>[A-Za-z_][\w.]*)\s*:(?=\s|$)")
_WORD = re.compile(r"[A-Z][a-z]+")  # `Note: ...` among the parameters


def entries(text: str) -> Iterator[Entry]:
    """Yield what the sections say, of lists only what stands at their first level."""
    for section in _SECTION.finditer(text):
        title = section.group("title")
        lines = list(_first_level(section))
        if title in {"Return", "Returns"}:
            yield from (named("returns", line, "said") for line in lines[:1])
            continue
        for line in lines:
            start, end = line.span("said")
            if title == "Raises":
                exception = _EXCEPTION.match(text, start, end)
                if exception:
                    yield named("raises", exception)
                continue
            item = _ITEM.match(text, start, end)
            if item and (item.group("type") or not _WORD.fullmatch(item.group("names"))):
                yield from listed("parameter", item.group("names"), item.start("names"))


def _first_level(section: re.Match[str]) -> Iterator[re.Match[str]]:
    """Yield the lines that are indented as the section's first one."""
    line = re.compile(r"^(?P<indent>[ \t]*)(?P<said>\S.*)$", re.MULTILINE)
    indent = None
    for match in line.finditer(section.string, *section.span("body")):
        if indent is None:
            indent = match.group("indent")
        if match.group("indent") == indent:
            yield match
