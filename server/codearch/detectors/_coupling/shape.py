"""Files in the wrong place of the graph: hubs, and stable files that lean on restless ones."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from codearch.graph.analysis import Degree, degrees

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codearch.facts import Edge
    from codearch.snapshot.past import FileHistory, Past

# Files that pass on what others define: to be used by many, and to use many, is what they are for.
_FACADES = frozenset({"__init__", "index", "mod", "lib", "main", "prelude", "package-info"})
_HEADERS = frozenset({".h", ".hh", ".hpp", ".hxx", ".inl"})
_RESTLESS = 3  # times as many commits as the stable one, for a dependency to be unstable by history
_STABLE, _UNSTABLE = 0.3, 0.7  # Martin's instability
_FEW_USED = 5  # files that an unstable one uses at least


class Hub(msgspec.Struct, frozen=True):
    """A file through which much goes, and that changes often."""

    path: str
    degree: Degree
    history: FileHistory


class Lean(msgspec.Struct, frozen=True):
    """A stable file that depends on an unstable one, each with what history says of it."""

    source: str
    target: str
    stable: Degree
    unstable: Degree
    source_history: FileHistory
    target_history: FileHistory


def hubs(
    edges: Sequence[Edge],
    past: Past,
    users: float,
    used: float,
    commits: float,
) -> Iterator[Hub]:
    """Yield the files that so many use, that use so many, and that changed so often in a year."""
    for path, degree in degrees(edges).items():
        if degree.fan_in < users or degree.fan_out < used or _is_facade(path):
            continue
        history = past.file(path)
        if history is not None and history.recent >= commits:
            yield Hub(path, degree, history)


def leans(edges: Sequence[Edge], past: Past, users: float, commits: float) -> Iterator[Lean]:
    """Yield the dependencies of files that so many use on unstable ones that changed so often."""
    known = degrees(edges)
    for edge in edges:
        if _is_facade(edge.source) or _is_facade(edge.target):
            continue
        stable, unstable = known[edge.source], known[edge.target]
        if stable.fan_in < users or stable.instability > _STABLE:
            continue
        if unstable.fan_out < _FEW_USED or unstable.instability < _UNSTABLE:
            continue
        source, target = past.file(edge.source), past.file(edge.target)
        if source and target and target.recent >= max(commits, _RESTLESS * source.recent):
            yield Lean(edge.source, edge.target, stable, unstable, source, target)


def _is_facade(path: str) -> bool:
    pure = PurePosixPath(path)
    return pure.stem in _FACADES or pure.suffix in _HEADERS
