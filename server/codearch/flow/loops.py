"""Loops with a condition, and over elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.flow.graph import NOWHERE, Frame
from codearch.flow.lowering import condition, handles
from codearch.flow.targets import assign
from codearch.flow.values import Step
from codearch.languages._flows import (
    Each,
    Loop,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from codearch.flow.lowering import Lowering, Sources, Task


@handles(Loop, control=True)
def loop(low: Lowering, node: Node, shape: Loop) -> Task:
    """A loop with a condition before or after its body, or with none."""
    graph = low.graph
    label = low.taken_label(node)
    for each in low.all(node, shape.before):
        yield low.statement(each)
    head = graph.fresh()
    after, again = graph.block(), graph.block()
    frame = Frame("loop", after, again, label)
    test = NOWHERE if shape.tests_last else (yield condition(low, low.find(node, shape.condition)))
    endless = low.find(node, shape.condition) is None
    if not shape.tests_last:
        graph.here = graph.block()
        graph.edge(test, graph.here, "next" if endless else "true")
    graph.frames.append(frame)
    inside = graph.here
    body = low.find(node, shape.body)
    if body is not None and body.is_named:
        yield low.statement(body)
    if endless and graph.here == inside and not graph.drafts[inside].steps:
        low.step(node)  # what does nothing for ever is reached all the same
    graph.frames.pop()
    graph.go(again)
    if shape.tests_last:
        if graph.here != NOWHERE:
            test = yield condition(low, low.find(node, shape.condition))
            graph.edge(test, head, "true")
    else:
        for each in low.all(node, shape.update):
            yield low.statement(each)
        graph.edge(graph.here, head, "loop")
    yield _otherwise(low, node, shape, NOWHERE if endless else test, after)
    return frame.values


@handles(Each, control=True)
def each_of(low: Lowering, node: Node, shape: Each) -> Task:
    """A loop over the elements of a value."""
    graph = low.graph
    label = low.taken_label(node)
    for each in low.all(node, shape.before):
        yield low.statement(each)
    iterable, target = low.find(node, shape.iterable), low.find(node, shape.target)
    sources: Sources = []
    if iterable is not None:
        sources = yield low.value(iterable)
        low.step(iterable)
    head = graph.fresh()
    after = graph.block()
    graph.fresh("true")
    if target is not None:
        yield assign(low, target, sources)
        graph.drafts[head].steps.append(Step(target.start_byte, target.end_byte))
    graph.frames.append(Frame("loop", after, head, label))
    body = low.find(node, shape.body)
    if body is not None and body.is_named:
        yield low.statement(body)
    graph.frames.pop()
    graph.edge(graph.here, head, "loop")
    yield _otherwise(low, node, shape, head, after)
    return []


def _otherwise(low: Lowering, node: Node, shape: Loop | Each, test: int, after: int) -> Task:
    """Go on after a loop: through its `else` where its condition ended it."""
    graph = low.graph
    otherwise = low.find(node, shape.otherwise)
    graph.here = NOWHERE
    if otherwise is not None and test != NOWHERE:
        graph.here = graph.block()
        graph.edge(test, graph.here, "false")
        yield low.statement(otherwise)
    else:
        graph.edge(test, after, "false")
    graph.go(after)
    return []
