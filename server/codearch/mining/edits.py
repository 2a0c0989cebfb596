"""What a fix changed in a function: the smallest pairs of parts that differ, and what is around.

Trees are compared from the top down, equal parts at both ends set aside, as in Rolim et al.,
"Learning Quick Fixes from Code Repositories" (2018; Revisar), and Bader et al., "Getafix" (2019).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from codearch.mining.trees import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codearch.mining.trees import Part

MOST_LEAVES = 40  # of one side of an edit: what is larger repeats itself nowhere
MOST_STATEMENTS = 3
MOST_EDITS = 12  # of one function: more of them are a rewriting


@dataclass(frozen=True, slots=True)
class Edit:
    """Parts that stand in a row, before and after. `added`: nothing of them was changed.

    Where something was only added, `before` is the neighbour that stayed, and `added` the rest.
    """

    before: tuple[Part, ...]
    after: tuple[Part, ...]
    removed: frozenset[bytes]  # texts of leaves that one side alone has
    put: frozenset[bytes]
    level: int  # how many nodes above the very difference
    added: tuple[Part, ...] = ()

    @property
    def shape(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The kinds of what stands in a row."""
        return tuple(each.kind for each in self.before), tuple(each.kind for each in self.after)


def edits(before: Part, after: Part) -> list[Edit]:
    """Return the edits between two versions of a function; none where it was written anew."""
    found: dict[tuple[tuple[int, ...], tuple[int, ...]], Edit] = {}
    rows = list(itertools.islice(_differences(before, after, ()), MOST_EDITS + 1))
    if len(rows) > MOST_EDITS:
        return []
    for number, (around, old, new) in enumerate(rows):
        others = [other for at, (other, _, _) in enumerate(rows) if at != number]
        shared = _shared(around, others)
        if shared is not None:  # something else of the same statement has changed: both together
            if not shared:
                continue
            (a, b), around = around[shared - 1], around[: shared - 1]  # noqa: PLW2901
            old, new = (a,), (b,)  # noqa: PLW2901
        for each in _contexts(around, old, new):
            key = _places(each.before), _places(each.after)
            found.setdefault((key[0], (*key[1], len(each.added))), each)
    return list(found.values())


def _places(parts: Sequence[Part]) -> tuple[int, ...]:
    return tuple(place for each in parts for place in (each.start, each.end))


Pair = tuple["Part", "Part"]
_WHOLE = re.compile(r"block|body|compound_statement|function|method_decl|class|statement_list")


def _differences(
    a: Part, b: Part, around: tuple[Pair, ...]
) -> Iterator[tuple[tuple[Pair, ...], tuple[Part, ...], tuple[Part, ...]]]:
    """Yield rows of children that differ, with the pairs around them, the innermost last."""
    if a.key == b.key:
        return
    here = (*around, (a, b))
    if not a.children or not b.children or a.kind != b.kind:
        yield around, (a,), (b,)
        return
    matcher = SequenceMatcher(
        None, [each.key for each in a.children], [each.key for each in b.children], autojunk=False
    )
    for how, start, end, other_start, other_end in matcher.get_opcodes():
        if how == "equal":
            continue
        old, new = a.children[start:end], b.children[other_start:other_end]
        if len(old) == len(new) and all(x.kind == y.kind for x, y in zip(old, new, strict=True)):
            for x, y in zip(old, new, strict=True):
                yield from _differences(x, y, here)
        else:
            yield here, old, new


def _shared(around: tuple[Pair, ...], others: Sequence[tuple[Pair, ...]]) -> int | None:
    """Return how many pairs around a difference are around all others of its statement, too.

    None where it is the only one.
    """
    statement = next((at for at in reversed(range(len(around))) if around[at][0].is_statement), -1)
    own = around[: statement + 1]
    shared = None
    for other in others:
        beyond = other[statement + 1 :]
        if other[: statement + 1] == own and not any(each.is_statement for each, _ in beyond):
            both = zip(around, other, strict=False)
            same = sum(1 for _ in itertools.takewhile(lambda two: two[0] is two[1], both))
            shared = same if shared is None else min(shared, same)
    return shared


def _contexts(
    around: tuple[Pair, ...], old: tuple[Part, ...], new: tuple[Part, ...]
) -> Iterator[Edit]:
    """Yield a difference with more and more of what is around it, up to a statement."""
    rows = [*old, *new]
    statements = bool(rows) and all(each.is_statement for each in rows)
    if statements and old and new and max(len(old), len(new)) <= MOST_STATEMENTS:
        yield from _edit(old, new, 0)
    if statements and not old and around:
        yield from _beside(around[-1], new)
    if statements and old and not new:
        return  # code that was taken out shows nothing of what is wrong with it
    if statements:
        return
    if len(old) == len(new) == 1 and old[0].children:
        yield from _edit(old, new, 0)
    for level, (a, b) in enumerate(reversed(around), 1):
        if a.kind != b.kind or max(a.leaves, b.leaves) > MOST_LEAVES or _WHOLE.search(a.kind):
            return
        yield from _edit((a,), (b,), level)
        if a.is_statement:
            return


def _beside(around: Pair, new: tuple[Part, ...]) -> Iterator[Edit]:
    """Yield what was put between two statements, with each of these that stayed."""
    if len(new) > MOST_STATEMENTS:
        return
    olds = {each.key: each for each in around[0].children}
    row = around[1].children
    first = next((at for at, each in enumerate(row) if each.start == new[0].start), None)
    if first is None:
        return
    after = row[first + len(new) : first + len(new) + 1]
    ahead = row[first - 1 : first] if first else ()
    for neighbour in (after, ahead):
        if neighbour and neighbour[0].is_statement and neighbour[0].key in olds:
            stayed = (olds[neighbour[0].key],)
            whole = (*new, *neighbour) if neighbour is after else (*neighbour, *new)
            for each in _edit(stayed, whole, 0):
                yield Edit(each.before, each.after, each.removed, each.put, 0, added=new)


def _edit(old: Sequence[Part], new: Sequence[Part], level: int) -> Iterator[Edit]:
    if sum(e.leaves for e in old) > MOST_LEAVES or sum(e.leaves for e in new) > 2 * MOST_LEAVES:
        return
    had, has = Counter(tokens(old)), Counter(tokens(new))
    removed, put = frozenset(had - has), frozenset(has - had)
    if removed or put:
        yield Edit(tuple(old), tuple(new), removed, put, level)
