"""What a transformer reads of a function: code pieces, then the variables of its data flow.

The layout, the positions and the graph-guided mask are those of GraphCodeBERT (Guo et al., 2021:
"Pre-training Code Representations with Data Flow", section 4). A text without data flow is the same
layout with no nodes, so that one exported graph serves every RoBERTa-like model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from codearch.embedding.backends import Lengths

NODE_POSITION = 0
PADDING_POSITION = 1  # RoBERTa's id of padding; code begins at the position after it
FIRST_POSITION = 2


class Special(msgspec.Struct, frozen=True):
    """The ids that a vocabulary gives to its special pieces."""

    begin: int = 0
    padding: int = 1
    end: int = 2
    unknown: int = 3


class Node(msgspec.Struct, frozen=True, array_like=True):
    """A variable where it stands: its code pieces, and the nodes that its value comes from."""

    first: int  # index of its first piece
    last: int  # index behind its last one
    sources: tuple[int, ...]  # indexes of nodes


class GraphInput(msgspec.Struct, frozen=True, array_like=True):
    """One input: its pieces' ids, special ones included, and its nodes in the code's order."""

    pieces: tuple[int, ...]
    nodes: tuple[Node, ...] = ()

    @property
    def length(self) -> int:
        """Return how many places it takes."""
        return len(self.pieces) + len(self.nodes)


class Batch(msgspec.Struct, frozen=True):
    """What the network gets: ids and positions (inputs, places), mask (inputs, places, places)."""

    ids: NDArray[np.int64]
    positions: NDArray[np.int64]
    mask: NDArray[np.bool_]


def windows(
    pieces: Sequence[int],
    nodes: Sequence[Node],
    lengths: Lengths,
    around: tuple[Sequence[int], Sequence[int]],
) -> list[GraphInput]:
    """Cut a function into inputs of at most `lengths`; each keeps the nodes that stand in it.

    `around` is what stands before and behind the code of each. A text without pieces is one input
    of these alone.
    """
    head, tail = around
    room = max(lengths.tokens - len(head) - len(tail), 1)
    found: list[GraphInput] = []
    for start in range(0, max(len(pieces), 1), room):
        part = pieces[start : start + room]
        inside = _nodes_between(nodes, start, start + len(part), len(head), lengths.nodes)
        found.append(GraphInput((*head, *part, *tail), inside))
    return found


def _nodes_between(
    nodes: Sequence[Node], start: int, end: int, shift: int, most: int
) -> tuple[Node, ...]:
    """Return the nodes whose pieces all lie between two places, renumbered for that window."""
    kept = [index for index, node in enumerate(nodes) if start <= node.first < node.last <= end]
    kept = kept[:most]
    number = {index: place for place, index in enumerate(kept)}
    return tuple(
        Node(
            nodes[index].first - start + shift,
            nodes[index].last - start + shift,
            tuple(number[source] for source in nodes[index].sources if source in number),
        )
        for index in kept
    )


def batch(inputs: Sequence[GraphInput], special: Special, length: int) -> Batch:
    """Lay inputs side by side, padded to `length` places."""
    ids = np.full((len(inputs), length), special.padding, np.int64)
    positions = np.full((len(inputs), length), PADDING_POSITION, np.int64)
    mask = np.zeros((len(inputs), length, length), np.bool_)
    for row, one in enumerate(inputs):
        code = len(one.pieces)
        ids[row, :code] = one.pieces
        ids[row, code : one.length] = special.unknown
        positions[row, :code] = np.arange(FIRST_POSITION, FIRST_POSITION + code)
        positions[row, code : one.length] = NODE_POSITION
        _fill_mask(mask[row], one, special)
    return Batch(ids, positions, mask)


def _fill_mask(mask: NDArray[np.bool_], one: GraphInput, special: Special) -> None:
    """Say who sees whom: code sees code, special pieces all, a node its pieces and sources."""
    code = len(one.pieces)
    mask[:code, :code] = True
    for place, piece in enumerate(one.pieces):
        if piece in {special.begin, special.end}:
            mask[place, : one.length] = True
    for number, node in enumerate(one.nodes):
        mask[code + number, node.first : node.last] = True
        mask[node.first : node.last, code + number] = True
        for source in node.sources:
            mask[code + number, code + source] = True
