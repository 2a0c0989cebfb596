"""A symbol as a transformer reads it: the leaves of its tree without comments, and its data flow.

As published for GraphCodeBERT: a string is one word, comments and docstrings are left out, a
variable's node is the word at which it stands. Symbols that are no functions are their words.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from codearch.embedding.transformer.reading import Code, Variable, of_words
from codearch.facts import CALLABLE_KINDS
from codearch.flow import data_flow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from codearch.facts import Passage, Span, SymbolFact
    from codearch.flow import Program

_TEXTS = ("string", "char")  # in the names that grammars give to literals of text


def codes(program: Program, symbol: SymbolFact, passages: Sequence[Passage]) -> list[Code]:
    """Return one code a passage of the symbol; a long function's words are parted among them."""
    doc = passages[0].doc if passages else ""
    if program.root is None or symbol.kind not in CALLABLE_KINDS:
        return [of_words(passage) for passage in passages]
    leaves = list(leaf_nodes(program, symbol.span))
    words = tuple(word_at(program, leaf) for leaf in leaves)
    whole = Code(words, _variables(program, symbol.span, [leaf.start_byte for leaf in leaves]), doc)
    return whole.parted(len(passages))


def word_at(program: Program, leaf: Node) -> str:
    """Return a word as the source has it."""
    return program.source[leaf.start_byte : leaf.end_byte].decode(errors="replace")


def leaf_nodes(program: Program, span: Span) -> Iterator[Node]:
    """Yield the nodes of a symbol's words, in the order of the source."""
    skipped = program.language.comments
    pending = [program.root]
    while pending:
        node = pending.pop()
        if node is None or node.end_byte <= span.start_byte or node.start_byte >= span.end_byte:
            continue
        if node.type in skipped or node.start_byte == node.end_byte:
            continue
        if node.child_count and not _is_plain_text(node):
            doc = docstring(program, node)
            pending += [child for child in reversed(node.children) if child != doc]
        elif node.start_byte >= span.start_byte:
            yield node


def _is_plain_text(node: Node) -> bool:
    """Say whether a node is a string in which no code stands."""
    if not any(name in node.type for name in _TEXTS):
        return False
    return all(child.child_count == 0 for child in node.children)


def docstring(program: Program, body: Node) -> Node | None:
    """Return the statement of a body that is its doc, if the language keeps docs there."""
    found = program.language.docstring(body) if program.language.docstring else None
    while found is not None and found.parent is not None and found.parent != body:
        found = found.parent
    return found


def _variables(program: Program, span: Span, starts: list[int]) -> tuple[Variable, ...]:
    """Return the function's variables, each at the word in which it stands."""
    flow = data_flow(program, span)
    sources: dict[int, dict[int, None]] = {}
    for edge in flow.edges:
        sources.setdefault(edge.target, {}).update(dict.fromkeys(edge.sources))
    return tuple(
        Variable(
            max(bisect_right(starts, node.start) - 1, 0), tuple(sorted(sources.get(number, ())))
        )
        for number, node in enumerate(flow.nodes)
    )
