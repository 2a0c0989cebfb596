"""What a transformer is given: layout, positions and mask as GraphCodeBERT was trained with them."""

from __future__ import annotations

import numpy as np
import pytest

from codearch.embedding.backends import Lengths
from codearch.embedding.transformer.inputs import GraphInput, Node, Special, batch, windows

SPECIAL = Special()
BEGIN, PADDING, END, UNKNOWN = 0, 1, 2, 3
AROUND = ([BEGIN], [END])


def drawn(one: GraphInput, length: int | None = None) -> list[str]:
    """Draw the mask of one input: a line a place, x where it sees another."""
    made = batch([one], SPECIAL, length or one.length)
    return ["".join("x" if seen else "." for seen in row) for row in made.mask[0]]


def test_code_comes_first_then_its_variables() -> None:
    one = GraphInput((BEGIN, 40, 41, 42, END), (Node(1, 2, ()), Node(2, 4, (0,))))
    made = batch([one], SPECIAL, 9)
    assert made.ids.tolist() == [[BEGIN, 40, 41, 42, END, UNKNOWN, UNKNOWN, PADDING, PADDING]]
    assert made.positions.tolist() == [[2, 3, 4, 5, 6, 0, 0, 1, 1]]


def test_who_sees_whom() -> None:
    # <s> x y1 y2 </s> | x  y<-x
    one = GraphInput((BEGIN, 40, 41, 42, END), (Node(1, 2, ()), Node(2, 4, (0,))))
    assert drawn(one) == [
        "xxxxxxx",  # <s> sees everything
        "xxxxxx.",  # x sees the code, and its own node
        "xxxxx.x",
        "xxxxx.x",
        "xxxxxxx",  # </s> sees everything
        ".x.....",  # the node of x sees where x stands
        "..xx.x.",  # the node of y sees where y stands, and the node that its value comes from
    ]


def test_padding_is_seen_by_nobody() -> None:
    one = GraphInput((BEGIN, 40, END), (Node(1, 2, ()),))
    for row in drawn(one, 6):
        assert row.endswith("..")
    assert drawn(one, 6)[4:] == ["......", "......"]


def test_a_long_function_becomes_windows_with_the_variables_that_stand_in_them() -> None:
    pieces = list(range(100, 110))
    nodes = [
        Node(1, 2, ()),
        Node(3, 4, (0,)),
        Node(4, 6, (1,)),
        Node(8, 9, (0,)),
        Node(9, 10, (3,)),
    ]
    first, second, third = windows(pieces, nodes, Lengths(6, 4), AROUND)
    assert first.pieces == (BEGIN, 100, 101, 102, 103, END)
    assert first.nodes == (Node(2, 3, ()), Node(4, 5, (0,)))
    assert second.pieces == (BEGIN, 104, 105, 106, 107, END)
    assert second.nodes == (Node(1, 3, ()),)  # its source stands in another window
    assert third.nodes == (Node(1, 2, ()), Node(2, 3, (0,)))


def test_no_more_variables_than_there_is_room_for() -> None:
    nodes = [Node(index, index + 1, (0,) if index else ()) for index in range(5)]
    (one,) = windows(list(range(50, 60)), nodes, Lengths(20, 3), AROUND)
    assert len(one.nodes) == 3


@pytest.mark.parametrize("around", [AROUND, ([BEGIN, 6, END], [END])])
def test_an_empty_text_is_its_marks_alone(around: tuple[list[int], list[int]]) -> None:
    (one,) = windows([], [], Lengths(16, 4), around)
    assert one.pieces == (*around[0], *around[1])


def test_inputs_side_by_side_do_not_see_each_other() -> None:
    short, long = GraphInput((BEGIN, END)), GraphInput((BEGIN, 40, 41, END))
    together = batch([short, long], SPECIAL, 4)
    assert together.mask[0].sum() == 4
    assert np.array_equal(together.mask[1], batch([long], SPECIAL, 4).mask[0])
