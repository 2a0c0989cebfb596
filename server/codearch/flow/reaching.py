"""Which writes of a variable reach each place that reads it.

Reaching definitions (Aho, Lam, Sethi and Ullman, 2006, 9.2.4) over the blocks of the graph: a set
of writes is an integer with one bit each. Blocks are visited in reverse postorder until nothing
changes, which takes as many rounds as loops are nested, and two more.
"""

from __future__ import annotations

import functools
import operator
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codearch.flow.graph import ENTRY, NOWHERE

if TYPE_CHECKING:
    from codearch.flow.graph import Event, Graph, Inner
    from codearch.flow.values import FlowEdge

MOST_SOURCES = 64  # of one read: the nearest; an encoder sees no more variables in all
_MOST_ROUNDS = 12  # deeper nested loops hand their values on less far
_MOST_BITS = 1 << 30  # of all sets at a time: 128 MB

Key = int | str


@dataclass(slots=True)
class Written:
    """The writes of a group of variables, each a bit: which there are, and by whom."""

    keys: frozenset[Key]
    starts: list[int] = field(default_factory=list)
    serials: list[int] = field(default_factory=list)
    of: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    made: list[int] = field(default_factory=list)  # by block: writes that reach its end
    unmade: list[int] = field(default_factory=list)  # by block: what it overwrites
    every: list[int] = field(default_factory=list)  # by block: all its writes
    kept: dict[int, int] = field(default_factory=dict)  # bit -> what a write does not overwrite
    numbers: dict[tuple[int, int], int] = field(default_factory=dict)  # block, event -> bit


def reaching(graph: Graph, outer: dict[Key, int]) -> dict[int, tuple[int, ...]]:
    """Return the starts of the writes that reach each read, by the read's own start.

    `outer` has the variables that have a value before the function begins, and the place that
    stands for it: where it is first read.
    """
    edges = [edge for edge in graph.all_edges() if not _never(graph, edge)]
    found: dict[int, dict[int, None]] = {}
    for keys in _groups(graph):
        written = _written(graph, keys, outer)
        before = _solve(graph, edges, written)
        for number, state in before.items():
            for event, bits in _states(graph, number, state, written):
                if event.sources is None:
                    sources = found.setdefault(event.start, {})
                    sources.update(dict.fromkeys(_nearest(bits, written.starts)))
                    sources.pop(event.start, None)  # `x++` in a loop
    return {start: tuple(sorted(sources)) for start, sources in found.items()}


def _never(graph: Graph, edge: FlowEdge) -> bool:
    """Say whether a constant condition forbids an edge."""
    constant = graph.drafts[edge.source].constant
    return constant is not None and edge.kind == ("false" if constant else "true")


