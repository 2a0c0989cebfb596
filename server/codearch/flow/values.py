"""What control flow and data flow are: plain immutable values, places in bytes of the source."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

EdgeKind = Literal[
    "next",
    "true",
    "false",
    "loop",  # back to the head of a loop
    "break",
    "continue",
    "return",
    "raise",  # an exception on its way to a handler, or out of the function
    "catch",  # into a handler
    "finally",
    "case",
    "default",
    "fallthrough",
    "goto",
    "swallow",  # past a `with` that may have ended an exception
    "stop",  # the program ends here
]


@dataclass(frozen=True, slots=True)
class Step:
    """A statement, or the condition of one, in the block in which it is done at last."""

    start: int  # byte
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """Steps that are done one after the other.

    `constant` is the value of the condition at its end where that never changes; both edges are
    there all the same.
    """

    steps: tuple[Step, ...] = ()
    constant: bool | None = None


@dataclass(frozen=True, slots=True)
class FlowEdge:
    """A way from one block to another.

    What leaves a `finally` goes on as it came in: `gate` is the block through which it came, -1
    for other edges. Such an edge is taken only if its gate is.
    """

    source: int
    target: int
    kind: EdgeKind
    gate: int = -1


@dataclass(frozen=True, slots=True)
class ControlFlow:
    """The basic blocks of a function. Block 0 is where it begins, block 1, empty, where it ends.

    Blocks without steps stand where ways meet: before handlers, and on the way into a `finally`.
    """

    blocks: tuple[Block, ...] = (Block(), Block())
    edges: tuple[FlowEdge, ...] = (FlowEdge(0, 1, "next"),)
    entry: int = 0
    exit: int = 1

    def live(self) -> frozenset[int]:
        """Return the blocks that can be reached where constant conditions are what they are."""
        out: dict[int, list[FlowEdge]] = defaultdict(list)
        for edge in self.edges:
            out[edge.source].append(edge)
            if edge.gate >= 0:
                out[edge.gate].append(edge)
        found = {self.entry}
        pending = [self.entry]
        while pending:
            for edge in out[pending.pop()]:
                if edge.target in found or not self._is_taken(edge, found):
                    continue
                found.add(edge.target)
                pending.append(edge.target)
        return frozenset(found)

    def _is_taken(self, edge: FlowEdge, found: set[int]) -> bool:
        if edge.source not in found or (edge.gate >= 0 and edge.gate not in found):
            return False
        constant = self.blocks[edge.source].constant
        return constant is None or edge.kind != ("false" if constant else "true")

    def dead(self) -> tuple[Step, ...]:
        """Return the steps that cannot be reached, in the order of the source."""
        live = self.live()
        done = {step for number in live for step in self.blocks[number].steps}
        found = {step for block in self.blocks for step in block.steps} - done
        return tuple(sorted(found, key=lambda step: (step.start, step.end)))


OccurrenceKind = Literal[
    "parameter",
    "local",
    "field",  # of the object whose method this is
    "outer",  # bound around the function, or in another file
    "literal",  # a constant from which a value comes
]
Relation = Literal["comesFrom", "computedFrom"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place at which a variable (or a literal) stands."""

    name: str
    start: int  # byte
    end: int
    kind: OccurrenceKind


@dataclass(frozen=True, slots=True)
class DataEdge:
    """Where the value at an occurrence comes from; numbers are places in `DataFlow.nodes`.

    comesFrom: it is read, and was last written at the sources. computedFrom: it is written, from
    what is read at the sources.
    """

    target: int
    sources: tuple[int, ...]
    relation: Relation


@dataclass(frozen=True, slots=True)
class DataFlow:
    """The variables of a function and where their values come from (Guo et al., 2021).

    Nodes stand in the order of the source; those that no edge touches are left out.
    """

    nodes: tuple[Occurrence, ...] = ()
    edges: tuple[DataEdge, ...] = ()
