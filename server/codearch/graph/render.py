"""Draws a graph as Mermaid, Graphviz DOT or JSON; labels are hostile and escaped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codearch.facts import Edge

Format = Literal["json", "mermaid", "dot"]
MERMAID_EDGES = 500  # what Mermaid draws without `maxEdges` in its settings


class Node(msgspec.Struct, frozen=True):
    """One node as it is drawn; `group` is the box it stands in, "" for none."""

    id: str
    label: str
    kind: str = "file"
    group: str = ""


class Drawing(msgspec.Struct, frozen=True):
    """What is drawn, and how many nodes were left out to keep it readable."""

    nodes: Sequence[Node]
    edges: Sequence[Edge]
    left_out: int = 0


def draw(drawing: Drawing, form: Format) -> str:
    """Return the drawing's text in this format."""
    if form == "mermaid":
        return mermaid(drawing)
    return dot(drawing) if form == "dot" else as_json(drawing)


def mermaid(drawing: Drawing) -> str:
    """Return a Mermaid flowchart; dotted arrows are deferred or unsure, labels count places."""
    names = {node.id: f"n{number}" for number, node in enumerate(drawing.nodes)}
    lines = ["flowchart LR"]
    for number, (group, members) in enumerate(_grouped(drawing.nodes).items()):
        indent = "  "
        if group:
            lines.append(f'  subgraph g{number}["{_mermaid_text(group)}"]')
            indent = "    "
        lines += [f"{indent}{_mermaid_node(names[node.id], node)}" for node in members]
        if group:
            lines.append("  end")
    drawn = [edge for edge in drawing.edges if edge.source in names and edge.target in names]
    for edge in drawn[:MERMAID_EDGES]:
        arrow = "-.->" if _faint(edge) else "-->"
        label = f"|{edge.count}|" if edge.count > 1 else ""
        lines.append(f"  {names[edge.source]} {arrow}{label} {names[edge.target]}")
    missing = _left_out(drawing.left_out, len(drawn) - MERMAID_EDGES)
    if missing:
        lines.append(f"  %% {missing}")
    return "\n".join(lines) + "\n"


def _mermaid_node(name: str, node: Node) -> str:
    text = _mermaid_text(node.label)
    shapes = {"class": f'["{text}"]', "folder": f'[/"{text}"/]', "file": f'["{text}"]'}
    return name + shapes.get(node.kind, f'("{text}")')


def _mermaid_text(text: str) -> str:
    """Escape by Mermaid's entity codes all that could end the label or begin markup."""
    return re.sub(r"[^\w ./:\-]", lambda match: f"#{ord(match.group())};", text)


def dot(drawing: Drawing) -> str:
    """Return a Graphviz digraph; dashed edges are deferred or unsure."""
    known = {node.id for node in drawing.nodes}
    lines = ["digraph codearch {", "  rankdir=LR;", '  node [shape=box, fontname="sans-serif"];']
    for number, (group, members) in enumerate(_grouped(drawing.nodes).items()):
        indent = "    " if group else "  "
        if group:
            lines += [f"  subgraph cluster_{number} {{", f"    label={_dot_text(group)};"]
        for node in members:
            lines.append(f"{indent}{_dot_text(node.id)} [label={_dot_text(node.label)}];")
        if group:
            lines.append("  }")
    for edge in drawing.edges:
        if edge.source in known and edge.target in known:
            options = [f'label="{edge.count}"'] if edge.count > 1 else []
            options += ["style=dashed"] if _faint(edge) else []
            listed = f" [{', '.join(options)}]" if options else ""
            lines.append(f"  {_dot_text(edge.source)} -> {_dot_text(edge.target)}{listed};")
    missing = _left_out(drawing.left_out, 0)
    if missing:
        lines.append(f"  // {missing}")
    return "\n".join([*lines, "}"]) + "\n"


def _dot_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def as_json(drawing: Drawing) -> str:
    """Return nodes, edges and `leftOut` as one JSON object."""
    value = {
        "nodes": [msgspec.to_builtins(node) for node in drawing.nodes],
        "edges": [msgspec.to_builtins(edge) for edge in drawing.edges],
        "leftOut": drawing.left_out,
    }
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def _grouped(nodes: Sequence[Node]) -> Mapping[str, list[Node]]:
    groups: dict[str, list[Node]] = {}
    for node in nodes:
        groups.setdefault(node.group, []).append(node)
    return groups


def _faint(edge: Edge) -> bool:
    return edge.deferred or edge.confidence < 0.8


def _left_out(nodes: int, edges: int) -> str:
    parts = [f"{nodes} nodes"] if nodes > 0 else []
    parts += [f"{edges} edges"] if edges > 0 else []
    return " and ".join(parts) + " left out" if parts else ""
