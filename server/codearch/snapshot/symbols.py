"""What the index knows of symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from codearch.facts import Metrics, Span, Symbol, SymbolKind
from codearch.index.contents import unpack_said
from codearch.index.rows import name_span
from codearch.store.schema import KIND_NUMBERS, SYMBOL_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codearch.store.database import Connection

_SYMBOL_COLUMNS = (
    "s.uid, f.path, f.language, s.name, s.container, s.kind,"
    " s.start_byte, s.bytes, s.line, s.column, s.breaks, s.end_column,"
    " f.content, s.named, s.exported, s.test, s.position, s.parent, s.parameters,"
    " s.cyclomatic, s.cognitive, s.nesting, s.code_lines"
)
_SYMBOLS = f"SELECT {_SYMBOL_COLUMNS} FROM symbols s JOIN visible f ON f.id = s.file"
# A cross join keeps its order: the symbols that are asked for, then their files, never all files.
_COLUMNS_FIRST = f"{_SYMBOL_COLUMNS} FROM symbols s CROSS JOIN visible f ON f.id = s.file"
_SYMBOLS_FIRST = f"SELECT {_COLUMNS_FIRST}"
_ROWS_A_STEP = 1_000


def symbol_id(uid: int) -> str:
    """Return a uid in the form that leaves the program: 12 hexadecimal digits."""
    return f"{uid:012x}"


def uid_of(symbol: str) -> int:
    """Return the number of a symbol's id; one that is no id gives a number that no symbol has."""
    try:
        number = int(symbol, 16)
    except ValueError:
        return -1
    return number if 0 <= number < 1 << 63 else -1


def symbols(db: Connection, path: str, kind: SymbolKind | None) -> list[Symbol]:
    """Return the symbols of a file in source order."""
    rows = db.execute(f"{_SYMBOLS} WHERE f.path = ? ORDER BY s.position", (path,))
    return _made(db, [row for row in rows if kind is None or row[5] == KIND_NUMBERS[kind]])


def all_symbols(db: Connection) -> Iterator[Symbol]:
    """Yield every symbol of the workspace, by path."""
    cursor = db.execute(f"{_SYMBOLS} ORDER BY f.path, s.position")
    while rows := cursor.fetchmany(_ROWS_A_STEP):
        yield from _made(db, rows)


def symbol(db: Connection, number: str) -> Symbol | None:
    """Return the symbol of an id, None where it is gone."""
    row = db.execute(f"{_SYMBOLS_FIRST} WHERE s.uid = ?", (uid_of(number),)).fetchone()
    return _made(db, [row])[0] if row else None


def symbols_by_id(db: Connection, numbers: Sequence[str]) -> dict[str, Symbol]:
    """Return the symbols of many ids at once."""
    found: dict[str, Symbol] = {}
    for start in range(0, len(numbers), 500):
        chunk = [uid_of(number) for number in numbers[start : start + 500]]
        marks = ",".join("?" * len(chunk))
        rows = db.execute(f"{_SYMBOLS_FIRST} WHERE s.uid IN ({marks})", chunk).fetchall()
        found |= {symbol.id: symbol for symbol in _made(db, rows)}
    return found


def symbols_of_passages(db: Connection, passages: Sequence[int]) -> list[tuple[int, Symbol]]:
    """Return (passage, symbol) for each visible symbol that has one of these passages."""
    found: list[tuple[int, Symbol]] = []
    for start in range(0, len(passages), 500):
        chunk = passages[start : start + 500]
        marks = ",".join("?" * len(chunk))
        rows = db.execute(
            f"SELECT h.passage, {_SYMBOL_COLUMNS} FROM holders h"
            " CROSS JOIN visible f ON f.content = h.content"
            " CROSS JOIN symbols s ON s.file = f.id AND s.position = h.position"
            f" WHERE h.passage IN ({marks})",
            chunk,
        ).fetchall()
        made = _made(db, [row[1:] for row in rows])
        found += [(row[0], symbol) for row, symbol in zip(rows, made, strict=True)]
    return found


