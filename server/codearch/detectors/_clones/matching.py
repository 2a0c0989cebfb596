"""Which stretches of two files are clones of each other.

Stretches whose tokens are the same but for names and literals are found from shared prints by
extending them (types 1 and 2; Baker's parameterised matches, 1995, tell consistent renaming from
chance). Functions that share a print are compared as a whole: by the longest common subsequence
of their statements, names and literals alike, as in NiCad (Roy and Cordy, 2008), and of their
tokens as written (type 3).
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._clones.parts import MOST_GAP
from codearch.detectors._clones.prints import GRAM
from codearch.detectors._clones.sequences import common
from codearch.detectors._clones.tokens import NAME
from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from codearch.detectors._clones.parts import Share
    from codearch.detectors._clones.sources import Source, Unit

    Stretches = tuple[list[int], list[int]]  # where they begin, and where they end
else:
    np = Lazy("numpy")


_MOST_PLACES = 6  # of one print in a file
_MOST_PAIRS = 256  # of its places in two files
_LEAST_OVERLAP = 0.7  # of the lengths of functions that are compared
_LEAST_LOGIC, _LEAST_OF_A_PART = 3, 5  # different statements of a function, of a part of one
_LEAST_ALIKE, _MOST_ALIKE = 0.5, 0.7  # of the statements of functions
_WRITTEN, _WELL_WRITTEN = 0.55, 0.75  # of their tokens, names among them
_RENAMED, _SAME_FORMS = 0.45, 0.88  # of tokens as written, and of their forms alone
_FIRST_LOOK = 64  # tokens
_UNIT_BITS = 32


class Least(NamedTuple):
    """How large a clone must be."""

    lines: int
    tokens: int


class Match(NamedTuple):
    """Two stretches that are clones: token places, end behind the last."""

    first: int
    end: int
    other: int
    other_end: int
    type: int  # 1, 2 or 3


class _Run(NamedTuple):
    first: int
    other: int
    length: int


class _Seeds(NamedTuple):
    """Places of the same print in each file, in order; `strong`: twice as many tokens are same."""

    places: NDArray[np.intp]
    others: NDArray[np.intp]
    strong: NDArray[np.bool_]


def matches(a: Source, b: Source, shares: tuple[Share, Share], least: Least) -> list[Match]:
    """Return the clones between the parts that two files share, in order of the first."""
    seeds = _seeds(a, b)
    if not len(seeds.places):
        return []
    found = _joined(a, b, list(_functions(a, b, seeds, least)))
    runs = _runs(a, b, seeds, *(each.stretches() for each in shares))
    return sorted([*found, *_blocks(a, b, runs, least, found)])


def _seeds(a: Source, b: Source) -> _Seeds:
    places, others = _within(a) if a is b else _between(a, b)
    order = np.lexsort((others, places))
    places, others = places[order], others[order]
    strong = np.zeros(len(places), np.bool_)
    for distance in (GRAM, -GRAM):
        beside = a.grams.beside(places, distance)
        strong |= (beside == b.grams.beside(others, distance)) & (beside > 0)
    return _Seeds(places, others, strong)


def _within(a: Source) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the places of equal prints in one file, each with the next few."""
    places, values = a.prints.places, np.repeat(a.prints.values, a.prints.counts)
    found = [np.empty((2, 0), np.intp)]
    for step in range(1, min(_MOST_PLACES, len(places) - 1) + 1):
        same = values[:-step] == values[step:]
        found.append(np.stack((places[:-step][same], places[step:][same])))
    first, second = np.concatenate(found, axis=1)
    return first, second


