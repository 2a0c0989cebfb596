"""Javadoc."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._docs.entry import IDENTIFIER, Entry, blanked, named
from codearch.detectors._docs.tags import block_tags, first_line

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGN = re.compile(r"@(?:param|return|throws|exception)\b")
_TAG = re.compile(r"^[ \t]*@(?P<tag>[a-z]+)\b", re.MULTILINE)
_CODE = re.compile(
    r"<pre\b.*?(?:</pre>|\Z)|\{@code\b[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", re.DOTALL | re.IGNORECASE
)
_INHERITS = re.compile(r"\{@inheritDoc\}", re.IGNORECASE)
_TYPE = re.compile(r"\s*<(?P<name>\w+)>")
_WORD = re.compile(r"\s*(?P<name>[\w$.]+)")


def entries(text: str) -> Iterator[Entry]:
    """Yield what the tags say; `@param <T>` is of a type parameter."""
    if _INHERITS.search(text):
        return
    text = blanked(_CODE, text)
    for tag in block_tags(text, _TAG):
        if tag.name == "return":
            yield Entry("returns", *first_line(text, tag))
            continue
        type_name = _TYPE.match(text, tag.start, tag.end) if tag.name == "param" else None
        if type_name is not None:
            yield named("type", type_name)
            continue
        word = _WORD.match(text, tag.start, tag.end)
        if word is None:
            continue
        name = word.group("name").rstrip(".")
        end = word.start("name") + len(name)
        if tag.name == "param" and IDENTIFIER.fullmatch(name):
            yield Entry("parameter", name, word.start("name"), end)
        elif tag.name in {"throws", "exception"}:
            yield Entry("raises", name, word.start("name"), end)