def passages_of(db: Connection, number: str) -> list[int]:
    """Return the passages of a symbol."""
    row = db.execute(
        "SELECT s.position, c.passages FROM symbols s CROSS JOIN visible f ON f.id = s.file"
        " JOIN contents c ON c.id = f.content WHERE s.uid = ?",
        (uid_of(number),),
    ).fetchone()
    return _passages_decoder.decode(row[1])[row[0]] if row else []


def symbol_at(db: Connection, path: str, line: int, column: int | None) -> Symbol | None:
    """Return the symbol whose name covers a place, else the innermost one around it."""
    rows = db.execute(
        f"{_SYMBOLS} WHERE f.path = ? AND s.line <= ? AND s.line + s.breaks >= ?"
        " ORDER BY s.position DESC",
        (path, line, line),
    )
    around = _made(db, rows.fetchall())
    if column is not None:
        for symbol in around:
            name = symbol.name_span
            if name.line == line and name.column <= column <= name.end_column:
                return symbol
        around = [symbol for symbol in around if _covers(symbol.span, line, column)]
    return min(around, key=_extent, default=None)


def named(db: Connection, name: str, limit: int) -> list[Symbol]:
    """Return the symbols of a name, plain or qualified ("Outer.inner", "Outer::inner")."""
    qualified = name.replace("::", ".").replace("#", ".").strip(".")
    container, _, last = qualified.rpartition(".")
    rows = db.execute(
        f"{_SYMBOLS} WHERE s.name = :last COLLATE NOCASE AND s.name IN (:last, :name)"
        f" AND s.kind <> {KIND_NUMBERS['module']} ORDER BY f.test, f.path, s.position",
        {"last": last, "name": name},
    )
    found = [
        row
        for row in rows
        if not container or row[4] == container or row[4].endswith("." + container)
    ]
    return _made(db, found[:limit])


def find_symbols(db: Connection, fuzzy: str, limit: int) -> list[Symbol]:
    """Return symbols whose name holds the letters of `fuzzy` in order, best matches first."""
    from codearch.search.picking import pick  # noqa: PLC0415 - beside us in its layer

    chosen = pick(db, "".join(fuzzy.split()), limit)
    marks = ",".join("?" * len(chosen))
    rows = db.execute(f"{_SYMBOLS_FIRST} WHERE s.uid IN ({marks})", chosen).fetchall()
    symbols = {row[0]: symbol for row, symbol in zip(rows, _made(db, rows), strict=True)}
    return [symbols[number] for number in chosen]


_passages_decoder = msgspec.msgpack.Decoder(list[list[int]])


def _covers(span: Span, line: int, column: int) -> bool:
    return (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)


def _extent(symbol: Symbol) -> tuple[int, int]:
    return symbol.span.end_byte - symbol.span.start_byte, -symbol.index


def _made(db: Connection, rows: Sequence[Sequence[Any]]) -> list[Symbol]:
    """Return the symbols of rows, with what their contents say of them."""
    contents = list({row[12] for row in rows})
    said: dict[int, list[tuple[str, str]]] = {}
    for start in range(0, len(contents), 500):
        chunk = contents[start : start + 500]
        marks = ",".join("?" * len(chunk))
        found = db.execute(f"SELECT id, said FROM contents WHERE id IN ({marks})", chunk)
        said |= {number: unpack_said(blob, db) for number, blob in found.fetchall()}
    return [_symbol(row, *said[row[12]][row[16]]) for row in rows]


def _symbol(row: Sequence[Any], signature: str, summary: str) -> Symbol:
    metrics = Metrics(*row[19:23]) if row[19] is not None else None
    at, size, line, column, breaks, end_column = row[6:12]
    span = Span(at, at + size, line, column, line + breaks, end_column)
    return Symbol(
        symbol_id(row[0]), row[1], row[2], row[3], row[4], SYMBOL_KINDS[row[5]],
        span, name_span(span, row[3], row[13]),
        signature, summary, bool(row[14]), bool(row[15]), row[16],
        symbol_id(row[17]) if row[17] is not None else None,
        row[18], metrics,
    )  # fmt: skip
