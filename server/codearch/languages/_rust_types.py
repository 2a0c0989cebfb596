"""Evident types in Rust: what a name is declared as, made by or cast to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from codearch.languages._language import (
    RESULT_OF,
    TypedName,
    kinds,
)
from codearch.languages._nodes import text

_CONSTRUCTORS = re.compile(r"new|default|from|builder|(?:new|with|from|open)_\w+")
_UNWRAPPED = kinds("unwrap expect clone unwrap_or_default to_owned")


def declared(node: Node) -> Iterator[TypedName]:
    """Yield the name that a `let` binds, with its type and value."""
    name = node.child_by_field_name("pattern")
    if name is not None:
        value = node.child_by_field_name("value")
        yield TypedName(name, node.child_by_field_name("type"), value)


def variant(node: Node) -> Iterator[TypedName]:
    """A variant is a value of its enum."""
    name, listed = node.child_by_field_name("name"), node.parent
    owner = listed.parent if listed is not None else None
    if name is not None and owner is not None:
        yield TypedName(name, owner.child_by_field_name("name"))


def _made(node: Node) -> str:
    return text(node.child_by_field_name("name"))


def _cast(node: Node) -> str:
    return text(node.child_by_field_name("type"))


def _inside(node: Node) -> str:
    """Return the evident type of what is borrowed, tried or put in parentheses."""
    inner = node.child_by_field_name("value")
    if inner is None and node.named_child_count:
        inner = node.named_children[0]
    evident = EVIDENT.get(inner.type) if inner is not None else None
    return evident(inner) if evident is not None and inner is not None else ""


def _result(call: Node) -> str:
    """`A::new()` and its like give an A; a function of this file declares what it gives."""
    while (function := call.child_by_field_name("function")) is not None:
        name = text(function)
        if function.type == "identifier":
            return "String" if name == "format" else RESULT_OF + name
        if function.type == "scoped_identifier":
            return _constructed(function)
        inner = function.child_by_field_name("value")
        unwrapped = text(function.child_by_field_name("field")) in _UNWRAPPED
        if not unwrapped or inner is None or inner.type != "call_expression":
            return ""
        call = inner
    return ""


def _constructed(function: Node) -> str:
    path, name = function.child_by_field_name("path"), function.child_by_field_name("name")
    is_type = text(path).rpartition("::")[2][:1].isupper()
    return text(path) if is_type and _CONSTRUCTORS.fullmatch(text(name)) else ""


EVIDENT = {
    "struct_expression": _made,
    "call_expression": _result,
    "type_cast_expression": _cast,
    "string_literal": lambda _node: "&str",
    "reference_expression": _inside,
    "try_expression": _inside,
    "parenthesized_expression": _inside,
}
