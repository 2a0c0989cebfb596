"""How long mending takes, in hours: the rule's own estimate, scaled by what the place shows."""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codearch.facts import Finding
    from codearch.scores.place import Place

LEAST_HOURS, MOST_HOURS = 0.02, 200.0
# Rules of these estimate by size themselves: the excess of a function, the lines of a clone.
SIZED = frozenset({"complexity", "size", "duplication", "dependencies"})
# Mending these changes nothing that runs, so that no test is missed.
INERT = frozenset({"dead-code", "documentation", "licence", "tests"})
# Mending these changes what callers have to say.
SIGNATURES = frozenset({"many-parameters"})

USUAL_LINES = 20  # of code in a function that costs what the rule says
USUAL_COGNITIVE = 5
SIZE_SHARE = 0.1  # for each doubling beyond the usual
MOST_SIZE = 1.5
COMPLEXITY_SHARE = 0.15
MOST_COMPLEXITY = 2.0
SPREAD_SHARE = 0.1  # for each doubling of the files that change with it
MOST_SPREAD = 2.0
CALLER_HOURS = 0.05
MOST_CALLERS = 200
TESTED, UNTESTED = 0.9, 1.2


def effort_hours(finding: Finding, place: Place, pace: float = 1.0) -> float:
    """Return the hours that mending a finding takes; `pace` is the repository's own (`pace_of`)."""
    hours = finding.effort_hours
    if finding.category not in SIZED:
        hours *= _beyond(place.code_lines, USUAL_LINES, SIZE_SHARE, MOST_SIZE)
        hours *= _beyond(place.cognitive, USUAL_COGNITIVE, COMPLEXITY_SHARE, MOST_COMPLEXITY)
        hours *= _beyond(1 + _elsewhere(finding), 1, SPREAD_SHARE, MOST_SPREAD)
    if finding.category not in INERT:
        hours *= _beyond(1 + (place.coupled or 0), 1, SPREAD_SHARE, MOST_SPREAD)
        if place.tested is not None:
            hours *= TESTED if place.tested else UNTESTED
    if finding.rule in SIGNATURES:
        hours += CALLER_HOURS * min(place.callers or 0, MOST_CALLERS)
    return round(min(max(hours * pace, LEAST_HOURS), MOST_HOURS), 2)


def _beyond(value: int | None, usual: int, share: float, most: float) -> float:
    """Return the factor for what is beyond the usual, by its doublings."""
    if value is None or value <= usual:
        return 1.0
    return min(most, 1.0 + share * log2(value / usual))


def _elsewhere(finding: Finding) -> int:
    """Return how many other files belong to a finding."""
    return len({each.path for each in finding.related} - {finding.path})
