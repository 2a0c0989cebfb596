"""How likely code is to be fixed soon, by the line: a log-linear model with fixed weights.

The weights were fitted on repositories that docs/debt-scores.md names, and measured on others
(docs/measurements.md). That recent fixes tell more than old ones is the decay of T. Graves,
A. Karr, J. Marron and H. Siy, "Predicting fault incidence using software change history" (2000).
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

YEAR_S = 365 * 24 * 3600
FIXES_YEAR, FIXES_TWO_YEARS = 0.6, 0.3  # of the logarithm of fixes whose weight halves in that time
LINES = -0.75  # the same fixes in a larger file make a line of it less likely
AUTHORS = -0.25  # fixes of many people are spread over the file
QUIET = -0.13  # since its last change
FUNCTION, COGNITIVE, NESTING = 0.45, 0.07, 0.14
MOST_NESTING = 8
MIDDLE = -4.8  # of the code that the weights were fitted on


class FilePast(NamedTuple):
    """What the history says of a file, and how large it is."""

    lines: int
    fixes_year: float  # commits that mend something; each weighs half as much a year later
    fixes_two_years: float  # the same, two years later
    authors: int
    quiet_years: float  # between its last commit and the newest of all


class FunctionShape(NamedTuple):
    """How complex one function of it is."""

    cognitive: int
    nesting: int


def decayed(times: Iterable[int], now: int, half_s: float) -> float:
    """Return how many events these are if one counts half as much each `half_s` seconds later."""
    return sum(exp(-log(2) * max(now - time, 0) / half_s) for time in times)


def rate_of(past: FilePast, function: FunctionShape | None = None) -> float:
    """Return the logarithm of how often a line of a file, or of a function in it, is fixed.

    It compares places; its zero means nothing.
    """
    score = (
        FIXES_YEAR * log(past.fixes_year + 0.1)
        + FIXES_TWO_YEARS * log(past.fixes_two_years + 0.2)
        + LINES * log(past.lines + 20)
        + AUTHORS * log(past.authors + 1)
        + QUIET * log(past.quiet_years + 0.1)
    )
    if function is not None:
        score += FUNCTION + COGNITIVE * log(function.cognitive + 1)
        score += NESTING * min(function.nesting, MOST_NESTING)
    return score


def risk_of(past: FilePast, function: FunctionShape | None = None) -> float:
    """Return the risk of a place, 0 to 1: 0.5 in the middle of the code that is known."""
    return 1.0 / (1.0 + exp(MIDDLE - rate_of(past, function)))
