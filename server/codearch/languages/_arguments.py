"""How many arguments a call gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node


def count_of(arguments: Node | None) -> int:
    """Return how many things a list of arguments or fields holds; comments are none of them."""
    if arguments is None or not (count := arguments.named_child_count):
        return 0
    text = arguments.text or b""
    if b"//" not in text and b"/*" not in text and b"#" not in text:
        return count
    return sum("comment" not in each.type for each in arguments.named_children)
