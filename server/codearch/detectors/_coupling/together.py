"""Groups of files that change together, though nothing in the code says that they belong so."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codearch.detectors._coupling.links import Links
    from codearch.facts import File
    from codearch.snapshot.past import Past, PastCommit

YEAR_S = 365 * 24 * 3600
_RECENT_YEARS = 2
_RECENT_COMMITS = 3  # of a pair within them; what has ceased to happen is no debt any more
_MANY_FILES = 12  # of a commit: one that says little of any two of them


class Pair(msgspec.Struct, frozen=True):
    """Two files and the commits that changed both, the newest first; `degree` as past.coupling."""

    one: str
    other: str
    commits: tuple[PastCommit, ...]
    degree: float


class Group(msgspec.Struct, frozen=True):
    """Files that hang together by pairs; the first is in most of them, so is the first pair."""

    files: tuple[str, ...]
    pairs: tuple[Pair, ...]


def groups(
    past: Past, files: Mapping[str, File], links: Links, least: float, degree: float
) -> Iterator[Group]:
    """Yield the groups of unlinked files with at least so many common commits a pair."""
    pairs = list(_pairs(past, files, links, least, degree))
    for members in _components(pairs):
        own = [pair for pair in pairs if pair.one in members]
        weight: dict[str, int] = defaultdict(int)
        for pair in own:
            for path in (pair.one, pair.other):
                weight[path] += len(pair.commits)
        ordered = sorted(members, key=lambda path: (-weight[path], path))
        own.sort(key=lambda pair: (ordered[0] not in (pair.one, pair.other), -len(pair.commits)))
        yield Group(tuple(ordered), tuple(own))


def _pairs(
    past: Past, files: Mapping[str, File], links: Links, least: float, degree: float
) -> Iterator[Pair]:
    for edge in past.coupling():
        if edge.count < least or edge.confidence < degree:
            continue
        one, other = files.get(edge.source), files.get(edge.target)
        if one is None or other is None or links.tied(one, other):
            continue
        commits = past.together(one.path, other.path)
        telling = tuple(each for each in commits if each.files <= _MANY_FILES)
        since = past.newest - _RECENT_YEARS * YEAR_S
        recent = sum(each.time > since for each in telling)
        alone = commits_of(past, one.path) + commits_of(past, other.path)
        share = 2 * len(telling) / max(1, alone)
        if len(telling) >= least and recent >= _RECENT_COMMITS and share >= degree:
            yield Pair(one.path, other.path, telling, share)


def commits_of(past: Past, path: str) -> int:
    """Return how many commits changed a file for a reason of its own."""
    history = past.file(path)
    return history.commits if history else 0


def _components(pairs: list[Pair]) -> list[set[str]]:
    home: dict[str, set[str]] = {}
    for pair in pairs:
        joined = home.get(pair.one, {pair.one}) | home.get(pair.other, {pair.other})
        for path in joined:
            home[path] = joined
    found = {id(members): members for members in home.values()}
    return sorted(found.values(), key=min)
