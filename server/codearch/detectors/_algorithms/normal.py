"""One form for what may be written in several ways: terms are rewritten from the inside out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._algorithms import libraries, literals, loops
from codearch.detectors._algorithms.operations import (
    arithmetic,
    joined,
    operation,
    opposite,
    power,
)
from codearch.detectors._algorithms.terms import DONE, NOTHING, Term, is_do, number, steps

if TYPE_CHECKING:
    from collections.abc import Callable

_COMPUTED = frozenset({"/", "*", "+", "-", "%"})
_TRUE, _FALSE = Term("truth", True), Term("truth", False)


def normal(term: Term) -> Term:
    """Return the normal form of a term."""
    if not term.parts:
        return literals.named_alone(str(term.value)) or term if term.word == "name" else term
    return _once(Term(term.word, term.value, tuple(map(normal, term.parts))))


def _once(term: Term) -> Term:
    """Return the normal form of a term whose parts are normal."""
    rule = _RULES.get(term.word)
    return rule(term) if rule else term


def _do(term: Term) -> Term:
    return operation(str(term.value), term.parts)


def _member(term: Term) -> Term:
    return libraries.member(str(term.value), term.parts[0])


# --- calls --------------------------------------------------------------------------------------


def _call(term: Term) -> Term:
    found = libraries.called(str(term.value), term.parts[0], term.parts[1:])
    if found.word != "call":
        return _once(found) if found.word in {"do", "if", "each", "set"} else found
    parts = found.parts
    if found.value == "power" and len(parts) == 2:
        return power(*parts)
    if found.value == "parsed" and parts and is_do(parts[0], *_COMPUTED):
        return parts[0]  # `int(a / b)`
    return (parts[0] if parts else NOTHING) if found.value == "down" else found


# --- statements ---------------------------------------------------------------------------------


def _set(term: Term) -> Term:
    target, value = term.parts
    if target.word == "list":
        return _set_all(target, value) or term
    if term.value:
        made = arithmetic(str(term.value), target, value)
        return DONE if made == target else Term("set", "", (target, made))
    if value.word == "each":  # a list that is made of what a comprehension yields
        return steps(Term("set", "", (target, Term("list"))), value)
    if value.word == "steps" and value.parts:
        return steps(*value.parts[:-1], Term("set", "", (target, value.parts[-1])))
    return term


def _set_all(target: Term, value: Term) -> Term | None:
    """Return what sets several variables at once as what sets one after the other."""
    if value.word == "at" and len(target.parts) == 2:  # Go's `v, ok := m[k]`
        first, second = target.parts
        asked = Term("set", "", (second, Term("call", "has", value.parts)))
        return asked if first.value == "_" else steps(Term("set", "", (first, value)), asked)
    if value.word != "list" or len(target.parts) != len(value.parts):
        return None
    if len(target.parts) == 2 and target.parts == value.parts[::-1]:
        return Term("call", "swap", target.parts)
    pairs = zip(target.parts, value.parts, strict=True)
    return steps(*(_set(Term("set", "", pair)) for pair in pairs))


def _steps(term: Term) -> Term:
    found: list[Term] = []
    for each in term.parts:
        inner = each.parts if each.word == "steps" else (each,)
        for one in inner:
            if one == NOTHING:
                continue
            found.append(one)
            swapped = _swapped(*found[-3:]) if len(found) >= 3 else None
            if swapped is not None:
                found[-3:] = [swapped]
    return steps(*found)


def _swapped(keep: Term, first: Term, second: Term) -> Term | None:
    """Return `t = a; a = b; b = t` as what it does."""
    if not all(each.word == "set" for each in (keep, first, second)):
        return None
    (kept, a), (target, b), (other, value) = keep.parts, first.parts, second.parts
    if a == target and b == other and value == kept:
        return Term("call", "swap", (a, b))
    return None


def _if(term: Term) -> Term:
    condition, then, otherwise = term.parts
    if condition.word == "truth":
        return then if condition.value else otherwise
    if condition.word == "set":  # `if (x = f())`, `if let`
        return steps(condition, Term("if", "", (condition.parts[1], then, otherwise)))
    if condition.word == "steps" and condition.parts:
        before, last = condition.parts[:-1], condition.parts[-1]
        return steps(*before, Term("if", "", (last, then, otherwise)))
    found = _bounded(condition, then, otherwise) or _truth(condition, then, otherwise)
    if found is None and then == DONE and otherwise != DONE:
        return Term("if", "", (opposite(condition), otherwise, DONE))
    return found or term


def _truth(condition: Term, then: Term, otherwise: Term) -> Term | None:
    """Return `c ? true : false` as c."""
    if (then, otherwise) in {(_TRUE, _FALSE), (number(1), number(0))}:
        return condition
    return opposite(condition) if (then, otherwise) == (_FALSE, _TRUE) else None


def _bounded(condition: Term, then: Term, otherwise: Term) -> Term | None:
    """Return what keeps the least or the most of two values as such."""
    *others, last = condition.parts if is_do(condition, "and") else (condition,)
    if not is_do(last, "<", "<="):
        return None
    low, high = last.parts
    if {then, otherwise} == {low, high} and not others:
        return Term("call", "least" if then == low else "most", (low, high))
    if then.word != "set" or set(then.parts) != {low, high}:
        return None
    target, value = then.parts
    if target.word in {"number", "text"}:
        return None
    kept = Term("call", "least" if value == low else "most", (target, value))
    found = Term("set", "", (target, kept))
    if others:
        return Term("if", "", (joined("and", others), found, otherwise))
    return steps(found, otherwise)


_RULES: dict[str, Callable[[Term], Term]] = {
    "do": _do,
    "call": _call,
    "member": _member,
    "set": _set,
    "steps": _steps,
    "if": _if,
    "each": loops.each,
    "loop": loops.loop,
}
