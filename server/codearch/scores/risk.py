"""How likely code is to be fixed soon: its own past, size and complexity, by fixed weights."""

from __future__ import annotations

from math import exp, log1p
from typing import NamedTuple


class FilePast(NamedTuple):
    """What is known of a file's past and shape."""

    lines: int
    complexity: int  # cyclomatic, of all its functions
    fixes: int
    commits: int
    recent: int  # commits within the last year of the history
    authors: int


def risk_of(past: FilePast) -> float:
    """Return 0 to 1 for a file."""
    lines = max(past.lines, 1)
    score = (
        -2.0
        + 0.5 * log1p(past.fixes)
        + 0.5 * log1p(past.recent)
        + 0.1 * log1p(past.authors)
        + 0.3 * log1p(lines / 100)
        + 1.0 * min(past.complexity / lines, 0.5)
    )
    return 1.0 / (1.0 + exp(-score))
