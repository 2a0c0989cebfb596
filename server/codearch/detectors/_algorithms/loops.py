"""One form for loops: those that count are told apart from those that go through elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._algorithms.operations import arithmetic
from codearch.detectors._algorithms.terms import NOTHING, Term, is_do, listed, number, steps

if TYPE_CHECKING:
    from collections.abc import Iterable

# A loop that counts is `count`, "" or "down": what counts, from, to (exclusive), step, body.


def each(term: Term) -> Term:
    """Return a loop over elements; one over a range counts."""
    target, iterable, body = term.parts
    if iterable.word == "range" and target.word != "list":
        return _over_range(target, iterable, body)
    if iterable.word == "call" and iterable.value == "turned" and len(iterable.parts) == 1:
        inner = iterable.parts[0]
        if inner.word == "range":
            return Term("count", "down", (target, *inner.parts, body))
    if term.value == "numbered" and target.word != "list":  # Go's `for i := range xs`
        size = Term("call", "size", (iterable,))
        return Term("count", "", (target, number(0), size, number(1), body))
    return term


def _over_range(target: Term, iterable: Term, body: Term) -> Term:
    start, end, step = iterable.parts
    if step.word == "number" and float(step.value) < 0:  # from the last, down to behind the end
        low, high = (arithmetic("+", one, number(1)) for one in (end, start))
        return Term("count", "down", (target, low, high, number(-float(step.value)), body))
    if iterable.value:
        end = arithmetic("+", end, number(1))
    return Term("count", "", (target, start, end, step, body))


def loop(term: Term) -> Term:
    """Return a loop with a condition; what it does after each round is the end of its body."""
    before, condition, update, body = term.parts
    if before == NOTHING and update == NOTHING:
        return _counting_body(condition, body) or term
    found = _count(before, condition, update, body)
    if found is not None:
        return found
    again = steps(body, update) if update != NOTHING else body
    found = Term("loop", term.value, (NOTHING, condition, NOTHING, again))
    return steps(before, found) if before != NOTHING else found


def _counting_body(condition: Term, body: Term) -> Term | None:
    """Return `while i < n: ...; i += 1` as a loop that counts."""
    if condition.word != "do" or body.word != "steps" or not body.parts:
        return None
    *others, last = body.parts
    if not _moves(last) or last.parts[0] != condition.parts[0]:
        return None
    if _is_set_in(others, last.parts[0]):
        return None
    return _count(NOTHING, condition, last, steps(*others))


def _moves(update: Term) -> bool:
    """Say whether a statement adds to a variable or takes from it."""
    if update.word != "set" or update.parts[0].word != "name":
        return False
    value = update.parts[1]
    return is_do(value, "+", "-") and value.parts[0] == update.parts[0]


def _is_set_in(terms: Iterable[Term], name: Term) -> bool:
    """Say whether statements set a variable, or go on with the next round."""
    pending = list(terms)
    while pending:
        here = pending.pop()
        if here.word == "set" and name in listed(here.parts[0]):
            return True
        if here == Term("leave", "continue"):
            return True
        pending += here.parts
    return False


def _count(before: Term, condition: Term, update: Term, body: Term) -> Term | None:
    """Return a loop that counts, None for any other."""
    if not _moves(update) or condition.word != "do" or len(condition.parts) != 2:
        return None
    index, moved = update.parts
    others = before.parts if before.word == "steps" else (before,)
    starts = [one for one in others if one.word == "set" and one.parts[0] == index]
    start = starts[0].parts[1] if starts else NOTHING
    up = moved.value == "+"
    ends = _upwards(index, condition) if up else _downwards(index, condition)
    if ends is None:
        return None
    if not up and start != NOTHING:
        start = arithmetic("+", start, number(1))
    low, high = (start, ends) if up else (ends, start)
    rest = tuple(one for one in others if one not in starts and one != NOTHING)
    found = Term("count", "" if up else "down", (index, low, high, moved.parts[1], body))
    return steps(*rest, found)


def _upwards(index: Term, condition: Term) -> Term | None:
    """Return where a loop ends that counts up."""
    left, right = condition.parts
    if not is_do(condition, "<", "<="):
        return None
    if is_do(left, "+") and left.parts[0] == index:  # i + 1 < n
        left, right = index, arithmetic("-", right, left.parts[1])
    if left != index:
        return None
    return right if condition.value == "<" else arithmetic("+", right, number(1))


def _downwards(index: Term, condition: Term) -> Term | None:
    """Return the last that a loop counts down to."""
    left, right = condition.parts
    if is_do(condition, "<", "<=") and right == index:
        return left if condition.value == "<=" else arithmetic("+", left, number(1))
    if is_do(condition, "!=") and left == index and right == number(0):
        return number(1)
    return None
