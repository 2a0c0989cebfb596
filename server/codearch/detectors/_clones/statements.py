"""Statements that stand in several places word by word, and where a function of them may go."""

from __future__ import annotations

import re
import textwrap
from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from codearch.detectors._clones.bare import bare_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tree_sitter import Node

    from codearch.detectors._clones.bare import Bare
    from codearch.detectors._clones.families import Place
    from codearch.detectors._detector import FileView

LEAST_LINES = 5
_MOST_TRIED, _MOST_STATEMENTS = 8, 30
_BLOCKS = frozenset({"block", "statement_block", "statement_list"})
_COMMENTS = (b"#", b"//")  # in the languages of which copies are moved

Run = list["Node"]  # neighbouring statements


def bare_in(view: FileView) -> Bare:
    """Return the bare source of a file, made once."""
    return view.once("bare", lambda: bare_of(view.source, view.facts.comments))


def may_share(view: FileView, places: Sequence[Place]) -> bool:
    """Say whether so many lines follow each other in all places that a run may be the same.

    So that few files are parsed for nothing.
    """
    bare = bare_in(view)
    rows: list[bytes] = view.once("rows", lambda: [*map(bytes.strip, bare.text.split(b"\n"))])
    (first, end), *others = [
        (bisect_left(bare.lines, place.line), bisect_right(bare.lines, place.end_line))
        for place in places
    ]
    shared = set()
    for at in range(first, end):
        last = bisect_left(bare.lines, bare.lines[at] + LEAST_LINES - 1, at, end)
        if last < end:
            shared.add(tuple(rows[at : last + 1]))
    for low, high in others:
        sizes = {len(each) for each in shared}
        there = {tuple(rows[at : at + n]) for n in sizes for at in range(low, high - n + 1)}
        shared &= there
    return bool(shared)


def runs_in_all(view: FileView, root: Node, places: Sequence[Place]) -> Iterator[list[Run]]:
    """Yield the runs of statements that stand in all places, the longest first."""
    by_place = []
    for place in places:
        found: dict[tuple[str, ...], Run] = {}
        for run in _runs(view, root, place):
            found.setdefault(tuple(_text(view, each) for each in run), run)
        by_place.append(found)
    first, *others = by_place
    shared = [texts for texts in first if all(texts in other for other in others)]
    shared.sort(key=lambda texts: -sum(text.count("\n") + 1 for text in texts))
    for texts in shared[:_MOST_TRIED]:
        runs = [found[texts] for found in by_place]
        starts = sorted((run[0].start_byte, run[-1].end_byte) for run in runs)
        if all(one[1] <= other[0] for one, other in pairwise(starts)):
            yield runs


def _runs(view: FileView, root: Node, place: Place) -> Iterator[Run]:
    """Yield all runs of whole statements, long enough, in lines of a file."""
    pending = [root]
    while pending:
        node = pending.pop()
        if node.end_point[0] < place.line or node.start_point[0] > place.end_line:
            continue
        pending += node.named_children
        if node.type not in _BLOCKS:
            continue
        every = [each for each in node.named_children if not each.type.endswith("comment")]
        fits = [_is_within(view, each, place) for each in every]
        for first, begin in enumerate(every):
            for last in range(first, min(first + _MOST_STATEMENTS, len(every))):
                if not fits[last]:
                    break  # what stands between is part of what would be moved
                if every[last].end_point[0] - begin.start_point[0] + 1 >= LEAST_LINES:
                    yield every[first : last + 1]


def _is_within(view: FileView, node: Node, place: Place) -> bool:
    """Say whether a statement has lines of these for itself."""
    (line, column), (end_line, end_column) = node.start_point, node.end_point
    if line < place.line or end_line > place.end_line:
        return False
    before, rest = (
        view.lines.line_bytes(line)[:column],
        view.lines.line_bytes(end_line)[end_column:],
    )
    return not before.strip() and (not rest.strip() or rest.strip().startswith(_COMMENTS))


def _text(view: FileView, node: Node) -> str:
    """Return a statement's lines, without the indentation that all have."""
    line = view.lines.starts[node.start_point[0]]
    return textwrap.dedent(view.source[line : node.end_byte].decode("utf-8", "replace"))


def above(node: Node) -> Iterator[Node]:
    around = node.parent
    while around is not None:
        yield around
        around = around.parent


def outermost(node: Node) -> Node:
    """Return what a node stands in, of all that stands in the file itself."""
    return [node, *above(node)][-2]


def with_comments(node: Node) -> Node:
    """Return the first of the comments right above a node, else the node."""
    before = node.prev_sibling
    while before is not None and before.type.endswith("comment"):
        if before.end_point[0] < node.start_point[0] - 1:
            break
        node, before = before, before.prev_sibling
    return node


def inside(node: Node) -> Iterator[Node]:
    pending = [node]
    while pending:
        each = pending.pop()
        yield each
        pending += each.children


def free_name(view: FileView, wanted: str, beside: Iterable[bytes] = ()) -> str:
    """Return a name that stands nowhere in a file, nor in those beside that share its names."""
    sources = [view.source, *beside]
    name, number = wanted, 2
    while any(re.search(rf"\b{name}\b".encode(), each) for each in sources):
        name, number = f"{wanted}_{number}", number + 1
    return name
