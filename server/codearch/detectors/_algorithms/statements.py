"""From statements and calls to terms: what each shape of the language's flows says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from codearch.detectors._algorithms.terms import DONE, NOTHING, Term, do, number, operation, steps
from codearch.detectors._algorithms.words import OPERATORS
from codearch.languages._flows import (
    Assign,
    Branch,
    Call,
    Case,
    Choice,
    Comprehension,
    Deferred,
    Each,
    Enclosing,
    Function,
    Handler,
    Jump,
    Labelled,
    Loop,
    Place,
    Refuted,
    Sequence,
    Switch,
    Try,
    Update,
    Wrapper,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from codearch.detectors._algorithms.reading import Reader

_ORDER = {"Less": "<", "Greater": ">", "Equal": "=="}


def _sequence(reader: Reader, node: Node, _shape: Sequence) -> Term:
    return steps(*(reader.read(each) for each in reader.low.parts(node)))


def _wrapper(reader: Reader, node: Node, _shape: Wrapper) -> Term:
    parts = reader.low.parts(node)
    return reader.read(parts[0]) if parts else DONE


def _branch(reader: Reader, node: Node, shape: Branch) -> Term:
    otherwise = DONE
    for each in reversed(reader.low.all(node, shape.otherwise)):
        form = reader.low.shape(each)
        if isinstance(form, Branch) and each.type.startswith("elif"):
            otherwise = Term(
                "if",
                "",
                (reader.at(each, form.condition), reader.at(each, form.then), otherwise),
            )
        else:
            otherwise = reader.read(each)
    condition = reader.at(node, shape.condition)
    found = Term("if", "", (condition, reader.at(node, shape.then), otherwise))
    before = reader.at(node, shape.before)
    return steps(before, found) if before != NOTHING else found


def _loop(reader: Reader, node: Node, shape: Loop) -> Term:
    parts = [reader.at(node, each) for each in (shape.before, shape.condition, shape.update)]
    value = "last" if shape.tests_last else "first"
    return Term("loop", value, (*parts, reader.at(node, shape.body)))


def _each(reader: Reader, node: Node, shape: Each) -> Term:
    target, iterable = reader.at(node, shape.target), reader.at(node, shape.iterable)
    value = "numbered" if reader.low.program.language.name == "go" else ""
    return Term("each", value, (target, iterable, reader.at(node, shape.body)))


def _switch(reader: Reader, node: Node, shape: Switch) -> Term:
    low = reader.low
    before = [reader.read(each) for each in low.all(node, shape.before)]
    subject = reader.at(node, shape.subject)
    body = low.find(node, shape.body) if shape.body else node
    found, waiting = DONE, NOTHING
    read: list[tuple[Term, Term]] = []
    for case in low.parts(body) if body is not None else ():
        form = low.shape(case)
        if not isinstance(form, Case):
            continue
        labels, done = _case(reader, case, form, subject)
        labels = labels if waiting == NOTHING else do("or", waiting, labels)
        if done == DONE and (shape.falls or shape.falls_if_empty) and not _ends_here(case):
            waiting = labels
            continue
        waiting = NOTHING
        read.append((Term("truth", True) if form.takes_all(case) else labels, done))
    for condition, done in reversed(read):
        taken = condition == Term("truth", True)
        found = done if taken else Term("if", "", (condition, done, found))
    return steps(*before, found)


def _ends_here(case: Node) -> bool:
    return any(each.type == "break_statement" for each in case.named_children)


def _case(reader: Reader, case: Node, form: Case, subject: Term) -> tuple[Term, Term]:
    """Return a case's condition and what it does."""
    low = reader.low
    guard = low.find(case, form.guard)
    tested: list[Term] = []
    done: list[Term] = []
    for index, child in enumerate(case.children):
        if not child.is_named or child.type in reader.flows.ignored or child == guard:
            continue
        field = case.field_name_for_child(index)
        if child.type in form.labels or (field is not None and field in form.labels):
            parts = [each for each in child.named_children if each != guard]
            inner = parts[0] if child.type == "match_pattern" and parts else child
            label = reader.read(inner)
            tested += label.parts if label.word == "list" else [label]
        else:
            done.append(reader.read(child))
    while done and done[-1] == Term("leave", "break"):
        done.pop()
    body = steps(*done)
    if body.word == "steps" and body.parts and body.parts[-1] == Term("leave", "break"):
        body = steps(*body.parts[:-1])
    if body == Term("leave", "break"):
        body = DONE
    conditions = [_taken(subject, each) for each in tested] or [NOTHING]
    condition = conditions[0] if len(conditions) == 1 else do("or", *conditions)
    if guard is not None:
        condition = do("and", condition, reader.read(guard))
    return condition, body


def _taken(subject: Term, label: Term) -> Term:
    if subject == NOTHING:
        return label
    if label.word == "do" and label.value == "or":
        return do("or", *(_taken(subject, each) for each in label.parts))
    if subject.word == "call" and str(label.value) in _ORDER:
        return operation(_ORDER[str(label.value)], subject.parts[0], subject.parts[-1])
    return do("==", subject, label)


