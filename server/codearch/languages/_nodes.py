"""Small questions to a syntax tree that every language asks."""

from __future__ import annotations

from tree_sitter import Node


def text(node: Node | None) -> str:
    """Return a node's source, "" without a node."""
    return node.text.decode(errors="replace") if node is not None and node.text else ""


def type_of(node: Node) -> str:
    """Return the source of what stands in a node's field `type`."""
    return text(node.child_by_field_name("type"))


def first(node: Node, *kinds: str) -> Node | None:
    """Return the first named child of one of these kinds."""
    return next((child for child in node.named_children if child.type in kinds), None)


def is_leaf(node: Node) -> bool:
    """Say whether a node has no parts: none at all, or a name's that is a keyword elsewhere."""
    return not node.child_count or (node.type == "identifier" and not node.named_child_count)
