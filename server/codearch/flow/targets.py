"""What is written to: names, patterns, parts of values, fields of the object itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.languages._flows import Assign, Place
from codearch.languages._nodes import is_leaf

if TYPE_CHECKING:
    from tree_sitter import Node

    from codearch.flow.lowering import Lowering, Sources, Task


def assign(low: Lowering, node: Node, sources: Sources, *, reads: bool = False) -> Task:
    """Write the value of `sources` to what a node names; `reads`: it is read before."""
    while node.type in low.flows.parentheses and len(named := low.parts(node)) == 1:
        node = named[0]
    if is_leaf(node):
        return _write(low, node, sources, reads=reads, forced=True)
    return (yield match(low, node, sources, reads=reads))


def match(low: Lowering, node: Node, sources: Sources, *, reads: bool = False) -> Task:
    """Write the value of `sources` to the names that a pattern binds, and read the others."""
    shape = low.shape(node)
    if isinstance(shape, Place) and (shape.when is None or shape.when(node)):
        return (yield _part(low, node, shape, sources))
    if isinstance(shape, Assign):  # a part with a default value, or with a pattern inside
        return (yield _with_default(low, node, shape, sources))
    if shape is not None:
        return (yield low.value(node))
    if is_leaf(node):
        return _write(low, node, sources, reads=reads, forced=False)
    found: Sources = []
    if node.type in low.flows.alternatives:
        return (yield _alternatives(low, node, sources))
    for child in node.named_children if node.type not in low.flows.ignored else ():
        if child.id != low.guard:
            found += yield match(low, child, sources, reads=reads)
    return found


def _with_default(low: Lowering, node: Node, shape: Assign, sources: Sources) -> Task:
    """Write to a part of a pattern what it is given, or else its default value."""
    extra: Sources = yield low.values(low.all(node, shape.values))
    for each in low.all(node, shape.targets):
        yield match(low, each, [*sources, *extra])
    return []


def _alternatives(low: Lowering, node: Node, sources: Sources) -> Task:
    """Bind the names of patterns of which one matches: they are the same variables in each."""
    around, low.bound = low.bound, low.bound if low.bound is not None else {}
    found: Sources = []
    for number, child in enumerate(low.parts(node)):
        low.graph.conditional += bool(number)
        found += yield match(low, child, sources)
        low.graph.conditional -= bool(number)
    low.bound = around
    return found


def _write(low: Lowering, node: Node, sources: Sources, *, reads: bool, forced: bool) -> Sources:
    name = low.names.get(node.start_byte) if low.deep else None
    if name is None or name.end != node.end_byte:
        return []
    if not low.program.is_value(name, low.span):
        return []
    if name.action == "read" and not forced:
        return low.reads(node.start_byte, name.key)
    if reads:
        low.reads(node.start_byte, name.key)
    if low.bound is not None and name.action == "bind":
        low.same[name.key] = low.bound.setdefault(low.text(node), name.key)
    return low.writes_to(node.start_byte, name.key, sources)


def _part(low: Lowering, node: Node, shape: Place, sources: Sources) -> Task:
    """Write to a part of a value: the value is read, and is another one from here on."""
    start, key = root(low, node)
    is_field = own_field(low, node, shape) is not None
    used: Sources = [] if is_field else (yield low.inside(node))
    if key is None:
        return used
    if is_field:
        owner(low, node, shape)
        return low.writes_to(start, key, sources)
    return low.writes_to(start, key, [each for each in (*used, *sources) if each != start])


def root(low: Lowering, node: Node) -> tuple[int, int | str | None]:
    """Return where the name stands whose value a part belongs to, and its key."""
    while True:
        shape = low.shape(node)
        inner: Node | None = None
        if isinstance(shape, Place) and (shape.when is None or shape.when(node)):
            own = own_field(low, node, shape)
            if own is not None:
                return own
            inner = low.find(node, shape.object)
        elif node.type in low.flows.parentheses:
            inner = next(iter(low.parts(node)), None)
        if inner is None:
            break
        node = inner
    name = low.names.get(node.start_byte)
    if not is_leaf(node) or name is None or name.end != node.end_byte:
        return node.start_byte, None
    if not low.program.is_value(name, low.span):
        return node.start_byte, None
    return node.start_byte, name.key


def own_field(low: Lowering, node: Node, shape: Place) -> tuple[int, int | str | None] | None:
    """Return where a field of `this` stands, and its key; None for any other place."""
    if not shape.name or not low.deep:
        return None
    thing, name = low.find(node, shape.object), node.child_by_field_name(shape.name)
    if thing is None or name is None or low.text(thing) not in low.flows.self_words:
        return None
    key = low.text(name) if low.flows.bare_fields else f".{low.text(name)}"
    low.fields[name.start_byte] = (name.end_byte, key)
    return name.start_byte, key


def owner(low: Lowering, node: Node, shape: Place) -> None:
    """Read the `self` of a field, where it is a variable like any other."""
    thing = low.find(node, shape.object)
    if thing is not None and is_leaf(thing):
        low.leaf(thing)