def _try(reader: Reader, node: Node, shape: Try) -> Term:
    body = reader.at(node, shape.body)
    others = [
        reader.read(each)
        for each in reader.low.parts(node)
        if each.type in shape.otherwise or each.type in shape.final
    ]
    return steps(reader.at(node, shape.resources), body, *others)


def _assign(reader: Reader, node: Node, shape: Assign) -> Term:
    targets = [reader.read(each) for each in reader.low.all(node, shape.targets)]
    values = [reader.read(each) for each in reader.low.all(node, shape.values)]
    if not values or not targets:
        return steps(*values)
    operator = node.child_by_field_name("operator")
    written = reader.text(operator).removesuffix("=") if operator is not None else ""
    if written in {":", "", "=", "!"} or (written[-1] in "=<>" and len(written) == 1):
        written = ""
    target = targets[0] if len(targets) == 1 else Term("list", "", tuple(targets))
    value = values[0] if len(values) == 1 else Term("list", "", tuple(values))
    return Term("set", OPERATORS.get(written, written), (target, value))


def _refuted(reader: Reader, node: Node, shape: Refuted) -> Term:
    target, value = reader.at(node, shape.target), reader.at(node, shape.value)
    return Term("set", "", (target, value))


def _update(reader: Reader, node: Node, shape: Update) -> Term | None:
    if shape.when is not None and not shape.when(node):
        return None
    written = reader.text(node)
    target = reader.at(node, shape.target)
    return Term("set", "+" if "++" in (written[:2], written[-2:]) else "-", (target, number(1)))


def _place(reader: Reader, node: Node, shape: Place) -> Term | None:
    if shape.when is not None and not shape.when(node):
        return None
    if not shape.name:
        return None
    inner = reader.at(node, shape.object)
    name = reader.text(node.child_by_field_name(shape.name)).split("<")[0]
    if name.isdigit():
        return Term("at", "", (inner, number(int(name))))
    return Term("member", name, (inner,))


def _choice(reader: Reader, node: Node, shape: Choice) -> Term | None:
    if shape.gives or (shape.when is not None and not shape.when(node)):
        return None
    first = reader.low.find(node, shape.first)
    others = [each for each in reader.low.parts(node) if each != first]
    if first is None or len(others) != 2:
        return None
    return Term("if", "", (reader.read(first), reader.read(others[0]), reader.read(others[1])))


def _comprehension(reader: Reader, node: Node, shape: Comprehension) -> Term:
    named = reader.low.parts(node)
    clauses = [each for each in named if each.type in shape.clauses]
    value = [reader.read(each) for each in named if each.type not in shape.clauses]
    found = Term("call", "yield", (NOTHING, *value))
    for each in reversed(clauses):
        if each.type == "if_clause":
            found = Term("if", "", (steps(*reader.all(each)), found, DONE))
        else:
            target, iterable = reader.at(each, "left"), reader.at(each, "right")
            found = Term("each", "", (target, iterable, found))
    return found


def _call(reader: Reader, node: Node, shape: Call) -> Term:
    function = reader.low.find(node, shape.function)
    holder = reader.low.find(node, shape.arguments)
    arguments = [reader.read(each) for each in reader.low.parts(holder)] if holder else []
    receiver = NOTHING
    thing = node.child_by_field_name("object")  # Java
    if thing is not None:
        receiver = reader.read(thing)
        name = reader.text(function)
    else:
        while function is not None and function.type in {"generic_function", "template_function"}:
            function = function.child_by_field_name("function") or function.named_children[0]
        called = reader.read(function)
        if called.word == "member":
            receiver, name = called.parts[0], str(called.value)
        else:
            name = reader.text(function)
    name = name.split("<")[0].split("(")[0].rstrip("!")
    initial = node.child_by_field_name("initializer")
    if initial is not None:
        return reader.read(initial)
    return Term("call", name.replace("::", ".").split(".")[-1], (receiver, *arguments))


def _jump(reader: Reader, node: Node, shape: Jump) -> Term:
    kind = shape.kind(node) if callable(shape.kind) else shape.kind
    if kind == "raise":
        return Term("leave", "raise")
    if kind not in {"return", "yield"}:
        return Term("leave", str(kind))
    return Term("return", "", tuple(reader.read(each) for each in reader.low.parts(node)))


def _enclosing(reader: Reader, node: Node, shape: Enclosing) -> Term:
    return reader.at(node, shape.body)


def _inside(reader: Reader, node: Node, _shape: object) -> Term:
    return steps(*reader.all(node))


def _closure(reader: Reader, node: Node, _shape: Function) -> Term:
    return reader.function(node)


BY_SHAPE: dict[type, Callable[[Any, Node, Any], Term | None]] = {
    Sequence: _sequence,
    Wrapper: _wrapper,
    Branch: _branch,
    Loop: _loop,
    Each: _each,
    Switch: _switch,
    Try: _try,
    Handler: lambda *_: DONE,
    Enclosing: _enclosing,
    Jump: _jump,
    Labelled: _inside,
    Deferred: lambda *_: DONE,
    Function: _closure,
    Assign: _assign,
    Refuted: _refuted,
    Update: _update,
    Place: _place,
    Choice: _choice,
    Comprehension: _comprehension,
    Call: _call,
}
