"""Facts in a third of the room: columns instead of rows, and nothing that the source says already.

Each list of facts is stored by column. Spans keep their bytes alone, as differences from the one
before; lines and columns are counted again from the source. Texts that stand in the source between
a span's bytes (comments) are not stored. Names are kept once a file, mostly as the place in the
source where they stand; kinds are numbers.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate, pairwise, repeat
from operator import sub
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import msgspec
import numpy as np
from msgspec import structs

from codearch.checked import learnt
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
from codearch.index.columns import numbers, read_numbers
from codearch.index.compression import compress, decompress
from codearch.index.contents import readable, unpack_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from codearch.store.database import Connection

_FEW = 64  # numbers: fewer are packed sooner one by one than by numpy
_FEW_PLACES = 24  # and so many counted
_LISTS: dict[str, type] = {
    "symbols": SymbolFact,
    "imports": Import,
    "scopes": Scope,
    "definitions": Definition,
    "uses": Use,
    "calls": CallFact,
    "comments": Comment,
}
_How = Literal["span", "derived", "name", "names", "rows", "kind", "byte", "number", "plain"]


class _Field(NamedTuple):
    """How a field is stored; `inner` are the rows within, `kinds` all that it can be."""

    name: str
    how: _How
    inner: type
    kinds: tuple[str, ...]


def _field(owner: type, name: str, kind: Any) -> _Field:
    kinds = get_args(kind) if get_origin(kind) is Literal else ()
    (inner,) = get_args(kind)[:1] if get_origin(kind) is tuple else (Any,)
    return _Field(name, _how(owner, name, kind, inner), inner, kinds)


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
_PLANS: dict[type, tuple[_Field, ...]] = {
    kind: tuple(_field(kind, name, hint) for name, hint in get_type_hints(kind).items())
    for kind in (*_LISTS.values(), ImportedName, Parameter)
}
_PLAIN = tuple(name for name in FileFacts.__struct_fields__ if name not in _LISTS)
_BEFORE, _BEYOND = 500, 4_000  # bytes of the source in which a name is looked for
_IN_SOURCE = "\0"  # stands for a text that the source has between the span's bytes

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


def pack(facts: FileFacts, source: bytes) -> bytes:
    """Return the stored form of facts that were parsed from `source`."""
    plain = [getattr(facts, name) for name in _PLAIN]
    names = _Names(source)
    lists = [_columns(getattr(facts, name), kind, names) for name, kind in _LISTS.items()]
    return compress(_encode((plain, names.packed(), lists)))


def unpack(blob: bytes, source: bytes, connection: Connection | None = None) -> FileFacts:
    """Return the facts that `pack` stored."""
    with readable():
        return _unpack(decompress(blob, connection), source)


def read_facts(connection: Connection, content: int) -> tuple[FileFacts, bytes]:
    """Return what was parsed of a stored content, and its source."""
    source_blob, facts_blob = connection.execute(
        "SELECT s.source, p.facts FROM sources s JOIN parsed p ON p.content = s.content"
        " WHERE s.content = ?",
        (content,),
    ).fetchone()
    source = unpack_source(source_blob, connection)
    return unpack(facts_blob, source, connection), source


def _unpack(packed: bytes, source: bytes) -> FileFacts:
    plain, packed_names, lists = _decode(packed)
    found = dict(zip(_PLAIN, plain, strict=True))
    names = _read_names(packed_names, source)
    places = _Places(source)
    for (name, kind), columns in zip(_LISTS.items(), lists, strict=True):
        found[name] = _rows(columns, kind, places, names)
    return msgspec.convert([found[name] for name in FileFacts.__struct_fields__], learnt(FileFacts))


# --- writing ----------------------------------------------------------------------------------


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
    for field, values in zip(_PLANS[kind], by_field, strict=True):
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
    return _IN_SOURCE if same else comment.text


# --- reading ----------------------------------------------------------------------------------


def _rows(columns: list[Any], kind: type, places: _Places, names: list[str]) -> list[Any]:
    if not columns:
        return []
    waiting = iter(columns[1:])
    made: list[Sequence[Any]] = []
    starts: list[int] = []
    for field in _PLANS[kind]:
        if field.how in ("span", "byte"):
            starts = list(accumulate(_read(next(waiting))))
        if field.how == "span":
            made.append(places.spans(starts, _read(next(waiting))))
        elif field.how == "byte":
            made.append(starts)
        elif field.how != "derived":
            made.append(_column(field, waiting, places, names))
        elif field.name == "line":
            made += places.of(starts)
    if kind is Comment:
        made[0] = places.texts(made[0], made[1])
    return list(zip(*made, strict=True))


def _column(
    field: _Field, waiting: Iterator[Any], places: _Places, names: list[str]
) -> Sequence[Any]:
    column: Any = next(waiting)
    match field.how:
        case "plain":
            return column  # type: ignore[no-any-return] # its caller converts all to its types
        case "number":
            return _read(column)
        case "kind":
            return [field.kinds[number] for number in _read(column)]
        case "name":
            return [names[number] for number in _read(column)]
        case "names":
            return _parted([names[number] for number in _read(next(waiting))], _read(column))
        case _:
            return _parted(_rows(next(waiting), field.inner, places, names), _read(column))


def _read_names(packed: list[Any], source: bytes) -> list[str]:
    sizes, differences, written = packed
    places = accumulate(_read(differences))
    rest = iter(written)
    return [
        source[(at := next(places)) : at + size].decode("utf-8", "surrogatepass")
        if size
        else next(rest)
        for size in _read(sizes)
    ]


def _read(column: bytes | list[int]) -> list[int]:
    return column if isinstance(column, list) else read_numbers(column).tolist()


def _parted(flat: Sequence[Any], counts: Iterable[int]) -> list[Sequence[Any]]:
    """Return the items in parts of these sizes."""
    ends = list(accumulate(counts, initial=0))
    return [flat[begin:end] for begin, end in pairwise(ends)]


class _Places:
    """Counts lines and UTF-16 columns of byte offsets."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        lines = source.split(b"\n")
        self._starts = list(accumulate((len(line) + 1 for line in lines[:-1]), initial=0))
        self._few = _FEW_PLACES if source.isascii() else 0

    @cached_property
    def _array(self) -> NDArray[np.int64]:
        return np.array(self._starts, np.int64)

    @cached_property
    def _units(self) -> NDArray[np.int64] | None:
        """UTF-16 units before each byte, None where there is one a byte."""
        if self._source.isascii():
            return None
        data = np.frombuffer(self._source, np.uint8)
        # A character counts at its first byte, one of four bytes twice.
        units = ((data & 0xC0) != 0x80).astype(np.int64) + (data >= 0xF0)
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(units)])

    def of(self, offsets: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return lines and columns."""
        if len(offsets) < self._few:
            starts = self._starts
            lines = [bisect_right(starts, offset) - 1 for offset in offsets]
            return lines, [at - starts[line] for at, line in zip(offsets, lines, strict=True)]
        at = np.array(offsets, np.int64)
        found = np.searchsorted(self._array, at, side="right") - 1
        begin = self._array[found]
        if self._units is None:
            return found.tolist(), (at - begin).tolist()
        return found.tolist(), (self._units[at] - self._units[begin]).tolist()

    def spans(self, starts: list[int], sizes: list[int]) -> list[tuple[int, ...]]:
        """Return spans as the fields of Span."""
        ends = [start + size for start, size in zip(starts, sizes, strict=True)]
        return list(zip(starts, ends, *self.of(starts), *self.of(ends), strict=True))

    def texts(self, found: Sequence[str], spans: Sequence[Any]) -> list[str]:
        """Return texts, those that stand in the source taken from there."""
        return [
            self._source[span[0] : span[1]].decode("utf-8", "surrogatepass")
            if text == _IN_SOURCE
            else text
            for text, span in zip(found, spans, strict=True)
        ]
