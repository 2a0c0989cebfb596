"""Facts in a third of the room: columns instead of rows, and nothing that the source says already.

Each list of facts is stored by column. Spans keep their bytes alone, as differences from the one
before; lines and columns are counted again from the source. Texts that stand in the source between
a span's bytes (comments) are not stored. Names are kept once a file. All of it is compressed with
the source as the dictionary.
Small files are stored as rows all the same: for them columns cost more time than they save room.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, Literal

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
    Scope,
    Span,
    SymbolFact,
    Use,
)
from codearch.index.columns import differences, numbers, read_differences, read_numbers
from codearch.index.contents import readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_LEVEL = 5
_SMALL_BYTES = 4096
_WINDOW_BYTES = 32_768  # as far as zlib looks back
_AS_ROWS, _AS_COLUMNS = b"r", b"c"
_LISTS: dict[str, type] = {
    "symbols": SymbolFact,
    "imports": Import,
    "scopes": Scope,
    "definitions": Definition,
    "uses": Use,
    "calls": CallFact,
    "comments": Comment,
}
_How = Literal["span", "derived", "name", "byte", "number", "plain"]


def _how(kind: type, field: structs.FieldInfo) -> _How:
    """Return how a field is stored."""
    if field.type is Span:
        return "span"
    if kind is Use and field.name in ("line", "column"):
        return "derived"  # counted again from the bytes
    if field.type is str:
        return "name"
    if field.type is int:
        return "byte" if field.name.endswith("_byte") else "number"
    return "plain"


# Worked out once: reading annotations costs more than all the rest.
_PLANS: dict[type, tuple[tuple[str, _How], ...]] = {
    kind: tuple((field.name, _how(kind, field)) for field in structs.fields(kind))
    for kind in _LISTS.values()
}
_IN_SOURCE = "\0"  # stands for a text that the source has between the span's bytes

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode
_decode_rows = msgspec.msgpack.Decoder(FileFacts).decode


def pack(facts: FileFacts, source: bytes) -> bytes:
    """Return the stored form of facts that were parsed from `source`."""
    if len(source) < _SMALL_BYTES:
        return _AS_ROWS + _compressed(_encode(facts), source)
    plain = {name: getattr(facts, name) for name in facts.__struct_fields__ if name not in _LISTS}
    names: dict[str, int] = {}
    lists = {
        name: _columns(getattr(facts, name), kind, source, names) for name, kind in _LISTS.items()
    }
    return _AS_COLUMNS + _compressed(_encode((plain, list(names), lists)), source)


def unpack(blob: bytes, source: bytes) -> FileFacts:
    """Return the facts that `pack` stored."""
    with readable():
        return _unpack(blob, source)


def _unpack(blob: bytes, source: bytes) -> FileFacts:
    form, packed = blob[:1], _decompressed(blob[1:], source)
    if form == _AS_ROWS:
        return _decode_rows(packed)
    plain, names, lists = _decode(packed)
    places = _Places(source)
    for name, kind in _LISTS.items():
        plain[name] = _rows(lists[name], kind, places, names)
    return msgspec.convert([plain[name] for name in FileFacts.__struct_fields__], learnt(FileFacts))


def _compressed(data: bytes, source: bytes) -> bytes:
    """Return the data compressed; what the source's beginning holds costs next to nothing."""
    packer = zlib.compressobj(_LEVEL, zdict=source[:_WINDOW_BYTES])
    return packer.compress(data) + packer.flush()


def _decompressed(data: bytes, source: bytes) -> bytes:
    return zlib.decompressobj(zdict=source[:_WINDOW_BYTES]).decompress(data)


# --- writing ----------------------------------------------------------------------------------


def _columns(rows: Sequence[Any], kind: type, source: bytes, names: dict[str, int]) -> list[Any]:
    if not rows:
        return []
    columns: list[Any] = [len(rows)]
    for name, how in _PLANS[kind]:
        values = [getattr(row, name) for row in rows]
        match how:
            case "span":
                columns.append(differences([span.start_byte for span in values]))
                columns.append(numbers([span.end_byte - span.start_byte for span in values]))
            case "name":
                if kind is Comment:
                    values = [_unless_in_source(row, source) for row in rows]
                columns.append(numbers([names.setdefault(value, len(names)) for value in values]))
            case "byte":
                columns.append(differences(values))
            case "number":
                columns.append(numbers(values))
            case "plain":
                columns.append(values)
    return columns


def _unless_in_source(comment: Comment, source: bytes) -> str:
    span = comment.span
    same = source[span.start_byte : span.end_byte] == comment.text.encode("utf-8", "surrogatepass")
    return _IN_SOURCE if same else comment.text


# --- reading ----------------------------------------------------------------------------------


def _rows(columns: list[Any], kind: type, places: _Places, names: list[str]) -> list[Any]:
    if not columns:
        return []
    size, *rest = columns
    waiting = iter(rest)
    made: list[Sequence[Any]] = []
    starts: NDArray[np.int32] = np.zeros(size, np.int32)
    for name, how in _PLANS[kind]:
        match how:
            case "span":
                starts = read_differences(next(waiting))
                ends = starts + read_numbers(next(waiting))
                made.append(places.spans(starts, ends))
            case "derived":
                line, column = places.of(starts)
                made.append((line if name == "line" else column).tolist())
            case "name":
                made.append([names[number] for number in read_numbers(next(waiting)).tolist()])
            case "byte":
                starts = read_differences(next(waiting))
                made.append(starts.tolist())
            case "number":
                made.append(read_numbers(next(waiting)).tolist())
            case "plain":
                made.append(next(waiting))
    if kind is Comment:
        made[0] = places.texts(made[0], made[1])
    return list(zip(*made, strict=True))


class _Places:
    """Counts lines and UTF-16 columns of many byte offsets at once."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        data = np.frombuffer(source, np.uint8)
        self._starts = np.concatenate(
            [np.zeros(1, np.int64), np.flatnonzero(data == ord("\n")) + 1]
        )
        self._units: NDArray[np.int64] | None = None
        if not source.isascii():
            # A character counts at its first byte, one of four bytes twice.
            units = ((data & 0xC0) != 0x80).astype(np.int64) + (data >= 0xF0)
            self._units = np.concatenate([np.zeros(1, np.int64), np.cumsum(units)])

    def of(self, offsets: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return lines and columns."""
        lines = np.searchsorted(self._starts, offsets, side="right") - 1
        begin = self._starts[lines]
        if self._units is None:
            return lines, offsets - begin
        return lines, self._units[offsets] - self._units[begin]

    def spans(
        self, starts: NDArray[np.int32], ends: NDArray[np.int32]
    ) -> list[tuple[int, int, int, int, int, int]]:
        """Return spans as the fields of Span."""
        line, column = self.of(starts)
        end_line, end_column = self.of(ends)
        columns = (starts, ends, line, column, end_line, end_column)
        return list(zip(*(each.tolist() for each in columns), strict=True))

    def texts(self, found: Sequence[str], spans: Sequence[Any]) -> list[str]:
        """Return texts, those that stand in the source taken from there."""
        return [
            self._source[span[0] : span[1]].decode("utf-8", "surrogatepass")
            if text == _IN_SOURCE
            else text
            for text, span in zip(found, spans, strict=True)
        ]
