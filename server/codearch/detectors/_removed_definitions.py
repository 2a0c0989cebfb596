"""The edit that takes a definition out of a file, with its docs, decorators and comments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._fixes import clash
from codearch.facts import CALLABLE_KINDS, Fix, Replacement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from codearch.detectors._detector import FileView
    from codearch.facts import SymbolFact


_BLANK_LINES = re.compile(rb"(?:[ \t]*\r?\n)*")
_COMPILED_IN_PARTS = frozenset({"c", "cpp"})  # what others see may be declared in other files
_TYPES_APART = frozenset({"c", "cpp", "go", "rust"})  # a type's methods stand beside it


def removal(file: FileView, symbols: Sequence[SymbolFact], *, hidden: bool) -> Fix | None:
    """Return the fix that takes all parts of a definition out, None where more hangs on it.

    `hidden`: no other file can see it.
    """
    language = file.facts.language
    if language in _COMPILED_IN_PARTS and not hidden:
        return None
    if language in _TYPES_APART and any(each.kind not in CALLABLE_KINDS for each in symbols):
        return None
    if language == "go" and _leaves_imports(file, symbols):
        return None
    edits = [_removed(file, each) for each in symbols]
    made = tuple(each for each in edits if each is not None)
    if len(made) < len(edits) or clash(made):
        return None
    return Fix(f"Remove `{symbols[0].name}`", False, made)


def _leaves_imports(file: FileView, symbols: Sequence[SymbolFact]) -> bool:
    """Say whether an import would be without a use, which Go's compiler refuses."""
    made = file.facts.definitions
    inside: set[int] = set()
    outside: set[int] = set()
    for use in file.facts.uses:
        if use.definition >= 0 and made[use.definition].imported >= 0:
            within = any(
                each.span.start_byte <= use.start_byte < each.span.end_byte for each in symbols
            )
            (inside if within else outside).add(use.definition)
    return not inside <= outside


def _removed(file: FileView, symbol: SymbolFact) -> Replacement | None:
    """Return the edit, None where something else stands in the definition's lines."""
    source = file.source
    begin = min(symbol.lead_byte, symbol.span.start_byte)
    start = source.rfind(b"\n", 0, begin) + 1
    end = source.find(b"\n", symbol.span.end_byte)
    end = len(source) if end < 0 else end + 1
    if source[start:begin].strip() or source[symbol.span.end_byte : end].strip() not in {b"", b";"}:
        return None
    if file.facts.language == "python" and _is_alone(file, symbol):
        return Replacement(file.path, file.span(begin, symbol.span.end_byte), "pass")
    first, last = _without_blanks(file, start, end)
    return Replacement(file.path, file.span(first, last), "")


def _without_blanks(file: FileView, start: int, end: int) -> tuple[int, int]:
    """Return the lines with the blank ones that would stand twice, or at the end of the file."""
    source = file.source
    behind = _BLANK_LINES.match(source, end)
    stop = behind.end() if behind is not None else end
    written = source[:start].rstrip()
    if stop == len(source):
        line = source.find(b"\n", len(written))
        return (line + 1 if 0 <= line < start and written else start), stop
    blank = source.count(b"\n", len(written), start) > 1
    return start, stop if blank or not written or written.endswith((b"{", b":")) else end


def _is_alone(file: FileView, symbol: SymbolFact) -> bool:
    """Say whether a definition is the only statement of a block."""
    if symbol.span.column == 0:
        return False
    root = file.program.root
    span = symbol.span
    node: Node | None = (
        root.descendant_for_byte_range(span.start_byte, span.end_byte - 1) if root else None
    )
    while node is not None and node.parent is not None and node.parent.type != "block":
        node = node.parent
    block = node.parent if node is not None else None
    if block is None:
        return False
    return sum(each.type != "comment" for each in block.named_children) == 1
