"""Functions with so many paths that nobody can follow or test them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._callables import hardly, holds_functions, is_notable, measured
from codearch.detectors._detector import ALL_LANGUAGES, Draft, FileDetector, FileView
from codearch.detectors._weights import weights, weights_without

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._weights import Weights
    from codearch.facts import Metrics, SymbolFact

C_FAMILY = frozenset({"c", "cpp"})
LEAST_NESTED = 0.3  # of the complexity: a list of guards or steps is long, and read line by line


class _Own(NamedTuple):
    """A function without what counts elsewhere."""

    symbol: SymbolFact
    cyclomatic: int
    cognitive: int
    code_lines: int
    heavy: Weights


def check(file: FileView) -> Iterator[Draft]:
    """Yield one finding for each function that both measures find complex, or one finds hopeless.

    A flat `switch` has many paths and reads like a table: cyclomatic complexity alone, which counts
    its cases, is not enough. Of a function only what one build reads counts, and nothing of the
    functions inside that are told themselves.
    """
    limit = int(file.limits["complexityC" if file.facts.language in C_FAMILY else "complexity"])
    told: list[SymbolFact] = []
    drafts: list[Draft] = []
    for index, symbol, metrics in reversed(list(measured(file.facts))):  # inner ones first
        alone = not holds_functions(file.facts, index)
        if not _worst(metrics.cyclomatic, metrics.cognitive, limit, alone=alone):
            continue
        own = _own(file, symbol, metrics, told)
        worst = _worst(own.cyclomatic, own.cognitive, limit, alone=alone)
        if worst:
            told.append(symbol)
            drafts.append(_draft(file, own, limit, worst))
    yield from reversed(drafts)


def _worst(cyclomatic: int, cognitive: int, limit: int, *, alone: bool) -> int:
    """Return how complex a function is, 0 where it may be.

    Where it is not `alone`, cognitive complexity counts those inside, which answer for themselves.
    """
    lower = min(cyclomatic, cognitive)
    hopeless = alone and cognitive > 2 * limit
    return max(lower, cognitive // 2) if hopeless else lower * (lower > limit)


def _own(file: FileView, symbol: SymbolFact, metrics: Metrics, told: list[SymbolFact]) -> _Own:
    start, end = symbol.span.start_byte, symbol.span.end_byte
    inside = [each for each in told if start <= each.span.start_byte < end]
    whole = weights(file, symbol)
    heavy = weights_without(file, symbol, inside) if inside else whole
    counted_elsewhere = whole.other_builds + whole.cost - heavy.cost
    cognitive = metrics.cognitive - counted_elsewhere
    return _Own(symbol, metrics.cyclomatic, cognitive, metrics.code_lines, heavy)


def _draft(file: FileView, own: _Own, limit: int, worst: int) -> Draft:
    symbol, heavy = own.symbol, own.heavy
    paths = f"{own.cyclomatic} independent paths, " if own.cyclomatic > limit else ""
    severity = 4 if worst > 3 * limit else None
    if hardly(own.cognitive, limit):
        severity = 2
    flat = heavy.nesting < LEAST_NESTED * own.cognitive
    return Draft(
        span=file.first_line(symbol),
        message=(
            f"`{symbol.name}` is complex: {paths}cognitive complexity {own.cognitive} "
            f"(limit {limit}){_most(heavy, own.code_lines)}; each path is a test to write "
            "and a place to err"
        ),
        symbol=symbol,
        key="complexity",
        severity=severity,
        effort_hours=round(max(1.0, own.cognitive / limit), 1),
        related=heavy.related(file.path),
        quiet=flat or not is_notable(own.cognitive, limit),
    )


def _most(heavy: Weights, lines_of_code: int) -> str:
    """Say which part adds most."""
    block = heavy.heaviest(lines_of_code)
    if block is None:
        return ""
    lines = f"line {block.line + 1}"
    if block.end_line > block.line:
        lines = f"lines {block.line + 1} to {block.end_line + 1}"
    return f", {block.cost} of it by the `{block.word}` in {lines}"


DETECTOR = FileDetector(
    id="high-complexity",
    category="complexity",
    severity=3,
    languages=ALL_LANGUAGES,
    summary="Functions with more paths than a reader can follow, by two measures.",
    why=(
        "Cyclomatic complexity (McCabe, 1976) counts the paths to test, cognitive complexity "
        "(Campbell, 2018) what makes them hard to follow. A function is reported when both are "
        "over the limit, or the second is over twice the limit; so a flat switch or a dispatch "
        "table is not."
    ),
    example=("for order in orders:\n    if order.open:\n        for line in order.lines: ..."),
    effort_hours=2.0,
    limits={"complexity": 15, "complexityC": 25},
    check=check,
    comments=False,
    in_tests=False,
    measures=True,
)
