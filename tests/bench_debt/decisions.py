"""Decisions of JavaScript and TypeScript counted by the grammar alone, as a third opinion.

Where lizard lets a function end before its brace, its count is of another text. Which of the two
is right there by lizard's own definition (one, and one for each condition, those of functions
inside left to these) is told by counting once more, with nothing of the product and of lizard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hosts import Host
    from tree_sitter import Node

DECISIONS = frozenset({
    "if", "for", "while", "catch", "case", "&&", "||", "??", "&&=", "||=", "??=",
    "ternary_expression", "assignment_pattern", "object_assignment_pattern", "conditional_type",
})  # fmt: skip
FUNCTIONS = frozenset({
    "function_declaration", "function_expression", "generator_function",
    "generator_function_declaration", "arrow_function", "method_definition",
})  # fmt: skip
PARAMETERS = frozenset({"required_parameter", "optional_parameter"})


def counted(host: Host, line: int, end: int) -> int | None:
    """Return the complexity of the function between two lines, None where there is none."""
    if host.language not in {"javascript", "typescript"}:
        return None
    for node in host.nodes:  # the outermost one comes first
        rows = node.start_point[0] + 1, node.end_point[0] + 1
        if node.type in FUNCTIONS and rows[0] >= line and rows[1] == end:
            return 1 + _decisions(node)
    return None


def _decisions(function: Node) -> int:
    found = 0
    pending = list(function.children)
    while pending:
        node = pending.pop()
        if node.type in FUNCTIONS and not _is_all_of(function, node):
            continue
        found += node.type in DECISIONS
        found += node.type in PARAMETERS and node.child_by_field_name("value") is not None
        pending.extend(node.children)
    return found


def _is_all_of(function: Node, node: Node) -> bool:
    """Say whether a function begins a chain of arrows that another one consists of."""
    body = function.child_by_field_name("body")
    while body is not None and body.type == "arrow_function":
        if body.id == node.id:
            return True
        body = body.child_by_field_name("body")
    return False
