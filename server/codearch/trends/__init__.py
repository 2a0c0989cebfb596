"""How debt went: old revisions are read from git's objects, and judged by the rules of today.

What was found in an old file is kept under the hash of its content, so that a revision costs the
files that changed in it. What needs the workspace around a file is not known of then.
"""

from __future__ import annotations

from codearch.trends.changes import Change, changes_between, files_of
from codearch.trends.commits import Sample, Stretch, samples
from codearch.trends.matching import Version, matched
from codearch.trends.records import OldFile, OldFinding, OldSymbol, key_of, packed, unpacked
from codearch.trends.stories import Story, Value
from codearch.trends.study import Studied, rules_at_all_times, study
from codearch.trends.walking import Point, Totals, Walk

__all__ = [
    "Change",
    "OldFile",
    "OldFinding",
    "OldSymbol",
    "Point",
    "Sample",
    "Story",
    "Stretch",
    "Studied",
    "Totals",
    "Value",
    "Version",
    "Walk",
    "changes_between",
    "files_of",
    "key_of",
    "matched",
    "packed",
    "rules_at_all_times",
    "samples",
    "study",
    "unpacked",
]
