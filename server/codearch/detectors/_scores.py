"""What a finding weighs by its rule alone: its place is added when it is read."""

from __future__ import annotations

from codearch.scores import impact_of, priority_of

__all__ = ["impact_of", "priority_of"]
