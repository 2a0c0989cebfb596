"""From a symbol's span to the function's node."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from codearch.languages._flows import Function

if TYPE_CHECKING:
    from tree_sitter import Node

    from codearch.facts import Span
    from codearch.flow.program import Program

_MOST_LOOKED_AT = 2_000  # nodes around a function: decorators, modifiers, the name it is given to


def node_of(program: Program, span: Span) -> Node | None:
    """Return the function that a span holds; else the node itself: a type, a file.

    Of several functions the first one of the outermost that ends with the span is meant: decorators
    and parameters' default values hold others.
    """
    root, flows = program.root, program.flows
    if root is None or flows is None or span.start_byte >= span.end_byte:
        return None
    start, end = span.start_byte, span.end_byte
    node = root.descendant_for_byte_range(start, end - 1)
    if node is None or (node.id == root.id and start <= root.start_byte and end >= root.end_byte):
        return root
    pending = deque([node])
    best: Node | None = None
    for _ in range(_MOST_LOOKED_AT):
        if not pending:
            break
        here = pending.popleft()
        if isinstance(flows.shapes.get(here.type), Function):
            if here.end_byte + 1 >= min(node.end_byte, end):
                return here
            best = best or here
        elif here.type not in flows.holders:
            inside = here.named_children
            pending += [each for each in inside if each.end_byte > start and each.start_byte < end]
    return best if best is not None and _leads(node, best) else node


def _leads(node: Node, function: Node) -> bool:
    """Say whether a function takes most of what stands around it: `f = wrap(() => {...}, 1)`."""
    return 2 * (function.end_byte - function.start_byte) > node.end_byte - node.start_byte
