"""What the index knows of edges: calls, bases, tests, imports."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from codearch.facts import TYPE_KINDS, Call, Edge, Span, Symbol
from codearch.snapshot.symbols import symbol_id, symbols_by_id, uid_of
from codearch.store.schema import CALL_KINDS, INHERIT, KIND_NUMBERS, TEST

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
# Imports lie by file too, and name what is on disk, or a buffer that is not.
_IMPORTED_BY = (
    "FROM visible f CROSS JOIN imports i ON i.file = f.id"
    " CROSS JOIN main.files t ON t.id = i.target"
)
_IMPORTERS_OF = (
    "FROM known t CROSS JOIN imports i ON i.target = t.id CROSS JOIN visible f ON f.id = i.file"
)
_IMPORTS = "FROM imports i JOIN visible f ON f.id = i.file JOIN main.files t ON t.id = i.target"
CHUNK = 400  # numbers a query
_SUREST_FIRST = "ORDER BY c.confidence DESC, f.path, c.line"


# Making an object calls a constructor, so whoever does that uses the type too. Those of C++ and C#
# may stand outside of the type, or in another part of it.
_METHOD = KIND_NUMBERS["method"]
_TYPES = ", ".join(str(KIND_NUMBERS[kind]) for kind in sorted(TYPE_KINDS))
_CONSTRUCTORS = (
    "SELECT DISTINCT c.uid, t.uid FROM symbols c CROSS JOIN symbols t ON t.uid = c.parent"
    " WHERE c.file IN (SELECT file FROM symbols WHERE uid IN ({marks})) AND c.parent IN ({marks})"
    f" AND c.kind = {_METHOD} AND c.name IN (t.name, '__init__', '__new__', 'constructor')"
    f" AND t.kind IN ({_TYPES})"
)
_CONSTRUCTORS_OUTSIDE = (
    "SELECT DISTINCT c.uid, t.uid FROM symbols t CROSS JOIN visible f ON f.id = t.file"
    " CROSS JOIN symbols c ON c.name = t.name COLLATE NOCASE AND c.name = t.name"
    " CROSS JOIN visible g ON g.id = c.file AND g.language = f.language AND g.id <> f.id"
    " WHERE t.uid IN ({marks}) AND f.language IN ('cpp', 'csharp')"
    f" AND c.kind = {_METHOD}"
    f" AND t.kind IN ({_TYPES})"
    " AND substr('.' || t.container || '.' || t.name, -1 - length(c.container))"
    " = '.' || c.container"
)


def constructors(db: Connection, numbers: Sequence[int]) -> dict[int, int]:
    """Return the constructors of those of these symbols that are types, each with its type."""
    found: dict[int, int] = {}
    for start in range(0, len(numbers), CHUNK):
        chunk = numbers[start : start + CHUNK]
        marks = ",".join("?" * len(chunk))
        found |= db.execute(_CONSTRUCTORS.format(marks=marks), (*chunk, *chunk)).fetchall()
        found |= db.execute(_CONSTRUCTORS_OUTSIDE.format(marks=marks), chunk).fetchall()
    return found


def callers(db: Connection, number: str) -> list[Call]:
    """Return the calls of a symbol, most certain first; those of its constructors for a type."""
    rows = _to(db, _CALLS, number, f"c.kind < {INHERIT} {_SUREST_FIRST}")
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
    rows = _to(db, "SELECT DISTINCT c.source", number, f"c.kind = {TEST}")
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


def called_through(db: Connection, symbol: Symbol) -> list[Symbol]:
    """Return what else, when it is called, may call a symbol; the nearest first.

    A method is called by those that it overrides or implements, a constructor by making objects of
    the types below its own that have none: those named as their type if they take no arguments.
    """
    if symbol.kind != "method" or symbol.parent is None:
        return []
    owner = uid_of(symbol.parent)
    if uid_of(symbol.id) in constructors(db, [owner]):
        by_any = symbol.name != symbol.container.rpartition(".")[2]
        return _heirs(db, symbol.parent) if by_any or not symbol.parameters else []
    return _overridden(db, symbol, owner)


def _overridden(db: Connection, method: Symbol, owner: int) -> list[Symbol]:
    found: dict[int, None] = {}
    seen, layer = {owner}, [owner]
    while layer:
        found |= dict.fromkeys(uid for each in layer for uid in _methods(db, each, method.name))
        bases = dict.fromkeys(base for each in layer for base in _bases(db, each))
        layer = [base for base in bases if base not in seen]
        seen.update(layer)
    numbers = [symbol_id(uid) for uid in found]
    symbols = symbols_by_id(db, numbers)
    return [
        symbols[number]
        for number in numbers
        if number in symbols and _is_above(symbols[number], method)
    ]


def _is_above(other: Symbol, method: Symbol) -> bool:
    """Say whether a method of a type or of its bases is none of the same body.

    What stands in the body of an enum's constant has the enum for its parent and overrides its own.
    """
    beside = other.parent == method.parent
    return not beside or method.container.startswith(f"{other.container}.")


def _heirs(db: Connection, owner: str) -> list[Symbol]:
    """Return the types below one, down to those that have a constructor of their own."""
    found: dict[str, Symbol] = {}
    layer = subtypes(db, owner)
    while layer:
        made = set(constructors(db, [uid_of(each.id) for each in layer]).values())
        layer = [each for each in layer if uid_of(each.id) not in made and each.id not in found]
        found |= {each.id: each for each in layer}
        layer = [below for each in layer for below in subtypes(db, each.id)]
    return list(found.values())


def overloads(db: Connection, symbol: Symbol) -> list[Symbol]:
    """Return what stands beside a symbol with its name and as many parameters.

    Which of them a call means depends on types that are not always known.
    """
    if symbol.kind != "method" or symbol.parent is None:
        return []
    uids = _methods(db, uid_of(symbol.parent), symbol.name)
    beside = symbols_by_id(db, [symbol_id(uid) for uid in uids]).values()
    alike = symbol.container, symbol.parameters
    return [
        one for one in beside if one.id != symbol.id and (one.container, one.parameters) == alike
    ]


def _methods(db: Connection, owner: int, name: str) -> list[int]:
    """Return the methods of a name directly in a type."""
    rows = db.execute(
        "SELECT s.uid FROM symbols s CROSS JOIN visible f ON f.id = s.file"
        " WHERE s.file IN (SELECT file FROM symbols WHERE uid = :owner)"
        f" AND s.parent = :owner AND s.name = :name AND s.kind = {_METHOD}",
        {"owner": owner, "name": name},
    )
    return [row[0] for row in rows]


def _bases(db: Connection, owner: int) -> list[int]:
    query = f"SELECT c.target {_BY_SOURCE} WHERE s.uid = ? AND c.kind = {INHERIT}"
    return [row[0] for row in db.execute(query, (owner,))]


def tested_by(db: Connection, number: str) -> list[Symbol]:
    """Return what a test tests, or the tests in it do, the surest first."""
    rows = db.execute(
        f"SELECT c.target {_BY_SOURCE} WHERE s.file IN (SELECT file FROM symbols WHERE uid = :uid)"
        f" AND :uid IN (s.uid, s.parent) AND c.kind = {TEST}"
        " GROUP BY c.target ORDER BY max(c.confidence) DESC, c.target",
        {"uid": uid_of(number)},
    )
    numbers = [symbol_id(row[0]) for row in rows]
    found = symbols_by_id(db, numbers)
    return [found[number] for number in numbers if number in found]


def imports(db: Connection, path: str) -> list[Edge]:
    """Return the files that a file uses."""
    return _imports(db, f"{_IMPORTED_BY} WHERE f.path = ?", path)


def importers(db: Connection, path: str) -> list[Edge]:
    """Return the files that use a file."""
    return _imports(db, f"{_IMPORTERS_OF} WHERE t.path = ?", path)


def import_graph(db: Connection) -> list[Edge]:
    """Return all edges between files, `deferred` where none of its imports loads at once."""
    return _imports(db, _IMPORTS)


def import_links(db: Connection) -> list[tuple[str, str, int]]:
    """Return who imports whom, and whether late, in one order: cheaper than edges."""
    rows = db.execute(f"SELECT f.path, t.path, i.deferred {_IMPORTS}")
    return sorted(rows.fetchall())


def names_something_of(db: Connection, path: str, other: str) -> bool:
    """Say whether a file calls, inherits, tests or mentions what another one defines."""
    row = db.execute(
        "SELECT 1 FROM visible g CROSS JOIN symbols s ON s.file = g.id"
        " CROSS JOIN called d ON d.target = s.uid CROSS JOIN visible f ON f.id = d.file"
        " WHERE g.path = ? AND f.path = ? LIMIT 1",
        (other, path),
    ).fetchone()
    return row is not None


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
    asked = [uid_of(number) for number in numbers]
    types = constructors(db, asked)
    sources: dict[int, set[int]] = defaultdict(set)
    targets = [*dict.fromkeys([*asked, *types])]
    for start in range(0, len(targets), CHUNK):
        chunk = targets[start : start + CHUNK]
        marks = ",".join("?" * len(chunk))
        rows = db.execute(
            f"SELECT DISTINCT d.target, c.source {_BY_TARGET}"
            f" WHERE d.target IN ({marks}) AND {which}",
            chunk,
        )
        for target, source in rows:
            sources[target].add(source)
            if target in types:
                sources[types[target]].add(source)
    return {symbol_id(uid): len(sources[uid]) for uid in asked if uid in sources}


def _to(db: Connection, what: str, number: str, which: str) -> list[Any]:
    """Select from the edges to a symbol, and to its constructors where it is a type."""
    uid = uid_of(number)
    targets = [uid, *constructors(db, [uid])]
    marks = ",".join("?" * len(targets))
    query = f"{what} {_BY_TARGET} WHERE d.target IN ({marks}) AND {which}"
    return db.execute(query, targets).fetchall()


def _linked(db: Connection, query: str, number: str) -> list[Symbol]:
    rows = db.execute(query, (uid_of(number),)).fetchall()
    found = symbols_by_id(db, [symbol_id(row[0]) for row in rows])
    return sorted(found.values(), key=lambda one: (one.path, one.span.line))


def _imports(db: Connection, which: str, *values: str) -> list[Edge]:
    rows = db.execute(
        f"SELECT f.path, t.path, count(*), min(i.deferred) {which}"
        " GROUP BY f.path, t.path ORDER BY f.path, t.path",
        values,
    )
    return [
        Edge(source, target, "import", number, deferred=bool(deferred))
        for source, target, number, deferred in rows
    ]


def _call(row: Sequence[Any]) -> Call:
    source, target, path, line, column, columns, start_byte, kind, confidence = row
    span = Span(start_byte, start_byte, line, column, line, column + columns)
    where = symbol_id(source), symbol_id(target), path, span
    return Call(*where, CALL_KINDS[kind], confidence / 100)  # type: ignore[arg-type] # no links
