"""Control flow and data flow of functions, read from their syntax trees.

    program = read(source, language)              # parses once
    control_flow(program, span), data_flow(program, span)

`span` is that of a symbol; that of a file's module symbol gives the flow of its top-level code.
Functions inside have a control flow of their own, and take part in the data flow around them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.flow import (  # noqa: F401 - they say what is done on nodes of each shape
    exceptions,
    expressions,
    loops,
    statements,
    switches,
)
from codearch.flow.lowering import Lowering, lower
from codearch.flow.nodes import node_of
from codearch.flow.program import Program, read
from codearch.flow.reaching import reaching
from codearch.flow.values import (
    Block,
    ControlFlow,
    DataEdge,
    DataFlow,
    FlowEdge,
    Occurrence,
    OccurrenceKind,
    Relation,
    Step,
)

if TYPE_CHECKING:
    from codearch.facts import Span


def control_flow(program: Program, span: Span) -> ControlFlow:
    """Return the basic blocks of a function and the ways between them; never raises."""
    node = node_of(program, span)
    if node is None or program.flows is None:
        return ControlFlow()
    return lower(program, node, program.flows, span, deep=False).graph.control_flow()


def data_flow(program: Program, span: Span) -> DataFlow:
    """Return the variables of a function and where their values come from; never raises.

    Every value that may reach a place is a source of it, as control flow goes (conditions that
    never change are believed): the definition of Guo et al. (2021), for all languages alike.
    """
    node = node_of(program, span)
    if node is None or program.flows is None:
        return DataFlow()
    lowering = lower(program, node, program.flows, span, deep=True)
    events = [event for draft in lowering.graph.drafts for event in draft.events]
    come = reaching(lowering.graph, _outer(lowering))
    computed: dict[int, dict[int, None]] = {}
    for event in events:
        if event.sources:
            computed.setdefault(event.start, {}).update(dict.fromkeys(event.sources))
    ways: list[tuple[int, Relation, tuple[int, ...]]] = [
        (at, "comesFrom", sources) for at, sources in come.items() if sources
    ]
    ways += [(at, "computedFrom", tuple(sorted(found))) for at, found in computed.items()]
    touched = sorted({end for at, _, sources in ways for end in (at, *sources)})
    place = {start: number for number, start in enumerate(touched)}
    edges = sorted(
        (place[at], relation, tuple(place[each] for each in sources))
        for at, relation, sources in ways
    )
    return DataFlow(
        tuple(_occurrence(lowering, start) for start in touched),
        tuple(DataEdge(at, sources, relation) for at, relation, sources in edges),
    )


def _outer(lowering: Lowering) -> dict[int | str, int]:
    """Return the variables that are there before the function, with where they are first read.

    One that is written first needs no place that stands for what it was before.
    """
    return {
        key: start
        for key, (start, is_read) in lowering.first.items()
        if is_read and not lowering.is_inside(key)
    }


def _occurrence(lowering: Lowering, start: int) -> Occurrence:
    """Return what stands at a byte."""
    kind: OccurrenceKind
    if start in lowering.literals:
        end, kind = lowering.literals[start], "literal"
    elif start in lowering.fields:
        end, kind = lowering.fields[start][0], "field"
    else:
        end, kind = lowering.kind_of(start)
    name = lowering.source[start:end].decode(errors="replace")
    return Occurrence(name, start, end, kind)


__all__ = [
    "Block",
    "ControlFlow",
    "DataEdge",
    "DataFlow",
    "FlowEdge",
    "Occurrence",
    "Program",
    "Step",
    "control_flow",
    "data_flow",
    "read",
]
