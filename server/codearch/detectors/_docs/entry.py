"""What all parsers of docs give: which name is documented as what, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

EntryKind = Literal[
    "parameter", "property", "mention", "type", "returns", "raises", "name", "likely", "about"
]  # fmt: skip


class Entry(NamedTuple):
    """One thing that docs say; `start` and `end` are the characters of its name in the doc.

    A "property" is one of a parameter (`options.size`); a "mention" names a parameter in passing
    (`<paramref>`, `:type:`); a "type" is a parameter that is a type. "returns" has the first line
    of its description as its name, "raises" the exception; "name" is what the docs are said to be
    about, as "about" where something that is not written here may be meant; a "likely" name is one
    where it is like that of the definition.
    """

    kind: EntryKind
    name: str
    start: int
    end: int


Parser = Callable[[str], Iterator[Entry]]

IDENTIFIER = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")


def named(kind: EntryKind, match: re.Match[str], group: str | int = "name") -> Entry:
    """Return the entry of a match's group."""
    return Entry(kind, match.group(group), match.start(group), match.end(group))


def listed(kind: EntryKind, names: str, start: int) -> Iterator[Entry]:
    """Yield an entry for each name of a list such as `a, *b`; none where one is no plain name."""
    found = []
    for part in re.finditer(r"[^,]+", names):
        bare = part.group().strip().lstrip("\\*&").strip("`")
        if IDENTIFIER.fullmatch(bare) is None:
            return
        at = start + part.start() + part.group().index(bare)
        found.append(Entry(kind, bare, at, at + len(bare)))
    yield from found


def blanked(pattern: re.Pattern[str], text: str) -> str:
    """Replace what a pattern matches by spaces: examples of code in docs are no docs."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
