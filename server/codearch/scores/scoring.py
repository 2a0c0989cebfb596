"""A finding with the scores of its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from codearch.scores.effort import effort_hours
from codearch.scores.impact import impact
from codearch.scores.priority import priority

if TYPE_CHECKING:
    from codearch.facts import Finding
    from codearch.scores.place import Place


def scored(finding: Finding, place: Place, pace: float = 1.0) -> Finding:
    """Return a finding whose rule said no more than its own, with the scores of its place."""
    hours = effort_hours(finding, place, pace)
    weight = impact(finding.impact, place)
    first = priority(weight, place.risk, finding.confidence, hours)
    return replace(finding, effort_hours=hours, impact=weight, priority=first)
