"""Functions that take more arguments than a caller can keep in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._callables import enclosing_type, hardly, is_constructor
from codearch.detectors._detector import ALL_LANGUAGES, Draft, FileDetector, FileView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.facts import FileFacts, SymbolFact

RECEIVERS = frozenset({"self", "cls", "this", "&self", "&mut self", "mut self"})
PASSED_BY_NAME = frozenset({"c", "cpp", "go", "rust"})  # where a callback's signature is its user's

OPTIONAL_WEIGHT = 0.5  # of a parameter with a default: seldom passed, and then often by its name
_ONLY_BY_NAME = re.compile(r"(?<=[(,])\s*\*\s*,")

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
    limit = file.limits["parameters"]
    for index, symbol in enumerate(file.facts.symbols):
        if len(symbol.parameters) <= limit or symbol.kind not in {"function", "method"}:
            continue
        required, optional = _filled_in_by_order(symbol)
        if required + OPTIONAL_WEIGHT * optional <= limit or _signature_is_given(file, index):
            continue
        count = required + optional
        severity = 3 if count > 2 * limit else None
        if hardly(count, limit):
            severity = 1
        some = f", {optional} of them optional" if optional else ""
        yield Draft(
            span=file.first_line(symbol),
            message=(
                f"`{symbol.name}` takes {count} parameters{some} (limit {limit:g}): "
                "they are passed in the wrong order unnoticed; those that belong together can be "
                "one value"
            ),
            symbol=symbol,
            key="parameters",
            severity=severity,
        )


def _filled_in_by_order(symbol: SymbolFact) -> tuple[int, int]:
    """Count the required and the optional parameters that a caller may pass by their order.

    The receiver, `*args` and their like, and what follows a bare `*` are passed otherwise.
    """
    bare = _ONLY_BY_NAME.search(symbol.signature)
    by_order = symbol.signature[: bare.start()] if bare else symbol.signature
    required = optional = 0
    for parameter in symbol.parameters:
        if parameter.variadic and symbol.parameters[-1] is not parameter:
            break  # what follows Python's *args
        named = re.search(rf"(?<![\w$]){re.escape(parameter.name)}(?![\w$])", by_order)
        if parameter.variadic or parameter.name in RECEIVERS or not (parameter.name and named):
            continue
        if parameter.default or parameter.name.endswith("?"):
            optional += 1
        else:
            required += 1
    return required, optional


def _signature_is_given(file: FileView, index: int) -> bool:
    facts, symbol = file.facts, file.facts.symbols[index]
    if symbol.test or any(_GIVEN.search(decorator) for decorator in symbol.decorators):
        return True
    if _GIVEN_SIGNATURE.search(symbol.signature):
        return True
    if is_constructor(facts, symbol) and (symbol.metrics is None or symbol.metrics.cyclomatic <= 2):
        return True
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
    comments=False,
    in_tests=False,
    quiet="the signature that one has just written is hardly changed for its length",
    measures=True,
)
