"""Values that a file names outside of its functions: tables, limits, alphabets."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from codearch.detectors._algorithms.reading import TooLargeError, read_value
from codearch.detectors._algorithms.terms import Term, steps
from codearch.languages._flows import Assign, Function

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node

    from codearch.flow import Program

_MOST_NODES = 4_000  # that are looked at
_MOST_ELEMENTS = 80
_LITERAL = frozenset({"number", "text", "truth", "list", "map", "set"})


def constants(program: Program) -> dict[str, Term]:
    """Return what a file's names outside of functions are set to, where that is data."""
    found: dict[str, Term] = {}
    flows, root = program.flows, program.root
    if flows is None or root is None:
        return found
    pending: deque[Node] = deque(root.named_children)
    for _ in range(_MOST_NODES):
        if not pending:
            break
        node = pending.popleft()
        shape = flows.shapes.get(node.type)
        if isinstance(shape, Function):
            continue
        if isinstance(shape, Assign):
            _note(program, node, found)
        else:
            pending += node.named_children
    return found


def _note(program: Program, node: Node, found: dict[str, Term]) -> None:
    try:
        read = read_value(program, node)
    except TooLargeError:
        return
    if read.word != "set" or read.value:
        return
    target, value = read.parts
    if target.word != "name" or value == Term("list") or not _is_data(value, [_MOST_ELEMENTS]):
        return
    name = str(target.value)
    found[name] = Term("list") if name in found else value  # set twice: no constant


def _is_data(term: Term, left: list[int]) -> bool:
    left[0] -= 1
    return (
        left[0] >= 0 and term.word in _LITERAL and all(_is_data(each, left) for each in term.parts)
    )


def with_constants(function: Term, known: Mapping[str, Term]) -> Term:
    """Return a function that begins with the constants that it names."""
    if not known:
        return function
    named: set[str] = set()
    own: set[str] = set()
    pending = [function]
    while pending:
        here = pending.pop()
        if here.word == "name" or (here.word == "member" and here.parts[0].word == "name"):
            named.add(str(here.value))
        elif here.word in {"set", "each"}:
            own.add(str(here.parts[0].value))
        pending += here.parts
    holder, body = function.parts
    own |= {str(each.value) for each in holder.parts}
    given = [
        Term("set", "", (Term("name", each), known[each]))
        for each in sorted(named - own)
        if each in known
    ]
    return function._replace(parts=(holder, steps(*given, body))) if given else function
