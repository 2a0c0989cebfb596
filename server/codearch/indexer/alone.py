"""Rules in worker processes: what they find in a new content without looking at anything else."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from codearch.detectors import (
    FileView,
    NothingElse,
    extracted_alone,
    file_detectors,
    project_detectors,
    run_alone,
    runs,
)
from codearch.facts import File
from codearch.index.found import FoundAlone, pack
from codearch.index.shape import code_of
from codearch.secrets import hidden
from codearch.store.schema import rule_number
from codearch.text import as_utf8

if TYPE_CHECKING:
    from codearch.index.prepare import Prepared
    from codearch.indexer.workers import Wanted
    from codearch.parse import LastTree


def found_alone(wanted: Wanted, data: bytes, prepared: Prepared, last: LastTree) -> FoundAlone:
    """Return what rules find in a file's content, whose tree is at hand."""
    facts = prepared.facts
    own = File(
        0,
        wanted.path,
        facts.language,
        hashlib.sha256(data).hexdigest(),
        len(data),
        facts.lines,
        len(facts.errors),
        facts.generated,
        wanted.test,
    )
    view = FileView(
        wanted.path,
        facts,
        hidden(as_utf8(data), facts.secrets),
        test=wanted.test,
        generated=facts.generated,
        project=NothingElse(
            own,
            wanted.empty,
            code=code_of(prepared.shape),
            history_told=wanted.history_told,
        ),
        last=last,
    )
    running = [rule for rule in file_detectors() if runs(rule, wanted.rules)]
    found, beyond = run_alone(running, view, wanted.rules)
    rows = [(one.id, one.path, one.rule, one.severity, pack(one)) for one in found]
    keeping = [rule for rule in project_detectors() if rule.id in wanted.keeping]
    made, others = extracted_alone(keeping, view)
    beyond += others + wanted.crowded
    extracts = [(rule_number(rule), data) for rule, data in made]
    return FoundAlone(wanted.path, prepared.key, rows, beyond, extracts)
