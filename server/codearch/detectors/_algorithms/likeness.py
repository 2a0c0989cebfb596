"""What functions tell, and whether one does nearly, but not quite, what another one does."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from codearch.detectors._algorithms.weights import bits

if TYPE_CHECKING:
    from collections.abc import Iterable

_EXCHANGED = (  # operations of which one may stand where the other should
    frozenset({"<", "<="}), frozenset({"==", "!="}), frozenset({"least", "most"}),
    frozenset(["+", "-", "*", "/", "%", "^", "|", "&", "**", "<<", ">>"]),
)  # fmt: skip
_ARITHMETIC = frozenset(["+", "-", "*", "/", "%", "^", "|", "&"])
_BOUNDS = frozenset({"least", "most"})
_ORDERED = frozenset({"<", "<=", "-", "/", "%", "<<", ">>"})
_INDEX_NUMBERS = frozenset({"0", "1", "-1"})
_MASKS = frozenset(str(2**each - 1) for each in (8, 16, 32, 64))
_INDEXED = frozenset({"i", "x"})
_LEAST_OPERATIONS = 12.0  # what they tell
_MOST_ASKED = 4  # operations without a loop
_LOOPS = frozenset({"each", "while"})
_LONGEST_SIGN = 3
_INSTEAD = (  # roles of which one does not stand for another
    ("lower", "upper"), ("capital", "small", "digit", "letter"), ("up", "nearest"),
    ("begins", "ends"), ("sorted", "turned"), ("sine", "cosine", "tangent"),
)  # fmt: skip
_GROUP = {f"call {role}": number for number, roles in enumerate(_INSTEAD) for role in roles}


def weighted(marks: Counter[str]) -> dict[str, float]:
    """Return what each mark of a function tells, its operations also by themselves."""
    counts = Counter(marks)
    for mark, count in marks.items():
        kind, _, rest = mark.partition(" ")
        if kind in {"do", "if"}:
            counts[f"op {rest.split()[0]}"] += count
    return {mark: bits(mark) * _often(count) for mark, count in counts.items()}


def _often(count: int) -> float:
    return 1.0 + 0.5 * (min(count, 5) - 1)


def _is_common(mark: str) -> bool:
    value = mark.removeprefix("number ")
    return value in _INDEX_NUMBERS or value in _MASKS


def contradiction(one: Counter[str], other: Counter[str]) -> str:
    """Return what stands in the one where the other has something else; "" where nothing does."""
    ours, theirs = one - other, other - one
    found = _exchanged(
        (mark.removeprefix("number ") for mark in ours if _is_told_number(mark, other)),
        (mark.removeprefix("number ") for mark in theirs if _is_told_number(mark, one)),
    ) or _exchanged(
        (mark.removeprefix("text ") for mark in ours if _is_sign(mark, other)),
        (mark.removeprefix("text ") for mark in theirs if _is_sign(mark, one)),
    )
    if found:
        return found
    lacking = _lacking_operand(ours, other) or _lacking_operand(theirs, one)
    if lacking:
        return lacking
    for mark in ours:
        for against in theirs:
            if _contradict(mark, against):
                return f"{mark} / {against}"
    return ""


def is_algorithm(one: Counter[str], other: Counter[str]) -> bool:
    """Say whether two functions have operations in common that are more than a question."""
    common = one & other
    operations = [mark for mark in common if mark.startswith(("do ", "if "))]
    if sum(map(bits, operations)) < _LEAST_OPERATIONS:
        return False
    return not common.keys().isdisjoint(_LOOPS) or len(operations) >= _MOST_ASKED


def _exchanged(ours: Iterable[str], theirs: Iterable[str]) -> str:
    left, right = sorted(ours), sorted(theirs)
    return f"{left[0]} / {right[0]}" if left and right else ""


def _lacking_operand(marks: Iterable[str], other: Counter[str]) -> str:
    """Return a number that is computed with, or compared with, in one of two functions alone."""
    for mark in marks:
        kind, *labels = mark.split(" ")
        if kind in {"do", "if", "set"}:
            for label in labels:
                if _is_number(label) and _is_told_number(f"number {label}", other):
                    return label
    return ""


def _is_told_number(mark: str, other: Counter[str]) -> bool:
    return mark.startswith("number ") and not _is_common(mark) and mark not in other


def _is_sign(mark: str, other: Counter[str]) -> bool:
    return (
        mark.startswith("text ") and len(mark) <= len("text ") + _LONGEST_SIGN and mark not in other
    )


def _contradict(mark: str, against: str) -> bool:
    if mark in _GROUP and _GROUP.get(mark) == _GROUP.get(against):
        return True
    kind, *rest = mark.split(" ")
    other, *theirs = against.split(" ")
    if kind != other:
        return False
    if kind == "to" and _off_by_one(rest, theirs):
        return True
    if kind in {"from", "to", "step"}:
        return _one_number_differs(rest, theirs)
    if kind not in {"do", "if"}:
        return False
    return _another(rest[0], rest[1:], theirs[0], theirs[1:])


def _another(operator: str, labels: list[str], instead: str, others: list[str]) -> bool:
    """Say whether one operation stands where another one should."""
    if operator != instead:
        if frozenset((operator, instead)) == _BOUNDS:
            return True
        if not any({operator, instead} <= each for each in _EXCHANGED):
            return False
        if {operator, instead} == {"+", "-"} and "1" in labels and _INDEXED & {*labels}:
            return False  # a neighbour, or an end, as the one or the other counts
        return sorted(labels) == sorted(others)
    if operator in _ORDERED and labels != others and labels == others[::-1]:
        return True
    return _one_number_differs(labels, others) or _inner_differs(labels, others)


def _off_by_one(ours: list[str], theirs: list[str]) -> bool:
    shorter, longer = sorted((ours, theirs), key=len)
    return len(longer) == 3 and longer[0] in "+-" and "1" in longer and shorter[-1] in longer


def _one_number_differs(ours: list[str], theirs: list[str]) -> bool:
    if len(ours) != len(theirs):
        return False
    different = [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]]
    return len(different) == 1 and all(map(_is_number, different[0]))


def _inner_differs(ours: list[str], theirs: list[str]) -> bool:
    """Say whether one operand is computed by another operation."""
    if len(ours) != len(theirs):
        return False
    different = [set(pair) for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]]
    return len(different) == 1 and different[0] <= _ARITHMETIC


def _is_number(label: str) -> bool:
    return label.lstrip("-").replace(".", "", 1).isdigit()
