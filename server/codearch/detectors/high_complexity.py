"""Functions with so many paths that nobody can follow or test them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._callables import hardly, holds_functions, is_notable, measured
from codearch.detectors._detector import ALL_LANGUAGES, Draft, FileDetector, FileView
from codearch.detectors._weights import weights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._weights import Weights

C_FAMILY = frozenset({"c", "cpp"})


def check(file: FileView) -> Iterator[Draft]:
    """Yield one finding for each function that both measures find complex, or one finds hopeless.

    A flat `switch` has many paths and reads like a table: cyclomatic complexity alone, which counts
    its cases, is not enough.
    """
    limit = int(file.limits["complexityC" if file.facts.language in C_FAMILY else "complexity"])
    for index, symbol, metrics in measured(file.facts):
        lower = min(metrics.cyclomatic, metrics.cognitive)
        # Cognitive complexity counts the functions inside, which answer for themselves.
        hopeless = metrics.cognitive > 2 * limit and not holds_functions(file.facts, index)
        if lower <= limit and not hopeless:
            continue
        worst = max(lower, metrics.cognitive // 2 if hopeless else 0)
        paths = f"{metrics.cyclomatic} independent paths, " if metrics.cyclomatic > limit else ""
        heavy = weights(file, symbol)
        severity = 4 if worst > 3 * limit else None
        if hardly(metrics.cognitive, limit):
            severity = 2
        yield Draft(
            span=file.first_line(symbol),
            message=(
                f"`{symbol.name}` is complex: {paths}cognitive complexity {metrics.cognitive} "
                f"(limit {limit}){_most(heavy, metrics.code_lines)}; each path is a test to write "
                "and a place to err"
            ),
            symbol=symbol,
            key="complexity",
            severity=severity,
            effort_hours=round(max(1.0, metrics.cognitive / limit), 1),
            related=heavy.related(file.path),
            quiet=not is_notable(metrics.cognitive, limit),
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
