"""Fixes are applied: which of several go together, and what a text is afterwards."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from codearch.flow import read
from codearch.languages import by_name
from codearch.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tree_sitter import Node

    from codearch.facts import Fix, Replacement


def applied(source: bytes, edits: Iterable[Replacement]) -> bytes:
    """Return a file's source after edits that do not overlap; all speak of it as it was."""
    parts: list[bytes] = []
    at = 0
    for edit in sorted(edits, key=_place):
        parts += (source[at : edit.span.start_byte], edit.text.encode())
        at = edit.span.end_byte
    return b"".join((*parts, source[at:]))


def clash(edits: Iterable[Replacement]) -> bool:
    """Say whether edits overlap, or their order would make a difference."""
    ordered = sorted(edits, key=lambda each: (each.path, _place(each)))
    return any(
        one.path == other.path
        and (other.span.start_byte < one.span.end_byte or _place(one)[0] == _place(other)[0])
        for one, other in pairwise(ordered)
    )


def together(fixes: Iterable[Fix], path: str, source: bytes, language: str) -> list[Fix]:
    """Return the fixes of one file that can be made at once, the first ones in case of doubt.

    Each may leave a program that the others do not expect, a block without its last statement, say:
    what would make the file harder to parse is left for the next time.
    """
    kept: list[Fix] = []
    for fix in fixes:
        if all(edit.path == path for edit in fix.edits) and not clash(_edits([*kept, fix])):
            kept.append(fix)
    before = _errors(source, language)
    if _errors(applied(source, _edits(kept)), language) <= before:
        return kept
    found: list[Fix] = []
    for fix in kept:
        if _errors(applied(source, _edits([*found, fix])), language) <= before:
            found.append(fix)
    return found


def _edits(fixes: Sequence[Fix]) -> list[Replacement]:
    return [edit for fix in fixes for edit in fix.edits]


def _place(edit: Replacement) -> tuple[int, int]:
    return edit.span.start_byte, edit.span.end_byte


def _errors(source: bytes, language: str) -> int:
    """Return how much of a source is broken, blocks without a statement where none may be so."""
    facts = parse(source, by_name(language))
    if language != "python":
        return len(facts.errors)
    root = read(source, by_name(language), facts).root
    return len(facts.errors) + (_empty_blocks(root) if root is not None else 0)


def _empty_blocks(root: Node) -> int:
    count = 0
    pending = [root]
    while pending:
        node = pending.pop()
        inside = node.named_children
        count += node.type == "block" and all(each.type == "comment" for each in inside)
        pending += inside
    return count
