"""What Java calls things, for copies that are moved into a method beside them.

The new method may throw what all the copies' own methods let through or catch; where these differ,
there is no fix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._clones.statements import above, inside, with_comments
from codearch.detectors._clones.typed_copies import Tongue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from codearch.detectors._clones.typed_copies import Copy, Scene

_METHODS = frozenset({"method_declaration"})
_TYPES = frozenset(
    {
        "class_declaration", "record_declaration", "enum_declaration", "interface_declaration",
        "annotation_type_declaration",
    }
)  # fmt: skip
_CLOSURES = frozenset(
    {
        "lambda_expression", "class_body", "constructor_declaration", "static_initializer",
        "compact_constructor_declaration", *_TYPES, *_METHODS,
    }
)  # fmt: skip
_REFUSED = frozenset({"return_statement", "yield_statement", "labeled_statement", "ERROR"})
_LOOPS = frozenset({"for_statement", "enhanced_for_statement", "while_statement", "do_statement"})
_TRIES = frozenset({"try_statement", "try_with_resources_statement"})
_SIMPLE = frozenset(
    {"local_variable_declaration", "expression_statement", "enhanced_for_statement"}
)
_HOMES = frozenset({"class_declaration", "record_declaration", "enum_body_declarations"})
_NO_CONSTANTS = frozenset(
    {"method_invocation", "object_creation_expression", "array_creation_expression"}
)
_ASKING = _NO_CONSTANTS | {"binary_expression", "unary_expression"}


def _home(_: Scene, method: Node) -> Node | None:
    """Return what a method beside this one may stand above."""
    body = method.parent
    if body is None or body.parent is None:
        return None
    in_class = body.type == "class_body" and body.parent.type in _HOMES
    return with_comments(method) if in_class or body.type in _HOMES else None


def _type_of(_: Scene, name: Node) -> str:
    binder = name.parent
    if binder is None or binder.child_by_field_name("dimensions") is not None:
        return ""
    declared = binder.child_by_field_name("type")
    if binder.type == "variable_declarator":
        value, statement = binder.child_by_field_name("value"), binder.parent
        if value is None or statement is None or statement.type != "local_variable_declaration":
            return ""
        if _modifiers(statement, "final") and value.type not in _NO_CONSTANTS:
            return ""  # it may be meant where only a constant may stand
        declared = statement.child_by_field_name("type")
        if _is(declared, "var"):
            return _constructed(value)
    elif binder.type not in {"formal_parameter", "enhanced_for_statement", "resource"}:
        return ""
    return "" if declared is None or _is(declared, "var") else _text(declared)


def _constructed(value: Node) -> str:
    """Return the type of a `new` that says all of it."""
    if value.type != "object_creation_expression":
        return ""
    if any(each.type == "class_body" for each in value.named_children):
        return ""
    made = value.child_by_field_name("type")
    return "" if made is None or _text(made).endswith("<>") else _text(made)


def _declared(name: Node) -> Node | None:
    declarator = name.parent
    return declarator.parent if declarator is not None else None


def _written(node: Node) -> Iterator[Node]:
    target = None
    if node.type == "assignment_expression":
        target = node.child_by_field_name("left")
    elif node.type == "update_expression":
        target = node.named_children[0]
    while target is not None and target.type == "parenthesized_expression":
        target = target.named_children[0]
    if target is not None and target.type == "identifier":
        yield target


def _own_types(method: Node) -> set[str]:
    given = method.child_by_field_name("type_parameters")
    if given is None:
        return set()
    return {_text(each.named_children[0]) for each in given.named_children if each.named_children}


def _is_sound(_: Scene, copy: Copy) -> bool:
    """Say whether what follows a copy is reached from it as far as the compiler can tell."""
    last = copy.statements[-1]
    if last.type in _SIMPLE or (
        last.type == "if_statement" and last.child_by_field_name("alternative") is None
    ):
        return True
    if last.type in {"while_statement", "for_statement"}:
        asked = last.child_by_field_name("condition")
        while asked is not None and asked.type == "parenthesized_expression":
            asked = asked.named_children[0]
        return asked is not None and asked.type in _ASKING
    return not any(each.type in {"throw_statement", *_LOOPS} for each in inside(last))


def _head(copies: Sequence[Copy], name: str, results: Sequence[str]) -> str | None:
    first = copies[0]
    thrown = [_thrown(copy) for copy in copies]
    if all(thrown) and len({frozenset(each) for each in thrown}) > 1:
        return None
    if any(
        _own_types(copy.function).intersection(each)
        for copy, each in zip(copies, thrown, strict=True)
    ):
        return None
    types = {**first.inputs, **{key: value for copy in copies for key, value in copy.made.items()}}
    static = "static " if any(_modifiers(copy.function, "static") for copy in copies) else ""
    result = types[results[0]] if results else "void"
    given = ", ".join(f"{each} {key}" for key, each in first.inputs.items())
    throws = f" throws {', '.join(thrown[0])}" if all(thrown) else ""
    return f"private {static}{result} {name}({given}){throws} {{"


def _thrown(copy: Copy) -> list[str]:
    """Return what exceptions may leave the copy, by name."""
    declared = next((each for each in copy.function.children if each.type == "throws"), None)
    found = [_text(each) for each in declared.named_children] if declared is not None else []
    inner: Node = copy.statements[0]
    for each in above(inner):
        if each == copy.function:
            break
        if each.type in _TRIES and inner == each.child_by_field_name("body"):
            found += [
                _text(kind)
                for clause in each.named_children
                if clause.type == "catch_clause"
                for caught in inside(clause.named_children[0])
                if caught.type == "catch_type"
                for kind in caught.named_children
            ]
        inner = each
    return list(dict.fromkeys(found))


def _call(copy: Copy, name: str, results: Sequence[str]) -> str:
    call = f"{name}({', '.join(copy.inputs)});"
    if copy.written:
        return f"{copy.written[0]} = {call}"
    if not copy.made:
        return call
    declaration = next(
        each
        for each in copy.statements
        if each.type == "local_variable_declaration"
        and any(_is(it.child_by_field_name("name"), results[0]) for it in each.named_children)
    )
    final = "final " if _modifiers(declaration, "final") else ""
    return f"{final}{copy.made[results[0]]} {results[0]} = {call}"


def _modifiers(node: Node, word: str) -> bool:
    """Say whether a modifier stands before a declaration."""
    return any(
        each.type == word
        for given in node.named_children
        if given.type == "modifiers"
        for each in given.children
    )


def _is(node: Node | None, text: str) -> bool:
    return node is not None and _text(node) == text


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


JAVA = Tongue(
    functions=_METHODS,
    closures=_CLOSURES,
    refused=_REFUSED,
    texts=frozenset({"string_literal"}),
    leaves={
        "break_statement": _LOOPS | {"switch_expression", "switch_statement"},
        "continue_statement": _LOOPS,
    },
    tries=_TRIES,
    most_results=1,
    home=_home,
    type_of=_type_of,
    declared=_declared,
    written=_written,
    own_types=_own_types,
    is_sound=_is_sound,
    head=_head,
    call=_call,
    end=";",
)
