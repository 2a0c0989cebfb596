"""Syntax trees as values: what two versions of a function are compared by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codearch.detectors._patterns import templates
from codearch.detectors._patterns.contexts import FUNCTIONS
from codearch.languages import by_name
from codearch.parse import trees
from codearch.parse.edited import LastTree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

MOST_BYTES = 12_000  # of one function
_STATEMENT = re.compile(r"_statement$|_declaration$|^local_variable|_definition$|^let_")


@dataclass(frozen=True, slots=True)
class Part:
    """A node without comments and layout. Equal parts have equal keys."""

    kind: str
    text: bytes  # of a leaf, b"" for what has children
    children: tuple[Part, ...]
    start: int
    end: int
    key: int
    leaves: int

    @property
    def is_statement(self) -> bool:
        """Whether it is a statement or a declaration."""
        return _STATEMENT.search(self.kind) is not None


def part_of(node: Node) -> Part:
    """Return a node as a value."""
    children = templates.compared(node)
    if templates.is_whole(node, children):
        text = node.text or b""
        key = hash((node.type, text))
        return Part(node.type, text, (), node.start_byte, node.end_byte, key, 1)
    parts = tuple(part_of(each) for each in children)
    key = hash((node.type, tuple(each.key for each in parts)))
    leaves = sum(each.leaves for each in parts)
    return Part(node.type, b"", parts, node.start_byte, node.end_byte, key, leaves)


def tokens(parts: Sequence[Part]) -> Iterator[bytes]:
    """Yield the texts of the leaves."""
    for part in parts:
        if part.children:
            yield from tokens(part.children)
        else:
            yield part.text


def functions(
    source: bytes,
    language: str,
    ranges: Sequence[tuple[int, int]],
    last: LastTree | None = None,
) -> list[tuple[str, Part]]:
    """Return the innermost functions around stretches of bytes, with their names.

    A stretch outside of any function is passed over, and so is one of a function that is too long
    or that the grammar does not understand. `last` is of the version before, and makes it quick.
    """
    found = trees.tree_of(source, by_name(language), last)
    if found is None:
        return []
    root = found[1].root_node
    seen: dict[int, tuple[str, Part]] = {}
    for start, end in ranges:
        node = root.named_descendant_for_byte_range(start, max(start, end - 1))
        while node is not None and (not FUNCTIONS.search(node.type) or _is_inner(node)):
            node = node.parent
        if node is None or node.id in seen:
            continue
        if node.end_byte - node.start_byte > MOST_BYTES or node.has_error:
            continue
        seen[node.id] = (_name(node), part_of(node))
    return list(seen.values())


def _is_inner(node: Node) -> bool:
    """Say whether a function has no name of its own, so that the one around it tells more."""
    return not _name(node)


def _name(node: Node) -> str:
    name = node.child_by_field_name("name")
    declared = node.child_by_field_name("declarator")
    while name is None and declared is not None:
        name = declared.child_by_field_name("name")
        inner = declared.child_by_field_name("declarator")
        if inner is None and name is None:
            name = declared
        declared = inner
    return (name.text or b"").decode("utf-8", "replace") if name is not None else ""
