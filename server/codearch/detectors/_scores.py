"""What a finding weighs: impact, and the order in which to mend findings."""

from __future__ import annotations

HOURS_A_DAY = 8.0
TEST_SHARE = 0.5  # debt in tests costs about half: nothing that ships depends on it


def impact_of(severity: int, *, test: bool) -> float:
    """Return the impact, 0 to 10, of a finding about which no more than its severity is known."""
    return round(2.0 * severity * (TEST_SHARE if test else 1.0), 2)


def priority_of(impact: float, confidence: float, effort_hours: float) -> float:
    """Return 0 to 100: what mending is worth over what it costs; a day's work halves it."""
    return round(10.0 * impact * confidence / (1.0 + effort_hours / HOURS_A_DAY), 1)
