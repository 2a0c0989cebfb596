"""Statements one after the other, branches, headers with a body, and jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.flow.graph import NOWHERE, Frame
from codearch.flow.lowering import condition, handles
from codearch.flow.targets import assign
from codearch.languages._flows import (
    Branch,
    Deferred,
    Enclosing,
    Jump,
    Labelled,
    Refuted,
    Sequence,
    Wrapper,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from codearch.flow.lowering import Lowering, Sources, Task


@handles(Sequence, control=True)
def sequence(low: Lowering, node: Node, _shape: Sequence) -> Task:
    """Do statements one after the other; the last one's value is the value."""
    label = low.label_of(node)
    frame = _labelled(low, label) if label else None
    found: Sources = []
    for child, optional in _in_order(low, node):
        if child.type in low.flows.hoisted:
            yield low.value(child)
            continue
        low.graph.conditional += optional
        found = yield low.statement(child)
        low.graph.conditional -= optional
        if low.source[child.end_byte - 1 : child.end_byte] == b";":
            found = []
    return _unlabelled(low, frame, found)


def _in_order(low: Lowering, node: Node) -> list[tuple[Node, bool]]:
    """Return the statements, what is hoisted first, each with whether it may be left out."""
    flows = low.flows
    first: list[tuple[Node, bool]] = []
    rest: list[tuple[Node, bool]] = []
    optional = False
    for child in node.named_children:
        if flows.optional is not None and flows.optional(child):
            optional = True
        elif child.type not in flows.ignored and child.type not in flows.labels:
            (first if child.type in flows.hoisted else rest).append((child, optional))
            optional = False
    return first + rest


@handles(Wrapper, control=True)
def wrapper(low: Lowering, node: Node, _shape: Wrapper) -> Task:
    """Do the statement inside; one that is an expression ends with its semicolon."""
    named = low.parts(node)
    if len(named) == 1 and low.is_control(named[0]):
        return (yield low.statement(named[0]))
    found = yield low.inside(node)
    if named:
        low.step(node)
    return found


@handles(Branch, control=True)
def branch(low: Lowering, node: Node, shape: Branch) -> Task:
    """`if`, with its ladder."""
    graph = low.graph
    after = graph.block()
    found: Sources = []
    arms = [node]
    others = _alternatives(node, shape)
    while arms:
        arm = arms.pop()
        form = low.shape(arm)
        if not isinstance(form, Branch):
            found += yield low.statement(arm)
            break
        if arm != node:
            others = others or _alternatives(arm, form)
        for each in low.all(arm, form.before):
            yield low.statement(each)
        test = yield condition(low, low.find(arm, form.condition))
        graph.here = graph.block()
        graph.edge(test, graph.here, "next" if _is_open(low, arm, form) else "true")
        then = low.find(arm, form.then)
        for each in [then] if then is not None else _loose_parts(low, arm, form):
            found += yield low.statement(each)
        graph.edge(graph.here, after, "next")
        graph.here = test
        if others:
            graph.here = graph.block()
            graph.edge(test, graph.here, "next" if _is_open(low, arm, form) else "false")
            arms.append(others.pop(0))
        else:
            graph.edge(test, after, "next" if _is_open(low, arm, form) else "false")
            graph.here = NOWHERE
    graph.go(after)
    return found


def _alternatives(node: Node, shape: Branch) -> list[Node]:
    return node.children_by_field_name(shape.otherwise) if shape.otherwise else []


def _is_open(low: Lowering, node: Node, shape: Branch) -> bool:
    """Say whether a branch has no condition that is evaluated when the program runs."""
    return low.find(node, shape.condition) is None


def _loose_parts(low: Lowering, node: Node, shape: Branch) -> list[Node]:
    """Return the statements that stand directly in a branch of the preprocessor."""
    others = _alternatives(node, shape)
    names = [node.child_by_field_name(name) for name in ("name", "condition")] + others
    return [each for each in low.parts(node) if each not in names]


@handles(Refuted, control=True)
def refuted(low: Lowering, node: Node, shape: Refuted) -> Task:
    """`let P = v else { … };`: the names are bound where the pattern matches."""
    graph = low.graph
    sources: Sources = yield low.values(low.all(node, shape.value))
    low.step(node)
    test = graph.open()
    graph.fresh("false")
    after = graph.block()
    for each in node.children_by_field_name(shape.otherwise):
        yield low.statement(each)
    graph.go(after)
    graph.edge(test, after, "true")
    graph.here = after
    for each in low.all(node, shape.target):
        yield assign(low, each, sources)
    return []


@handles(Enclosing, control=True)
def enclosing(low: Lowering, node: Node, shape: Enclosing) -> Task:
    """Evaluate a header, then do a body."""
    graph = low.graph
    body = low.find(node, shape.body)
    header = [each for each in low.parts(node) if each != body]
    yield low.values(header)
    if header:
        graph.step(header[0].start_byte, header[-1].end_byte)
    if body is None:
        return []
    if not shape.swallows:
        return (yield low.statement(body))
    after = graph.block()
    frame = Frame("try", graph.block())
    graph.frames.append(frame)
    graph.fresh()
    yield low.statement(body)
    graph.frames.pop()
    graph.edge(graph.here, after, "next")
    graph.edge(frame.to, after, "swallow")
    graph.leave(frame.to, "raise", "", len(graph.frames))
    graph.here = after
    return []


@handles(Jump, control=True)
def jump(low: Lowering, node: Node, shape: Jump) -> Task:
    """Evaluate what a jump takes with it, and leave."""
    graph = low.graph
    kind = shape.kind if isinstance(shape.kind, str) else shape.kind(node)
    taken: Sources = []
    for child in low.parts(node):
        if child.type not in low.flows.labels or kind in {"return", "raise", "yield", "case"}:
            taken += yield low.value(child)
    low.step(node)
    label = low.label_of(node) if kind in {"break", "continue", "goto"} else ""
    frame = low.frame_of(kind, label)
    if frame is not None:
        frame.values += taken
    graph.jump(kind, label)
    return []


@handles(Labelled, control=True)
def labelled(low: Lowering, node: Node, _shape: Labelled) -> Task:
    """Do a statement to which others may jump."""
    graph = low.graph
    label = low.label_of(node)
    block = graph.label(label)
    graph.placed[label] = block
    graph.drafts[block].raises_to = graph.raise_target()
    graph.go(block)
    graph.here = block
    frame = _labelled(low, label)
    found: Sources = []
    for child in low.parts(node):
        if child.type not in low.flows.labels or low.text(child).strip("':") != label:
            low.labelled = (child.id, label)
            found = yield low.statement(child)
    return _unlabelled(low, frame, found)


def _labelled(low: Lowering, label: str) -> Frame:
    frame = Frame("labelled", low.graph.block(), label=label)
    low.graph.frames.append(frame)
    return frame


def _unlabelled(low: Lowering, frame: Frame | None, found: Sources) -> Sources:
    if frame is None:
        return found
    low.graph.frames.pop()
    low.graph.go(frame.to)
    return found + frame.values


@handles(Deferred, control=True)
def deferred(low: Lowering, node: Node, _shape: Deferred) -> Task:
    """Evaluate what a deferred call needs; the call itself is done at the function's end."""
    graph = low.graph
    graph.conditional += 1
    found = yield low.inside(node)
    graph.conditional -= 1
    low.step(node)
    for each in low.parts(node):
        low.deferred.append((each.start_byte, each.end_byte))
    return found
