"""Pairs of clones become families: all the places at which the same code stands."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

_SAME_PLACE = 0.7  # of the lines of both
_COVERED = 0.5  # of the lines of a place that a larger family has


class Place(NamedTuple):
    """Lines of a file, 0-based, the last one included."""

    path: str
    line: int
    end_line: int

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return self.end_line - self.line + 1


class Pair(NamedTuple):
    """Two places that are clones."""

    place: Place
    other: Place
    type: int
    tokens: int


class Families:
    """The families of a workspace, those alone made anew whose files have changed.

    Pairs that share lines, or lead to each other by such, are a group: what becomes of them hangs
    on no other pairs.
    """

    def __init__(self) -> None:
        self._groups: dict[int, list[Pair]] = {}
        self._made: dict[int, list[Family]] = {}
        self._by_path: dict[str, set[int]] = defaultdict(set)
        self._last = 0

    def all(self) -> list[Family]:
        """Return the families, those that save most first."""
        return sorted((each for made in self._made.values() for each in made), key=_order)

    def update(self, changed: AbstractSet[str], pairs: Iterable[Pair]) -> None:
        """Forget the pairs of files that have changed, and take new ones in."""
        pool = list(pairs)
        touched = {*changed, *(path for pair in pool for path in _paths(pair))}
        for number in {each for path in touched for each in self._by_path.get(path, ())}:
            pool += [pair for pair in self._remove(number) if changed.isdisjoint(_paths(pair))]
        for group in _groups(pool):
            self._last += 1
            self._groups[self._last] = group
            self._made[self._last] = families(group)
            for pair in group:
                for path in _paths(pair):
                    self._by_path[path].add(self._last)

    def _remove(self, number: int) -> list[Pair]:
        pairs = self._groups.pop(number)
        del self._made[number]
        for path in {path for pair in pairs for path in _paths(pair)}:
            self._by_path[path].discard(number)
            if not self._by_path[path]:
                del self._by_path[path]
        return pairs


def _paths(pair: Pair) -> tuple[str, str]:
    return pair.place.path, pair.other.path


def _groups(pairs: list[Pair]) -> Iterable[list[Pair]]:
    """Return the groups of pairs that share lines."""
    parents: dict[Place, Place] = {}

    def root(place: Place) -> Place:
        while (parent := parents.get(place, place)) != place:
            parents[place] = parents.get(parent, parent)
            place = parent
        return place

    for pair in pairs:
        parents[root(pair.other)] = root(pair.place)
    last = None
    end = -1
    for place in sorted({place for pair in pairs for place in (pair.place, pair.other)}):
        if last is not None and place.path == last.path and place.line <= end:
            parents[root(place)] = root(last)
            end = max(end, place.end_line)
        else:
            end = place.end_line
        last = place
    found: dict[Place, list[Pair]] = defaultdict(list)
    for pair in pairs:
        found[root(pair.place)].append(pair)
    return found.values()


class Family(NamedTuple):
    """Places of the same code, by path and line. `known` of them belong to a larger family."""

    places: tuple[Place, ...]
    type: int
    tokens: int
    known: tuple[Place, ...] = ()


def families(found: Iterable[Pair]) -> list[Family]:
    """Return the families of clones, each place in one of them, those that save most first."""
    pairs = sorted(found)
    nodes = _nodes(pairs)
    parents: dict[Place, Place] = {}

    def root(place: Place) -> Place:
        while (parent := parents.get(place, place)) != place:
            parents[place] = parents.get(parent, parent)
            place = parent
        return place

    for pair in pairs:
        parents[root(nodes[pair.other])] = root(nodes[pair.place])
    members: dict[Place, list[Pair]] = defaultdict(list)
    for pair in pairs:
        members[root(nodes[pair.place])].append(pair)
    made = [_family(group, nodes) for group in members.values()]
    made.sort(key=_order)
    return _apart(made)


def _order(family: Family) -> tuple[int, tuple[Place, ...]]:
    return -family.tokens * (len(family.places) - 1), family.places


def _nodes(pairs: list[Pair]) -> dict[Place, Place]:
    """Return, for each place, the one that stands for all that are nearly the same."""
    by_path: dict[str, set[Place]] = defaultdict(set)
    for pair in pairs:
        by_path[pair.place.path].add(pair.place)
        by_path[pair.other.path].add(pair.other)
    nodes: dict[Place, Place] = {}
    for places in by_path.values():
        ordered = sorted(places, key=lambda each: (-each.lines, each.line))
        reach = int((1 - _SAME_PLACE) * ordered[0].lines) + 1
        kept: list[Place] = []  # by line
        for place in ordered:
            low = bisect_left(kept, (place.path, place.line - reach))
            high = bisect_left(kept, (place.path, place.line + reach + 1))
            near = [
                each for each in kept[low:high] if _overlap(each, place) >= _SAME_PLACE * each.lines
            ]
            nodes[place] = max(near, key=lambda each: _overlap(each, place)) if near else place
            if not near:
                insort(kept, place)
    return nodes


def _overlap(one: Place, other: Place) -> int:
    return max(0, min(one.end_line, other.end_line) - max(one.line, other.line) + 1)


def _family(group: list[Pair], nodes: dict[Place, Place]) -> Family:
    places = {nodes[place] for pair in group for place in (pair.place, pair.other)}
    apart: list[Place] = []
    for place in sorted(places, key=lambda each: (-each.lines, each)):
        if not any(each.path == place.path and _overlap(each, place) for each in apart):
            apart.append(place)
    kind = max(pair.type for pair in group)
    return Family(tuple(sorted(apart)), kind, max(pair.tokens for pair in group))


def _apart(made: list[Family]) -> list[Family]:
    """Return the families without the places that are part of larger ones."""
    taken: dict[str, int] = defaultdict(int)  # a bit for each line of a file
    kept = []
    for family in made:
        known = [place for place in family.places if _is_covered(place, taken[place.path])]
        fresh = [place for place in family.places if place not in known]
        if not fresh or len(fresh) + len(known[:1]) < 2:
            continue
        for place in fresh:
            taken[place.path] |= ((1 << place.lines) - 1) << place.line
        kept.append(Family(tuple(fresh), family.type, family.tokens, tuple(known[:1])))
    return kept


def _is_covered(place: Place, taken: int) -> bool:
    inside = taken >> place.line & ((1 << place.lines) - 1)
    return inside.bit_count() > _COVERED * place.lines
