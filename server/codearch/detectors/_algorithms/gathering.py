"""Functions that are given functions, and sums over elements, as the loops that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._algorithms.terms import DONE, Term, do, negated, number, steps

if TYPE_CHECKING:
    from collections.abc import Sequence

_TRUE, _FALSE = Term("truth", True), Term("truth", False)
_COUNTER, _ELEMENT = Term("name", " counted"), Term("name", " element")


def gathered(key: str, given: Term) -> Term | None:
    """Return `sum`, `any` and their kin over all elements as a loop."""
    if given.word in {"each", "count"}:
        return _within(key, given)
    if key == "sum":
        return Term("each", "", (_ELEMENT, given, _counted(_ELEMENT)))
    return None


def _within(key: str, term: Term) -> Term:
    """Return a comprehension with what becomes of its elements at its heart."""
    if term.word in {"each", "count"}:
        return term._replace(parts=(*term.parts[:-1], _within(key, term.parts[-1])))
    if term.word == "if":
        return term._replace(parts=(term.parts[0], _within(key, term.parts[1]), term.parts[2]))
    value = term.parts[-1] if term.word == "call" and term.parts else term
    if key in {"any", "all"}:
        return _found(key, value)
    if key in {"min", "max"}:
        return Term("call", "least" if key == "min" else "most", (_COUNTER, value))
    return _counted(value if key == "sum" else number(1))


def _counted(value: Term) -> Term:
    return Term("set", "", (_COUNTER, do("+", _COUNTER, value)))


def _found(key: str, condition: Term) -> Term:
    """Return what ends a search: something that is so, or something that is not."""
    asked, said = (condition, _TRUE) if key == "any" else (negated(condition), _FALSE)
    return Term("if", "", (asked, Term("return", "", (said,)), DONE))


def for_each(kind: str, collection: Term, others: Sequence[Term], function: Term) -> Term:
    """Return what is done with a function for each element."""
    holder, body = function.parts
    names = holder.parts or (_ELEMENT,)
    value = body.parts[0] if body.word == "return" and body.parts else body
    if kind == "default":
        return Term("at", "", (collection, *others[:1])) if others else collection
    if kind == "fold":
        start = [Term("set", "", (names[0], others[0]))] if others else []
        inner = Term("set", "", (names[0], value))
        return steps(*start, Term("each", "", (names[-1], collection, inner)))
    if kind == "each" or (kind == "map" and body.word == "steps"):
        return Term("each", "", (names[0], collection, body))
    return Term("each", "", (names[0], collection, _done(kind, names[0], value)))


def _done(kind: str, element: Term, value: Term) -> Term:
    """Return what becomes of an element."""
    if kind in {"any", "all"}:
        return _found(kind, value)
    if kind == "map":
        return Term("call", "add", (value,))
    if kind == "sum":
        return _counted(value)
    then = {
        "filter": Term("call", "add", (element,)),
        "find": Term("return", "", (element,)),
        "count": _counted(number(1)),
    }[kind]
    return Term("if", "", (value, then, DONE))