def _between(a: Source, b: Source) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the places of equal prints in two files; of many only some."""
    x, y = a.prints, b.prints
    _, here, there = np.intersect1d(x.values, y.values, assume_unique=True, return_indices=True)
    counts, others = x.counts[here], y.counts[there]
    counts = np.minimum(counts, np.maximum(_MOST_PLACES, _MOST_PAIRS // others))
    others = np.minimum(others, np.maximum(_MOST_PLACES, _MOST_PAIRS // counts))
    pairs = counts * others
    which = np.repeat(np.arange(len(pairs)), pairs)
    number = np.arange(len(which)) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    return (
        x.places[x.firsts[here][which] + number // others[which]],
        y.places[y.firsts[there][which] + number % others[which]],
    )


# --- stretches of equal forms ------------------------------------------------------------------


def _runs(
    a: Source, b: Source, seeds: _Seeds, mine: Stretches, theirs: Stretches
) -> Iterator[_Run]:
    """Yield the longest stretches of equal forms around shared prints, in parts that are shared."""
    x, y = a.tokens.forms, b.tokens.forms
    covered: dict[int, int] = {}  # diagonal: how far in a
    strong = seeds.places[seeds.strong].tolist(), seeds.others[seeds.strong].tolist()
    for i, j in zip(*strong, strict=True):
        if covered.get(j - i, -1) > i:
            continue
        most = j - i if a is b else len(a.tokens)  # beyond that a file repeats itself
        (low, high), (other_low, other_high) = _around(mine, i), _around(theirs, j)
        after = _alike(x[i:high], y[j:other_high], most)
        before = _alike(x[low:i][::-1], y[other_low:j][::-1], most - after)
        covered[j - i] = i + after
        yield _Run(i - before, j - before, before + after)


def _around(stretches: Stretches, place: int) -> tuple[int, int]:
    at = bisect_right(stretches[0], place) - 1
    return stretches[0][at], stretches[1][at]


def _alike(x: NDArray[np.uint32], y: NDArray[np.uint32], most: int) -> int:
    """Return how many values are the same before the first that is not, `most` at most."""
    most = min(most, len(x), len(y))
    done, size = 0, _FIRST_LOOK
    while done < most:
        equal = x[done : min(done + size, most)] == y[done : min(done + size, most)]
        first = int(equal.argmin())
        if not equal[first]:
            return done + first
        done, size = done + len(equal), 4 * size
    return most


# --- functions -----------------------------------------------------------------------------------


def _functions(a: Source, b: Source, seeds: _Seeds, least: Least) -> Iterator[Match]:
    """Yield the pairs of functions that share enough and are clones, outer ones first."""
    found: list[Match] = []
    for one, other in _sharing(a, b, seeds):
        match = _compared(a, b, one, other, least)
        if match and not any(_inside(match, each) for each in found):
            found.append(match)
            yield match


def _sharing(a: Source, b: Source, seeds: _Seeds) -> list[tuple[int, int]]:
    """Return the pairs of functions that share a print; outer ones first."""
    inner = a.innermost[seeds.places].astype(np.int64), b.innermost[seeds.others].astype(np.int64)
    both = (inner[0] >= 0) & (inner[1] >= 0)
    found: set[tuple[int, int]] = set()
    for pair in np.unique(inner[0][both] << _UNIT_BITS | inner[1][both]).tolist():
        theirs = list(b.with_outer(pair & (1 << _UNIT_BITS) - 1))
        found.update((one, other) for one in a.with_outer(pair >> _UNIT_BITS) for other in theirs)
    return sorted(found)


def _compared(a: Source, b: Source, index: int, other_index: int, least: Least) -> Match | None:
    """Return a match if two functions are clones of any type."""
    one, other = a.units[index], b.units[other_index]
    if a is b and one.first < other.end and other.first < one.end:
        return None
    if not _comparable(a, b, index, other_index, least):
        return None
    match = Match(*one, *other, 0)
    x, y = a.tokens.forms[one.first : one.end], b.tokens.forms[other.first : other.end]
    if len(x) == len(y) and bool((x == y).all()):
        match = match._replace(type=_renamed(a, b, match))
    elif _near(a, b, match, a.unit_bodies(index), b.unit_bodies(other_index)):
        match = match._replace(type=3)
    if match.type > 1 and not (a.does_something(*one) and b.does_something(*other)):
        return None
    return match if match.type else None


def _comparable(a: Source, b: Source, index: int, other_index: int, least: Least) -> bool:
    """Say whether two functions are large enough, of like size, and share statements."""
    one, other = a.units[index], b.units[other_index]
    shorter, longer = sorted((one.end - one.first, other.end - other.first))
    if shorter < max(least.tokens, _LEAST_OVERLAP * longer):
        return False
    bodies, others = a.unit_bodies(index), b.unit_bodies(other_index)
    different = set(bodies)
    if len(different.intersection(others)) < _LEAST_ALIKE * _LEAST_OVERLAP * len(different):
        return False
    return all(
        (_logical(statements, _LEAST_LOGIC) or _is_one(source, unit, statements))
        and not source.is_table(*unit)
        and source.line_count(*unit) >= least.lines
        for source, unit, statements in ((a, one, bodies), (b, other, others))
    )


def _renamed(a: Source, b: Source, match: Match) -> int:
    """Return 1 or 2 for stretches of equal forms, 0 where their names differ too much."""
    forms = a.tokens.forms[match.first : match.end]
    mine = a.tokens.texts[match.first : match.end]
    theirs = b.tokens.texts[match.other : match.other_end]
    if (mine == theirs).all():
        return 1
    named = forms == NAME
    mine, theirs = mine[named], theirs[named]
    same = float((mine == theirs).mean()) if len(mine) else 0.0
    pairs = len(np.unique(mine.astype(np.uint64) << np.uint64(32) | theirs))
    consistent = (len(np.unique(mine)) + len(np.unique(theirs))) / (2 * pairs) if pairs else 0.0
    return 2 if consistent >= 0.9 or same >= 0.6 else 0


def _near(a: Source, b: Source, match: Match, bodies: list[int], others: list[int]) -> bool:
    """Say whether two functions are alike but for some statements."""
    alike = common(bodies, others) / max(len(bodies), len(others))
    if alike < _LEAST_ALIKE:
        return False
    mine = a.tokens.texts[match.first : match.end].tolist()
    theirs = b.tokens.texts[match.other : match.other_end].tolist()
    written = common(mine, theirs) / max(len(mine), len(theirs))
    if written >= _WELL_WRITTEN or (alike >= _MOST_ALIKE and written >= _WRITTEN):
        return True
    if written < _RENAMED:
        return False
    forms = a.tokens.forms[match.first : match.end].tolist()
    other_forms = b.tokens.forms[match.other : match.other_end].tolist()
    return common(forms, other_forms) >= _SAME_FORMS * max(len(forms), len(other_forms))


# --- what is worth a word ------------------------------------------------------------------------


def _is_one(source: Source, unit: Unit, statements: list[int]) -> bool:
    """Say whether a function is one large expression that does something."""
    return len(statements) < _LEAST_LOGIC and source.does_something(*unit)


def _logical(bodies: list[int], least: int) -> bool:
    """Say whether statements are more than a table, a list of getters or one line repeated."""
    said = [body for body in bodies if body]
    different = len(set(said))
    return different >= least and 3 * different >= len(said)


# --- parts of functions --------------------------------------------------------------------------


def _blocks(
    a: Source, b: Source, runs: Iterable[_Run], least: Least, found: list[Match]
) -> Iterator[Match]:
    """Yield stretches of equal forms that are no part of what has been found."""
    for run in runs:
        if run.length < least.tokens:
            continue
        for first, end in _cut(a, b, run):
            first, end = _whole(a, first, end)  # noqa: PLW2901
            if end - first < least.tokens:
                continue
            shift = run.other - run.first
            match = Match(first, end, first + shift, end + shift, 0)
            if any(_inside(match, each) for each in found):
                continue
            if min(a.line_count(first, end), b.line_count(*match[2:4])) < least.lines:
                continue
            kind = _renamed(a, b, match)
            if not kind or a.is_table(first, end) or not a.does_something(first, end):
                continue
            logic = _LEAST_LOGIC if kind == 1 else _LEAST_OF_A_PART
            if not _logical(a.bodies(first, end), logic):
                continue
            if kind == 1 or not _small_ones(a, first, end, least):
                yield match._replace(type=kind)


def _small_ones(source: Source, first: int, end: int, least: Least) -> bool:
    """Say whether a stretch holds functions too small to be clones: getters and their like."""
    inside = [unit for unit in source.units if unit.first >= first and unit.end <= end]
    return bool(inside) and all(unit.end - unit.first < least.tokens for unit in inside)


def _cut(a: Source, b: Source, run: _Run) -> list[tuple[int, int]]:
    """Return the parts of a run that hold functions as a whole or lie inside one."""
    first, end = run.first, run.first + run.length
    cuts = {first, end, *a.table_bounds(first, end)}
    for source, shift in ((a, 0), (b, run.other - run.first)):
        for unit in (source.units[index] for index in source.around(first + shift)):
            if unit.first < first + shift and unit.end < end + shift:
                cuts.add(unit.end - shift)
        for unit in (source.units[index] for index in source.around(end - 1 + shift)):
            if unit.first > first + shift and unit.end > end + shift:
                cuts.add(unit.first - shift)
    bounds = sorted(cuts)
    return list(itertools.pairwise(bounds))


def _whole(source: Source, first: int, end: int) -> tuple[int, int]:
    """Return a stretch without the parts of statements at its ends."""
    ends = source.statements
    after, before = int(ends.searchsorted(first)), int(ends.searchsorted(end, "right"))
    if first:
        first = int(ends[after]) if after < len(ends) else end
    return first, max(first, int(ends[before - 1]) if before else 0)


def _inside(match: Match, other: Match) -> bool:
    """Say whether most of a match is part of another one."""
    mine = min(match.end, other.end) - max(match.first, other.first)
    theirs = min(match.other_end, other.other_end) - max(match.other, other.other)
    size = match.end - match.first
    return mine > 0.5 * size and theirs > 0.5 * size


def _joined(a: Source, b: Source, found: list[Match]) -> list[Match]:
    """Return matches with those that follow each other in both files made one."""
    joined: list[Match] = []
    for match in sorted(found):
        last = joined[-1] if joined else None
        if last and _follows(last, match) and not (a is b and match.end > last.other):
            joined[-1] = Match(
                last.first, match.end, last.other, match.other_end, max(last.type, match.type)
            )
        else:
            joined.append(match)
    return joined


def _follows(last: Match, match: Match) -> bool:
    gaps = match.first - last.end, match.other - last.other_end
    return all(0 <= gap <= MOST_GAP for gap in gaps)
