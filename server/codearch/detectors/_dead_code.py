"""Statements that control flow does not reach, and what keeps it from them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from codearch.facts import Span
from codearch.flow import control_flow
from codearch.languages._flows import (
    Branch,
    Call,
    Function,
    Jump,
    Labelled,
    Loop,
    Sequence,
    Wrapper,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from codearch.detectors._detector import FileView
    from codearch.flow import Program

# What keeps the flow away: a jump, a call that does not return, a loop without an end, a statement
# all of whose ways leave, or a condition that never changes.
Reason = Literal["jump", "call", "loop", "ways", "condition"]


_RUNS_FILES = frozenset({"python", "javascript", "typescript", "csharp"})  # at their top level


@dataclass(frozen=True)
class DeadCode:
    """Neighbouring statements that nothing reaches.

    `cause` is what keeps the flow away: the statement before them, or the condition.
    """

    program: Program
    function: Node
    statements: tuple[Node, ...]
    cause: Node
    reason: Reason
    hoisted: bool = False  # a declaration that holds everywhere stands among them

    @property
    def start(self) -> int:
        """The first byte."""
        return self.statements[0].start_byte

    @property
    def end(self) -> int:
        """The byte after the last one."""
        return self.statements[-1].end_byte


def dead_code(file: FileView, places: Iterable[int]) -> Iterator[DeadCode]:
    """Yield what is dead in the functions around these bytes, in the order of the source."""
    program = file.program
    functions: dict[int, Node] = {}
    for place in places:
        function = _function_around(program, place)
        if function is not None:
            functions.setdefault(function.id, function)
    for function in functions.values():
        yield from _in_function(program, function)


def _function_around(program: Program, place: int) -> Node | None:
    """Return the innermost function around a byte, else the whole file."""
    root = program.root
    node = root.descendant_for_byte_range(place, place) if root is not None else None
    while node is not None and not isinstance(shape_of(program, node), Function):
        if node.parent is None:
            return node
        node = node.parent
    return node


def _in_function(program: Program, function: Node) -> Iterator[DeadCode]:
    is_file = function.parent is None
    if is_file and (program.language.name not in _RUNS_FILES or function.has_error):
        return
    flow = control_flow(program, _span(function))
    live_blocks = flow.live()
    live = sorted(step.start for number in live_blocks for step in flow.blocks[number].steps)
    found: dict[int, Node] = {}
    for step in flow.dead():
        node = function.descendant_for_byte_range(step.start, step.end - 1)
        if node is None or _any_within(live, step.start, step.end):
            continue  # it is done at last after what stands inside, which is reached
        whole = _outermost(program, function, node, live)
        for each in _statements(program, whole):
            found.setdefault(each.start_byte, each)
    pending = [found[start] for start in sorted(found)]
    while pending:
        region, hoisted = _neighbours(program, pending)
        pending = pending[len(region) :]
        cause, reason = _cause(program, function, region[0])
        if cause is not None:
            yield DeadCode(program, function, tuple(region), cause, reason, hoisted)


def _any_within(starts: list[int], start: int, end: int) -> bool:
    at = bisect_left(starts, start)
    return at < len(starts) and starts[at] < end


def _outermost(program: Program, function: Node, node: Node, live: list[int]) -> Node:
    """Return the largest part of a function around a node in which nothing is reached."""
    while (around := node.parent) is not None and around != function:
        if _any_within(live, around.start_byte, around.end_byte):
            break
        if isinstance(shape_of(program, around), Function):
            break
        node = around
    return node


def _statements(program: Program, node: Node) -> list[Node]:
    """Return the statements of a block, also of the one that an `else` has; else the node."""
    while True:
        inside = _parts(program, node)
        holds = isinstance(shape_of(program, node), Sequence)
        if not inside or not (holds or node.type == "else_clause"):
            return [node]
        if len(inside) > 1:
            return inside
        node = inside[0]


def _parts(program: Program, node: Node) -> list[Node]:
    flows = program.flows
    ignored = flows.ignored if flows is not None else frozenset()
    return [each for each in node.named_children if each.type not in ignored]


def _neighbours(program: Program, nodes: list[Node]) -> tuple[list[Node], bool]:
    """Return the first nodes that stand one after the other, and if something hoisted is among."""
    region = [nodes[0]]
    hoisted = False
    for each in nodes[1:]:
        before = _before(program, each, over_hoisted=True)
        if before != region[-1]:
            break
        hoisted = hoisted or _before(program, each, over_hoisted=False) != before
        region.append(each)
    return region, hoisted


def _before(program: Program, node: Node, *, over_hoisted: bool) -> Node | None:
    """Return the statement before one."""
    flows = program.flows
    found = node.prev_named_sibling
    while found is not None and flows is not None:
        skipped = found.type in flows.ignored or (over_hoisted and found.type in flows.hoisted)
        if not skipped and "comment" not in found.type:
            break
        found = found.prev_named_sibling
    return found


def _cause(program: Program, function: Node, first: Node) -> tuple[Node | None, Reason]:
    """Return what keeps the flow from a statement."""
    node: Node | None = first
    while node is not None and node != function:
        before = _before(program, node, over_hoisted=True)
        around = node.parent
        shape = shape_of(program, around) if around is not None else None
        if around is not None and isinstance(shape, (Branch, Loop)):
            condition = _condition(around, shape)
            if condition is not None and condition != node:
                return condition, "condition"
        if before is not None and (around is None or not _is_label(program, around, before)):
            return before, _reason(program, before)
        node = around
    return None, "condition"


def _is_label(program: Program, around: Node, node: Node) -> bool:
    """Say whether a node is what a case tests, or a label, rather than a statement."""
    flows = program.flows
    shape = shape_of(program, around)
    if flows is not None and node.type in flows.labels:
        return True
    labels: frozenset[str] = getattr(shape, "labels", frozenset())
    field = next(
        (around.field_name_for_child(i) for i, each in enumerate(around.children) if each == node),
        None,
    )
    return node.type in labels or field in labels


def _condition(node: Node, shape: Branch | Loop) -> Node | None:
    if isinstance(shape.condition, str):
        return node.child_by_field_name(shape.condition)
    return shape.condition(node)


def _reason(program: Program, cause: Node) -> Reason:
    core = core_of(program, cause)
    shape = shape_of(program, core)
    if isinstance(shape, Jump):
        return "jump"
    if isinstance(shape, Call):
        return "call"
    return "loop" if isinstance(shape, Loop) else "ways"


def core_of(program: Program, node: Node) -> Node:
    """Return what a statement is without its label, its semicolon, its `await`."""
    while isinstance(shape_of(program, node), (Wrapper, Labelled)):
        inside = _parts(program, node)
        if not inside:
            break
        node = inside[-1]
    return node


def shape_of(program: Program, node: Node) -> object:
    """Return what a node does to the flow, if its language says."""
    found = program.flows.shapes.get(node.type) if program.flows is not None else None
    return found(node) if callable(found) else found


def _span(node: Node) -> Span:
    (line, column), (end_line, end_column) = node.start_point, node.end_point
    return Span(node.start_byte, node.end_byte, line, column, end_line, end_column)
