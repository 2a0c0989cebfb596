"""What belongs to a class: its methods, wherever in the file they stand, and its fields."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codearch.detectors._callables import CONSTRUCTOR_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import FileView
    from codearch.facts import FileFacts, SymbolFact, Use

CLASS_KINDS = frozenset({"class", "struct", "record", "enum", "union"})
ACCESSOR_LINES = 4  # of code: header, one statement, closing brace, and one to spare
_ACCESSOR = re.compile(r"(?:get|set|is|has|with|can|add|to|as)(?=[A-Z_]|$)")
_OPERATOR = re.compile(r"operator\b|__\w+__$")
_DECLARES_ELSEWHERE = frozenset({"typescript", "java", "csharp"})  # without a body: abstract
_SELF = r"(?:self|this|cls)"
_GO_RECEIVER = re.compile(r"func\s*\(\s*(\w+)\s+\*?")
_FIRST_OF_C = re.compile(
    r"\(\s*(?:const\s+)?(?:struct\s+)?(\w+)\s*(?:const\s*)?\*\s*(?:const\s+)?\w+"
)
_GIVEN = re.compile(r"(?i)@override\b|\boverride\b|\[override")


@dataclass(frozen=True, slots=True)
class Members:
    """One class with what it consists of; `methods` and `accessors` index the file's symbols.

    Methods of one name count once, and what a base type asks for is neither.
    """

    index: int
    symbol: SymbolFact
    methods: tuple[int, ...]
    accessors: tuple[int, ...]
    fields: frozenset[str]
    lines: int  # of code in the methods


@dataclass(frozen=True, slots=True)
class Group:
    """Methods that share fields or call each other; `uses` has the fields that each one uses."""

    methods: tuple[int, ...]
    fields: frozenset[str]
    uses: tuple[frozenset[str], ...]


def classes(file: FileView) -> Iterator[Members]:
    """Yield the classes of a file, in the order of the source."""
    facts = file.facts
    owned = _methods(facts)
    fields = _fields(facts) if owned else {}
    for index in sorted(owned):
        symbol = facts.symbols[index]
        named: dict[str, int] = {}
        accessors: list[int] = []
        lines = 0
        for each in owned[index]:
            method = facts.symbols[each]
            lines += method.metrics.code_lines if method.metrics else 1
            if facts.language in _DECLARES_ELSEWHERE and method.metrics is None:
                continue
            if (
                _is_given(facts, method)
                or _is_left_open(file, method)
                or _is_construction(symbol, method)
            ):
                continue
            if _is_accessor(facts, method):
                accessors.append(each)
            elif method.name not in named or method.metrics is not None:
                named[method.name] = each
        yield Members(
            index,
            symbol,
            tuple(named.values()),
            tuple(accessors),
            frozenset(fields.get(index, ())),
            lines,
        )


def _methods(facts: FileFacts) -> dict[int, list[int]]:
    """Return the methods of each class, also those that are defined outside of it."""
    by_name = {
        f"{each.container}.{each.name}" if each.container else each.name: index
        for index, each in enumerate(facts.symbols)
        if each.kind in CLASS_KINDS
    }
    found: dict[int, list[int]] = {}
    if not by_name:
        return found
    for index, each in enumerate(facts.symbols):
        owner = None
        if each.kind == "method":
            parent = facts.symbols[each.parent] if each.parent >= 0 else None
            inside = parent is not None and parent.kind in CLASS_KINDS
            owner = each.parent if inside else by_name.get(each.container)
        elif each.kind == "function" and facts.language == "c" and each.metrics is not None:
            first = _FIRST_OF_C.search(each.signature)
            owner = by_name.get(first.group(1)) if first else None
        if owner is not None:
            found.setdefault(owner, []).append(index)
    return found


def _fields(facts: FileFacts) -> dict[int, set[str]]:
    """Return the names of the fields of each class."""
    found: dict[int, set[str]] = {}
    for each in facts.definitions:
        if each.kind == "field" and each.symbol < 0 and not each.name.isupper():
            scope = facts.scopes[each.scope]
            while scope.symbol < 0 and scope.parent >= 0:
                scope = facts.scopes[scope.parent]
            if scope.symbol >= 0:
                found.setdefault(scope.symbol, set()).add(each.name)
    return found


def _is_given(facts: FileFacts, method: SymbolFact) -> bool:
    """Say whether a base type asks for a method."""
    parent = facts.symbols[method.parent] if method.parent >= 0 else None
    if parent is not None and parent.kind == "impl" and parent.bases:
        return True
    return bool(_GIVEN.search(method.signature)) or any(
        _GIVEN.search(each if each.startswith(("@", "[")) else f"@{each}")
        for each in method.decorators
    )


def _is_left_open(file: FileView, method: SymbolFact) -> bool:
    """Say whether a method only says what those that inherit are to do."""
    metrics = method.metrics
    if metrics is None or metrics.cyclomatic > 1 or metrics.code_lines > ACCESSOR_LINES:
        return False
    return b"NotImplemented" in file.source[method.body_byte : method.span.end_byte]


def _is_construction(owner: SymbolFact, method: SymbolFact) -> bool:
    return method.name in CONSTRUCTOR_NAMES or method.name in {owner.name, f"~{owner.name}"}


def _is_accessor(facts: FileFacts, method: SymbolFact) -> bool:
    """Say whether a method gives or takes one value, or is what an operator calls."""
    if _OPERATOR.match(method.name):
        return True
    metrics = method.metrics
    named = _ACCESSOR.match(method.name) is not None
    if metrics is None:
        return named and len(method.parameters) <= 1
    if metrics.cyclomatic > 1 or metrics.code_lines > ACCESSOR_LINES:
        return False
    is_property = (facts.language == "csharp" and "(" not in method.signature) or any(
        "property" in each or each.endswith(".setter") for each in method.decorators
    )
    return is_property or named or _gives_a_value(facts, method)


def _gives_a_value(facts: FileFacts, method: SymbolFact) -> bool:
    """Say whether a method of one line gives a field or a constant."""
    takes = [each for each in method.parameters if each.name not in {"self", "&self", "cls"}]
    return not takes and not any(
        method.span.start_byte <= each.span.start_byte < method.span.end_byte
        for each in facts.calls
    )


def groups(file: FileView, members: Members) -> list[Group]:
    """Return the methods that share fields or call each other, the largest group first."""
    facts = file.facts
    names = {facts.symbols[each].name: each for each in (*members.accessors, *members.methods)}
    home = {each: each for each in (*members.methods, *members.accessors)}

    def root(at: int) -> int:
        while home[at] != at:
            home[at] = home[home[at]]
            at = home[at]
        return at

    read = sorted(facts.uses, key=lambda each: each.start_byte)
    uses: dict[int, frozenset[str]] = {}
    first: dict[str, int] = {}
    for each in members.methods:
        found = _names_of_self(file, each, read)
        uses[each] = frozenset(found & members.fields)
        for name in uses[each]:
            home[root(each)] = root(first.setdefault(name, each))
        for name in found & names.keys():
            home[root(each)] = root(names[name])
    together: dict[int, list[int]] = {}
    for each in members.methods:
        together.setdefault(root(each), []).append(each)
    result = [
        Group(
            tuple(some),
            frozenset(name for each in some for name in uses[each]),
            tuple(uses[each] for each in some),
        )
        for some in together.values()
    ]
    return sorted(result, key=lambda one: (-len(one.methods), one.methods))


def _names_of_self(file: FileView, method: int, read: list[Use]) -> set[str]:
    """Return the names that a method asks its own object for, with or without saying `this`."""
    facts, symbol = file.facts, file.facts.symbols[method]
    text = file.text(symbol.span)
    receiver = _GO_RECEIVER.match(symbol.signature)
    own = re.escape(receiver.group(1)) if receiver else _SELF
    if facts.language == "c" and symbol.parameters:
        own = re.escape(symbol.parameters[0].name.lstrip("*& "))
    found = set(re.findall(rf"(?<![\w.]){own}\s*(?:\.|->|\?\.)\s*#?(\w+)", text))
    if facts.language in _BARE:
        first, last = (
            bisect_left(read, byte, key=lambda each: each.start_byte)
            for byte in (symbol.span.start_byte, symbol.span.end_byte)
        )
        found |= {
            each.name
            for each in read[first:last]
            if each.definition < 0 or facts.definitions[each.definition].kind in _OWN
        }
        found |= {each.name for each in facts.calls if each.caller == method and not each.receiver}
    return found


_BARE = frozenset({"java", "csharp", "cpp"})  # `x` may be a field of `this`
_OWN = frozenset({"field", "function"})
