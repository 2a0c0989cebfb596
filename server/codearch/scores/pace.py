"""How fast a repository's people change code: durations and sizes of its past changes.

The durations are estimated as git-hours does (K. Brunfeldt, 2014): two commits of an author no
more than two hours apart belong to one session, and the later one took the time between them.
"""

from __future__ import annotations

from math import exp, log
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SESSION_S = 2 * 3600
LEAST_S = 60  # closer ones were rebased, or committed in parts at the end
MOST_LINES = 400  # of one change: more was moved or generated
ENOUGH = 30  # so many changes move the pace half of the way
LEAST, MOST = 0.5, 2.0
# What such a change usually takes: the middle over the repositories named in docs/debt-scores.md.
USUAL_HOURS, USUAL_POWER = 0.10, 0.28  # of one line, and by which power of the lines it grows


class Commit(NamedTuple):
    """One commit of somebody, as far as its duration and size tell."""

    author: int
    time: int  # seconds since the epoch
    lines: int  # added and removed, 0 for one that tells nothing


def pace_of(commits: Iterable[Commit]) -> float:
    """Return how many times longer than usual a change of a size takes here, 1.0 if unknown.

    Commits come in any order. The median is drawn towards 1 where there are few changes.
    """
    ratios = [hours / usual_hours(commit.lines) for commit, hours in timed(commits)]
    if not ratios:
        return 1.0
    share = len(ratios) / (len(ratios) + ENOUGH)
    return min(max(exp(share * log(median(ratios))), LEAST), MOST)


def usual_hours(lines: int) -> float:
    """Return what a change of so many lines usually takes."""
    return USUAL_HOURS * float(lines**USUAL_POWER)


def timed(commits: Iterable[Commit]) -> Iterator[tuple[Commit, float]]:
    """Yield each change that followed another one of its author's session, with its hours."""
    last: dict[int, int] = {}
    for commit in sorted(commits, key=lambda each: each.time):
        before = last.get(commit.author)
        last[commit.author] = commit.time
        if before is None or not 0 < commit.lines <= MOST_LINES:
            continue
        gap = commit.time - before
        if LEAST_S <= gap <= SESSION_S:
            yield commit, gap / 3600
