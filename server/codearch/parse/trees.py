"""Syntax trees, from the grammar of a language that fits best, and never at any price.

tree-sitter reads any source, but where it recovers from an error it may look through the rest of
the file once for each character: a hundred thousand `/*` would take hours. So its work is counted
while it reads, in blocks looked at and in steps, and ended where it is out of all proportion. What
is counted depends on the source alone: the same bytes always give the same tree, or always none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.parse.edited import LastTree
from codearch.parse.plan import Grammar, grammars_of

if TYPE_CHECKING:
    from tree_sitter import Point, Tree

    from codearch.languages._language import Language

_BLOCK = 4096  # bytes that are given to the parser at a time
_READS = 64  # times that a block may be looked at, on average; sound sources take 3
_SPARE_BLOCKS = 16
_SPARE_STEPS = 5_000  # of progress, of which sound sources make one in 160 bytes


def tree_of(
    source: bytes, language: Language, last: LastTree | None = None
) -> tuple[Grammar, Tree] | None:
    """Return the tree of the first grammar that reads all of the source, else of the best one.

    None where no grammar comes to an end within bounds. `last` is of the same file before an edit,
    makes the work less, and keeps the tree for the next one.
    """
    grammars = grammars_of(language)
    if len(grammars) > 1:
        signs = [False, *(bool(dialect.sign.search(source)) for dialect in language.dialects)]
        grammars = tuple(sorted(grammars, key=lambda each: not signs[grammars.index(each)]))
    last = last or LastTree()
    found = []
    prepared = language.prepare(source) if language.prepare is not None else source
    for grammar in grammars:
        for given in (prepared,) if prepared == source else (prepared, source):
            tree = last.patch(given, grammar, _parsed) or _parsed(given, grammar)
            if tree is None:
                continue
            if not tree.root_node.has_error:
                last.keep(given, grammar, tree)
                return grammar, tree
            found.append((given, grammar, tree))
    if not found:
        return None
    best = found[0]
    if len(found) > 1:
        best = min(found, key=lambda each: _broken_bytes(each[2]))
    last.keep(*best)
    return best[1:]


def _parsed(source: bytes, grammar: Grammar, last: Tree | None = None) -> Tree | None:
    """Return the source's tree, None where it takes too much work."""
    reads = steps = 0
    most_reads = _READS * (len(source) // _BLOCK + _SPARE_BLOCKS)
    most_steps = _SPARE_STEPS + len(source)

    def read(offset: int, _point: Point) -> bytes:
        nonlocal reads
        reads += 1
        return source[offset : offset + _BLOCK]

    def goes_too_far(_offset: int, _has_error: bool) -> bool:
        nonlocal steps
        steps += 1
        return reads > most_reads or steps > most_steps

    try:
        if last is None:
            tree = grammar.parser.parse(read, progress_callback=goes_too_far)
        else:
            tree = grammar.parser.parse(read, last, progress_callback=goes_too_far)
    except ValueError:  # it was stopped
        grammar.parser.reset()
        return None
    return grammar.parser.parse(source, tree)  # nothing is read again, but nodes know their text


def _broken_bytes(tree: Tree) -> int:
    """Return how many bytes of a tree stand in errors; a token that is missing counts as one."""
    pending = [tree.root_node]
    total = 0
    while pending:
        node = pending.pop()
        if node.is_error or node.is_missing:
            total += max(node.end_byte - node.start_byte, 1)
        else:
            pending += [child for child in node.children if child.has_error or child.is_missing]
    return total
