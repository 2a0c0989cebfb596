"""The types that Go declares, and those that values show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from codearch.languages._language import RESULT_OF, TypedName
from codearch.languages._nodes import text


def names_of(node: Node, field: str = "name") -> list[Node]:
    """Return the nodes of all names in a field: `a, b int`."""
    return [child for child in node.children_by_field_name(field) if child.is_named]


def type_name(node: Node) -> Node | None:
    """Return the name's node of `*pkg.T[A]`."""
    while node.type in {"pointer_type", "generic_type", "parenthesized_type"}:
        inner = node.child_by_field_name("type")
        if inner is None and node.named_children:
            inner = node.named_children[0]
        if inner is None:
            return None
        node = inner
    if node.type == "qualified_type":
        return node.child_by_field_name("name")
    return node if node.type == "type_identifier" else None


def declared_names(node: Node) -> Iterator[TypedName]:
    """Each name of `a, b T` and of `a, b = x, y` with its type or value."""
    yield from _paired(names_of(node), node.child_by_field_name("type"), node, "value")


def short_declared_names(node: Node) -> Iterator[TypedName]:
    """Each name of `a, b := x, y` with its value."""
    left = node.child_by_field_name("left")
    yield from _paired(left.named_children if left is not None else [], None, node, "right")


def _paired(
    names: list[Node], declared: Node | None, node: Node, field: str
) -> Iterator[TypedName]:
    held = node.child_by_field_name(field)
    values = held.named_children if held is not None else []
    for index, name in enumerate(names):
        if declared is not None:
            yield TypedName(name, declared)
        elif index < len(values) and (len(values) == len(names) or index == 0):
            yield TypedName(name, None, values[index])


def made_type(node: Node) -> str:
    """Return the type of a literal, an assertion or an alias, as written."""
    made = node.child_by_field_name("type")
    return text(made) if made is not None else ""


def _address(node: Node) -> str:
    """`&T{}` is a `*T`."""
    operand = node.child_by_field_name("operand")
    taken = operand is not None and operand.type == "composite_literal" and text(node)[:1] == "&"
    return f"*{made_type(operand)}" if taken and operand is not None else ""


def _result(node: Node) -> str:
    """`new(T)` and `make(T)` say their type; another function of this file declares its results."""
    function = node.child_by_field_name("function")
    if function is None or function.type != "identifier":
        return ""
    name, arguments = text(function), node.child_by_field_name("arguments")
    if name in {"new", "make"} and arguments is not None and arguments.named_children:
        return "*" * (name == "new") + text(arguments.named_children[0])
    return RESULT_OF + name


def _inside(node: Node) -> str:
    """Return the evident type of what stands in one pair of parentheses."""
    inner = node.named_children[0] if node.named_child_count == 1 else None
    if inner is None or inner.type == node.type:
        return ""
    evident = EVIDENT.get(inner.type)
    return evident(inner) if evident is not None else ""


EVIDENT = {
    "composite_literal": made_type,
    "unary_expression": _address,
    "call_expression": _result,
    "type_assertion_expression": made_type,
    "parenthesized_expression": _inside,
}
_NAMED_RESULT = re.compile(r"\w+ +(?=[\w*\[(])")


def first_result(results: str) -> str:
    """Return the first type of `(T, error)` or `(x T, err error)`."""
    if not results.startswith("("):
        return results
    depth = 0
    for at, character in enumerate(results):
        depth += (character in "([{") - (character in ")]}")
        if (character == "," and depth == 1) or depth == 0:
            first = results[1:at].strip()
            named = _NAMED_RESULT.match(first)
            is_type = first.startswith(("chan ", "func", "map[", "struct", "interface"))
            return first[named.end() :] if named and not is_type else first
    return ""


def second_name(node: Node) -> Node | None:
    """Return the name of the elements in `for i, each := range all`."""
    left = node.child_by_field_name("left")
    return left.named_children[1] if left is not None and left.named_child_count == 2 else None
