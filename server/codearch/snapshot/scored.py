"""Findings with their scores: what the graph and the history say of their places as they are now.

What is read for it is kept by the reader: of the graph for a generation, of the history for a HEAD.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from msgspec.structs import replace as replaced

from codearch.facts import Edge
from codearch.graph.analysis import page_rank
from codearch.scores import (
    FilePast,
    FunctionShape,
    Place,
    decayed,
    left_by,
    risk_of,
    scored,
)
from codearch.snapshot import graph, past
from codearch.snapshot.evidence import evidence_of
from codearch.snapshot.past import YEAR_S
from codearch.snapshot.symbols import symbol_id
from codearch.store.schema import KIND_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from codearch.facts import Finding
    from codearch.history.reading import Wish
    from codearch.snapshot.past import FileHistory, Past
    from codearch.store.database import Connection

_FEW = 20  # files; of more the history of all is read at once
_CHUNK = 400  # names a query
_MODULE = KIND_NUMBERS["module"]
_COUPLED = 0.5  # two files change together more often than not


@dataclass(frozen=True)
class _Symbol:
    uid: int
    line: int
    end_line: int
    code_lines: int | None
    cognitive: int | None
    nesting: int | None


@dataclass(frozen=True)
class _Shape:
    """What is known of a file's text."""

    lines: int
    symbols: dict[str, list[_Symbol]]  # by qualified name

    def about(self, finding: Finding) -> _Symbol | None:
        """Return the symbol that a finding names, the one around its line where several have it."""
        named = self.symbols.get(finding.symbol, ())
        if len(named) > 1:
            line = finding.span.line
            return next((each for each in named if each.line <= line <= each.end_line), named[0])
        return named[0] if named else None


@dataclass
class _Graph:
    """What the graph says, for one generation."""

    generation: int = -1
    shapes: dict[str, _Shape] = field(default_factory=dict)
    callers: dict[str, int] = field(default_factory=dict)
    tests: dict[str, int] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)
    has_tests: bool = False


@dataclass
class _History:
    """What the history says, for one HEAD."""

    stamp: Wish | None = None
    files: dict[str, FileHistory | None] = field(default_factory=dict)
    fixes: dict[str, list[int]] = field(default_factory=dict)  # times
    whole: bool = False
    last_times: dict[str, int] = field(default_factory=dict)
    coupled: dict[str, int] = field(default_factory=dict)
    pace: float = 1.0
    newest: int = 0


