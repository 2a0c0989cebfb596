"""The read view: one state of the index, as one session sees it, for the length of one request."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Self

import msgspec

from codearch.errors import Cancelled
from codearch.facts import (
    Call,
    Edge,
    File,
    FileFacts,
    Finding,
    History,
    Metrics,
    Span,
    Symbol,
    SymbolKind,
)
from codearch.index.contents import unpack_source
from codearch.store.database import FILE_NAME, connect_reader, translated
from codearch.store.schema import CALL_KINDS, INHERIT, TEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from codearch.settings import Settings
    from codearch.store.database import Connection

_FACTS_KEPT = 64

# A file as the session sees it: its own buffer where there is one, else what is on disk.
_VISIBLE = """
CREATE TEMP VIEW visible AS SELECT * FROM main.files AS f WHERE f.session = {session}
    OR (f.session = 0 AND NOT EXISTS
        (SELECT 1 FROM main.files o WHERE o.session = {session} AND o.path = f.path))
"""
_VISIBLE_DISK = "CREATE TEMP VIEW visible AS SELECT * FROM main.files WHERE session = 0"

_SYMBOL_COLUMNS = (
    "s.uid, f.path, f.language, s.name, s.container, s.kind,"
    " s.start_byte, s.end_byte, s.line, s.column, s.end_line, s.end_column,"
    " s.name_start, s.name_end, s.name_line, s.name_column, s.name_end_line, s.name_end_column,"
    " s.signature, s.summary, s.exported, s.test, s.position, s.parent, s.parameters,"
    " s.cyclomatic, s.cognitive, s.nesting, s.code_lines"
)
_SYMBOLS = f"SELECT {_SYMBOL_COLUMNS} FROM symbols s JOIN visible f ON f.id = s.file"
# A cross join keeps its order: the symbols that are asked for, then their files, never all files.
_COLUMNS_FIRST = f"{_SYMBOL_COLUMNS} FROM symbols s CROSS JOIN visible f ON f.id = s.file"
_SYMBOLS_FIRST = f"SELECT {_COLUMNS_FIRST}"
_FILES = "SELECT id, path, language, digest, size, lines, errors, generated, test FROM visible"
_CALLS = (
    "SELECT c.source, c.target, f.path, c.line, c.column, c.end_column, c.start_byte, c.kind,"
    " c.confidence FROM calls c JOIN visible f ON f.id = c.file"
)
# Calls lie by file, so that a symbol's own are found through its file.
_OWN_FILE = "c.file IN (SELECT file FROM symbols WHERE uid = :uid)"


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


class Reader:
    """A connection for one session's reads, kept between requests; one snapshot at a time."""

    def __init__(self, folder: Path, root: Path, session: int = 0) -> None:
        self.root = root
        self.session = session
        self.path = folder / FILE_NAME
        self.connection: Connection = connect_reader(self.path)
        self.facts_cache: OrderedDict[int, FileFacts] = OrderedDict()
        self.lock = threading.Lock()
        with translated(self.path):
            view = _VISIBLE.format(session=int(session)) if session else _VISIBLE_DISK
            # query_only forbids even temporary views
            self.connection.execute("PRAGMA query_only = OFF")
            self.connection.execute(view)
            self.connection.execute("PRAGMA query_only = ON")

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()


