"""Functions that take more arguments than a caller can keep in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._callables import enclosing_type, is_constructor
from codearch.detectors._detector import ALL_LANGUAGES, Draft, FileDetector, FileView
from codearch.facts import CALLABLE_KINDS, FileFacts, SymbolFact

if TYPE_CHECKING:
    from collections.abc import Iterator

RECEIVERS = frozenset({"self", "cls", "this", "&self", "&mut self", "mut self"})
PASSED_BY_NAME = frozenset({"c", "cpp", "go", "rust"})  # where a callback's signature is its user's

# The signature is given from outside: by a base type, a foreign caller, or a framework that makes
# arguments out of requests, options and fixtures.
_GIVEN = re.compile(
    r"(?i)\b(override|overload|command|option|argument|fixture|parametrize|route|get|post|put|patch"
    r"|delete|\w*mapping|http\w+|dllimport|unmanagedcallersonly|no_mangle|jsexport|wasm_bindgen|pyfunction"
    r"|callback|test|theory|memberdata|inlinedata)\b"
)
_GIVEN_SIGNATURE = re.compile(r"\boverride\b|\bextern\b|\bunsafe extern\b|\bWINAPI\b|\bJNICALL\b")


def check(file: FileView) -> Iterator[Draft]:
    """Yield one finding for each function that takes too many parameters by its own choice."""
    limit = int(file.limits["parameters"])
    for index, symbol in enumerate(file.facts.symbols):
        count = len(symbol.parameters)
        if count <= limit or symbol.kind not in CALLABLE_KINDS or symbol.kind == "macro":
            continue
        count = _own_parameters(symbol)
        if count <= limit or _signature_is_given(file, index):
            continue
        yield Draft(
            span=file.first_line(symbol),
            message=(
                f"`{symbol.name}` takes {count} parameters (limit {limit}); arguments that belong "
                "together can be one value, and the rest is easier to pass in the right order"
            ),
            symbol=symbol,
            key="parameters",
            severity=3 if count > 2 * limit else None,
        )


def _own_parameters(symbol: SymbolFact) -> int:
    """Count parameters that a caller fills in: neither the receiver nor `*args` and their like."""
    return sum(
        1
        for parameter in symbol.parameters
        if not parameter.variadic and parameter.name and parameter.name not in RECEIVERS
    )


def _signature_is_given(file: FileView, index: int) -> bool:
    facts, symbol = file.facts, file.facts.symbols[index]
    if symbol.test or any(_GIVEN.search(decorator) for decorator in symbol.decorators):
        return True
    if _GIVEN_SIGNATURE.search(symbol.signature):
        return True
    if is_constructor(facts, symbol):
        return symbol.metrics is None or symbol.metrics.cyclomatic <= 2
    if symbol.metrics is None and not _decides_for_others(facts, symbol):
        return True
    return _is_callback(facts, symbol) or _is_override(file, index)


def _decides_for_others(facts: FileFacts, symbol: SymbolFact) -> bool:
    """Say whether a bodiless function is where its signature is decided: in an interface."""
    owner = enclosing_type(facts, symbol)
    return owner is not None and owner.kind in {"interface", "trait"}


def _is_callback(facts: FileFacts, symbol: SymbolFact) -> bool:
    """Say whether the function is stored or passed by name: its user decides what it takes."""
    if facts.language not in PASSED_BY_NAME:
        return False
    return any(call.kind == "reference" and call.name == symbol.name for call in facts.calls)


def _is_override(file: FileView, index: int) -> bool:
    """Say whether a type that this method's type is built on has, or may have, the same method."""
    facts, symbol = file.facts, file.facts.symbols[index]
    owner = enclosing_type(facts, symbol)
    if owner is None or not owner.bases:
        return False
    if owner.kind == "impl":
        return True  # of a trait: nothing else stands in it
    names = tuple(parameter.name for parameter in symbol.parameters)
    for other in facts.symbols:
        if other is symbol or other.name != symbol.name or other.parent == symbol.parent:
            continue
        if names == tuple(parameter.name for parameter in other.parameters):
            return True
    return _overrides_elsewhere(file, symbol, owner)


def _overrides_elsewhere(file: FileView, symbol: SymbolFact, owner: SymbolFact) -> bool:
    """Say whether a base in another file of the workspace has a method of this name."""
    if file.project is None:
        return False
    owners = [each for each in file.project.symbols(file.path) if each.span == owner.span]
    waiting = [base for each in owners for base in file.project.bases(each.id)]
    seen: set[str] = set()
    while waiting:
        base = waiting.pop()
        if base.id in seen:
            continue
        seen.add(base.id)
        members = file.project.symbols(base.path)
        if any(each.parent == base.id and each.name == symbol.name for each in members):
            return True
        waiting += file.project.bases(base.id)
    return False


DETECTOR = FileDetector(
    id="many-parameters",
    category="complexity",
    severity=2,
    languages=ALL_LANGUAGES,
    summary="Functions that take more parameters than a caller can keep in order.",
    why=(
        "Long argument lists are passed in the wrong order without anybody noticing, and grow "
        "further. Constructors that only keep what they are given, overrides, callbacks and "
        "functions whose arguments a framework fills in (tests, routes, commands) are left alone."
    ),
    example="def draw(surface, x, y, width, height, colour, border, radius, shadow): ...",
    effort_hours=1.0,
    limits={"parameters": 7},
    check=check,
    beyond=True,
)