def _groups(graph: Graph) -> Iterator[frozenset[Key]]:
    """Yield the variables, so many at a time that their sets do not take too much memory."""
    counts: dict[Key, int] = defaultdict(int)
    for draft in graph.drafts:
        for event in draft.events:
            counts[event.key] += 1
    most = max(_MOST_BITS // (4 * max(len(graph.drafts), 1)), 1)
    keys: set[Key] = set()
    total = 0
    for key, count in counts.items():
        if total + count > most and keys:
            yield frozenset(keys)
            keys, total = set(), 0
        keys.add(key)
        total += count
    if keys:
        yield frozenset(keys)


def _written(graph: Graph, keys: frozenset[Key], outer: dict[Key, int]) -> Written:
    """Number the writes of a group of variables, in the order in which they were met."""
    written = Written(keys)
    order: list[tuple[int, int, int, Key]] = []
    for number, draft in enumerate(graph.drafts):
        for place, event in enumerate(draft.events):
            if event.sources is not None and event.key in keys:
                order.append((event.serial, number, place, event.key))
    for key in sorted(keys & outer.keys(), key=outer.__getitem__):
        written.of[key] |= 1 << len(written.starts)
        written.starts.append(outer[key])
        written.serials.append(-1)
    order.sort(key=operator.itemgetter(0))
    for serial, number, place, key in order:
        bit = 1 << len(written.starts)
        written.of[key] |= bit
        written.numbers[number, place] = bit
        written.starts.append(graph.drafts[number].events[place].start)
        written.serials.append(serial)
    _keep(graph, written)
    for number, draft in enumerate(graph.drafts):
        made = unmade = every = 0
        for place, event in enumerate(draft.events):
            bit = written.numbers.get((number, place), 0)
            if bit:
                if event.strong:
                    gone = written.of[event.key] & ~written.kept.get(bit, 0)
                    made &= ~gone
                    unmade |= gone
                made |= bit
                every |= bit
        written.made.append(made)
        written.unmade.append(unmade)
        written.every.append(every)
    return written


def _keep(graph: Graph, written: Written) -> None:
    """Find the writes that others do not overwrite, as a function inside may run again after them.

    What it writes to a variable of outside is overwritten by itself alone.
    """
    inside: dict[Key, list[int]] = defaultdict(list)
    for inner in graph.inner:
        bits = _between(inner.first, inner.last, written)
        for key in inner.written:
            if bits & written.of.get(key, 0):
                inside[key].append(bits & written.of[key])
    for key, groups in inside.items():
        escaped = functools.reduce(operator.or_, groups)
        own: dict[int, int] = defaultdict(int)  # of a bit, those of the functions it stands in
        for group in groups:
            for bit in _bits(group):
                own[bit] |= group
        for bit in _bits(written.of[key]):
            written.kept[bit] = escaped & ~own[bit]


def _bits(found: int) -> Iterator[int]:
    """Yield the bits of a set, each as a set of its own."""
    while found:
        bit = found & -found
        yield bit
        found ^= bit


def _solve(graph: Graph, edges: list[FlowEdge], written: Written) -> dict[int, int]:
    """Return the writes that reach the beginning of each block that can be reached."""
    into: dict[int, list[FlowEdge]] = defaultdict(list)
    for edge in edges:
        into[edge.target].append(edge)
    entries = {inner.entry: inner for inner in graph.inner}
    inside = {inner.exit: _between(inner.first, inner.last, written) for inner in graph.inner}
    behind = {gate: _between(*serials, written) for gate, serials in graph.finals.items()}
    order = _order(edges, len(graph.drafts))
    before: dict[int, int] = dict.fromkeys(order, 0)
    after: dict[int, int] = dict.fromkeys(order, 0)
    start = (1 << bisect_left(written.serials, 0)) - 1  # what is there before the function begins
    for _ in range(_MOST_ROUNDS):
        changed = False
        for number in order:
            state = start if number == ENTRY else 0
            for edge in into[number]:
                if edge.kind == "raise" and edge.gate == NOWHERE:  # from anywhere in the block
                    given = before[edge.source] | written.every[edge.source]
                else:
                    given = after[edge.source]
                if edge.source in inside:
                    given &= inside[edge.source]
                if edge.gate != NOWHERE:  # out of a `finally`: what came in here, or is from there
                    given &= after[edge.gate] | behind[edge.gate]
                state |= given
            if number in entries:
                state |= _later(entries[number], written)
            if state != before[number]:
                before[number] = state
                changed = True
            left = written.made[number] | (state & ~written.unmade[number])
            if left != after[number]:
                after[number] = left
                changed = True
        if not changed:
            break
    return before


def _between(first: int, last: int, written: Written) -> int:
    """Return the bits of the writes with serial numbers from `first` up to `last`."""
    low, high = (bisect_left(written.serials, end) for end in (first, last))
    return (1 << high) - (1 << low)


def _later(inner: Inner, written: Written) -> int:
    """Return the writes, after an inner function is made, of what it takes from around it."""
    found = 0
    for key in inner.captured:
        found |= written.of.get(key, 0)
    first = bisect_left(written.serials, inner.last)
    return found >> first << first


def _order(edges: list[FlowEdge], count: int) -> list[int]:
    """Return the blocks in reverse postorder, those that cannot be reached after the others."""
    out: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        out[edge.source].append(edge.target)
    found: list[int] = []
    met: set[int] = set()
    for root in range(count):  # the entry is the first
        if root in met:
            continue
        met.add(root)
        stack = [(root, iter(out[root]))]
        done: list[int] = []
        while stack:
            number, targets = stack[-1]
            target = next((each for each in targets if each not in met), NOWHERE)
            if target == NOWHERE:
                stack.pop()
                done.append(number)
            else:
                met.add(target)
                stack.append((target, iter(out[target])))
        found += reversed(done)
    return found


def _states(graph: Graph, number: int, state: int, written: Written) -> Iterator[tuple[Event, int]]:
    """Yield a block's events of the group, each with the writes of its variable before it."""
    current: dict[Key, int] = {}
    for place, event in enumerate(graph.drafts[number].events):
        if event.key not in written.keys:
            continue
        bits = current.get(event.key)
        if bits is None:
            bits = state & written.of.get(event.key, 0)
        yield event, bits
        if event.sources is not None:
            bit = written.numbers[number, place]
            bits = bit | (bits & written.kept.get(bit, 0) if event.strong else bits)
        current[event.key] = bits


def _nearest(bits: int, starts: list[int]) -> Iterator[int]:
    """Yield where writes stand, the last one first, at most MOST_SOURCES."""
    for _ in range(MOST_SOURCES):
        if not bits:
            return
        top = bits.bit_length() - 1
        yield starts[top]
        bits ^= 1 << top
