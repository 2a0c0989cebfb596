"""Bytes to facts: `parse` reads any file, broken or not, and never raises."""

from __future__ import annotations

from tree_sitter import Tree

from codearch import text
from codearch.facts import FileFacts
from codearch.languages._language import Language
from codearch.parse import sections
from codearch.parse.plan import Grammar, grammars_of
from codearch.parse.walk import Walk


def parse(source: bytes, language: Language) -> FileFacts:
    """Return all that can be known of a file from its bytes alone; what is broken is in `errors`.

    Time and memory grow linearly with the size of the file, however it is nested. Positions refer
    to the text decoded and written again as UTF-8.
    """
    decoded = text.decode(source).encode(errors="replace")
    if language.grammar is None:
        return sections.parse(decoded, language)
    grammar, tree = _tree(decoded.replace(b"\0", b" "), language)
    return Walk(grammar, decoded, tree).run()


def _tree(source: bytes, language: Language) -> tuple[Grammar, Tree]:
    """Return the tree of the first grammar that reads all of the source, else of the best one."""
    grammars = grammars_of(language)
    if len(grammars) > 1:
        signs = [False, *(bool(dialect.sign.search(source)) for dialect in language.dialects)]
        grammars = tuple(sorted(grammars, key=lambda each: not signs[grammars.index(each)]))
    prepared = language.prepare(source) if language.prepare is not None else source
    found = []
    for grammar in grammars:
        for text_read in (prepared,) if prepared == source else (prepared, source):
            tree = grammar.parser.parse(text_read)
            if not tree.root_node.has_error:
                return grammar, tree
            found.append((grammar, tree))
    return min(found, key=lambda pair: _broken_bytes(pair[1])) if len(found) > 1 else found[0]


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


__all__ = ["parse"]
