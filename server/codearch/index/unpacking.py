"""Facts as they were stored, or moved to where they stand in a next version of their file."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from codearch.checked import learnt
from codearch.facts import Comment, FileFacts, Scope, SymbolFact
from codearch.index.columns import read_numbers
from codearch.index.compression import decompress
from codearch.index.contents import readable, unpack_source
from codearch.index.packing import IN_SOURCE, LISTS, PLAIN, PLANS, Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from codearch.parse.recommented import Moves
    from codearch.store.database import Connection

_FEW_PLACES = 24  # so many are counted sooner one by one than by numpy

_decode = msgspec.msgpack.Decoder().decode


def unpack(blob: bytes, source: bytes, connection: Connection | None = None) -> FileFacts:
    """Return the facts that `pack` stored."""
    with readable():
        return _unpack(decompress(blob, connection), source)


class Stored:
    """A version of a file as it is stored, of which the facts of the next one may be made."""

    def __init__(self, source: bytes, packed: bytes) -> None:
        """Take a source and, decompressed, what `pack` made of its facts."""
        self.source = source
        self._packed = packed
        self._plain: list[Any] = []
        self._names: list[str] = []
        self._lists: dict[str, list[Any]] = {}

    def comments(self) -> Sequence[Comment]:
        """Return its comments."""
        self._plain, names, lists = _decode(self._packed)
        self._names = _read_names(names, self.source)
        self._lists = dict(zip(LISTS, lists, strict=True))
        rows = _rows(self._lists["comments"], Comment, _Places(self.source), self._names)
        return msgspec.convert(rows, learnt(list[Comment]))

    def moved(self, source: bytes, moves: Moves) -> FileFacts | None:
        """Return its facts as they stand in `source`, but for comments; None if any is lost."""
        found = dict(zip(PLAIN, self._plain, strict=True))
        places = _MovedPlaces(source, moves)
        for name, kind in LISTS.items():
            places.first_is_file = kind in (SymbolFact, Scope)
            columns = [] if kind is Comment else self._lists[name]
            found[name] = _rows(columns, kind, places, self._names)
        if places.lost:
            return None
        rows = [found[name] for name in FileFacts.__struct_fields__]
        return msgspec.convert(rows, learnt(FileFacts))


def stored_before(connection: Connection, path: str, session: int = 0) -> Stored | None:
    """Return the version of a file that a session has in the index, None if there is none."""
    row = connection.execute(
        "SELECT s.source, p.facts FROM files f JOIN sources s ON s.content = f.content"
        " JOIN parsed p ON p.content = f.content WHERE f.path = ? AND f.session IN (0, ?)"
        # What another version of the parser found is marked so, and is not to be kept.
        " AND f.mtime_ns >= 0 ORDER BY f.session DESC LIMIT 1",
        (path, session),
    ).fetchone()
    if row is None:
        return None
    with readable():
        return Stored(unpack_source(row[0], connection), decompress(row[1], connection))


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
    found = dict(zip(PLAIN, plain, strict=True))
    names = _read_names(packed_names, source)
    places = _Places(source)
    for (name, kind), columns in zip(LISTS.items(), lists, strict=True):
        found[name] = _rows(columns, kind, places, names)
    return msgspec.convert([found[name] for name in FileFacts.__struct_fields__], learnt(FileFacts))


def _rows(columns: list[Any], kind: type, places: _Places, names: list[str]) -> list[Any]:
    if not columns:
        return []
    waiting = iter(columns[1:])
    made: list[Sequence[Any]] = []
    starts: list[int] = []
    for field in PLANS[kind]:
        if field.how in ("span", "byte"):
            starts = list(accumulate(_read(next(waiting))))
        if field.how == "span":
            made.append(places.spans(starts, _read(next(waiting))))
        elif field.how == "byte":
            starts = places.bytes_of(starts)
            made.append(starts)
        elif field.how != "derived":
            made.append(_column(field, waiting, places, names))
        elif field.name == "line":
            made += places.of(starts)
    if kind is Comment:
        made[0] = places.texts(made[0], made[1])
    return list(zip(*made, strict=True))


def _column(
    field: Field, waiting: Iterator[Any], places: _Places, names: list[str]
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

    def bytes_of(self, starts: list[int]) -> list[int]:
        """Return bytes that are no part of a span."""
        return starts

    def spans(self, starts: list[int], sizes: list[int]) -> list[tuple[int, ...]]:
        """Return spans as the fields of Span."""
        ends = [start + size for start, size in zip(starts, sizes, strict=True)]
        return list(zip(starts, ends, *self.of(starts), *self.of(ends), strict=True))

    def texts(self, found: Sequence[str], spans: Sequence[Any]) -> list[str]:
        """Return texts, those that stand in the source taken from there."""
        return [
            self._source[span[0] : span[1]].decode("utf-8", "surrogatepass")
            if text == IN_SOURCE
            else text
            for text, span in zip(found, spans, strict=True)
        ]


class _MovedPlaces(_Places):
    """Does so for another version, in which lines have moved."""

    def __init__(self, source: bytes, moves: Moves) -> None:
        super().__init__(source)
        self._moves = moves
        self.first_is_file = False  # the first row is the file's own, wherever its lines stand
        self.lost = False  # something stood on a line that is gone

    def bytes_of(self, starts: list[int]) -> list[int]:
        """Return where bytes stand now."""
        if not starts:
            return starts
        moved = self._moves.starts(np.array(starts, np.int64))
        if self.first_is_file:
            moved[0] = 0
        self.lost = self.lost or bool(moved.min() < 0)
        found: list[int] = moved.tolist()
        return found

    def spans(self, starts: list[int], sizes: list[int]) -> list[tuple[int, ...]]:
        """Return where spans stand now, as the fields of Span."""
        if not starts:
            return []
        at, many = np.array(starts, np.int64), np.array(sizes, np.int64)
        begin = self._moves.starts(at)
        end = np.where(many > 0, self._moves.ends(at + many), begin)
        if self.first_is_file:
            begin[0], end[0] = 0, len(self._source) if many[0] else 0
        self.lost = self.lost or bool(min(begin.min(), end.min()) < 0)
        return super().spans(begin.tolist(), (end - begin).tolist())
