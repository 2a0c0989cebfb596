"""A control flow graph under construction: blocks, edges, and where jumps lead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from codearch.flow.values import Block, ControlFlow, EdgeKind, FlowEdge, Step

if TYPE_CHECKING:
    from codearch.languages._flows import Jumping

NOWHERE = -1
_PASSES = 3  # empty blocks in a row for which a place among the others is looked for
ENTRY, EXIT = 0, 1


class Event(NamedTuple):
    """A variable read (`sources` is None) or written, at a byte, within a block.

    A write that may not happen (`strong` is false) leaves the values of before.
    """

    start: int
    key: int | str
    sources: tuple[int, ...] | None = None
    strong: bool = True
    serial: int = -1  # of a write, in the order in which they were met


@dataclass(slots=True)
class Draft:
    """A block under construction. `raises_to` is where an exception in it goes."""

    raises_to: int
    steps: list[Step] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    constant: bool | None = None


@dataclass(slots=True)
class Frame:
    """A construct around the present place that jumps look at.

    loop, switch, match, labelled: `to` is the block after it, `again` where `continue` or, in a
    switch, `fallthrough` leads; `break` passes a match over. try: `to` is the block before its
    handlers. finally: `to` is its first block, `gates` has those through which jumps enter it.
    """

    kind: Literal["loop", "switch", "match", "labelled", "try", "finally"]
    to: int
    again: int = NOWHERE
    label: str = ""
    head: int = NOWHERE  # the block that chooses a case
    gates: dict[tuple[Jumping | Literal["next"], str], int] = field(default_factory=dict)
    cases: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)  # what `break`, `yield`, `throw` give


@dataclass(slots=True)
class Inner:
    """A function inside: its first and last block, and the serial numbers of its writes."""

    entry: int
    exit: int
    first: int
    last: int
    captured: tuple[int | str, ...] = ()  # variables of outside that it reads
    written: tuple[int | str, ...] = ()  # ... and writes


@dataclass(slots=True)
class Graph:
    """The state of construction: what is there, and the block to which the next step goes.

    `here` is NOWHERE after a jump; a step that follows opens a block that nothing leads to.
    """

    drafts: list[Draft] = field(default_factory=list)
    edges: dict[FlowEdge, None] = field(default_factory=dict)
    frames: list[Frame] = field(default_factory=list)
    entered: set[int] = field(default_factory=set)
    labels: dict[str, int] = field(default_factory=dict)
    placed: dict[str, int] = field(default_factory=dict)  # labels that stand somewhere
    jumped: set[str] = field(default_factory=set)  # labels that a `goto` names
    inner: list[Inner] = field(default_factory=list)
    finals: dict[int, tuple[int, int]] = field(default_factory=dict)  # gate -> writes behind it
    here: int = ENTRY
    left: int = ENTRY  # the block in which `here` became NOWHERE
    exit: int = EXIT
    conditional: int = 0  # expressions around of which only a part may be evaluated

    def block(self) -> int:
        """Make a block; what is raised in it goes where it does at the present place."""
        self.drafts.append(Draft(self.raise_target()))
        return len(self.drafts) - 1

    def raise_target(self) -> int:
        """Return the block to which an exception at the present place goes, if any takes it."""
        for frame in reversed(self.frames):
            if frame.kind == "try":
                return frame.to
            if frame.kind == "finally":
                return self.gate(frame, "raise", "")
        return NOWHERE

    def edge(self, source: int, target: int, kind: EdgeKind, gate: int = NOWHERE) -> None:
        """Connect two blocks; from NOWHERE nothing is connected."""
        if NOWHERE not in {source, target}:
            self.edges[FlowEdge(source, target, kind, gate)] = None
            self.entered.add(target)

    def go(self, block: int, kind: EdgeKind = "next") -> None:
        """Go on in a block, if it can be entered at all."""
        self.edge(self.here, block, kind)
        self.here = block if block in self.entered else NOWHERE

    def open(self) -> int:
        """Return the present block, which is a new one after a jump."""
        if self.here == NOWHERE:
            self.here = self.block()
        return self.here

    def fresh(self, kind: EdgeKind = "next") -> int:
        """Go on in a new block."""
        before, self.here = self.here, self.block()
        self.edge(before, self.here, kind)
        return self.here

    def step(self, start: int, end: int) -> None:
        """Record a statement that has been done; one that jumped away stays where it did."""
        if start == end:  # the parser filled in what is missing
            return
        at = self.here if self.here != NOWHERE else self.left
        self.drafts[at].steps.append(Step(start, end))

    def event(self, event: Event) -> None:
        """Record that a variable is read or written."""
        self.drafts[self.open()].events.append(event)

    def suspend(self) -> tuple[list[Frame], dict[str, int], int, int]:
        """Forget the constructs around, for a function inside; return them, to be put back."""
        before = self.frames, self.labels, self.exit, self.conditional
        self.frames, self.labels, self.conditional = [], {}, 0
        return before

    def resume(self, before: tuple[list[Frame], dict[str, int], int, int]) -> None:
        """Put back what `suspend` returned."""
        self.frames, self.labels, self.exit, self.conditional = before

    # --- jumps --------------------------------------------------------------------------------

    def jump(self, kind: Jumping, label: str = "") -> None:
        """Leave the present place; in an expression that may not be evaluated, go on as well."""
        source = self.open()
        self.leave(source, kind, label, len(self.frames))
        if self.conditional:
            self.fresh()
        else:
            self.left, self.here = source, NOWHERE

    def leave(
        self, source: int, kind: Jumping, label: str, depth: int, gate: int = NOWHERE
    ) -> None:
        """Connect a block to where a jump out of the outermost `depth` frames leads."""
        if kind == "stop":
            self.edge(source, EXIT, "stop", gate)
            return
        if kind == "goto":
            self.jumped.add(label)
            self.edge(source, self.label(label), "goto", gate)
            return
        for frame in reversed(self.frames[:depth]):
            if frame.kind == "finally":
                self.edge(source, self.gate(frame, kind, label), self._kind(kind), gate)
                return
            targets = _targets(frame, kind, label)
            for target in targets:
                self.edge(source, target, self._kind(kind), gate)
            if targets:
                return
        self.edge(source, self.exit, self._kind(kind), gate)

    def gate(self, frame: Frame, kind: Jumping | Literal["next"], label: str) -> int:
        """Return the block through which a jump enters a `finally`."""
        found = frame.gates.get((kind, label))
        if found is None:
            self.drafts.append(Draft(NOWHERE))
            found = frame.gates[kind, label] = len(self.drafts) - 1
            self.edge(found, frame.to, "finally")
        return found

    def label(self, name: str) -> int:
        """Return the block of a label, which may come later."""
        if name not in self.labels:
            self.labels[name] = self.block()
        return self.labels[name]

    @staticmethod
    def _kind(kind: Jumping) -> EdgeKind:
        if kind == "yield":
            return "break"
        return "goto" if kind == "case" else kind

    # --- the end ------------------------------------------------------------------------------

    def all_edges(self) -> list[FlowEdge]:
        """Return the edges, with those of exceptions that nobody throws by name.

        What only leads away from empty blocks to which nothing leads is left out.
        """
        found = dict(self.edges)
        pending = [ENTRY]
        for number, draft in enumerate(self.drafts):
            if draft.steps or draft.events:
                pending.append(number)
                if draft.raises_to != NOWHERE:
                    found[FlowEdge(number, draft.raises_to, "raise")] = None
        out: dict[int, list[int]] = {}
        for edge in found:
            out.setdefault(edge.source, []).append(edge.target)
        met = set(pending)
        while pending:
            for target in out.get(pending.pop(), ()):
                if target not in met:
                    met.add(target)
                    pending.append(target)
        return [
            edge
            for edge in found
            if edge.source in met and (edge.gate == NOWHERE or edge.gate in met)
        ]

    def control_flow(self) -> ControlFlow:
        """Return the finished graph: without blocks that only lead on, numbered by the source."""
        edges = self.all_edges()
        ends = self._shortcuts(edges)
        edges = list(
            dict.fromkeys(_shortened(each, ends) for each in edges if each.source not in ends)
        )
        used = {ENTRY, EXIT}
        used.update(end for each in edges for end in (each.source, each.target, each.gate))
        kept = [
            number
            for number, draft in enumerate(self.drafts)
            if number not in ends and (draft.steps or number in used)
        ]
        first = self._beginnings(kept, edges)
        order = [ENTRY, EXIT, *sorted(set(kept) - {ENTRY, EXIT}, key=first.__getitem__)]
        place = {number: index for index, number in enumerate(order)}
        place[NOWHERE] = NOWHERE
        blocks = tuple(Block(tuple(self.drafts[n].steps), self.drafts[n].constant) for n in order)
        numbered = (
            FlowEdge(place[each.source], place[each.target], each.kind, place[each.gate])
            for each in edges
        )
        return ControlFlow(
            blocks, tuple(sorted(numbered, key=lambda e: (e.source, e.target, e.kind, e.gate)))
        )

    def _shortcuts(self, edges: list[FlowEdge]) -> dict[int, tuple[int, EdgeKind]]:
        """Return the empty blocks that lead to one other only: where and how their ways end."""
        out: dict[int, list[FlowEdge]] = {}
        for each in edges:
            out.setdefault(each.source, []).append(each)
        gates = {each.gate for each in edges}
        direct = {
            number: out[number][0]
            for number, draft in enumerate(self.drafts)
            if number > EXIT and not draft.steps and number not in gates
            if len(out.get(number, ())) == 1
            if out[number][0].kind in {"next", "loop"} and out[number][0].gate == NOWHERE
        }
        ends: dict[int, tuple[int, EdgeKind]] = {}
        for number in tuple(direct):
            path: dict[int, None] = {}
            at = number
            while at in direct and at not in ends and at not in path:  # else a ring: it stays
                path[at] = None
                at = direct[at].target
            end = ends.get(at, (at, "next"))
            for passed in reversed(path):
                kind = direct[passed].kind
                end = ends[passed] = (end[0], kind if kind != "next" else end[1])
            if at in path:  # one block of it, for good: no other way in may lead around again
                del ends[at], direct[at]
        return ends

    def _beginnings(
        self, kept: list[int], edges: list[FlowEdge]
    ) -> dict[int, tuple[int, bool, int]]:
        """Return a key for each block by which blocks stand in the order of the source."""
        begins = {n: self.drafts[n].steps[0].start for n in kept if self.drafts[n].steps}
        for _ in range(_PASSES):  # an empty block stands before what it leads to, else after
            ahead: dict[int, int] = {}
            for one, other in [(each.source, each.target) for each in edges]:
                if one not in begins and other in begins:
                    ahead[one] = min(ahead.get(one, begins[other]), begins[other])
            begins |= ahead
        for each in edges:
            if each.target not in begins and each.source in begins:
                begins[each.target] = begins[each.source]
        return {n: (begins.get(n, -1), bool(self.drafts[n].steps), n) for n in kept}


def _shortened(edge: FlowEdge, ends: dict[int, tuple[int, EdgeKind]]) -> FlowEdge:
    """Return an edge that passes empty blocks; its own kind goes before that of theirs."""
    if edge.target not in ends:
        return edge
    target, kind = ends[edge.target]
    return FlowEdge(edge.source, target, edge.kind if edge.kind != "next" else kind, edge.gate)


def _targets(frame: Frame, kind: Jumping, label: str) -> list[int]:
    """Return the blocks to which a jump leads if this is the frame that it means."""
    chooses = frame.kind in {"switch", "match"}
    loops = frame.kind == "loop"
    meant = {
        "raise": frame.kind == "try",
        "case": frame.kind == "switch",
        "fallthrough": frame.kind == "switch",
        "yield": chooses,
        "break": frame.label == label if label else loops or frame.kind == "switch",
        "continue": loops and label in {"", frame.label},
    }
    if not meant.get(kind, False):
        return []
    if kind == "case":
        return frame.cases
    return [frame.again if kind in {"continue", "fallthrough"} else frame.to]
