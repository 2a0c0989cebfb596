"""What a function names itself gets neutral names; what it is called with from outside stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.embedding.transformer.code import leaf_nodes, word_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from codearch.facts import SymbolFact
    from codearch.flow import Program

_VARIABLES = frozenset({"parameter", "variable", "constant"})
_INDENTS = frozenset({"python"})  # languages in which leading blanks mean something


def neutral_names(program: Program, symbol: SymbolFact) -> dict[int, str]:
    """Return byte -> var1, fun1 ... by first occurrence, for what a function names itself.

    That is the function, its parameters, its locals and the functions inside. Keywords, types,
    fields and names of outside keep theirs.
    """
    names, found = program.names(), {}
    given: dict[int | str, str] = {}
    counts = {"var": 0, "fun": 0}
    own = symbol.name_span
    for start in sorted({*names, own.start_byte}):
        if not symbol.span.start_byte <= start < symbol.span.end_byte:
            continue
        name = names.get(start)
        key: int | str = name.key if name is not None else "own"
        if start == own.start_byte:
            kind = "fun"
        elif isinstance(key, str) or not (
            key in given or (program.is_inside(key, symbol.span) and _kind(program, key))
        ):
            continue
        else:
            kind = _kind(program, key) or "fun"
        if key not in given:
            counts[kind] += 1
            given[key] = f"{kind}{counts[kind]}"
        found[start] = given[key]
    return found


def _kind(program: Program, key: int | str) -> str:
    """Return how a definition is counted, nothing where it keeps its name."""
    kind = program.definitions[key].kind if isinstance(key, int) else ""
    return "var" if kind in _VARIABLES else "fun" if kind == "function" else ""


def normalised(program: Program, symbol: SymbolFact) -> tuple[str, ...]:
    """Return a function's words with neutral names: equal for functions that differ in names."""
    names = neutral_names(program, symbol)
    return tuple(
        names.get(leaf.start_byte) or word_at(program, leaf)
        for leaf in leaf_nodes(program, symbol.span)
    )


def disguised(program: Program, symbol: SymbolFact) -> bytes:
    """Return the file with one function written otherwise: renamed, without comments, reformatted.

    A line keeps its order and gets another indentation; blank lines go; where blanks mean nothing,
    a line ends behind each `;` and `{`.
    """
    names = neutral_names(program, symbol)
    indents = program.language.name in _INDENTS
    leaves = list(leaf_nodes(program, symbol.span))
    if not leaves:
        return program.source
    parts = [program.source[: leaves[0].start_byte]]
    for leaf, gap in _with_gaps(program, leaves):
        parts.append(_otherwise(gap, indents))
        word = program.source[leaf.start_byte : leaf.end_byte]
        parts.append(names[leaf.start_byte].encode() if leaf.start_byte in names else word)
        if not indents and word in (b";", b"{"):
            parts.append(b"\n")
    parts.append(program.source[leaves[-1].end_byte :])
    return b"".join(parts)


def _with_gaps(program: Program, leaves: list[Node]) -> Iterator[tuple[Node, bytes]]:
    """Yield each leaf with what stands before it: blanks, and what is left out."""
    before = leaves[0].start_byte
    for leaf in leaves:
        yield leaf, program.source[before : leaf.start_byte]
        before = leaf.end_byte


def _otherwise(gap: bytes, indents: bool) -> bytes:
    """Return the blanks of a gap in another form; comments and docs in it are left out."""
    if b"\n" not in gap:
        return b" " if gap else b""
    last = gap[gap.rindex(b"\n") + 1 :]
    indentation = last if not last.strip() else b""
    return b"\n" + (indentation * 2 if indents else indentation.replace(b" ", b"")[:1])
