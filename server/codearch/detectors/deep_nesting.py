"""Code inside five and more blocks: each level is one more condition to keep in mind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._callables import hardly, measured
from codearch.detectors._detector import ALL_LANGUAGES, Draft, FileDetector, FileView
from codearch.detectors._weights import weights
from codearch.facts import Related

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(file: FileView) -> Iterator[Draft]:
    """Yield one finding for each function that nests control flow deeper than the limit."""
    limit = int(file.limits["levels"])
    for _, symbol, metrics in measured(file.facts):
        if metrics.nesting <= limit:
            continue
        deepest = weights(file, symbol).deepest(metrics.nesting)
        severity = 3 if metrics.nesting > limit + 2 else None
        if hardly(metrics.nesting, limit):
            severity = 1
        place = f", deepest at the `{deepest.word}` in line {deepest.line + 1}" if deepest else ""
        yield Draft(
            span=file.first_line(symbol),
            message=(
                f"`{symbol.name}` nests control flow {metrics.nesting} levels deep (limit "
                f"{limit}){place}: leaving early, or a function for the inner part, makes it flat"
            ),
            symbol=symbol,
            key="nesting",
            severity=severity,
            effort_hours=0.5 * (metrics.nesting - limit),
            related=(
                (Related(file.path, deepest.line, deepest.end_line, "lies deepest"),)
                if deepest
                else ()
            ),
        )


DETECTOR = FileDetector(
    id="deep-nesting",
    category="complexity",
    severity=2,
    languages=ALL_LANGUAGES,
    summary="Functions whose loops, conditions and try blocks lie inside each other too deeply.",
    why=(
        "At the innermost line all the conditions around it have to be kept in mind. An `else if` "
        "ladder is one level, however long."
    ),
    example=(
        "for a in b:\n    if a:\n        while c:\n            if d:\n                with e: ..."
    ),
    effort_hours=0.5,
    limits={"levels": 4},
    check=check,
    comments=False,
    in_tests=False,
    quiet="depth alone is seldom worth a change; what is hard to follow `high-complexity` tells",
    measures=True,
)
