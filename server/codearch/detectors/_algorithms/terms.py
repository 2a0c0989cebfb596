"""The words in which functions of all languages are written down, and a few that build them.

| word | value | parts |
| --- | --- | --- |
| number, text, truth, nothing | the value | |
| name | the variable | |
| member | the member's name | what it is a part of |
| at | | a collection, the place in it |
| slice | | a collection, from, to |
| do | an operator: `+`, `<`, `and`, `not` | its operands |
| call | what is called | what it is called on, or `nothing`; arguments |
| list, map | | elements; keys and values in turn |
| range | "" or "to the end" | from, to, step |
| function | | parameters (a `list`), body |
| if | | condition, then, otherwise |
| loop | "first" or "last": when it tests | before, condition, update, body |
| each | | targets, what it goes through, body |
| set | "", or the operator of `a += b` | target, value |
| return, leave | "", `break`, `continue`, `raise` | the value |
| steps | | one after the other |
"""

from __future__ import annotations

from typing import NamedTuple


class Term(NamedTuple):
    """A piece of a function: what it is, and of what it is made."""

    word: str
    value: str | float | bool = ""
    parts: tuple[Term, ...] = ()


NOTHING = Term("nothing")
DONE = Term("steps")
LOGIC = frozenset({"and", "or", "not"})
COMPARED = frozenset({"<", "<=", "==", "!="})
_OPPOSITE = {"==": "!=", "!=": "=="}


def number(value: float) -> Term:
    """Return a number."""
    return Term("number", value)


def do(operator: str, *parts: Term) -> Term:
    """Return an operation."""
    return Term("do", operator, parts)


def call(name: str, *parts: Term) -> Term:
    """Return a call of a function on nothing."""
    return Term("call", name, (NOTHING, *parts))


def steps(*parts: Term) -> Term:
    """Return statements one after the other, as one list."""
    found: list[Term] = []
    for each in parts:
        found += each.parts if each.word == "steps" else [each]
    return found[0] if len(found) == 1 else Term("steps", "", tuple(found))


def is_do(term: Term, *operators: str) -> bool:
    """Say whether a term is one of these operations."""
    return term.word == "do" and term.value in operators


def listed(term: Term) -> tuple[Term, ...]:
    """Return the elements of a list, of anything else the term itself."""
    return term.parts if term.word == "list" else (term,)


def operation(operator: str, left: Term, right: Term) -> Term:
    """Return an operation; larger is smaller with its operands turned."""
    if operator in {">", ">="}:
        return do("<" if operator == ">" else "<=", right, left)
    if operator == "not in":
        return do("not", do("in", left, right))
    return do(operator, left, right)


def negated(term: Term) -> Term:
    """Return the condition that holds where this one does not."""
    if is_do(term, "not"):
        return term.parts[0]
    if is_do(term, "and", "or"):
        other = "or" if term.value == "and" else "and"
        return do(other, *map(negated, term.parts))
    if is_do(term, "==", "!="):
        return do(_OPPOSITE[str(term.value)], *term.parts)
    if is_do(term, "<", "<="):
        left, right = term.parts
        return do("<=" if term.value == "<" else "<", right, left)
    return do("not", term)
