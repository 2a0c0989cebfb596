"""The read view: one state of the index, as one session sees it, for the length of one request.

What is read stands in a module for each sort of thing; `Snapshot` binds them to a transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from codearch.errors import Cancelled, UnusableStoreError
from codearch.snapshot import files, graph, history, origins, past, symbols
from codearch.snapshot.reader import Reader
from codearch.store.database import damaged, is_damage, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from types import TracebackType

    from codearch.facts import Call, Edge, File, FileFacts, Finding, History, Symbol, SymbolKind
    from codearch.settings import Settings
    from codearch.snapshot.origins import Origin
    from codearch.snapshot.past import Past
    from codearch.store.database import Connection

__all__ = ["Reader", "Snapshot"]


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
        self.sought: dict[str, set[bytes]] = {}  # words, by the files whose importers may hold them

    def __enter__(self) -> Self:
        self._reader.lock.acquire()
        try:
            if self._reader.closed:
                message = f"The index {self._reader.path} has been replaced."
                raise UnusableStoreError(message, mend="Ask again.", inode=self._reader.inode)
            with translated(self._reader.path, self._reader.inode):
                self._db.execute("BEGIN")
                self.generation = int(self.meta("generation") or 0)
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None
    ) -> None:
        self._leave()
        if is_damage(error) and not getattr(error, "inode", 0):
            assert error is not None  # noqa: S101 - so that the type checker knows
            raise damaged(self._reader.path, error, self._reader.inode) from error

    def _leave(self) -> None:
        """End the transaction, also one that could only be begun: a new index has no tables yet."""
        try:
            if not self._reader.closed and self._db.in_transaction:
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

    @property
    def version(self) -> tuple[int, int]:
        """Which file the index is, and a number that each commit to it changes."""
        return self._reader.inode, int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def meta(self, key: str) -> str | None:
        """Return one of the index's own notes."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def files(self, language: str | None = None, under: str = "") -> list[File]:
        """Return the indexed files by path, all or those of a language or below a folder."""
        return files.files(self._db, language, under)

    def digests(self) -> dict[str, str]:
        """Return the digest of each indexed file's content, by path."""
        return files.digests(self._db)

    def file(self, path: str) -> File | None:
        """Return one file, None where it is not indexed."""
        return files.file(self._db, path)

    def unchecked(self) -> int:
        """Return how many files wait for the rules, so that findings of theirs may be missing."""
        return files.unchecked(self._db)

    def skipped(self) -> dict[str, str]:
        """Return the files that were left out on purpose, with the reason."""
        return files.skipped(self._db)

    def facts(self, path: str) -> FileFacts:
        """Return what was parsed of a file; empty facts where it is not indexed."""
        return files.facts(self._db, self._reader.facts_cache, path)

    def source(self, path: str) -> bytes:
        """Return the UTF-8 text that the facts' spans refer to; empty where it is not indexed."""
        return files.source(self._db, path)

    def code(self, path: str) -> bytes:
        """Return what stands for a file's code: the same where comments and blank lines differ."""
        return files.code(self._db, path)

    def extracts(self, rule: str) -> dict[str, bytes]:
        """Return what is kept of all files on disk for a rule, by path."""
        return files.extracts(self._db, rule)

    def extract(self, rule: str, path: str) -> bytes:
        """Return what is kept of one file on disk for a rule, b"" for nothing."""
        return files.extract(self._db, rule, path)

    def counts(self) -> tuple[int, int, int]:
        """Return how many files and symbols there are, and how many symbols wait for a vector."""
        return files.counts(self._db)

    def counts_below(self, folder: str) -> tuple[int, int, int]:
        """Return how many files, symbols, and symbols without their vector a folder holds."""
        return files.counts_below(self._db, folder)

    def symbols(self, path: str, kind: SymbolKind | None = None) -> list[Symbol]:
        """Return the symbols of a file in source order."""
        return symbols.symbols(self._db, path, kind)

    def all_symbols(self) -> Iterator[Symbol]:
        """Yield every symbol of the workspace, by path."""
        return symbols.all_symbols(self._db)

    def symbol(self, number: str) -> Symbol | None:
        """Return the symbol of an id, None where it is gone."""
        return symbols.symbol(self._db, number)

    def symbols_by_id(self, numbers: Sequence[str]) -> dict[str, Symbol]:
        """Return the symbols of many ids at once."""
        return symbols.symbols_by_id(self._db, numbers)

    def symbols_of_passages(self, passages: Sequence[int]) -> list[tuple[int, Symbol]]:
        """Return (passage, symbol) for each visible symbol that has one of these passages."""
        return symbols.symbols_of_passages(self._db, passages)

    def passages_of(self, number: str) -> list[int]:
        """Return the passages of a symbol."""
        return symbols.passages_of(self._db, number)

    def symbol_at(self, path: str, line: int, column: int | None = None) -> Symbol | None:
        """Return the symbol whose name covers a place, else the innermost one around it."""
        return symbols.symbol_at(self._db, path, line, column)

    def named(self, name: str, limit: int = 50) -> list[Symbol]:
        """Return the symbols of a name, plain or qualified ("Outer.inner", "Outer::inner")."""
        return symbols.named(self._db, name, limit)

    def find_symbols(self, fuzzy: str, limit: int = 100) -> list[Symbol]:
        """Return symbols whose name holds the letters of `fuzzy` in order, best matches first."""
        return symbols.find_symbols(self._db, fuzzy, limit)

    def callers(self, number: str) -> list[Call]:
        """Return the calls of a symbol, most certain first."""
        return graph.callers(self._db, number)

    def callees(self, number: str) -> list[Call]:
        """Return the calls that a symbol makes, in source order."""
        return graph.callees(self._db, number)

    def call_at(self, path: str, line: int, column: int) -> list[Call]:
        """Return the resolved calls whose called name covers a place."""
        return graph.call_at(self._db, path, line, column)

    def tests_of(self, number: str) -> list[Symbol]:
        """Return the tests that reach a symbol directly or are named for it."""
        return graph.tests_of(self._db, number)

    def bases(self, number: str) -> list[Symbol]:
        """Return what a type inherits from or implements."""
        return graph.bases(self._db, number)

    def subtypes(self, number: str) -> list[Symbol]:
        """Return the types that inherit from or implement this one."""
        return graph.subtypes(self._db, number)

    def called_through(self, symbol: Symbol) -> list[Symbol]:
        """Return what else, when it is called, may call a symbol; the nearest first."""
        return graph.called_through(self._db, symbol)

    def overloads(self, symbol: Symbol) -> list[Symbol]:
        """Return what stands beside a symbol with its name and as many parameters."""
        return graph.overloads(self._db, symbol)

    def tested_by(self, number: str) -> list[Symbol]:
        """Return what a test tests, or the tests in it do, the surest first."""
        return graph.tested_by(self._db, number)

    def imports(self, path: str) -> list[Edge]:
        """Return the files that a file uses."""
        return graph.imports(self._db, path)

    def importers(self, path: str) -> list[Edge]:
        """Return the files that use a file."""
        return graph.importers(self._db, path)

    def importers_naming(self, path: str, words: Collection[bytes]) -> Iterator[tuple[str, bytes]]:
        """Yield the files that use a file and hold one of these words, each with its source.

        What it was asked stands in `sought`: the answer may be another once such a file changes.
        """
        self.sought.setdefault(path, set()).update(words)
        for edge in graph.importers(self._db, path):
            source = self.source(edge.source)
            if any(word in source for word in words):
                yield edge.source, source

    def import_graph(self) -> list[Edge]:
        """Return all edges between files, `deferred` where none of its imports loads at once."""
        return graph.import_graph(self._db)

    def import_links(self) -> list[tuple[str, str, int]]:
        """Return who imports whom, and whether late, in one order: cheaper than edges."""
        return graph.import_links(self._db)

    def names_something_of(self, path: str, other: str) -> bool:
        """Say whether a file calls, inherits, tests or mentions what another one defines."""
        return graph.names_something_of(self._db, path, other)

    def call_graph(self) -> list[Edge]:
        """Return all edges between symbols, parallel calls counted."""
        return graph.call_graph(self._db)

    def findings(self, path: str | None = None, rule: str | None = None) -> list[Finding]:
        """Return stored findings by path and line, with the scores of their places as they are."""
        return self.scored(history.findings(self._db, path, rule))

    def scored(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return findings as rules give them with the scores that the graph and history add."""
        return self._reader.scores.of(self._db, self.generation, self.past(), findings)

    def history(self, number: str) -> History | None:
        """Return what git knows of a symbol as its lines are now, None where it knows nothing."""
        if not self.settings.history.enabled:
            return None
        return history.history(self._db, self._reader.line_cache, number)

    def no_history(self, path: str) -> str:
        """Return why symbols of a file have no history, "" where it has not been read yet."""
        if not self.settings.history.enabled:
            return "`history.enabled` is off"
        return history.no_history(self._db, path)

    def studied(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return what is kept of old files, by the keys of `codearch.trends`, as far as it is."""
        return history.studied(self._db, keys)

    def origins(self, path: str) -> Mapping[str, Origin]:
        """Return the commits that left a file's comments and docs behind, by what was asked."""
        return origins.origins(self._db, path) if self.settings.history.enabled else {}

    def churn(self, path: str) -> int:
        """Return how many commits touched a file within the last year of its history."""
        return past.recent_commits(self._db, path)

    def churns(self) -> dict[str, int]:
        """Return the `churn` of every file that has any."""
        return past.recent_by_file(self._db)

    def coupling(self, path: str | None = None) -> list[Edge]:
        """Return pairs of files that change together."""
        return past.coupling(self._db, path)

    def past(self) -> Past | None:
        """Return what git's history says of files; None where there is none, or not read yet."""
        return past.past(self._db) if self.settings.history.enabled else None

    def caller_counts(self, numbers: Sequence[str]) -> dict[str, int]:
        """Return how many different symbols call each of these, where any does."""
        return graph.caller_counts(self._db, numbers)

    def test_counts(self, numbers: Sequence[str]) -> dict[str, int]:
        """Return how many tests test each of these, where any does."""
        return graph.test_counts(self._db, numbers)
