"""Functions longer than a screen or two are hard to hold in the head."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._callables import (
    code_lines_of_its_own,
    hardly,
    is_a_list,
    measured,
    repeats_one_call,
)
from codearch.detectors._detector import ALL_LANGUAGES, Draft, FileDetector, FileView

if TYPE_CHECKING:
    from collections.abc import Iterator

TEST_CYCLOMATIC = 10  # a long test that branches less is data and checks, one after the other


def check(file: FileView) -> Iterator[Draft]:
    """Yield one finding for each function with more lines of code than the limit."""
    limit = int(file.limits["lines"])
    for index, symbol, metrics in measured(file.facts):
        if metrics.code_lines <= limit:
            continue
        lines = code_lines_of_its_own(file.facts, index)
        if lines <= limit or is_a_list(file, symbol) or repeats_one_call(file.facts, index):
            continue
        if (symbol.test or file.test) and metrics.cyclomatic <= TEST_CYCLOMATIC:
            continue
        severity = 3 if lines > 3 * limit else None
        if hardly(lines, limit):
            severity = 1
        yield Draft(
            span=file.first_line(symbol),
            message=(
                f"`{symbol.name}` has {lines} lines of code, more than {limit}: too long to see at "
                "once; parts that have a purpose of their own can become functions"
            ),
            symbol=symbol,
            key="length",
            severity=severity,
            effort_hours=round(lines / limit, 1),
        )


DETECTOR = FileDetector(
    id="long-function",
    category="size",
    severity=2,
    languages=ALL_LANGUAGES,
    summary="Functions with more lines of code than fit on a screen or two.",
    why=(
        "What does not fit on a screen has to be remembered while it is read, and is seldom tested "
        "in parts. Comments and blank lines do not count, nor do functions defined inside. "
        "Tables of data, tests that are lists of steps, and functions that repeat one call "
        "(options, routes) are left alone."
    ),
    example="def import_orders(path):  # 130 lines that read, check, convert and store",
    effort_hours=1.0,
    limits={"lines": 80},
    check=check,
    comments=False,
    in_tests=False,
    quiet="length alone is seldom worth a change; what is hard to follow `high-complexity` tells",
    measures=True,
)
