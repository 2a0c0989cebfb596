"""Choices among cases, by a value or by patterns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codearch.flow.graph import NOWHERE, Frame
from codearch.flow.lowering import handles
from codearch.flow.targets import assign, match
from codearch.languages._flows import (
    Case,
    Switch,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from codearch.flow.lowering import Lowering, Sources, Task


@dataclass(slots=True)
class _Choice:
    """A switch under way: its cases, what they look at, and where a guard that fails leads."""

    shape: Switch
    frame: Frame
    cases: list[Node]
    sources: Sources
    alias: Node | None
    otherwise: int  # the block of the case that takes all, or the one after the switch


@handles(Switch, control=True)
def switch(low: Lowering, node: Node, shape: Switch) -> Task:
    """A choice among cases by a value or by patterns."""
    graph = low.graph
    exhaustive = shape.exhaustive is True or (shape.exhaustive == "as-value" and low.top != node.id)
    label = low.taken_label(node)
    for each in low.all(node, shape.before):
        yield low.statement(each)
    alias = low.find(node, shape.alias)
    sources: Sources = yield _subject(low, low.find(node, shape.subject), alias)
    head = graph.open()
    frame = Frame("switch" if shape.breaks else "match", graph.block(), label=label, head=head)
    body = low.find(node, shape.body) if shape.body else node
    cases = [each for each in low.parts(body or node) if isinstance(low.shape(each), Case)]
    frame.cases = [graph.block() for _ in cases]
    last = next((n for n, each in enumerate(cases) if _takes_all(low, each)), None)
    otherwise = frame.to if last is None and not exhaustive else NOWHERE
    if last is not None:
        otherwise = frame.cases[last]
    else:
        graph.edge(head, otherwise, "default")
    choice = _Choice(shape, frame, cases, sources, alias, otherwise)
    graph.frames.append(frame)
    graph.here = NOWHERE
    for number in range(len(cases)):
        yield _case(low, choice, number)
    graph.frames.pop()
    graph.go(frame.to)
    return frame.values


def _takes_all(low: Lowering, case: Node) -> bool:
    """Say whether a case takes whatever comes to it."""
    form = low.shape(case)
    return isinstance(form, Case) and form.takes_all(case) and low.find(case, form.guard) is None


def _case(low: Lowering, choice: _Choice, number: int) -> Task:
    """Test a case, and do what it does; the one before may go on here."""
    graph, frame, case = low.graph, choice.frame, choice.cases[number]
    form = low.shape(case)
    assert isinstance(form, Case)  # noqa: S101 - chosen so by the caller
    block = frame.cases[number]
    following = frame.cases[number + 1 : number + 2]
    frame.again = following[0] if following else NOWHERE
    graph.edge(frame.head, block, "default" if form.takes_all(case) else "case")
    graph.edge(graph.here, block, "fallthrough")
    graph.here = block
    if choice.alias is not None:
        low.rebind(choice.alias, case)
    failed = yield _labels(low, case, form, choice.sources)
    if failed != NOWHERE:
        later = (each for each in frame.cases[number + 1 :] if each != choice.otherwise)
        graph.edge(failed, next(later, choice.otherwise), "false")
    done = _case_parts(low, case, form)[1]
    frame.values += yield _in_turn(low, done)
    falls = choice.shape.falls if form.falls is None else form.falls
    if not falls and not (choice.shape.falls_if_empty and not done):
        graph.edge(graph.here, frame.to, "next")
        graph.here = NOWHERE
    return []


def _subject(low: Lowering, subject: Node | None, alias: Node | None) -> Task:
    """Evaluate what a switch looks at, in which the alias may hide what has its name."""
    if subject is None:
        return []
    hiding = low.hiding(alias)
    if hiding is not None:
        low.same[hiding[0]] = hiding[1]
    sources: Sources = yield low.value(subject)
    low.step(subject)
    if hiding is not None:
        del low.same[hiding[0]]
    if alias is not None:
        yield assign(low, alias, sources)
    return sources


def _is_label(child: Node, field: str | None, form: Case) -> bool:
    return child.type in form.labels or (field is not None and field in form.labels)


def _case_parts(low: Lowering, case: Node, form: Case) -> tuple[list[Node], list[Node]]:
    """Return what a case tests and what it does, its guard in neither."""
    guard = low.find(case, form.guard)
    tested: list[Node] = []
    done: list[Node] = []
    for index, child in enumerate(case.children):
        if not child.is_named or child.type in low.flows.ignored or child == guard:
            continue
        is_label = _is_label(child, case.field_name_for_child(index), form)
        (tested if is_label else done).append(child)
    return tested, done


def _labels(low: Lowering, case: Node, form: Case, sources: Sources) -> Task:
    """Test a case; return the block in which its guard fails, NOWHERE without one."""
    graph = low.graph
    guard = low.find(case, form.guard)
    low.guard = guard.id if guard is not None else -1
    for each in _case_parts(low, case, form)[0]:
        yield match(low, each, sources)
    if guard is None:
        return NOWHERE
    yield low.value(guard)
    low.step(guard)
    test = graph.open()
    graph.fresh("true")
    return test


def _in_turn(low: Lowering, statements: list[Node]) -> Task:
    """Do what a case does; return its value."""
    found: Sources = []
    for each in statements:
        found = yield low.statement(each)
    return found


@handles(Case, control=True)
def stray_case(low: Lowering, node: Node, shape: Case) -> Task:
    """A case deeper inside its switch: in a block, or in a loop (Duff's device)."""
    graph = low.graph
    frame = next((each for each in reversed(graph.frames) if each.kind == "switch"), None)
    graph.go(block := graph.block())
    graph.here = block
    if frame is not None:
        graph.edge(frame.head, block, "default" if shape.takes_all(node) else "case")
    yield _labels(low, node, shape, [])
    return (yield _in_turn(low, _case_parts(low, node, shape)[1]))
