"""What a finding weighs: effort, impact, risk and priority, of values that somebody else reads.

The models stand in docs/debt-scores.md. Nothing of this is stored with a finding: it rests on the
graph and on history, which change without the finding's file.
"""

from __future__ import annotations

from codearch.scores.effort import effort_hours
from codearch.scores.impact import impact, impact_of, left_by, weight_of
from codearch.scores.pace import Commit, pace_of
from codearch.scores.place import Place
from codearch.scores.priority import priority, priority_of
from codearch.scores.risk import FilePast, FunctionShape, decayed, rate_of, risk_of
from codearch.scores.scoring import scored

__all__ = [
    "Commit",
    "FilePast",
    "FunctionShape",
    "Place",
    "decayed",
    "effort_hours",
    "impact",
    "impact_of",
    "left_by",
    "pace_of",
    "priority",
    "priority_of",
    "rate_of",
    "risk_of",
    "scored",
    "weight_of",
]
