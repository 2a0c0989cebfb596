"""Measures on the code graph: cycles, coupling, importance, nearness. All results are ordered."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

import msgspec

from codearch.facts import Edge
from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import networkx as nx
    import numpy as np
    from numpy.typing import NDArray
else:
    nx = Lazy("networkx")
    np = Lazy("numpy")


TRIALS = 2_000_000  # edge visits that looking for the edge to cut may cost


class Cycle(msgspec.Struct, frozen=True):
    """One strongly connected component of the load-time import graph.

    `shortest` is a shortest cycle within it, each file importing the next and the last the first;
    `cut` is the import whose removal frees most files, the least used of those that free as many.
    """

    files: tuple[str, ...]
    shortest: tuple[str, ...]
    cut: Edge
    freed: int  # files that are in no cycle any more once `cut` is gone


class Degree(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """How a node is coupled: distinct nodes that use it, that it uses, and Martin's instability."""

    fan_in: int
    fan_out: int

    @property
    def instability(self) -> float:
        """Return fan-out over all coupling (Martin, 1994): 0 stable, 1 unstable, 0 if alone."""
        total = self.fan_in + self.fan_out
        return self.fan_out / total if total else 0.0


def load_time(edges: Iterable[Edge]) -> list[Edge]:
    """Return the imports that run when a file is loaded: neither type-only nor inside functions."""
    return [edge for edge in edges if edge.kind == "import" and not edge.deferred]


def cycles(edges: Iterable[Edge]) -> list[Cycle]:
    """Return one cycle for each strongly connected component of two and more files, by path."""
    graph: nx.DiGraph = nx.DiGraph()
    for edge in load_time(edges):
        if edge.source != edge.target:
            graph.add_edge(edge.source, edge.target, edge=edge)
    components = [nodes for nodes in nx.strongly_connected_components(graph) if len(nodes) > 1]
    return sorted((_cycle(graph.subgraph(nodes)) for nodes in components), key=lambda c: c.files)


def _cycle(component: nx.DiGraph) -> Cycle:
    shortest = _shortest_cycle({node: sorted(component[node]) for node in sorted(component)})
    cut, freed = _cut(component, shortest)
    return Cycle(tuple(sorted(component)), shortest, cut, freed)


