"""Sphinx's field lists, and Epytext's, in Python docstrings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._docs.entry import Entry, EntryKind, listed, named

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGN = re.compile(r"[:@](?:param|parameter|arg|argument|raises?|except|exception|returns?|rtype)\b")
_FIELD = re.compile(
    r"^[ \t]*[:@]"
    r"(?P<field>param|parameter|arg|argument|type|raises?|except|exception|returns?|rtype)\b"
    r"(?P<about>(?:[^:\n]|:(?=\S))*):(?=\s|$)[ \t]*(?:\n[ \t]+(?![ \t:@]))?(?P<said>.*)",
    re.MULTILINE,
)
_NAMES = re.compile(r"(?P<names>[\w\\*]+(?:\s*,\s*[\w\\*]+)*)\s*$")
_KINDS = {"type": "mention", "rtype": "returns", "return": "returns", "returns": "returns"}
_RAISES = frozenset({"raise", "raises", "except", "exception"})


def entries(text: str) -> Iterator[Entry]:
    """Yield what `:param x:`, `:type x:`, `:returns:`, `:rtype:` and `:raises E:` say."""
    for match in _FIELD.finditer(text):
        field, about = match.group("field", "about")
        if field in _RAISES:
            for exception in re.compile(r"[\w.]+").finditer(text, *match.span("about")):
                yield named("raises", exception, 0)
        elif _KINDS.get(field) == "returns":
            yield named("returns", match, "said")
        elif names := _NAMES.search(about):
            before = about[: names.start()].rstrip()
            if before.endswith((",", "[", "|", ".", "(")):
                continue
            kind: EntryKind = "mention" if field == "type" else "parameter"
            yield from listed(kind, names.group("names"), match.start("about") + names.start())
