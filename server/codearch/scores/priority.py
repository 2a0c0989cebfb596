"""What to mend first: 0 to 100."""

from __future__ import annotations

HOURS_A_DAY = 8.0
LEAST_RISK, MOST_RISK = 0.7, 1.3  # what a file's risk makes of a priority


def priority_of(impact: float, confidence: float, effort_hours: float) -> float:
    """Return 0 to 100: what mending is worth over what it costs; a day's work halves it."""
    return round(10.0 * impact * confidence / (1.0 + effort_hours / HOURS_A_DAY), 1)


def priority(impact: float, risk: float | None, confidence: float, effort_hours: float) -> float:
    """Return the same where it is known how likely the place is to be mended soon anyway."""
    factor = 1.0 if risk is None else LEAST_RISK + (MOST_RISK - LEAST_RISK) * risk
    return min(100.0, priority_of(impact * factor, confidence, effort_hours))
