"""Finds what fits code with holes in a file, looking only where the rarest of its words stands."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._patterns.contexts import FUNCTIONS
from codearch.detectors._patterns.matching import Bindings, match_one, match_start
from codearch.detectors._patterns.templates import compared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from codearch.detectors._patterns.templates import Template, Token

_WORDS = re.compile(rb"[A-Za-z_]\w*")
_IN_WORDS = re.compile(rb"[\w$]")
_WRAPPERS = 3  # nodes of the same text around a token that is a node of its own kind


class Place(NamedTuple):
    """Where code fits, and what its holes stand for."""

    start_byte: int
    end_byte: int
    bindings: Bindings
    node: Node  # that fits, or the one in which the nodes stand that fit


class Indexed:
    """A file's source and tree, and where its words stand: read as far as it is asked for."""

    def __init__(self, source: bytes, root: Callable[[], Node | None]) -> None:
        self.source = source
        self._root = root
        self._counts: Counter[bytes] | None = None
        self._leaves: dict[tuple[bytes, str], list[Node]] = {}
        self._parents: dict[int, tuple[Node, Node | None, str]] = {}

    def count(self, token: Token) -> int:
        """Return about how often a token stands there; 0 is certain."""
        if self._counts is None:
            self._counts = Counter(_WORDS.findall(self.source))
        if not token.is_word and token.text not in self._counts:
            self._counts[token.text] = self.source.count(token.text)
        return self._counts[token.text]

    def holds(self, template: Template) -> bool:
        """Say whether the source has all the words that a piece of code has."""
        return bool(template.tokens) and all(map(self.count, template.tokens))

    def leaves(self, token: Token) -> list[Node]:
        """Return the nodes that are a token."""
        key = token.text, token.kind
        if key not in self._leaves:
            root = self._root()
            self._leaves[key] = list(self._found(root, token)) if root is not None else []
        return self._leaves[key]

    def parent(self, node: Node) -> tuple[Node | None, str]:
        """Return the node around a node, and its kind: asked for again and again."""
        known = self._parents.get(node.id)
        if known is None:
            parent = node.parent
            known = node, parent, parent.type if parent is not None else ""
            self._parents[node.id] = known  # with the node, whose id is its own while it lives
        return known[1:]

    def _found(self, root: Node, token: Token) -> Iterator[Node]:
        size = len(token.text)
        for at in self._starts(token):
            node = root.descendant_for_byte_range(at, at + size)
            for _ in range(_WRAPPERS):
                if node is None or node.type == token.kind:
                    break
                node = node.parent
            if node is not None and node.type == token.kind and node.start_byte == at:
                yield node

    def _starts(self, token: Token) -> Iterator[int]:
        """Yield where a token's text stands; a word as a whole."""
        source, size, is_word = self.source, len(token.text), token.is_word
        at = source.find(token.text)
        while at >= 0:
            around = source[at - 1 : at] + source[at + size : at + size + 1]
            if not is_word or not _IN_WORDS.search(around):
                yield at
            at = source.find(token.text, at + size)


def search(
    template: Template,
    indexed: Indexed,
    within: tuple[int, int] | None = None,
    bindings: Bindings | None = None,
) -> Iterator[Place]:
    """Yield each place of a source that fits a template, in no order.

    `within` says between which bytes; `bindings` are of holes that stand for something already.
    The tree is asked for only where the source has all words of the template.
    """
    if not indexed.holds(template):
        return
    start, end = within or (0, len(indexed.source))
    token = min(template.tokens, key=indexed.count)
    seen: set[int] = set()
    row = len(template.parts) > 1
    find = _in_row if row else _at
    for leaf in indexed.leaves(token):
        if leaf.start_byte < start or leaf.end_byte > end:
            continue
        node = _above(indexed, leaf, token)
        if row and node is not None:
            node = node.parent  # the parts stand in it
        if node is None or node.id in seen:
            continue
        seen.add(node.id)
        for place in find(template, node, bindings or {}):
            if start <= place.start_byte and place.end_byte <= end:
                yield place


def _above(indexed: Indexed, leaf: Node, token: Token) -> Node | None:
    """Return the node that is as far above a leaf as the part is above its token."""
    node = leaf
    for kind in token.above:
        above, found = indexed.parent(node)
        if above is None or found != kind:
            return None
        node = above
    return node


def _at(template: Template, node: Node, bindings: Bindings) -> Iterator[Place]:
    found = match_one(template.parts[0], node, bindings)
    if found is not None:
        yield Place(node.start_byte, node.end_byte, found, node)


def _in_row(template: Template, parent: Node, bindings: Bindings) -> Iterator[Place]:
    nodes = compared(parent)
    at = 0
    while at < len(nodes):
        found = match_start(template.parts, nodes[at:], bindings)
        if found is None or not found[1]:
            at += 1
            continue
        last = nodes[at + found[1] - 1]
        yield Place(nodes[at].start_byte, last.end_byte, found[0], parent)
        at += found[1]


def function_around(node: Node) -> Node:
    """Return the innermost function around a node, the file's root where there is none."""
    while True:
        above = node.parent
        if above is None or FUNCTIONS.search(node.type):
            return node
        node = above


def fits(template: Template, place: Place) -> bool:
    """Say whether a place fits a template as well; its holes may stand for something else."""
    if place.node.start_byte == place.start_byte and len(template.parts) == 1:
        return match_one(template.parts[0], place.node, {}) is not None
    rows = _in_row(template, place.node, {})
    return any(each.start_byte == place.start_byte for each in rows)


def fits_around(template: Template, node: Node, bindings: Bindings) -> bool:
    """Say whether a node around this one fits a template."""
    above = node.parent
    while above is not None:
        if len(template.parts) == 1:
            if match_one(template.parts[0], above, bindings) is not None:
                return True
        elif next(_in_row(template, above, bindings), None) is not None:
            return True
        above = above.parent
    return False
