"""What is known of the place that a finding is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One place of the code. What nobody knows is None, and then counts for nothing."""

    code_lines: int | None = None  # of the function
    cognitive: int | None = None  # complexity of the function
    callers: int | None = None  # different symbols that call it
    tested: bool | None = None  # a test reaches it; None where the workspace has no tests
    rank: float | None = None  # share of files that are of less importance by PageRank, 0 to 1
    coupled: int | None = None  # other files that change with its file more often than not
    recent: int | None = None  # commits to its file within the last year of the history
    left: float | None = None  # share of its file's commits by authors who have left, 0 to 1
    risk: float | None = None  # of its file, 0 to 1, see codearch.scores.risk
