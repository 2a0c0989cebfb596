"""Compares trees with code that has holes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._patterns.contexts import QUOTES
from codearch.detectors._patterns.templates import Branch, Hole, Leaf, Rest, compared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from codearch.detectors._patterns.templates import Part


class Bound(NamedTuple):
    """What a hole stands for: its text without its layout, where it lies, of which kind it is."""

    text: bytes
    start_byte: int
    end_byte: int
    kind: str


Bindings = Mapping[str, Bound]
_STRING_STARTS = frozenset({"string_start", "string_end"})


def match_one(part: Part, node: Node, bindings: Bindings) -> Bindings | None:
    """Return what the holes of a part stand for in a node, None where it is another one."""
    if isinstance(part, Hole):
        if not node.is_named and not node.type.isalpha():
            return None
        return bind(part.name, [node], bindings)
    if isinstance(part, Leaf):
        return bindings if _is_leaf(part, node) else None
    if isinstance(part, Branch):
        if node.type != part.kind:
            return None
        return match_all(part.children, compared(node), bindings)
    return bind(part.name, [node], bindings)


def match_all(parts: Sequence[Part], nodes: Sequence[Node], bindings: Bindings) -> Bindings | None:
    """Return what the holes stand for where the parts are these nodes, all of them."""
    found = match_start(parts, nodes, bindings, whole=True)
    return found[0] if found else None


def match_start(
    parts: Sequence[Part], nodes: Sequence[Node], bindings: Bindings, *, whole: bool = False
) -> tuple[Bindings, int] | None:
    """Return what the holes stand for where nodes begin with these parts, and how many they are."""
    for at, part in enumerate(parts):
        if isinstance(part, Rest):
            rest = _match_rest(part, parts[at + 1 :], nodes[at:], bindings, whole=whole)
            return (rest[0], at + rest[1]) if rest else None
        if at >= len(nodes):
            return None
        found = match_one(part, nodes[at], bindings)
        if found is None:
            return None
        bindings = found
    if whole and len(nodes) != len(parts):
        return None
    return bindings, len(parts)


def _match_rest(
    rest: Rest, after: Sequence[Part], nodes: Sequence[Node], bindings: Bindings, *, whole: bool
) -> tuple[Bindings, int] | None:
    """Match any number of nodes, as few as leave those after them theirs."""
    for taken in [len(nodes)] if whole and not after else range(len(nodes) + 1):
        if after and not _may_begin(after[0], nodes, taken, bindings):
            continue  # before it is read what the hole would stand for
        bound = bind(rest.name, nodes[:taken], bindings)
        if bound is None:
            continue
        found = match_start(after, nodes[taken:], bound, whole=whole)
        if found is not None:
            return found[0], taken + found[1]
    return None


def _may_begin(part: Part, nodes: Sequence[Node], at: int, bindings: Bindings) -> bool:
    """Say whether a part fits a node, with what is bound so far."""
    if isinstance(part, Rest):
        return True
    return at < len(nodes) and match_one(part, nodes[at], bindings) is not None


def bind(name: str, nodes: Sequence[Node], bindings: Bindings) -> Bindings | None:
    """Return the bindings with one more; None where the hole stands for something else already."""
    if name == "_":
        return bindings
    known = bindings.get(name)
    text = b" ".join(b" ".join((each.text or b"").split()) for each in nodes)
    if known is not None:
        return bindings if known.text == text else None
    start, end = (nodes[0].start_byte, nodes[-1].end_byte) if nodes else (0, 0)
    return {**bindings, name: Bound(text, start, end, nodes[0].type if nodes else "")}


def _is_leaf(leaf: Leaf, node: Node) -> bool:
    if node.type != leaf.kind:
        return node.type in QUOTES and leaf.kind in QUOTES
    text = node.text or b""
    if leaf.kind in _STRING_STARTS:
        return text.replace(b"'", b'"') == leaf.text.replace(b"'", b'"')
    return text == leaf.text
