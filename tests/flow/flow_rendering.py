"""Flows in a form that people read and write: see tests/cases/flow/README.md."""

from __future__ import annotations

from collections import Counter, defaultdict

from codearch.facts import NO_SPAN, Span
from codearch.flow import ControlFlow, DataFlow, Program, control_flow, data_flow, read
from codearch.languages import by_name


def whole(source: bytes) -> Span:
    """Return the span of a text."""
    return Span(0, len(source.rstrip()), 0, 0, 0, 0)


def line_of(source: bytes, at: int) -> int:
    """Return the line, counted from 1, on which a byte stands."""
    return source.count(b"\n", 0, at) + 1


def control_lines(source: bytes, flow: ControlFlow) -> list[str]:
    """Return a line a block: the lines of its steps, and where it leads by what kind of edge.

    A block is named by the line of its first step, with letters from b on where several begin on
    one; empty blocks are named by what leads out of them, `+`, with a number from 2 on.
    """
    names = _block_names(source, flow)
    live = flow.live()
    out = defaultdict(list)
    for edge in flow.edges:
        gate = f" if {names[edge.gate]}" if edge.gate >= 0 else ""
        out[edge.source].append(f"{edge.kind} {names[edge.target]}{gate}")
    lines = []
    for number, block in enumerate(flow.blocks):
        if number == flow.exit or (not out[number] and number != flow.entry):
            if number != flow.exit and block.steps:
                lines.append(f"{names[number]}: -")
            continue
        dead = "" if number in live else " (dead)"
        constant = "" if block.constant is None else f" [{str(block.constant).lower()}]"
        rows = [line_of(source, step.start) for step in block.steps]
        upto = f"-{rows[-1]}" if rows and rows[-1] > rows[0] else ""
        lines.append(f"{names[number]}{upto}{constant}{dead}: {', '.join(out[number])}")
    return lines


def _block_names(source: bytes, flow: ControlFlow) -> dict[int, str]:
    names = {flow.exit: "end"}
    used: Counter[str] = Counter()
    for number, block in enumerate(flow.blocks):
        if number == flow.exit:
            continue
        if block.steps:
            line = str(line_of(source, block.steps[0].start))
            used[line] += 1
            names[number] = line + ("" if used[line] == 1 else chr(ord("a") + used[line] - 1))
        elif number == flow.entry:
            names[number] = "begin"
        else:
            used["+"] += 1
            names[number] = f"+{used['+']}"
    return names


def data_lines(source: bytes, flow: DataFlow) -> list[str]:
    """Return a line an edge: `x@3 <- y@2` is computed from, `x@4 is x@3` comes from.

    Where a name stands on a line several times, `.2` and so on counts them among all nodes.
    """
    counts: Counter[tuple[str, int]] = Counter()
    names = []
    for node in flow.nodes:
        key = (node.name, line_of(source, node.start))
        counts[key] += 1
        again = f".{counts[key]}" if counts[key] > 1 else ""
        names.append(f"{key[0]}@{key[1]}{again}")
    words = {"comesFrom": "is", "computedFrom": "<-"}
    return [
        f"{names[edge.target]} {words[edge.relation]} {', '.join(names[s] for s in edge.sources)}"
        for edge in flow.edges
    ]


def flows(source: str, language: str) -> tuple[list[str], list[str]]:
    """Return the rendered control flow and data flow of a text that is one function."""
    data = source.encode()
    program: Program = read(data, by_name(language))
    span = whole(data)
    return (
        control_lines(data, control_flow(program, span)),
        data_lines(data, data_flow(program, span)),
    )


if __name__ == "__main__":
    import sys
    from pathlib import Path

    path, language = sys.argv[1:]
    assert NO_SPAN
    control, values = flows(Path(path).read_text("utf-8"), language)
    print("\n".join([*control, "", *values]))
