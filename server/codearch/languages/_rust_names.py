"""Rust's names that need more than a table: macros, patterns, literals of structs."""

from __future__ import annotations

import re

from tree_sitter import Node

from codearch.facts import CallKind
from codearch.languages._arguments import count_of
from codearch.languages._language import (
    Reader,
)

# --- macros that are read as calls -------------------------------------------------------------

_MARK = b"\x0b"  # white space that no one writes stands for the "!" of a macro read as a call
_LIKE_CALLS = re.compile(
    rb"\b((?:e?print(?:ln)?|format(?:_args)?|write(?:ln)?|panic|todo|unimplemented|unreachable|dbg"
    rb"|(?:debug_)?assert(?:_eq|_ne)?|bail|ensure|anyhow|trace|debug|info|warn|error|try_join|join)\s*)"
    rb"!(?=\s*\()"
)
_ARRAYS = re.compile(rb"\b(?:vec|str)!(?=\s*\[)")


def prepare(source: bytes) -> bytes:
    """Let macros that take expressions be read as calls, `vec![...]` and `str![...]` as arrays."""
    if b"!" not in source:
        return source
    return _ARRAYS.sub(b"    ", _LIKE_CALLS.sub(rb"\1" + _MARK, source))


def call_kind(call: Node) -> CallKind:
    """Return what a call is: one of a macro whose "!" is gone, or of a function."""
    function, arguments = (
        call.child_by_field_name("function"),
        call.child_by_field_name("arguments"),
    )
    if function is None or arguments is None or function.end_byte == arguments.start_byte:
        return "call"
    between = slice(function.end_byte - call.start_byte, arguments.start_byte - call.start_byte)
    return "macro" if _MARK in (call.text or b"")[between] else "call"


def token_tree(tree: Node, reader: Reader) -> bool:
    """Read `name(...)`, `a.name(...)` and `A::name(...)` among the tokens of a macro as calls."""
    tokens = tree.children
    for at, token in enumerate(tokens):
        joined = at > 0 and tokens[at - 1].type in {".", "::"}
        if token.type != "identifier":
            continue
        if joined:
            reader.skip(token)
        called = tokens[at + 1] if at + 1 < len(tokens) else None
        if called is None or called.type != "token_tree" or called.children[0].type != "(":
            continue
        receiver = tokens[at - 2] if joined and at > 1 else None
        longer = at > 2 and tokens[at - 3].type in {".", "::"}
        if joined and (longer or receiver is None or receiver.type == "token_tree"):
            continue
        reader.call(token, receiver, "call", _arguments(called))
    return False


def _arguments(tree: Node) -> int:
    inside = tree.children[1:-1]
    if not inside:
        return 0
    return 1 + sum(token.type == "," for token in inside[:-1])


# --- names that need more than a table ---------------------------------------------------------


def pattern(node: Node, reader: Reader) -> bool:
    """In a pattern a name in capitals is a constant or a variant, any other is bound."""
    for child in node.named_children:
        if child.type == "identifier" and (child.text or b"")[:1].isupper():
            reader.use(child)
            reader.skip(child)
    return False


def let_name(node: Node, reader: Reader) -> bool:
    """A `let` of one name in capitals binds nothing: it is a constant."""
    name = node.child_by_field_name("pattern")
    if name is not None and name.type == "identifier" and (name.text or b"")[:1].isupper():
        reader.use(name)
        reader.skip(name)
    return False


def field_pattern(node: Node, reader: Reader) -> bool:
    """`Point { x: a }` binds a, `Point { x }` x."""
    name = node.child_by_field_name("name")
    if name is not None and name.type == "field_identifier":
        reader.skip(name)
    return pattern(node, reader)


def derive(node: Node, reader: Reader) -> bool:
    """Only the names that `derive` lists are names."""
    name = node.named_children[0] if node.named_children else None
    if name is None or name.text != b"derive":
        return True
    reader.skip(name)
    return False


def struct_literal(node: Node, reader: Reader) -> bool:
    """`a::B { c: 1 }` makes a B."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is not None and name.type == "generic_type_with_turbofish":
        name = name.child_by_field_name("type")
    count = count_of(body)
    if name is not None and name.type == "scoped_type_identifier":
        last = name.child_by_field_name("name")
        if last is not None:
            reader.call(last, name.child_by_field_name("path"), "new", count)
    elif name is not None and name.type == "type_identifier":
        reader.call(name, None, "new", count)
    return False
