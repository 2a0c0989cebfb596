"""How lizard counts decisions in JavaScript and TypeScript: its reader's ways, as of 1.24."""

from __future__ import annotations

import re
import sys

from tree_sitter import Node

from codearch.languages._ecmascript_definitions import FUNCTIONS, field_of
from codearch.languages._language import kinds

_NO_END = sys.maxsize
_KEYWORDS = frozenset({b"catch", b"for", b"if", b"while", b"case"})
_SEEN_AGAIN = FUNCTIONS | kinds("class_body method_definition")
_MAX_SCANNED = 2000  # bytes of an arrow function's value
_TOKEN = re.compile(
    rb"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|`(?:\\.|[^`\\])*`"
    rb"|[(\[{]|[)\]}]|\n\s*(?!\s|//|/\*|[.(\[{]|\?\.)",
    re.DOTALL,
)


def decisions_end(node: Node) -> int:
    """Return where lizard lets an arrow function end whose body is an expression.

    It ends at the first line that begins outside of brackets, if not with a bracket or a dot: what
    comes then counts for the function around.
    """
    body = field_of(node, "body")
    if node.type != "arrow_function" or body is None or body.type == "statement_block":
        return _NO_END
    header = field_of(node, "parameters", "parameter")
    begin = header.end_byte - node.start_byte if header is not None else 0
    source = (node.text or b"")[: begin + _MAX_SCANNED]
    depth = 0
    for token in _TOKEN.finditer(source, max(source.find(b"=>", begin), 0)):
        first = token.group()[:1]
        if first in b"([{":
            depth += 1
        elif first in b")]}":
            depth -= 1
        elif first == b"\n" and depth <= 0:
            return node.start_byte + token.end()
    return _NO_END


def _lost(node: Node) -> tuple[int, int]:
    """Return what lizard takes for parameters: `(a && b)` in `x = (a && b) || c`, and the `||`.

    It sees its mistake at a function, and counts from there on.
    """
    target = node.child_by_field_name("left")
    if target is not None and target.type == "member_expression":
        return 0, 0  # `this.x = (a && b)`: it reads on as behind any dot
    value = field_of(node, "value", "right")
    around = None
    while value is not None and value.type in {
        "binary_expression",
        "ternary_expression",
        "as_expression",
        "member_expression",
        "non_null_expression",
        "call_expression",
    }:
        around, value = value, value.child(0)
    if value is None or value.type != "parenthesized_expression":
        return 0, 0
    operator = field_of(around, "operator") if around is not None else None
    end = operator.end_byte if operator is not None else value.end_byte
    if around is not None and around.type == "ternary_expression":
        end += 1
    return value.start_byte, _first(value, _SEEN_AGAIN) or end


def _first(node: Node, wanted: frozenset[str]) -> int:
    """Return the byte at which the first node of these kinds in another one begins, 0 if none."""
    pending = [node]
    while pending:
        here = pending.pop()
        if here.type in wanted:
            return here.start_byte
        pending.extend(reversed(here.children))
    return 0


def _has_default(node: Node) -> bool:
    return node.child_by_field_name("value") is not None


def _reads_as_decision(node: Node) -> bool:
    """Say whether lizard takes a member's name for a keyword: `promise.catch(...)`."""
    return node.text in _KEYWORDS


DECISIONS = kinds(
    """if for while catch case && || ?? &&= ||= ??= ternary_expression
    assignment_pattern object_assignment_pattern conditional_type"""
)
DECIDES = {"property_identifier": _reads_as_decision}
TYPED_DECIDES = {"required_parameter": _has_default, "optional_parameter": _has_default}
LOST = {"variable_declarator": _lost, "assignment_expression": _lost}
