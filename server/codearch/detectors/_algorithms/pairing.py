"""Which functions are compared, and which of them are each other's nearest in another language."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from codearch.detectors._algorithms.functions import Function
else:
    np = Lazy("numpy")

_ASKED = 8  # of a function's marks, the rarest, by which others are found
_MOST_WITH = 400  # functions with a mark; what more have finds nobody
_LEAST_SHARED = 2  # of the marks asked for
_A_WORD = 4.0  # what a word tells that both names have


class Candidate(NamedTuple):
    """A function among all of the workspace."""

    path: str
    family: str  # of its language: languages of one family are compared by the rule on clones
    function: Function


class Likely(NamedTuple):
    """Two functions, and which share of what they do is the same."""

    one: int
    other: int
    alike: float


def likely(
    functions: Sequence[Candidate], least: float, told: float, give_way: Callable[[], None]
) -> list[Likely]:
    """Return the pairs that are at least so alike in what tells so much, the most alike first."""
    families = sorted({each.family for each in functions})
    if len(families) < 2:
        return []
    family = np.array([families.index(each.family) for each in functions])
    largest = int(np.bincount(family).argmax())
    holders = _holders(functions)
    found: list[Likely] = []
    seen: set[tuple[int, int]] = set()
    for index in np.flatnonzero(family != largest).tolist():
        give_way()
        for other in _met(index, functions, holders, family):
            if (other, index) in seen:
                continue
            seen.add((index, other))
            alike, same = _alike(functions[index].function, functions[other].function)
            if alike >= least and same >= told:
                found.append(Likely(index, other, alike))
    return sorted(found, key=lambda each: (-each.alike, each.one, each.other))


def nearest(functions: Sequence[Candidate], pairs: Iterable[Likely]) -> list[Likely]:
    """Return the pairs in which each is the other's nearest in its language."""
    taken: set[tuple[int, str]] = set()
    found = []
    for pair in pairs:  # the most alike first
        keys = (pair.one, functions[pair.other].family), (pair.other, functions[pair.one].family)
        if taken.isdisjoint(keys):
            found.append(pair)
        taken.update(keys)
    return found


def groups(pairs: Iterable[Likely], agree: Callable[[int, int], bool]) -> list[list[Likely]]:
    """Return pairs that share a function together, the most alike first.

    Where two of a group would not `agree`, one of them is no copy of the others: the pair that is
    less alike is left out.
    """
    of: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    found: dict[int, list[Likely]] = {}
    for pair in pairs:
        one, other = (of.get(each, each) for each in (pair.one, pair.other))
        if one != other:
            ours, theirs = members.get(one, [one]), members.get(other, [other])
            if not all(agree(a, b) for a in ours for b in theirs):
                continue
            members[one] = ours + theirs
            found[one] = found.get(one, []) + found.pop(other, [])
            of.update(dict.fromkeys(members[one], one))
        found[one].append(pair)
    return list(found.values())


def _holders(functions: Sequence[Candidate]) -> dict[int, NDArray[np.int64]]:
    """Return the functions that have a mark, of marks that some, but not too many, have."""
    if not functions:
        return {}
    ids = np.concatenate([each.function.ids for each in functions])
    owners = np.repeat(np.arange(len(functions)), [len(each.function.ids) for each in functions])
    order = np.argsort(ids, kind="stable")
    ids, owners = ids[order], owners[order]
    unique, starts, counts = np.unique(ids, return_index=True, return_counts=True)
    return {
        int(mark): owners[start : start + count]
        for mark, start, count in zip(unique, starts, counts, strict=True)
        if 1 < count <= _MOST_WITH
    }


def _met(
    index: int,
    functions: Sequence[Candidate],
    holders: dict[int, NDArray[np.int64]],
    family: NDArray[np.int64],
) -> list[int]:
    """Return the functions of other languages with which one shares several of its rarest marks."""
    own = [holders[mark] for mark in functions[index].function.ids.tolist() if mark in holders]
    own = [each for each in own if (family[each] != family[index]).any()]
    own.sort(key=len)
    if not own:
        return []
    met, often = np.unique(np.concatenate(own[:_ASKED]), return_counts=True)
    near = met[(often >= _LEAST_SHARED) & (family[met] != family[index])]
    return [int(each) for each in near]


def _alike(one: Function, other: Function) -> tuple[float, float]:
    """Return which share of what two functions tell is the same, and how much that is."""
    _, left, right = np.intersect1d(one.ids, other.ids, assume_unique=True, return_indices=True)
    same = float(np.minimum(one.told[left], other.told[right]).sum())
    named = _A_WORD * len(one.words & other.words)
    told = one.weight + other.weight - same + named
    return (same + named) / told if told else 0.0, same
