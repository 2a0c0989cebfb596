"""Flows in a form that people read and write: see tests/cases/flow/README.md."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from codearch.facts import CALLABLE_KINDS, Span, SymbolFact
from codearch.flow import Block, ControlFlow, DataFlow, Program, control_flow, data_flow, read
from codearch.languages import by_name
from codearch.languages._language import Language
from codearch.parse import parse


def meant(source: bytes, language: Language) -> Span:
    """Return the span of the one outermost function of a text, else that of the whole."""
    symbols = parse(source, language).symbols
    functions = [each for each in symbols if each.kind in CALLABLE_KINDS]
    outer = [
        each
        for each in functions
        if not any(symbols[parent] in functions for parent in _parents(symbols, each.parent))
    ]
    return outer[0].span if len(outer) == 1 else Span(0, len(source.rstrip()), 0, 0, 0, 0)


def _parents(symbols: tuple[SymbolFact, ...], parent: int) -> Iterator[int]:
    while parent >= 0:
        yield parent
        parent = symbols[parent].parent


def line_of(source: bytes, at: int) -> int:
    """Return the line, counted from 1, on which a byte stands."""
    return source.count(b"\n", 0, at) + 1


def control_lines(source: bytes, flow: ControlFlow) -> list[str]:
    """Return a line a block: the lines of its steps, where it leads, and its last step's source.

    A block is named by the line of its first step, with letters from b on where several begin on
    one line; empty blocks are `+1`, `+2`. The value of a condition that never changes stands in
    brackets; `if +1` means that the way is taken only if +1 is.
    """
    names = _block_names(source, flow)
    live = flow.live()
    out = defaultdict(list)
    for edge in flow.edges:
        gate = f" if {names[edge.gate]}" if edge.gate >= 0 else ""
        out[edge.source].append(f"{edge.kind} {names[edge.target]}{gate}")
    lines = []
    for number, block in enumerate(flow.blocks):
        if number == flow.exit:
            continue
        constant = "" if block.constant is None else f" [{str(block.constant).lower()}]"
        dead = "" if number in live else " (dead)"
        rows = [line_of(source, step.start) for step in block.steps]
        upto = f"-{rows[-1]}" if rows and rows[-1] > rows[0] else ""
        line = f"{names[number]}{upto}{constant}{dead}: {', '.join(out[number]) or 'nowhere'}"
        lines.append(f"{line:<44} # {_last_step(source, block)}" if block.steps else line)
    return lines


def _last_step(source: bytes, block: Block) -> str:
    step = block.steps[-1]
    text = source[step.start : step.end].decode().split("\n")[0]
    return text if len(text) <= 36 else text[:35] + "…"


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
    span = meant(data, by_name(language))
    return (
        control_lines(data, control_flow(program, span)),
        data_lines(data, data_flow(program, span)),
    )


if __name__ == "__main__":
    import sys
    from pathlib import Path

    path, language = sys.argv[1:]
    control, values = flows(Path(path).read_text("utf-8"), language)
    print("\n".join([*control, "", *values]))
