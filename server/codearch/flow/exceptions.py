"""`try` with its handlers, its `else` and its `finally`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.flow.graph import NOWHERE, Frame
from codearch.flow.lowering import handles
from codearch.flow.targets import match
from codearch.languages._flows import (
    Handler,
    Try,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from codearch.flow.lowering import Lowering, Sources, Task


@handles(Try, control=True)
def attempt(low: Lowering, node: Node, shape: Try) -> Task:
    """`try` with its handlers, its `else` and its `finally`."""
    graph = low.graph
    after = graph.block()
    parts = low.parts(node)
    handlers = [each for each in parts if isinstance(low.shape(each), Handler)]
    final = next((each for each in parts if each.type in shape.final), None)
    guarded = None
    if final is not None:
        guarded = Frame("finally", graph.block())
        graph.frames.append(guarded)
    caught = Frame("try", graph.block() if handlers else NOWHERE)
    found: Sources = yield _body(low, node, shape, caught)
    for each in parts:
        if each.type in shape.otherwise:
            graph.fresh()
            yield low.statement(each)
    ends = [graph.here]
    for each in handlers:
        found += yield _handler(low, each, caught)
        ends.append(graph.here)
    if handlers and not any(_takes_all(low, each) for each in handlers):
        graph.leave(caught.to, "raise", "", len(graph.frames))
    if guarded is not None and final is not None:
        yield _finally(low, final, guarded, ends)
        ends = [graph.here]
    for end in ends:
        graph.edge(end, after, "next")
    graph.here = NOWHERE
    graph.go(after)
    return found


def _body(low: Lowering, node: Node, shape: Try, caught: Frame) -> Task:
    """Do what is guarded: the resources and the body."""
    graph = low.graph
    if caught.to != NOWHERE:
        graph.frames.append(caught)
    graph.fresh()
    resources = low.find(node, shape.resources)
    for each in low.parts(resources) if resources is not None else ():
        yield low.statement(each)
    body = low.find(node, shape.body)
    found: Sources = (yield low.statement(body)) if body is not None else []
    if caught.to != NOWHERE:
        graph.frames.pop()
    return found


def _takes_all(low: Lowering, handler: Node) -> bool:
    form = low.shape(handler)
    return isinstance(form, Handler) and form.catches_all(handler)


def _handler(low: Lowering, node: Node, caught: Frame) -> Task:
    """Do a handler; its name is bound to what was thrown by name."""
    graph = low.graph
    form = low.shape(node)
    assert isinstance(form, Handler)  # noqa: S101 - chosen so by the caller
    graph.here = graph.block()
    graph.edge(caught.to, graph.here, "catch")
    bound = low.find(node, form.bound)
    if bound is not None:
        yield match(low, bound, caught.values)
    guard = low.find(node, form.guard)
    if guard is not None:
        yield low.value(guard)
        low.step(guard)
        graph.leave(graph.open(), "raise", "", len(graph.frames))
        graph.fresh("true")
    body = low.find(node, form.body)
    return (yield low.statement(body)) if body is not None else []


def _finally(low: Lowering, node: Node, frame: Frame, ends: list[int]) -> Task:
    """Do a `finally`, and go on from its end as it was entered."""
    graph = low.graph
    depth = len(graph.frames) - 1
    through = graph.gate(frame, "next", "") if any(end != NOWHERE for end in ends) else NOWHERE
    for end in ends:
        graph.edge(end, through, "next")
    del graph.frames[depth:]
    graph.drafts[frame.to].raises_to = graph.raise_target()
    graph.here = frame.to if frame.to in graph.entered else NOWHERE
    first = len(low.written)
    yield low.statement(node)
    end, graph.here = graph.here, NOWHERE
    graph.finals.update(dict.fromkeys(frame.gates.values(), (first, len(low.written))))
    for (kind, label), gate in frame.gates.items():
        if kind == "next":
            graph.here = graph.block()
            graph.edge(end, graph.here, "next", gate)
        else:
            graph.leave(end, kind, label, depth, gate)
    if end == NOWHERE:
        graph.here = NOWHERE
    return []
