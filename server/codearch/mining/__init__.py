"""Patterns of bugs, learned from the fixes in a repository's own history."""

from __future__ import annotations

from codearch.mining.fixes import Change, Fix, fixes_of, read_changes
from codearch.mining.learning import LEAST_FILES, LEAST_FIXES, Lessons
from codearch.mining.proposals import (
    LEARNED,
    MOST_FIXES,
    as_toml,
    faults,
    kept,
    lessons_of,
    proposals,
    write_learned,
)
from codearch.mining.weighing import LEAST_SHARE, standing, weighed

__all__ = [
    "LEARNED",
    "LEAST_FILES",
    "LEAST_FIXES",
    "LEAST_SHARE",
    "MOST_FIXES",
    "Change",
    "Fix",
    "Lessons",
    "as_toml",
    "faults",
    "fixes_of",
    "kept",
    "lessons_of",
    "proposals",
    "read_changes",
    "standing",
    "weighed",
    "write_learned",
]