def _shortest_cycle(targets: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the first of the shortest cycles, found by a breadth-first search from each node."""
    best: tuple[str, ...] = ()
    for start in targets:
        found = _back_to(start, targets, len(best) - 1 if best else len(targets))
        if found:
            best = found
        if len(best) == 2:
            break
    return best


def _back_to(start: str, targets: Mapping[str, Sequence[str]], longest: int) -> tuple[str, ...]:
    """Return a shortest cycle through `start` of at most `longest` nodes, () if there is none."""
    came_from: dict[str, str] = {}
    layer = [start]
    for _ in range(longest):
        following = []
        for node in layer:
            for target in targets[node]:
                if target == start:
                    return _walk_back(start, node, came_from)
                if target not in came_from:
                    came_from[target] = node
                    following.append(target)
        layer = following
    return ()


def _walk_back(start: str, last: str, came_from: Mapping[str, str]) -> tuple[str, ...]:
    path = [last]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return tuple(reversed(path))


def _cut(component: nx.DiGraph, shortest: Sequence[str]) -> tuple[Edge, int]:
    """Return the edge that frees most files per removal, and how many files it frees."""
    on_shortest = set(zip(shortest, [*shortest[1:], shortest[0]], strict=True))
    affordable = max(len(on_shortest), TRIALS // (component.size() + len(component)))
    candidates = sorted(
        component.edges(data="edge"),
        key=lambda found: ((found[0], found[1]) not in on_shortest, found[2].count, found[:2]),
    )
    work = nx.DiGraph(component)
    best: tuple[int, int, bool, tuple[str, str]] | None = None
    cut: Edge = candidates[0][2]
    for source, target, edge in candidates[:affordable]:
        work.remove_edge(source, target)
        bound = sum(len(part) for part in nx.strongly_connected_components(work) if len(part) > 1)
        work.add_edge(source, target)
        rank = (bound, edge.count, (source, target) not in on_shortest, (source, target))
        if best is None or rank < best:
            best, cut = rank, edge
    return cut, len(component) - (best[0] if best else 0)


def degrees(edges: Iterable[Edge]) -> dict[str, Degree]:
    """Return the fan-in and fan-out of every node, each other node counted once."""
    users: dict[str, set[str]] = defaultdict(set)
    used: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        if edge.source != edge.target:
            used[edge.source].add(edge.target)
            users[edge.target].add(edge.source)
    return {node: Degree(len(users[node]), len(used[node])) for node in sorted({*users, *used})}


def page_rank(
    edges: Iterable[Edge], restart: Mapping[str, float] | None = None, damping: float = 0.85
) -> dict[str, float]:
    """Return PageRank (Brin and Page, 1998) of every node, edges weighted by their count.

    With `restart` the walk begins anew at these nodes, by their weight (random walk with restart;
    Tong, Faloutsos and Pan, 2006), so that ranks tell nearness to them.
    """
    listed = list(edges)
    nodes = sorted({edge.source for edge in listed} | {edge.target for edge in listed})
    if not nodes:
        return {}
    index = {node: number for number, node in enumerate(nodes)}
    source = np.array([index[edge.source] for edge in listed])
    target = np.array([index[edge.target] for edge in listed])
    weight = np.array([edge.count * edge.confidence for edge in listed])
    begin = np.zeros(len(nodes))
    for node, share in (restart or dict.fromkeys(nodes, 1.0)).items():
        if node in index:
            begin[index[node]] = share
    if not begin.any():
        begin[:] = 1.0
    rank = _walk(source, target, weight, begin / begin.sum(), damping)
    return dict(zip(nodes, rank.tolist(), strict=True))


def _walk(
    source: NDArray[np.int64],
    target: NDArray[np.int64],
    weight: NDArray[np.float64],
    begin: NDArray[np.float64],
    damping: float,
) -> NDArray[np.float64]:
    """Iterate the walk until it moves by less than 1e-8 in all, at most 100 times."""
    size = len(begin)
    leaving = np.bincount(source, weight, size)
    share = weight / leaving[source]
    dangling = leaving == 0
    rank = begin.copy()
    for _ in range(100):
        arriving = np.bincount(target, rank[source] * share, size)
        following = damping * (arriving + rank[dangling].sum() * begin) + (1 - damping) * begin
        moved = np.abs(following - rank).sum()
        rank = following
        if moved < 1e-8:
            break
    return rank


def nearest(
    edges: Iterable[Edge], origin: str, among: Collection[str] | None = None, limit: int = 3
) -> list[str]:
    """Return the nodes nearest to `origin` by random walk with restart, directions ignored.

    Give the edges around `origin` (two steps are plenty) rather than the whole graph.
    """
    both = []
    for edge in edges:
        both += [edge, msgspec.structs.replace(edge, source=edge.target, target=edge.source)]
    ranks = page_rank(both, {origin: 1.0})
    candidates = [node for node in (ranks if among is None else among) if node != origin]
    return sorted(candidates, key=lambda node: (-ranks.get(node, 0.0), node))[:limit]


def changed_together(
    commits: Iterable[Collection[str]], least: int = 3, largest: int = 40
) -> list[Edge]:
    """Return pairs of files that commits change together, strongest first.

    `count` is the number of common commits, `confidence` that number over the mean of both files'
    own (the degree of Tornhill, "Your Code as a Crime Scene", 2015). Pairs of fewer than `least`
    common commits are chance; commits of more than `largest` files are moves and formatting.
    """
    alone: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    for commit in commits:
        files = sorted(set(commit))
        if len(files) <= largest:
            alone.update(files)
            together.update(combinations(files, 2))
    edges = [
        Edge(first, second, "change", count, 2 * count / (alone[first] + alone[second]))
        for (first, second), count in together.items()
        if count >= least
    ]
    return sorted(edges, key=lambda e: (-e.confidence * e.count, e.source, e.target))


def folded(edges: Iterable[Edge], home: Mapping[str, str]) -> list[Edge]:
    """Return the edges between homes (files of symbols, folders of files), counts added up.

    Edges within one home vanish; a folded edge is deferred only if all its edges are, and as sure
    as the surest of them.
    """
    merged: dict[tuple[str, str, str], Edge] = {}
    for edge in edges:
        source, target = home.get(edge.source, edge.source), home.get(edge.target, edge.target)
        if source == target:
            continue
        known = merged.get((source, target, edge.kind))
        merged[source, target, edge.kind] = Edge(
            source,
            target,
            edge.kind,
            edge.count + (known.count if known else 0),
            max(edge.confidence, known.confidence if known else 0.0),
            edge.deferred and (known is None or known.deferred),
        )
    return [merged[key] for key in sorted(merged)]


def around(edges: Iterable[Edge], start: Collection[str], depth: int) -> list[Edge]:
    """Return the edges on walks of at most `depth` steps from `start`, in either direction."""
    touching: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        touching[edge.source].append(edge)
        touching[edge.target].append(edge)
    kept: dict[tuple[str, str, str], Edge] = {}
    seen = set(start)
    layer = sorted(seen)
    for _ in range(depth):
        following = set()
        for node in layer:
            for edge in touching[node]:
                kept[edge.source, edge.target, edge.kind] = edge
                following |= {edge.source, edge.target} - seen
        seen |= following
        layer = sorted(following)
    return [kept[key] for key in sorted(kept)]
