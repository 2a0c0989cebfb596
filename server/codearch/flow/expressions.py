"""What expressions do to values: assignments, calls, choices, functions inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.flow.graph import Inner
from codearch.flow.lowering import handles
from codearch.flow.targets import assign, match, own_field, owner, root
from codearch.languages._flows import (
    Assign,
    Call,
    Choice,
    Comprehension,
    Function,
    Place,
    Question,
    Reference,
    Update,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from codearch.flow.lowering import Lowering, Sources, Task


_MOST_NESTED = 4  # lists in lists of one element: `((a,),) = ((b,),)`


@handles(Assign)
def assignment(low: Lowering, node: Node, shape: Assign) -> Task:
    """Evaluate the values, then write to the targets, in pairs where both sides are lists."""
    targets, values = low.all(node, shape.targets), low.all(node, shape.values)
    targets, values = _taken_apart(low, targets, values)
    augmented = shape.augmented
    if augmented is None:
        operator = node.child_by_field_name("operator")
        augmented = operator is not None and low.text(operator) not in low.flows.plain
    given: list[Sources] = []
    for each in values:
        sources = yield low.value(each)
        given.append(sources)
    if not values and not shape.declares:
        return []
    found: Sources = []
    paired = len(targets) == len(values)
    joined = given[0] if len(given) == 1 else [each for some in given for each in some]
    for number, target in enumerate(targets):
        sources = given[number] if paired else joined
        found += yield assign(low, target, sources, reads=augmented)
    return found


def _taken_apart(
    low: Lowering, targets: list[Node], values: list[Node]
) -> tuple[list[Node], list[Node]]:
    """Return the elements of both sides where they are lists of one length without spreads."""
    for _ in range(_MOST_NESTED):
        left, right = _elements(low, targets), _elements(low, values)
        spread = any(each.type in low.flows.spreads for each in (*left, *right))
        if spread or len(left) != len(right) or (left == targets and right == values):
            break
        targets, values = left, right
    return targets, values


def _elements(low: Lowering, nodes: list[Node]) -> list[Node]:
    """Return the elements of what is one list, else the nodes themselves."""
    if len(nodes) == 1 and nodes[0].type in low.flows.lists:
        return low.parts(nodes[0])
    return nodes


@handles(Update)
def update(low: Lowering, node: Node, shape: Update) -> Task:
    """Read and write one name: `x++`."""
    target = low.find(node, shape.target)
    if target is None or (shape.when is not None and not shape.when(node)):
        return (yield low.inside(node))
    return (yield assign(low, target, [], reads=True))


@handles(Place)
def place(low: Lowering, node: Node, shape: Place) -> Task:
    """Read a part of a value; a field of `this` is a variable of its own."""
    if shape.when is None or shape.when(node):
        own = own_field(low, node, shape)
        if own is not None and own[1] is not None:
            owner(low, node, shape)
            return low.reads(own[0], own[1])
    return (yield low.inside(node))


@handles(Choice)
def choice(low: Lowering, node: Node, shape: Choice) -> Task:
    """Evaluate what is always evaluated, then the rest, whose writes may not happen."""
    first = low.find(node, shape.first)
    if first is None or (shape.when is not None and not shape.when(node)):
        return (yield low.inside(node))
    found: Sources = yield low.value(first)
    if not shape.gives:
        found = []
    low.graph.conditional += 1
    for each in low.parts(node):
        if each != first:
            found += yield low.value(each)
    low.graph.conditional -= 1
    return found


@handles(Comprehension)
def comprehension(low: Lowering, node: Node, shape: Comprehension) -> Task:
    """Evaluate the clauses that bind before what they are for."""
    named = low.parts(node)
    for each in named:
        if each.type in shape.clauses:
            yield low.value(each)
    return (yield low.values(each for each in named if each.type not in shape.clauses))


@handles(Call)
def call(low: Lowering, node: Node, shape: Call) -> Task:
    """Evaluate a call; it may write to what it is given a reference to, and may not return."""
    graph = low.graph
    function, arguments = low.find(node, shape.function), low.find(node, shape.arguments)
    around, low.references = low.references, []
    found: Sources = []
    for each in low.parts(node):
        if each == function:
            found += yield _callee(low, each)
        else:
            blocks = low.flows.macros and any(map(low.is_control, each.named_children))
            graph.conditional += blocks
            found += yield low.value(each)
            graph.conditional -= blocks
    given, low.references = low.references, around
    for reference in given:
        yield _written_through(low, reference, found)
    leaves = low.flows.leaving.get(low.called(node, shape).decode(errors="replace"))
    if leaves is not None and arguments is not None:
        graph.jump(leaves)
    return found


def _written_through(low: Lowering, target: Node, sources: Sources) -> Task:
    """Write what a call was given to what it was given a reference to."""
    start, key = root(low, target)
    if key is None:
        return (yield match(low, target, sources))
    return low.writes_to(start, key, [each for each in sources if each != start])


def _callee(low: Lowering, function: Node) -> Task:
    """Evaluate what is called: the name of a function of outside is no value."""
    wrapped = low.program.language.callee_wrappers.get(function.type)
    if wrapped is not None:
        function = function.child_by_field_name(wrapped) or function
    if not function.child_count:
        name = low.names.get(function.start_byte) if low.deep else None
        known = name is not None and not isinstance(name.key, str)
        return low.leaf(function) if known else []
    shape = low.shape(function)
    if isinstance(shape, Place) and own_field(low, function, shape) is not None:
        thing = low.find(function, shape.object)
        return (yield low.value(thing)) if thing is not None else []
    return (yield low.value(function))


@handles(Reference)
def reference(low: Lowering, node: Node, shape: Reference) -> Task:
    """Read what a reference is taken of; the call around may write to it."""
    target = low.find(node, shape.target)
    if target is None or (shape.when is not None and not shape.when(node)):
        return (yield low.inside(node))
    if low.references is None:
        return (yield low.inside(node))
    low.references.append(target)
    declares = target.child_count and low.shape(target) is None
    if declares or low.binds(target):
        return []
    return (yield low.value(target))


@handles(Question)
def question(low: Lowering, node: Node, _shape: Question) -> Task:
    """Evaluate an expression that may return from the function."""
    found: Sources = yield low.inside(node)
    low.step(node)
    graph = low.graph
    graph.leave(graph.open(), "return", "", len(graph.frames))
    graph.fresh()
    return found


@handles(Function)
def closure(low: Lowering, node: Node, shape: Function) -> Task:
    """Enter a function inside: what it reads comes from here or, if it runs later, from there on.

    It may run any number of times; what it writes to names around it may have happened after it.
    """
    if not low.deep:
        return []
    graph = low.graph
    own = node.child_by_field_name("name") if shape.binds else None
    before = graph.open()
    around, references = graph.suspend(), low.references
    entry, first, reads = graph.fresh(), len(low.written), len(low.read)
    end = graph.exit = graph.block()
    low.references = None
    yield low.function(node, shape)
    captured = low.captured(node, own, low.read[reads:])
    written = low.captured(node, own, low.written[first:])
    low.references = references
    graph.resume(around)
    last = len(low.written)
    graph.inner.append(Inner(entry, end, first, last, tuple(captured), tuple(written)))
    graph.edge(end, entry, "loop")
    graph.here = before
    graph.fresh()
    graph.edge(end, graph.here, "next")
    found = list(captured.values())
    if own is not None and low.binds(own):
        yield assign(low, own, found)
    return found
