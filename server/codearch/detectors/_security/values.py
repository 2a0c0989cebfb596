"""What is known of a value: where it may come from, and its literal parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

MOST_TEXT = 300  # characters of literals that are kept
_MOST_ORIGINS = 8


@dataclass(frozen=True)
class Origin:
    """Something that others choose; `trail` are the nodes through which it came, sink first."""

    kind: str
    node: Node
    text: str
    composed: bool = False
    led: bool = False  # something else stands before it
    trail: tuple[Node, ...] = ()
    function: Node | None = None  # whose parameter it is
    safe_for: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Value:
    """What is known of a value: where it may come from, and its literal parts."""

    origins: tuple[Origin, ...] = ()
    constant: bool = False
    text: str = ""


UNKNOWN = Value()
CONSTANT = Value(constant=True)


def joined(values: Iterable[Value], *, composed: bool = False, led: bool = False) -> Value:
    """Return the value that may be any of several, or that is made of all, one after the other.

    `led`: something stands before the first one as well.
    """
    found = list(values)
    origins = [each for value in found for each in value.origins]
    if composed:
        origins = [
            replace(each, composed=True, led=each.led or led or number > 0)
            for number, value in enumerate(found)
            for each in value.origins
        ]
    literal = " ".join(value.text for value in found if value.text)[:MOST_TEXT]
    return Value(tuple(origins[:_MOST_ORIGINS]), all(each.constant for each in found), literal)


def traced(value: Value, through: Node) -> Value:
    """Return a value that went through a node."""
    return replace(
        value,
        origins=tuple(replace(each, trail=(through, *each.trail)) for each in value.origins),
    )
