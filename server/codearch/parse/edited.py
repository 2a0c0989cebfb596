"""The tree of a file that is being edited, made of the one before it where that is as good.

tree-sitter then reads only what the edit touched. Of a sound source this gives the tree that is
made anew, node for node. Where it recovers from errors, what it keeps of the old tree depends on
what was typed before, and an index would depend on how it came about: such a tree is not taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Point

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Tree

    from codearch.parse.plan import Grammar

    Parse = Callable[[bytes, Grammar, Tree], Tree | None]


class LastTree:
    """What one file's bytes were last, and their tree. `patched` counts the trees made of it."""

    def __init__(self) -> None:
        self.patched = 0
        self._source = b""
        self._grammar: Grammar | None = None
        self._tree: Tree | None = None

    @property
    def size(self) -> int:
        """Return how many bytes of source the tree is of."""
        return len(self._source)

    def keep(self, source: bytes, grammar: Grammar, tree: Tree) -> None:
        """Take the tree that was made, for the next edit."""
        self._source, self._grammar, self._tree = source, grammar, tree

    def patch(self, source: bytes, grammar: Grammar, parse: Parse) -> Tree | None:
        """Return the source's tree, made of the last one; None where it has to be made anew.

        A tree of this grammar is used up by it: it says where the edit was from now on.
        """
        if grammar is not self._grammar:
            return None
        last, self._tree = self._tree, None
        if last is None:
            return None
        start, old_end, new_end = edit_between(self._source, source)
        last.edit(
            start,
            old_end,
            new_end,
            _point(self._source, start),
            _point(self._source, old_end),
            _point(source, new_end),
        )
        tree = parse(source, grammar, last)
        if tree is None or tree.root_node.has_error:
            return None
        self.patched += 1
        return tree


def edit_between(old: bytes, new: bytes) -> tuple[int, int, int]:
    """Return where two versions begin to differ, and where this ends in each: no character cut."""
    most = min(len(old), len(new))
    start = _longest(most, lambda length: old[:length] == new[:length])
    while start and _is_inside(old, new, start, start):
        start -= 1
    most -= start
    same = _longest(most, lambda length: old[len(old) - length :] == new[len(new) - length :])
    while same and _is_inside(old, new, len(old) - same, len(new) - same):
        same -= 1
    return start, len(old) - same, len(new) - same


def _is_inside(old: bytes, new: bytes, in_old: int, in_new: int) -> bool:
    """Whether either place is within a character of UTF-8."""
    pairs = ((old, in_old), (new, in_new))
    return any(at < len(source) and source[at] & 0xC0 == 0x80 for source, at in pairs)


def _longest(most: int, holds: Callable[[int], bool]) -> int:
    """Return the largest length that something holds for, as it does for all below it."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _point(source: bytes, at: int) -> Point:
    """Return a place as tree-sitter counts: a row, and bytes within it."""
    return Point(source.count(b"\n", 0, at), at - source.rfind(b"\n", 0, at) - 1)