class Snapshot:
    """One read transaction. Use it as a context manager; what it gives stays valid afterwards."""

    def __init__(
        self,
        reader: Reader,
        settings: Settings,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._reader = reader
        self._db = reader.connection
        self.root = reader.root
        self.session = reader.session
        self.settings = settings
        self.cancelled = cancelled
        self.generation = 0

    def __enter__(self) -> Self:
        self._reader.lock.acquire()
        try:
            with translated(self._reader.path):
                self._db.execute("BEGIN")
                self.generation = int(self.meta("generation") or 0)
        except BaseException:
            self._reader.lock.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._db.execute("ROLLBACK")
        finally:
            self._reader.lock.release()

    @property
    def connection(self) -> Connection:
        """Return the connection that the transaction runs on."""
        return self._db

    def check_cancelled(self) -> None:
        """Raise Cancelled if whoever asked no longer wants the answer."""
        if self.cancelled():
            message = "The request was cancelled."
            raise Cancelled(message)

    def meta(self, key: str) -> str | None:
        """Return one of the index's own notes."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    # --- files -------------------------------------------------------------------------------

    def files(self, language: str | None = None, under: str = "") -> list[File]:
        """Return the indexed files by path, all or those of a language or below a folder."""
        prefix = under.rstrip("/") + "/" if under else ""
        rows = self._db.execute(f"{_FILES} ORDER BY path")
        return [
            _file(row)
            for row in rows
            if (language is None or row[2] == language)
            and (not prefix or row[1].startswith(prefix))
        ]

    def file(self, path: str) -> File | None:
        """Return one file, None where it is not indexed."""
        row = self._db.execute(f"{_FILES} WHERE path = ?", (path,)).fetchone()
        return _file(row) if row else None

    def counts(self) -> tuple[int, int, int]:
        """Return how many files and symbols there are, and how many symbols wait for a vector."""
        counted = self._db.execute(
            "SELECT (SELECT count(*) FROM visible),"
            " (SELECT count(*) FROM symbols WHERE file IN (SELECT id FROM visible)),"
            " (SELECT count(DISTINCT sp.symbol) FROM passages p"
            " JOIN symbol_passages sp ON sp.passage = p.id JOIN symbols s ON s.id = sp.symbol"
            " WHERE p.embedded = 0 AND s.file IN (SELECT id FROM visible))"
        ).fetchone()
        return int(counted[0]), int(counted[1]), int(counted[2])

    def unchecked(self) -> int:
        """Return how many files wait for the rules, so that findings of theirs may be missing."""
        return int(self._db.execute("SELECT count(*) FROM visible WHERE checked = 0").fetchone()[0])

    def skipped(self) -> dict[str, str]:
        """Return the files that were left out on purpose, with the reason."""
        return dict(self._db.execute("SELECT path, reason FROM skipped").fetchall())

    def facts(self, path: str) -> FileFacts:
        """Return what was parsed of a file; empty facts where it is not indexed."""
        row = self._db.execute("SELECT content FROM visible WHERE path = ?", (path,)).fetchone()
        if row is None:
            return FileFacts(language="text")
        cache = self._reader.facts_cache
        facts = cache.get(row[0])
        if facts is None:
            # numpy takes 0.1 s to import, and most requests ask for no facts.
            from codearch.index.packing import unpack  # noqa: PLC0415

            facts_blob, source_blob = self._db.execute(
                "SELECT facts, source FROM contents WHERE id = ?", row
            ).fetchone()
            facts = unpack(facts_blob, unpack_source(source_blob))
            cache[row[0]] = facts
            if len(cache) > _FACTS_KEPT:
                cache.popitem(last=False)
        else:
            cache.move_to_end(row[0])
        return facts

    def source(self, path: str) -> bytes:
        """Return the UTF-8 text that the facts' spans refer to; empty where it is not indexed."""
        row = self._db.execute(
            "SELECT c.source FROM visible f JOIN contents c ON c.id = f.content WHERE f.path = ?",
            (path,),
        ).fetchone()
        return unpack_source(row[0]) if row else b""

    def counts_below(self, folder: str) -> tuple[int, int, int]:
        """Return how many files, symbols, and symbols without their vector a folder holds."""
        inside = "f.session = 0 AND f.path >= :folder || '/' AND f.path < :folder || '0'"
        of_passages = (
            "passages p JOIN symbol_passages sp ON sp.passage = p.id"
            " JOIN symbols s ON s.id = sp.symbol JOIN main.files f ON f.id = s.file"
        )
        queries = (
            f"SELECT count(*) FROM main.files f WHERE {inside}",
            f"SELECT count(*) FROM symbols s JOIN main.files f ON f.id = s.file WHERE {inside}",
            f"SELECT count(DISTINCT s.id) FROM {of_passages} WHERE p.embedded = 0 AND {inside}",
        )
        files, symbols, waiting = (
            int(self._db.execute(query, {"folder": folder}).fetchone()[0]) for query in queries
        )
        return files, symbols, waiting

    # --- symbols -----------------------------------------------------------------------------

    def symbols(self, path: str, kind: SymbolKind | None = None) -> list[Symbol]:
        """Return the symbols of a file in source order."""
        rows = self._db.execute(f"{_SYMBOLS} WHERE f.path = ? ORDER BY s.position", (path,))
        return [_symbol(row) for row in rows if kind is None or row[5] == kind]

    def all_symbols(self) -> Iterator[Symbol]:
        """Yield every symbol of the workspace, by path."""
        for row in self._db.execute(f"{_SYMBOLS} ORDER BY f.path, s.position"):
            yield _symbol(row)

    def symbol(self, number: str) -> Symbol | None:
        """Return the symbol of an id, None where it is gone."""
        row = self._db.execute(f"{_SYMBOLS_FIRST} WHERE s.uid = ?", (uid_of(number),)).fetchone()
        return _symbol(row) if row else None

    def symbols_by_id(self, numbers: Sequence[str]) -> dict[str, Symbol]:
        """Return the symbols of many ids at once."""
        found: dict[str, Symbol] = {}
        for start in range(0, len(numbers), 500):
            chunk = [uid_of(number) for number in numbers[start : start + 500]]
            marks = ",".join("?" * len(chunk))
            for row in self._db.execute(f"{_SYMBOLS_FIRST} WHERE s.uid IN ({marks})", chunk):
                symbol = _symbol(row)
                found[symbol.id] = symbol
        return found

    def symbols_of_passages(self, passages: Sequence[int]) -> list[tuple[int, Symbol]]:
        """Return (passage, symbol) for each visible symbol that has one of these passages."""
        found: list[tuple[int, Symbol]] = []
        for start in range(0, len(passages), 500):
            chunk = passages[start : start + 500]
            marks = ",".join("?" * len(chunk))
            rows = self._db.execute(
                f"SELECT p.passage, {_SYMBOL_COLUMNS} FROM symbol_passages p"
                " CROSS JOIN symbols s ON s.id = p.symbol CROSS JOIN visible f ON f.id = s.file"
                f" WHERE p.passage IN ({marks})",
                chunk,
            )
            found += [(row[0], _symbol(row[1:])) for row in rows]
        return found

    def passages_of(self, number: str) -> list[int]:
        """Return the passages of a symbol."""
        rows = self._db.execute(
            "SELECT p.passage FROM symbol_passages p JOIN symbols s ON s.id = p.symbol"
            " JOIN visible f ON f.id = s.file WHERE s.uid = ? ORDER BY p.part",
            (uid_of(number),),
        )
        return [row[0] for row in rows]

    def symbol_at(self, path: str, line: int, column: int | None = None) -> Symbol | None:
        """Return the symbol whose name covers a place, else the innermost one around it."""
        rows = self._db.execute(
            f"{_SYMBOLS} WHERE f.path = ? AND s.line <= ? AND s.end_line >= ?"
            " ORDER BY s.position DESC",
            (path, line, line),
        )
        around = [_symbol(row) for row in rows]
        if column is not None:
            for symbol in around:
                name = symbol.name_span
                if name.line == line and name.column <= column <= name.end_column:
                    return symbol
            around = [symbol for symbol in around if _covers(symbol.span, line, column)]
        return min(around, key=_extent, default=None)

    def named(self, name: str, limit: int = 50) -> list[Symbol]:
        """Return the symbols of a name, plain or qualified ("Outer.inner", "Outer::inner")."""
        qualified = name.replace("::", ".").replace("#", ".").strip(".")
        container, _, last = qualified.rpartition(".")
        rows = self._db.execute(
            f"{_SYMBOLS} WHERE s.name = :last COLLATE NOCASE AND s.name IN (:last, :name)"
            " AND s.kind <> 'module' ORDER BY f.test, f.path, s.position",
            {"last": last, "name": name},
        )
        found = [
            symbol
            for symbol in map(_symbol, rows)
            if not container
            or symbol.container == container
            or symbol.container.endswith("." + container)
        ]
        return found[:limit]

    def find_symbols(self, fuzzy: str, limit: int = 100) -> list[Symbol]:
        """Return symbols whose name holds the letters of `fuzzy` in order, best matches first."""
        from codearch.search.picking import pick  # noqa: PLC0415 - beside us in its layer

        chosen = pick(self._db, "".join(fuzzy.split()), limit)
        marks = ",".join("?" * len(chosen))
        rows = self._db.execute(f"SELECT s.id, {_COLUMNS_FIRST} WHERE s.id IN ({marks})", chosen)
        symbols = {row[0]: _symbol(row[1:]) for row in rows}
        return [symbols[number] for number in chosen]

    # --- the graph ---------------------------------------------------------------------------

    def callers(self, number: str) -> list[Call]:
        """Return the calls of a symbol, most certain first."""
        return self._calls("c.target = :uid", uid_of(number))

    def callees(self, number: str) -> list[Call]:
        """Return the calls that a symbol makes, in source order."""
        found = self._calls(f"c.source = :uid AND {_OWN_FILE}", uid_of(number))
        return sorted(found, key=lambda call: (call.span.line, call.span.column))

    def call_at(self, path: str, line: int, column: int) -> list[Call]:
        """Return the resolved calls whose called name covers a place."""
        rows = self._db.execute(
            f"{_CALLS} WHERE f.path = ? AND c.line = ? AND c.column <= ? AND c.end_column >= ?"
            f" AND c.kind < {INHERIT} ORDER BY c.confidence DESC",
            (path, line, column, column),
        )
        return [_call(row) for row in rows]

    def tests_of(self, number: str) -> list[Symbol]:
        """Return the tests that reach a symbol directly or are named for it."""
        rows = self._db.execute(
            "SELECT DISTINCT c.source FROM calls c JOIN visible f ON f.id = c.file"
            f" WHERE c.target = ? AND c.kind = {TEST}",
            (uid_of(number),),
        )
        tests = self.symbols_by_id([symbol_id(row[0]) for row in rows])
        return sorted(tests.values(), key=lambda test: (test.path, test.span.line))

    def bases(self, number: str) -> list[Symbol]:
        """Return what a type inherits from or implements."""
        own = f"source = :uid AND {_OWN_FILE}"
        return self._linked(f"SELECT target FROM calls c WHERE {own} AND kind = {INHERIT}", number)

    def subtypes(self, number: str) -> list[Symbol]:
        """Return the types that inherit from or implement this one."""
        return self._linked(
            f"SELECT source FROM calls WHERE target = :uid AND kind = {INHERIT}", number
        )

    def imports(self, path: str) -> list[Edge]:
        """Return the files that a file uses."""
        return self._imports("WHERE f.path = ?", (path,))

    def importers(self, path: str) -> list[Edge]:
        """Return the files that use a file."""
        return self._imports("WHERE i.target = ?", (path,))

    def import_graph(self) -> list[Edge]:
        """Return all edges between files, `deferred` where none of its imports loads at once."""
        return self._imports("", ())

    def call_graph(self) -> list[Edge]:
        """Return all edges between symbols, parallel calls counted."""
        rows = self._db.execute(
            "SELECT c.source, c.target, c.kind, count(*), max(c.confidence) FROM calls c"
            " JOIN visible f ON f.id = c.file GROUP BY c.source, c.target,"
            f" max(c.kind, {INHERIT - 1}) ORDER BY c.source, c.target"
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

    # --- findings and history ----------------------------------------------------------------

    def findings(self, path: str | None = None, rule: str | None = None) -> list[Finding]:
        """Return stored findings by path and line, the project's own among them."""
        clauses, values = [], []
        if path is not None:
            clauses.append("n.path = ?")
            values.append(path)
        if rule is not None:
            clauses.append("n.rule = ?")
            values.append(rule)
        where = " AND ".join(clauses) or "1"
        rows = self._db.execute(
            "SELECT n.data FROM findings n LEFT JOIN visible f ON f.id = n.file"
            f" WHERE (n.file IS NULL OR f.id IS NOT NULL) AND {where}",
            values,
        )
        found = [_finding_decoder.decode(row[0]) for row in rows]
        return sorted(found, key=lambda one: (one.path, one.span.line, one.rule, one.id))

    def history(self, number: str) -> History | None:
        """Return what git knows of a symbol, None until the indexer has read it."""
        row = self._db.execute(
            "SELECT data FROM histories WHERE uid = ?", (uid_of(number),)
        ).fetchone()
        return _history_decoder.decode(row[0]) if row else None

    def churn(self, path: str) -> int:
        """Return how many commits touched a file within the last year of its history."""
        row = self._db.execute("SELECT commits FROM churn WHERE path = ?", (path,)).fetchone()
        return int(row[0]) if row else 0

    def coupling(self, path: str | None = None) -> list[Edge]:
        """Return pairs of files that change together."""
        where, values = ("WHERE path = ? OR other = ?", (path, path)) if path else ("", ())
        rows = self._db.execute(
            f"SELECT path, other, count, confidence FROM coupling {where} ORDER BY count DESC",
            values,
        )
        return [Edge(a, b, "import", number, confidence) for a, b, number, confidence in rows]

    def caller_counts(self, numbers: Sequence[str]) -> dict[str, int]:
        """Return how many different symbols call each of these, where any does."""
        return self._counts(numbers, f"kind < {INHERIT}")

    def test_counts(self, numbers: Sequence[str]) -> dict[str, int]:
        """Return how many tests test each of these, where any does."""
        return self._counts(numbers, f"kind = {TEST}")

    def _counts(self, numbers: Sequence[str], which: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for start in range(0, len(numbers), 500):
            chunk = [uid_of(number) for number in numbers[start : start + 500]]
            marks = ",".join("?" * len(chunk))
            rows = self._db.execute(
                f"SELECT target, count(DISTINCT source) FROM calls WHERE target IN ({marks})"
                f" AND {which} GROUP BY target",
                chunk,
            )
            found |= {symbol_id(row[0]): row[1] for row in rows}
        return found

    # --- shared ------------------------------------------------------------------------------

    def _calls(self, where: str, uid: int) -> list[Call]:
        rows = self._db.execute(
            f"{_CALLS} WHERE {where} AND c.kind < {INHERIT}"
            " ORDER BY c.confidence DESC, f.path, c.line",
            {"uid": uid},
        )
        return [_call(row) for row in rows]

    def _linked(self, query: str, number: str) -> list[Symbol]:
        rows = self._db.execute(query, {"uid": uid_of(number)}).fetchall()
        found = self.symbols_by_id([symbol_id(row[0]) for row in rows])
        return sorted(found.values(), key=lambda one: (one.path, one.span.line))

    def _imports(self, where: str, values: tuple[str, ...]) -> list[Edge]:
        rows = self._db.execute(
            "SELECT f.path, i.target, count(*), min(i.deferred) FROM imports i"
            f" JOIN visible f ON f.id = i.file {where} GROUP BY f.path, i.target"
            " ORDER BY f.path, i.target",
            values,
        )
        return [
            Edge(source, target, "import", number, deferred=bool(deferred))
            for source, target, number, deferred in rows
        ]


_finding_decoder = msgspec.msgpack.Decoder(Finding)
_history_decoder = msgspec.msgpack.Decoder(History)


def _covers(span: Span, line: int, column: int) -> bool:
    return (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)


def _extent(symbol: Symbol) -> tuple[int, int]:
    return symbol.span.end_byte - symbol.span.start_byte, -symbol.index


def _file(row: Sequence) -> File:  # type: ignore[type-arg]
    number, path, language, digest, size, lines, errors, generated, test = row
    flags = bool(generated), bool(test)
    return File(number, path, language, digest.hex(), size, lines, errors, *flags)


def _symbol(row: Sequence) -> Symbol:  # type: ignore[type-arg]
    metrics = Metrics(row[25], row[26], row[27], row[28]) if row[25] is not None else None
    return Symbol(
        symbol_id(row[0]), row[1], row[2], row[3], row[4], row[5],
        Span(row[6], row[7], row[8], row[9], row[10], row[11]),
        Span(row[12], row[13], row[14], row[15], row[16], row[17]),
        row[18], row[19], bool(row[20]), bool(row[21]), row[22],
        symbol_id(row[23]) if row[23] is not None else None,
        row[24], metrics,
    )  # fmt: skip


def _call(row: Sequence) -> Call:  # type: ignore[type-arg]
    source, target, path, line, column, end_column, start_byte, kind, confidence = row
    span = Span(start_byte, start_byte, line, column, line, end_column)
    where = symbol_id(source), symbol_id(target), path, span
    return Call(*where, CALL_KINDS[kind], confidence / 100)  # type: ignore[arg-type]


def open_snapshot(
    root: Path,
    settings: Settings,
    folder: Path,
    session: int = 0,
) -> Snapshot:
    """Open the index of `root` that lies in `folder`, for one reader of its own."""
    return Snapshot(Reader(folder, root, session), settings)
