"""Moves copies that are exactly alike into one function: JavaScript's, by the names in them alone.

A copy may use names of its function that are bound once, before it; what it writes of them, or
binds and is used after it, is its one result. All other names are the file's, which a function
beside sees as well. Whatever else a function of its own would change (`this`, `arguments`, `var`,
jumps, `await`, closures that share what is written) makes the fix go.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._clones.statements import (
    above,
    free_name,
    inside,
    outermost,
    runs_in_all,
    with_comments,
)
from codearch.facts import Fix, Replacement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from codearch.detectors._clones.families import Place
    from codearch.detectors._clones.statements import Run
    from codearch.detectors._detector import FileView

_MOST_INPUTS = 5
FUNCTIONS = frozenset(
    {
        "function_declaration", "function_expression", "arrow_function", "method_definition",
        "generator_function_declaration", "generator_function",
    }
)  # fmt: skip
INNER = FUNCTIONS | {"class_declaration", "class"}
# What means another thing in another function, or may.
REFUSED = INNER | {
    "return_statement", "yield_expression", "await_expression", "this", "super", "meta_property",
    "variable_declaration", "labeled_statement", "with_statement", "import", "import_statement",
    "export_statement", "private_property_identifier", "statement_identifier", "jsx_text", "await",
}  # fmt: skip
# What may stand between a function and its file: nothing that has names of its own.
AROUND = frozenset(
    {
        "program", "export_statement", "class_declaration", "class_body", "lexical_declaration",
        "variable_declarator", "object", "pair", "expression_statement", "assignment_expression",
        "variable_declaration", "call_expression", "arguments", "parenthesized_expression",
    }
)  # fmt: skip
LOOPS = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})
_JUMPS = frozenset({"break_statement", "continue_statement"})
NAMES = frozenset(
    {"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"}
)
TEXTS = frozenset({"string", "template_string"})
OWN = frozenset({"arguments", "eval"})


class _Copy(NamedTuple):
    """Neighbouring statements of a function, and what goes in and out."""

    statements: Sequence[Node]
    function: Node
    inputs: list[str]
    written: list[str]  # names of the function
    made: list[str]  # names of its own that are used after it
    keyword: str  # with which these are declared

    def holds(self, node: Node) -> bool:
        return self.statements[0].start_byte <= node.start_byte < self.statements[-1].end_byte


def extraction(view: FileView, root: Node, places: Sequence[Place]) -> Fix | None:
    """Return the fix that leaves one of several exact copies, in a function of its own."""
    for runs in runs_in_all(view, root, places):
        copies = [copy for run in runs if (copy := _copy(root, run)) is not None]
        if len(copies) < len(places):
            continue
        inputs = list(dict.fromkeys(name for copy in copies for name in copy.inputs))
        outputs = {(*copy.written, *copy.made) for copy in copies if copy.written or copy.made}
        same = all(sorted(inputs) == sorted(copy.inputs) for copy in copies)
        if same and len(inputs) <= _MOST_INPUTS and len(outputs) <= 1:
            return _fix(view, copies, inputs, next(iter(outputs), ()))
    return None


def _copy(root: Node, statements: Run) -> _Copy | None:
    """Return what goes in and out of statements, None where they mean another thing elsewhere."""
    functions = [each for each in above(statements[0]) if each.type in FUNCTIONS]
    if len(functions) != 1 or not all(_moves(each) for each in statements):
        return None
    function = functions[0]
    if any(each.type not in AROUND for each in above(function)) or is_stricter(root, function):
        return None
    copy = _Copy(statements, function, [], [], [], "const")
    within = [each for statement in statements for each in inside(statement)]
    outside = [each for each in inside(function) if not copy.holds(each) or each == function]
    outer, own = Counter(_bound(outside)), Counter(_bound(within))
    used = dict.fromkeys(_text(each) for each in within if each.type in NAMES)
    if any(_text(each) in OWN or each.type == "with_statement" for each in (*outside, *within)):
        return None
    copy.inputs.extend(name for name in used if name in outer)
    seen_before = Counter(_bound_before(copy))
    if own.keys() & outer.keys() or any(
        outer[name] != 1 or seen_before[name] != 1 for name in copy.inputs
    ):
        return None
    copy.written.extend(name for name in dict.fromkeys(_written(within)) if name in outer)
    later = {_text(each) for each in outside if each.type in NAMES}
    copy.made.extend(name for name in own if name in later)
    return _if_sound(copy, outside)


def _if_sound(copy: _Copy, outside: Sequence[Node]) -> _Copy | None:
    """Return a copy whose results nobody else could see before it has ended."""
    inner = [each for each in outside if each.type in INNER and each != copy.function]
    shared = {name for each in inner for name in _written([*inside(each)])}
    if not shared.isdisjoint(copy.inputs):
        return None
    results = [*copy.written, *copy.made]
    if not results:
        return copy
    around = {each.type for each in above(copy.statements[0])}
    if len(results) > 1 or inner or "try_statement" in around:
        return None
    if copy.written:
        return copy
    declared = [each for each in copy.statements if each.type == "lexical_declaration"]
    kinds = [_keyword(each) for each in declared if copy.made[0] in _bound([*inside(each)])]
    return copy._replace(keyword=kinds[0]) if kinds else None  # else a block of it has its own


def _moves(statement: Node) -> bool:
    """Say whether a statement does the same in a function of its own."""
    for each in inside(statement):
        if each.type in REFUSED:
            return False
        if each.type in TEXTS and each.start_point[0] != each.end_point[0]:
            return False  # its lines would be indented otherwise
        if each.type in _JUMPS:
            kinds = LOOPS | ({"switch_statement"} if each.type == "break_statement" else set())
            target = next((up for up in above(each) if up.type in kinds), None)
            if target is None or target.start_byte < statement.start_byte:
                return False
    return True


def is_stricter(root: Node, function: Node) -> bool:
    """Say whether a function is in strict mode, and one beside it would not be."""
    kinds = {each.type for each in root.named_children}
    if kinds & {"import_statement", "export_statement"}:
        return False
    if _is_strict(root):
        return False
    body = function.child_by_field_name("body")
    in_class = any(each.type == "class_body" for each in above(function))
    return in_class or (body is not None and _is_strict(body))


def _is_strict(block: Node) -> bool:
    statements = (each for each in block.named_children if each.type != "comment")
    statement = next(statements, None)
    return statement is not None and _text(statement).rstrip(";").strip("'\"") == "use strict"


def _bound(nodes: Sequence[Node]) -> list[str]:
    """Return the names that declarations among nodes bind, once for each time."""
    found: list[str] = []
    for node in nodes:
        if node.type == "variable_declarator":
            found += _targets(node, "name")
        elif node.type == "for_in_statement" and node.child_by_field_name("kind") is not None:
            found += _targets(node, "left")
        elif node.type == "catch_clause":
            found += _targets(node, "parameter")
        elif node.type in INNER:
            if node.type != "method_definition":
                found += _targets(node, "name")
            found += _targets(node, "parameters")
            found += _targets(node, "parameter")
    return found


def _bound_before(copy: _Copy) -> Iterator[str]:
    """Yield the names that a copy sees of its function: parameters, and what stands before it."""
    node: Node = copy.statements[0]
    while node != copy.function and node.parent is not None:
        before = node.prev_named_sibling
        while before is not None:
            if before.type in {"lexical_declaration", "variable_declaration"}:
                yield from _bound(before.named_children)
            before = before.prev_named_sibling
        node = node.parent
        if node.type == "for_in_statement" and node.child_by_field_name("kind") is not None:
            yield from _targets(node, "left")
        elif node.type == "for_statement":
            first = node.child_by_field_name("initializer")
            yield from _bound(first.named_children if first is not None else [])
    for field in ("parameters", "parameter"):
        yield from _targets(copy.function, field)


def _targets(node: Node, field: str) -> Iterator[str]:
    """Yield the plain names in a field; defaults count as well, which is safe."""
    return map(_text, _names_of(node.child_by_field_name(field)))


def written(node: Node) -> Iterator[Node]:
    """Yield the plain names that a node gives another value."""
    if node.type in {"assignment_expression", "augmented_assignment_expression"}:
        yield from _names_of(node.child_by_field_name("left"))
    elif node.type == "update_expression":
        yield from _names_of(node.child_by_field_name("argument"))
    elif node.type == "for_in_statement" and node.child_by_field_name("kind") is None:
        yield from _names_of(node.child_by_field_name("left"))


def _written(nodes: Sequence[Node]) -> Iterator[str]:
    return (_text(each) for node in nodes for each in written(node))


def _names_of(node: Node | None) -> Iterator[Node]:
    if node is None or node.type in {"member_expression", "subscript_expression"}:
        return
    if node.type in NAMES:
        yield node
    for each in node.named_children:
        yield from _names_of(each)


def _keyword(statement: Node) -> str:
    return "let" if _text(statement).startswith("let") else "const"


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


# --- what is written ------------------------------------------------------------------------------


def _fix(
    view: FileView, copies: Sequence[_Copy], inputs: Sequence[str], outputs: Sequence[str]
) -> Fix:
    first = copies[0]
    name = free_name(view, _wanted(first.function))
    line = view.lines.starts[first.statements[0].start_point[0]]
    text = view.source[line : first.statements[-1].end_byte].decode("utf-8", "replace")
    step = "\t" if "\t" in text[: len(text) - len(text.lstrip())] else "  "
    body = textwrap.indent(textwrap.dedent(text.replace("\r\n", "\n")), step).split("\n")
    lines = [f"function {name}({', '.join(inputs)}) {{", *body]
    lines += [f"{step}return {each};" for each in outputs]
    end = "\r\n" if b"\r\n" in view.source else "\n"
    top = view.lines.starts[with_comments(outermost(first.function)).start_point[0]]
    made = Replacement(view.path, view.span(top, top), end.join([*lines, "}", "", ""]))
    calls = []
    for copy in copies:
        call = f"{name}({', '.join(inputs)});"
        if copy.made:
            call = f"{copy.keyword} {copy.made[0]} = {call}"
        elif copy.written:
            call = f"{copy.written[0]} = {call}"
        span = view.span(copy.statements[0].start_byte, copy.statements[-1].end_byte)
        calls.append(Replacement(view.path, span, call))
    return Fix(f"Move the {len(copies)} copies into `{name}`", False, (made, *calls))


def _wanted(function: Node) -> str:
    named = function.child_by_field_name("name")
    name = _text(named) if named is not None and named.type != "computed_property_name" else ""
    return f"partOf{name[:1].upper()}{name[1:]}" if name.isidentifier() else "sharedPart"
