"""What the index knows of edges: calls, bases, tests, imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.facts import Call, Edge, Span, Symbol
from codearch.snapshot.symbols import symbol_id, symbols_by_id, uid_of
from codearch.store.schema import CALL_KINDS, INHERIT, TEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.store.database import Connection

_CALLS = (
    "SELECT c.source, c.target, f.path, c.line, c.column, c.columns, c.start_byte, c.kind,"
    " c.confidence"
)
# Calls lie by file. A cross join keeps its order: the files in question first, then their calls.
_IN_FILE = "FROM visible f CROSS JOIN calls c ON c.file = f.id"
_BY_SOURCE = (
    "FROM symbols s CROSS JOIN visible f ON f.id = s.file"
    " CROSS JOIN calls c ON c.file = s.file AND c.source = s.uid"
)
_BY_TARGET = (
    "FROM called d CROSS JOIN visible f ON f.id = d.file"
    " CROSS JOIN calls c ON c.file = d.file AND c.target = d.target"
)
_SUREST_FIRST = "ORDER BY c.confidence DESC, f.path, c.line"


def callers(db: Connection, number: str) -> list[Call]:
    """Return the calls of a symbol, most certain first."""
    rows = db.execute(
        f"{_CALLS} {_BY_TARGET} WHERE d.target = ? AND c.kind < {INHERIT} {_SUREST_FIRST}",
        (uid_of(number),),
    )
    return [_call(row) for row in rows]


def callees(db: Connection, number: str) -> list[Call]:
    """Return the calls that a symbol makes, in source order."""
    rows = db.execute(
        f"{_CALLS} {_BY_SOURCE} WHERE s.uid = ? AND c.kind < {INHERIT} {_SUREST_FIRST}",
        (uid_of(number),),
    )
    return sorted(map(_call, rows), key=lambda call: (call.span.line, call.span.column))


def call_at(db: Connection, path: str, line: int, column: int) -> list[Call]:
    """Return the resolved calls whose called name covers a place."""
    rows = db.execute(
        f"{_CALLS} {_IN_FILE} WHERE f.path = ? AND c.line = ?"
        " AND ? BETWEEN c.column AND c.column + c.columns"
        f" AND c.kind < {INHERIT} ORDER BY c.confidence DESC",
        (path, line, column),
    )
    return [_call(row) for row in rows]


def tests_of(db: Connection, number: str) -> list[Symbol]:
    """Return the tests that reach a symbol directly or are named for it."""
    rows = db.execute(
        f"SELECT DISTINCT c.source {_BY_TARGET} WHERE d.target = ? AND c.kind = {TEST}",
        (uid_of(number),),
    )
    tests = symbols_by_id(db, [symbol_id(row[0]) for row in rows])
    return sorted(tests.values(), key=lambda test: (test.path, test.span.line))


def bases(db: Connection, number: str) -> list[Symbol]:
    """Return what a type inherits from or implements."""
    query = f"SELECT c.target {_BY_SOURCE} WHERE s.uid = ? AND c.kind = {INHERIT}"
    return _linked(db, query, number)


def subtypes(db: Connection, number: str) -> list[Symbol]:
    """Return the types that inherit from or implement this one."""
    query = f"SELECT c.source {_BY_TARGET} WHERE d.target = ? AND c.kind = {INHERIT}"
    return _linked(db, query, number)


def imports(db: Connection, path: str) -> list[Edge]:
    """Return the files that a file uses."""
    return _imports(db, "WHERE f.path = ?", (path,))


def importers(db: Connection, path: str) -> list[Edge]:
    """Return the files that use a file."""
    return _imports(db, "WHERE i.target = ?", (path,))


def import_graph(db: Connection) -> list[Edge]:
    """Return all edges between files, `deferred` where none of its imports loads at once."""
    return _imports(db, "", ())


def call_graph(db: Connection) -> list[Edge]:
    """Return all edges between symbols, parallel calls counted."""
    rows = db.execute(
        f"SELECT c.source, c.target, c.kind, count(*), max(c.confidence) {_IN_FILE}"
        f" GROUP BY c.source, c.target, max(c.kind, {INHERIT - 1}) ORDER BY c.source, c.target"
    )
    return [
        Edge(
            symbol_id(source),
            symbol_id(target),
            "inherit" if kind == INHERIT else "test" if kind == TEST else "call",
            number,
            confidence / 100,
        )
        for source, target, kind, number, confidence in rows
    ]


def caller_counts(db: Connection, numbers: Sequence[str]) -> dict[str, int]:
    """Return how many different symbols call each of these, where any does."""
    return _counts(db, numbers, f"c.kind < {INHERIT}")


def test_counts(db: Connection, numbers: Sequence[str]) -> dict[str, int]:
    """Return how many tests test each of these, where any does."""
    return _counts(db, numbers, f"c.kind = {TEST}")


def _counts(db: Connection, numbers: Sequence[str], which: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(numbers), 500):
        chunk = [uid_of(number) for number in numbers[start : start + 500]]
        marks = ",".join("?" * len(chunk))
        rows = db.execute(
            f"SELECT d.target, count(DISTINCT c.source) {_BY_TARGET}"
            f" WHERE d.target IN ({marks}) AND {which} GROUP BY d.target",
            chunk,
        )
        found |= {symbol_id(row[0]): row[1] for row in rows}
    return found


def _linked(db: Connection, query: str, number: str) -> list[Symbol]:
    rows = db.execute(query, (uid_of(number),)).fetchall()
    found = symbols_by_id(db, [symbol_id(row[0]) for row in rows])
    return sorted(found.values(), key=lambda one: (one.path, one.span.line))


def _imports(db: Connection, where: str, values: tuple[str, ...]) -> list[Edge]:
    rows = db.execute(
        "SELECT f.path, i.target, count(*), min(i.deferred) FROM imports i"
        f" JOIN visible f ON f.id = i.file {where} GROUP BY f.path, i.target"
        " ORDER BY f.path, i.target",
        values,
    )
    return [
        Edge(source, target, "import", number, deferred=bool(deferred))
        for source, target, number, deferred in rows
    ]


def _call(row: Sequence) -> Call:  # type: ignore[type-arg]
    source, target, path, line, column, columns, start_byte, kind, confidence = row
    span = Span(start_byte, start_byte, line, column, line, column + columns)
    where = symbol_id(source), symbol_id(target), path, span
    return Call(*where, CALL_KINDS[kind], confidence / 100)  # type: ignore[arg-type]
