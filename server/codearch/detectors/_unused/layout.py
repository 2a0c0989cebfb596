"""A file's text as parts: whose each stretch is, without what mentions nothing."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from codearch.detectors._unused.remarks import is_directive
from codearch.facts import TYPE_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from codearch.facts import FileFacts

_DOCSTRING = re.compile(
    rb"\s*[rRuUbB]{0,2}(\"\"\"(?s:.*?)\"\"\"|'''(?s:.*?)'''|\"[^\"\n]*\"|'[^'\n]*')"
)
_NO_EXAMPLE = re.compile(rb"^(?![ \t]*(?:>>>|\.\.\. )).*$", re.MULTILINE)


class Layout:
    """The definitions of a file, and what each is a part of."""

    def __init__(self, facts: FileFacts, source: bytes) -> None:
        self.facts, self.source = facts, source
        self.owners = _owners(facts)
        self.members: dict[int, set[str]] = {}  # of a type, by their names
        for index, owner in enumerate(self.owners):
            if owner >= 0 and facts.symbols[owner].kind in TYPE_KINDS:
                self.members.setdefault(owner, set()).add(facts.symbols[index].name)

    @functools.cached_property
    def code(self) -> bytes:
        """The source with blanks in the place of comments."""
        return _without_comments(self.facts, self.source)

    @functools.cached_property
    def text(self) -> bytes:
        """The same with blanks in the place of docs and names of definitions, too."""
        return _mentioning(self.facts, self.code)

    @functools.cached_property
    def _types(self) -> Stretches:
        return self.stretches(self._type_of)

    def is_member(self, symbol: int) -> bool:
        """Say whether a symbol is a member of a type."""
        owner = self.owners[symbol]
        in_type = owner >= 0 and self.facts.symbols[owner].kind in TYPE_KINDS
        return in_type or self.facts.symbols[symbol].kind == "method"

    def asked(self) -> set[str]:
        """Return the names that interfaces ask of whatever has them."""
        return {
            name
            for owner, names in self.members.items()
            if self.facts.symbols[owner].kind in {"interface", "trait"}
            for name in names
        }

    def members_around(self, byte: int) -> tuple[int, set[str]]:
        """Return the innermost type around a place, -1 for none, and what it has."""
        around = self._types.at(byte)
        return around, self.members.get(around, set())

    def stretches(self, part_of: Callable[[int], int]) -> Stretches:
        """Return whose each stretch of the text is, by what its innermost symbol is a part of."""
        starts, parts = [0], [-1]
        ends: list[tuple[int, int]] = []  # of what is open, and the part around it

        def begin(at: int, part: int) -> None:
            if starts[-1] == at:
                parts[-1] = part
            elif parts[-1] != part:
                starts.append(at)
                parts.append(part)

        for index, symbol in enumerate(self.facts.symbols):
            if symbol.kind == "module":
                continue
            while ends and ends[-1][0] <= symbol.span.start_byte:
                begin(*ends.pop())
            ends.append((symbol.span.end_byte, parts[-1]))
            begin(symbol.span.start_byte, part_of(index))
        while ends:
            begin(*ends.pop())
        return Stretches(starts, parts, len(self.source))

    def _type_of(self, symbol: int) -> int:
        while symbol >= 0 and self.facts.symbols[symbol].kind not in TYPE_KINDS:
            symbol = self.owners[symbol]
        return symbol


class Stretches:
    """Parts of a text, one after the other; -1 is what is no part."""

    def __init__(self, starts: list[int], parts: list[int], size: int) -> None:
        self._starts, self._parts, self._size = starts, parts, size

    def at(self, byte: int) -> int:
        """Return the part that a place lies in."""
        return self._parts[bisect_right(self._starts, byte) - 1]

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        """Yield begin, end and part of each."""
        ends = [*self._starts[1:], self._size]
        return zip(self._starts, ends, self._parts, strict=True)


def _without_comments(facts: FileFacts, source: bytes) -> bytes:
    """Return a source with blanks in the place of comments, but for those that name something."""
    text = bytearray(source)
    for comment in facts.comments:
        if not is_directive(comment.text):
            _blank(text, comment.span.start_byte, comment.span.end_byte)
    return bytes(text)


def _mentioning(facts: FileFacts, code: bytes) -> bytes:
    """Return a source without comments, with blanks in the place of docs and of defined names."""
    text = bytearray(code)
    for symbol in facts.symbols:
        _blank(text, symbol.name_span.start_byte, symbol.name_span.end_byte)
    if facts.language == "python":
        for symbol in facts.symbols:
            begin = 0 if symbol.kind == "module" else symbol.body_byte
            written = symbol.doc and not symbol.remarked
            found = _DOCSTRING.match(text, begin) if written else None
            if found:
                kept = _NO_EXAMPLE.sub(lambda line: b" " * len(line[0]), bytes(found[0]))
                text[begin : found.end()] = kept
    return bytes(text)


def _blank(text: bytearray, begin: int, end: int) -> None:
    text[begin:end] = b" " * (end - begin)


def _owners(facts: FileFacts) -> list[int]:
    """Return for each symbol the one that it is a part of, -1 for none.

    That is the type for what stands outside of it: methods in Go and Rust, definitions in C++.
    """
    symbols = facts.symbols
    types: dict[str, int] = {}
    for index, symbol in enumerate(symbols):
        if symbol.kind in TYPE_KINDS:
            name = f"{symbol.container}.{symbol.name}" if symbol.container else symbol.name
            types.setdefault(name, index)
    owners = []
    for index, symbol in enumerate(symbols):
        owner = symbol.parent
        if symbol.kind == "impl":
            prefix = f"{symbol.container}." if symbol.container else ""
            owner = types.get(prefix + symbol.name, owner)
        elif symbol.kind == "method" and (owner < 0 or symbols[owner].kind not in TYPE_KINDS):
            outside = types.get(symbol.container, owner)
            owner = outside if outside != index else owner
        owners.append(owner)
    return owners
