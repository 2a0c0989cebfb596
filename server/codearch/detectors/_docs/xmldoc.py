"""C#'s XML docs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._docs.entry import Entry, EntryKind, blanked, named

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGN = re.compile(r"<(?:param|paramref|typeparam|returns|exception)\b")
_CODE = re.compile(r"<(code|example)\b.*?(?:</\1>|\Z)|<!\[CDATA\[.*?\]\]>|<!--.*?-->", re.DOTALL)
_INHERITS = re.compile(r"<(?:inheritdoc|include)\b")
_ELEMENT = re.compile(
    r"<(?P<element>param|paramref|typeparam|exception)\s+(?:name|cref)\s*=\s*([\"'])(?P<name>[^\"'\n]*)\2"
    r"|<returns\s*>(?P<said>.*?)</returns>",
    re.DOTALL,
)
_KINDS: dict[str, EntryKind] = {
    "param": "parameter",
    "paramref": "mention",
    "typeparam": "type",
    "exception": "raises",
}


def entries(text: str) -> Iterator[Entry]:
    """Yield what the elements say; an empty `<returns>` says nothing."""
    if _INHERITS.search(text):
        return
    for match in _ELEMENT.finditer(blanked(_CODE, text)):
        element = match.group("element")
        if element is not None:
            yield named(_KINDS[element], match)
        elif match.group("said").strip():
            start = match.start() + 1
            said = " ".join(match.group("said").split())
            yield Entry("returns", said, start, start + len("returns"))
