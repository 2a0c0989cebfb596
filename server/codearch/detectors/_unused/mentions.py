"""How a name is mentioned, as one number for the name and the way: what the search works with."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING

from codearch.detectors._clones.lexicons import LEXICONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Way(IntEnum):
    """How a name stands where it is mentioned."""

    NAME = 0  # alone, or imported
    MEMBER = 1  # after a dot
    OWN = 2  # after self, this ...: a member of the class around it
    STRING = 3  # in a string of source code
    PROSE = 4  # in a document
    OTHER = 5  # in settings, templates, and sources of other languages
    HEADER = 6  # alone, in a C file that others include
    TESTED = 7  # after a dot, in a test
    PARTS = 8  # in parts that are put together


_BITS = 0xFFFF_FFFF
_STEP = 0x9E37_79B9  # so that the ways of one name lie far apart

NAME = rb"[A-Za-z_$\x80-\xff][\w$\x80-\xff]*"
NAMES = re.compile(NAME)
_WHOLE = re.compile(rb"[\w$.:#/-]+")  # a string that is a name or a path of names
_CODE = re.compile(rb"_|\d|[a-z$][A-Z]")  # what words of prose do not have inside
_MARKED = re.compile(
    rb"^```(?s:.*?)^```|`[^`\n]*`|(?<![\w$])%b(?=\()|<[^>\n]*>|^(?: {4}|\t).*$" % NAME, re.MULTILINE
)


def key(name: str, way: Way) -> int:
    """Return the number of a name that is mentioned in a way."""
    return (hash(name) + way * _STEP) & _BITS


OWN = re.compile(rb"\b(?:self|cls|this|super\(\))\s*(?:->|\.)\s*#?" + NAME)


def patterns(language: str) -> re.Pattern[bytes]:
    """Return the pattern of a language's tokens that hold names: strings, members, names."""
    strings = b"|".join(each.encode() for each in LEXICONS[language].strings)
    after = rb"(?:\?\.|->|::|\.)\s*"
    parts = (rb"(?P<string>%b)" % strings, rb"(?P<own>%b)" % OWN.pattern,
             rb"(?P<member>%b#?%b)" % (after, NAME), rb"(?P<name>#?%b)" % NAME)  # fmt: skip
    return re.compile(b"|".join(parts))


TOKENS = {language: patterns(language) for language in LEXICONS}


def last_part(token: bytes) -> bytes:
    """Return the name at a token's end: `self.a`, `.a`, `::a`, `a`."""
    start = max(token.rfind(b"."), token.rfind(b">"), token.rfind(b":")) + 1
    return token[start:].strip()


def last_name(token: bytes) -> str:
    """Return the name at a token's end as text."""
    return last_part(token).decode("utf-8", "replace")


def names_in_string(token: bytes) -> Iterator[str]:
    """Yield the names in a string that are no words of prose: all of them in one without spaces."""
    body = token.lstrip(b"rRbBuUfFL$@#").strip(b"\"'`#")
    whole = _WHOLE.fullmatch(body) is not None
    for match in NAMES.finditer(body):
        if whole or _CODE.search(match.group()):
            yield match.group().decode("utf-8", "replace")


def names_in_prose(text: bytes) -> set[str]:
    """Return the names in a document: what is marked as code, or is written as no word is."""
    found = {word for word in set(NAMES.findall(text)) if _CODE.search(word)}
    for match in _MARKED.finditer(text):
        found.update(NAMES.findall(match.group()))
    return set(decoded(found))


def names_in_other(text: bytes) -> set[str]:
    """Return all the names in a file of which nothing more is known."""
    return set(decoded(set(NAMES.findall(text))))


def decoded(names: Iterable[bytes]) -> Iterator[str]:
    """Yield names as text."""
    for name in names:
        yield name.decode("utf-8", "replace")
