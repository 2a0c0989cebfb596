"""rustdoc: Markdown sections that the Rust API guidelines name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._docs.entry import Entry, blanked, named

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGN = re.compile(
    r"#+[ \t]*(?:Arguments?|Parameters?|Args|Params|Inputs?|Returns?|Errors?)\b", re.IGNORECASE
)
_FENCE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1|\Z)", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(?P<indent>[ \t]*)#+[ \t]*(?P<title>[^\n]*?)[ \t:]*$", re.MULTILINE)
_ITEM = re.compile(
    r"^(?P<indent>[ \t]*)[-*+][ \t]+(?:\*\*)?"
    r"(?:`(?:mut )?(?P<quoted>[^\W\d]\w*)(?::[^`\n]*)?`"
    r"|(?P<plain>[^\W\d]\w*)(?=(?:\*\*)?[ \t]*[:\u2013\u2014-]))",
    re.MULTILINE,
)
_ARGUMENTS = frozenset(
    {"argument", "arguments", "parameter", "parameters", "args", "params", "inputs"}
)


def entries(text: str) -> Iterator[Entry]:
    """Yield what the lists under `# Arguments`, and `# Returns` and `# Errors`, say."""
    text = blanked(_FENCE, text)
    headings = list(_HEADING.finditer(text))
    for place, heading in enumerate(headings):
        end = headings[place + 1].start() if place + 1 < len(headings) else len(text)
        title = heading.group("title").lower()
        if title in _ARGUMENTS:
            yield from _items(text, heading.end(), end)
        elif title in {"return", "returns"}:
            said = re.compile(r"\s*(?P<said>.*)").match(text, heading.end(), end)
            if said:
                yield Entry("returns", said.group("said"), *heading.span("title"))
        elif title in {"error", "errors"}:
            yield named("raises", heading, "title")


def _items(text: str, start: int, end: int) -> Iterator[Entry]:
    indent = None
    for item in _ITEM.finditer(text, start, end):
        indent = item.group("indent") if indent is None else indent
        if item.group("indent") == indent:
            yield named("parameter", item, "quoted" if item.group("quoted") else "plain")
