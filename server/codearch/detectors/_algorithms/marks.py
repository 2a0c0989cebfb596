"""What a function is recognised by: its operations with what they are done to, constants, calls."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from codearch.detectors._algorithms.terms import (
    COMPARED,
    DONE,
    NOTHING,
    Term,
    is_do,
    listed,
    negated,
    number,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_COMMUTE = frozenset({"+", "*", "&", "|", "^", "==", "!=", "swap", "least", "most"})
_DEEPEST_LABEL = 6
_UNTOLD = frozenset({"null", "err", "ok"})


def marks(function: Term) -> Counter[str]:
    """Return the marks of a function in its normal form, with how often each stands in it."""
    return _Marker(function).marks


class _Marker:
    """Gathers the marks of one function."""

    def __init__(self, function: Term) -> None:
        self.marks: Counter[str] = Counter()
        self.given: dict[str, list[Term]] = {}  # what variables are set to
        self.elements: set[str] = set()
        self.indexes: set[str] = set()
        self.pointers: set[str] = set()
        self.texts: set[str] = set()
        self.parameters: set[str] = set()
        self._look(function)
        self._visit(function.parts[1] if function.word == "function" else function)

    # --- variables ----------------------------------------------------------------------------

    def _look(self, function: Term) -> None:
        """Note what the variables are."""
        pending = [function]
        while pending:
            here = pending.pop()
            if here.word == "function":
                self.parameters |= {str(each.value) for each in here.parts[0].parts}
            elif here.word == "each":
                self._look_at_each(here)
            elif here.word == "count":
                self.indexes |= {str(each.value) for each in listed(here.parts[0])}
            elif here.word == "set":
                self._look_at_set(*here.parts)
            elif here.word == "at" and here.value == "pointer":
                inner = here.parts[0]
                inner = inner.parts[0] if inner.word == "set" else inner
                self.pointers.add(str(inner.value))
            pending += here.parts
        for name, values in self.given.items():
            moved = [each for each in values if is_do(each, "+", "-")]
            own = [each for each in moved if str(each.parts[0].value) == name]
            by_one = own and all(each.parts[1] == number(1) for each in own)
            if by_one and len(values) - len(own) <= 1 and name not in self.parameters:
                self.indexes.add(name)

    def _look_at_each(self, each: Term) -> None:
        targets = listed(each.parts[0])
        iterable = each.parts[1]
        numbered = iterable.word == "call" and iterable.value == "numbered"
        for place, target in enumerate(targets):
            for one in listed(target):
                first = (numbered or each.value == "numbered") and place == 0 and len(targets) > 1
                (self.indexes if first else self.elements).add(str(one.value))

    def _look_at_set(self, target: Term, value: Term) -> None:
        if target.word == "name":
            self.given.setdefault(str(target.value), []).append(value)
            if value.word == "text":
                self.texts.add(str(target.value))
        elif target.word == "list":
            for each in target.parts:
                self.given.setdefault(str(each.value), []).append(NOTHING)

    def _label(self, term: Term, depth: int = 0) -> str:
        """Return what an operand is, in a word."""
        if term.word == "name":
            return self._label_of_name(str(term.value), depth)
        if term.word == "member":
            return "e" if self._label(term.parts[0], depth + 1) == "e" else "x"
        if term.word == "call":
            name = str(term.value)
            return "x" if name == "size" else "()" if name.startswith(".") else f"{name}()"
        label = _LABELS.get(term.word)
        return label(term) if label else "x"

    def _label_of_name(self, name: str, depth: int) -> str:
        if name in self.elements:
            return "e"
        if name in self.indexes:
            return "i"
        values = self.given.get(name, [])
        if len(values) != 1 or name in self.parameters or depth >= _DEEPEST_LABEL:
            return "x"
        return self._label(values[0], depth + 1) if values[0] != NOTHING else "x"

    # --- marks --------------------------------------------------------------------------------

    def _visit(self, term: Term) -> None:
        visit = getattr(self, f"_visit_{term.word}", None)
        if visit is not None:
            visit(term)
        else:
            self._all(term.parts)

    def _all(self, terms: Iterable[Term]) -> None:
        for each in terms:
            self._visit(each)

    def _visit_number(self, term: Term) -> None:
        self.marks[f"number {_written(term)}"] += 1

    def _visit_text(self, term: Term) -> None:
        if term.value:
            self.marks[f"text {term.value}"] += 1

    def _visit_do(self, term: Term) -> None:
        if term.value in {"and", "or", "not"} or term.value in COMPARED:
            self._asked(term)
            return
        self._operation(str(term.value), term.parts)
        self._all(term.parts)

    def _operation(self, name: str, parts: Iterable[Term]) -> None:
        labels = [self._label(each) for each in parts]
        if name in _COMMUTE:
            labels.sort()
        self.marks[" ".join(("do", name, *labels))] += 1

    def _asked(self, condition: Term) -> None:
        """Mark a condition as it is where what is to be done is done."""
        if is_do(condition, "and", "or"):
            for each in condition.parts:
                self._asked(each)
            return
        turned = is_do(condition, "not")
        inner = condition.parts[0] if turned else condition
        if is_do(inner, *COMPARED):
            self._comparison(str(inner.value), *inner.parts)
            return
        label = self._label(inner)
        if label not in _UNTOLD and inner.word != "truth":
            operands = " ".join(sorted(("0", label)))
            self.marks[f"if {'==' if turned else '!='} {operands}"] += 1
            self.marks["number 0"] += 1
        self._visit(inner)

    def _comparison(self, operator: str, left: Term, right: Term) -> None:
        if NOTHING in (left, right):
            return
        labels = [self._label(left), self._label(right)]
        if operator in {"==", "!="}:
            labels.sort()
        elif labels == ["e", "e"]:
            labels = self._ordered(left, right)
        self.marks[" ".join(("if", operator, *labels))] += 1
        self._all((left, right))

    def _ordered(self, left: Term, right: Term) -> list[str]:
        """Return the labels of two elements: which is the later one, or the one kept aside."""
        first, second = _offset(left), _offset(right)
        if first and second and first[0] == second[0] and first[1] != second[1]:
            return ["e", "e+"] if first[1] < second[1] else ["e+", "e"]
        return ["e*" if self._is_kept(each) else "e" for each in (left, right)]

    def _is_kept(self, element: Term) -> bool:
        """Say whether an element is no longer the one that a loop has come to."""
        if element.word != "at":
            return element.word == "name"
        place = element.parts[1]
        return place.word == "name" and str(place.value) not in self.indexes

    def _visit_if(self, term: Term) -> None:
        condition, then, otherwise = term.parts
        if (otherwise == DONE and _leaves(then)) or (
            otherwise != DONE and is_do(condition, "!=") and not _leaves(then)
        ):
            condition = negated(condition)
        self._asked(condition)
        self._all((then, otherwise))

    def _visit_loop(self, term: Term) -> None:
        condition = term.parts[1]
        if condition.word == "at" or (
            condition.word == "set" and is_do(condition.parts[1], "-", "+")
        ):
            self.marks["each"] += 1
        elif condition not in (NOTHING, Term("truth", True)):
            self.marks["while"] += 1
            self._asked(condition)
        else:
            self.marks["while"] += 1
        self._visit(term.parts[3])

    def _visit_each(self, term: Term) -> None:
        self.marks["each"] += 1
        self._all(term.parts[1:])

    def _visit_count(self, term: Term) -> None:
        _, start, end, step, body = term.parts
        self.marks["each"] += 1
        if start not in (NOTHING, number(0)):
            self.marks[f"from {self._label(start)}"] += 1
            self._visit(start)
        if term.value:
            self.marks["down"] += 1
        if end.word in {"do", "number"} or start not in (NOTHING, number(0)):
            self.marks[f"to {self._end(end)}"] += 1
            self._visit(end)
        if step != number(1):
            self.marks[f"step {self._label(step)}"] += 1
            self._visit(step)
        self._visit(body)

    def _end(self, end: Term) -> str:
        """Return where a loop ends, an operation with what it is done to."""
        if end.word == "do":
            return " ".join((str(end.value), *map(self._label, end.parts)))
        return self._label(end)

    def _visit_set(self, term: Term) -> None:
        target, value = term.parts
        if target.word == "name" and str(target.value) in self.pointers:
            return
        if target.word in {"at", "member"}:
            self.marks["store"] += 1
            self._all(target.parts)
        if value.word in {"number", "text", "truth"}:
            self.marks[f"set {self._label(value)}"] += 1
        if is_do(value, "+") and value.parts[0] == target and self._is_text(target, value.parts[1]):
            self.marks["call add"] += 1
            self._visit(value.parts[1])
            return
        self._visit(value)

    def _is_text(self, target: Term, added: Term) -> bool:
        return str(target.value) in self.texts or added.word == "text"

    def _visit_call(self, term: Term) -> None:
        name = str(term.value)
        if name in {"size", "numbered", "formatted", "joined"}:
            self._all(term.parts)
            return
        if name in {"least", "most", "swap", "power", "/"}:
            self._operation(name, term.parts)
        else:
            self.marks[f"call {name}"] += 1
        self._all(term.parts)

    def _visit_at(self, term: Term) -> None:
        self.marks["at"] += 1
        self._all(term.parts[:1] if term.value else term.parts)

    def _visit_slice(self, term: Term) -> None:
        self.marks["part"] += 1
        self._all(term.parts)

    def _visit_member(self, term: Term) -> None:
        self.marks[f"member {str(term.value).strip('_').lower()}"] += 1
        self._all(term.parts)

    def _visit_return(self, term: Term) -> None:
        if term.parts and term.parts[0].word == "truth":
            self.marks[f"return {term.parts[0].value}"] += 1
        self._all(term.parts)

    def _visit_function(self, term: Term) -> None:
        self._visit(term.parts[1])


def _leaves(term: Term) -> bool:
    """Say whether a branch does nothing but leave."""
    if term.word == "return":
        return (
            not term.parts or term.parts[0].word in {"truth", "nothing"} or _is_asked(term.parts[0])
        )
    return term.word == "leave"


def _is_asked(term: Term) -> bool:
    return is_do(term, "and", "or", "not", *COMPARED)


def _written(term: Term) -> str:
    value = float(term.value)
    return str(int(value)) if value.is_integer() else repr(value)


def _offset(term: Term) -> tuple[Term, float] | None:
    if term.word != "at":
        return None
    place = term.parts[1]
    if is_do(place, "+", "-") and place.parts[1].word == "number":
        distance = float(place.parts[1].value)
        return place.parts[0], distance if place.value == "+" else -distance
    return place, 0.0


_LABELS: dict[str, Callable[[Term], str]] = {
    "number": _written,
    "text": lambda term: f"'{term.value}'",
    "at": lambda _term: "e",
    "do": lambda term: str(term.value),
    "truth": lambda term: str(term.value),
    "nothing": lambda _term: "null",
    "if": lambda _term: "?",
    "list": lambda _term: "[]",
}
