"""JSDoc and TSDoc."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._docs.entry import IDENTIFIER, Entry, EntryKind, blanked, named
from codearch.detectors._docs.tags import Tag, block_tags, first_line

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGN = re.compile(r"@(?:param|arg|argument|returns?|throws|exception)\b")
_TAG = re.compile(r"^[ \t]*@(?P<tag>[a-zA-Z]+)\b", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1|\Z)", re.MULTILINE | re.DOTALL)
# Docs with one of these are of something that is not what follows, or take part of others'.
_OF_OTHERS = re.compile(
    r"@(?:name|callback|typedef|event|overload|override|inherit[dD]oc|abstract|virtual|lends|borrows"
    r"|namespace|module|mixin|interface|external)\b"
)
_ABOUT = frozenset({"function", "method", "func", "class", "constructor"})
_SUBJECT = re.compile(
    r"[ \t]+(?:[\w$-]+[.#~:/]+)*(?P<name>[\w$]+)(?:\([^)\n]*\))?[ \t]*$", re.MULTILINE
)
_KINDS: dict[str, EntryKind] = {
    "param": "parameter",
    "arg": "parameter",
    "argument": "parameter",
    "return": "returns",
    "returns": "returns",
    "throws": "raises",
    "exception": "raises",
}
_NAME = re.compile(r"\s*(?:-\s*)?(?P<open>\[?)\s*(?:\.\.\.)?`?(?P<name>[\w$]+)(?P<more>[.\[]?)")
_PROPERTY = re.compile(r"[\w$]+")


def entries(text: str) -> Iterator[Entry]:
    """Yield what the tags say."""
    if _OF_OTHERS.search(text):
        return
    text = blanked(_FENCE, text)
    for tag in block_tags(text, _TAG):
        kind = _KINDS.get(tag.name)
        if kind == "parameter":
            yield from _parameter(text, tag)
        elif kind is not None:
            yield Entry(kind, *first_line(text, tag))
        elif tag.name in _ABOUT:
            subject = _SUBJECT.match(text, tag.start, tag.end)
            if subject:
                yield named("about", subject)


def _parameter(text: str, tag: Tag) -> Iterator[Entry]:
    match = _NAME.match(text, after_type(text, tag.start, tag.end), tag.end)
    if match is None:
        return
    if match.group("more") == ".":
        yield from _property(text, match)
        return
    if match.group("more") == "[" and not match.group("open"):
        return
    if IDENTIFIER.fullmatch(match.group("name")):
        yield Entry("parameter", match.group("name"), match.start("name"), match.end("name"))


def _property(text: str, parameter: re.Match[str]) -> Iterator[Entry]:
    """Yield the property of a parameter, without what that may have in its turn."""
    name = _PROPERTY.match(text, parameter.end())
    if name is not None:
        start, end = parameter.start("name"), name.end()
        yield Entry("property", text[start:end], start, end)


def after_type(text: str, start: int, end: int) -> int:
    """Return where a tag goes on behind its `{type}`, if it has one."""
    brace = re.compile(r"\s*\{").match(text, start, end)
    if brace is None:
        return start
    depth = 0
    for place in range(brace.end() - 1, end):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    return end
