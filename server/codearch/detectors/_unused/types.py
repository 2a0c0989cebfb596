"""The types of a workspace by name: whose member may be called as another's."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codearch.detectors._unused.sheet import TypeOutline

_CLOSED = frozenset(  # bases that call nothing of which they do not say it
    """
    ABC ABCMeta BaseException Exception Generic KeyError NamedTuple OSError RuntimeError TypeError
    TypedDict UserWarning ValueError Warning bytes dict float int list object set str tuple type
    """.split()  # noqa: SIM905 - a list of words is read as one
)


class Types:
    """What types have, what they inherit from, and what inherits from them."""

    def __init__(self, outlines: Iterable[TypeOutline]) -> None:
        self._bases: dict[str, set[str]] = defaultdict(set)
        self._heirs: dict[str, set[str]] = defaultdict(set)
        self._having: Counter[tuple[str, str]] = Counter()  # types of a name with a member
        self._names: set[str] = set()
        for each in outlines:
            self._names.add(each.name)
            self._bases[each.name].update(each.bases)
            self._having.update((each.name, member) for member in each.members)
            for base in each.bases:
                self._heirs[base].add(each.name)

    def may_be_called(self, name: str, member: str) -> bool:
        """Say whether a type's member may be called as that of a type above or below it.

        Types count that an heir has beside it, too: they may call each other's.
        """
        if member.startswith("__"):
            return False
        above = _closure({name}, self._bases)
        if any(base not in self._names and base not in _CLOSED for base in above):
            return True
        if name in above and self._having[name, member] > 1:
            return True  # a type of this name inherits from another of this name
        below = _closure({name}, self._heirs)
        around = above | below | _closure(below, self._bases)
        return any(self._having[each, member] for each in around - {name})

    def may_inherit(self, name: str, other: str) -> bool:
        """Say whether an object of a type may have what another type defines."""
        above = _closure({name}, self._bases)
        if not name or name == other or not above <= self._names | _CLOSED:
            return True
        below = _closure({name}, self._heirs)
        return other in above | below | _closure(below, self._bases)


def _closure(names: set[str], edges: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        for each in edges.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found
