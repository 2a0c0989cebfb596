"""What the walk does on entering a node, one small function a concern; `for_kind` picks them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from codearch.languages._language import Flow, Language, Typed
from codearch.parse import calls
from codearch.parse.plan import Plan, Step
from codearch.parse.symbols import find

if TYPE_CHECKING:
    from tree_sitter import Node

    from codearch.parse.walk import Walk

_BODY_FIELDS = ("consequence", "body", "statement", "block")


def tables(language: Language) -> Iterable[Iterable[str]]:
    """Return every table of a language whose keys are node kinds with steps of their own."""
    return (
        language.comments,
        language.decorators,
        language.define,
        language.decisions,
        language.decides,
        language.uncounted,
        language.lost,
        language.flow,
        language.breaks,
        language.logical,
        language.guards,
        language.imports,
        language.readers,
        language.scopes,
        language.typed,
        language.returning,
        language.elements,
        language.calls,
        language.members,
        language.strings,
        language.wrappers,
        language.references,
        ("ERROR",),
    )


def for_kind(language: Language, kind: str) -> tuple[Step, ...]:
    """Return the steps for a node kind, in the order in which they are to be done."""
    wanted = (
        (language.comments, _comment),
        (("ERROR",), _error),
        (language.decisions, _decision),
        (language.decides, _decides),
        (language.uncounted, _uncounted),
        (language.lost, _lost),
        (language.decorators, _decorator),
        (language.readers, _reader),
        (language.imports, _import),
        (language.define, _define),
        (language.flow, _flow),
        (language.breaks, _break),
        (language.logical, _logical),
        (language.guards, _guard),
        (language.scopes, _scope),
        (language.elements, _element),
        (language.typed, _typed),
        (language.returning, _returning),
        (language.calls, calls.call),
        (language.members, calls.member),
        (language.strings, _string),
    )
    return tuple(step for table, step in wanted if kind in table)


def _comment(walk: Walk, node: Node, _plan: Plan) -> bool:
    walk.comment(node)
    return True


def _error(walk: Walk, node: Node, _plan: Plan) -> bool:
    walk.error(node)
    return False


def _decision(walk: Walk, node: Node, _plan: Plan) -> bool:
    condition = node.child_by_field_name("condition") if node.child_count else None
    walk.complexity.decide(condition.end_byte if condition is not None else node.start_byte)
    return False


def _lost(walk: Walk, node: Node, plan: Plan) -> bool:
    walk.complexity.lose(*walk.language.lost[plan.kind](node))
    return False


def _uncounted(walk: Walk, node: Node, _plan: Plan) -> bool:
    walk.complexity.enter_callable(node.start_byte)
    walk.at_exit(walk.complexity.leave_anonymous)
    return False


def _decides(walk: Walk, node: Node, plan: Plan) -> bool:
    if walk.language.decides[plan.kind](node):
        walk.complexity.decide(node.start_byte)
    return False


def _decorator(walk: Walk, node: Node, _plan: Plan) -> bool:
    walk.decorator(node)
    return False


def _import(walk: Walk, node: Node, plan: Plan) -> bool:
    found = False
    for draft in walk.language.imports[plan.kind](node):
        walk.imported(draft, node)
        found = found or draft.kind != "dynamic"
    if found:
        _comments_inside(walk, node)
    return found


def _comments_inside(walk: Walk, node: Node) -> None:
    """Record the comments among the names of an import, which the walk does not enter."""
    pending = list(reversed(node.children))
    while pending:
        here = pending.pop()
        if here.type in walk.language.comments:
            walk.comment(here)
        else:
            pending += reversed(here.children)


def _reader(walk: Walk, node: Node, plan: Plan) -> bool:
    return walk.language.readers[plan.kind](node, walk)


def _define(walk: Walk, node: Node, plan: Plan) -> bool:
    for define in plan.defines:
        if walk.define(node, define):
            break
    return False


def _flow(walk: Walk, node: Node, plan: Plan) -> bool:
    flow = walk.language.flow[plan.kind]
    complexity = walk.complexity
    if not complexity.open:
        return False
    if flow is Flow.ELSE:
        complexity.add_one()
    elif flow is Flow.JUMP:
        if node.named_child_count:
            complexity.add_one()
    elif flow is Flow.DEEPER:
        if not walk.is_definition_body(node):
            if plan.kind in walk.language.anonymous and not _is_all_of_another(walk):
                complexity.enter_callable(node.start_byte, walk.decisions_end(node))
                walk.at_exit(complexity.leave_anonymous)
            complexity.nest(node.start_byte, node.start_byte, flow)
            walk.at_exit(complexity.unnest)
    elif not _continues_ladder(walk, plan):
        complexity.branch(node.start_byte, flow)
        complexity.nest(node.start_byte, _body_start(node), flow)
        walk.at_exit(complexity.unnest)
    return False


def _is_all_of_another(walk: Walk) -> bool:
    """Say whether a function is the whole body of another one, as in `a => b => ...`."""
    parent = walk.parent_plan()
    around = parent is not None and parent.kind in walk.language.anonymous
    return around and walk.field_name() == "body"


def _break(walk: Walk, node: Node, plan: Plan) -> bool:
    if walk.language.breaks[plan.kind](node):
        walk.complexity.add_one()
    return False


def _continues_ladder(walk: Walk, plan: Plan) -> bool:
    parent = walk.parent_plan()
    if parent is None:
        return False
    if walk.language.flow.get(parent.kind) is Flow.ELSE:
        return True
    return parent.kind == plan.kind and walk.field_name() == "alternative"


def _body_start(node: Node) -> int:
    for name in _BODY_FIELDS:
        body = node.child_by_field_name(name)
        if body is not None:
            return body.start_byte
    return node.start_byte


def _logical(walk: Walk, node: Node, _plan: Plan) -> bool:
    operator = node.child_by_field_name("operator")
    if operator is None or operator.type not in walk.language.logical_operators:
        return False
    for parent, plan in walk.ancestors():
        kind = plan.kind if plan is not None else parent.type
        if kind in walk.language.logical:
            above = parent.child_by_field_name("operator")
            if above is not None and above.type == operator.type:
                return False
            break
        if kind not in walk.language.parentheses:
            break
    walk.complexity.add_one()
    return False


def _guard(walk: Walk, node: Node, _plan: Plan) -> bool:
    walk.guard(node)
    return False


def _scope(walk: Walk, node: Node, plan: Plan) -> bool:
    scoping = walk.language.scopes[plan.kind]
    if scoping.when is None or scoping.when(node):
        walk.scope(node, scoping)
    return False


def _element(walk: Walk, node: Node, plan: Plan) -> bool:
    target, value = (find(node, each) for each in walk.language.elements[plan.kind])
    if target is not None and value is not None:
        walk.element(target, value)
    return False


def _returning(walk: Walk, node: Node, _plan: Plan) -> bool:
    walk.returning(node)
    return False


def _typed(walk: Walk, node: Node, plan: Plan) -> bool:
    typed = walk.language.typed[plan.kind]
    if not isinstance(typed, Typed):
        for each in typed(node):
            walk.typed(each.target, each.type, each.value)
        return False
    target = find(node, typed.target)
    if target is not None:
        walk.typed(target, find(node, typed.type), find(node, typed.value))
    return False


def _string(walk: Walk, node: Node, _plan: Plan) -> bool:
    if walk.role.use == "type":
        walk.use_names_in(node, "annotation")
        return True
    return False
