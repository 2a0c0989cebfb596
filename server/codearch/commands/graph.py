"""`codearch.graph`: the code graph, or the part around a scope, as data or as a drawing's text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import UNSET, Meta, UnsetType

from codearch.commands._command import Argument, Command, Context, Form, Workspace
from codearch.commands._nodes import NodeForm, described
from codearch.commands._parts import Kind, Level, Wanted, best_connected, ends, level_of, part
from codearch.commands._places import Places
from codearch.commands._scope import in_scope, relative_scope
from codearch.errors import UsageError
from codearch.facts import Edge
from codearch.graph.render import Drawing, Format, Node, draw

if TYPE_CHECKING:
    from codearch.graph.analysis import Cycle

DRAWN_NODES = 150  # more cannot be read in a drawing
DATA_NODES = 20_000


class GraphQuery(Argument, frozen=True):
    """Which part of which graph is asked for, and how it is to be drawn."""

    kind: Annotated[
        Kind,
        Meta(description="Imports between files, calls, import cycles, or what changes together."),
    ]
    scope: Annotated[
        str | None, Meta(description="A file, folder or glob below the root, or a file's URI.")
    ] = None
    depth: Annotated[
        int, Meta(ge=0, le=20, description="How many steps to go beyond the scope.")
    ] = 1
    level: Annotated[
        Level | None,
        Meta(description="What a node is; symbols for calls and files for the rest by default."),
    ] = None
    limit: Annotated[
        Annotated[int, Meta(ge=1, le=100_000)] | None,
        Meta(description="How many nodes at most, the best connected first."),
    ] = None
    format: Annotated[Format, Meta(description="Data, or the text of a drawing.")] = "json"


class EdgeForm(Form):
    """One edge between nodes, `count` places strong; confidence is 0 to 1."""

    source: str
    target: str
    kind: str
    count: int
    confidence: float
    deferred: bool


class CycleForm(Form):
    """Files that import each other in a circle, the shortest way round, and the import to cut."""

    files: list[str]
    shortest: list[str]
    cut: EdgeForm
    freed: int


class Graph(Form):
    """Nodes, edges, and how many nodes were left out, and cycles where asked for; or a text."""

    nodes: list[NodeForm] | UnsetType = UNSET
    edges: list[EdgeForm] | UnsetType = UNSET
    left_out: int | UnsetType = UNSET
    cycles: list[CycleForm] | UnsetType = UNSET
    text: str | UnsetType = UNSET


def run(context: Context, query: GraphQuery) -> Graph:
    """Return the graph that is asked for, those of several workspaces side by side."""
    level = level_of(query.kind, query.level)
    _check_scope(context, query.scope)
    limit = query.limit or (DATA_NODES if query.format == "json" else DRAWN_NODES)
    nodes: list[NodeForm] = []
    edges: list[EdgeForm] = []
    cycles: list[CycleForm] = []
    left_out = 0
    several = sum(not workspace.loose for workspace in context.workspaces) > 1
    for workspace in context.workspaces:
        prefix = f"{workspace.root.name}/" if several or workspace.loose else ""
        with workspace.read() as snapshot:
            wanted = Wanted(query.kind, level, query.scope, query.depth, workspace.holds)
            found = part(snapshot, wanted)
            kept = best_connected(found.edges, limit - len(nodes))
            left_out += len(ends(found.edges)) - len(kept)
            places = Places(snapshot, context.encoding)
            nodes += described(snapshot, places, sorted(kept), level, prefix)
            edges += [
                _edge_form(edge, prefix)
                for edge in found.edges
                if edge.source in kept and edge.target in kept
            ]
            cycles += [_cycle_form(cycle, prefix) for cycle in found.cycles]
    if query.format != "json":
        return Graph(text=_text(nodes, edges, left_out, query.format))
    listed = cycles if query.kind == "cycles" else UNSET
    return Graph(nodes=nodes, edges=edges, left_out=left_out, cycles=listed)


def _check_scope(context: Context, scope: str | None) -> None:
    """Raise UsageError for a scope that means nothing here, which an empty answer would hide."""
    if scope and not any(_means_something(workspace, scope) for workspace in context.workspaces):
        message = f"`scope`: there is no file, folder or glob's match {scope!r} here."
        raise UsageError(
            message, field="scope", mend="Give a path below the root, or a file's URI."
        )


def _means_something(workspace: Workspace, scope: str) -> bool:
    """Say whether a file is in scope; one that is not indexed yet, or left out, counts as well."""
    below = relative_scope(scope, workspace.root)
    if below is None:
        return False
    if workspace.holds(below) and (workspace.root / below).exists():
        return True
    with workspace.read() as snapshot:
        return any(
            workspace.holds(file.path) and in_scope(file.path, scope, workspace.root)
            for file in snapshot.files()
        )


def _edge_form(edge: Edge, prefix: str) -> EdgeForm:
    return EdgeForm(
        source=prefix + edge.source,
        target=prefix + edge.target,
        kind=edge.kind,
        count=edge.count,
        confidence=round(edge.confidence, 2),
        deferred=edge.deferred,
    )


def _cycle_form(cycle: Cycle, prefix: str) -> CycleForm:
    return CycleForm(
        files=[prefix + path for path in cycle.files],
        shortest=[prefix + path for path in cycle.shortest],
        cut=_edge_form(cycle.cut, prefix),
        freed=cycle.freed,
    )


def _text(nodes: list[NodeForm], edges: list[EdgeForm], left_out: int, form: Format) -> str:
    drawn = [Node(node.id, node.label, node.kind) for node in nodes]
    arrows = [
        Edge(one.source, one.target, "import", one.count, one.confidence, one.deferred)
        for one in edges
    ]
    return draw(Drawing(drawn, arrows, left_out), form)


COMMAND = Command("codearch.graph", GraphQuery, Graph, run)
