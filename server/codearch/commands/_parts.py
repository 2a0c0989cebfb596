"""Which edges a graph question is about: of what kind, around which scope, at which level."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from codearch.commands._scope import in_scope
from codearch.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from codearch.facts import Edge
    from codearch.graph.analysis import Cycle
    from codearch.snapshot import Snapshot

Kind = Literal["dependencies", "calls", "cycles", "coupling"]
Level = Literal["symbol", "file", "folder"]

SURE = 0.5  # calls that are less certain are left out


@dataclass(frozen=True)
class Wanted:
    """What is asked for: `depth` steps go beyond the scope, never out of what `holds` takes."""

    kind: Kind
    level: Level
    scope: str | None
    depth: int
    holds: Callable[[str], bool]


@dataclass(frozen=True)
class Part:
    """The edges asked for, and the cycles among them where those were asked for."""

    edges: Sequence[Edge]
    cycles: Sequence[Cycle] = ()


def level_of(kind: Kind, level: Level | None) -> Level:
    """Return what a node is; raise UsageError for symbols where edges are between files."""
    if level == "symbol" and kind != "calls":
        message = f"`level` must be file or folder for {kind}: only calls are between symbols."
        raise UsageError(message, field="level")
    return level or ("symbol" if kind == "calls" else "file")


def part(snapshot: Snapshot, wanted: Wanted) -> Part:
    """Return the edges of a kind around a scope."""
    # networkx takes 0.2 s to import, which the start of a server has no time for.
    from codearch.graph.analysis import around, cycles, folded  # noqa: PLC0415

    kind, level, scope = wanted.kind, wanted.level, wanted.scope
    edges = _edges(snapshot, kind)
    paths = _paths(snapshot, edges) if kind == "calls" else {}
    held = {end for end in ends(edges) if wanted.holds(paths.get(end, end))}
    edges = [edge for edge in edges if edge.source in held and edge.target in held]
    if scope and kind != "cycles":
        inside = {end for end in ends(edges) if in_scope(paths.get(end, end), scope, snapshot.root)}
        edges = (
            around(edges, inside, wanted.depth)
            if wanted.depth
            else [edge for edge in edges if edge.source in inside and edge.target in inside]
        )
    if level != "symbol":
        edges = folded(edges, paths)
    if level == "folder":
        edges = folded(edges, {end: _folder(end) for end in ends(edges)})
    if kind != "cycles":
        return Part(edges)
    found = [
        cycle
        for cycle in cycles(edges)
        if any(in_scope(path, scope, snapshot.root) for path in cycle.files)
    ]
    home = {path: number for number, cycle in enumerate(found) for path in cycle.files}
    return Part([edge for edge in edges if _inside_one(edge, home)], found)


def ends(edges: Iterable[Edge]) -> set[str]:
    """Return the nodes of edges."""
    return {end for edge in edges for end in (edge.source, edge.target)}


def best_connected(edges: Sequence[Edge], limit: int) -> set[str]:
    """Return the nodes with most edges, at most `limit` of them."""
    count: Counter[str] = Counter()
    for edge in edges:
        count[edge.source] += 1
        count[edge.target] += 1
    ranked = sorted(count, key=lambda end: (-count[end], end))
    return set(ranked[: max(limit, 0)])


def _edges(snapshot: Snapshot, kind: Kind) -> Sequence[Edge]:
    if kind == "calls":
        return [
            edge
            for edge in snapshot.call_graph()
            if edge.kind == "call" and edge.confidence >= SURE
        ]
    if kind == "coupling":
        return snapshot.coupling()
    return snapshot.import_graph()


def _paths(snapshot: Snapshot, edges: Iterable[Edge]) -> dict[str, str]:
    symbols = snapshot.symbols_by_id(sorted(ends(edges)))
    return {number: symbol.path for number, symbol in symbols.items()}


def _folder(path: str) -> str:
    return path.rpartition("/")[0] or "."


def _inside_one(edge: Edge, home: Mapping[str, int]) -> bool:
    return not edge.deferred and home.get(edge.source, -1) == home.get(edge.target, -2)
