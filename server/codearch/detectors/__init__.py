"""Debt rules: one module each, found by itself."""

from __future__ import annotations

import functools
import hashlib
import sys
from pathlib import Path

from codearch import plugins
from codearch.detectors._accepted import (
    BaselineEntry,
    accepted,
    accepted_ids,
    known_again,
    read_baseline,
    still_there,
    write_baseline,
)
from codearch.detectors._alone import BeyondError, NothingElse, extracted_alone, run_alone
from codearch.detectors._before import Was, found_in, not_there_before
from codearch.detectors._copied import says_it_is_copied
from codearch.detectors._detector import (
    ALL_LANGUAGES,
    Draft,
    FileDetector,
    FileView,
    Project,
    ProjectDetector,
    ProjectView,
    Rule,
)
from codearch.detectors._doubts import Doubts, doubted, doubts
from codearch.detectors._fixes import applied, clash, together
from codearch.detectors._judged import (
    HIDING,
    Judgement,
    Judgements,
    Status,
    mark_of,
    read_judgements,
    write_judgement,
)
from codearch.detectors._newness import is_on_new_code, is_vendored, most_pressing, one_of_each
from codearch.detectors._page import page_of
from codearch.detectors._run import (
    Remembered,
    asked_for,
    run_file,
    run_project,
    runs,
    runs_somewhere,
    shown_in_editor,
    shown_in_tests,
)
from codearch.settings import KnownRules

__all__ = [
    "ALL_LANGUAGES",
    "HIDING",
    "BaselineEntry",
    "BeyondError",
    "Doubts",
    "Draft",
    "FileDetector",
    "FileView",
    "Judgement",
    "Judgements",
    "NothingElse",
    "Project",
    "ProjectDetector",
    "ProjectView",
    "Remembered",
    "Rule",
    "Status",
    "Was",
    "accepted",
    "accepted_ids",
    "all_rules",
    "applied",
    "asked_for",
    "clash",
    "doubted",
    "doubts",
    "extracted_alone",
    "file_detectors",
    "found_in",
    "is_on_new_code",
    "is_vendored",
    "known_again",
    "known_rules",
    "mark_of",
    "most_pressing",
    "not_there_before",
    "one_of_each",
    "page_of",
    "project_detectors",
    "read_baseline",
    "read_judgements",
    "rules_version",
    "run_alone",
    "run_file",
    "run_project",
    "runs",
    "runs_somewhere",
    "says_it_is_copied",
    "shown_in_editor",
    "shown_in_tests",
    "still_there",
    "together",
    "write_baseline",
    "write_judgement",
]


@functools.cache
def all_rules() -> dict[str, Rule]:
    """Return every rule by its id, in alphabetical order."""
    found = plugins.load(sys.modules[__name__], "DETECTOR", Rule)
    return {rule.id: rule for rule in sorted(found.values(), key=lambda rule: rule.id)}


@functools.cache
def known_rules() -> KnownRules:
    """Return what settings may name of rules."""
    rules = all_rules()
    whole = frozenset(each.id for each in rules.values() if isinstance(each, ProjectDetector))
    return KnownRules({rule.id: tuple(rule.limits) for rule in rules.values()}, whole)


def file_detectors() -> list[FileDetector]:
    """Return the rules that look at one file."""
    return [rule for rule in all_rules().values() if isinstance(rule, FileDetector)]


def project_detectors() -> list[ProjectDetector]:
    """Return the rules that look at the whole workspace."""
    return [rule for rule in all_rules().values() if isinstance(rule, ProjectDetector)]


@functools.cache
def rules_version() -> str:
    """Return a hash that changes with any rule: what another version found is looked for again."""
    sources = sorted(Path(__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
