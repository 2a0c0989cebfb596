"""What statements do to the order of execution, one function a shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.flow.graph import NOWHERE, Frame
from codearch.flow.lowering import handles
from codearch.flow.values import Step
from codearch.languages._flows import (
    Branch,
    Case,
    Deferred,
    Each,
    Enclosing,
    Handler,
    Jump,
    Labelled,
    Loop,
    Refuted,
    Sequence,
    Switch,
    Try,
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
        test = yield _condition(low, arm, form)
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


def _condition(low: Lowering, node: Node, shape: Branch | Loop) -> Task:
    """Evaluate a condition; return the block at whose end it is known."""
    graph = low.graph
    condition = low.find(node, shape.condition)
    if condition is not None:
        yield low.value(condition)
        low.step(condition)
        if graph.here != NOWHERE:
            graph.drafts[graph.here].constant = low.constant(condition)
    return graph.open()


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
        yield low.target(each, sources)
    return []


# --- loops ------------------------------------------------------------------------------------


@handles(Loop, control=True)
def loop(low: Lowering, node: Node, shape: Loop) -> Task:
    """A loop with a condition before or after its body, or with none."""
    graph = low.graph
    label = _label(low, node)
    for each in low.all(node, shape.before):
        yield low.statement(each)
    head = graph.fresh()
    after, again = graph.block(), graph.block()
    frame = Frame("loop", after, again, label)
    test = NOWHERE if shape.tests_last else (yield _condition(low, node, shape))
    endless = low.find(node, shape.condition) is None
    if not shape.tests_last:
        graph.here = graph.block()
        graph.edge(test, graph.here, "next" if endless else "true")
    graph.frames.append(frame)
    body = low.find(node, shape.body)
    if body is not None and body.is_named:
        yield low.statement(body)
    graph.frames.pop()
    graph.go(again)
    if shape.tests_last:
        if graph.here != NOWHERE:
            test = yield _condition(low, node, shape)
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
    label = _label(low, node)
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
        yield low.target(target, sources)
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


# --- switches ---------------------------------------------------------------------------------


@handles(Switch, control=True)
def switch(low: Lowering, node: Node, shape: Switch) -> Task:
    """A choice among cases by a value or by patterns."""
    graph = low.graph
    whole = low.top == node.id
    label = _label(low, node)
    for each in low.all(node, shape.before):
        yield low.statement(each)
    alias = low.find(node, shape.alias)
    sources: Sources = yield _subject(low, low.find(node, shape.subject), alias)
    head = graph.open()
    frame = Frame("switch" if shape.breaks else "match", graph.block(), label=label, head=head)
    body = low.find(node, shape.body) if shape.body else node
    cases = [each for each in low.parts(body or node) if isinstance(low.shape(each), Case)]
    blocks = frame.cases = [graph.block() for _ in cases]
    graph.frames.append(frame)
    told, failed, graph.here = False, NOWHERE, NOWHERE
    for number, case in enumerate(cases):
        form = low.shape(case)
        assert isinstance(form, Case)  # noqa: S101 - chosen so above
        following = blocks[number + 1] if number + 1 < len(blocks) else NOWHERE
        frame.again = following
        takes_all = form.takes_all(case)
        graph.edge(head, blocks[number], "default" if takes_all else "case")
        graph.edge(graph.here, blocks[number], "fallthrough")
        graph.here = blocks[number]
        if alias is not None:
            low.rebind(alias, case)
        failed = yield _labels(low, case, form, sources)
        told = told or (takes_all and failed == NOWHERE)
        if failed != NOWHERE:
            graph.edge(failed, following, "false")
        done = _case_parts(low, case, form)[1]
        frame.values += yield _in_turn(low, done)
        falls = shape.falls if form.falls is None else form.falls
        if not falls and not (shape.falls_if_empty and not done):
            graph.edge(graph.here, frame.to, "next")
            graph.here = NOWHERE
    graph.frames.pop()
    if not told and not _exhaustive(shape, whole=whole):
        graph.edge(head, frame.to, "default")
        graph.edge(failed, frame.to, "false")
    graph.go(frame.to)
    return frame.values


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
        yield low.target(alias, sources)
    return sources


def _exhaustive(shape: Switch, *, whole: bool) -> bool:
    return shape.exhaustive is True or (shape.exhaustive == "as-value" and not whole)


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
        yield low.pattern(each, sources)
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


# --- exceptions -------------------------------------------------------------------------------


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
    dispatch = graph.block() if handlers else NOWHERE
    caught = Frame("try", dispatch)
    if handlers:
        graph.frames.append(caught)
    graph.fresh()
    found: Sources = []
    resources = low.find(node, shape.resources)
    for each in low.parts(resources) if resources is not None else ():
        yield low.statement(each)
    body = low.find(node, shape.body)
    if body is not None:
        found += yield low.statement(body)
    if handlers:
        graph.frames.pop()
    for each in parts:
        if each.type in shape.otherwise:
            graph.fresh()
            yield low.statement(each)
    ends = [graph.here]
    for each in handlers:
        found += yield _handler(low, each, caught)
        ends.append(graph.here)
    if handlers and not any(_takes_all(low, each) for each in handlers):
        graph.leave(dispatch, "raise", "", len(graph.frames))
    if guarded is not None and final is not None:
        yield _finally(low, final, guarded, ends)
        ends = [graph.here]
    for end in ends:
        graph.edge(end, after, "next")
    graph.here = NOWHERE
    graph.go(after)
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
        yield low.pattern(bound, caught.values)
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
    yield low.statement(node)
    end, graph.here = graph.here, NOWHERE
    for (kind, label), gate in frame.gates.items():
        if kind == "next":
            graph.here = graph.block()
            graph.edge(end, graph.here, "next", gate)
        else:
            graph.leave(end, kind, label, depth, gate)
    if end == NOWHERE:
        graph.here = NOWHERE
    return []


@handles(Enclosing, control=True)
def enclosing(low: Lowering, node: Node, shape: Enclosing) -> Task:
    """Evaluate a header, then do a body."""
    graph = low.graph
    body = low.find(node, shape.body)
    for each in low.parts(node):
        if each != body:
            yield low.value(each)
            low.step(each)
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


# --- jumps ------------------------------------------------------------------------------------


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
            low.label = label
            found = yield low.statement(child)
    low.label = ""
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


def _label(low: Lowering, node: Node) -> str:
    """Return the label that a loop or a switch has, before it or as its own."""
    label, low.label = low.label, ""
    return label or low.label_of(node)


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
