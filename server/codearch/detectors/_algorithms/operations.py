"""One form for operations: `n <= k - 1` is `n < k`, `x >> 3` is `x / 8`, `x & 7` is `x % 8`."""

from __future__ import annotations

import operator as operators
from typing import TYPE_CHECKING

from codearch.detectors._algorithms.terms import (
    COMPARED,
    NOTHING,
    Term,
    do,
    is_do,
    negated,
    number,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_LARGEST_SHIFT = 62
_WIDTHS = frozenset({8, 16, 32, 64})
_ALL_ONES = frozenset({-1.0, 2.0**32 - 1, 2.0**16 - 1, 2.0**8 - 1})
_COMMUTE = frozenset({"+", "*", "&", "|", "^"})
_FOLDED: dict[str, Callable[[float, float], float]] = {
    "+": operators.add, "-": operators.sub, "*": operators.mul,
}  # fmt: skip
_RANGES = {("0", "9"): "digit", ("a", "z"): "small", ("A", "Z"): "capital"}
_TAKEN_APART = 12  # elements of a list in which something is looked for
_TO_THE_RIGHT = frozenset({"number", "text", "nothing", "truth"})
_AS_ZERO = frozenset({Term("text", ""), Term("text", "\0")})
_ONE_LESS = {  # `a + 1 <= b` is `a < b`: by what is done to the one side and how both compare
    ("left", "+", "<="): "<", ("left", "-", "<"): "<=",
    ("right", "-", "<="): "<", ("right", "+", "<"): "<=",
}  # fmt: skip


def operation(operator: str, parts: tuple[Term, ...]) -> Term:
    """Return an operation on normal operands in its normal form."""
    if operator in {"and", "or"}:
        return joined(operator, parts)
    if operator == "not":
        return opposite(parts[0])
    if operator == "in":
        return _looked_for(*parts)
    return parts[0] if operator == "??" else _computed(operator, parts)


def _computed(operator: str, parts: tuple[Term, ...]) -> Term:
    if len(parts) != 2:
        negative = operator == "minus" and parts[0].word == "number"
        return number(-float(parts[0].value)) if negative else do(operator, *parts)
    if operator in {"==", "!="}:
        return _equal(operator, *parts)
    if operator in COMPARED:
        return _compared(operator, *parts)
    return arithmetic(operator, *parts)


def joined(operator: str, parts: Iterable[Term]) -> Term:
    """Return conditions of which all, or any, hold."""
    flat: list[Term] = []
    for each in parts:
        flat += each.parts if is_do(each, operator) else [each]
    flat = [each for each in flat if each.word != "truth"] or flat[:1]
    flat = _of_a_kind(flat) if operator == "and" else flat
    return flat[0] if len(flat) == 1 else do(operator, *flat)


def _of_a_kind(parts: list[Term]) -> list[Term]:
    """Return conditions, two that ask whether a character lies between others as one."""
    found: list[Term] = []
    for each in parts:
        before = found[-1] if found else NOTHING
        if is_do(each, "<=") and is_do(before, "<=") and before.parts[1] == each.parts[0]:
            ends = str(before.parts[0].value), str(each.parts[1].value)
            if before.parts[0].word == "text" and ends in _RANGES:
                found[-1] = Term("call", _RANGES[ends], (each.parts[0],))
                continue
        found.append(each)
    return found


def opposite(inner: Term) -> Term:
    """Return what holds where a condition does not."""
    return Term("truth", not inner.value) if inner.word == "truth" else negated(inner)


def _looked_for(wanted: Term, collection: Term) -> Term:
    """Return `x in (a, b)` as comparisons, anything else as a question to the collection."""
    elements = collection.parts if collection.word == "list" else ()
    if collection.word == "text":
        elements = tuple(Term("text", each) for each in str(collection.value))
    if 0 < len(elements) <= _TAKEN_APART:
        return joined("or", (do("==", wanted, each) for each in elements))
    return Term("call", "has", (collection, wanted))


def _compared(operator: str, left: Term, right: Term) -> Term:
    for side, each in (("left", left), ("right", right)):
        if is_do(each, "+", "-") and each.parts[1] == number(1):
            other = _ONE_LESS.get((side, str(each.value), operator))
            if other is not None:
                left, right = (each.parts[0] if one is each else one for one in (left, right))
                return _compared(other, left, right)
    if is_do(right, "-") and right.parts[1] == number(1):  # a < b - 1
        return do(operator, arithmetic("+", left, number(1)), right.parts[0])
    if _is_whole(left) and operator == "<=":  # 1 <= n: 0 < n
        operator, left = "<", number(float(left.value) - 1)
    if operator == "<" and left == number(0):
        return do("!=", right, number(0))
    if _is_whole(right) and operator == "<":
        return do("<=", left, number(float(right.value) - 1))
    return do(operator, left, right)


def _is_whole(term: Term) -> bool:
    return term.word == "number" and float(term.value).is_integer()


def _equal(operator: str, left: Term, right: Term) -> Term:
    if left.word in _TO_THE_RIGHT and left.word != right.word:
        left, right = right, left
    if right.word == "truth":
        return left if (operator == "==") == bool(right.value) else negated(left)
    if is_do(left, "%") and left.parts[1] == number(2) and right == number(1):
        return do("!=" if operator == "==" else "==", left, number(0))
    return do(operator, left, number(0) if right in _AS_ZERO else right)


def arithmetic(operator: str, left: Term, right: Term) -> Term:
    """Return an operation on two values."""
    if left.word == right.word == "number" and operator in _FOLDED:
        return number(_FOLDED[operator](float(left.value), float(right.value)))
    if operator == "*" and "list" in (left.word, right.word):
        return Term("list")  # of some size
    if left.word == "number" and operator in _COMMUTE:
        left, right = right, left
    if operator == "-" and right == Term("text", "0"):
        return Term("call", "parsed", (left,))
    if right.word == "number" and (rule := _BY_NUMBER.get(operator)):
        return rule(operator, left, float(right.value)) or do(operator, left, right)
    return power(left, right) if operator == "**" else do(operator, left, right)


def _shifted(operator: str, left: Term, value: float) -> Term | None:
    if not 0 <= value <= _LARGEST_SHIFT:
        return None
    if value == 0:
        return left
    return arithmetic("*" if operator == "<<" else "/", left, number(2**value))


def _flipped(_operator: str, left: Term, value: float) -> Term | None:
    return do("~", left) if value in _ALL_ONES else None


def _masked(_operator: str, left: Term, value: float) -> Term | None:
    if value <= 0 or not value.is_integer() or int(value) & (int(value) + 1):
        return None
    return left if int(value).bit_length() in _WIDTHS else do("%", left, number(value + 1))


def _added(operator: str, left: Term, value: float) -> Term | None:
    if value == 0:
        return left
    value = value if operator == "+" else -value
    if is_do(left, "+", "-") and left.parts[1].word == "number":
        value += float(left.parts[1].value) * (1 if left.value == "+" else -1)
        left = left.parts[0]
    if value == 0:
        return left
    return do("+" if value > 0 else "-", left, number(abs(value)))


def power(base: Term, exponent: Term) -> Term:
    """Return a power; squares are products."""
    if exponent == number(2):
        return do("*", base, base)
    if exponent == number(0.5):
        return Term("call", "root", (base,))
    return Term("call", "power", (base, exponent))


_BY_NUMBER: dict[str, Callable[[str, Term, float], Term | None]] = {
    "<<": _shifted, ">>": _shifted, "^": _flipped, "&": _masked, "+": _added, "-": _added,
    "**": lambda _operator, left, value: power(left, number(value)),
    "|": lambda _operator, left, value: None if value else left,
}  # fmt: skip
