"""The nodes of a graph, with what their size and colour may show."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from codearch.commands._command import Form
from codearch.commands._places import Position, Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codearch.commands._parts import Level
    from codearch.commands._places import Places
    from codearch.facts import Symbol
    from codearch.snapshot import Snapshot

FEW_FILES = 200  # up to here files are looked up one by one
BEGINNING = Range(Position(0, 0), Position(0, 0))


class NodeForm(Form):
    """A file, folder or symbol: its lines, cyclomatic complexity, and hours of debt inside it.

    `churn` counts commits within the last year: to the file, to a symbol's file, and those to the
    files directly in a folder added up.
    """

    id: str
    label: str
    kind: str
    uri: str
    range: Range
    lines: int
    complexity: int
    debt: float
    churn: int


def described(
    snapshot: Snapshot, places: Places, ends: Sequence[str], level: Level, prefix: str
) -> list[NodeForm]:
    """Return the nodes of these ids, which are paths or symbol ids by the level."""
    if level == "symbol":
        nodes = _symbols(snapshot, places, ends)
    elif level == "file":
        nodes = _files(snapshot, places, ends)
    else:
        nodes = _folders(snapshot, places, ends)
    for node in nodes:
        node.id = prefix + node.id
        if level != "symbol":
            node.label = prefix + node.label
    return nodes


def _symbols(snapshot: Snapshot, places: Places, ends: Sequence[str]) -> list[NodeForm]:
    hours: dict[tuple[str, str], float] = defaultdict(float)
    for finding in snapshot.findings():
        hours[finding.path, finding.symbol] += finding.effort_hours
    churn = snapshot.churns()
    return [
        NodeForm(
            id=number,
            label=symbol.path if symbol.kind == "module" else symbol.qualified_name,
            kind=symbol.kind,
            uri=places.uri(symbol.path),
            range=places.range(symbol.path, symbol.span),
            lines=symbol.span.end_line - symbol.span.line + 1,
            complexity=symbol.metrics.cyclomatic if symbol.metrics else 0,
            debt=round(hours[symbol.path, symbol.qualified_name], 2),
            churn=churn.get(symbol.path, 0),
        )
        for number, symbol in snapshot.symbols_by_id(ends).items()
    ]


def _files(snapshot: Snapshot, places: Places, ends: Sequence[str]) -> list[NodeForm]:
    complexity, hours = _complexity(snapshot, ends), _hours(snapshot)
    lines = {file.path: file.lines for file in snapshot.files()}
    churn = snapshot.churns()
    return [
        NodeForm(
            id=path,
            label=path,
            kind="file",
            uri=places.uri(path),
            range=Range(Position(0, 0), Position(lines.get(path, 0), 0)),
            lines=lines.get(path, 0),
            complexity=complexity[path],
            debt=round(hours[path], 2),
            churn=churn.get(path, 0),
        )
        for path in ends
    ]


def _folders(snapshot: Snapshot, places: Places, ends: Sequence[str]) -> list[NodeForm]:
    """Return folders with what lies directly in them; below them are nodes of their own."""
    paths = [file.path for file in snapshot.files()]
    complexity, hours = _complexity(snapshot, paths), _hours(snapshot)
    churn = snapshot.churns()
    nodes = {
        end: NodeForm(
            id=end,
            label=end,
            kind="folder",
            uri=places.uri("" if end == "." else end),
            range=BEGINNING,
            lines=0,
            complexity=0,
            debt=0.0,
            churn=0,
        )
        for end in ends
    }
    for file in snapshot.files():
        node = nodes.get(file.path.rpartition("/")[0] or ".")
        if node is not None:
            node.lines += file.lines
            node.complexity += complexity[file.path]
            node.debt = round(node.debt + hours[file.path], 2)
            node.churn += churn.get(file.path, 0)
    return list(nodes.values())


def _complexity(snapshot: Snapshot, paths: Sequence[str]) -> dict[str, int]:
    """Return the cyclomatic complexity of all functions of each file, added up."""
    total: dict[str, int] = defaultdict(int)
    symbols: Iterable[Symbol]
    if len(paths) <= FEW_FILES:
        symbols = (symbol for path in paths for symbol in snapshot.symbols(path))
    else:
        symbols = snapshot.all_symbols()
    for symbol in symbols:
        if symbol.metrics is not None:
            total[symbol.path] += symbol.metrics.cyclomatic
    return total


def _hours(snapshot: Snapshot) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for finding in snapshot.findings():
        total[finding.path] += finding.effort_hours
    return total
