"""Doxygen's commands, which begin with an at sign or a backslash."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._docs.entry import Entry, EntryKind, blanked, listed
from codearch.detectors._docs.tags import Tag, block_tags, first_line

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGN = re.compile(
    r"[@\\](?:param|returns?|result|retval|throws?|exception|fn|class|struct|union|enum|def|typedef)\b"
)
_TAG = re.compile(r"^[ \t]*[@\\](?P<tag>[a-z]+)(?:\s*\[[^\]\n]*\])?(?![\w{])", re.MULTILINE)
_CODE = re.compile(
    r"[@\\](code|verbatim|dot|msc)\b.*?(?:[@\\]end\1\b|\Z)|^[ \t]*(```|~~~).*?(?:^[ \t]*\2|\Z)",
    re.DOTALL | re.MULTILINE,
)
# Docs with one of these are of something that is not what follows, or take part of others'.
_OF_OTHERS = re.compile(
    r"[@\\](?:copydoc|copydetails|overload|file|page|mainpage|defgroup|addtogroup|name|var|property"
    r"|namespace|callback)\b"
)
_KINDS: dict[str, EntryKind] = {
    "return": "returns",
    "returns": "returns",
    "result": "returns",
    "retval": "returns",
    "throw": "raises",
    "throws": "raises",
    "exception": "raises",
}
_SUBJECTS = frozenset({"fn", "class", "struct", "union", "enum", "def", "typedef"})
_NAMES = re.compile(r"\s*(?P<names>`?[^\W\d]\w*`?(?:,[ \t]*[^\W\d]\w*(?=[ \t,\n]))*)")
_SUBJECT = re.compile(r"[^(\n]*?(?P<name>[^\W\d]\w*)\s*(?:\(|$)", re.MULTILINE)


def entries(text: str) -> Iterator[Entry]:
    """Yield what the commands say."""
    if _OF_OTHERS.search(text):
        return
    text = blanked(_CODE, text)
    for tag in block_tags(text, _TAG):
        if tag.name == "param":
            names = _NAMES.match(text, tag.start, tag.end)
            if names:
                yield from _parameters(names)
        elif tag.name in _SUBJECTS:
            yield from _subject(text, tag)
        elif tag.name in _KINDS:
            yield Entry(_KINDS[tag.name], *first_line(text, tag))


def _parameters(names: re.Match[str]) -> Iterator[Entry]:
    """Yield one or several names: `x,y the place`, and not `x, which is the place`."""
    several = names.group("names")
    if ", " in several:
        several = several.partition(",")[0]
    yield from listed("parameter", several, names.start("names"))


def _subject(text: str, tag: Tag) -> Iterator[Entry]:
    match = _SUBJECT.match(text, tag.start, tag.end)
    if match:
        yield Entry("name", match.group("name"), match.start("name"), match.end("name"))