class Scores:
    """Gives findings their scores, and keeps what that takes until it changes."""

    def __init__(self) -> None:
        self._graph = _Graph()
        self._history = _History()
        self._edges: list[tuple[str, str, int]] | None = None
        self._ranks: dict[str, float] = {}

    def of(
        self, db: Connection, generation: int, known: Past | None, findings: Sequence[Finding]
    ) -> list[Finding]:
        """Return findings with their scores, in the same order."""
        if not findings:
            return []
        if self._graph.generation != generation:
            self._graph = _Graph(generation, has_tests=_has_tests(db))
            self._rank(db)
        paths = dict.fromkeys(each.path for each in findings)
        self._read_shapes(db, paths)
        self._follow(db, known, paths)
        about = [self._about(each) for each in findings]
        self._count(db, about)
        pace = self._history.pace
        of_files = {path: self._of_file(path) for path in paths}
        return [
            replaced(
                scored(finding, self._place(*of_files[finding.path], symbol), pace),
                evidence=self._evidence(finding, symbol),
            )
            for finding, symbol in zip(findings, about, strict=True)
        ]

    def _evidence(self, finding: Finding, symbol: _Symbol | None) -> str:
        callers = self._graph.callers.get(symbol_id(symbol.uid), 0) if symbol is not None else 0
        line = symbol.line if symbol is not None else -1
        return evidence_of(finding, line, callers, self._history.files.get(finding.path))

    def _about(self, finding: Finding) -> _Symbol | None:
        shape = self._graph.shapes.get(finding.path)
        return shape.about(finding) if shape is not None and finding.symbol else None

    # --- the graph ------------------------------------------------------------------------------

    def _rank(self, db: Connection) -> None:
        """Rank files by the imports between them, where these have changed."""
        edges = _import_rows(db)
        if edges == self._edges:
            return
        self._edges = edges
        ranks = page_rank([Edge(source, target, "import", n) for source, target, n in edges])
        ordered = sorted(ranks.values())
        most = max(len(ordered) - 1, 1)
        self._ranks = {path: bisect_left(ordered, rank) / most for path, rank in ranks.items()}

    def _read_shapes(self, db: Connection, paths: Iterable[str]) -> None:
        missing = [path for path in paths if path not in self._graph.shapes]
        for start in range(0, len(missing), _CHUNK):
            chunk = missing[start : start + _CHUNK]
            self._graph.shapes |= dict.fromkeys(chunk, _Shape(0, {})) | _shapes(db, chunk)

    def _count(self, db: Connection, symbols: Iterable[_Symbol | None]) -> None:
        """Count callers and tests of symbols."""
        numbers = dict.fromkeys(symbol_id(each.uid) for each in symbols if each is not None)
        missing = [number for number in numbers if number not in self._graph.counted]
        if missing:
            self._graph.callers |= graph.caller_counts(db, missing)
            self._graph.tests |= graph.test_counts(db, missing)
            self._graph.counted.update(missing)

    # --- the history ----------------------------------------------------------------------------

    def _follow(self, db: Connection, known: Past | None, paths: Iterable[str]) -> None:
        """Read what the history says of these files, and what it says of all where HEAD moved."""
        if known is None:
            self._history = _History()
            return
        if self._history.stamp != known.stamp:
            self._history = _History(
                stamp=known.stamp,
                last_times=past.last_times(db),
                coupled=_coupled(known),
                pace=known.pace,
                newest=known.newest,
            )
        if self._history.whole:
            return
        missing = [path for path in paths if path not in self._history.files]
        if len(missing) > _FEW:
            self._history.files = dict(known.files)
            self._history.fixes = past.fix_times(db)
            self._history.whole = True
        for path in () if self._history.whole else missing:
            self._history.files[path] = known.file(path)
            self._history.fixes |= past.fix_times(db, path)

    def _of_file(self, path: str) -> tuple[Place, FilePast | None]:
        """Return what is known of any place in a file, and its past."""
        own = self._history.files.get(path)
        if own is None:
            return Place(rank=self._ranks.get(path)), None
        newest = self._history.newest
        lines = self._graph.shapes[path].lines
        then = file_past(own, self._history.fixes.get(path, ()), newest, lines)
        place = Place(
            rank=self._ranks.get(path),
            coupled=self._history.coupled.get(path, 0),
            recent=own.recent,
            left=left_by(own.authors, self._history.last_times, newest - YEAR_S),
            risk=risk_of(then),
        )
        return place, then

    def _place(self, of_file: Place, then: FilePast | None, symbol: _Symbol | None) -> Place:
        if symbol is None:
            return of_file
        number = symbol_id(symbol.uid)
        risk = of_file.risk
        if then is not None and symbol.cognitive is not None:
            risk = risk_of(then, FunctionShape(symbol.cognitive, symbol.nesting or 0))
        return replace(
            of_file,
            code_lines=symbol.code_lines,
            cognitive=symbol.cognitive,
            callers=self._graph.callers.get(number, 0),
            tested=self._graph.tests.get(number, 0) > 0 if self._graph.has_tests else None,
            risk=risk,
        )


def file_past(own: FileHistory, fixes: Collection[int], newest: int, lines: int) -> FilePast:
    """Return what the risk of a file rests on; `fixes` are the times of those that mended it."""
    return FilePast(
        lines=lines,
        fixes_year=decayed(fixes, newest, YEAR_S),
        fixes_two_years=decayed(fixes, newest, 2 * YEAR_S),
        authors=len(own.authors),
        quiet_years=max(newest - own.last_time, 0) / YEAR_S,
    )


def _has_tests(db: Connection) -> bool:
    return db.execute("SELECT 1 FROM visible WHERE test LIMIT 1").fetchone() is not None


def _import_rows(db: Connection) -> list[tuple[str, str, int]]:
    rows: list[tuple[str, str, int]] = db.execute(
        "SELECT f.path, t.path, count(*) FROM imports i JOIN visible f ON f.id = i.file"
        " JOIN main.files t ON t.id = i.target GROUP BY f.path, t.path ORDER BY f.path, t.path"
    ).fetchall()
    return rows


def _shapes(db: Connection, paths: Sequence[str]) -> dict[str, _Shape]:
    marks = ",".join("?" * len(paths))
    rows = db.execute(
        "SELECT f.path, f.lines, s.uid, s.container, s.name, s.kind, s.line, s.line + s.breaks,"
        " s.code_lines, s.cognitive, s.nesting"
        f" FROM visible f CROSS JOIN symbols s ON s.file = f.id WHERE f.path IN ({marks})",
        paths,
    )
    found: dict[str, _Shape] = {}
    for path, lines, uid, container, name, kind, *shape in rows:
        symbols = found.setdefault(path, _Shape(lines, {})).symbols
        if kind != _MODULE:
            qualified = f"{container}.{name}" if container else name
            symbols.setdefault(qualified, []).append(_Symbol(uid, *shape))
    return found


def _coupled(known: Past) -> dict[str, int]:
    """Return how many files change with each more often than not."""
    found: dict[str, int] = {}
    for edge in known.coupling():
        if edge.confidence >= _COUPLED:
            for path in (edge.source, edge.target):
                found[path] = found.get(path, 0) + 1
    return found
