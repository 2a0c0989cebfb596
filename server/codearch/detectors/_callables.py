"""Questions about functions that several rules ask."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from codearch.facts import CALLABLE_KINDS, TYPE_KINDS, FileFacts, Metrics, SymbolFact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import FileView

MARGIN = 1.25  # up to so many times a limit it is a matter of taste: said, with less severity
NOTABLE = 2  # times a limit: below, what reviewers act on is rare (docs/measurements-debt.md)
CONSTRUCTOR_NAMES = frozenset({"__init__", "__new__", "constructor", "new"})


def measured(facts: FileFacts) -> Iterator[tuple[int, SymbolFact, Metrics]]:
    """Yield index, symbol and metrics of each function, method and macro that has a body."""
    for index, symbol in enumerate(facts.symbols):
        if symbol.kind in CALLABLE_KINDS and symbol.metrics is not None:
            yield index, symbol, symbol.metrics


def hardly(measure: float, limit: float) -> bool:
    """Say whether a measure is so little beyond its limit that it may as well be left."""
    return measure <= MARGIN * limit


def is_notable(measure: float, limit: float) -> bool:
    """Say whether a measure is so far beyond its limit that reviewers of a commit act on it."""
    return measure >= NOTABLE * limit


def holds_functions(facts: FileFacts, index: int) -> bool:
    """Say whether functions or types are defined directly inside a function."""
    return any(symbol.parent == index for symbol in facts.symbols)


def code_lines_of_its_own(facts: FileFacts, index: int) -> int:
    """Return a function's code lines without those of the functions defined inside it."""
    own = facts.symbols[index].metrics
    inner = sum(
        _code_lines_below(facts, child)
        for child, symbol in enumerate(facts.symbols)
        if symbol.parent == index
    )
    return (own.code_lines if own else 0) - inner


def _code_lines_below(facts: FileFacts, index: int) -> int:
    """Return the code lines of a function, or of all functions in a type."""
    metrics = facts.symbols[index].metrics
    if metrics is not None:
        return metrics.code_lines
    return sum(
        _code_lines_below(facts, child)
        for child, symbol in enumerate(facts.symbols)
        if symbol.parent == index
    )


_LISTED_LINE = re.compile(  # a literal, a bracket, `name: value`, `Type{...}`, a link of a chain
    rb"""\s*(?:[-+\d"'\[\](){}]|\.?[\w$]+\s*:\s|&?[A-Z][\w.]*[{(]|\.[\w$]+\s*[(!<{])"""
    rb""".*[,\[\](){};|]\s*(?:(?://|\#).*)?$"""
)
_LINES_A_BRANCH = 20  # a list may have a branch now and then


def is_a_list(file: FileView, symbol: SymbolFact, share: float = 0.45) -> bool:
    """Say whether most lines of a function are literals or links of a chain: a table, a builder."""
    if symbol.metrics is None or not _seldom_branches(symbol.metrics):
        return False
    lines = file.source[symbol.body_byte : symbol.span.end_byte].splitlines()
    listed = sum(1 for line in lines if _LISTED_LINE.match(line))
    return listed >= share * symbol.metrics.code_lines


def _seldom_branches(metrics: Metrics) -> bool:
    return metrics.cyclomatic <= max(5, metrics.code_lines // _LINES_A_BRANCH)


def repeats_one_call(facts: FileFacts, index: int, share: float = 0.6) -> bool:
    """Say whether most lines of a function call the same function or object: a list as code.

    So look builders, registrations of routes or options, and tables of test cases.
    """
    symbol = facts.symbols[index]
    if symbol.metrics is None or not _seldom_branches(symbol.metrics):
        return False
    lines: Counter[str] = Counter()
    counted: set[tuple[str, int]] = set()
    for call in facts.calls:
        if call.caller != index or call.kind == "reference":
            continue
        root = call.receiver.partition(".")[0].partition("(")[0] or call.name
        if (root, call.span.line) not in counted:
            counted.add((root, call.span.line))
            lines[root] += 1
    most = max(lines.values(), default=0)
    return most >= share * symbol.metrics.code_lines


def enclosing_type(facts: FileFacts, symbol: SymbolFact) -> SymbolFact | None:
    """Return the type that a method is directly in, or the `impl` block."""
    parent = facts.symbols[symbol.parent] if symbol.parent >= 0 else None
    if parent is not None and (parent.kind in TYPE_KINDS or parent.kind == "impl"):
        return parent
    return None


def is_constructor(facts: FileFacts, symbol: SymbolFact) -> bool:
    """Say whether a function makes an object: by its name, or as Go names such functions."""
    if facts.language == "go" and symbol.name.startswith(("New", "new")):
        return True
    owner = enclosing_type(facts, symbol)
    owner_name = owner.name if owner else symbol.container.rpartition(".")[2]
    return symbol.name in CONSTRUCTOR_NAMES or (bool(owner_name) and symbol.name == owner_name)
