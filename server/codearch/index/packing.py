"""Facts in a third of the room: columns instead of rows, and nothing that the source says already.

Each list of facts is stored by column. Spans keep their bytes alone, as differences from the one
before; lines and columns are counted again from the source. Texts that stand in the source between
a span's bytes (comments) are not stored. Names are kept once a file, mostly as the place in the
source where they stand; kinds are numbers.
"""

from __future__ import annotations

from itertools import repeat
from operator import sub
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import msgspec
from msgspec import structs

from codearch.facts import (
    CallFact,
    Comment,
    Definition,
    FileFacts,
    Import,
    ImportedName,
    Parameter,
    Scope,
    Span,
    SymbolFact,
    Use,
)
from codearch.index.columns import numbers
from codearch.index.compression import compress

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_FEW = 64  # numbers: fewer are packed sooner one by one than by numpy
LISTS: dict[str, type] = {
    "symbols": SymbolFact,
    "imports": Import,
    "scopes": Scope,
    "definitions": Definition,
    "uses": Use,
    "calls": CallFact,
    "comments": Comment,
}
_How = Literal["span", "derived", "name", "names", "rows", "kind", "byte", "number", "plain"]


class Field(NamedTuple):
    """How a field is stored; `inner` are the rows within, `kinds` all that it can be."""

    name: str
    how: _How
    inner: type
    kinds: tuple[str, ...]


def _field(owner: type, name: str, kind: Any) -> Field:
    kinds = get_args(kind) if get_origin(kind) is Literal else ()
    (inner,) = get_args(kind)[:1] if get_origin(kind) is tuple else (Any,)
    return Field(name, _how(owner, name, kind, inner), inner, kinds)


def _how(owner: type, name: str, kind: Any, inner: Any) -> _How:
    if kind is Span:
        return "span"
    if owner is Use and name in ("line", "column"):
        return "derived"  # counted again from the bytes
    if inner in (str, ImportedName, Parameter):
        return "names" if inner is str else "rows"
    if kind is str:
        return "name"
    if kind is int:
        return "byte" if name.endswith("_byte") else "number"
    return "kind" if get_origin(kind) is Literal else "plain"


# Worked out once: reading annotations costs more than all the rest.
PLANS: dict[type, tuple[Field, ...]] = {
    kind: tuple(_field(kind, name, hint) for name, hint in get_type_hints(kind).items())
    for kind in (*LISTS.values(), ImportedName, Parameter)
}
PLAIN = tuple(name for name in FileFacts.__struct_fields__ if name not in LISTS)
_BEFORE, _BEYOND = 500, 4_000  # bytes of the source in which a name is looked for
IN_SOURCE = "\0"  # stands for a text that the source has between the span's bytes

_encode = msgspec.msgpack.Encoder().encode


def pack(facts: FileFacts, source: bytes) -> bytes:
    """Return the stored form of facts that were parsed from `source`."""
    plain = [getattr(facts, name) for name in PLAIN]
    names = _Names(source)
    lists = [_columns(getattr(facts, name), kind, names) for name, kind in LISTS.items()]
    return compress(_encode((plain, names.packed(), lists)))


class _Names:
    """The distinct names of a file, numbered."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self._numbers: dict[str, int] = {}
        self._places: list[int] = []
        self._sizes: list[int] = []  # in bytes; 0 for a name that is written out
        self._written: list[str] = []

    def numbers(self, names: Iterable[str], near: Iterable[int]) -> list[int]:
        """Return the numbers of names, each of which may stand near such a byte."""
        known, add = self._numbers, self._add
        return [
            known[name] if name in known else add(name, place)
            for name, place in zip(names, near, strict=False)
        ]

    def _add(self, name: str, near: int) -> int:
        text = name.encode("utf-8", "surrogatepass")
        place = -1
        if len(text) > 1:
            place = self.source.find(text, max(0, near - _BEFORE), near + _BEYOND + len(text))
        if place < 0:
            self._sizes.append(0)
            self._written.append(name)
        else:
            self._sizes.append(len(text))
            self._places.append(place)
        return self._numbers.setdefault(name, len(self._numbers))

    def packed(self) -> list[Any]:
        """Return the stored form."""
        return [_numbers(self._sizes), _differences(self._places), self._written]


def _columns(rows: Sequence[Any], kind: type, names: _Names) -> list[Any]:
    """Return how many rows there are, then their columns."""
    if not rows:
        return []
    columns: list[Any] = [len(rows)]
    near = _starts(rows, kind)
    by_field = zip(*map(structs.astuple, rows), strict=True)
    for field, values in zip(PLANS[kind], by_field, strict=True):
        match field.how:
            case "span":
                columns.append(_differences([span.start_byte for span in values]))
                columns.append(_numbers([span.end_byte - span.start_byte for span in values]))
            case "name":
                texts: Iterable[str] = values
                if kind is Comment:
                    texts = [_unless_in_source(row, names.source) for row in rows]
                columns.append(_numbers(names.numbers(texts, near)))
            case "names":
                columns.append(_numbers([len(part) for part in values]))
                flat = [text for part in values for text in part]
                places = [at for part, at in zip(values, near, strict=False) for _ in part]
                columns.append(_numbers(names.numbers(flat, places)))
            case "rows":
                columns.append(_numbers([len(part) for part in values]))
                columns.append(
                    _columns([row for part in values for row in part], field.inner, names)
                )
            case "kind":
                columns.append(_numbers([field.kinds.index(value) for value in values]))
            case "byte":
                columns.append(_differences(values))
            case "number":
                columns.append(_numbers(values))
            case "plain":
                columns.append(values)
    return columns


def _starts(rows: Sequence[Any], kind: type) -> Iterable[int]:
    """Return where each row begins in the source, as far as it says so."""
    if kind is Use:
        return [row.start_byte for row in rows]
    if kind is Parameter:
        return repeat(0)
    return [row.span.start_byte for row in rows]


def _numbers(values: Sequence[int]) -> bytes | Sequence[int]:
    return values if len(values) < _FEW else numbers(values)


def _differences(values: Sequence[int]) -> bytes | Sequence[int]:
    return _numbers(list(map(sub, values, (0, *values))))


def _unless_in_source(comment: Comment, source: bytes) -> str:
    span = comment.span
    same = source[span.start_byte : span.end_byte] == comment.text.encode("utf-8", "surrogatepass")
    return IN_SOURCE if same else comment.text
