"""Five views of one function, each a sequence of words: contrastive training brings them together.

Text with neutral names, syntax, control flow, data flow, and the roles of names. All are told by
the tree and the flows, so that a function gives the same views wherever it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from codearch.embedding.training.naming import normalised
from codearch.embedding.transformer.code import docstring, leaf_nodes, word_at
from codearch.flow import control_flow, data_flow
from codearch.flow.nodes import node_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from codearch.facts import FileFacts, SymbolFact
    from codearch.flow import Program
    from codearch.flow.values import DataFlow, FlowEdge

MOST_WORDS = 256  # of one view
_DEFINED = {
    "import": "import",
    "function": "function",
    "class": "type",
    "type": "type",
    "parameter": "parameter",
    "field": "field",
    "label": "label",
}
_TYPES = re.compile(r"type_identifier|primitive_type|predefined_type|_type$")
_WORD = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"[.]?\d")
_PUNCTUATION = frozenset("()[]{},;:") | {"", "."}
_CONSTANTS = {
    "true": "boolean",
    "false": "boolean",
    "none": "null",
    "null": "null",
    "nil": "null",
    "nullptr": "null",
    "undefined": "null",
}


class Views(NamedTuple):
    """The views of one function, each of at most MOST_WORDS words."""

    text: tuple[str, ...]
    syntax: tuple[str, ...]
    control: tuple[str, ...]
    data: tuple[str, ...]
    roles: tuple[str, ...]


def views(program: Program, facts: FileFacts, symbol: SymbolFact) -> Views:
    """Return the five views of a function; never raises."""
    flow = data_flow(program, symbol.span)
    return Views(
        normalised(program, symbol)[:MOST_WORDS],
        _bounded(_syntax(program, symbol)),
        _bounded(_control(program, symbol)),
        _bounded(_data(flow)),
        _bounded(_roles(program, facts, symbol, flow)),
    )


def _bounded(words: Iterator[str]) -> tuple[str, ...]:
    return tuple(islice(words, MOST_WORDS))


def _syntax(program: Program, symbol: SymbolFact) -> Iterator[str]:
    """Yield the kinds of a function's nodes in pre-order, comments and doc left out."""
    pending = [node_of(program, symbol.span)]
    while pending:
        node = pending.pop()
        if node is None or node.type in program.language.comments:
            continue
        yield node.type
        doc = docstring(program, node)
        pending += [child for child in reversed(node.named_children) if child != doc]


def _control(program: Program, symbol: SymbolFact) -> Iterator[str]:
    """Yield blocks in the order in which control first comes to them, with their ways out.

    Blocks are numbered by that order; a way names its kind and the block it goes to.
    """
    flow = control_flow(program, symbol.span)
    out: dict[int, list[FlowEdge]] = {}
    for edge in flow.edges:
        out.setdefault(edge.source, []).append(edge)
    starts = [leaf.start_byte for leaf in leaf_nodes(program, symbol.span)]
    order = {flow.entry: 0}
    pending, visited = [flow.entry], {flow.exit}
    while pending:
        number = pending.pop()
        if number in visited:
            continue
        visited.add(number)
        yield f"block{order[number]}"
        for step in flow.blocks[number].steps:
            if bisect_left(starts, step.start) < bisect_left(starts, step.end):  # else it is a doc
                yield _kind_at(program, step.start, step.end)
        edges = sorted(out.get(number, ()), key=lambda edge: (edge.kind, edge.target))
        for edge in edges:
            yield edge.kind
            if edge.target == flow.exit:
                yield "end"
            else:
                yield f"block{order.setdefault(edge.target, len(order))}"
        pending += [edge.target for edge in reversed(edges)]


def _kind_at(program: Program, start: int, end: int) -> str:
    """Return the kind of the statement that has an extent."""
    if program.root is None:
        return "statement"
    node = program.root.named_descendant_for_byte_range(start, max(end - 1, start))
    return node.type if node is not None else "statement"


def _data(flow: DataFlow) -> Iterator[str]:
    """Yield each value with what it comes from; variables are told apart by neutral names."""
    numbers: dict[tuple[str, str], int] = {}
    counts: Counter[str] = Counter()
    called = []
    for node in flow.nodes:
        if (node.kind, node.name) not in numbers:
            counts[node.kind] += 1
        number = numbers.setdefault((node.kind, node.name), counts[node.kind])
        called.append(node.kind if node.kind == "literal" else f"{node.kind}{number}")
    for edge in flow.edges:
        yield called[edge.target]
        yield edge.relation
        for source in edge.sources:
            yield called[source]


def _roles(program: Program, facts: FileFacts, symbol: SymbolFact, flow: DataFlow) -> Iterator[str]:
    """Yield what each word of a function is there for; punctuation says nothing."""
    named = _named_roles(program, facts, symbol, flow)
    for leaf in leaf_nodes(program, symbol.span):
        role = named.get(leaf.start_byte) or _role(leaf, word_at(program, leaf))
        if role:
            yield role


def _named_roles(
    program: Program, facts: FileFacts, symbol: SymbolFact, flow: DataFlow
) -> dict[int, str]:
    """Return byte -> role of the identifiers whose meaning is known."""
    span = symbol.span
    found: dict[int, str] = {symbol.name_span.start_byte: "function"}
    for start, name in program.names().items():
        if not span.start_byte <= start < span.end_byte:
            continue
        if isinstance(name.key, str):
            found.setdefault(start, "outer")
            continue
        kind = program.definitions[name.key].kind
        local = "local" if program.is_inside(name.key, span) else "outer"
        found.setdefault(start, _DEFINED.get(kind, local))
    for use in facts.uses:
        if use.kind == "type" and span.start_byte <= use.start_byte < span.end_byte:
            found[use.start_byte] = "type"
    for node in flow.nodes:
        if node.kind == "field":
            found[node.start] = "field"
    for call in facts.calls:
        if call.kind != "reference" and span.start_byte <= call.span.start_byte < span.end_byte:
            found[call.span.start_byte] = "call"
    return found


def _role(leaf: Node, word: str) -> str:
    """Return the role of a word that names nothing known, told by its form."""
    if "string" in leaf.type or "char" in leaf.type or word[:1] in "\"'`":
        return "string"
    if word.lower() in _CONSTANTS:
        return _CONSTANTS[word.lower()]
    if _NUMBER.match(word):
        return "number"
    if _TYPES.search(leaf.type):
        return "type"
    if _WORD.fullmatch(word):
        return "member" if leaf.is_named and "identifier" in leaf.type else word
    return "" if word in _PUNCTUATION else f"operator {word}"
